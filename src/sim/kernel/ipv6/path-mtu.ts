/** How long a packet may be: the device's MTU, the route's, what routers have said. RFC 8201, net/ipv6/route.c */
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

/** Every link carries this much. RFC 8200 §5 */
export const LEAST_MTU6 = 1280

export function pathMtu6(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  routeMtu: number | null,
  destination: string,
): number {
  const own = Math.min(routeMtu ?? link.mtu, link.mtu)
  const learnt = netns.pathMtus.size === 0 ? undefined : netns.pathMtus.get(destination)
  if (learnt === undefined || learnt.expiresUs <= sim.nowUs) return own
  return Math.min(own, learnt.mtu)
}

/** A "packet too big" has come. */
export function learnPathMtu6(sim: Simulation, netns: NetNamespace, destination: string, said: number): void {
  const mtu = Math.max(said, LEAST_MTU6)
  const known = netns.pathMtus.get(destination)
  if (known !== undefined && known.expiresUs > sim.nowUs && known.mtu <= mtu) return
  netns.pathMtus.set(destination, { mtu, expiresUs: sim.nowUs + netns.settings.mtuExpiresS * 1e6 })
}
