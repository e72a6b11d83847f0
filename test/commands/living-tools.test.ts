// Tools that live on for a while: what they print over three hosts in a row, as the real ones did over namespaces.
import { expect, test } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'

const THREE = [
  'ip netns add c; ip netns add r; ip netns add s',
  'ip link add c0 netns c type veth peer name r0 netns r; ip link add r1 netns r type veth peer name s0 netns s',
  'ip -n c addr add 10.1.0.2/24 dev c0; ip -n c link set c0 up; ip -n r addr add 10.1.0.1/24 dev r0; ip -n r link set r0 up',
  'ip -n r addr add 10.2.0.1/24 dev r1; ip -n r link set r1 up mtu 1400; ip -n s addr add 10.2.0.2/24 dev s0; ip -n s link set s0 up mtu 1400',
  'ip -n c route add default via 10.1.0.1; ip -n s route add default via 10.2.0.1; ip netns exec r sysctl -qw net.ipv4.ip_forward=1; sleep 2',
]

async function run(
  lines: readonly string[],
  last: string,
  world: 'linux' | 'lab' = 'linux',
): Promise<string> {
  const session = openSession(createWorld(world, { engine: '20.10', seed: 1 }, services))
  await session.waitForPrompt()
  for (const line of lines) await session.run(line)
  let text = ''
  session.onOutput((part) => {
    text += part
  })
  await session.run(last)
  const plain = text.replaceAll('\r', '')
  return plain.slice(plain.indexOf('\n') + 1, plain.lastIndexOf('\n') + 1)
}

const withoutTimes = (text: string): string => text.replace(/ +\d+\.\d{3}ms/g, ' TIME')

test('tracepath finds the narrow link, and remembers it', async () => {
  const text = await run(
    THREE,
    'ip netns exec c tracepath -n 10.2.0.2; ip netns exec c tracepath -n 10.2.0.2',
  )
  expect(withoutTimes(text)).toBe(
    ` 1?: [LOCALHOST]                      pmtu 1500
 1:  10.1.0.1 TIME 
 1:  10.1.0.1 TIME 
 2:  10.1.0.1 TIME pmtu 1400
 2:  10.2.0.2 TIME reached
     Resume: pmtu 1400 hops 2 back 2 
 1?: [LOCALHOST]                      pmtu 1400
 1:  10.1.0.1 TIME 
 1:  10.1.0.1 TIME 
 2:  10.2.0.2 TIME reached
     Resume: pmtu 1400 hops 2 back 2 
`,
  )
})

test('mtr reports each hop', async () => {
  const text = await run(THREE, 'ip netns exec c mtr -n -r -c 2 10.2.0.2')
  const rest = text.replace(/^Start: .*\n/, '').replaceAll(/ \d\.\d(?= |\n)/g, ' N.N')
  expect(rest).toBe(
    `HOST: host1                       Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- 10.1.0.1                   0.0%     2    N.N   N.N   N.N   N.N   N.N
  2.|-- 10.2.0.2                   0.0%     2    N.N   N.N   N.N   N.N   N.N
`,
  )
})

test('iperf3 tells what was sent and, less what is on its way, what has come', async () => {
  const lines = [...THREE, 'ip netns exec s iperf3 -s -1 > /tmp/server & sleep 0.5']
  const text = await run(lines, 'ip netns exec c iperf3 -c 10.2.0.2 -n 2M; cat /tmp/server')
  expect(text).toMatch(/\[ {2}5\] {3}0\.00-\d\.\d\d {3}sec {2}2\.00 MBytes .* sender\n/)
  expect(text).toMatch(
    /\[ {2}5\] {3}0\.00-\d\.\d\d {3}sec {2}(1\.9\d|2\.00) MBytes .* receiver\n\niperf Done\.\n/,
  )
  expect(text).toContain('Server listening on 5201 (test #1)\n')
  expect(text).toContain('Accepted connection from 10.1.0.2, port ')
})

test('without a server iperf3 is refused', async () => {
  expect(await run(THREE, 'ip netns exec c iperf3 -c 10.2.0.2')).toBe(
    'iperf3: error - unable to connect to server: Connection refused\n',
  )
})

test('what the recorded lab lacks is no command there', async () => {
  expect(await run([], 'mtr; tracepath; iperf3', 'lab')).toBe(
    ['mtr', 'tracepath', 'iperf3'].map((name) => `bash: ${name}: command not found\n`).join(''),
  )
})

test('ip monitor tells of devices, addresses and routes in the order of the kernel', async () => {
  const lines = [
    'ip netns add a; ip netns add b',
    'ip netns exec a ip monitor label > /tmp/seen & sleep 0.1',
    'ip -n a link add v0 type veth peer name v1; ip -n a link set v1 netns b; ip -n b link set v1 up',
    'ip -n a addr add 10.9.0.1/24 dev v0; ip -n a link set v0 up; ip -n a route add 10.8.0.0/16 via 10.9.0.2',
    'ip -n a link set v0 down; ip -n a link del v0',
  ]
  const text = await run(lines, "cat /tmp/seen | grep '^\\[' | grep -v 'NETCONF\\|::\\|inet6'")
  expect(text).toBe(`[LINK]2: v1@NONE: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default 
[LINK]3: v0@v1: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN group default 
[NSID]nsid 0 (iproute2 netns name: b)
[LINK]Deleted 2: v1@v0: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN group default 
[ADDR]3: v0    inet 10.9.0.1/24 scope global v0
[ROUTE]local 10.9.0.1 dev v0 table local proto kernel scope host src 10.9.0.1 
[LINK]3: v0@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state DOWN group default 
[ROUTE]10.9.0.0/24 dev v0 proto kernel scope link src 10.9.0.1 
[ROUTE]broadcast 10.9.0.255 dev v0 table local proto kernel scope link src 10.9.0.1 
[LINK]3: v0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default 
[ROUTE]10.8.0.0/16 via 10.9.0.2 dev v0 
[LINK]3: v0@if2: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default 
[ADDR]Deleted 3: v0    inet 10.9.0.1/24 scope global v0
[ROUTE]Deleted local 10.9.0.1 dev v0 table local proto kernel scope host src 10.9.0.1 
[LINK]Deleted 3: v0@NONE: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default 
`)
})
