/** The Internet checksum. RFC 1071. */
import type { IpAddress } from './frame.ts'
import { ipv6ToBytes } from './ipv6-address.ts'

/** One's complement sum of 16-bit words; `seed` is the sum of a pseudo header. */
export function sumWords(bytes: Uint8Array, seed = 0): number {
  let sum = seed
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!
  if (bytes.length % 2 === 1) sum += bytes[bytes.length - 1]! << 8
  while (sum > 0xffff) sum = Math.floor(sum / 65536) + (sum & 0xffff)
  return sum
}

export function checksum(bytes: Uint8Array, seed = 0): number {
  return ~sumWords(bytes, seed) & 0xffff
}

/** Pseudo header of UDP and TCP over IPv4. RFC 768, RFC 9293 §3.1. */
export function pseudoHeader4(source: number, destination: number, protocol: number, length: number): number {
  return (
    (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length
  )
}

/** Pseudo header over IPv6, addresses as 16 bytes each. RFC 8200 §8.1. */
export function pseudoHeader6(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  return sumWords(source) + sumWords(destination) + protocol + length
}

/** Pseudo header of UDP and TCP over either. */
export function pseudoHeader(
  source: IpAddress,
  destination: IpAddress,
  protocol: number,
  length: number,
): number {
  if (typeof source === 'number' && typeof destination === 'number')
    return pseudoHeader4(source, destination, protocol, length)
  return pseudoHeader6(ipv6ToBytes(String(source)), ipv6ToBytes(String(destination)), protocol, length)
}

/** Is the checksum held in the bytes right? */
export function verifies(bytes: Uint8Array, seed = 0): boolean {
  return sumWords(bytes, seed) === 0xffff
}
