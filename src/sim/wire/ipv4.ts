/** The Internet Protocol. RFC 791. Its payload is emitted and parsed by the protocol's own file. */
import { read16, read32, write16, write32 } from './bytes.ts'
import { checksum, verifies } from './checksum.ts'
import { type Ipv4Packet, PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from './frame.ts'
import { emitIcmp, icmpLength, parseIcmp } from './icmp.ts'
import { emitTcp, parseTcp, tcpHeaderLength } from './tcp.ts'
import { emitUdp, parseUdp, UDP_HEADER_LENGTH } from './udp.ts'

const HEADER_LENGTH = 20

export function ipv4HeaderLength(packet: Ipv4Packet): number {
  return HEADER_LENGTH + (packet.options === null ? 0 : packet.options.length)
}

/** Bytes of what follows the header. */
export function payloadLength(packet: Ipv4Packet): number {
  const payload = packet.payload
  switch (payload.kind) {
    case 'udp':
      return UDP_HEADER_LENGTH + payload.data.length
    case 'tcp':
      return tcpHeaderLength(payload.options) + payload.data.length
    case 'icmp':
      return icmpLength(payload)
    default:
      return payload.bytes.length
  }
}

/** The total length field, without emitting. */
export function packetLength(packet: Ipv4Packet): number {
  return ipv4HeaderLength(packet) + payloadLength(packet)
}

export function emitPayload(packet: Ipv4Packet): Uint8Array {
  const payload = packet.payload
  switch (payload.kind) {
    case 'udp':
      return emitUdp(payload, packet.source, packet.destination)
    case 'tcp':
      return emitTcp(payload, packet.source, packet.destination)
    case 'icmp':
      return emitIcmp(payload)
    default:
      return payload.bytes
  }
}

export function emitIpv4(packet: Ipv4Packet): Uint8Array {
  const header = ipv4HeaderLength(packet)
  const payload = emitPayload(packet)
  const bytes = new Uint8Array(header + payload.length)
  bytes[0] = 0x40 | (header / 4)
  bytes[1] = packet.tos
  write16(bytes, 2, bytes.length)
  write16(bytes, 4, packet.identification)
  const flags = (packet.dontFragment ? 0x4000 : 0) | (packet.moreFragments ? 0x2000 : 0)
  write16(bytes, 6, flags | (packet.fragmentOffset / 8))
  bytes[8] = packet.ttl
  bytes[9] = packet.protocol
  write32(bytes, 12, packet.source)
  write32(bytes, 16, packet.destination)
  if (packet.options !== null) bytes.set(packet.options, HEADER_LENGTH)
  write16(bytes, 10, checksum(bytes.subarray(0, header)))
  bytes.set(payload, header)
  return bytes
}

/** Null if the header or its checksum is wrong. A payload that does not parse, or a fragment's, stays raw. */
export function parseIpv4Packet(bytes: Uint8Array): Ipv4Packet | null {
  return parse(bytes, true)
}

/** The packet quoted by an ICMP error: cut short, so that length and payload checksums cannot be held against it. */
export function parseQuotedIpv4(bytes: Uint8Array): Ipv4Packet | null {
  return parse(bytes, false)
}

function parse(bytes: Uint8Array, complete: boolean): Ipv4Packet | null {
  if (bytes.length < HEADER_LENGTH || bytes[0]! >> 4 !== 4) return null
  const header = (bytes[0]! & 15) * 4
  const total = read16(bytes, 2)
  if (header < HEADER_LENGTH || total < header || bytes.length < header) return null
  if (!verifies(bytes.subarray(0, header)) || (complete && total > bytes.length)) return null
  const fragment = read16(bytes, 6)
  const shell = {
    kind: 'ipv4' as const,
    source: read32(bytes, 12),
    destination: read32(bytes, 16),
    ttl: bytes[8]!,
    protocol: bytes[9]!,
    tos: bytes[1]!,
    identification: read16(bytes, 4),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    options: header === HEADER_LENGTH ? null : bytes.slice(HEADER_LENGTH, header),
  }
  return { ...shell, payload: parsePayload(shell, bytes.subarray(header, total), complete) }
}

function parsePayload(
  shell: Omit<Ipv4Packet, 'payload'>,
  bytes: Uint8Array,
  complete: boolean,
): Ipv4Packet['payload'] {
  const raw = (): Ipv4Packet['payload'] => ({ kind: 'raw', bytes: bytes.slice() })
  if (shell.moreFragments || shell.fragmentOffset > 0) return raw()
  const source = complete ? shell.source : null
  const destination = complete ? shell.destination : null
  if (shell.protocol === PROTOCOL_UDP) return parseUdp(bytes, source, destination) ?? raw()
  if (shell.protocol === PROTOCOL_TCP) return parseTcp(bytes, source, destination) ?? raw()
  if (shell.protocol === PROTOCOL_ICMP) return parseIcmp(bytes, complete) ?? raw()
  return raw()
}

/** Parses a payload that was put together again from fragments, or cut from a raw one. */
export function parseIpv4Payload(shell: Omit<Ipv4Packet, 'payload'>, bytes: Uint8Array): Ipv4Packet {
  return { ...shell, payload: parsePayload(shell, bytes, true) }
}
