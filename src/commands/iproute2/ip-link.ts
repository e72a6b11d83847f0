/** `ip link`: show, add, set, delete. ip/{ipaddress,iplink}.c */

import { briefLinkFields, type LinkStyle, linkFields } from '../../render/iproute2/link.ts'
import { describeLinks, type LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { deleteLink } from '../../sim/kernel/netlink/link.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip, nameOfNamespace, show } from './environment.ts'
import { addLinkCommand } from './ip-link-add.ts'
import { linkProperty } from './ip-link-property.ts'
import { setLinkCommand } from './ip-link-set.ts'
import { groupWord } from './link-words.ts'
import { LINK_USAGE } from './usage.ts'
import {
  cannotFind,
  deviceOr,
  doesNotExist,
  duplicate,
  GiveUp,
  matches,
  missing,
  noSuchMaster,
  Words,
} from './words.ts'

export function ipLink(ip: Ip, words: Words): number {
  if (!words.more) return showLinks(ip, words)
  const verb = words.take()
  if (matches(verb, 'add')) return addLinkCommand(ip, words)
  if (matches(verb, 'set', 'change')) return setLinkCommand(ip, words)
  if (matches(verb, 'replace')) return replaceCommand(ip, words)
  if (matches(verb, 'delete')) return deleteCommand(ip, words)
  if (matches(verb, 'show', 'lst', 'list')) return showLinks(ip, words)
  if (matches(verb, 'property')) return linkProperty(ip, words)
  if (matches(verb, 'xstats', 'afstats')) return notModelled(ip.context, `ip link ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(LINK_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "ip link help".\n`, 255)
}

/** Makes the device or, if it is there, changes it; the kind has to be said either way. */
function replaceCommand(ip: Ip, words: Words): number {
  const rest = words.rest()
  const at = rest.findIndex((word) => matches(word, 'type') && word.length > 1)
  if (at < 0) throw new GiveUp('Not enough information: "type" argument is required\n', 1)
  const name = rest[0] === 'name' || rest[0] === 'dev' ? rest[1] : rest[0]
  const isThere = [...ip.netns.links.values()].some((link) => link.name === name)
  if (!isThere) return addLinkCommand(ip, words)
  return at > 1 ? setLinkCommand(ip, new Words(rest.slice(0, at))) : 0
}

function deleteCommand(ip: Ip, words: Words): number {
  let name: string | null = null
  while (words.more) {
    const word = words.take()
    if (word === 'type') {
      words.value()
      break
    }
    const given = word === 'dev' ? words.value() : word
    if (name !== null) throw duplicate('dev', given)
    name = given
  }
  if (name === null) throw missing('dev')
  const link = deviceOr(ip.netns, name, cannotFind)
  return change(ip, () => deleteLink(ip.context.world, ip.netns, link))
}

/** What both `ip link show` and `ip addr show` select devices by. */
export interface LinkFilter {
  device: string | null
  up: boolean
  master: number | null
  noMaster: boolean
  kind: string | null
  group: number | null
}

export function emptyFilter(): LinkFilter {
  return { device: null, up: false, master: null, noMaster: false, kind: null, group: null }
}

/** Reads one word of a selector; a word that is no keyword names the device. */
export function readSelector(ip: Ip, filter: LinkFilter, word: string, words: Words): void {
  if (word === 'up') filter.up = true
  else if (word === 'master') filter.master = masterWord(ip, words.value())
  else if (word === 'nomaster') filter.noMaster = true
  else if (word === 'vrf') throw new GiveUp(`Not a valid VRF name\n`, 255)
  else if (word === 'type') filter.kind = words.value()
  else if (word === 'group') filter.group = groupWord(words.value())
  else {
    const name = word === 'dev' ? words.value() : word
    if (filter.device !== null) throw duplicate('dev', name)
    filter.device = name
  }
}

function masterWord(ip: Ip, name: string): number {
  return deviceOr(ip.netns, name, noSuchMaster).ifindex
}

export function selectLinks(ip: Ip, filter: LinkFilter): LinkRow[] {
  const rows = describeLinks(ip.context.world, ip.netns)
  if (filter.device !== null) {
    const link = deviceOr(ip.netns, filter.device, doesNotExist)
    return rows.filter((row) => row.ifindex === link.ifindex && passes(row, filter))
  }
  return rows.filter((row) => passes(row, filter))
}

function passes(row: LinkRow, filter: LinkFilter): boolean {
  if (filter.up && !row.up) return false
  if (filter.master !== null && row.masterIfindex !== filter.master) return false
  if (filter.noMaster && row.masterIfindex !== null) return false
  if (filter.group !== null && row.group !== filter.group) return false
  return filter.kind === null || isKind(row, filter.kind)
}

function isKind(row: LinkRow, kind: string): boolean {
  if (kind === 'bridge_slave') return row.port !== null
  if (row.kind === 'tunnel') return kind === (row.linkType === 'ipip' ? 'ipip' : 'ip6tnl')
  return row.kind === kind && kind !== 'loopback' && kind !== 'physical'
}

export function linkStyle(ip: Ip, isLink: boolean): LinkStyle {
  return {
    color: ip.options.color && !ip.options.json,
    details: ip.options.details,
    statistics: ip.options.statistics,
    isLink,
    family: isLink ? 'link' : ip.options.family,
    reduced: false,
    altNames: (ifindex) => ip.netns.links.get(ifindex)?.altNames ?? [],
    netnsName: (inode) => nameOfNamespace(ip.context, inode),
  }
}

function showLinks(ip: Ip, words: Words): number {
  const filter = emptyFilter()
  while (words.more) readSelector(ip, filter, words.take(), words)
  const rows = selectLinks(ip, filter)
  if (ip.options.brief) {
    return show(
      ip,
      rows.map((row) => briefLinkFields(row, ip.options.color)),
    )
  }
  const style = linkStyle(ip, true)
  return show(
    ip,
    rows.map((row) => linkFields(row, style)),
  )
}
