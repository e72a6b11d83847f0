/** One host between docker0 and eth0, and packets pushed through its hooks by hand. */
import type { NetNamespace } from '../../../../src/sim/kernel/net-namespace.ts'
import { runHook } from '../../../../src/sim/kernel/netfilter/hooks.ts'
import { type RuleSpec, rule } from '../../../../src/sim/kernel/netfilter/rules.ts'
import { appendRule } from '../../../../src/sim/kernel/netfilter/tables.ts'
import type { Hook, TableName } from '../../../../src/sim/kernel/netfilter/types.ts'
import { addLink } from '../../../../src/sim/kernel/netlink/link.ts'
import type { PacketBuffer } from '../../../../src/sim/kernel/packet-buffer.ts'
import type { Simulation } from '../../../../src/sim/kernel/simulation.ts'
import type { Ipv4Packet, TcpFlags, TcpSegment } from '../../../../src/sim/wire/frame.ts'
import * as lab from '../lab.ts'

export interface Router {
  readonly sim: Simulation
  readonly netns: NetNamespace
  readonly inside: number
  readonly outside: number
}

export function createRouter(seed = 1): Router {
  const sim = lab.createLab(seed)
  const { netns } = lab.addHost(sim, 'host1')
  const device = (name: string, prefix: string) => {
    const link = lab.must(addLink(sim, netns, { kind: 'dummy', name }))
    lab.address(sim, netns, link, prefix)
    return link.ifindex
  }
  return {
    sim,
    netns,
    inside: device('docker0', '172.17.0.1/16'),
    outside: device('eth0', '192.168.178.100/24'),
  }
}

export function append(router: Router, table: TableName, chain: string, spec: RuleSpec): void {
  lab.must(appendRule(router.netns, { table, chain }, rule(spec)))
}

export function bufferOf(packet: Ipv4Packet, input: number | null, output: number | null): PacketBuffer {
  return {
    packet,
    input,
    output,
    physInput: null,
    physOutput: null,
    mark: 0,
    connection: null,
    connectionState: null,
    direction: null,
    frame: null,
    fromSocket: null,
  } as PacketBuffer
}

/** PREROUTING, FORWARD, POSTROUTING; null: dropped. */
export function forward(router: Router, packet: Ipv4Packet, from: 'inside' | 'outside'): PacketBuffer | null {
  const [input, output] =
    from === 'inside' ? [router.inside, router.outside] : [router.outside, router.inside]
  const buffer = bufferOf(packet, input, null)
  for (const hook of ['PREROUTING', 'FORWARD', 'POSTROUTING'] satisfies Hook[]) {
    if (hook !== 'PREROUTING') buffer.output = output
    if (hook === 'POSTROUTING') buffer.input = null
    if (runHook(router.sim, router.netns, hook, buffer) === 'DROP') return null
  }
  return buffer
}

const NO_FLAGS: TcpFlags = { fin: false, syn: false, rst: false, psh: false, ack: false, urg: false }

export function tcpPayload(source: number, destination: number, flags: Partial<TcpFlags>): TcpSegment {
  return {
    kind: 'tcp',
    sourcePort: source,
    destinationPort: destination,
    sequence: 1,
    acknowledgment: 1,
    flags: { ...NO_FLAGS, ...flags },
    window: 1000,
    options: null,
    data: new Uint8Array(0),
  }
}

export function packet(
  source: number,
  destination: number,
  protocol: number,
  payload: Ipv4Packet['payload'],
): Ipv4Packet {
  return { ...lab.echoRequest(destination, 1), source, protocol, payload }
}

export function udp(source: number, sport: number, destination: number, dport: number): Ipv4Packet {
  const data = new Uint8Array(4)
  return packet(source, destination, 17, { kind: 'udp', sourcePort: sport, destinationPort: dport, data })
}

export function tcp(
  source: number,
  sport: number,
  destination: number,
  dport: number,
  flags: Partial<TcpFlags>,
) {
  return packet(source, destination, 6, tcpPayload(sport, dport, flags))
}

export function echo(source: number, identifier: number, destination: number, type: 8 | 0 = 8): Ipv4Packet {
  const request = lab.echoRequest(destination, 1)
  const payload = request.payload
  if (payload.kind !== 'icmp') throw new Error('no echo')
  return { ...request, source, payload: { ...payload, type, identifier } }
}

/** What the other end sends back. */
export function answer(to: Ipv4Packet): Ipv4Packet {
  const { payload } = to
  const swapped = { ...to, source: to.destination, destination: to.source }
  if (payload.kind === 'icmp')
    return { ...swapped, payload: { ...payload, type: payload.type === 8 ? 0 : 8 } }
  if (payload.kind === 'raw') return swapped
  const ports = { sourcePort: payload.destinationPort, destinationPort: payload.sourcePort }
  if (payload.kind === 'udp') return { ...swapped, payload: { ...payload, ...ports } }
  const flags = { ...NO_FLAGS, syn: payload.flags.syn, ack: true }
  return { ...swapped, payload: { ...payload, ...ports, flags } }
}

/** An ICMP error about a packet. */
export function errorAbout(about: Ipv4Packet, source: number, type = 3, code = 3): Ipv4Packet {
  return packet(source, about.source, 1, {
    kind: 'icmp',
    type,
    code,
    identifier: 0,
    sequence: 0,
    mtu: 0,
    original: about,
    data: new Uint8Array(0),
  })
}

export function endpoints(p: Ipv4Packet): string {
  const { payload } = p
  const ports =
    payload.kind === 'icmp'
      ? `id ${payload.identifier} type ${payload.type}`
      : payload.kind === 'raw'
        ? ''
        : `${payload.sourcePort}>${payload.destinationPort}`
  return `${p.protocol} ${p.source}>${p.destination} ${ports}`
}
