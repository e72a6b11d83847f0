/**
 * Interface addresses and the routes that come and go with them. ip-address(8), net/ipv4/{devinet,fib_frontend}.c.
 * The local route stands from the moment the address is there, connected and broadcast routes only while the device is up.
 * Not modelled: lifetimes, noprefixroute, IPv6 addresses set by hand with their routes beyond the address itself.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { broadcastOf, networkOf } from '../../wire/ipv4-address.ts'
import { onAddressAdded, onAddressRemoved } from '../link/lifecycle.ts'
import type { InterfaceAddress, Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { addressAssigned, addressNotFound, invalidScope } from './errors.ts'
import { insertKernelRoute, removeRoutes, TABLE_LOCAL, TABLE_MAIN } from './route.ts'
import { refuseIpvlanAddress } from './stacked.ts'

export interface AddressSpec {
  readonly address: number
  readonly length: number
  readonly broadcast?: number | null
  readonly scope?: InterfaceAddress['scope']
  readonly label?: string
  readonly peer?: number | null
}

const SCOPE_NUMBER = { global: 0, link: 253, host: 254 } as const

export function addAddress(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  spec: AddressSpec,
): Result<InterfaceAddress> {
  if (spec.length < 0 || spec.length > 32) return refuse('EINVAL')
  const scope = spec.scope ?? (spec.address >>> 24 === 127 ? 'host' : 'global')
  const peers = link.addresses.filter((other) => sameSubnet(other, spec))
  if (peers.some((other) => other.address === spec.address)) return addressAssigned()
  if (peers.some((other) => other.scope !== scope)) return invalidScope()
  const refused = refuseIpvlanAddress(sim, link, spec.address)
  if (refused !== null) return refused
  const address: InterfaceAddress = {
    address: spec.address,
    length: spec.length,
    broadcast: spec.broadcast ?? null,
    peer: spec.peer ?? null,
    scope,
    label: spec.label ?? link.name,
    secondary: peers.length > 0,
  }
  link.addresses.splice(placeOf(link.addresses, address), 0, address)
  addRoutesOf(netns, link, address)
  onAddressAdded(sim, netns, link, address)
  return ok(address)
}

/** Secondary addresses go last, a primary one behind the last primary of no wider scope. */
function placeOf(list: readonly InterfaceAddress[], address: InterfaceAddress): number {
  if (address.secondary) return list.length
  let place = 0
  list.forEach((other, i) => {
    if (!other.secondary && SCOPE_NUMBER[other.scope] >= SCOPE_NUMBER[address.scope]) place = i + 1
  })
  return place
}

function sameSubnet(x: InterfaceAddress, y: AddressSpec): boolean {
  if (x.length !== y.length) return false
  return networkOf(x.peer ?? x.address, x.length) === networkOf(y.peer ?? y.address, y.length)
}

/** fib_add_ifaddr */
export function addRoutesOf(netns: NetNamespace, link: Link, address: InterfaceAddress): void {
  for (const route of routesOf(link, address)) insertKernelRoute(netns, route)
}

function routesOf(link: Link, own: InterfaceAddress): Route[] {
  const primary = primaryOf(link, own)
  const base = {
    gateway: null,
    ifindex: link.ifindex,
    preferredSource: primary.address,
    protocol: 'kernel' as const,
    metric: 0,
    mtu: null,
    onLink: false,
  }
  const host = (address: number) => ({ address, length: 32 })
  const broadcast = (address: number): Route => ({
    ...base,
    type: 'broadcast',
    destination: host(address),
    scope: 'link',
    table: TABLE_LOCAL,
  })
  const routes: Route[] = [
    { ...base, type: 'local', destination: host(own.address), scope: 'host', table: TABLE_LOCAL },
  ]
  if (!link.up) return routes
  if (own.broadcast !== null && own.broadcast !== 0xffffffff) routes.push(broadcast(own.broadcast))
  const shown = own.peer ?? own.address
  const network = networkOf(shown, own.length)
  if (network >>> 24 === 0 || own.secondary || (network === own.address && own.length === 32)) return routes
  const isLoopback = link.kind === 'loopback'
  routes.push({
    ...base,
    type: isLoopback ? 'local' : 'unicast',
    destination: { address: network, length: own.length },
    scope: isLoopback ? 'host' : 'link',
    table: isLoopback ? TABLE_LOCAL : TABLE_MAIN,
  })
  if (own.length < 31) routes.push(broadcast(broadcastOf(shown, own.length)))
  return routes
}

function primaryOf(link: Link, own: InterfaceAddress): InterfaceAddress {
  if (!own.secondary) return own
  return link.addresses.find((other) => !other.secondary && sameSubnet(other, own)) ?? own
}

/** `length` null: whatever the length. A primary address takes its secondary ones along (promote_secondaries=0). */
export function deleteAddress(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  wanted: { readonly address: number; readonly length?: number | null; readonly peer?: number | null },
): Result<void> {
  const found = link.addresses.find(
    (own) =>
      own.address === wanted.address &&
      (wanted.length == null || own.length === wanted.length) &&
      (wanted.peer == null || own.peer === wanted.peer),
  )
  if (found === undefined) return addressNotFound()
  removeAddress(sim, netns, link, found)
  return ok(undefined)
}

function removeAddress(sim: Simulation, netns: NetNamespace, link: Link, own: InterfaceAddress): void {
  const followers = own.secondary
    ? []
    : link.addresses.filter((other) => other.secondary && sameSubnet(other, own))
  for (const gone of [...followers, own]) {
    link.addresses = link.addresses.filter((other) => other !== gone)
    removeRoutesOf(netns, link, gone)
    onAddressRemoved(sim, netns, link, gone)
  }
}

/** fib_del_ifaddr, then fib_sync_down_addr; without any address left the device has no routes (fib_disable_ip). */
function removeRoutesOf(netns: NetNamespace, link: Link, gone: InterfaceAddress): void {
  const kept = link.addresses.flatMap((own) => routesOf(link, own))
  const keys = new Set(kept.map(routeKey))
  const own = new Set(routesOf({ ...link, up: true }, gone).map(routeKey))
  const stillLocal = [...netns.links.values()].some((other) =>
    other.addresses.some((address) => address.address === gone.address),
  )
  removeRoutes(netns, (route) => {
    if (route.ifindex === link.ifindex && link.addresses.length === 0) return true
    if (route.preferredSource === gone.address && !stillLocal) return true
    return route.protocol === 'kernel' && own.has(routeKey(route)) && !keys.has(routeKey(route))
  })
  for (const other of link.addresses) addRoutesOf(netns, link, other)
}

function routeKey(route: Route): string {
  const { destination, type, ifindex, preferredSource, table } = route
  return `${destination.address}/${destination.length} ${type} ${ifindex} ${preferredSource} ${table}`
}

export function flushAddresses(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  gone: (own: InterfaceAddress) => boolean = () => true,
): number {
  const before = link.addresses.length
  for (const own of [...link.addresses]) {
    if (link.addresses.includes(own) && gone(own)) removeAddress(sim, netns, link, own)
  }
  return before - link.addresses.length
}
