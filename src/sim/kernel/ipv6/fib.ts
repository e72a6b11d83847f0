/**
 * IPv6 route look-up: policy rules choose a table, the table the longest prefix, the list the lowest metric.
 * net/ipv6/{route,ip6_fib,fib6_rules}.c. Not modelled: several paths, router preference, source-specific routes.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Policy6Rule, Prefix6 } from '../net-namespace.ts'
import { containsAddress6, networkOf6 } from './prefix.ts'
import { allRoutes6, type FibRoute6, TABLE6_LOCAL, TABLE6_MAIN } from './routes.ts'
import { chooseSource6 } from './source-address.ts'

const LOOPBACK_IFINDEX = 1

export interface Route6Query {
  readonly destination: string
  readonly source?: string
  readonly mark?: number
  readonly inputIfindex?: number
  readonly outputIfindex?: number
}

/** As `FoundRoute` of IPv4; `source` `::`: none. */
export interface FoundRoute6 {
  readonly route: FibRoute6
  readonly device: number
  readonly gateway: string | null
  readonly source: string
}

export type Route6Error = 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL'

/** Routes by prefix length, then by network. */
type Table6 = Map<number, Map<string, FibRoute6[]>>

interface Index {
  readonly routes6: NetNamespace['routes6']
  /** What the routes were made from, device by device. */
  readonly made: readonly (Link | Link['addresses6'] | boolean | number | string)[]
  readonly tables: Map<number, Table6>
}

/** Made anew when an address, a device's state or a route has changed; no part of the world. */
const indexes = new WeakMap<NetNamespace, Index>()

function tablesOf(netns: NetNamespace): Map<number, Table6> {
  const known = indexes.get(netns)
  if (known !== undefined && known.routes6 === netns.routes6 && isCurrent(netns, known.made))
    return known.tables
  const tables = new Map<number, Table6>()
  for (const route of allRoutes6(netns)) {
    const table = tables.get(route.table) ?? new Map<number, Map<string, FibRoute6[]>>()
    tables.set(route.table, table)
    const { address, length } = route.destination
    const byNetwork = table.get(length) ?? new Map<string, FibRoute6[]>()
    table.set(length, byNetwork)
    byNetwork.set(address, [...(byNetwork.get(address) ?? []), route])
  }
  indexes.set(netns, { routes6: netns.routes6, made: madeFrom(netns), tables })
  return tables
}

function madeFrom(netns: NetNamespace): Index['made'] {
  return [...netns.links.values()].flatMap((link) => [
    link,
    link.addresses6,
    link.up,
    netns.settings.devices.get(link.ifindex)?.forwarding6 ?? 0,
    link.name,
    link.ready6Us ?? 0,
  ])
}

function isCurrent(netns: NetNamespace, made: Index['made']): boolean {
  let at = 0
  for (const link of netns.links.values()) {
    if (made[at] !== link || made[at + 1] !== link.addresses6 || made[at + 2] !== link.up) return false
    if (made[at + 3] !== (netns.settings.devices.get(link.ifindex)?.forwarding6 ?? 0)) return false
    if (made[at + 4] !== link.name || made[at + 5] !== (link.ready6Us ?? 0)) return false
    at += 6
  }
  return at === made.length
}

/** `output` null: any device. Routes that lead nowhere fit any. */
export function matchTable6(table: Table6, destination: string, output: number | null): FibRoute6 | null {
  let best: FibRoute6 | null = null
  let bestLength = -1
  for (const [length, byNetwork] of table) {
    if (length <= bestLength) continue
    const list = byNetwork.get(length === 128 ? destination : networkOf6(destination, length))
    const found = list?.find((route) => output === null || route.ifindex === null || route.ifindex === output)
    if (found === undefined) continue
    best = found
    bestLength = length
  }
  return best
}

const DEFAULT_RULES: readonly Policy6Rule[] = [
  [0, TABLE6_LOCAL],
  [32766, TABLE6_MAIN],
].map(([priority, table]) => ({
  priority: priority!,
  from: null,
  to: null,
  fwmark: null,
  inputInterface: null,
  outputInterface: null,
  action: { kind: 'table', table: table! },
  not: false,
}))

