/**
 * IPv6. RFC 8200. A packet whose `nextHeader` is 0 and whose payload is ICMPv6 has a hop-by-hop header with a router
 * alert before it, as multicast listener reports have (RFC 3810 §5, RFC 2711).
 * Not modelled: routing and destination options headers (such packets stay raw).
 */
import { read16, read32, write16, write32 } from './bytes.ts'
import { type Ipv6Fragment, type Ipv6Packet, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from './frame.ts'
import { emitIcmpv6, parseIcmpv6 } from './icmpv6.ts'
import { ipv6FromBytes, ipv6ToBytes } from './ipv6-address.ts'
import { emitTcp, parseTcp, tcpHeaderLength } from './tcp.ts'
import { emitUdp, parseUdp, UDP_HEADER_LENGTH } from './udp.ts'

export const IPV6_HEADER_LENGTH = 40
const FRAGMENT_HEADER_LENGTH = 8
export const NEXT_HEADER_HOP_BY_HOP = 0
const NEXT_HEADER_FRAGMENT = 44
/** ICMPv6 next, length 0 (8 bytes), router alert "MLD", PadN. */
const ROUTER_ALERT = Uint8Array.of(PROTOCOL_ICMPV6, 0, 5, 2, 0, 0, 1, 0)

function hasRouterAlert(packet: Ipv6Packet): boolean {
  return packet.nextHeader === NEXT_HEADER_HOP_BY_HOP && packet.payload.kind === 'icmpv6'
}

/** What is inside, past all extension headers. */
export function upperProtocol(packet: Ipv6Packet): number {
  return hasRouterAlert(packet) ? PROTOCOL_ICMPV6 : packet.nextHeader
}

/** Bytes of the upper layer. */
export function upperLength(packet: Ipv6Packet): number {
  const payload = packet.payload
  switch (payload.kind) {
    case 'icmpv6':
      return 4 + payload.body.length
    case 'udp':
      return UDP_HEADER_LENGTH + payload.data.length
    case 'tcp':
      return tcpHeaderLength(payload.options) + payload.data.length
    default:
      return payload.bytes.length
  }
}

function extensionLength(packet: Ipv6Packet): number {
  return (
    (hasRouterAlert(packet) ? ROUTER_ALERT.length : 0) +
    (packet.fragment === undefined ? 0 : FRAGMENT_HEADER_LENGTH)
  )
}

/** The header, a router alert or fragment header if there is one, and the payload, without emitting. */
export function ipv6PacketLength(packet: Ipv6Packet): number {
  return IPV6_HEADER_LENGTH + extensionLength(packet) + upperLength(packet)
}

export function emitUpper(packet: Ipv6Packet): Uint8Array {
  const { payload, source, destination } = packet
  switch (payload.kind) {
    case 'icmpv6':
      return emitIcmpv6(payload, ipv6ToBytes(source), ipv6ToBytes(destination))
    case 'udp':
      return emitUdp(payload, source, destination)
    case 'tcp':
      return emitTcp(payload, source, destination)
    default:
      return payload.bytes
  }
}

export function emitIpv6(packet: Ipv6Packet): Uint8Array {
  const bytes = new Uint8Array(ipv6PacketLength(packet))
  write32(bytes, 0, (0x60000000 | ((packet.trafficClass ?? 0) << 20) | (packet.flowLabel ?? 0)) >>> 0)
  write16(bytes, 4, bytes.length - IPV6_HEADER_LENGTH)
  bytes[6] = packet.fragment === undefined ? packet.nextHeader : NEXT_HEADER_FRAGMENT
  bytes[7] = packet.hopLimit
  bytes.set(ipv6ToBytes(packet.source), 8)
  bytes.set(ipv6ToBytes(packet.destination), 24)
  let at = IPV6_HEADER_LENGTH
  if (hasRouterAlert(packet)) {
    bytes.set(ROUTER_ALERT, at)
    at += ROUTER_ALERT.length
  }
  if (packet.fragment !== undefined) {
    const { offset, more, identification } = packet.fragment
    bytes[at] = packet.nextHeader
    write16(bytes, at + 2, offset | (more ? 1 : 0))
    write32(bytes, at + 4, identification)
    at += FRAGMENT_HEADER_LENGTH
  }
  bytes.set(emitUpper(packet), at)
  return bytes
}

export function parseIpv6Packet(bytes: Uint8Array): Ipv6Packet | null {
  return parse(bytes, true)
}

/** The packet quoted by an ICMPv6 error: cut short, so that length and checksums cannot be held against it. */
export function parseQuotedIpv6(bytes: Uint8Array): Ipv6Packet | null {
  return parse(bytes, false)
}

function parse(bytes: Uint8Array, complete: boolean): Ipv6Packet | null {
  if (bytes.length < IPV6_HEADER_LENGTH || bytes[0]! >> 4 !== 6) return null
  const end = IPV6_HEADER_LENGTH + read16(bytes, 4)
  if (complete && end > bytes.length) return null
  const first = read32(bytes, 0)
  const trafficClass = (first >>> 20) & 255
  const flowLabel = first & 0xfffff
  let nextHeader = bytes[6]!
  let body = bytes.subarray(IPV6_HEADER_LENGTH, end)
  let fragment: Ipv6Fragment | undefined
  if (nextHeader === NEXT_HEADER_FRAGMENT && body.length >= FRAGMENT_HEADER_LENGTH) {
    const field = read16(body, 2)
    fragment = { offset: field & 0xfff8, more: (field & 1) !== 0, identification: read32(body, 4) }
    nextHeader = body[0]!
    body = body.subarray(FRAGMENT_HEADER_LENGTH)
  }
  const shell = {
    kind: 'ipv6' as const,
    source: ipv6FromBytes(bytes.subarray(8, 24)),
    destination: ipv6FromBytes(bytes.subarray(24, 40)),
    hopLimit: bytes[7]!,
    nextHeader,
    ...(trafficClass === 0 ? {} : { trafficClass }),
    ...(flowLabel === 0 ? {} : { flowLabel }),
    ...(fragment === undefined ? {} : { fragment }),
  }
  return { ...shell, payload: parseUpper(shell, body, complete) }
}

/** Parses a payload that was put together again from fragments. */
export function parseIpv6Payload(shell: Omit<Ipv6Packet, 'payload'>, bytes: Uint8Array): Ipv6Packet {
  return { ...shell, payload: parseUpper(shell, bytes, true) }
}

function parseUpper(
  shell: Omit<Ipv6Packet, 'payload'>,
  body: Uint8Array,
  complete: boolean,
): Ipv6Packet['payload'] {
  const raw = (): Ipv6Packet['payload'] => ({ kind: 'raw', bytes: body.slice() })
  const { nextHeader } = shell
  if (shell.fragment !== undefined && (shell.fragment.more || shell.fragment.offset > 0)) return raw()
  const source = complete ? shell.source : null
  const destination = complete ? shell.destination : null
  if (nextHeader === PROTOCOL_UDP) return parseUdp(body, source, destination) ?? raw()
  if (nextHeader === PROTOCOL_TCP) return parseTcp(body, source, destination) ?? raw()
  const alert = nextHeader === NEXT_HEADER_HOP_BY_HOP && ROUTER_ALERT.every((byte, i) => body[i] === byte)
  if (!alert && nextHeader !== PROTOCOL_ICMPV6) return raw()
  const message = alert ? body.subarray(ROUTER_ALERT.length) : body
  const ends = complete ? ([ipv6ToBytes(shell.source), ipv6ToBytes(shell.destination)] as const) : null
  return parseIcmpv6(message, ends?.[0] ?? null, ends?.[1] ?? null) ?? raw()
}
