/** Which address a packet gets that says none. net/ipv4/devinet.c inet_select_addr */
import { networkOf } from '../../wire/ipv4-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'

export function selectSource(netns: NetNamespace, device: number, route: Route, destination: number): number {
  const link = netns.links.get(device)
  const near = route.gateway ?? destination
  const own = link === undefined ? null : addressOf(link, near)
  if (own !== null) return own
  for (const other of netns.links.values()) {
    const address = other.addresses.find((entry) => entry.scope === 'global' && !entry.secondary)
    if (address !== undefined) return address.address
  }
  return 0
}

/** The device's own address in the subnet of `near`, else its first primary one. */
export function addressOf(link: Link, near: number): number | null {
  let first: number | null = null
  for (const own of link.addresses) {
    if (own.secondary) continue
    if (networkOf(own.peer ?? own.address, own.length) === networkOf(near, own.length)) return own.address
    if (first === null) first = own.address
  }
  return first
}
