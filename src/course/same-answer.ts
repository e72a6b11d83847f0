/**
 * Two answers that mean the same. How kindly is a matter of what is asked for: `172.17.0.3` may be typed with its
 * prefix length, `veth3a6d989` with the `@if15` that ip prints behind it, a MAC address in capitals, 8080 as 8080/tcp.
 */
import { formatIp, parseIp } from '../sim/wire/ip-address.ts'
import { parseMac } from '../sim/wire/mac-address.ts'
import type { Accepts } from './lesson.ts'

export const TYPED_AS = [
  'exact',
  'ignore-case',
  'interface-name',
  'address',
  'mac',
  'port',
  'number',
  'container',
  'chain',
] as const

export type TypedAs = (typeof TYPED_AS)[number] | Accepts

export function sameAnswer(accepts: TypedAs, given: string, answer: string): boolean {
  if (answer.trim() === '') return false
  if (accepts === 'address') return sameAddress(given, answer)
  return normal(accepts, given) === normal(accepts, answer)
}

function normal(accepts: TypedAs, text: string): string {
  const trimmed = text.trim()
  const plain = plainText(trimmed)
  switch (accepts) {
    case 'exact':
      return trimmed
    case 'interface-name':
      return plain
        .replace(/^dev(?:ice)? /, '')
        .replace(/@.*$/, '')
        .replace(/:$/, '')
    case 'mac':
      return macIn(plain)
    case 'port':
      return portIn(plain)
    case 'number':
      return numberIn(plain)
    case 'container':
      return plain.replace(/^(?:container )?\//, '').replace(/^container /, '')
    case 'chain':
      return plain.replace(/^(?:the )?chain /, '').replace(/^(?:filter|nat|mangle|raw)[ /:]+/, '')
    default:
      // As `iptables -L` and `-S` write it before a destination.
      return plain.replace(/^(?:--to-destination |to:)(?=\d)/, '')
  }
}

/** Blanks, capitals, quotation marks around it, a full stop at its end. */
function plainText(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^(["'`“‘])(.*)["'`”’]$/, '$2')
    .trim()
    .replace(/\.$/, '')
}

/** `0242.ac11.0003` as well. */
function macIn(text: string): string {
  const word = text.replace(/^mac:? /, '')
  const digits = /^([0-9a-f]{4})\.([0-9a-f]{4})\.([0-9a-f]{4})$/.exec(word)
  const joined = digits === null ? word : digits.slice(1).join('').match(/../g)!.join(':')
  return parseMac(joined.replaceAll(' ', ':')) ?? word
}

/** TCP when nothing is said. */
function portIn(text: string): string {
  const match = /^(?:port |:)?(\d{1,5})(?:(?: ?\/ ?| )(tcp|udp|sctp))?$/.exec(text)
  const behind = /^(tcp|udp|sctp)(?: ?\/ ?| )(?:port )?(\d{1,5})$/.exec(text)
  if (behind !== null) return `${Number(behind[2])}/${behind[1]}`
  return match === null ? text : `${Number(match[1])}/${match[2] ?? 'tcp'}`
}

const WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** `16`, `@if16`, `if16`, `0016`, `16.0`, `0x10`; `1,500`, `1 500`, `1500 bytes`; `three`. */
function numberIn(text: string): string {
  const word = WORDS.indexOf(text.replace(/ \S+$/, ''))
  if (word >= 0) return String(word)
  const hex = /^0x([0-9a-f]+)$/.exec(text)
  if (hex !== null) return String(Number.parseInt(hex[1]!, 16))
  const match =
    /^(?:@?if|no\.? |#|ttl ?= ?)?\+?(-?\d+|-?\d{1,3}(?:[ ,_'’]\d{3})+)(?:\.0*)?(?: ?[a-z%]+)?$/.exec(text)
  return match === null ? text : String(Number(match[1]!.replace(/[ ,_'’]/g, '')))
}

/** The prefix length may be left out; one that is given has to be right where it is known. */
function sameAddress(given: string, answer: string): boolean {
  const x = addressIn(given)
  const y = addressIn(answer)
  return x.address === y.address && (x.length === null || y.length === null || x.length === y.length)
}

function addressIn(text: string): { address: string; length: number | null } {
  const plain = plainText(text)
    .replace(/^(?:ip |address |subnet |network )+/, '')
    .replace(/ ?\/ ?/, '/')
    .replace(/(?<!:):$/, '')
  const [word = '', length] = plain.split('/')
  const address = parseIp(word)
  if (address === null) return { address: plain, length: null }
  return { address: formatIp(address), length: length === undefined ? null : Number(length) }
}
