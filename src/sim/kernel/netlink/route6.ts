/**
 * IPv6 routes as `ip -6 route` lists and edits them: those that follow from addresses, and those set by hand.
 * net/ipv6/{addrconf,route,ip6_fib}.c. Not modelled: rules, several paths of one route, expiry.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { comparePrefix6, containsAddress6, formatPrefix6, networkOf6, type Prefix6 } from '../ipv6/prefix.ts'
import { hasCarrier } from '../link/state.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route6Entry } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export const TABLE6_MAIN = 254
const TABLE_LOCAL = 255
const KERNEL_METRIC = 256

export interface Route6 extends Omit<Route6Entry, 'type'> {
  readonly type: Route6Entry['type'] | 'local' | 'multicast'
  /** Name of the device; routes that lead nowhere hang on `lo`. */
  readonly device: string
  readonly linkDown: boolean
}

/** Tables by number modulo 256, in each as the tree is walked. */
export function listRoutes6(sim: Simulation, netns: NetNamespace): Route6[] {
  const all = [...kernelRoutes(sim, netns), ...routesByHand(sim, netns)]
  return all
    .map((route, i) => ({ route, i }))
    .sort(
      (x, y) =>
        (x.route.table & 255) - (y.route.table & 255) ||
        comparePrefix6(x.route.destination, y.route.destination) ||
        x.route.metric - y.route.metric ||
        x.i - y.i,
    )
    .map(({ route }) => route)
}

export function formatDestination6(route: Pick<Route6, 'destination'>): string {
  return formatPrefix6(route.destination)
}

function kernelRoutes(sim: Simulation, netns: NetNamespace): Route6[] {
  const up = [...netns.links.values()].filter((link) => link.up && link.addresses6.length > 0)
  const cards = byAppearance(up.filter((link) => link.kind !== 'loopback'))
  const make = (link: Link, type: Route6['type'], destination: Prefix6, table: number): Route6 => ({
    type,
    destination,
    gateway: null,
    ifindex: link.ifindex,
    preferredSource: null,
    protocol: 'kernel',
    metric: type === 'local' ? 0 : KERNEL_METRIC,
    mtu: null,
    onLink: false,
    table,
    device: link.name,
    linkDown: !hasCarrier(sim, link),
  })
  return [
    ...cards.flatMap((link) =>
      networksOf(link).map((network) => make(link, 'unicast', network, TABLE6_MAIN)),
    ),
    ...up.flatMap((link) =>
      link.addresses6
        .filter((own) => !own.tentative)
        .map((own) => make(link, 'local', { address: own.address, length: 128 }, TABLE_LOCAL)),
    ),
    ...cards.map((link) => make(link, 'multicast', { address: 'ff00::', length: 8 }, TABLE_LOCAL)),
  ]
}

function networksOf(link: Link): Prefix6[] {
  const networks = new Map<string, Prefix6>()
  for (const own of link.addresses6) {
    if (own.noPrefixRoute === true) continue
    const network = { address: networkOf6(own.peer ?? own.address, own.length), length: own.length }
    networks.set(formatPrefix6(network), network)
  }
  return [...networks.values()]
}

/** A bridge gets its address once its first port has carrier, so it stands behind that port. */
function byAppearance(links: readonly Link[]): Link[] {
  const plain: Link[] = links.filter((link) => link.kind !== 'bridge').sort((x, y) => x.ifindex - y.ifindex)
  for (const bridge of links.filter((link) => link.kind === 'bridge')) {
    const first = plain.findIndex((link) => link.master === bridge.ifindex)
    plain.splice(first < 0 ? plain.length : first + 1, 0, bridge)
  }
  return plain
}

function routesByHand(sim: Simulation, netns: NetNamespace): Route6[] {
  return (netns.routes6 ?? []).flatMap((entry) => {
    const link = entry.ifindex === null ? undefined : netns.links.get(entry.ifindex)
    if (entry.ifindex !== null && (link === undefined || !link.up)) return []
    return [{ ...entry, device: link?.name ?? 'lo', linkDown: link !== undefined && !hasCarrier(sim, link) }]
  })
}

export type Route6Mode = 'add' | 'replace' | 'change' | 'append' | 'prepend'
export type Route6Spec = Omit<Route6Entry, 'metric'> & { readonly metric: number | null }

