// Random MAC addresses, and the bridge ids and IPv6 addresses that are made from them (RFC 4291 appendix A, §2.7.1).

import { suited } from '../unicode.ts'
import { digits, type Numbering } from './numbering.ts'

const MAC = /(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}(?![0-9A-Za-z:])/g
const IPV4 = /\d+\.\d+\.\d+\.\d+/g
const BRIDGE_ID = /\b([0-9a-f]{4}\.)([0-9a-f]{12})\b/g
const LINK_LOCAL = /(?:fe80|ff02)::[0-9a-f:]+/g

/** Replaces the MAC addresses of one line; one made from an IPv4 address of the transcript is not random. */
export function macReplacer(text: string, numbering: Numbering): (line: string) => string {
  const addresses = new Set(text.match(suited(IPV4, text)) ?? [])
  const number = (mac: readonly number[]) => numbering.number('mac', mac.join(':'))
  const endingIn = (end: readonly number[]) => {
    for (const [mac, n] of numbering.known('mac'))
      if (mac.split(':').slice(3).join(':') === end.join(':')) return n
    return undefined
  }

  const mac = (whole: string) => {
    const bytes = whole.split(':').map((part) => Number.parseInt(part, 16))
    if (bytes[0] === 0x33 && bytes[1] === 0x33 && bytes[2] === 0xff) {
      const n = endingIn(bytes.slice(3))
      return n === undefined ? whole : `33:33:ff:mc:${twoPairs(n)}`
    }
    return isFixed(bytes, addresses) ? whole : `ma:c0:00:00:${twoPairs(number(bytes))}`
  }

  const bridgeId = (whole: string, priority: string, hex: string) => {
    const bytes = (hex.match(/../g) ?? []).map((part) => Number.parseInt(part, 16))
    return isFixed(bytes, addresses) ? whole : `${priority}mac${digits(number(bytes), 9)}`
  }

  const linkLocal = (whole: string) => {
    const bytes = parseIpv6(whole)
    if (bytes === undefined) return whole
    if (bytes[0] === 0xfe && bytes[11] === 0xff && bytes[12] === 0xfe) {
      const made = [(bytes[8] ?? 0) ^ 2, ...bytes.slice(9, 11), ...bytes.slice(13)]
      return isFixed(made, addresses) ? whole : `fe80::mac:${digits(number(made), 4)}`
    }
    const n = isSolicitedNode(bytes) ? endingIn(bytes.slice(13)) : undefined
    return n === undefined ? whole : `ff02::mac:${digits(n, 4)}`
  }

  return (line) =>
    line.replace(suited(BRIDGE_ID, line), bridgeId).replace(MAC, mac).replace(LINK_LOCAL, linkLocal)
}

function twoPairs(n: number): string {
  return `${digits(Math.floor(n / 100), 2)}:${digits(n % 100, 2)}`
}

/** Not random: null, multicast, the lab's cards, and what is made from an IPv4 address. */
function isFixed(mac: readonly number[], addresses: ReadonlySet<string>): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = mac
  if (mac.every((byte) => byte === 0) || (a & 1) === 1) return true
  if (a === 0x52 && b === 0x54 && c === 0) return true
  if (a !== 0x02 || b !== 0x42) return false
  const privateRange = (c === 192 && d === 168) || (c === 172 && d >= 16 && d < 32)
  return privateRange || addresses.has(mac.slice(2).join('.'))
}

/** ff02::1:ff00:0/104 */
function isSolicitedNode(bytes: readonly number[]): boolean {
  return bytes.slice(0, 13).join(':') === '255:2:0:0:0:0:0:0:0:0:0:1:255'
}

/** The 16 bytes of an address that starts like `fe80::`, or undefined when it is none (RFC 4291 §2.2). */
function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::')
  const [high = '', low = ''] = halves
  const before = high.split(':')
  const after = low === '' ? [] : low.split(':')
  const groups = before.length + after.length
  if (halves.length !== 2 || groups > 7) return undefined
  if ([...before, ...after].some((group) => !/^[0-9a-f]{1,4}$/.test(group))) return undefined
  const all = [...before, ...new Array<string>(8 - groups).fill('0'), ...after]
  return all.flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}
