/**
 * What the stack does when devices and addresses come and go; rtnetlink (`kernel/netlink`) calls these after it has
 * changed the model. net/ipv4/{devinet,arp}.c, net/ipv6/addrconf.c, net/bridge/br_if.c notifiers.
 */
import { reportGroupsSoon } from '../ip/igmp.ts'
import { forgetDevice6, startAutoconfiguration, stopAutoconfiguration } from '../ipv6/autoconfiguration.ts'
import { logReady } from '../log.ts'
import { sendGratuitousArp } from '../neighbor/solicit.ts'
import { flushNeighborsOf } from '../neighbor/table.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { onAddressGone, onDeviceDown } from '../netfilter/masquerade.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { hasCarrier } from './state.ts'
import type { InterfaceAddress, Link } from './types.ts'

export function onNamespaceCreated(_sim: Simulation, _netns: NetNamespace): void {}

/** `link.up` has just become true. */
export function onLinkUp(sim: Simulation, netns: NetNamespace, link: Link): void {
  if (hasCarrier(sim, link)) startAutoconfiguration(sim, netns, link)
  if (link.kind === 'bridge') reportGroupsSoon(sim, netns, link)
  if (arpNotify(netns, link)) for (const own of link.addresses) announce(sim, netns, link, own)
}

/** `link.up` has just become false; its connected routes and neighbours are gone already. */
export function onLinkDown(sim: Simulation, netns: NetNamespace, link: Link): void {
  stopAutoconfiguration(link)
  forgetDevice6(netns, link.ifindex)
  if (link.kind === 'bridge') {
    for (const [mac, entry] of link.fdb) if (!entry.static) link.fdb.delete(mac)
  }
  onDeviceDown(sim, netns, link.ifindex)
}

/** The other end of a veth pair or a bridge's ports changed: the device is up and its carrier may have come or gone. */
export function onCarrierChange(sim: Simulation, netns: NetNamespace, link: Link): void {
  if (!link.up) return
  if (hasCarrier(sim, link)) {
    logReady(sim, netns, link)
    startAutoconfiguration(sim, netns, link)
    return
  }
  flushNeighborsOf(sim, netns, link.ifindex, true)
}

function arpNotify(netns: NetNamespace, link: Link): boolean {
  return deviceSettings(netns, link.ifindex).arpNotify !== 0 || netns.settings.all.arpNotify !== 0
}

function announce(sim: Simulation, netns: NetNamespace, link: Link, own: InterfaceAddress): void {
  if (link.up && link.kind !== 'loopback') sendGratuitousArp(sim, netns, link, own.address)
}

export function onAddressAdded(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  address: InterfaceAddress,
): void {
  if (arpNotify(netns, link)) announce(sim, netns, link, address)
}

/** Connections that were masqueraded behind it end. */
export function onAddressRemoved(
  _sim: Simulation,
  netns: NetNamespace,
  _link: Link,
  address: InterfaceAddress,
): void {
  onAddressGone(netns, address.address)
}

/** Its MAC address was set: neighbours learnt behind it are asked anew (neigh_changeaddr). */
export function onAddressOfDeviceChanged(sim: Simulation, netns: NetNamespace, link: Link): void {
  flushNeighborsOf(sim, netns, link.ifindex, false)
  const bridge = link.master === null ? undefined : netns.links.get(link.master)
  if (bridge?.kind === 'bridge') bridge.fdb.delete(link.mac)
  if (arpNotify(netns, link)) for (const own of link.addresses) announce(sim, netns, link, own)
}

/** The device stands in another namespace now, down, without addresses. */
export function onLinkMoved(sim: Simulation, from: DeviceRef, _to: DeviceRef, link: Link): void {
  stopAutoconfiguration(link)
  const netns = sim.kernels.get(from.host)?.namespaces.get(from.netns)
  if (netns === undefined) return
  forgetDevice6(netns, from.ifindex)
  netns.settings.devices.delete(from.ifindex)
}

/** The device is gone. */
export function onLinkRemoved(_sim: Simulation, netns: NetNamespace, link: Link): void {
  stopAutoconfiguration(link)
  forgetDevice6(netns, link.ifindex)
  netns.settings.devices.delete(link.ifindex)
}
