/**
 * The forwarding information base as rtnetlink edits and lists it. ip-route(8), net/ipv4/{fib_frontend,fib_semantics,fib_trie}.c.
 * Not modelled: multipath, next-hop objects, TOS, encapsulation, IPv6 routes (those follow from the addresses).
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { isMulticast, networkOf, type Prefix } from '../../wire/ipv4-address.ts'
import type { NetNamespace, Route, RouteTable } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import {
  gatewayInvalid,
  gatewayUnreachable,
  invalidPrefix,
  invalidSource,
  nexthopDeviceDown,
} from './errors.ts'
import { lookupTables } from './route-lookup.ts'

/** `add` refuses what exists, `replace` and `change` take its place, `append` and `prepend` stand beside it. */
export type RouteMode = 'add' | 'replace' | 'change' | 'append' | 'prepend'

export const TABLE_LOCAL = 255
export const TABLE_MAIN = 254
export const TABLE_DEFAULT = 253

/** What `ip route add` says of a route; the rest has the kernel's defaults. */
export type RouteSpec = Pick<Route, 'destination'> & Partial<Route>

export function addRoute(
  _sim: Simulation,
  netns: NetNamespace,
  spec: RouteSpec,
  mode: RouteMode = 'add',
): Result<Route> {
  const checked = completeRoute(netns, spec)
  if (!checked.ok) return checked
  const route = checked.value
  const list = routesOf(tableOf(netns, route.table), route.destination)
  const rivals = list.filter((other) => other.metric === route.metric)
  if (mode === 'add' && rivals.length > 0) return refuse('EEXIST')
  if (mode === 'change' && rivals.length === 0) return refuse('ENOENT')
  if (rivals.some((other) => sameRoute(other, route))) {
    return mode === 'append' || mode === 'prepend' ? refuse('EEXIST') : ok(route)
  }
  insertRoute(list, route, mode, rivals)
  return ok(route)
}

function insertRoute(list: Route[], route: Route, mode: RouteMode, rivals: readonly Route[]): void {
  const first = rivals[0]
  if ((mode === 'replace' || mode === 'change') && first !== undefined) {
    list[list.indexOf(first)] = route
    return
  }
  let at = list.findIndex((other) =>
    mode === 'append' ? other.metric > route.metric : other.metric >= route.metric,
  )
  if (at < 0) at = list.length
  list.splice(at, 0, route)
}

/** The kernel's own routes (`proto kernel`): no checks, no refusal. */
export function insertKernelRoute(netns: NetNamespace, route: Route): void {
  const list = routesOf(tableOf(netns, route.table), route.destination)
  if (!list.some((other) => sameRoute(other, route))) insertRoute(list, route, 'append', [])
}

/** fib_create_info: fills in scope, device and source, and refuses what cannot work. */
function completeRoute(netns: NetNamespace, spec: RouteSpec): Result<Route> {
  const { address, length } = spec.destination
  if (networkOf(address, length) !== address) return invalidPrefix()
  const type = spec.type ?? 'unicast'
  const gateway = spec.gateway ?? null
  const route: Route = {
    type,
    destination: { address, length },
    gateway,
    ifindex: spec.ifindex ?? null,
    preferredSource: spec.preferredSource ?? null,
    scope: spec.scope ?? defaultScope(type, gateway),
    protocol: spec.protocol ?? 'boot',
    metric: spec.metric ?? 0,
    mtu: spec.mtu ?? null,
    onLink: spec.onLink ?? false,
    table: spec.table ?? (type === 'local' || type === 'broadcast' ? TABLE_LOCAL : TABLE_MAIN),
  }
  if (type === 'unreachable' || type === 'prohibit' || type === 'blackhole') {
    return gateway === null ? ok({ ...route, ifindex: null, scope: 'global' }) : refuse('EINVAL')
  }
  const source = route.preferredSource
  if (source !== null && !isLocal(netns, source)) return invalidSource()
  return gateway === null ? checkDevice(netns, route) : checkGateway(netns, route, gateway)
}

function defaultScope(type: Route['type'], gateway: number | null): Route['scope'] {
  if (type === 'local') return 'host'
  return type === 'broadcast' || gateway === null ? 'link' : 'global'
}

function checkDevice(netns: NetNamespace, route: Route): Result<Route> {
  const link = route.ifindex === null ? undefined : netns.links.get(route.ifindex)
  if (link === undefined) return refuse('ENODEV')
  return link.up ? ok(route) : nexthopDeviceDown()
}

