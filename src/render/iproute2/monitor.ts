/** Lines of `ip monitor` and `bridge monitor`. ip/ipmonitor.c, bridge/monitor.c, lib/utils.c print_timestamp (6.1.0). */

import type { NetlinkMessage } from '../../sim/kernel/netlink/changes.ts'
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import type { NeighborNote } from '../../sim/kernel/netlink/snapshot.ts'
import type { MonitorRow, MonitorStyle } from '../../sim/process/netlink-monitor.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { formatTime } from '../coreutils/strftime.ts'
import { type AnyAddress, addressFields } from './address.ts'
import { bridgeLinkFields, fdbFields } from './bridge.ts'
import { Fields } from './fields.ts'
import { addFlags, addName, briefHead, type LinkStyle, linkFields } from './link.ts'
import { neighborFields } from './neighbor.ts'
import { route6Fields, routeFields } from './route.ts'
import { ruleFields } from './rule.ts'

const BANNER: Readonly<Record<NetlinkMessage['kind'], string>> = {
  link: '[LINK]',
  port: '[LINK]',
  address: '[ADDR]',
  address6: '[ADDR]',
  route: '[ROUTE]',
  route6: '[ROUTE]',
  neighbor: '[NEIGH]',
  fdb: '[NEIGH]',
  rule: '[RULE]',
  netconf: '[NETCONF]',
  nsid: '[NSID]',
}

export function wordNetlinkMonitor(row: MonitorRow): string {
  const { message, style } = row
  const banner = style.banner ? BANNER[message.kind] : ''
  const deleted = message.deleted === true ? 'Deleted ' : ''
  const text = style.tool === 'bridge' ? bridgeText(row) : ipText(row)
  const whole = style.oneline ? `${text.replace(/\n$/, '').replaceAll('\n', '\\')}\n` : text
  return timestamp(row) + banner + deleted + whole
}

function timestamp({ style, wallUs }: MonitorRow): string {
  if (style.timestamp === 'none') return ''
  const micros = Math.floor(wallUs % 1_000_000)
  const ms = Math.floor(wallUs / 1000)
  if (style.timestamp === 'short')
    return `[${formatTime('%Y-%m-%dT%H:%M:%S', ms)}.${String(micros).padStart(6, '0')}] `
  return `Timestamp: ${formatTime('%a %b %e %H:%M:%S %Y', ms)} ${micros} usec\n`
}

function linkStyle(row: MonitorRow): LinkStyle {
  const { style } = row
  return {
    color: style.color,
    details: style.details,
    statistics: 0,
    isLink: false,
    family: null,
    reduced: false,
    altNames: () => [],
    netnsName: () => row.netnsName,
  }
}

function ipText(row: MonitorRow): string {
  const { message, style, device } = row
  switch (message.kind) {
    case 'link':
      return style.brief ? briefHead(message.row, style.color).text : linkText(row, message)
    case 'port':
      return style.brief ? briefHead(message.row, style.color).text : portText(message.row, style)
    case 'address':
      return addressText(message.ifindex, device, { family: 4, own: message.own }, style)
    case 'address6':
      return addressText(message.ifindex, device, { family: 6, own: message.own }, style)
    case 'route': {
      const { route, linkDown } = message
      const shown = { route, device: route.ifindex === null ? null : device, linkDown, dead: false }
      return routeFields(shown, routeStyle(style)).text
    }
    case 'route6': {
      const { route } = message
      const shown = { ...route, device, destination: row.destination6, from: null }
      return route6Fields(shown, routeStyle(style)).text
    }
    case 'neighbor':
      return neighborText(message.entry, device, style)
    case 'fdb': {
      const { mac, state } = message.row
      const shown = { permanent: 'PERMANENT', static: 'NOARP', '': 'REACHABLE' }[state]
      return style.brief ? `${device.padEnd(16)} ${mac}\n` : `dev ${device} lladdr ${mac} ${shown} \n`
    }
    case 'rule':
      return ruleFields(message.rule, style.color).text
    case 'netconf':
      return netconfText(message.family, device, message.deleted === true)
    case 'nsid':
      return `nsid ${message.id} ${row.netnsName === null ? '' : `(iproute2 netns name: ${row.netnsName})`}\n`
  }
}

