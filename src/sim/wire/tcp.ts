/**
 * TCP segments. RFC 9293 §3.1, options of RFC 7323 (window scale, timestamps) and RFC 2018 (SACK permitted), laid
 * out as Linux lays them out (net/ipv4/tcp_output.c, tcp_options_write).
 * Not modelled: SACK blocks, urgent data, ECN.
 */
import { read16, read32, write16, write32 } from './bytes.ts'
import { checksum, pseudoHeader, verifies } from './checksum.ts'
import { type IpAddress, PROTOCOL_TCP, type TcpFlags, type TcpOptions, type TcpSegment } from './frame.ts'

const HEADER_LENGTH = 20
const FLAG_BITS = [
  ['fin', 1],
  ['syn', 2],
  ['rst', 4],
  ['psh', 8],
  ['ack', 16],
  ['urg', 32],
] as const

export const NO_FLAGS: Readonly<TcpFlags> = {
  fin: false,
  syn: false,
  rst: false,
  psh: false,
  ack: false,
  urg: false,
}

export function emitTcpOptions(options: TcpOptions): Uint8Array {
  const bytes: number[] = []
  const mss = options.maximumSegmentSize
  if (mss !== null) bytes.push(2, 4, mss >>> 8, mss & 255)
  if (options.timestamps !== null) {
    bytes.push(...(options.sackPermitted ? [4, 2] : [1, 1]), 8, 10)
    for (const value of [options.timestamps.value, options.timestamps.echo])
      bytes.push(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
  } else if (options.sackPermitted) bytes.push(1, 1, 4, 2)
  if (options.windowScale !== null) bytes.push(1, 3, 3, options.windowScale)
  return Uint8Array.from(bytes)
}

/** 20 and the options; always a multiple of four. */
export function tcpHeaderLength(options: TcpOptions | null): number {
  if (options === null) return HEADER_LENGTH
  const mss = options.maximumSegmentSize === null ? 0 : 4
  const scale = options.windowScale === null ? 0 : 4
  const rest = options.timestamps !== null ? 12 : options.sackPermitted ? 4 : 0
  return HEADER_LENGTH + mss + scale + rest
}

export function emitTcp(tcp: TcpSegment, source: IpAddress, destination: IpAddress): Uint8Array {
  const header = tcpHeaderLength(tcp.options)
  const bytes = new Uint8Array(header + tcp.data.length)
  write16(bytes, 0, tcp.sourcePort)
  write16(bytes, 2, tcp.destinationPort)
  write32(bytes, 4, tcp.sequence)
  write32(bytes, 8, tcp.acknowledgment)
  bytes[12] = (header / 4) << 4
  for (const [name, bit] of FLAG_BITS) if (tcp.flags[name]) bytes[13] = bytes[13]! | bit
  write16(bytes, 14, tcp.window)
  if (tcp.options !== null) bytes.set(emitTcpOptions(tcp.options), HEADER_LENGTH)
  bytes.set(tcp.data, header)
  write16(bytes, 16, checksum(bytes, pseudoHeader(source, destination, PROTOCOL_TCP, bytes.length)))
  return bytes
}

function parseOptions(bytes: Uint8Array): TcpOptions | null {
  let maximumSegmentSize: number | null = null
  let windowScale: number | null = null
  let sackPermitted = false
  let timestamps: TcpOptions['timestamps'] = null
  let at = 0
  while (at < bytes.length) {
    const kind = bytes[at]!
    if (kind === 0) break
    if (kind === 1) {
      at++
      continue
    }
    const length = bytes[at + 1] ?? 0
    if (length < 2 || at + length > bytes.length) return null
    if (kind === 2 && length === 4) maximumSegmentSize = read16(bytes, at + 2)
    else if (kind === 3 && length === 3) windowScale = bytes[at + 2]!
    else if (kind === 4 && length === 2) sackPermitted = true
    else if (kind === 8 && length === 10)
      timestamps = { value: read32(bytes, at + 2), echo: read32(bytes, at + 6) }
    at += length
  }
  return { maximumSegmentSize, windowScale, sackPermitted, timestamps }
}

/** `source` and `destination` null: the checksum is not looked at. */
export function parseTcp(
  bytes: Uint8Array,
  source: IpAddress | null,
  destination: IpAddress | null,
): TcpSegment | null {
  if (bytes.length < HEADER_LENGTH) return null
  const header = (bytes[12]! >> 4) * 4
  if (header < HEADER_LENGTH || header > bytes.length) return null
  if (source !== null && destination !== null) {
    if (!verifies(bytes, pseudoHeader(source, destination, PROTOCOL_TCP, bytes.length))) return null
  }
  const flags: { -readonly [name in keyof TcpFlags]: boolean } = { ...NO_FLAGS }
  for (const [name, bit] of FLAG_BITS) flags[name] = (bytes[13]! & bit) !== 0
  return {
    kind: 'tcp',
    sourcePort: read16(bytes, 0),
    destinationPort: read16(bytes, 2),
    sequence: read32(bytes, 4),
    acknowledgment: read32(bytes, 8),
    flags,
    window: read16(bytes, 14),
    options: header === HEADER_LENGTH ? null : parseOptions(bytes.subarray(HEADER_LENGTH, header)),
    data: bytes.slice(header),
  }
}
