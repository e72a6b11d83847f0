import { describe, expect, it } from 'vitest'
import { conntrack } from '../../../src/commands/conntrack/conntrack.ts'
import { MASQUERADE } from '../../../src/sim/kernel/netfilter/rules.ts'
import { ip } from '../../sim/kernel/lab.ts'
import { answer, append, createRouter, echo, forward, tcp } from '../../sim/kernel/netfilter/bench.ts'
import { runCommand } from '../iptables/context.ts'

const C1 = ip('172.17.0.2')
const SERVER = ip('203.0.113.10')

function bench() {
  const router = createRouter()
  append(router, 'nat', 'POSTROUTING', { source: '172.17.0.0/16', target: MASQUERADE })
  const kernel = router.sim.kernels.get('host1')!
  const sim = router.sim as Parameters<typeof runCommand>[0]['sim']
  const run = (line: string) => runCommand({ netns: router.netns, kernel, sim }, conntrack, line.split(' '))
  const request = forward(router, echo(C1, 7, SERVER), 'inside')!.packet
  forward(router, answer(request), 'outside')
  const syn = forward(router, tcp(C1, 40000, SERVER, 80, { syn: true }), 'inside')!.packet
  forward(router, answer(syn), 'outside')
  forward(router, tcp(C1, 40000, SERVER, 80, { ack: true }), 'inside')
  forward(router, tcp(C1, 40001, SERVER, 81, { syn: true }), 'inside')
  router.sim.nowUs += 1000
  return { router, run }
}

const ICMP =
  'icmp     1 29 src=172.17.0.2 dst=203.0.113.10 type=8 code=0 id=7 src=203.0.113.10 dst=192.168.178.100 type=0 code=0 id=7 mark=0 use=1\n'
const WEB =
  'tcp      6 431999 ESTABLISHED src=172.17.0.2 dst=203.0.113.10 sport=40000 dport=80 src=203.0.113.10 dst=192.168.178.100 sport=80 dport=40000 [ASSURED] mark=0 use=1\n'
const UNREPLIED =
  'tcp      6 119 SYN_SENT src=172.17.0.2 dst=203.0.113.10 sport=40001 dport=81 [UNREPLIED] src=203.0.113.10 dst=192.168.178.100 sport=81 dport=40001 mark=0 use=1\n'
const summary = (count: number, done: string) =>
  `conntrack v1.4.7 (conntrack-tools): ${count} flow entries have been ${done}.\n`

describe('conntrack', () => {
  it('-L lists flows from both ends', async () => {
    const { run } = bench()
    expect(await run('conntrack -L')).toEqual({
      out: ICMP + WEB + UNREPLIED,
      err: summary(3, 'shown'),
      status: 0,
    })
  })

  it.each([
    ['conntrack -L -p icmp', ICMP],
    ['conntrack -L -p tcp --dport 80', WEB],
    ['conntrack -L -p tcp --state SYN_SENT', UNREPLIED],
    ['conntrack -L -s 172.17.0.0/16 -u ASSURED', WEB],
    ['conntrack -L -q 192.168.178.100 -p icmp', ICMP],
    ['conntrack -L --src-nat 192.168.178.100 -p tcp --sport 40001', UNREPLIED],
    ['conntrack -L -d 10.0.0.1', ''],
    ['conntrack -L -f ipv6', ''],
  ])('%s', async (line, out) => {
    expect((await bench().run(line)).out).toBe(out)
  })

  it('-D deletes what is chosen, and fails if that is nothing', async () => {
    const { run } = bench()
    expect(await run('conntrack -D -p tcp --dport 80')).toEqual({
      out: WEB,
      err: summary(1, 'deleted'),
      status: 0,
    })
    expect(await run('conntrack -D -p tcp --dport 80')).toMatchObject({ status: 1 })
    expect((await run('conntrack -C')).out).toBe('2\n')
    await run('conntrack -F')
    expect((await run('conntrack -C')).out).toBe('0\n')
  })

  it.each([
    ['conntrack -L -p foo', "`foo' unsupported protocol"],
    ['conntrack -L --dport 53', "unknown option `--dport'"],
    ['conntrack -L -s foo', "Invalid IP address `foo'"],
    ['conntrack -L foo', "unknown type `foo'"],
    ['conntrack -L -D', 'Invalid commands combination'],
    ['conntrack -L -p tcp --state FOO', "unknown TCP state `FOO'"],
    ['conntrack -L -p', "option `-p' requires an argument"],
  ])('%s is refused', async (line, message) => {
    const hint = "Try `conntrack -h' or 'conntrack --help' for more information."
    expect(await bench().run(line)).toEqual({
      out: '',
      err: `conntrack v1.4.7 (conntrack-tools): ${message}\n${hint}\n`,
      status: 2,
    })
  })
})
