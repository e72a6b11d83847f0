/**
 * Devices that stand on another one: finding up and down, across namespaces. include/linux/netdevice.h netdev_upper_dev_link.
 */
import type { NetNamespace } from '../net-namespace.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import type { Link, StackedLink } from './types.ts'

export interface PlacedLink<L extends Link = Link> {
  readonly netns: NetNamespace
  readonly link: L
}

export function isStacked(link: Link): link is StackedLink {
  return link.kind === 'macvlan' || link.kind === 'ipvlan' || link.kind === 'vlan'
}

export function placeAt(sim: Simulation, ref: DeviceRef): PlacedLink | undefined {
  const netns = sim.kernels.get(ref.host)?.namespaces.get(ref.netns)
  const link = netns?.links.get(ref.ifindex)
  return netns === undefined || link === undefined ? undefined : { netns, link }
}

export function lowerOf(sim: Simulation, link: StackedLink): PlacedLink | undefined {
  return placeAt(sim, link.lower)
}

export function uppersOf(sim: Simulation, link: Link): PlacedLink<StackedLink>[] {
  const found: PlacedLink<StackedLink>[] = []
  for (const ref of link.uppers ?? []) {
    const place = placeAt(sim, ref)
    if (place !== undefined && isStacked(place.link)) found.push({ netns: place.netns, link: place.link })
  }
  return found
}

/** The same with VXLANs that leave by it: who ends with the device. */
export function allAbove(sim: Simulation, link: Link): PlacedLink[] {
  return (link.uppers ?? []).map((ref) => placeAt(sim, ref)).filter((place) => place !== undefined)
}

/** What the device hangs on, if on any. */
export function belowOf(sim: Simulation, host: string, link: Link): PlacedLink | undefined {
  if (isStacked(link)) return lowerOf(sim, link)
  if (link.kind !== 'vxlan' || link.lower === null) return undefined
  return placeAt(sim, { host, netns: link.underlay, ifindex: link.lower })
}

/** The siblings of one kind on the same card. */
export function uppersOfKind<K extends StackedLink['kind']>(
  sim: Simulation,
  lower: Link,
  kind: K,
): PlacedLink<Extract<StackedLink, { kind: K }>>[] {
  return uppersOf(sim, lower).filter(
    (one): one is PlacedLink<Extract<StackedLink, { kind: K }>> => one.link.kind === kind,
  )
}
