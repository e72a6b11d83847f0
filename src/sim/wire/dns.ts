/** Domain names: messages. RFC 1035 §4; AAAA RFC 3596, SRV RFC 2782, OPT RFC 6891. Names without the final dot; `''` is the root. */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import { read16, read32, write16 } from './bytes.ts'
import type { Ipv4Address, Ipv6Address } from './frame.ts'
import { ipv6FromBytes, ipv6ToBytes } from './ipv6-address.ts'

export const DNS_TYPES = new Map([
  ['A', 1],
  ['NS', 2],
  ['CNAME', 5],
  ['SOA', 6],
  ['PTR', 12],
  ['HINFO', 13],
  ['MX', 15],
  ['TXT', 16],
  ['RP', 17],
  ['AFSDB', 18],
  ['AAAA', 28],
  ['LOC', 29],
  ['SRV', 33],
  ['NAPTR', 35],
  ['CERT', 37],
  ['DNAME', 39],
  ['OPT', 41],
  ['DS', 43],
  ['SSHFP', 44],
  ['RRSIG', 46],
  ['NSEC', 47],
  ['DNSKEY', 48],
  ['NSEC3', 50],
  ['NSEC3PARAM', 51],
  ['TLSA', 52],
  ['SMIMEA', 53],
  ['CDS', 59],
  ['CDNSKEY', 60],
  ['OPENPGPKEY', 61],
  ['SVCB', 64],
  ['HTTPS', 65],
  ['SPF', 99],
  ['IXFR', 251],
  ['AXFR', 252],
  ['ANY', 255],
  ['URI', 256],
  ['CAA', 257],
])
export const DNS_CLASSES = new Map([
  ['IN', 1],
  ['CH', 3],
  ['CHAOS', 3],
  ['HS', 4],
  ['HESIOD', 4],
  ['NONE', 254],
  ['ANY', 255],
])

/** `MX`, `type15`; null: no such type. RFC 3597 §5 */
export function parseDnsType(text: string): number | null {
  const number = /^TYPE(\d{1,5})$/i.exec(text)?.[1]
  if (number !== undefined && Number(number) <= 0xffff) return Number(number)
  return DNS_TYPES.get(text.toUpperCase()) ?? null
}

export function parseDnsClass(text: string): number | null {
  const number = /^CLASS(\d{1,5})$/i.exec(text)?.[1]
  if (number !== undefined && Number(number) <= 0xffff) return Number(number)
  return DNS_CLASSES.get(text.toUpperCase()) ?? null
}
export const RCODE_NOERROR = 0
export const RCODE_SERVFAIL = 2
export const RCODE_NXDOMAIN = 3
export const RCODE_REFUSED = 5

