/**
 * Tuples: one end's view of a flow, and the short key under which conntrack finds it.
 * net/netfilter/nf_conntrack_core.c (nf_ct_get_tuple, nf_ct_invert_tuple), nf_conntrack_proto_icmp.c.
 * Not modelled: fragments (they have no ports here).
 */
import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from '../../wire/frame.ts'
import { echoIdentifier6 } from '../../wire/icmpv6.ts'
import { isLaterFragment, protocolOf } from '../../wire/ip-packet.ts'
import { ipv6ToBytes } from '../../wire/ipv6-address.ts'
import type { Tuple } from './types.ts'

/** ICMP request types and their answers, both ways. */
const ICMP_INVERSE: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
])

/** The same of ICMPv6 (RFC 4443, RFC 4620). */
const ICMPV6_INVERSE: ReadonlyMap<number, number> = new Map([
  [128, 129],
  [129, 128],
  [139, 140],
  [140, 139],
])

export function isIcmpProtocol(protocol: number): boolean {
  return protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6
}

/** Ports of a packet as one number: source · 65536 + destination; ICMP: identifier · 65536 + type · 256 + code. */
function portsOf(packet: IpPacket): number {
  const payload = packet.payload
  if (payload.kind === 'tcp' || payload.kind === 'udp')
    return payload.sourcePort * 0x10000 + payload.destinationPort
  if (payload.kind === 'icmp') return payload.identifier * 0x10000 + payload.type * 0x100 + payload.code
  if (payload.kind === 'icmpv6')
    return echoIdentifier6(payload) * 0x10000 + payload.type * 0x100 + payload.code
  return truncatedPorts(packet, payload.bytes)
}

/** An ICMP error may quote no more than eight bytes: too few for a TCP segment, enough for its ports. */
function truncatedPorts(packet: IpPacket, bytes: Uint8Array): number {
  const protocol = protocolOf(packet)
  const hasPorts = protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP
  if (!hasPorts || isLaterFragment(packet) || bytes.length < 4) return 0
  return (bytes[0]! * 0x100 + bytes[1]!) * 0x10000 + bytes[2]! * 0x100 + bytes[3]!
}

export function tupleOf(packet: IpPacket): Tuple {
  const ports = portsOf(packet)
  const low = ports & 0xffff
  const protocol = protocolOf(packet)
  const icmp = isIcmpProtocol(protocol)
  return {
    protocol,
    source: packet.source,
    destination: packet.destination,
    sourcePort: (ports - low) / 0x10000,
    destinationPort: icmp ? 0 : low,
    icmpType: icmp ? low >> 8 : 0,
    icmpCode: icmp ? low & 0xff : 0,
  }
}

/** The tuple of the answer; null: an ICMP type that has none. */
export function invertTuple(tuple: Tuple): Tuple | null {
  const { protocol, source, destination } = tuple
  if (!isIcmpProtocol(protocol))
    return {
      ...tuple,
      source: destination,
      destination: source,
      sourcePort: tuple.destinationPort,
      destinationPort: tuple.sourcePort,
    }
  const inverse = protocol === PROTOCOL_ICMP ? ICMP_INVERSE : ICMPV6_INVERSE
  const type = inverse.get(tuple.icmpType)
  if (type === undefined) return null
  return { ...tuple, source: destination, destination: source, icmpType: type }
}

function pack(
  protocol: number,
  source: IpAddress,
  destination: IpAddress,
  high: number,
  low: number,
): string {
  if (typeof source === 'string' || typeof destination === 'string')
    return String.fromCharCode(protocol, ...words(source), ...words(destination), high, low)
  return String.fromCharCode(
    protocol,
    source >>> 16,
    source & 0xffff,
    destination >>> 16,
    destination & 0xffff,
    high,
    low,
  )
}

function words(address: IpAddress): number[] {
  const bytes = ipv6ToBytes(String(address))
  return [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes[at]! * 256 + bytes[at + 1]!)
}

export function keyOfPacket(packet: IpPacket): string {
  const ports = portsOf(packet)
  const low = ports & 0xffff
  return pack(protocolOf(packet), packet.source, packet.destination, (ports - low) / 0x10000, low)
}

export function keyOfTuple(tuple: Tuple): string {
  const low = isIcmpProtocol(tuple.protocol) ? tuple.icmpType * 0x100 + tuple.icmpCode : tuple.destinationPort
  return pack(tuple.protocol, tuple.source, tuple.destination, tuple.sourcePort, low)
}

export function sameTuple(x: Tuple, y: Tuple): boolean {
  return (
    x.source === y.source &&
    x.destination === y.destination &&
    x.protocol === y.protocol &&
    x.sourcePort === y.sourcePort &&
    x.destinationPort === y.destinationPort &&
    x.icmpType === y.icmpType &&
    x.icmpCode === y.icmpCode
  )
}
