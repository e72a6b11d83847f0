/** REJECT on the way through a host, seen by the one who is refused. */
import { beforeEach, describe, expect, it } from 'vitest'
import { sendIpv4 } from '../../../../src/sim/kernel/ip/output.ts'
import type { NetNamespace } from '../../../../src/sim/kernel/net-namespace.ts'
import { natTo, portMatch, type RuleSpec, rule } from '../../../../src/sim/kernel/netfilter/rules.ts'
import { appendRule } from '../../../../src/sim/kernel/netfilter/tables.ts'
import type { TableName } from '../../../../src/sim/kernel/netfilter/types.ts'
import type { Simulation } from '../../../../src/sim/kernel/simulation.ts'
import { writeSysctl } from '../../../../src/sim/kernel/sysctl/sysctl.ts'
import type { Ipv4Packet } from '../../../../src/sim/wire/frame.ts'
import * as lab from '../lab.ts'
import { tcp } from './bench.ts'

let sim: Simulation
let host: NetNamespace
let client: NetNamespace
let web: NetNamespace

const append = (table: TableName, chain: string, spec: RuleSpec) =>
  lab.must(appendRule(host, { table, chain }, rule(spec)))
const reject = (kind: string) => ({ kind: 'REJECT', with: kind }) as const

beforeEach(() => {
  sim = lab.createLab()
  const one = lab.addHost(sim, 'host1')
  host = one.netns
  client = lab.addHost(sim, 'client').netns
  lab.cable(sim, [host, '192.168.178.100/24'], [client, '192.168.178.50/24'])
  lab.defaultRoute(sim, client, '192.168.178.100')
  const bridge = lab.addBridge(sim, host, 'docker0', '172.17.0.1/16')
  web = lab.addContainer(sim, one.kernel, host, bridge, '172.17.0.2/16', '172.17.0.1')
  lab.must(writeSysctl(sim, host, 'net.ipv4.ip_forward', '1'))
  lab.run(sim, 3_000_000)
})

/** What raw sockets of the client get within 0.1 s of a packet of its own. */
function send(packet: Ipv4Packet): Ipv4Packet[] {
  const icmp = lab.rawSocket(client)
  const resets = { ...lab.rawSocket(client), id: 999, protocol: 6 }
  client.sockets.set(resets.id, resets)
  lab.must(sendIpv4(sim, client, packet))
  lab.run(sim, 100_000)
  return [...icmp.received, ...resets.received]
    .map((received) => received.packet)
    .filter((got) => got.kind === 'ipv4')
}

describe('REJECT', () => {
  it('tells the sender port unreachable, from the address towards it', () => {
    append('filter', 'FORWARD', { target: reject('icmp-port-unreachable') })
    expect(lab.ping(sim, client, '172.17.0.2').replies).toMatchObject([
      { from: lab.ip('192.168.178.100'), type: 3, code: 3 },
    ])
  })

  it('answers for an address of its own from that address', () => {
    append('filter', 'INPUT', { target: reject('icmp-host-prohibited') })
    expect(lab.ping(sim, client, '172.17.0.1').replies).toMatchObject([
      { from: lab.ip('172.17.0.1'), type: 3, code: 10 },
    ])
  })

  it('in OUTPUT is heard by the local sender', () => {
    append('filter', 'OUTPUT', { protocol: 'icmp', target: reject('icmp-port-unreachable') })
    const { sent, replies } = lab.ping(sim, host, '172.17.0.2')
    expect(sent.ok).toBe(false)
    expect(replies.every((reply) => reply.type === 3)).toBe(true)
  })

  it('of TCP resets in the name of the one that was called', () => {
    append('filter', 'FORWARD', { protocol: 'tcp', target: reject('tcp-reset') })
    const answers = send(tcp(0, 50000, lab.ip('172.17.0.2'), 80, { syn: true }))
    expect(answers).toMatchObject([
      { source: lab.ip('172.17.0.2'), payload: { sourcePort: 80, flags: { rst: true, ack: true } } },
    ])
  })

  it('of a translated flow answers in the published name', () => {
    append('nat', 'PREROUTING', {
      protocol: 'tcp',
      matches: [portMatch('tcp', { destination: 8080 })],
      target: natTo('DNAT', lab.ip('172.17.0.2'), 80),
    })
    append('filter', 'FORWARD', { protocol: 'tcp', target: reject('tcp-reset') })
    const answers = send(tcp(0, 50000, lab.ip('192.168.178.100'), 8080, { syn: true }))
    expect(answers).toMatchObject([
      { source: lab.ip('192.168.178.100'), payload: { sourcePort: 8080, flags: { rst: true } } },
    ])
    expect(host.conntrack.connections.size).toBe(0)
  })

  it('leaves the container in peace', () => {
    append('filter', 'FORWARD', { target: reject('icmp-port-unreachable') })
    const heard = lab.rawSocket(web)
    lab.ping(sim, client, '172.17.0.2')
    expect(heard.received).toEqual([])
  })
})
