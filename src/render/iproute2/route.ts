/** `ip route`: ip/iproute.c print_route (6.1.0). */

import type { Route, Route6Entry } from '../../sim/kernel/net-namespace.ts'
import { formatIpv4, formatPrefix } from '../../sim/wire/ipv4-address.ts'
import { Fields } from './fields.ts'

export interface RouteStyle {
  readonly color: boolean
  readonly details: boolean
  /** `table all`: routes of other tables than main say which. */
  readonly allTables: boolean
  readonly deviceFilter: boolean
}

export interface RouteRow {
  readonly route: Route
  readonly device: string | null
  readonly linkDown: boolean
  readonly dead: boolean
}

export function tableName(table: number): string {
  return { 253: 'default', 254: 'main', 255: 'local' }[table] ?? String(table)
}

export function destinationText(route: Pick<Route, 'destination'>): string {
  const { address, length } = route.destination
  if (length === 0) return 'default'
  return length === 32 ? formatIpv4(address) : formatPrefix(route.destination)
}

export function routeFields(row: RouteRow, style: RouteStyle): Fields {
  const { route } = row
  const fields = new Fields(style.color)
  if (route.type !== 'unicast' || style.details) fields.add('type', route.type, `${route.type} `)
  const destination = destinationText(route)
  fields.add('dst', destination, `${destination} `, destination === 'default' ? undefined : 'inet')
  if (route.gateway !== null) {
    const text = formatIpv4(route.gateway)
    fields.put('via ').add('gateway', text, `${text} `, 'inet')
  }
  if (row.device !== null && !style.deviceFilter) {
    fields.put('dev ').add('dev', row.device, `${row.device} `, 'name')
  }
  addTable(fields, route, style)
  if (route.protocol !== 'boot' || style.details) {
    fields.add('protocol', route.protocol, `proto ${route.protocol} `)
  }
  if (route.scope !== 'global' || style.details) fields.add('scope', route.scope, `scope ${route.scope} `)
  if (route.preferredSource !== null) {
    const text = formatIpv4(route.preferredSource)
    fields.put('src ').add('prefsrc', text, `${text} `, 'inet')
  }
  if (route.metric > 0) fields.add('metric', route.metric, `metric ${route.metric} `)
  addState(fields, row)
  return fields.put('\n')
}

function addTable(fields: Fields, route: Route, style: RouteStyle): void {
  if (!style.allTables || (route.table === 254 && !style.details)) return
  const name = tableName(route.table)
  fields.add('table', name, `table ${name} `)
}

function addState(fields: Fields, row: RouteRow): void {
  const flags = [
    ...(row.dead ? ['dead'] : []),
    ...(row.route.onLink ? ['onlink'] : []),
    ...(row.linkDown ? ['linkdown'] : []),
  ]
  fields.add('flags', flags, flags.map((flag) => `${flag} `).join(''))
  if (row.route.mtu !== null) fields.add('metrics', [{ mtu: row.route.mtu }], `mtu ${row.route.mtu} `)
}

/** What was asked for exactly is not said again: empty fields, as in `ip-route6.ts`. */
export interface Route6Row {
  readonly type: Route6Entry['type'] | 'local' | 'anycast' | 'multicast'
  /** `default`, an address, a prefix. */
  readonly destination: string
  readonly gateway: string | null
  readonly device: string | null
  readonly table: number
  readonly protocol: string
  readonly preferredSource: string | null
  readonly metric: number
  readonly mtu: number | null
  readonly onLink: boolean
  readonly linkDown: boolean
  /** `ip route get`: `from ::` or the address asked for. */
  readonly from: string | null
  /** What a router on the way has said. */
  readonly learnt?: { readonly mtu: number; readonly expiresS: number } | null
}

