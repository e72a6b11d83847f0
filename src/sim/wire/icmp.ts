/** ICMP. RFC 792; next-hop MTU of RFC 1191; how much of the packet is quoted: RFC 1812 §4.3.2.3. */
import { read16, write16 } from './bytes.ts'
import { checksum, verifies } from './checksum.ts'
import type { IcmpMessage } from './frame.ts'
import { emitIpv4, packetLength, parseQuotedIpv4 } from './ipv4.ts'

export const ICMP_ECHO_REPLY = 0
export const ICMP_UNREACHABLE = 3
export const ICMP_REDIRECT = 5
export const ICMP_ECHO_REQUEST = 8
export const ICMP_TIME_EXCEEDED = 11
export const ICMP_PARAMETER_PROBLEM = 12

/** An error is no longer than 576 bytes with its own IP header. */
export const LONGEST_QUOTE = 576 - 20 - 8
const HEADER_LENGTH = 8

/** Types that quote a packet instead of carrying data. */
export function isIcmpError(type: number): boolean {
  return (
    type === ICMP_UNREACHABLE ||
    type === 4 ||
    type === ICMP_REDIRECT ||
    type === ICMP_TIME_EXCEEDED ||
    type === ICMP_PARAMETER_PROBLEM
  )
}

function hasMtu(icmp: { readonly type: number; readonly code: number }): boolean {
  return icmp.type === ICMP_UNREACHABLE && icmp.code === 4
}

export function icmpLength(icmp: IcmpMessage): number {
  if (icmp.original === null) return HEADER_LENGTH + icmp.data.length
  return HEADER_LENGTH + Math.min(LONGEST_QUOTE, packetLength(icmp.original)) + icmp.data.length
}

/** What follows the eight bytes: the quoted packet, or the data. */
export function emitIcmp(icmp: IcmpMessage): Uint8Array {
  const quote = icmp.original === null ? new Uint8Array() : emitIpv4(icmp.original).subarray(0, LONGEST_QUOTE)
  const bytes = new Uint8Array(HEADER_LENGTH + quote.length + icmp.data.length)
  bytes[0] = icmp.type
  bytes[1] = icmp.code
  write16(bytes, 4, icmp.identifier)
  write16(bytes, 6, hasMtu(icmp) ? icmp.mtu : icmp.sequence)
  bytes.set(quote, HEADER_LENGTH)
  bytes.set(icmp.data, HEADER_LENGTH + quote.length)
  write16(bytes, 2, checksum(bytes))
  return bytes
}

export function parseIcmp(bytes: Uint8Array, complete = true): IcmpMessage | null {
  if (bytes.length < HEADER_LENGTH || (complete && !verifies(bytes))) return null
  const type = bytes[0]!
  const code = bytes[1]!
  const body = bytes.subarray(HEADER_LENGTH)
  const original = isIcmpError(type) ? parseQuotedIpv4(body) : null
  return {
    kind: 'icmp',
    type,
    code,
    identifier: read16(bytes, 4),
    sequence: hasMtu({ type, code }) ? 0 : read16(bytes, 6),
    mtu: hasMtu({ type, code }) ? read16(bytes, 6) : 0,
    original,
    data: original === null ? body.slice() : new Uint8Array(),
  }
}
