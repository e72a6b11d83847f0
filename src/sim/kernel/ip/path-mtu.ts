/** How long a packet may be: the device's MTU, the route's, what routers on the way have said. RFC 1191, net/ipv4/route.c */
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

/** For packets of our own. */
export function pathMtu(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  route: Route | null,
  destination: number,
): number {
  const own = Math.min(route?.mtu ?? link.mtu, link.mtu)
  const learnt = netns.pathMtus.size === 0 ? undefined : netns.pathMtus.get(destination)
  if (learnt === undefined || learnt.expiresUs <= sim.nowUs) return own
  return Math.min(own, learnt.mtu)
}

/** For packets of others: what was learnt does not count unless ip_forward_use_pmtu says so. */
export function forwardMtu(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  route: Route,
  destination: number,
): number {
  if (netns.settings.forwardUsePmtu !== 0) return pathMtu(sim, netns, link, route, destination)
  return route.mtu === null || route.mtu > link.mtu ? link.mtu : route.mtu
}

/** An ICMP "fragmentation needed" has come. */
export function learnPathMtu(sim: Simulation, netns: NetNamespace, destination: number, said: number): void {
  if (netns.settings.noPmtuDiscovery !== 0) return
  const mtu = Math.max(said, netns.settings.minPmtu)
  const known = netns.pathMtus.get(destination)
  if (known !== undefined && known.expiresUs > sim.nowUs && known.mtu <= mtu) return
  netns.pathMtus.set(destination, { mtu, expiresUs: sim.nowUs + netns.settings.mtuExpiresS * 1e6 })
}