export function route6Fields(row: Route6Row, style: RouteStyle): Fields {
  const fields = new Fields(style.color)
  if (row.type !== 'unicast' || style.details) fields.add('type', row.type, `${row.type} `)
  const colour = row.destination === 'default' ? undefined : 'inet6'
  fields.add('dst', row.destination, `${row.destination} `, colour)
  if (row.from !== null) fields.put('from ').add('from', row.from, `${row.from} `, 'inet6')
  if (row.gateway !== null) fields.put('via ').add('gateway', row.gateway, `${row.gateway} `, 'inet6')
  if (row.device !== null && !style.deviceFilter)
    fields.put('dev ').add('dev', row.device, `${row.device} `, 'name')
  if (style.allTables && row.table !== 254)
    fields.add('table', tableName(row.table), `table ${tableName(row.table)} `)
  if (row.protocol !== 'boot' || style.details) fields.add('protocol', row.protocol, `proto ${row.protocol} `)
  if (style.details) fields.add('scope', 'global', 'scope global ')
  if (row.preferredSource !== null)
    fields.put('src ').add('prefsrc', row.preferredSource, `${row.preferredSource} `, 'inet6')
  fields.add('metric', row.metric, `metric ${row.metric} `)
  const flags = [...(row.onLink ? ['onlink'] : []), ...(row.linkDown ? ['linkdown'] : [])]
  fields.add('flags', flags, flags.map((flag) => `${flag} `).join(''))
  const learnt = row.learnt ?? null
  if (learnt !== null) fields.add('expires', learnt.expiresS, `expires ${learnt.expiresS}sec `)
  const mtu = learnt?.mtu ?? row.mtu
  if (mtu !== null) fields.add('metrics', [{ mtu }], `mtu ${mtu} `)
  return fields.add('pref', 'medium', 'pref medium').put('\n')
}

/** `ip route get`: a route found, not one that stands in a table. */
export interface FoundRoute {
  readonly type: 'unicast' | 'local' | 'broadcast' | 'multicast'
  readonly destination: number
  readonly from: number | null
  readonly gateway: number | null
  readonly device: string
  readonly source: number | null
  readonly input: string | null
  readonly mark: number
  readonly table: number
  /** The local table is one of its own, as rules were changed. */
  readonly ownLocalTable: boolean
  /** Null for packets that come in. */
  readonly uid: number | null
  /** What routers on the way have said, and for how many seconds it still holds. */
  readonly learnt: { readonly mtu: number; readonly expiresS: number } | null
}

export function foundRouteFields(
  row: FoundRoute,
  style: { readonly color: boolean; readonly details: boolean },
  withType = style.details,
): Fields {
  const fields = new Fields(style.color)
  if (row.type !== 'unicast' || withType) fields.add('type', row.type, `${row.type} `)
  const destination = formatIpv4(row.destination)
  fields.add('dst', destination, `${destination} `, 'inet')
  if (row.from !== null)
    fields.put('from ').add('from', formatIpv4(row.from), `${formatIpv4(row.from)} `, 'inet')
  if (row.gateway !== null) {
    fields.put('via ').add('gateway', formatIpv4(row.gateway), `${formatIpv4(row.gateway)} `, 'inet')
  }
  fields.put('dev ').add('dev', row.device, `${row.device} `, 'name')
  const isSaid =
    style.details || (row.table !== 254 && (row.type === 'unicast' || row.from !== null || row.ownLocalTable))
  if (isSaid && row.table !== 0) {
    fields.add('table', tableName(row.table), `table ${tableName(row.table)} `)
  }
  if (row.source !== null) {
    fields.put('src ').add('prefsrc', formatIpv4(row.source), `${formatIpv4(row.source)} `, 'inet')
  }
  if (row.mark !== 0) fields.add('mark', row.mark, `mark ${row.mark} `)
  fields.only('flags', [])
  if (row.uid !== null) fields.add('uid', row.uid, `uid ${row.uid} `)
  const isHere = row.type !== 'unicast' || row.device === 'lo'
  const cache = isHere ? ['local'] : []
  if (row.type === 'broadcast') cache.push('brd')
  if (row.type === 'multicast') cache.push('mc')
  fields.add('cache', cache, `\n    cache ${cache.length > 0 ? `<${cache.join(',')}> ` : ''}`)
  if (row.learnt !== null) {
    fields.add('expires', row.learnt.expiresS, `expires ${row.learnt.expiresS}sec `)
    fields.add('metrics', [{ mtu: row.learnt.mtu }], `mtu ${row.learnt.mtu} `)
  }
  if (row.input !== null) fields.add('iif', row.input, `iif ${row.input} `)
  return fields.put('\n')
}
