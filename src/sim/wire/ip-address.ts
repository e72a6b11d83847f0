/** Addresses of either family, told apart by their type: IPv4 is a number, IPv6 is text. */
import type { IpAddress } from './frame.ts'
import { formatIpv4, parseIpv4 } from './ipv4-address.ts'
import { parseIpv6 } from './ipv6-address.ts'

export function familyOf(address: IpAddress): 4 | 6 {
  return typeof address === 'number' ? 4 : 6
}

export function formatIp(address: IpAddress): string {
  return typeof address === 'number' ? formatIpv4(address) : address
}

export function parseIp(text: string): IpAddress | null {
  return parseIpv4(text) ?? parseIpv6(text)
}

/** `0.0.0.0` and `::`: no address in particular. */
export function isAnyAddress(address: IpAddress): boolean {
  return address === 0 || address === '::'
}

/** `::ffff:192.0.2.1` as the IPv4 address that is meant. RFC 4291 §2.5.5.2 */
export function unmapped(address: IpAddress): IpAddress {
  if (typeof address !== 'string' || !address.startsWith('::ffff:')) return address
  return parseIpv4(address.slice(7)) ?? address
}