export function addRoute6(
  sim: Simulation,
  netns: NetNamespace,
  spec: Route6Spec,
  mode: Route6Mode,
): Result<void> {
  const found = egress(sim, netns, spec)
  if (!found.ok) return found
  const { address, length } = spec.destination
  const entry: Route6Entry = {
    ...spec,
    destination: { address: networkOf6(address, length), length },
    ifindex: found.value,
    metric: spec.metric ?? 1024,
  }
  const list = netns.routes6 ?? []
  const isSame = (route: Omit<Route6Entry, 'type'>): boolean =>
    route.table === entry.table &&
    route.metric === entry.metric &&
    formatPrefix6(route.destination) === formatPrefix6(entry.destination)
  const at = list.findIndex(isSame)
  const exists = at >= 0 || kernelRoutes(sim, netns).some(isSame)
  if (mode === 'add' && exists) return refuse('EEXIST')
  if (mode === 'change' && at < 0) return refuse('ENOENT', 'Can not replace route - no match found')
  if (at >= 0 && (mode === 'replace' || mode === 'change')) netns.routes6 = list.with(at, entry)
  else netns.routes6 = mode === 'prepend' ? [entry, ...list] : [...list, entry]
  return ok(undefined)
}

/** The device a route leaves by: the one named, or the one its gateway is found at (ip6_route_check_nh). */
function egress(sim: Simulation, netns: NetNamespace, spec: Route6Spec): Result<number | null> {
  if (spec.type !== 'unicast') return ok(null)
  const { gateway, ifindex } = spec
  const link = ifindex === null ? undefined : netns.links.get(ifindex)
  if (link !== undefined && !link.up) return refuse('ENETDOWN', 'Nexthop device is not up')
  if (gateway === null) return link === undefined ? refuse('ENODEV') : ok(link.ifindex)
  const isOwn = [...netns.links.values()].some((one) => one.addresses6.some((own) => own.address === gateway))
  if (isOwn) return refuse('EINVAL', 'Gateway can not be a local address')
  if (/^fe[89ab]/.test(gateway) || spec.onLink) {
    return link === undefined ? refuse('EINVAL', 'Egress device not specified') : ok(link.ifindex)
  }
  const way = findRoute6(sim, netns, gateway, ifindex)
  if (way === null || way.gateway !== null || way.ifindex === null) return refuse('EHOSTUNREACH')
  return ok(way.ifindex)
}

/** The first route that fits goes, also one that an address brought along. */
export function deleteRoute6(sim: Simulation, netns: NetNamespace, spec: Route6Spec): Result<void> {
  const { address, length } = spec.destination
  const wanted = formatPrefix6({ address: networkOf6(address, length), length })
  const fits = (route: Omit<Route6Entry, 'type'>): boolean =>
    route.table === spec.table &&
    formatPrefix6(route.destination) === wanted &&
    (spec.metric === null || route.metric === spec.metric) &&
    (spec.ifindex === null || route.ifindex === spec.ifindex) &&
    (spec.gateway === null || route.gateway === spec.gateway)
  const found = listRoutes6(sim, netns).find(fits)
  if (found === undefined) return refuse('ESRCH')
  removeRoute6(netns, found)
  return ok(undefined)
}

export function removeRoute6(netns: NetNamespace, gone: Route6): void {
  if (gone.protocol !== 'kernel') {
    netns.routes6 = (netns.routes6 ?? []).filter(
      (route) =>
        route.table !== gone.table ||
        route.metric !== gone.metric ||
        route.gateway !== gone.gateway ||
        route.ifindex !== gone.ifindex ||
        formatPrefix6(route.destination) !== formatPrefix6(gone.destination),
    )
    return
  }
  const link = gone.ifindex === null ? undefined : netns.links.get(gone.ifindex)
  if (link === undefined || gone.type !== 'unicast') return
  link.addresses6 = link.addresses6.map((own) =>
    own.length === gone.destination.length && containsAddress6(gone.destination, own.peer ?? own.address)
      ? { ...own, noPrefixRoute: true }
      : own,
  )
}

/** Local addresses first, then the longest prefix of the main table, then the smallest metric. */
export function findRoute6(
  sim: Simulation,
  netns: NetNamespace,
  destination: string,
  ifindex: number | null,
): Route6 | null {
  const fitting = listRoutes6(sim, netns).filter(
    (route) =>
      containsAddress6(route.destination, destination) &&
      (ifindex === null || route.ifindex === ifindex || route.ifindex === null),
  )
  for (const table of [TABLE_LOCAL, TABLE6_MAIN]) {
    const [best] = fitting
      .filter((route) => route.table === table)
      .sort((x, y) => y.destination.length - x.destination.length || x.metric - y.metric)
    if (best !== undefined) return best
  }
  return null
}
