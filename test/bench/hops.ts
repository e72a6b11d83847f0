/**
 * How many hops a second the packet path makes. A hop: a device receives a frame. The way there and back:
 * container ─ veth ─ bridge ─ 30 rules and MASQUERADE ─ card ─ cable ─ other host, which answers.
 */
import { sendIpv4 } from '../../src/sim/kernel/ip/output.ts'
import type { NetNamespace } from '../../src/sim/kernel/net-namespace.ts'
import {
  jump,
  localMatch,
  MASQUERADE,
  portMatch,
  rule,
  stateMatch,
} from '../../src/sim/kernel/netfilter/rules.ts'
import { appendRule, newChain } from '../../src/sim/kernel/netfilter/tables.ts'
import type { Simulation } from '../../src/sim/kernel/simulation.ts'
import { writeSysctl } from '../../src/sim/kernel/sysctl/sysctl.ts'
import { createTrace } from '../../src/sim/kernel/trace.ts'
import * as lab from '../sim/kernel/lab.ts'

const PUBLISHED = 12
const BATCH = 200

/** As Docker 20.10 has them with some ports published. */
function addRules(netns: NetNamespace): void {
  const accept = { kind: 'ACCEPT' } as const
  const back = { kind: 'RETURN' } as const
  const filter = (chain: string, spec: Parameters<typeof rule>[0]) =>
    lab.must(appendRule(netns, { table: 'filter', chain }, rule(spec)))
  const nat = (chain: string, spec: Parameters<typeof rule>[0]) =>
    lab.must(appendRule(netns, { table: 'nat', chain }, rule(spec)))
  for (const chain of ['DOCKER', 'DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2', 'DOCKER-USER']) {
    lab.must(newChain(netns, { table: 'filter', chain }))
  }
  lab.must(newChain(netns, { table: 'nat', chain: 'DOCKER' }))
  filter('FORWARD', { target: jump('DOCKER-USER') })
  filter('FORWARD', { target: jump('DOCKER-ISOLATION-STAGE-1') })
  filter('FORWARD', {
    outputInterface: 'docker0',
    matches: [stateMatch('RELATED', 'ESTABLISHED')],
    target: accept,
  })
  filter('FORWARD', { outputInterface: 'docker0', target: jump('DOCKER') })
  filter('FORWARD', { inputInterface: 'docker0', outputInterface: '!docker0', target: accept })
  filter('FORWARD', { inputInterface: 'docker0', outputInterface: 'docker0', target: accept })
  filter('DOCKER-ISOLATION-STAGE-1', {
    inputInterface: 'docker0',
    outputInterface: '!docker0',
    target: jump('DOCKER-ISOLATION-STAGE-2'),
  })
  filter('DOCKER-ISOLATION-STAGE-2', { outputInterface: 'docker0', target: { kind: 'DROP' } })
  filter('DOCKER-ISOLATION-STAGE-2', { target: back })
  filter('DOCKER-USER', { target: back })
  nat('PREROUTING', { matches: [localMatch('destination')], target: jump('DOCKER') })
  nat('OUTPUT', {
    destination: '!127.0.0.0/8',
    matches: [localMatch('destination')],
    target: jump('DOCKER'),
  })
  nat('POSTROUTING', { source: '172.17.0.0/16', outputInterface: '!docker0', target: MASQUERADE })
  nat('DOCKER', { inputInterface: 'docker0', target: back })
  for (let i = 0; i < PUBLISHED; i++) {
    filter('DOCKER', {
      destination: `172.17.0.${2 + i}`,
      protocol: 'tcp',
      inputInterface: '!docker0',
      outputInterface: 'docker0',
      matches: [portMatch('tcp', { destination: 80 })],
      target: accept,
    })
  }
}

function build(trace: boolean): { sim: Simulation; container: NetNamespace } {
  const sim = lab.createLab(1, false)
  const { kernel, netns: host } = lab.addHost(sim, 'host1')
  const other = lab.addHost(sim, 'client').netns
  lab.cable(sim, [host, '192.168.178.100/24'], [other, '192.168.178.50/24'])
  writeSysctl(sim, host, 'net.ipv4.ip_forward', '1')
  const bridge = lab.addBridge(sim, host, 'docker0', '172.17.0.1/16')
  const container = lab.addContainer(sim, kernel, host, bridge, '172.17.0.2/16', '172.17.0.1')
  addRules(host)
  lab.run(sim, 5e6)
  if (trace) sim.trace = createTrace(20_000)
  return { sim, container }
}

function received(sim: Simulation): number {
  let count = 0
  for (const kernel of sim.kernels.values()) {
    for (const netns of kernel.namespaces.values()) {
      for (const link of netns.links.values()) count += link.statistics.rxPackets
    }
  }
  return count
}

export function measureHops(trace: boolean, seconds = 1): { hopsPerSecond: number; answered: number } {
  const { sim, container } = build(trace)
  const to = lab.ip('192.168.178.50')
  const eth0 = lab.link(container, 'eth0')
  const round = () => {
    for (let i = 0; i < BATCH; i++) sendIpv4(sim, container, lab.echoRequest(to, i))
    lab.run(sim, 10_000)
  }
  for (let i = 0; i < 20; i++) round()
  const before = received(sim)
  const answers = eth0.statistics.rxPackets
  const start = performance.now()
  let rounds = 0
  while (performance.now() - start < seconds * 1000) {
    round()
    rounds++
  }
  const elapsed = (performance.now() - start) / 1000
  return {
    hopsPerSecond: Math.round((received(sim) - before) / elapsed),
    answered: (eth0.statistics.rxPackets - answers) / (rounds * BATCH),
  }
}

if (process.argv[2] === '--print') {
  for (const trace of [false, true]) console.log({ trace, ...measureHops(trace, 3) })
}
