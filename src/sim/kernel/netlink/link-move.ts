/** Name, address, MTU and namespace of a device change. net/core/dev.c: dev_change_name, __dev_change_net_namespace. */
import { ok, type Result, refuse } from '../../base/result.ts'
import { parseMac } from '../../wire/mac-address.ts'
import { VXLAN_OVERHEAD } from '../../wire/vxlan.ts'
import { onAddressOfDeviceChanged, onLinkMoved } from '../link/lifecycle.ts'
import { lowerOf } from '../link/stacked.ts'
import type { Link } from '../link/types.ts'
import { logRenamed } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deleteBridgePort, followBridgeId, followPorts, notePortMacs } from './bridge.ts'
import { selectPortStates } from './bridge-port.ts'
import { immutableNetns, mtuTooLarge, mtuTooSmall, policyFailed } from './errors.ts'
import { findLink, forget, isUsableMac, isValidName, LONGEST_NAME, linkAt, takeIfindex } from './link.ts'
import { masterOf, setLinkDown } from './link-state.ts'
import { peerNetnsId, registerLink, unregisterLink } from './namespace.ts'
import { followMove, uppersFollowMac, uppersFollowMtu } from './stacked.ts'

export function renameLink(sim: Simulation, netns: NetNamespace, link: Link, name: string): Result<void> {
  if (name === link.name) return ok(undefined)
  if (name.length > LONGEST_NAME) return policyFailed()
  if (!isValidName(name)) return refuse('EINVAL')
  if (findLink(netns, name) !== undefined) return refuse('EEXIST')
  const old = link.name
  netns.linkNames.delete(old)
  link.name = name
  netns.linkNames.set(name, link.ifindex)
  link.addresses = link.addresses.map((own) => ({
    ...own,
    label: own.label === old ? name : own.label.replace(`${old}:`, `${name}:`),
  }))
  logRenamed(sim, netns, name, old)
  return ok(undefined)
}

export function setLinkMac(sim: Simulation, netns: NetNamespace, link: Link, mac: string): Result<void> {
  const parsed = parseMac(mac)
  if (parsed === null || link.kind === 'tunnel') return refuse('EINVAL')
  if (!isUsableMac(parsed)) return refuse('EADDRNOTAVAIL')
  if (link.kind === 'ipvlan') return refuse('EOPNOTSUPP')
  const before = link.mac
  link.mac = parsed
  uppersFollowMac(sim, link, before)
  if (link.kind === 'bridge') {
    link.macSet = true
    followBridgeId(sim, netns, link)
    selectPortStates(sim, netns, link)
  }
  const master = masterOf(netns, link)
  if (master !== undefined) {
    notePortMacs(netns, master)
    followPorts(sim, netns, master)
  }
  onAddressOfDeviceChanged(sim, netns, link)
  return ok(undefined)
}

/** Least and most a kind takes: `minmtu` and `maxmtu` of `ip -d link`; 0: no limit. */
export function mtuLimits(link: Link): { readonly least: number; readonly most: number } {
  if (link.kind === 'loopback' || link.kind === 'dummy') return { least: 0, most: 0 }
  if (link.kind === 'tunnel') return { least: link.mode === 'ipip' ? 0 : 68, most: 0 }
  if (link.kind === 'vlan') return { least: 0, most: 65535 }
  // What its card takes, less an Ethernet header.
  return { least: 68, most: link.kind === 'macvlan' ? 65521 : 65535 }
}

/** What the device below allows (ndo_change_mtu). */
function refuseMtu(sim: Simulation, netns: NetNamespace, link: Link, mtu: number) {
  if (link.kind === 'vxlan') {
    const underlay = sim.kernels.get(netns.host)?.namespaces.get(link.underlay)
    const lower = link.lower === null ? undefined : underlay?.links.get(link.lower)
    return lower !== undefined && mtu > lower.mtu - VXLAN_OVERHEAD ? refuse('EINVAL') : null
  }
  if (link.kind !== 'macvlan' && link.kind !== 'vlan') return null
  const lower = lowerOf(sim, link)
  if (lower === undefined || mtu <= lower.link.mtu) return null
  return refuse(link.kind === 'vlan' ? 'ERANGE' : 'EINVAL')
}

export function setLinkMtu(sim: Simulation, netns: NetNamespace, link: Link, mtu: number): Result<void> {
  const { least, most } = mtuLimits(link)
  if (mtu < least) return mtuTooSmall()
  if (most > 0 && mtu > most) return mtuTooLarge()
  const refused = refuseMtu(sim, netns, link, mtu)
  if (refused !== null) return refused
  link.mtu = mtu
  uppersFollowMtu(sim, link)
  if (link.kind === 'bridge') link.mtuSet = true
  const master = masterOf(netns, link)
  if (master !== undefined) followPorts(sim, netns, master)
  return ok(undefined)
}

/** The device goes down, loses master, addresses and routes, and keeps its number where that is free. */
export function moveLink(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  target: NetNamespace,
  name = link.name,
): Result<Link> {
  if (target === netns) return ok(link)
  if (link.kind === 'loopback' || link.kind === 'bridge' || link.kind === 'tunnel') return immutableNetns()
  if (findLink(target, name) !== undefined) return refuse('EEXIST')
  setLinkDown(sim, netns, link)
  if (link.master !== null) deleteBridgePort(sim, netns, link)
  forget(netns, link)
  const from = { host: netns.host, netns: netns.id, ifindex: link.ifindex }
  unregisterLink(netns, link)
  if (name !== link.name) logRenamed(sim, target, name, link.name)
  link.name = name
  if (target.links.has(link.ifindex)) link.ifindex = takeIfindex(target)
  registerLink(target, link)
  const to = { host: target.host, netns: target.id, ifindex: link.ifindex }
  peerNetnsId(sim, netns, target.id)
  if (link.kind === 'veth') rejoinPeer(sim, target, link)
  if (link.kind === 'vxlan') peerNetnsId(sim, target, link.underlay)
  followMove(sim, from, to, link)
  onLinkMoved(sim, from, to, link)
  return ok(link)
}

/** The other end learns where this one is now, and both namespaces give each other a number. */
function rejoinPeer(sim: Simulation, target: NetNamespace, link: Extract<Link, { kind: 'veth' }>): void {
  const peer = linkAt(sim, link.peer)
  const peerNetns = sim.kernels.get(link.peer.host)?.namespaces.get(link.peer.netns)
  if (peer?.kind !== 'veth' || peerNetns === undefined) return
  peer.peer = { host: target.host, netns: target.id, ifindex: link.ifindex }
  if (peerNetns === target) return
  peerNetnsId(sim, peerNetns, target.id)
  peerNetnsId(sim, target, peerNetns.id)
}
