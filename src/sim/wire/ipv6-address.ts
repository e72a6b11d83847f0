/** IPv6 addresses as canonical text (RFC 5952) and as 16 bytes; derived addresses of RFC 4291 and RFC 2464. */
import type { Ipv6Address, MacAddress } from './frame.ts'
import { formatIpv4, parseIpv4 } from './ipv4-address.ts'
import { macFromBytes, macToBytes } from './mac-address.ts'

/** RFC 4291 §2.2, without a zone; the result is canonical. */
export function parseIpv6(text: string): Ipv6Address | null {
  const groups = parseGroups(text)
  return groups === null ? null : formatGroups(groups)
}

function parseGroups(text: string): number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const left = parseHalf(halves[0]!, halves.length === 1)
  if (halves.length === 1) return left !== null && left.length === 8 ? left : null
  const right = parseHalf(halves[1]!, true)
  if (left === null || right === null || left.length + right.length > 7) return null
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}

function parseHalf(text: string, ipv4Allowed: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    const v4 = ipv4Allowed && i === parts.length - 1 ? parseIpv4(part) : null
    if (v4 !== null) groups.push(v4 >>> 16, v4 & 0xffff)
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return null
  }
  return groups
}

/** RFC 5952 §4: no leading zeros, the longest run of two or more zero groups shortened, the first if equal. */
function formatGroups(groups: readonly number[]): Ipv6Address {
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff)
    return `::ffff:${formatIpv4((groups[6]! * 65536 + groups[7]!) >>> 0)}`
  let start = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && groups[end] === 0) end++
    if (end - i > length) {
      start = i
      length = end - i
    }
  }
  const hex = (list: readonly number[]) => list.map((g) => g.toString(16)).join(':')
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}

export function ipv6ToBytes(address: Ipv6Address): Uint8Array {
  const groups = parseGroups(address)
  if (groups === null) throw new Error(`not an IPv6 address: ${address}`)
  return Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 255]))
}

export function ipv6FromBytes(bytes: Uint8Array): Ipv6Address {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!)
  return formatGroups(groups)
}

/** fe80::/64 with the modified EUI-64 identifier. RFC 4291 appendix A, RFC 2464 §4. */
export function linkLocalOf(mac: MacAddress): Ipv6Address {
  const m = macToBytes(mac)
  const id = [m[0]! ^ 2, m[1]!, m[2]!, 0xff, 0xfe, m[3]!, m[4]!, m[5]!]
  return ipv6FromBytes(Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...id]))
}

/** ff02::1:ffXX:XXXX. RFC 4291 §2.7.1. */
export function solicitedNode(address: Ipv6Address): Ipv6Address {
  const tail = ipv6ToBytes(address).subarray(13)
  return ipv6FromBytes(Uint8Array.from([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...tail]))
}

/** 33:33 and the low 32 bits of the group. RFC 2464 §7. */
export function multicastMac(address: Ipv6Address): MacAddress {
  return macFromBytes(Uint8Array.from([0x33, 0x33, ...ipv6ToBytes(address).subarray(12)]))
}

export function isMulticast6(address: Ipv6Address): boolean {
  return address.startsWith('ff')
}