function checkGateway(netns: NetNamespace, route: Route, gateway: number): Result<Route> {
  if (route.scope !== 'global') return refuse('EINVAL', 'Nexthop has invalid scope')
  if (isMulticast(gateway) || gateway === 0xffffffff) return gatewayInvalid()
  if (route.onLink) return checkDevice(netns, route)
  const found = lookupTables(netns, { destination: gateway, outputIfindex: route.ifindex, linkScope: true })
  if (found === null) return gatewayUnreachable()
  if (found.type === 'broadcast') return gatewayInvalid()
  if (found.type !== 'unicast' && found.type !== 'local') return gatewayUnreachable()
  const link = found.ifindex === null ? undefined : netns.links.get(found.ifindex)
  if (link === undefined) return refuse('ENODEV')
  return link.up ? ok({ ...route, ifindex: found.ifindex }) : refuse('ENETDOWN')
}

export function isLocal(netns: NetNamespace, address: number): boolean {
  for (const link of netns.links.values()) {
    if (link.addresses.some((own) => own.address === address)) return true
  }
  return false
}

export function tableOf(netns: NetNamespace, table: number): RouteTable {
  const known = netns.fib.tables.get(table)
  if (known !== undefined) return known
  const made: RouteTable = { byLength: new Map() }
  netns.fib.tables.set(table, made)
  return made
}

function routesOf(table: RouteTable, destination: Prefix): Route[] {
  let byNetwork = table.byLength.get(destination.length)
  if (byNetwork === undefined) {
    byNetwork = new Map()
    table.byLength.set(destination.length, byNetwork)
  }
  let list = byNetwork.get(destination.address)
  if (list === undefined) {
    list = []
    byNetwork.set(destination.address, list)
  }
  return list
}

function sameRoute(x: Route, y: Route): boolean {
  return (Object.keys(x) as (keyof Route)[]).every((key) =>
    key === 'destination' ? samePrefix(x.destination, y.destination) : x[key] === y[key],
  )
}

function samePrefix(x: Prefix, y: Prefix): boolean {
  return x.address === y.address && x.length === y.length
}

/** The first route that agrees with all that was said goes. */
export function deleteRoute(_sim: Simulation, netns: NetNamespace, wanted: RouteSpec): Result<void> {
  const { address, length } = wanted.destination
  if (networkOf(address, length) !== address) return invalidPrefix()
  const table = netns.fib.tables.get(wanted.table ?? TABLE_MAIN)
  const list = table?.byLength.get(length)?.get(address)
  const found = list?.find((route) => agrees(route, wanted))
  if (table === undefined || found === undefined) return refuse('ESRCH')
  removeRoutes(netns, (route) => route === found)
  return ok(undefined)
}

function agrees(route: Route, wanted: Partial<Route>): boolean {
  const keys = ['type', 'gateway', 'ifindex', 'preferredSource', 'scope', 'protocol', 'metric'] as const
  return keys.every((key) => {
    const value = wanted[key]
    return value === undefined || value === null || value === route[key]
  })
}

/** Takes away all routes for which `gone` holds, and tables that are left empty (not local and main). */
export function removeRoutes(netns: NetNamespace, gone: (route: Route) => boolean): void {
  for (const [id, table] of netns.fib.tables) {
    for (const [length, byNetwork] of table.byLength) {
      for (const [network, list] of byNetwork) {
        const kept = list.filter((route) => !gone(route))
        if (kept.length === 0) byNetwork.delete(network)
        else if (kept.length < list.length) byNetwork.set(network, kept)
      }
      if (byNetwork.size === 0) table.byLength.delete(length)
    }
    if (table.byLength.size === 0 && id < TABLE_MAIN) netns.fib.tables.delete(id)
  }
}

/** In the order in which the kernel lists them: by table, network, then longest prefix, then metric. */
export function listRoutes(netns: NetNamespace, table: number | 'all' = TABLE_MAIN): Route[] {
  const ids = table === 'all' ? [...netns.fib.tables.keys()].sort((x, y) => (x & 255) - (y & 255)) : [table]
  return ids.flatMap((id) => {
    const routes: Route[] = []
    for (const byNetwork of netns.fib.tables.get(id)?.byLength.values() ?? []) {
      for (const list of byNetwork.values()) routes.push(...list)
    }
    return routes.sort((x, y) => order(x.destination, y.destination))
  })
}

function order(x: Prefix, y: Prefix): number {
  return x.address - y.address || y.length - x.length
}

export function flushRoutes(netns: NetNamespace, gone: (route: Route) => boolean): number {
  const routes = listRoutes(netns, 'all').filter(gone)
  removeRoutes(netns, gone)
  return routes.length
}
