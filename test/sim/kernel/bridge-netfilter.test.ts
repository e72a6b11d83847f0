/** Bridged packets in front of iptables, NAT on the way, hairpins. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Link } from '../../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { MASQUERADE, natTo, rule, stateMatch } from '../../../src/sim/kernel/netfilter/rules.ts'
import { appendRule, ensureChain, findChain, setPolicy } from '../../../src/sim/kernel/netfilter/tables.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import { writeSysctl } from '../../../src/sim/kernel/sysctl/sysctl.ts'
import * as lab from './lab.ts'

let sim: Simulation
let host: NetNamespace
let lan: NetNamespace
let bridge: Link
let c1: NetNamespace
let c2: NetNamespace

beforeEach(() => {
  sim = lab.createLab()
  const { kernel, netns } = lab.addHost(sim, 'host1')
  host = netns
  lan = lab.addHost(sim, 'client').netns
  lab.cable(sim, [host, '192.168.178.100/24'], [lan, '192.168.178.50/24'])
  bridge = lab.addBridge(sim, host, 'docker0', '172.17.0.1/16')
  c1 = lab.addContainer(sim, kernel, host, bridge, '172.17.0.2/16', '172.17.0.1')
  c2 = lab.addContainer(sim, kernel, host, bridge, '172.17.0.3/16', '172.17.0.1')
  writeSysctl(sim, host, 'net.ipv4.ip_forward', '1')
  lab.run(sim, 3e6)
})

const filter = (chain: string, spec: Parameters<typeof rule>[0]) =>
  lab.must(appendRule(host, { table: 'filter', chain }, rule(spec)))
const nat = (chain: string, spec: Parameters<typeof rule>[0]) =>
  lab.must(appendRule(host, { table: 'nat', chain }, rule(spec)))
const DROP = { kind: 'DROP' } as const
const ACCEPT = { kind: 'ACCEPT' } as const

describe('bridge-nf-call-iptables', () => {
  it('shows bridged packets to FORWARD, coming and going by the bridge', () => {
    filter('FORWARD', { inputInterface: 'docker0', outputInterface: 'docker0', target: DROP })
    expect(lab.ping(sim, c1, '172.17.0.3').replies).toEqual([])
    expect(findChain(host, { table: 'filter', chain: 'FORWARD' })?.rules[0]?.counter.packets).toBe(1)
    expect(lab.drops(sim)).toContain('NETFILTER_DROP')
  })

  it('lets ARP pass whatever the policy is', () => {
    ensureChain(host, { table: 'filter', chain: 'FORWARD' })
    setPolicy(host, { table: 'filter', chain: 'FORWARD' }, 'DROP')
    lab.ping(sim, c1, '172.17.0.3')
    expect([...c1.neighbors.values()].map(({ state }) => state)).toContain('REACHABLE')
  })

  it('shows nothing when it is off', () => {
    filter('FORWARD', { target: DROP })
    writeSysctl(sim, host, 'net.bridge.bridge-nf-call-iptables', '0')
    expect(lab.ping(sim, c1, '172.17.0.3').replies).toHaveLength(1)
  })

  it('asks PREROUTING once for a packet that goes up to the host', () => {
    lab.must(appendRule(host, { table: 'raw', chain: 'PREROUTING' }, rule({ target: ACCEPT })))
    filter('INPUT', { inputInterface: 'docker0', target: ACCEPT })
    lab.ping(sim, c1, '172.17.0.1')
    expect(findChain(host, { table: 'raw', chain: 'PREROUTING' })?.rules[0]?.counter.packets).toBe(1)
    expect(findChain(host, { table: 'filter', chain: 'INPUT' })?.rules[0]?.counter.packets).toBe(1)
  })

  it('shows rules whole datagrams, and gives the port fragments again', () => {
    filter('FORWARD', { matches: [stateMatch('NEW', 'ESTABLISHED')], target: ACCEPT })
    const payload = { ...lab.echoRequest(0, 1).payload, data: new Uint8Array(4000) } as never
    const { replies } = lab.ping(sim, c1, '172.17.0.3', 1e5, { payload, dontFragment: false })
    expect(replies).toMatchObject([{ type: 0 }])
    expect(findChain(host, { table: 'filter', chain: 'FORWARD' })?.rules[0]?.counter).toMatchObject({
      packets: 2,
      bytes: 2 * 4028,
    })
  })

  it('leaves frames of the host itself alone', () => {
    filter('FORWARD', { target: DROP })
    expect(lab.ping(sim, host, '172.17.0.2').replies).toHaveLength(1)
  })
})

describe('translated addresses', () => {
  it('masquerades behind the address of the device', () => {
    expect(lab.ping(sim, c1, '192.168.178.50').replies).toEqual([])
    nat('POSTROUTING', { source: '172.17.0.0/16', outputInterface: '!docker0', target: MASQUERADE })
    expect(lab.ping(sim, c1, '192.168.178.50').replies).toMatchObject([
      { from: lab.ip('192.168.178.50'), ttl: 63 },
    ])
  })

  it('tells the container behind the translation that the next host does not answer', () => {
    nat('POSTROUTING', { source: '172.17.0.0/16', outputInterface: '!docker0', target: MASQUERADE })
    const { replies } = lab.ping(sim, c1, '192.168.178.77', 4e6)
    expect(replies).toMatchObject([{ type: 3, code: 1 }])
  })

  it('leads a packet for the host to a container, from the LAN and from the host itself', () => {
    nat('PREROUTING', { destination: '192.168.178.100', target: natTo('DNAT', lab.ip('172.17.0.2'), null) })
    nat('OUTPUT', { destination: '192.168.178.100', target: natTo('DNAT', lab.ip('172.17.0.2'), null) })
    expect(lab.ping(sim, lan, '192.168.178.100').replies).toMatchObject([
      { from: lab.ip('192.168.178.100'), ttl: 63 },
    ])
    expect(lab.ping(sim, host, '192.168.178.100').replies).toMatchObject([
      { from: lab.ip('192.168.178.100'), ttl: 64 },
    ])
  })

  it('bridges on to a neighbour on the same bridge, who must send back through the host', () => {
    nat('PREROUTING', { destination: '10.9.9.9', target: natTo('DNAT', lab.ip('172.17.0.3'), null) })
    lab.ping(sim, host, '172.17.0.3')
    lab.ping(sim, c1, '10.9.9.9')
    const arrived = c2.links.get(2)?.statistics.rxPackets ?? 0
    expect(arrived).toBeGreaterThan(0)
    nat('POSTROUTING', { source: '172.17.0.2', destination: '172.17.0.3', target: MASQUERADE })
    expect(lab.ping(sim, c1, '10.9.9.9').replies).toMatchObject([{ from: lab.ip('10.9.9.9') }])
  })

  it('comes back to the port it came from only with hairpin mode', () => {
    nat('PREROUTING', { destination: '10.9.9.9', target: natTo('DNAT', lab.ip('172.17.0.2'), null) })
    nat('POSTROUTING', { source: '172.17.0.2', destination: '172.17.0.2', target: MASQUERADE })
    lab.ping(sim, host, '172.17.0.2')
    expect(lab.ping(sim, c1, '10.9.9.9').replies).toEqual([])
    for (const link of host.links.values()) if (link.port !== null) link.port.hairpin = true
    expect(lab.ping(sim, c1, '10.9.9.9').replies).toMatchObject([{ from: lab.ip('10.9.9.9') }])
  })
})
