/** IPv6 prefixes as bits: networks, containment, and the order in which the kernel's tree is walked. RFC 4291, net/ipv6/ip6_fib.c */
import { ipv6FromBytes, ipv6ToBytes } from '../../wire/ipv6-address.ts'

export interface Prefix6 {
  readonly address: string
  readonly length: number
}

export function networkOf6(address: string, length: number): string {
  const bytes = ipv6ToBytes(address)
  return ipv6FromBytes(
    bytes.map((byte, i) => byte & (0xff << Math.min(8, Math.max(0, 8 * (i + 1) - length)))),
  )
}

export function containsAddress6(prefix: Prefix6, address: string): boolean {
  return networkOf6(address, prefix.length) === networkOf6(prefix.address, prefix.length)
}

/** A network inside the other, or the same. */
export function containsPrefix6(outer: Prefix6, inner: Prefix6): boolean {
  return inner.length >= outer.length && containsAddress6(outer, inner.address)
}

export function formatPrefix6({ address, length }: Prefix6): string {
  if (length === 0) return 'default'
  return length === 128 ? address : `${address}/${length}`
}

/** What is inside comes before what it is in, else by value: so the tree is walked (fib6_walk_continue). */
export function comparePrefix6(x: Prefix6, y: Prefix6): number {
  const shorter = Math.min(x.length, y.length)
  const a = ipv6ToBytes(networkOf6(x.address, shorter))
  const b = ipv6ToBytes(networkOf6(y.address, shorter))
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return y.length - x.length
}

/** How many leading bits are the same. */
export function commonBits6(x: string, y: string): number {
  const a = ipv6ToBytes(x)
  const b = ipv6ToBytes(y)
  for (let i = 0; i < 16; i++) {
    const differs = a[i]! ^ b[i]!
    if (differs !== 0) return 8 * i + Math.clz32(differs) - 24
  }
  return 128
}
