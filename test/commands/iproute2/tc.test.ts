// tc qdisc: what is said is what tc 6.1 says; delay, loss and rate have their effect on packets.
import { expect, test } from 'vitest'
import { services } from '../../../src/session/services.ts'
import { openSession } from '../../../src/session/session.ts'
import { createWorld } from '../../../src/sim/world/create.ts'

const PAIR =
  'ip netns add a; ip link add v0 type veth peer name v1 netns a; ip addr add 10.9.0.1/24 dev v0; ip link set v0 up; ip -n a addr add 10.9.0.2/24 dev v1; ip -n a link set v1 up; sleep 2; ping -c 1 10.9.0.2'

async function run(world: 'linux' | 'lab', ...lines: string[]): Promise<string> {
  const session = openSession(createWorld(world, { engine: '20.10', seed: 1 }, services))
  await session.waitForPrompt()
  await session.run(PAIR)
  for (const line of lines.slice(0, -1)) await session.run(line)
  let text = ''
  session.onOutput((part) => {
    text += part
  })
  await session.run(lines.at(-1) ?? '')
  const plain = text.replaceAll('\r', '')
  return plain.slice(plain.indexOf('\n') + 1, plain.lastIndexOf('\n') + 1)
}

test('netem holds packets up', async () => {
  const text = await run(
    'linux',
    'tc qdisc add dev v0 root netem delay 100ms',
    'ping -c 1 10.9.0.2 | grep time=; tc -s qdisc show dev v0; ip link show v0 | grep -o qdisc.netem; tc qdisc del dev v0 root; ip link show v0 | grep -o qdisc.noqueue',
  )
  expect(text).toBe(`64 bytes from 10.9.0.2: icmp_seq=1 ttl=64 time=100 ms
qdisc netem 8001: root refcnt 2 limit 1000 delay 100ms
 Sent 98 bytes 1 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
qdisc netem
qdisc noqueue
`)
})

test('netem loses all, or half by chance; the counter says so', async () => {
  const all = await run(
    'linux',
    'tc qdisc add dev v0 root netem loss 100%',
    'ping -c 3 -W 1 -q 10.9.0.2 | grep loss',
  )
  expect(all).toContain('3 packets transmitted, 0 received, 100% packet loss')
  const half = await run(
    'linux',
    'tc qdisc add dev v0 root netem loss 50%',
    'ping -c 200 -i 0.01 -W 1 -q 10.9.0.2 | grep -o "[0-9]* received"; tc -s qdisc show dev v0 | grep -o "dropped [0-9]*"',
  )
  const [received = 0, dropped = 0] = [...half.matchAll(/\d+/g)].map(([number]) => Number(number))
  expect(received).toBeGreaterThan(60)
  expect(received).toBeLessThan(140)
  expect(dropped).toBeGreaterThanOrEqual(200 - received)
})

test('tbf lets through what its rate allows', async () => {
  const text = await run(
    'lab',
    'tc qdisc add dev v0 root tbf rate 80kbit burst 2kb latency 400ms',
    'tc qdisc show dev v0; ping -c 20 -i 0.01 -s 1000 -q 10.9.0.2 | grep -o "[0-9]* received"',
  )
  expect(text).toMatch(/^qdisc tbf 8001: root refcnt 3 rate 80Kbit burst 2Kb lat 400ms \n[3-9] received\n$/)
})

test('refusals', async () => {
  expect(await run('lab', 'tc qdisc add dev v0 root netem delay 1ms; echo $?')).toBe(
    'Error: Specified qdisc kind is unknown.\n2\n',
  )
  expect(await run('linux', 'tc qdisc del dev v0 root; tc qdisc change dev v0 root netem loss 1%')).toBe(
    'Error: Cannot delete qdisc with handle of zero.\nError: Qdisc not found. To create specify NLM_F_CREATE flag.\n',
  )
  expect(
    await run('linux', 'tc qdisc add dev v0 root netem delay abc; tc qdisc add dev no root netem; tc foo'),
  ).toBe('Illegal "latency"\nCannot find device "no"\nObject "foo" is unknown, try "tc help".\n')
  expect(
    await run('linux', 'tc qdisc add dev v0 root netem loss 1% delay 1.5s 20ms 25%; tc qdisc show dev v0'),
  ).toBe('qdisc netem 8001: root refcnt 2 limit 1000 delay 1.5s  20ms 25% loss 1%\n')
})
