/**
 * REJECT: the packet is dropped and its sender told, by an ICMP error or a TCP reset.
 * net/ipv4/netfilter/nf_reject_ipv4.c, net/ipv4/icmp.c (__icmp_send).
 */
import type { IcmpMessage, Ipv4Packet, TcpSegment } from '../../wire/frame.ts'
import { PROTOCOL_ICMP, PROTOCOL_TCP } from '../../wire/frame.ts'
import { lookupRoute } from '../ip/fib.ts'
import { type SendOptions, sendIpv4 } from '../ip/output.ts'
import { addressType } from './address-type.ts'
import { isIcmpError } from './conntrack.ts'
import type { Scan } from './match.ts'
import { reject6 } from './reject6.ts'

/** Names of `--reject-with` by the code of ICMP's destination unreachable. */
export const REJECT_CODES: ReadonlyMap<string, number> = new Map([
  ['icmp-net-unreachable', 0],
  ['icmp-host-unreachable', 1],
  ['icmp-proto-unreachable', 2],
  ['icmp-port-unreachable', 3],
  ['icmp-net-prohibited', 9],
  ['icmp-host-prohibited', 10],
  ['icmp-admin-prohibited', 13],
])

const EMPTY = new Uint8Array(0)

export function reject(scan: Scan, kind: string): void {
  const packet = scan.buffer.packet
  if (packet.kind === 'ipv6') return reject6(scan, packet, kind)
  if (packet.fragmentOffset > 0) return
  const answer = kind === 'tcp-reset' ? resetOf(scan, packet) : unreachable(scan, packet, kind)
  if (answer === null) return
  sendIpv4(scan.sim, scan.netns, answer, flowBack(scan))
}

/** nf_ct_attach: the answer belongs to the flow, the other way round, so that it is translated back. */
export function flowBack(scan: Scan): Pick<SendOptions, 'flow'> {
  const { connection, direction } = scan.buffer
  const back = direction === 'reply' ? 'original' : 'reply'
  return connection === null ? {} : { flow: { connection, direction: back } }
}

function answerTo(scan: Scan, packet: Ipv4Packet): Ipv4Packet {
  const counters = scan.netns.counters
  counters.identification = (counters.identification + 1) & 0xffff
  return {
    ...packet,
    source: packet.destination,
    destination: packet.source,
    ttl: 64,
    identification: counters.identification,
    dontFragment: false,
    moreFragments: false,
    options: null,
  }
}

function isUnicast(scan: Scan, address: number): boolean {
  const type = addressType(scan.netns, address)
  return type === 'UNICAST' || type === 'LOCAL'
}

function unreachable(scan: Scan, packet: Ipv4Packet, kind: string): Ipv4Packet | null {
  if (isIcmpError(packet) || !isUnicast(scan, packet.source) || !isUnicast(scan, packet.destination))
    return null
  const source = errorSource(scan, packet)
  if (source === null) return null
  const payload: IcmpMessage = {
    kind: 'icmp',
    type: 3,
    code: REJECT_CODES.get(kind) ?? 3,
    identifier: 0,
    sequence: 0,
    mtu: 0,
    original: packet,
    data: EMPTY,
  }
  // Precedence "internetwork control" as icmp_send sets it.
  const tos = (packet.tos & 0x1e) | 0xc0
  return { ...answerTo(scan, packet), source, protocol: PROTOCOL_ICMP, tos, payload }
}

/** The address that was talked to if it is ours, else the one that a route back to the sender names. */
function errorSource(scan: Scan, packet: Ipv4Packet): number | null {
  if (addressType(scan.netns, packet.destination) === 'LOCAL') return packet.destination
  const route = lookupRoute(scan.netns, { destination: packet.source })
  return route.ok ? route.value.source : null
}

/** nf_send_reset: RFC 9293 §3.5.2, group 1 and 2. */
function resetOf(scan: Scan, packet: Ipv4Packet): Ipv4Packet | null {
  const segment = packet.payload
  if (segment.kind !== 'tcp' || segment.flags.rst || !isUnicast(scan, packet.source)) return null
  const { ack, syn, fin } = segment.flags
  const length = segment.data.length + (syn ? 1 : 0) + (fin ? 1 : 0)
  const payload: TcpSegment = {
    kind: 'tcp',
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequence: ack ? segment.acknowledgment : 0,
    acknowledgment: ack ? 0 : (segment.sequence + length) >>> 0,
    flags: { fin: false, syn: false, rst: true, psh: false, ack: !ack, urg: false },
    window: 0,
    options: null,
    data: EMPTY,
  }
  return { ...answerTo(scan, packet), protocol: PROTOCOL_TCP, tos: 0, dontFragment: true, payload }
}
