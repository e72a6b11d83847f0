/**
 * IPv6 addresses set by hand. ip-address(8), net/ipv6/addrconf.c. Their routes follow from them: see `route6.ts`.
 * Not modelled: lifetimes, anycast, temporary and management addresses.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import { checkAddress6 } from '../ipv6/autoconfiguration.ts'
import type { Interface6Address, Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'

export interface Address6Spec {
  readonly address: string
  readonly length: number
  readonly peer: string | null
  /** No duplicate address detection. */
  readonly noDad: boolean
  /** Without the route to its network. */
  readonly noPrefixRoute: boolean
}

export function addAddress6(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  spec: Address6Spec,
): Result<void> {
  if (deviceSettings(netns, link.ifindex).disableIpv6 !== 0) {
    return refuse('EACCES', 'ipv6: IPv6 is disabled on this device')
  }
  const { address, length, peer } = spec
  if (isMulticast6(address)) {
    return refuse('EINVAL', 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag')
  }
  if (address === '::1' && link.kind !== 'loopback') {
    return refuse('EADDRNOTAVAIL', 'ipv6: Cannot assign loopback address on this device')
  }
  if (link.addresses6.some((own) => own.address === address)) {
    return refuse('EEXIST', 'ipv6: address already assigned')
  }
  const settings = deviceSettings(netns, link.ifindex)
  const checked = !spec.noDad && link.kind !== 'loopback' && link.arp && settings.dadTransmits > 0
  const own: Interface6Address = {
    address,
    length,
    scope: scopeOf(address),
    tentative: checked || (!link.up && !spec.noDad),
    ...(peer === null ? {} : { peer }),
    ...(spec.noDad ? { noDad: true } : {}),
    ...(spec.noPrefixRoute ? { noPrefixRoute: true } : {}),
  }
  const list = [...link.addresses6]
  const rank = (one: Interface6Address): number => ({ global: 3, link: 2, host: 1 })[one.scope]
  const place = list.findIndex((other) => rank(other) <= rank(own))
  list.splice(place < 0 ? list.length : place, 0, own)
  link.addresses6 = list
  if (link.up) checkAddress6(sim, netns, link, own)
  return ok(undefined)
}

function scopeOf(address: string): Interface6Address['scope'] {
  if (address === '::1') return 'host'
  return /^fe[89ab]/.test(address) ? 'link' : 'global'
}

/** The length counts where it was given. */
export function deleteAddress6(
  netns: NetNamespace,
  link: Link,
  address: string,
  length: number | null,
): Result<void> {
  const found = link.addresses6.find(
    (own) => own.address === address && (length === null || own.length === length),
  )
  if (found === undefined) return refuse('EADDRNOTAVAIL', 'ipv6: address not found')
  link.addresses6 = link.addresses6.filter((own) => own !== found)
  const isElsewhere = [...netns.links.values()].some((one) =>
    one.addresses6.some((own) => own.address === address),
  )
  if (isElsewhere || netns.routes6 === undefined) return ok(undefined)
  netns.routes6 = netns.routes6.map((route) =>
    route.preferredSource === address ? { ...route, preferredSource: null } : route,
  )
  return ok(undefined)
}
