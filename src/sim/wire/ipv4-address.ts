/** IPv4 addresses as unsigned 32-bit numbers, and prefixes. RFC 791, RFC 4632; text as inet_pton(3) takes it. */
import type { Ipv4Address } from './frame.ts'

/** `length` leading bits of `address`; host bits may be set. */
export interface Prefix {
  readonly address: Ipv4Address
  readonly length: number
}

/** Four decimal parts without leading zeros, as inet_pton(3); anything else is null. */
export function parseIpv4(text: string): Ipv4Address | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let address = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return null
    const value = Number(part)
    if (value > 255) return null
    address = address * 256 + value
  }
  return address
}

export function formatIpv4(address: Ipv4Address): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** `10.0.0.0/8`, or an address alone for /32. Host bits are kept. */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/')
  const address = parseIpv4(slash < 0 ? text : text.slice(0, slash))
  if (address === null) return null
  if (slash < 0) return { address, length: 32 }
  const length = text.slice(slash + 1)
  if (!/^\d{1,2}$/.test(length) || Number(length) > 32) return null
  return { address, length: Number(length) }
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatIpv4(prefix.address)}/${prefix.length}`
}

export function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
}

export function networkOf(address: Ipv4Address, length: number): Ipv4Address {
  return (address & maskOf(length)) >>> 0
}

export function broadcastOf(address: Ipv4Address, length: number): Ipv4Address {
  return (address | ~maskOf(length)) >>> 0
}

/** Prefix length of a mask; null if its ones are not contiguous. */
export function lengthOf(mask: number): number | null {
  const length = Math.clz32(~mask)
  return maskOf(length) === mask >>> 0 ? length : null
}

export function contains(prefix: Prefix, address: Ipv4Address): boolean {
  return networkOf(prefix.address, prefix.length) === networkOf(address, prefix.length)
}

/** 224.0.0.0/4. RFC 5771. */
export function isMulticast(address: Ipv4Address): boolean {
  return address >>> 28 === 14
}

/** 127.0.0.0/8. RFC 1122 §3.2.1.3. */
export function isLoopback(address: Ipv4Address): boolean {
  return address >>> 24 === 127
}

export function isLimitedBroadcast(address: Ipv4Address): boolean {
  return address === 0xffffffff
}
