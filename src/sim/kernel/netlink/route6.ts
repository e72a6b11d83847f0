/**
 * IPv6 routes as `ip -6 route` edits them. net/ipv6/{addrconf,route,ip6_fib}.c.
 * Not modelled: several paths of one route, expiry.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { lookupRoute6 } from '../ipv6/fib.ts'
import { containsAddress6, formatPrefix6, networkOf6 } from '../ipv6/prefix.ts'
import { formatDestination6, kernelRoutes, listRoutes6, type Route6, TABLE6_MAIN } from '../ipv6/routes.ts'
import type { NetNamespace, Route6Entry } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'

export { formatDestination6, listRoutes6, type Route6, TABLE6_MAIN }

export type Route6Mode = 'add' | 'replace' | 'change' | 'append' | 'prepend'
export type Route6Spec = Omit<Route6Entry, 'metric'> & { readonly metric: number | null }

export function addRoute6(
  _sim: Simulation,
  netns: NetNamespace,
  spec: Route6Spec,
  mode: Route6Mode,
): Result<void> {
  const found = egress(netns, spec)
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
  const exists = at >= 0 || kernelRoutes(netns).some(isSame)
  if (mode === 'add' && exists) return refuse('EEXIST')
  if (mode === 'change' && at < 0) return refuse('ENOENT', 'Can not replace route - no match found')
  if (at >= 0 && (mode === 'replace' || mode === 'change')) netns.routes6 = list.with(at, entry)
  else netns.routes6 = mode === 'prepend' ? [entry, ...list] : [...list, entry]
  return ok(undefined)
}

/** The device a route leaves by: the one named, or the one its gateway is found at (ip6_route_check_nh). */
function egress(netns: NetNamespace, spec: Route6Spec): Result<number | null> {
  if (spec.type !== 'unicast') return ok(null)
  const { gateway, ifindex } = spec
  const link = ifindex === null ? undefined : netns.links.get(ifindex)
  if (link !== undefined && deviceSettings(netns, link.ifindex).disableIpv6 !== 0)
    return refuse('EACCES', 'IPv6 is disabled on nexthop device')
  if (link !== undefined && !link.up) return refuse('ENETDOWN', 'Nexthop device is not up')
  if (gateway === null) return link === undefined ? refuse('ENODEV') : ok(link.ifindex)
  const isOwn = [...netns.links.values()].some((one) => one.addresses6.some((own) => own.address === gateway))
  if (isOwn) return refuse('EINVAL', 'Gateway can not be a local address')
  if (/^fe[89ab]/.test(gateway) || spec.onLink) {
    return link === undefined ? refuse('EINVAL', 'Egress device not specified') : ok(link.ifindex)
  }
  const query = { destination: gateway, ...(ifindex === null ? {} : { outputIfindex: ifindex }) }
  const way = lookupRoute6(netns, query)
  if (!way.ok || way.value.gateway !== null) return refuse('EHOSTUNREACH')
  return ok(way.value.device)
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
  // A table's root holds an entry that stands for no route; it fits whatever names neither gateway nor device (fib6_del).
  const meetsNone = length === 0 && spec.gateway === null && spec.ifindex === null && spec.metric === null
  if (found === undefined) return refuse(meetsNone ? 'ENOENT' : 'ESRCH')
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
