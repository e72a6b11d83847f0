/**
 * Interface addresses and the routes that come and go with them. ip-address(8), net/ipv4/{devinet,fib_frontend}.c.
 * The local route stands from the moment the address is there, connected and broadcast routes only while the device is up.
 * Not modelled: noprefixroute, IPv6 addresses set by hand with their routes beyond the address itself.
 */

import { enqueue } from '../../base/event-queue.ts'
import { ok, type Result, refuse } from '../../base/result.ts'
import { broadcastOf, networkOf } from '../../wire/ipv4-address.ts'
import { onAddressAdded, onAddressRemoved } from '../link/lifecycle.ts'
import type { InterfaceAddress, Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
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
  readonly lifetime?: Lifetime
}

/** Seconds from now on; null: for ever. */
export interface Lifetime {
  readonly validS: number | null
  readonly preferredS: number | null
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
    ...endsOf(sim, netns, link, spec.lifetime),
  }
  link.addresses.splice(placeOf(link.addresses, address), 0, address)
  addRoutesOf(netns, link, address)
  onAddressAdded(sim, netns, link, address)
  return ok(address)
}

/** When an address with these lifetimes ends; a timer looks after it. */
function endsOf(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  lifetime: Lifetime | undefined,
): Pick<InterfaceAddress, 'validUntilUs' | 'preferredUntilUs'> {
  const { validS = null, preferredS = null } = lifetime ?? {}
  if (validS !== null) {
    const timer = { kind: 'address-lifetime', ifindex: link.ifindex } as const
    enqueue(sim.queue, sim.nowUs + validS * 1e6, { kind: 'timer', host: netns.host, netns: netns.id, timer })
  }
  return {
    ...(validS === null ? {} : { validUntilUs: sim.nowUs + validS * 1e6 }),
    ...(preferredS === null ? {} : { preferredUntilUs: sim.nowUs + preferredS * 1e6 }),
  }
}

/** `ip address change`: other lifetimes for an address that is there. */
export function changeLifetime(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  own: InterfaceAddress,
  lifetime: Lifetime,
): void {
  const { validUntilUs: _valid, preferredUntilUs: _preferred, ...kept } = own
  const next = { ...kept, ...endsOf(sim, netns, link, lifetime) }
  link.addresses = link.addresses.map((other) => (other === own ? next : other))
}

/** check_lifetime: what is over goes. */
export function expireAddresses(sim: Simulation, netns: NetNamespace, ifindex: number): void {
  const link = netns.links.get(ifindex)
  if (link === undefined) return
  flushAddresses(sim, netns, link, (own) => own.validUntilUs !== undefined && own.validUntilUs <= sim.nowUs)
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

/** `length` null: whatever the length. A primary address takes its secondary ones along unless `promote_secondaries` is set. */
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
  const seconds = own.secondary
    ? []
    : link.addresses.filter((other) => other.secondary && sameSubnet(other, own))
  const promotes = promotesSecondaries(netns, link)
  const heir = promotes ? seconds[0] : undefined
  if (heir !== undefined) promote(link, own, heir)
  const followers = promotes ? [] : seconds
  for (const gone of [...followers, own]) {
    link.addresses = link.addresses.filter((other) => other !== gone)
    removeRoutesOf(netns, link, gone)
    onAddressRemoved(sim, netns, link, gone)
  }
}

function promotesSecondaries(netns: NetNamespace, link: Link): boolean {
  const { all } = netns.settings
  return all.promoteSecondaries !== 0 || deviceSettings(netns, link.ifindex).promoteSecondaries !== 0
}

/** The first secondary address takes the place behind the last of the primary ones. */
function promote(link: Link, own: InterfaceAddress, heir: InterfaceAddress): void {
  const others = link.addresses.filter((other) => other !== heir)
  let place = others.indexOf(own) + 1
  others.forEach((other, i) => {
    const isWide = SCOPE_NUMBER[other.scope] >= SCOPE_NUMBER[own.scope]
    if (i >= place && !other.secondary && isWide) place = i + 1
  })
  others.splice(place, 0, { ...heir, secondary: false })
  link.addresses = others
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
