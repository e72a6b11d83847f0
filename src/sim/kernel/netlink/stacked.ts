/**
 * Devices on devices are made, and follow what happens below them. drivers/net/macvlan.c macvlan_common_newlink,
 * drivers/net/ipvlan/ipvlan_main.c ipvlan_link_new, net/8021q/{vlan,vlan_netlink}.c and their notifiers.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts'
import {
  belowOf,
  isStacked,
  lowerOf,
  type PlacedLink,
  placeAt,
  uppersOf,
  uppersOfKind,
} from '../link/stacked.ts'
import type { IpvlanFlag, IpvlanMode, Link, LinkAttributes, MacvlanMode, StackedLink } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import {
  ipvlanAddressBusy,
  vlanExists,
  vlanIdInvalid,
  vlanIdMissing,
  vlanLinkMissing,
  vlanLinkUnknown,
  vlanNotSpecified,
  vlanUnsupported,
} from './errors.ts'
import { peerNetnsId } from './namespace.ts'

export interface StackedSpec {
  readonly mac?: string
  readonly mtu?: number
  /** The device below (`link`). */
  readonly lower?: DeviceRef
  readonly macvlanMode?: MacvlanMode
  readonly ipvlanMode?: IpvlanMode
  readonly ipvlanFlag?: IpvlanFlag
  readonly vid?: number
}

/** Looked at before anything else (rtnl_link_ops.validate). */
export function validateVlan(spec: StackedSpec): ReturnType<typeof refuse> | null {
  if (spec.vid === undefined) return vlanNotSpecified()
  return spec.vid >= 0xfff ? vlanIdInvalid() : null
}

/** `base` has a MAC address drawn at random; who inherits the lower device's takes that. */
export function newStacked(
  sim: Simulation,
  kind: StackedLink['kind'],
  spec: StackedSpec,
  base: () => LinkAttributes,
): Result<Link> {
  const checked = checkLower(sim, kind, spec)
  if (!checked.ok) return checked
  const lower = checked.value
  if (spec.mtu !== undefined && spec.mtu > lower.link.mtu) return refuse('EINVAL')
  const own = { ...base(), mtu: spec.mtu ?? lower.link.mtu }
  const link = ofKind(sim, kind, spec, own, lower)
  return ok(link)
}

function ofKind(
  sim: Simulation,
  kind: StackedLink['kind'],
  spec: StackedSpec,
  base: LinkAttributes,
  place: PlacedLink,
): StackedLink {
  const lower: DeviceRef = { host: place.netns.host, netns: place.netns.id, ifindex: place.link.ifindex }
  if (kind === 'vlan') {
    return {
      ...base,
      kind,
      lower,
      vid: spec.vid ?? 0,
      mac: spec.mac === undefined ? place.link.mac : base.mac,
    }
  }
  if (kind === 'macvlan') {
    const mode = spec.macvlanMode ?? 'vepa'
    if (mode === 'passthru') place.link.promiscuity++
    return { ...base, kind, lower, mode, mac: mode === 'passthru' ? place.link.mac : base.mac }
  }
  const siblings = uppersOfKind(sim, place.link, 'ipvlan')
  const mode = spec.ipvlanMode ?? 'l3'
  const flag = spec.ipvlanFlag ?? siblings[0]?.link.flag ?? 'bridge'
  for (const { link } of siblings) {
    link.mode = mode
    link.arp = mode === 'l2'
    link.flag = flag
  }
  return { ...base, kind, lower, mode, flag, arp: mode === 'l2', mac: place.link.mac }
}

function checkLower(sim: Simulation, kind: StackedLink['kind'], spec: StackedSpec): Result<PlacedLink> {
  if (spec.lower === undefined) {
    if (kind !== 'vlan') return refuse('EINVAL')
    return spec.vid === undefined ? vlanIdMissing() : vlanLinkMissing()
  }
  const given = placeAt(sim, spec.lower)
  if (given === undefined) return kind === 'vlan' ? vlanLinkUnknown() : refuse('ENODEV')
  // On a device of the same kind it stands beside that one, on the same card.
  const lower =
    given.link.kind === kind && isStacked(given.link) && kind !== 'vlan' ? lowerOf(sim, given.link) : given
  if (lower === undefined) return refuse('ENODEV')
  const isEthernet = lower.link.kind !== 'loopback' && lower.link.kind !== 'tunnel'
  if (kind === 'vlan') {
    if (!isEthernet || lower.link.kind === 'ipvlan') return vlanUnsupported()
    const taken = uppersOfKind(sim, lower.link, 'vlan').some((one) => one.link.vid === spec.vid)
    return taken ? vlanExists() : ok(lower)
  }
  if (!isEthernet) return refuse('EINVAL')
  const other = kind === 'macvlan' ? 'ipvlan' : 'macvlan'
  if (lower.link.port !== null || uppersOfKind(sim, lower.link, other).length > 0) return refuse('EBUSY')
  const siblings = uppersOfKind(sim, lower.link, 'macvlan')
  if (siblings.some((one) => one.link.mode === 'passthru')) return refuse('EINVAL')
  return spec.macvlanMode === 'passthru' && siblings.length > 0 ? refuse('EINVAL') : ok(lower)
}

