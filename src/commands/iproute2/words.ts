/** Words of a command line as iproute2 reads them: abbreviations, `NEXT_ARG`, and its ways to give up. lib/utils.c */

import type { Link } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'

/** exit(3) in the middle of reading: what is printed on stderr, and the status. */
export class GiveUp extends Error {
  readonly status: number
  constructor(text: string, status: number) {
    super(text)
    this.status = status
  }
}

export class Words {
  readonly list: readonly string[]
  at = 0
  constructor(list: readonly string[]) {
    this.list = list
  }
  get more(): boolean {
    return this.at < this.list.length
  }
  peek(): string {
    return this.list[this.at] ?? ''
  }
  take(): string {
    return this.list[this.at++] ?? ''
  }
  /** NEXT_ARG: the value of a keyword. */
  value(): string {
    if (!this.more) throw new GiveUp('Command line is not complete. Try option "help"\n', 255)
    return this.take()
  }
  rest(): readonly string[] {
    return this.list.slice(this.at)
  }
}

/** `matches()`: any beginning of the keyword. */
export function matches(word: string, ...keywords: string[]): boolean {
  return word !== '' && keywords.some((keyword) => keyword.startsWith(word))
}

export const invalid = (message: string, word: string): GiveUp =>
  new GiveUp(`Error: argument "${word}" is wrong: ${message}\n`, 255)

export const duplicate = (key: string, word: string): GiveUp =>
  new GiveUp(`Error: either "${key}" is duplicate, or "${word}" is a garbage.\n`, 255)

export const missing = (key: string, status = 255): GiveUp =>
  new GiveUp(`Not enough information: "${key}" argument is required.\n`, status)

export function numberWord(word: string, message: string): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(word) ? Number(word) : Number.NaN
  if (!Number.isFinite(value)) throw invalid(message, word)
  return value
}

export function onOff(words: Words, key: string): boolean {
  const word = words.value()
  if (word === 'on') return true
  if (word === 'off') return false
  throw new GiveUp(`Error: argument of "${key}" must be "on" or "off", not "${word}"\n`, 1)
}

export function deviceOr(netns: NetNamespace, name: string, refusal: (name: string) => GiveUp): Link {
  const link = findLink(netns, name) ?? byAltName(netns, name) ?? byIndexName(netns, name)
  if (link === undefined) throw refusal(name)
  return link
}

function byAltName(netns: NetNamespace, name: string): Link | undefined {
  for (const link of netns.links.values()) if (link.altNames?.includes(name) === true) return link
  return undefined
}

/** `if4` stands for the device with that number (ll_name_to_index). */
function byIndexName(netns: NetNamespace, name: string): Link | undefined {
  const number = /^if(\d+)$/.exec(name)
  return number === null ? undefined : netns.links.get(Number(number[1]))
}

export const cannotFind = (name: string): GiveUp => new GiveUp(`Cannot find device "${name}"\n`, 1)
export const doesNotExist = (name: string): GiveUp => new GiveUp(`Device "${name}" does not exist.\n`, 1)
export const noSuchMaster = (name: string): GiveUp =>
  new GiveUp(`Error: argument "${name}" is wrong: Device does not exist\n\n`, 255)

export interface PrefixWord {
  readonly address: number
  readonly length: number
  readonly hasLength: boolean
}

/** `get_prefix`: shortened addresses are filled up with zeros (`10/8`). */
export function prefixWord(word: string): PrefixWord {
  const found = tryPrefix(word)
  if (found === null) {
    throw new GiveUp(`Error: any valid prefix is expected rather than "${word}".\n`, 1)
  }
  return found
}

export function tryPrefix(word: string): PrefixWord | null {
  if (word === 'default' || word === 'any' || word === 'all')
    return { address: 0, length: 0, hasLength: true }
  const [text, lengthText] = word.split('/')
  const address = parseShort(text ?? '')
  if (address === null || word.split('/').length > 2) return null
  if (lengthText === undefined) return { address, length: 32, hasLength: false }
  const mask = lengthText.includes('.') ? parseIpv4(lengthText) : null
  const length = mask === null ? (/^\d+$/.test(lengthText) ? Number(lengthText) : -1) : maskLength(mask)
  return length < 0 || length > 32 ? null : { address, length, hasLength: true }
}

function maskLength(mask: number): number {
  const bits = mask.toString(2).padStart(32, '0')
  return /^1*0*$/.test(bits) ? bits.indexOf('0') % 33 : -1
}

function parseShort(text: string): number | null {
  if (!/^\d+(\.\d+){0,3}$/.test(text)) return null
  const parts = text.split('.')
  while (parts.length < 4) parts.push('0')
  return parseIpv4(parts.map((part) => String(Number(part))).join('.'))
}

export function addressWord(word: string): number {
  const found = parseShort(word)
  if (found === null) throw new GiveUp(`Error: inet address is expected rather than "${word}".\n`, 1)
  return found
}

export function isIpv6Word(word: string): boolean {
  return word.includes(':') && parseIpv6(word.split('/')[0] ?? '') !== null
}

export const TABLES: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 }

export function tableWord(word: string, message = 'table id value is invalid'): number {
  const known = TABLES[word]
  if (known !== undefined) return known
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(word)) throw invalid(`${message}\n`, word)
  return Number(word)
}
