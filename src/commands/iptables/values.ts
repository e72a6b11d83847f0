/** Addresses, ports, numbers as iptables reads them. libxtables/xtables.c, xtoptions.c. */

import { servicePort } from '../../render/services.ts'
import type { Cidr, Cidr6, PortRange } from '../../sim/kernel/netfilter/types.ts'
import { maskOf, parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { ipv6FromBytes, ipv6ToBytes, parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import { UsageError } from './errors.ts'

/** `10/8` and `10.1` are taken as `10.0.0.0/8` and `10.1.0.0`, but only with a mask. */
function networkAddress(text: string, hasMask: boolean): number | null {
  const whole = parseIpv4(text)
  if (whole !== null || !hasMask || !/^\d{1,3}(\.\d{1,3}){0,2}$/.test(text)) return whole
  const parts = text.split('.')
  while (parts.length < 4) parts.push('0')
  return parseIpv4(parts.join('.'))
}

function maskNumber(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 32 ? maskOf(Number(text)) : null
  return parseIpv4(text)
}

/** One of `-s`'s addresses; names of hosts are not looked up. */
export function parseCidr(text: string): Cidr {
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const mask = slash < 0 ? 0xffffffff : maskNumber(text.slice(slash + 1))
  if (mask === null) throw new UsageError(`invalid mask \`${text.slice(slash + 1)}' specified`)
  const address = host === 'localhost' ? 0x7f000001 : networkAddress(host, slash >= 0)
  if (address === null) throw new UsageError(`host/network \`${host}' not found`)
  return { address: (address & mask) >>> 0, mask }
}

export function parseCidr6(text: string): Cidr6 {
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const length = slash < 0 ? 128 : Number(text.slice(slash + 1))
  if (!Number.isInteger(length) || length < 0 || length > 128)
    throw new UsageError(`invalid mask \`${text.slice(slash + 1)}' specified`)
  const address = parseIpv6(host)
  if (address === null) throw new UsageError(`host/network \`${host}' not found`)
  return { address: networkOf6(address, length), length }
}

function networkOf6(address: string, length: number): string {
  const bytes = ipv6ToBytes(address)
  const kept = bytes.map((byte, i) => {
    const bits = Math.min(8, Math.max(0, length - 8 * i))
    return byte & (0xff << (8 - bits)) & 0xff
  })
  return ipv6FromBytes(kept)
}

export function parsePort(text: string, protocol: 'tcp' | 'udp'): number {
  const port = /^\d+$/.test(text) ? Number(text) : servicePort(text, protocol)
  if (port === undefined || port > 0xffff) throw new UsageError(`invalid port/service \`${text}' specified`)
  return port
}

/** `80`, `1000:`, `:1023`, `http:https` */
export function parsePorts(text: string, protocol: 'tcp' | 'udp', separator = ':'): PortRange {
  const at = text.indexOf(separator)
  if (at < 0) {
    const only = parsePort(text, protocol)
    return { from: only, to: only }
  }
  const low = text.slice(0, at)
  const high = text.slice(at + 1)
  const range = {
    from: low === '' ? 0 : parsePort(low, protocol),
    to: high === '' ? 0xffff : parsePort(high, protocol),
  }
  if (range.from > range.to) throw new UsageError(`invalid portrange (min > max)`)
  return range
}

/** Decimal, octal or hexadecimal up to 32 bits; null: no number. */
export function parseNumber(text: string): number | null {
  if (!/^(0[xX][0-9a-fA-F]+|\d+)$/.test(text)) return null
  const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text)
  return value <= 0xffffffff ? value : null
}

/** `1` or `0x1/0xff` */
export function parseMark(text: string, name: string, option: string): { value: number; mask: number } {
  const [value, mask, more] = text.split('/')
  const v = parseNumber(value ?? '')
  const m = mask === undefined ? 0xffffffff : parseNumber(mask)
  if (v === null || m === null || more !== undefined)
    throw new UsageError(`${name}: bad integer value for option "--${option}", or out of range.\n`)
  return { value: v, mask: m }
}