const routeStyle = (style: MonitorStyle) => ({
  color: style.color,
  details: style.details,
  allTables: true,
  deviceFilter: false,
})

function linkText(row: MonitorRow, message: Extract<NetlinkMessage, { kind: 'link' }>): string {
  const { movedTo } = message
  const link = movedTo === undefined ? message.row : { ...message.row, txQueueLength: 0 }
  const text = linkFields({ ...link, txQueueLength: 0 }, linkStyle(row)).text
  const [head = '', ...rest] = text.split('\n')
  const first = message.isFeatureChange === true ? `${head}event FEATURE CHANGE ` : head
  const lines = [first, ...rest]
  if (movedTo === undefined) return lines.join('\n')
  const name = row.netnsName ?? ''
  return lines
    .join('\n')
    .replace(
      /( link-netns(id)? \S+)?\n$/,
      `${name === '' ? '' : ` new-netns ${name}`} new-ifindex ${movedTo.ifindex}\n`,
    )
}

/** What a bridge says of its port: fewer attributes. */
function portText(row: LinkRow, style: MonitorStyle): string {
  const fields = new Fields(style.color)
  fields.put(`${row.ifindex}: `)
  addName(fields, row, (name) => `${name}: `)
  addFlags(fields, row)
  fields.put(`mtu ${row.mtu} master ${row.master} state ${row.state} \n    link/${row.linkType} `)
  return fields.paint(row.mac, 'mac').put('\n').text
}

function addressText(ifindex: number, device: string, one: AnyAddress, style: MonitorStyle): string {
  if (style.brief) {
    const { own } = one
    return `${one.family === 4 ? formatIpv4(one.own.address) : one.own.address}/${own.length} `
  }
  const text = addressFields(one, style.color).text
  return `${ifindex}: ${device}${text}`
}

function neighborText(entry: NeighborNote, device: string, style: MonitorStyle): string {
  const address = typeof entry.address === 'number' ? formatIpv4(entry.address) : entry.address
  if (style.brief) return `${address.padEnd(39)} ${device.padEnd(16)} ${entry.mac ?? ''}\n`
  const row = {
    address,
    family: entry.family,
    device,
    mac: entry.mac,
    state: entry.state,
    isRouter: entry.isRouter,
    isProxy: entry.isProxy,
    used: 0,
    confirmed: 0,
    updated: 0,
    probes: 0,
    references: 1,
  }
  return neighborFields(row, { color: style.color, statistics: style.statistics, deviceFilter: false }).text
}

function netconfText(family: 4 | 6, device: string, deleted: boolean): string {
  const name = family === 4 ? 'inet' : 'inet6'
  if (deleted) return `${name} ${device} \n`
  const filter = family === 4 ? 'rp_filter off ' : ''
  return `${name} ${device} forwarding off ${filter}mc_forwarding off proxy_neigh off ignore_routes_with_linkdown off \n`
}

function bridgeText(row: MonitorRow): string {
  const { message, style, device } = row
  if (message.kind === 'fdb') {
    const shown = { ...message.row, device }
    return fdbFields(shown, { color: style.color, statistics: style.statistics, deviceFilter: false }).text
  }
  if (message.kind !== 'link' && message.kind !== 'port') return ''
  if (message.kind === 'port' && message.deleted !== true)
    return bridgeLinkFields(message.row, { color: style.color, details: style.details }).text
  const fields = new Fields(style.color)
  fields.put(`${message.row.ifindex}: `)
  addName(fields, message.row, (name) => `${name}: `)
  addFlags(fields, message.row)
  fields.put(`mtu ${message.row.mtu} `)
  if (message.row.master !== null) fields.put(`master ${message.row.master} `)
  return fields.put('\n').text
}
