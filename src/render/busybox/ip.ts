/** busybox's `ip`: networking/libiproute/{ipaddress,iproute,iprule,ipneigh}.c (1.35). */

import type { NeighborEntry, PolicyRule, Route } from '../../sim/kernel/net-namespace.ts'
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { formatIpv4, formatPrefix } from '../../sim/wire/ipv4-address.ts'
import { destinationText, type FoundRoute, type Route6Row, tableName } from '../iproute2/route.ts'

export type BusyboxFamily = 4 | 6 | 'link' | null

/**
 * It knows nothing of other namespaces: the peer's number is looked up here, and a device that is not here counts as
 * down (`M-DOWN`). The state is not compiled in.
 */
export function busyboxLinkText(row: LinkRow, family: BusyboxFamily, isDump: boolean): string {
  const reduced = family === 6 && isDump
  const name = row.link === null ? row.name : `${row.name}@${oppositeName(row)}`
  const isDown = row.link !== null && row.link !== 0 && row.linkHere?.up !== true
  const flags = isDown ? [...row.flags, 'M-DOWN'] : row.flags
  let text = `${row.ifindex}: ${name}: <${flags.join(',')}> mtu ${row.mtu} `
  if (!reduced) text += `qdisc ${row.qdisc} `
  if (!reduced && row.master !== null) text += `master ${row.master} `
  if (row.txQueueLength > 0) text += `qlen ${row.txQueueLength}`
  if (family === null || family === 'link')
    text += `\n    link/${row.linkType} ${row.mac} brd ${row.broadcast}`
  return `${text}\n`
}

function oppositeName(row: LinkRow): string {
  if (row.link === 0) return 'NONE'
  return row.linkHere?.name ?? `if${row.link}`
}

export function busyboxRouteText(route: Route, device: string | null, allTables: boolean): string {
  let text = route.type === 'unicast' ? '' : `${route.type} `
  text += `${destinationText(route)} `
  if (route.gateway !== null) text += `via ${formatIpv4(route.gateway)} `
  if (device !== null) text += `dev ${device} `
  if (allTables && route.table !== 254) text += `table ${tableName(route.table)} `
  if (route.scope !== 'global') text += `scope ${route.scope} `
  if (route.preferredSource !== null) text += ` src ${formatIpv4(route.preferredSource)} `
  if (route.metric > 0) text += ` metric ${route.metric} `
  if (route.onLink) text += 'onlink '
  return `${text}\n`
}

export function busyboxRoute6Text(row: Route6Row, allTables: boolean): string {
  const type = row.type === 'unicast' ? '' : `${row.type} `
  const table = allTables && row.table !== 254 ? `table ${tableName(row.table)} ` : ''
  const via = row.gateway === null ? '' : `via ${row.gateway} `
  return `${type}${row.destination} ${via}dev ${row.device} ${table} metric ${row.metric} \n`
}

export function busyboxFoundText(row: FoundRoute): string {
  let text = row.type === 'unicast' ? '' : `${row.type} `
  text += `${formatIpv4(row.destination)} `
  if (row.from !== null) text += `from ${formatIpv4(row.from)} `
  if (row.gateway !== null) text += `via ${formatIpv4(row.gateway)} `
  text += `dev ${row.device} `
  if (row.source !== null) text += ` src ${formatIpv4(row.source)} `
  return `${text}\n`
}

/** Its times are divided by the clock's ticks twice, so they stand at 0 for minutes. */
export function busyboxNeighborText(entry: NeighborEntry, device: string | null, nowUs: number): string {
  const age = (us: number): number => Math.max(0, Math.floor((nowUs - us) / 100_000_000))
  const isKnown = entry.mac !== null && entry.state !== 'INCOMPLETE' && entry.state !== 'FAILED'
  let text = `${formatIp(entry.address)} `
  if (device !== null) text += `dev ${device} `
  if (isKnown) text += `lladdr ${entry.mac}`
  if (entry.isRouter) text += ' router'
  if (entry.state !== 'PERMANENT') text += ' ref 1'
  text += ` used ${age(entry.usedUs)}/${age(entry.confirmedUs)}/${age(entry.updatedUs)}`
  return `${text} probes ${entry.probes} ${entry.state}\n`
}

export function busyboxRuleText(rule: PolicyRule): string {
  let text = `${rule.priority}:\t${rule.not ? 'not ' : ''}from ${rule.from === null ? 'all' : prefix(rule.from)} `
  if (rule.to !== null) text += `to ${prefix(rule.to)} `
  if (rule.fwmark !== null) text += `fwmark 0x${rule.fwmark.toString(16)} `
  if (rule.inputInterface !== null) text += `iif ${rule.inputInterface} `
  if (rule.action.kind === 'table') return `${text}lookup ${tableName(rule.action.table)} \n`
  return `${text}lookup unspec ${rule.action.kind}\n`
}

function prefix(one: NonNullable<PolicyRule['from']>): string {
  return one.length === 32 ? formatIpv4(one.address) : formatPrefix(one)
}
