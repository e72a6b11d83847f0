/**
 * A device goes up or down: routes, neighbours, bridge ports and the carrier at the other end follow.
 * net/ipv4/{devinet,fib_frontend,fib_semantics}.c, net/bridge/br.c br_device_event. What the stack itself has to do
 * (IPv6 addresses, reports, timers) stands in `kernel/link/lifecycle.ts`.
 */
import { ok, type Result, type refuse } from '../../base/result.ts'
import { onCarrierChange, onLinkDown, onLinkUp } from '../link/lifecycle.ts'
import { isStacked, uppersOf } from '../link/stacked.ts'
import { hasCarrier } from '../link/state.ts'
import type { BridgeLink, Link, VethLink } from '../link/types.ts'
import { flushNeighborsOf } from '../neighbor/table.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { addAddress, addRoutesOf } from './address.ts'
import { refreshPort, refreshPorts } from './bridge-port.ts'
import { removeRoutes } from './route.ts'
import { refuseStackedUp } from './stacked.ts'
import { closeVxlan, openVxlan } from './vxlan.ts'

export function setLinkUp(sim: Simulation, netns: NetNamespace, link: Link): Result<void> {
  if (link.up) return ok(undefined)
  const refused = refuseUp(sim, netns, link)
  if (refused !== null) return refused
  link.up = true
  link.activated = true
  if (link.kind === 'loopback' && link.addresses.length === 0) {
    addAddress(sim, netns, link, { address: 0x7f000001, length: 8, scope: 'host', label: link.name })
  }
  for (const own of link.addresses) addRoutesOf(netns, link, own)
  portsFollow(sim, netns, link)
  onLinkUp(sim, netns, link)
  carrierOfPeerChanged(sim, link)
  uppersFollowState(sim, link)
  return ok(undefined)
}

/** ndo_open */
function refuseUp(sim: Simulation, netns: NetNamespace, link: Link): ReturnType<typeof refuse> | null {
  if (isStacked(link)) return refuseStackedUp(sim, link)
  if (link.kind !== 'vxlan') return null
  const opened = openVxlan(sim, netns, link)
  return opened.ok ? null : opened
}

/** Carrier comes from below; VLANs go up and down with their card (vlan_device_event). */
function uppersFollowState(sim: Simulation, lower: Link): void {
  for (const { netns, link } of uppersOf(sim, lower)) {
    if (link.kind === 'vlan' && lower.up) setLinkUp(sim, netns, link)
    if (link.kind === 'vlan' && !lower.up) setLinkDown(sim, netns, link)
    portsFollow(sim, netns, link)
    if (link.up) onCarrierChange(sim, netns, link)
    uppersFollowCarrier(sim, link)
  }
}

function uppersFollowCarrier(sim: Simulation, lower: Link): void {
  for (const { netns, link } of uppersOf(sim, lower)) {
    portsFollow(sim, netns, link)
    if (link.up) onCarrierChange(sim, netns, link)
    uppersFollowCarrier(sim, link)
  }
}

export function setLinkDown(sim: Simulation, netns: NetNamespace, link: Link): Result<void> {
  if (!link.up) return ok(undefined)
  const hadCarrier = hasCarrier(sim, link)
  link.up = false
  if (link.kind === 'veth' && hadCarrier) noteLostCarrier(sim, netns, link)
  removeRoutes(
    netns,
    (route) => route.ifindex === link.ifindex && !(route.type === 'local' && route.scope === 'host'),
  )
  flushNeighborsOf(sim, netns, link.ifindex, false)
  portsFollow(sim, netns, link)
  onLinkDown(sim, netns, link)
  if (link.kind === 'vxlan') closeVxlan(sim, netns, link)
  carrierOfPeerChanged(sim, link)
  uppersFollowState(sim, link)
  return ok(undefined)
}

/**
 * default_operstate: both ends lose carrier, and each looks for a device with its peer's number, but in its own
 * namespace; only if it finds one without carrier there it blames the layer below.
 */
function noteLostCarrier(sim: Simulation, netns: NetNamespace, link: VethLink): void {
  const peerNetns = sim.kernels.get(link.peer.host)?.namespaces.get(link.peer.netns)
  const peer = peerNetns?.links.get(link.peer.ifindex)
  link.withoutCarrier = blame(sim, netns, link)
  if (peerNetns !== undefined && peer?.kind === 'veth') peer.withoutCarrier = blame(sim, peerNetns, peer)
}

function blame(sim: Simulation, netns: NetNamespace, link: VethLink): VethLink['withoutCarrier'] {
  const found = netns.links.get(link.peer.ifindex)
  if (link.peer.ifindex === link.ifindex || found === undefined) return 'DOWN'
  return hasCarrier(sim, found) ? 'DOWN' : 'LOWERLAYERDOWN'
}

/** A port follows its own state and its bridge's. */
function portsFollow(sim: Simulation, netns: NetNamespace, link: Link): void {
  if (link.kind === 'bridge') refreshPorts(sim, netns, link)
  const master = masterOf(netns, link)
  if (master !== undefined) refreshPort(sim, netns, master, link)
}

export function masterOf(netns: NetNamespace, link: Link): BridgeLink | undefined {
  const master = link.master === null ? undefined : netns.links.get(link.master)
  return master?.kind === 'bridge' ? master : undefined
}

/** veth: carrier is there while both ends are up, so the other end feels each change at this one. */
export function carrierOfPeerChanged(sim: Simulation, link: Link): void {
  if (link.kind !== 'veth') return
  const netns = sim.kernels.get(link.peer.host)?.namespaces.get(link.peer.netns)
  const peer = netns?.links.get(link.peer.ifindex)
  if (netns === undefined || peer === undefined) return
  portsFollow(sim, netns, peer)
  if (peer.up) onCarrierChange(sim, netns, peer)
  uppersFollowCarrier(sim, peer)
}
