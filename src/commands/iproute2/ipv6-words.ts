/** IPv6 addresses and prefixes among the words of a command line. lib/utils.c get_prefix, get_addr */
import type { Prefix6 } from '../../sim/kernel/ipv6/prefix.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import type { IpOptions } from './environment.ts'
import { GiveUp } from './words.ts'

export interface Prefix6Word extends Prefix6 {
  readonly hasLength: boolean
}

export function tryPrefix6(word: string): Prefix6Word | null {
  if (word === 'default' || word === 'any' || word === 'all')
    return { address: '::', length: 0, hasLength: true }
  const [text = '', lengthText, ...more] = word.split('/')
  const address = text.includes(':') ? parseIpv6(text) : null
  if (address === null || more.length > 0) return null
  if (lengthText === undefined) return { address, length: 128, hasLength: false }
  const length = /^\d+$/.test(lengthText) ? Number(lengthText) : 129
  return length > 128 ? null : { address, length, hasLength: true }
}

export function prefix6Word(word: string): Prefix6Word {
  const found = tryPrefix6(word)
  if (found === null) throw notExpected(6, 'prefix', word)
  return found
}

export function address6Word(word: string): string {
  const found = word.includes(':') ? parseIpv6(word) : null
  if (found === null) throw notExpected(6, 'address', word)
  return found
}

export function notExpected(family: IpOptions['family'], what: 'prefix' | 'address', word: string): GiveUp {
  const name = family === 6 ? 'inet6' : family === 4 ? 'inet' : 'any valid'
  return new GiveUp(`Error: ${name} ${what} is expected rather than "${word}".\n`, 1)
}
