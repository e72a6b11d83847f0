/**
 * Packets with another address or port: what NAT and TCPMSS do to headers (checksums are made when bytes are
 * wanted). net/netfilter/nf_nat_proto.c.
 */
import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../../wire/frame.ts'
import { ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST } from '../../wire/icmpv6.ts'
import { isLaterFragment, protocolOf } from '../../wire/ip-packet.ts'

export type Side = 'source' | 'destination'

/** `port` is the identifier for ICMP echo; it is left out for what has none. The same packet if nothing changes. */
export function withEndpoint<P extends IpPacket>(packet: P, side: Side, address: IpAddress, port: number): P {
  const payload = withPort(packet, side, port)
  if (packet[side] === address && payload === packet.payload) return packet
  return side === 'source'
    ? { ...packet, source: address, payload }
    : { ...packet, destination: address, payload }
}

function withPort(packet: IpPacket, side: Side, port: number): IpPacket['payload'] {
  const payload = packet.payload
  if (payload.kind === 'tcp' || payload.kind === 'udp') {
    const field = side === 'source' ? 'sourcePort' : 'destinationPort'
    return payload[field] === port ? payload : { ...payload, [field]: port }
  }
  if (payload.kind === 'icmp')
    return payload.identifier === port || payload.original !== null
      ? payload
      : { ...payload, identifier: port }
  if (payload.kind === 'icmpv6') {
    if (payload.type !== ICMPV6_ECHO_REQUEST && payload.type !== ICMPV6_ECHO_REPLY) return payload
    return { ...payload, body: withWord(payload.body, 0, port) }
  }
  return withTruncatedPort(packet, payload, side, port)
}

function withTruncatedPort(
  packet: IpPacket,
  payload: { readonly kind: 'raw'; readonly bytes: Uint8Array },
  side: Side,
  port: number,
): IpPacket['payload'] {
  const protocol = protocolOf(packet)
  const hasPorts = protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP
  if (!hasPorts || isLaterFragment(packet) || payload.bytes.length < 4) return payload
  const at = side === 'source' ? 0 : 2
  const bytes = withWord(payload.bytes, at, port)
  return bytes === payload.bytes ? payload : { kind: 'raw', bytes }
}

function withWord(bytes: Uint8Array, at: number, word: number): Uint8Array {
  if (bytes[at]! * 0x100 + bytes[at + 1]! === word) return bytes
  const copy = bytes.slice()
  copy[at] = word >> 8
  copy[at + 1] = word & 0xff
  return copy
}

/** xt_TCPMSS: lowers what a SYN announces; never raises it. */
export function withSegmentSize(packet: IpPacket, size: number): IpPacket {
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