export interface DnsMessage {
  readonly id: number
  readonly response: boolean
  readonly opcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  readonly authenticData: boolean
  readonly checkingDisabled: boolean
  readonly rcode: number
  readonly questions: readonly DnsQuestion[]
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

export interface DnsQuestion {
  readonly name: string
  readonly type: number
  readonly class: number
}

export interface DnsRecord {
  readonly name: string
  readonly type: number
  readonly class: number
  readonly ttl: number
  readonly data: DnsData
}

export type DnsData =
  | { readonly kind: 'address'; readonly address: Ipv4Address }
  | { readonly kind: 'address6'; readonly address: Ipv6Address }
  /** CNAME, NS, PTR. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'text'; readonly text: readonly string[] }
  | {
      readonly kind: 'service'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }

const FLAGS = [
  ['response', 0x8000],
  ['authoritative', 0x0400],
  ['truncated', 0x0200],
  ['recursionDesired', 0x0100],
  ['recursionAvailable', 0x0080],
  ['authenticData', 0x0020],
  ['checkingDisabled', 0x0010],
] as const

function push16(bytes: number[], value: number): void {
  bytes.push((value >>> 8) & 255, value & 255)
}

/** Writes a name; `known` (lower-case name → offset) null: without compression (RFC 1035 §4.1.4). */
function pushName(bytes: number[], name: string, known: Map<string, number> | null): void {
  let rest = name
  while (rest !== '') {
    const at = known?.get(rest.toLowerCase())
    if (at !== undefined) {
      push16(bytes, 0xc000 | at)
      return
    }
    if (bytes.length < 0x4000) known?.set(rest.toLowerCase(), bytes.length)
    const dot = rest.indexOf('.')
    const label = encodeUtf8(dot < 0 ? rest : rest.slice(0, dot)).subarray(0, 63)
    bytes.push(label.length, ...label)
    rest = dot < 0 ? '' : rest.slice(dot + 1)
  }
  bytes.push(0)
}

function emitData(data: DnsData): number[] {
  const bytes: number[] = []
  switch (data.kind) {
    case 'address':
      push16(bytes, data.address >>> 16)
      push16(bytes, data.address & 0xffff)
      break
    case 'address6':
      bytes.push(...ipv6ToBytes(data.address))
      break
    case 'name':
      pushName(bytes, data.name, null)
      break
    case 'text':
      for (const text of data.text) {
        const part = encodeUtf8(text).subarray(0, 255)
        bytes.push(part.length, ...part)
      }
      break
    case 'service':
      push16(bytes, data.priority)
      push16(bytes, data.weight)
      push16(bytes, data.port)
      pushName(bytes, data.target, null)
      break
    default:
      bytes.push(...data.bytes)
  }
  return bytes
}

function pushRecord(bytes: number[], record: DnsRecord, known: Map<string, number> | null): void {
  pushName(bytes, record.name, known)
  push16(bytes, record.type)
  push16(bytes, record.class)
  push16(bytes, record.ttl >>> 16)
  push16(bytes, record.ttl & 0xffff)
  const data = emitData(record.data)
  push16(bytes, data.length)
  bytes.push(...data)
}

/** Owner names are compressed, names inside records are not. */
export function emitDns(message: DnsMessage, compress = true): Uint8Array {
  const head = new Uint8Array(12)
  write16(head, 0, message.id)
  let flags = (message.opcode << 11) | message.rcode
  for (const [name, bit] of FLAGS) if (message[name]) flags |= bit
  write16(head, 2, flags)
  const sections = [message.answers, message.authorities, message.additionals]
  write16(head, 4, message.questions.length)
  for (const [i, section] of sections.entries()) write16(head, 6 + 2 * i, section.length)
  const bytes = Array.from(head)
  const known = compress ? new Map<string, number>() : null
  for (const question of message.questions) {
    pushName(bytes, question.name, known)
    push16(bytes, question.type)
    push16(bytes, question.class)
  }
  for (const record of sections.flat()) pushRecord(bytes, record, known)
  return Uint8Array.from(bytes)
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

class Malformed extends Error {}

function take(cursor: Cursor, length: number): number {
  const at = cursor.at
  if (at + length > cursor.bytes.length) throw new Malformed()
  cursor.at += length
  return at
}

/** A pointer must point back, so the loop ends. */
function readName(cursor: Cursor): string {
  const labels: string[] = []
  let end: number | null = null
  let limit = cursor.at
  for (;;) {
    const length = cursor.bytes[take(cursor, 1)]!
    if (length === 0) break
    if ((length & 0xc0) === 0xc0) {
      const target = ((length & 0x3f) << 8) | cursor.bytes[take(cursor, 1)]!
      end ??= cursor.at
      if (target >= limit) throw new Malformed()
      limit = target
      cursor.at = target
    } else if (length > 63) throw new Malformed()
    else {
      const at = take(cursor, length)
      labels.push(decodeUtf8(cursor.bytes.subarray(at, at + length)))
    }
  }
  if (end !== null) cursor.at = end
  return labels.join('.')
}

function readData(cursor: Cursor, type: number, length: number): DnsData {
  const bytes = cursor.bytes
  const start = cursor.at
  if (start + length > bytes.length) throw new Malformed()
  if (type === 1 && length === 4) return { kind: 'address', address: read32(bytes, start) }
  if (type === 28 && length === 16)
    return { kind: 'address6', address: ipv6FromBytes(bytes.subarray(start, start + 16)) }
  if (type === 2 || type === 5 || type === 12) return { kind: 'name', name: readName(cursor) }
  if (type === 33 && length >= 7) {
    cursor.at += 6
    return {
      kind: 'service',
      priority: read16(bytes, start),
      weight: read16(bytes, start + 2),
      port: read16(bytes, start + 4),
      target: readName(cursor),
    }
  }
  if (type === 16) {
    const text: string[] = []
    for (let at = start; at < start + length; at += 1 + bytes[at]!)
      text.push(decodeUtf8(bytes.subarray(at + 1, at + 1 + bytes[at]!)))
    return { kind: 'text', text }
  }
  return { kind: 'raw', bytes: bytes.slice(start, start + length) }
}

function readRecord(cursor: Cursor): DnsRecord {
  const name = readName(cursor)
  const at = take(cursor, 10)
  const bytes = cursor.bytes
  const type = read16(bytes, at)
  const length = read16(bytes, at + 8)
  const start = cursor.at
  const data = readData(cursor, type, length)
  cursor.at = start + length
  return { name, type, class: read16(bytes, at + 2), ttl: read32(bytes, at + 4), data }
}

export function parseDns(bytes: Uint8Array): DnsMessage | null {
  try {
    return readMessage({ bytes, at: 0 })
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

function readMessage(cursor: Cursor): DnsMessage {
  const bytes = cursor.bytes
  take(cursor, 12)
  const flags = read16(bytes, 2)
  const questions: DnsQuestion[] = []
  for (let i = 0; i < read16(bytes, 4); i++) {
    const name = readName(cursor)
    const at = take(cursor, 4)
    questions.push({ name, type: read16(bytes, at), class: read16(bytes, at + 2) })
  }
  const section = (at: number): DnsRecord[] =>
    Array.from({ length: read16(bytes, at) }, () => readRecord(cursor))
  const bit = (mask: number): boolean => (flags & mask) !== 0
  return {
    id: read16(bytes, 0),
    response: bit(0x8000),
    opcode: (flags >>> 11) & 15,
    authoritative: bit(0x0400),
    truncated: bit(0x0200),
    recursionDesired: bit(0x0100),
    recursionAvailable: bit(0x0080),
    authenticData: bit(0x0020),
    checkingDisabled: bit(0x0010),
    rcode: flags & 15,
    questions,
    answers: section(6),
    authorities: section(8),
    additionals: section(10),
  }
}

/** A question as a stub resolver asks it. */
export function dnsQuery(id: number, name: string, type: number): DnsMessage {
  return {
    id,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled: false,
    rcode: 0,
    questions: [{ name, type, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [],
  }
}

/** RFC 3596 §2.5. */
export function reverseName6(address: Ipv6Address): string {
  const digits = [...ipv6ToBytes(address)].flatMap((byte) => [byte >> 4, byte & 15])
  return `${digits
    .reverse()
    .map((digit) => digit.toString(16))
    .join('.')}.ip6.arpa`
}

/** `10.113.0.203.in-addr.arpa`. RFC 1035 §3.5. */
export function reverseName(address: Ipv4Address): string {
  return `${address & 255}.${(address >>> 8) & 255}.${(address >>> 16) & 255}.${address >>> 24}.in-addr.arpa`
}
