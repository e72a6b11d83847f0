/**
 * IPv6 routes as `ip -6 route` lists them: they follow from the link-local addresses. net/ipv6/{addrconf,route}.c.
 * Not modelled: IPv6 routes set by hand.
 */
import { hasCarrier } from '../link/state.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export interface Route6 {
  readonly type: 'unicast' | 'local' | 'multicast'
  readonly destination: string
  readonly device: string
  readonly table: number
  readonly metric: number
  readonly linkDown: boolean
}

/** Main table first, then local: own addresses by value, then multicast. */
export function listRoutes6(sim: Simulation, netns: NetNamespace): Route6[] {
  const up = [...netns.links.values()].filter((link) => link.up && link.addresses6.length > 0)
  const cards = byAppearance(up.filter((link) => link.kind !== 'loopback'))
  const route = (link: Link, rest: Omit<Route6, 'device' | 'linkDown'>): Route6 => ({
    ...rest,
    device: link.name,
    linkDown: !hasCarrier(sim, link),
  })
  const own = up.flatMap((link) =>
    link.addresses6.filter((address) => !address.tentative).map(({ address }) => ({ key: address, link })),
  )
  own.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0))
  return [
    ...cards.map((link) =>
      route(link, { type: 'unicast', destination: 'fe80::/64', table: 254, metric: 256 }),
    ),
    ...own.map(({ key, link }) => route(link, { type: 'local', destination: key, table: 255, metric: 0 })),
    ...cards.map((link) =>
      route(link, { type: 'multicast', destination: 'ff00::/8', table: 255, metric: 256 }),
    ),
  ]
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
