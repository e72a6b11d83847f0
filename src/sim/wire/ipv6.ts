/**
 * IPv6, as far as link-local traffic needs it. RFC 8200. A packet whose `nextHeader` is 0 and whose payload is ICMPv6
 * has a hop-by-hop header with a router alert before it, as multicast listener reports have (RFC 3810 §5, RFC 2711).
 */
import { read16, write16 } from './bytes.ts'
import { type Ipv6Packet, PROTOCOL_ICMPV6 } from './frame.ts'
import { emitIcmpv6, parseIcmpv6 } from './icmpv6.ts'
import { ipv6FromBytes, ipv6ToBytes } from './ipv6-address.ts'

const HEADER_LENGTH = 40
export const NEXT_HEADER_HOP_BY_HOP = 0
/** ICMPv6 next, length 0 (8 bytes), router alert "MLD", PadN. */
const ROUTER_ALERT = Uint8Array.of(PROTOCOL_ICMPV6, 0, 5, 2, 0, 0, 1, 0)

function hasRouterAlert(packet: Ipv6Packet): boolean {
  return packet.nextHeader === NEXT_HEADER_HOP_BY_HOP && packet.payload.kind === 'icmpv6'
}

/** The header, a router alert if there is one, and the payload, without emitting. */
export function ipv6PacketLength(packet: Ipv6Packet): number {
  const payload =
    packet.payload.kind === 'icmpv6' ? 4 + packet.payload.body.length : packet.payload.bytes.length
  return HEADER_LENGTH + (hasRouterAlert(packet) ? ROUTER_ALERT.length : 0) + payload
}

export function emitIpv6(packet: Ipv6Packet): Uint8Array {
  const source = ipv6ToBytes(packet.source)
  const destination = ipv6ToBytes(packet.destination)
  const bytes = new Uint8Array(ipv6PacketLength(packet))
  bytes[0] = 0x60
  write16(bytes, 4, bytes.length - HEADER_LENGTH)
  bytes[6] = packet.nextHeader
  bytes[7] = packet.hopLimit
  bytes.set(source, 8)
  bytes.set(destination, 24)
  let at = HEADER_LENGTH
  if (hasRouterAlert(packet)) {
    bytes.set(ROUTER_ALERT, at)
    at += ROUTER_ALERT.length
  }
  const payload = packet.payload
  bytes.set(payload.kind === 'icmpv6' ? emitIcmpv6(payload, source, destination) : payload.bytes, at)
  return bytes
}

export function parseIpv6Packet(bytes: Uint8Array): Ipv6Packet | null {
  if (bytes.length < HEADER_LENGTH || bytes[0]! >> 4 !== 6) return null
  const end = HEADER_LENGTH + read16(bytes, 4)
  if (end > bytes.length) return null
  const nextHeader = bytes[6]!
  const body = bytes.subarray(HEADER_LENGTH, end)
  return {
    kind: 'ipv6',
    source: ipv6FromBytes(bytes.subarray(8, 24)),
    destination: ipv6FromBytes(bytes.subarray(24, 40)),
    hopLimit: bytes[7]!,
    nextHeader,
    payload: parsePayload(nextHeader, body, bytes.subarray(8, 24), bytes.subarray(24, 40)),
  }
}

function parsePayload(
  nextHeader: number,
  body: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
): Ipv6Packet['payload'] {
  const alert = nextHeader === NEXT_HEADER_HOP_BY_HOP && ROUTER_ALERT.every((byte, i) => body[i] === byte)
  const message =
    alert || nextHeader === PROTOCOL_ICMPV6
      ? parseIcmpv6(alert ? body.subarray(ROUTER_ALERT.length) : body, source, destination)
      : null
  return message ?? { kind: 'raw', bytes: body.slice() }
}