export function rulesOf6(netns: NetNamespace): readonly Policy6Rule[] {
  return netns.rules6 ?? DEFAULT_RULES
}

export function fibLookup6(
  netns: NetNamespace,
  query: Route6Query,
  output: number | null,
): FibRoute6 | Route6Error {
  const tables = tablesOf(netns)
  for (const rule of rulesOf6(netns)) {
    if (!matchesRule(netns, rule, query)) continue
    const action = rule.action
    if (action.kind !== 'table') return action.kind === 'unreachable' ? 'ENETUNREACH' : errorOf(action.kind)
    const table = tables.get(action.table)
    const route = table === undefined ? null : matchTable6(table, query.destination, output)
    if (route === null) continue
    const { type } = route
    return type === 'unreachable' || type === 'prohibit' || type === 'blackhole' ? errorOf(type) : route
  }
  return 'ENETUNREACH'
}

function errorOf(kind: 'unreachable' | 'prohibit' | 'blackhole'): Route6Error {
  return kind === 'unreachable' ? 'EHOSTUNREACH' : kind === 'prohibit' ? 'EACCES' : 'EINVAL'
}

function matchesRule(netns: NetNamespace, rule: Policy6Rule, query: Route6Query): boolean {
  const inside = (prefix: Prefix6 | null, address: string): boolean =>
    prefix === null || containsAddress6(prefix, address)
  const isDevice = (name: string | null, ifindex: number | undefined): boolean =>
    name === null || (ifindex !== undefined && netns.links.get(ifindex)?.name === name)
  const matched =
    inside(rule.from, query.source ?? '::') &&
    inside(rule.to, query.destination) &&
    (rule.fwmark === null || rule.fwmark === (query.mark ?? 0)) &&
    isDevice(rule.inputInterface, query.inputIfindex ?? LOOPBACK_IFINDEX) &&
    isDevice(rule.outputInterface, query.outputIfindex)
  return matched !== rule.not
}

/** Is it an address of this namespace, or (with `ifindex`) of this device? Duplicates being looked for are not. */
export function isLocalAddress6(
  netns: NetNamespace,
  address: string,
  ifindex: number | null = null,
): boolean {
  for (const link of netns.links.values()) {
    if (ifindex !== null && link.ifindex !== ifindex) continue
    if (link.addresses6.some((own) => own.address === address && !own.tentative)) return true
  }
  return false
}

export function isLinkLocal6(address: string): boolean {
  return /^fe[89ab]/.test(address)
}

/** ip6_route_output, ip6_dst_lookup_tail: how a packet of our own would go, and which source it would get. */
export function lookupRoute6(netns: NetNamespace, query: Route6Query): Result<FoundRoute6> {
  const destination = query.destination === '::' ? '::1' : query.destination
  const asked = query.outputIfindex ?? null
  const strict = isLinkLocal6(destination) || isMulticast6(destination)
  // Without a device a route by another one will do, unless the scope is the link.
  let found = fibLookup6(netns, { ...query, destination }, asked)
  if (typeof found === 'string' && asked !== null && !strict && isLocalAddress6(netns, destination))
    found = fibLookup6(netns, { ...query, destination }, null)
  if (typeof found === 'string' && (query.source ?? '::') === '::') {
    // A source is looked for before it is seen that there is no way; with it there may be one.
    const source = chooseSource6(netns, 0, destination)
    if (source === null) return refuse(found === 'ENETUNREACH' ? 'EADDRNOTAVAIL' : found)
    found = fibLookup6(netns, { ...query, destination, source }, asked)
  }
  if (typeof found === 'string') return refuse(found)
  const isHere = found.type === 'local' || found.type === 'anycast'
  const device = isHere ? LOOPBACK_IFINDEX : (found.ifindex ?? LOOPBACK_IFINDEX)
  const link = netns.links.get(device)
  if (link === undefined) return refuse('ENODEV')
  if (!link.up && !isHere) return refuse('ENETUNREACH')
  const given = query.source !== undefined && query.source !== '::' ? query.source : null
  const near = isHere ? (found.ifindex ?? device) : device
  const source = given ?? found.preferredSource ?? chooseSource6(netns, near, destination)
  if (source === null) return refuse('EADDRNOTAVAIL')
  return ok({ route: found, device, gateway: found.gateway, source })
}
