/** `ip link` and the device lines of `ip addr`: ip/ipaddress.c print_linkinfo, print_linkinfo_brief (6.1.0). */
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { Fields } from './fields.ts'
import { addLinkDetails } from './link-details.ts'
import { addStatistics } from './link-statistics.ts'

export interface LinkStyle {
  readonly color: boolean
  readonly details: boolean
  /** How often `-s` was given. */
  readonly statistics: number
  /** `ip link`: link mode is said. */
  readonly isLink: boolean
  /** `-6` and `-4` leave the hardware address out; a dump of `-6` knows less of the device. */
  readonly family: 4 | 6 | 'link' | null
  readonly reduced: boolean
  /** Further names of a device. */
  readonly altNames: (ifindex: number) => readonly string[]
  /** Name of a namespace by its inode, where `/run/netns` has one. */
  readonly netnsName: (inode: number) => string | null
}

/** `eth0@if5`: what is below or opposite; `M-DOWN` when that is down. */
export function opposite(row: LinkRow): { readonly suffix: string; readonly down: boolean } {
  if (row.link === null) return { suffix: '', down: false }
  if (row.link === 0) return { suffix: '@NONE', down: false }
  if (row.linkNetnsId !== null || row.linkHere === null) return { suffix: `@if${row.link}`, down: false }
  return { suffix: `@${row.linkHere.name}`, down: !row.linkHere.up }
}

export function addName(fields: Fields, row: LinkRow, format: (name: string) => string): void {
  const { suffix } = opposite(row)
  if (row.link === 0) fields.only('link', null)
  else if (row.link !== null && suffix.startsWith('@if') && row.linkNetnsId !== null) {
    fields.only('link_index', row.link)
  } else if (row.link !== null) fields.only('link', suffix.slice(1))
  fields.add('ifname', row.name, format(row.name + suffix), 'name')
}

export function addFlags(fields: Fields, row: LinkRow): void {
  const flags = opposite(row).down ? [...row.flags, 'M-DOWN'] : row.flags
  fields.add('flags', flags, `<${flags.join(',')}> `)
}

export function stateColor(state: string): 'up' | 'down' | undefined {
  if (state === 'UP') return 'up'
  return state === 'DOWN' ? 'down' : undefined
}

export function linkFields(row: LinkRow, style: LinkStyle): Fields {
  const fields = new Fields(style.color)
  fields.add('ifindex', row.ifindex, `${row.ifindex}: `)
  addName(fields, row, (name) => `${name}: `)
  addFlags(fields, row)
  fields.add('mtu', row.mtu, `mtu ${row.mtu} `)
  if (!style.reduced) fields.add('qdisc', row.qdisc, `qdisc ${row.qdisc} `)
  if (!style.reduced && row.master !== null) fields.add('master', row.master, `master ${row.master} `)
  fields.put('state ').add('operstate', row.state, `${row.state} `, stateColor(row.state))
  if (style.isLink) fields.add('linkmode', 'DEFAULT', 'mode DEFAULT ')
  if (!style.reduced) {
    const group = groupName(row.group)
    fields.add('group', group, `group ${group} `)
  }
  if (row.txQueueLength > 0) fields.add('txqlen', row.txQueueLength, `qlen ${row.txQueueLength}`)
  if (style.family === null || style.family === 'link' || style.details) addHardware(fields, row)
  if (!style.reduced) addNetns(fields, row, style)
  if (style.details) addLinkDetails(fields, row, style.isLink)
  if (row.alias !== null) fields.add('ifalias', row.alias, `\n    alias ${row.alias}`)
  addAltNames(fields, style.altNames(row.ifindex))
  if (style.statistics > 0) addStatistics(fields, row, style.statistics > 1)
  return fields.put('\n')
}

function addAltNames(fields: Fields, names: readonly string[]): void {
  if (names.length === 0) return
  fields.add('altnames', names, names.map((name) => `\n    altname ${name}`).join(''))
}

export function groupName(group: number): string {
  return group === 0 ? 'default' : String(group)
}

function addHardware(fields: Fields, row: LinkRow): void {
  fields.add('link_type', row.linkType, `\n    link/${row.linkType} `)
  fields.add('address', row.mac, row.mac, 'mac')
  fields.put(' brd ').add('broadcast', row.broadcast, row.broadcast, 'mac')
}

function addNetns(fields: Fields, row: LinkRow, style: LinkStyle): void {
  if (row.linkNetnsId === null) return
  const name = row.linkNetns === null ? null : style.netnsName(row.linkNetns)
  if (name !== null) fields.add('link_netns', name, ` link-netns ${name}`)
  else fields.add('link_netnsid', row.linkNetnsId, ` link-netnsid ${row.linkNetnsId}`)
}

/** `ip -br link`. */
export function briefLinkFields(row: LinkRow, color: boolean): Fields {
  const fields = briefHead(row, color)
  fields.add('address', row.mac, `${row.mac} `, 'mac')
  addFlags(fields, row)
  return fields.put('\n')
}

export function briefHead(row: LinkRow, color: boolean): Fields {
  const fields = new Fields(color)
  addName(fields, row, (name) => `${name.padEnd(16)} `)
  return fields.add('operstate', row.state, `${row.state.padEnd(14)} `, stateColor(row.state))
}
