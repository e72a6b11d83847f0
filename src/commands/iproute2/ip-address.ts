/** `ip address show`: which devices and which of their addresses. ip/ipaddress.c */

import { type AnyAddress, addressFields, briefAddressFields } from '../../render/iproute2/address.ts'
import { Fields } from '../../render/iproute2/fields.ts'
import { linkFields } from '../../render/iproute2/link.ts'
import { addStatistics } from '../../render/iproute2/link-statistics.ts'
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { networkOf } from '../../sim/wire/ipv4-address.ts'
import { notModelled } from '../not-modelled.ts'
import { type Ip, show } from './environment.ts'
import { flushAddressCommand, modifyAddress } from './ip-address-modify.ts'
import { emptyFilter, type LinkFilter, linkStyle, readSelector, selectLinks } from './ip-link.ts'
import { ADDRESS_USAGE } from './usage.ts'
import { GiveUp, invalid, matches, prefixWord, type Words } from './words.ts'

export function ipAddress(ip: Ip, words: Words): number {
  if (!words.more) return showAddresses(ip, words)
  const verb = words.take()
  if (matches(verb, 'add')) return modifyAddress(ip, words, 'add')
  if (matches(verb, 'change', 'chg')) return modifyAddress(ip, words, 'change')
  if (matches(verb, 'replace')) return modifyAddress(ip, words, 'replace')
  if (matches(verb, 'delete')) return modifyAddress(ip, words, 'delete')
  if (matches(verb, 'show', 'lst', 'list')) return showAddresses(ip, words)
  if (matches(verb, 'flush')) return flushAddressCommand(ip, words)
  if (matches(verb, 'save', 'showdump', 'restore')) return notModelled(ip.context, `ip address ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(ADDRESS_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "ip address help".\n`, 255)
}

export interface AddressFilter extends LinkFilter {
  scope: string | null
  label: string | null
  to: { address: number; length: number } | null
  secondary: boolean | null
  /** `dynamic`, `tentative`, `deprecated` … of which none is set here but `tentative`. */
  flag: string | null
}

const FLAGS = ['dynamic', 'tentative', 'deprecated', 'dadfailed', 'temporary', 'mngtmpaddr', 'home', 'nodad']

export function readAddressFilter(ip: Ip, words: Words): AddressFilter {
  const filter: AddressFilter = {
    ...emptyFilter(),
    scope: null,
    label: null,
    to: null,
    secondary: null,
    flag: null,
  }
  while (words.more) {
    const word = words.take()
    if (word === 'to') filter.to = prefixWord(words.value())
    else if (word === 'scope') filter.scope = scopeWord(words.value())
    else if (word === 'label') filter.label = words.value()
    else if (word === 'secondary' || word === 'primary') filter.secondary = word === 'secondary'
    else if (word === 'permanent' || word === 'noprefixroute' || word === 'autojoin') continue
    else if (FLAGS.includes(word)) filter.flag = word
    else readSelector(ip, filter, word, words)
  }
  return filter
}

function scopeWord(word: string): string | null {
  if (word === 'all') return null
  if (!['global', 'link', 'host'].includes(word)) throw invalid('invalid "scope"\n', word)
  return word
}

export function addressesOf(ip: Ip, row: LinkRow, filter: AddressFilter): AnyAddress[] {
  const all: AnyAddress[] = [
    ...row.addresses.map((own) => ({ family: 4 as const, own })),
    ...row.addresses6.map((own) => ({ family: 6 as const, own })),
  ]
  return all.filter((one) => selects(ip, row.name, one, filter))
}

function selects(ip: Ip, device: string, one: AnyAddress, filter: AddressFilter): boolean {
  const { family } = ip.options
  if (family !== null && family !== one.family) return false
  if (filter.scope !== null && one.own.scope !== filter.scope) return false
  if (filter.flag !== null && !(filter.flag === 'tentative' && one.family === 6 && one.own.tentative))
    return false
  const label = one.family === 4 ? one.own.label : device
  if (filter.label !== null && !globMatches(filter.label, label)) return false
  if (one.family === 6) return filter.to === null && filter.secondary !== true
  if (filter.secondary !== null && one.own.secondary !== filter.secondary) return false
  const { to } = filter
  return to === null || networkOf(one.own.address, to.length) === networkOf(to.address, to.length)
}

function globMatches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(text)
}

/** Devices without any address are left out where a family is asked for, and where what they have was not. */
function isShown(ip: Ip, row: LinkRow, chosen: readonly AnyAddress[]): boolean {
  if (chosen.length > 0) return true
  const has = row.addresses.length + row.addresses6.length > 0
  return !has && (ip.options.family === null || ip.options.family === 'link')
}

function showAddresses(ip: Ip, words: Words): number {
  const filter = readAddressFilter(ip, words)
  const selectsByPrefix = filter.to !== null
  const options = { ...ip.options, family: ip.options.family ?? (selectsByPrefix ? (4 as const) : null) }
  const one: Ip = { ...ip, options }
  const rows = selectLinks(one, filter)
    .map((row) => ({ row, chosen: options.family === 'link' ? [] : addressesOf(one, row, filter) }))
    .filter(({ row, chosen }) => isShown(one, row, chosen))
  return show(
    one,
    rows.flatMap(({ row, chosen }) => fieldsOf(one, row, chosen, filter)),
  )
}

/** inet6_fill_ifinfo: of other namespaces nothing is said, so a number is looked up here; the device's own is left out. */
function asInet6Knows(ip: Ip, row: LinkRow): LinkRow {
  if (row.link === null || row.link === row.ifindex)
    return { ...row, link: null, linkHere: null, linkNetnsId: null, linkNetns: null }
  const here = ip.netns.links.get(row.link)
  const linkHere = here === undefined ? null : { name: here.name, up: here.up }
  return { ...row, linkHere, linkNetnsId: null, linkNetns: null }
}

function fieldsOf(ip: Ip, row: LinkRow, chosen: readonly AnyAddress[], filter: AddressFilter): Fields[] {
  const color = ip.options.color && !ip.options.json
  const isReduced = ip.options.family === 6 && filter.device === null
  const shown = isReduced ? asInet6Knows(ip, row) : row
  if (ip.options.brief) return [briefAddressFields(shown, chosen, color)]
  const lines = chosen.map((one) => addressFields(one, color, ip.context.world.nowUs))
  if (ip.options.oneline && !ip.options.json && ip.options.family !== 'link') {
    return lines.map((line) => new Fields(color).put(`${row.ifindex}: ${row.name}`).put(line.text))
  }
  const statistics = filter.label === null ? linkStyle(ip, false).statistics : 0
  const style = { ...linkStyle(ip, false), statistics, reduced: isReduced }
  const head =
    filter.label === null || ip.options.json
      ? linkFields(shown, { ...style, statistics: 0 })
      : new Fields(color)
  if (ip.options.family !== 'link') head.only('addr_info', lines.map((line) => line.json) as never)
  head.put(lines.map((line) => line.text).join(''))
  if (style.statistics > 0) addStatistics(head, row, style.statistics > 1)
  return [head]
}
