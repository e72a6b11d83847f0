/**
 * IPv6 routes: those that follow from addresses, and those set by hand. net/ipv6/{addrconf,route,ip6_fib}.c.
 */
import { hasCarrier } from '../link/state.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route6Entry } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { comparePrefix6, formatPrefix6, networkOf6, type Prefix6 } from './prefix.ts'

export const TABLE6_MAIN = 254
export const TABLE6_LOCAL = 255
const KERNEL_METRIC = 256

export interface Route6 extends Omit<Route6Entry, 'type'> {
  readonly type: Route6Entry['type'] | 'local' | 'anycast' | 'multicast'
  /** Name of the device; routes that lead nowhere hang on `lo`. */
  readonly device: string
  readonly linkDown: boolean
}

/** As the look-up sees it: what the carrier says is for lists only. */
export type FibRoute6 = Omit<Route6, 'linkDown'>

/** Tables by number modulo 256, in each as the tree is walked. */
export function listRoutes6(sim: Simulation, netns: NetNamespace): Route6[] {
  const isDown = ({ ifindex }: FibRoute6): boolean => {
    const link = ifindex === null ? undefined : netns.links.get(ifindex)
    return link !== undefined && !hasCarrier(sim, link)
  }
  // fib6_nh_init, fib6_ifdown: what is delivered here does not care.
  const isHere = ({ type }: FibRoute6): boolean => type === 'local' || type === 'anycast'
  return allRoutes6(netns).map((route) => ({ ...route, linkDown: !isHere(route) && isDown(route) }))
}

/** The same for the packet path. */
export function allRoutes6(netns: NetNamespace): FibRoute6[] {
  const all = [...kernelRoutes(netns), ...routesByHand(netns)]
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

export function kernelRoutes(netns: NetNamespace): FibRoute6[] {
  const addressed = [...netns.links.values()].filter((link) => link.addresses6.length > 0)
  const cards = byAppearance(addressed.filter((link) => link.kind !== 'loopback'))
  const up = cards.filter((link) => link.up)
  const make = (link: Link, type: Route6['type'], destination: Prefix6, table: number): FibRoute6 => ({
    type,
    destination,
    gateway: null,
    ifindex: link.ifindex,
    preferredSource: null,
    protocol: 'kernel',
    metric: type === 'local' || type === 'anycast' ? 0 : KERNEL_METRIC,
    mtu: null,
    onLink: false,
    table,
    device: link.name,
  })
  const ready = up.filter((link) => link.ready6Us !== undefined)
  return [
    ...up.flatMap((link) => networksOf(link).map((network) => make(link, 'unicast', network, TABLE6_MAIN))),
    // An address that need not be checked is here even while its device is down.
    ...addressed.flatMap((link) =>
      link.addresses6
        .filter((own) => !own.tentative)
        .map((own) => make(link, 'local', { address: own.address, length: 128 }, TABLE6_LOCAL)),
    ),
    ...cards.flatMap((link) => anycastOf(netns, link).map((one) => make(link, 'anycast', one, TABLE6_LOCAL))),
    ...ready.map((link) => make(link, 'multicast', { address: 'ff00::', length: 8 }, TABLE6_LOCAL)),
  ]
}

/** Routers listen to the subnet-router address of each of their networks (addrconf_join_anycast). RFC 4291 §2.6.1 */
function anycastOf(netns: NetNamespace, link: Link): Prefix6[] {
  if (deviceSettings(netns, link.ifindex).forwarding6 === 0) return []
  const networks = link.addresses6
    .filter((own) => own.length < 127 && !own.tentative)
    .map((own) => networkOf6(own.address, own.length))
  return [...new Set(networks)].map((address) => ({ address, length: 128 }))
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

/** As IPv6 began to run on them; at the same moment a bridge stands behind its first port, whose carrier is its own. */
function byAppearance(links: readonly Link[]): Link[] {
  const rank = (link: Link): number => link.ready6Us ?? Number.MAX_SAFE_INTEGER
  const plain: Link[] = links.filter((link) => link.kind !== 'bridge').sort((x, y) => x.ifindex - y.ifindex)
  for (const bridge of links.filter((link) => link.kind === 'bridge')) {
    const first = plain.findIndex((link) => link.master === bridge.ifindex)
    plain.splice(first < 0 ? plain.length : first + 1, 0, bridge)
  }
  return plain.sort((x, y) => rank(x) - rank(y))
}

function routesByHand(netns: NetNamespace): FibRoute6[] {
  return (netns.routes6 ?? []).flatMap((entry) => {
    const link = entry.ifindex === null ? undefined : netns.links.get(entry.ifindex)
    if (entry.ifindex !== null && (link === undefined || !link.up)) return []
    return [{ ...entry, device: link?.name ?? 'lo' }]
  })
}
