/**
 * Route look-up: policy rules choose a table, the table the longest prefix, the list the lowest metric.
 * net/ipv4/{fib_rules,fib_trie,fib_semantics,route}.c, ip-rule(8), ip-route(8).
 * Not modelled: TOS routes, multipath, realms, VRFs, ignore_routes_with_linkdown.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { isLoopback, isMulticast, maskOf, networkOf } from '../../wire/ipv4-address.ts'
import type { NetNamespace, PolicyRule, Prefix, Route, RouteTable } from '../net-namespace.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { selectSource } from './source-address.ts'

export const TABLE_LOCAL = 255
export const LOOPBACK_IFINDEX = 1

export interface RouteQuery {
  readonly destination: number
  readonly source?: number
  readonly tos?: number
  readonly mark?: number
  readonly inputIfindex?: number
  readonly outputIfindex?: number
}

/** `device`: the ifindex it leaves by (that of `lo` for a destination of our own); `source`: 0 if there is none. */
export interface FoundRoute {
  readonly route: Route
  readonly device: number
  readonly gateway: number | null
  readonly source: number
}

/** Why there is none, as an errno. */
export type RouteError = 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL'

const MASKS = Array.from({ length: 33 }, (_, length) => maskOf(length))

/** `outputIfindex` null: any device. */
export function matchTable(
  table: RouteTable,
  destination: number,
  outputIfindex: number | null,
): Route | null {
  let best: Route | null = null
  let bestLength = -1
  for (const [length, byNetwork] of table.byLength) {
    if (length <= bestLength) continue
    const list = byNetwork.get((destination & MASKS[length]!) >>> 0)
    if (list === undefined) continue
    for (let i = 0; i < list.length; i++) {
      const route = list[i]!
      if (outputIfindex !== null && route.ifindex !== outputIfindex && route.ifindex !== null) continue
      best = route
      bestLength = length
      break
    }
  }
  return best
}

/** fib_lookup. `input` and `output` null: none. */
export function fibLookup(
  netns: NetNamespace,
  destination: number,
  source: number,
  mark: number,
  input: number | null,
  output: number | null,
): Route | RouteError {
  const rules = netns.fib.rules
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    if (!matchesRule(netns, rule, destination, source, mark, input, output)) continue
    const action = rule.action
    if (action.kind !== 'table') return errorOf(action.kind)
    const table = netns.fib.tables.get(action.table)
    const route = table === undefined ? null : matchTable(table, destination, output)
    if (route === null) continue
    const type = route.type
    if (type === 'unicast' || type === 'local' || type === 'broadcast') return route
    return errorOf(type)
  }
  return 'ENETUNREACH'
}

function errorOf(kind: 'unreachable' | 'prohibit' | 'blackhole'): RouteError {
  return kind === 'unreachable' ? 'EHOSTUNREACH' : kind === 'prohibit' ? 'EACCES' : 'EINVAL'
}

function matchesRule(
  netns: NetNamespace,
  rule: PolicyRule,
  destination: number,
  source: number,
  mark: number,
  input: number | null,
  output: number | null,
): boolean {
  const matched =
    inPrefix(rule.from, source) &&
    inPrefix(rule.to, destination) &&
    (rule.fwmark === null || rule.fwmark === mark) &&
    isDevice(netns, rule.inputInterface, input ?? LOOPBACK_IFINDEX) &&
    isDevice(netns, rule.outputInterface, output)
  return matched !== rule.not
}

function inPrefix(prefix: Prefix | null, address: number): boolean {
  return prefix === null || networkOf(address, prefix.length) === prefix.address
}

function isDevice(netns: NetNamespace, name: string | null, ifindex: number | null): boolean {
  return name === null || (ifindex !== null && netns.links.get(ifindex)?.name === name)
}

/** Is it an address of this namespace (`inet_addr_type` = local)? */
export function isLocalAddress(netns: NetNamespace, address: number): boolean {
  const table = netns.fib.tables.get(TABLE_LOCAL)
  return table !== undefined && matchTable(table, address, null)?.type === 'local'
}

/** ip_route_output_key: how a packet of our own would go, and which source address it would get. */
export function lookupRoute(netns: NetNamespace, query: RouteQuery): Result<FoundRoute> {
  const destination = query.destination === 0 ? query.source || 0x7f000001 : query.destination
  const output = query.outputIfindex ?? null
  const source = query.source ?? 0
  const mark = query.mark ?? 0
  let found = outputRoute(netns, destination, source, mark, query.inputIfindex ?? null, output)
  // With a device given and no route the destination is taken to be on its link.
  if (found === 'ENETUNREACH' && output !== null) found = onLinkRoute(destination, output)
  if (typeof found === 'string') return refuse(found)
  const device = found.type === 'local' ? LOOPBACK_IFINDEX : (found.ifindex ?? LOOPBACK_IFINDEX)
  const link = netns.links.get(device)
  if (link === undefined) return refuse('ENODEV')
  // Without a device asked for, a packet for a device that is down (`lo`) is lost, not refused.
  if (!link.up && output !== null) return refuse('ENETUNREACH')
  if (isLoopback(source) && device !== LOOPBACK_IFINDEX && !routesLocalnet(netns, device))
    return refuse('EINVAL')
  const own =
    source !== 0 ? source : (found.preferredSource ?? selectSource(netns, device, found, destination))
  // A group that only the default route leads to is on the link, not behind the gateway (__mkroute_output).
  const isGroup = found.destination.length < 4 && isMulticast(destination)
  return ok({ route: found, device, gateway: isGroup ? null : found.gateway, source: own })
}

/** 127.0.0.0/8 does not leave the host unless route_localnet says so (__mkroute_output). */
function routesLocalnet(netns: NetNamespace, device: number): boolean {
  return deviceSettings(netns, device).routeLocalnet !== 0 || netns.settings.all.routeLocalnet !== 0
}

function outputRoute(
  netns: NetNamespace,
  destination: number,
  source: number,
  mark: number,
  input: number | null,
  output: number | null,
): Route | RouteError {
  if (destination === 0xffffffff && output !== null) return broadcastRoute(destination, output)
  // An address of our own is ours whatever device was asked for.
  if (output !== null && isLocalAddress(netns, destination)) output = null
  return fibLookup(netns, destination, source, mark, input, output)
}

function onLinkRoute(destination: number, ifindex: number): Route {
  return {
    type: 'unicast',
    destination: { address: destination, length: 32 },
    gateway: null,
    ifindex,
    preferredSource: null,
    scope: 'link',
    protocol: 'kernel',
    metric: 0,
    mtu: null,
    onLink: true,
    table: 0,
  }
}

function broadcastRoute(destination: number, ifindex: number): Route {
  return { ...onLinkRoute(destination, ifindex), type: 'broadcast' }
}
