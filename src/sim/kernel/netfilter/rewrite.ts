/**
 * Packets with another address or port: what NAT and TCPMSS do to headers (checksums are made when bytes are
 * wanted). net/netfilter/nf_nat_proto.c.
 */
import type { Ipv4Packet } from '../../wire/frame.ts'
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../../wire/frame.ts'

export type Side = 'source' | 'destination'

/** `port` is the identifier for ICMP echo; it is left out for what has none. The same packet if nothing changes. */
export function withEndpoint(packet: Ipv4Packet, side: Side, address: number, port: number): Ipv4Packet {
  const payload = withPort(packet, side, port)
  if (packet[side] === address && payload === packet.payload) return packet
  return side === 'source'
    ? { ...packet, source: address, payload }
    : { ...packet, destination: address, payload }
}

function withPort(packet: Ipv4Packet, side: Side, port: number): Ipv4Packet['payload'] {
  const payload = packet.payload
  if (payload.kind === 'tcp' || payload.kind === 'udp') {
    const field = side === 'source' ? 'sourcePort' : 'destinationPort'
    return payload[field] === port ? payload : { ...payload, [field]: port }
  }
  if (payload.kind === 'icmp')
    return payload.identifier === port || payload.original !== null
      ? payload
      : { ...payload, identifier: port }
  return withTruncatedPort(packet, payload, side, port)
}

function withTruncatedPort(
  packet: Ipv4Packet,
  payload: { readonly kind: 'raw'; readonly bytes: Uint8Array },
  side: Side,
  port: number,
): Ipv4Packet['payload'] {
  const hasPorts = packet.protocol === PROTOCOL_TCP || packet.protocol === PROTOCOL_UDP
  if (!hasPorts || packet.fragmentOffset > 0 || payload.bytes.length < 4) return payload
  const at = side === 'source' ? 0 : 2
  if (payload.bytes[at]! * 0x100 + payload.bytes[at + 1]! === port) return payload
  const bytes = payload.bytes.slice()
  bytes[at] = port >> 8
  bytes[at + 1] = port & 0xff
  return { kind: 'raw', bytes }
}

/** xt_TCPMSS: lowers what a SYN announces; never raises it. */
export function withSegmentSize(packet: Ipv4Packet, size: number): Ipv4Packet {
  const payload = packet.payload
  if (payload.kind !== 'tcp' || !payload.flags.syn) return packet
  const options = payload.options ?? {
    maximumSegmentSize: null,
    windowScale: null,
    sackPermitted: false,
    timestamps: null,
  }
  const announced = options.maximumSegmentSize ?? 536
  if (announced <= size && options.maximumSegmentSize !== null) return packet
  return {
    ...packet,
    payload: { ...payload, options: { ...options, maximumSegmentSize: Math.min(announced, size) } },
  }
}