/** Once the device has its number: the lower one knows it, and the namespaces know each other. */
export function attachToLower(sim: Simulation, netns: NetNamespace, link: Link): void {
  const lower = belowOf(sim, netns.host, link)
  if (lower === undefined) return
  lower.link.uppers = [...(lower.link.uppers ?? []), refOf(netns, link)]
  knowEachOther(sim, netns, lower.netns)
}

const refOf = (netns: NetNamespace, link: Link): DeviceRef => ({
  host: netns.host,
  netns: netns.id,
  ifindex: link.ifindex,
})

function knowEachOther(sim: Simulation, one: NetNamespace, other: NetNamespace): void {
  if (one === other) return
  peerNetnsId(sim, one, other.id)
  peerNetnsId(sim, other, one.id)
}

const isSame = (a: DeviceRef, b: DeviceRef): boolean =>
  a.ifindex === b.ifindex && a.netns === b.netns && a.host === b.host

export function detachFromLower(sim: Simulation, netns: NetNamespace, link: Link): void {
  const lower = belowOf(sim, netns.host, link)
  if (lower === undefined) return
  const own = refOf(netns, link)
  const rest = (lower.link.uppers ?? []).filter((ref) => !isSame(ref, own))
  lower.link.uppers = rest.length === 0 ? null : rest
  if (link.kind === 'macvlan' && link.mode === 'passthru') lower.link.promiscuity--
}

/** A device moved to another namespace: those above and below refer to its new place. */
export function followMove(sim: Simulation, from: DeviceRef, to: DeviceRef, link: Link): void {
  for (const upper of uppersOf(sim, link)) upper.link.lower = to
  const lower = belowOf(sim, to.host, link)
  if (lower === undefined) return
  lower.link.uppers = (lower.link.uppers ?? []).map((ref) => (isSame(ref, from) ? to : ref))
  const netns = sim.kernels.get(to.host)?.namespaces.get(to.netns)
  if (netns !== undefined) knowEachOther(sim, netns, lower.netns)
}

/** Why a device on another one cannot go up. */
export function refuseStackedUp(sim: Simulation, link: StackedLink): ReturnType<typeof refuse> | null {
  const lower = lowerOf(sim, link)
  if (lower === undefined) return null
  if (link.kind === 'vlan' && !lower.link.up) return refuse('ENETDOWN')
  if (link.kind !== 'macvlan' || link.mode === 'passthru') return null
  const isTaken = uppersOfKind(sim, lower.link, 'macvlan').some(
    (one) => one.link !== link && one.link.up && one.link.mac === link.mac,
  )
  return isTaken || lower.link.mac === link.mac ? refuse('EADDRINUSE') : null
}

/** ipvlan finds devices by address, so each address stands on one of them only (ipvlan_addr_busy). */
export function refuseIpvlanAddress(
  sim: Simulation,
  link: Link,
  address: number,
): { ok: false; error: Refusal } | null {
  const lower = link.kind === 'ipvlan' ? lowerOf(sim, link) : undefined
  if (lower === undefined) return null
  const isTaken = uppersOfKind(sim, lower.link, 'ipvlan').some(
    (one) => one.link !== link && one.link.addresses.some((own) => own.address === address),
  )
  return isTaken ? ipvlanAddressBusy() : null
}

/** NETDEV_CHANGEMTU: nobody above may be larger; ipvlan is always as large. */
export function uppersFollowMtu(sim: Simulation, lower: Link): void {
  for (const { link } of uppersOf(sim, lower)) {
    if (link.kind === 'ipvlan' || link.mtu > lower.mtu) link.mtu = lower.mtu
  }
}

/** NETDEV_CHANGEADDR: those that share the address. */
export function uppersFollowMac(sim: Simulation, lower: Link, before: string): void {
  for (const { link } of uppersOf(sim, lower)) {
    const shares =
      link.kind === 'ipvlan' ||
      (link.kind === 'vlan' && link.mac === before) ||
      (link.kind === 'macvlan' && link.mode === 'passthru')
    if (shares) link.mac = lower.mac
  }
}
