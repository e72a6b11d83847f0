/** Messages and records as BIND prints them: columns of a master file, header lines. bind9 lib/dns/{masterdump,message}.c */
import type { DigStyle } from '../../sim/process/dns-client.ts'
import {
  DNS_CLASSES,
  DNS_TYPES,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
} from '../../sim/wire/dns.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'

export const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

function nameOf(names: ReadonlyMap<string, number>, wanted: number, otherwise: string): string {
  for (const [name, number] of names) if (number === wanted) return name
  return `${otherwise}${wanted}`
}

export function typeName(type: number): string {
  return nameOf(DNS_TYPES, type, 'TYPE')
}

export function className(number: number): string {
  return nameOf(DNS_CLASSES, number, 'CLASS')
}

export function dataText({ data }: DnsRecord): string {
  switch (data.kind) {
    case 'address':
      return formatIpv4(data.address)
    case 'address6':
      return data.address
    case 'name':
      return `${data.name}.`
    case 'text':
      return data.text.map((text) => `"${text}"`).join(' ')
    case 'service':
      return `${data.priority} ${data.weight} ${data.port} ${data.target}.`
    default:
      return `\\# ${data.bytes.length}`
  }
}

/** Words at columns: tabs up to a stop, then blanks, at least one. masterdump.c: indent */
function atColumns(words: readonly (readonly [number, string])[]): string {
  let text = ''
  let column = 0
  for (const [stop, word] of words) {
    if (text !== '') {
      const to = Math.max(stop, column + 1)
      const tabs = Math.floor(to / 8) - Math.floor(column / 8)
      text += '\t'.repeat(tabs) + ' '.repeat(to - (tabs > 0 ? Math.floor(to / 8) * 8 : column))
      column = to
    }
    text += word
    column += word.length
  }
  return `${text}\n`
}

/** Columns of ttl, class, type, data. */
function stops(style: DigStyle): readonly [number, number, number, number] {
  if (style.multiline || (style.noTtl && style.noClass)) return [24, 24, 24, 32]
  return style.noTtl || style.noClass ? [24, 24, 32, 40] : [24, 32, 40, 48]
}

const UNITS = [
  ['w', 604_800],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const

function ttlText(ttl: number, style: DigStyle): string {
  if (!style.ttlUnits) return String(ttl)
  let rest = ttl
  let text = ''
  for (const [unit, seconds] of UNITS) {
    if (rest >= seconds) text += `${Math.floor(rest / seconds)}${unit}`
    rest %= seconds
  }
  return text === '' || rest > 0 ? `${text}${rest}s` : text
}

export function recordLine(record: DnsRecord, style: DigStyle): string {
  const [ttl, kind, type, data] = stops(style)
  const words: [number, string][] = [[0, `${record.name}.`]]
  if (!style.noTtl) words.push([ttl, ttlText(record.ttl, style)])
  if (!style.noClass) words.push([kind, className(record.class)])
  return atColumns([...words, [type, typeName(record.type)], [data, dataText(record)]])
}

export function questionLine(question: DnsQuestion, style: DigStyle): string {
  const [, kind, type] = stops(style)
  const words: [number, string][] = [[0, `;${question.name}.`]]
  if (!style.noClass) words.push([kind, className(question.class)])
  return atColumns([...words, [type, typeName(question.type)]])
}

export function headerLines(message: DnsMessage): string {
  const flags = [
    message.response ? 'qr' : '',
    message.authoritative ? 'aa' : '',
    message.truncated ? 'tc' : '',
    message.recursionDesired ? 'rd' : '',
    message.recursionAvailable ? 'ra' : '',
    message.authenticData ? 'ad' : '',
    message.checkingDisabled ? 'cd' : '',
  ].filter((flag) => flag !== '')
  const counts = `QUERY: ${message.questions.length}, ANSWER: ${message.answers.length}, AUTHORITY: ${message.authorities.length}, ADDITIONAL: ${message.additionals.length}`
  const shown = flags.map((flag) => ` ${flag}`).join('')
  return `;; ->>HEADER<<- opcode: QUERY, status: ${RCODES[message.rcode] ?? message.rcode}, id: ${message.id}\n;; flags:${shown}; ${counts}\n`
}
