/** Bridges: ports come and go, settings. net/bridge/{br_if,br_stp_if,br_fdb,br_ioctl}.c, brctl(8), bridge(8). */
import { ok, type Result, refuse } from '../../base/result.ts'
import { collectOld } from '../link/bridge-fdb.ts'
import { uppersOf } from '../link/stacked.ts'
import { hasCarrier } from '../link/state.ts'
import { isRootBridge } from '../link/stp/place.ts'
import {
  changeBridgeId,
  changeBridgePriority,
  changePathCost,
  changePortPriority,
  disablePort,
  forcePortState,
  switchStp,
} from '../link/stp/ports.ts'
import { newPortTree } from '../link/stp/types.ts'
import type { BridgeLink, BridgePort, Link } from '../link/types.ts'
import { logBridged, logPortState } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { portsOf, refreshPort, selectPortStates } from './bridge-port.ts'
import { bridgeInBridge } from './errors.ts'

export { portsOf } from './bridge-port.ts'

export function addBridgePort(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  link: Link,
): Result<void> {
  if (link.kind === 'loopback' || link.kind === 'tunnel') return refuse('EINVAL')
  if (link.kind === 'bridge') return bridgeInBridge()
  if (link.master !== null) return refuse('EBUSY')
  // The card's frames are handed to those who stand on it already (netdev_rx_handler_register).
  if (uppersOf(sim, link).some((upper) => upper.link.kind !== 'vlan')) return refuse('EBUSY')
  if (link.kind === 'ipvlan') return refuse('EOPNOTSUPP')
  let number = 1
  while (bridge.portNumbers.has(number)) number++
  link.master = bridge.ifindex
  link.promiscuity++
  link.port = {
    number,
    state: 'disabled',
    priority: 32,
    cost: link.kind === 'physical' ? 100 : 2,
    hairpin: false,
    learning: true,
    flood: true,
    guard: false,
    isolated: false,
    rootBlock: false,
    fastLeave: false,
    multicastFlood: true,
    broadcastFlood: true,
    multicastToUnicast: false,
    neighborSuppress: false,
    vlanTunnel: false,
    locked: false,
    multicastRouter: 1,
    joinedUs: sim.nowUs,
    enabledUs: null,
    tree: newPortTree(),
  }
  logPortState(sim, netns, link, 'blocking')
  logPortState(sim, netns, link, 'disabled')
  logBridged(sim, netns, link, true)
  bridge.ports.push(link.ifindex)
  bridge.portNumbers.add(number)
  bridge.portMacs.add(link.mac)
  followNewPort(bridge, link)
  followBridgeId(sim, netns, bridge)
  selectPortStates(sim, netns, bridge)
  refreshPort(sim, netns, bridge, link)
  return ok(undefined)
}

/** `leaving`: because the device itself goes. */
export function deleteBridgePort(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  leaving = false,
): Result<void> {
  const bridge = link.master === null ? undefined : netns.links.get(link.master)
  if (bridge?.kind !== 'bridge') return refuse('EINVAL')
  link.promiscuity = Math.max(0, link.promiscuity - 1)
  logBridged(sim, netns, link, false, leaving)
  if (link.port !== null) {
    disablePort({ sim, netns, bridge }, { link, port: link.port })
    bridge.portNumbers.delete(link.port.number)
  }
  link.master = null
  link.port = null
  bridge.ports = bridge.ports.filter((ifindex) => ifindex !== link.ifindex)
  notePortMacs(netns, bridge)
  for (const [key, entry] of bridge.fdb) if (entry.port === link.ifindex) bridge.fdb.delete(key)
  followPorts(sim, netns, bridge)
  selectPortStates(sim, netns, bridge)
  return ok(undefined)
}

/** `ip link set … master` and `nomaster`: an old master lets go first. */
export function setMaster(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  master: number | null,
): Result<void> {
  if (link.master === master) return ok(undefined)
  const bridge = master === null ? null : netns.links.get(master)
  if (bridge === undefined) return refuse('EINVAL')
  if (link.master !== null) deleteBridgePort(sim, netns, link)
  if (bridge === null) return ok(undefined)
  return bridge.kind === 'bridge' ? addBridgePort(sim, netns, bridge, link) : refuse('EOPNOTSUPP')
}

/** The devices' addresses are the bridge's own: frames for them go up. */
export function notePortMacs(netns: NetNamespace, bridge: BridgeLink): void {
  bridge.portMacs = new Set(portsOf(netns, bridge).map(({ link }) => link.mac))
}

/** Unless set by hand: MAC address of the lowest port, MTU of the smallest (br_stp_recalculate_bridge_id). */
export function followPorts(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  if (bridge.macSet && bridge.mtuSet) return
  const ports = portsOf(netns, bridge).map(({ link }) => link)
  if (!bridge.macSet) {
    const lowest = ports.map((link) => link.mac).sort()[0]
    bridge.mac = lowest ?? '00:00:00:00:00:00'
  }
  if (!bridge.mtuSet) bridge.mtu = ports.length === 0 ? 1500 : Math.min(...ports.map((link) => link.mtu))
  followBridgeId(sim, netns, bridge)
}

/** Spanning tree knows the bridge by its address. */
export function followBridgeId(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  changeBridgeId({ sim, netns, bridge }, bridgeIdMac(netns, bridge))
}

/** The same when one port has joined those that were followed already. */
function followNewPort(bridge: BridgeLink, link: Link): void {
  const isFirst = bridge.ports.length === 1
  if (!bridge.macSet && (isFirst || link.mac < bridge.mac)) bridge.mac = link.mac
  if (!bridge.mtuSet) bridge.mtu = isFirst ? link.mtu : Math.min(bridge.mtu, link.mtu)
}

/** The address in the bridge's id: nothing as long as it has neither a port nor an address set by hand. */
export function bridgeIdMac(netns: NetNamespace, bridge: BridgeLink): string {
  return bridge.macSet || portsOf(netns, bridge).length > 0 ? bridge.mac : '00:00:00:00:00:00'
}

export function setStp(sim: Simulation, netns: NetNamespace, bridge: BridgeLink, on: boolean): void {
  switchStp({ sim, netns, bridge }, on)
}

export function setAgeing(sim: Simulation, bridge: BridgeLink, ms: number): Result<void> {
  collectOld(sim, bridge)
  bridge.tree.ageingTimeMs = ms
  bridge.ageingTimeMs = ms
  if (bridge.collectDueUs !== null) bridge.collectDueUs = sim.nowUs
  return ok(undefined)
}

/** 2 … 30 seconds while STP runs (br_set_forward_delay). The root's times count for all. */
export function setForwardDelay(_sim: Simulation, bridge: BridgeLink, ms: number): Result<void> {
  if (bridge.stp && (ms < 2000 || ms > 30_000)) return refuse('ERANGE')
  bridge.forwardDelayMs = ms
  if (isRootBridge(bridge)) bridge.tree.forwardDelayMs = ms
  return ok(undefined)
}

export function setHelloTime(_sim: Simulation, bridge: BridgeLink, ms: number): Result<void> {
  if (ms < 1000 || ms > 10_000) return refuse('ERANGE')
  bridge.helloTimeMs = ms
  if (isRootBridge(bridge)) bridge.tree.helloTimeMs = ms
  return ok(undefined)
}

export function setMaxAge(_sim: Simulation, bridge: BridgeLink, ms: number): Result<void> {
  if (ms < 6000 || ms > 40_000) return refuse('ERANGE')
  bridge.maxAgeMs = ms
  if (isRootBridge(bridge)) bridge.tree.maxAgeMs = ms
  return ok(undefined)
}

export function setBridgePriority(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  priority: number,
): Result<void> {
  if (priority < 0 || priority > 65_535) return refuse('ERANGE')
  changeBridgePriority({ sim, netns, bridge }, priority)
  return ok(undefined)
}

function bridgeOfPort(netns: NetNamespace, link: Link): BridgeLink | null {
  const bridge = link.master === null ? undefined : netns.links.get(link.master)
  return bridge?.kind === 'bridge' ? bridge : null
}

export function setPortPriority(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  priority: number,
): Result<void> {
  const bridge = bridgeOfPort(netns, link)
  if (link.port === null || bridge === null) return refuse('EINVAL')
  if (priority < 0 || priority > 63) return refuse('ERANGE')
  changePortPriority({ sim, netns, bridge }, { link, port: link.port }, priority)
  return ok(undefined)
}

export function setPathCost(sim: Simulation, netns: NetNamespace, link: Link, cost: number): Result<void> {
  const bridge = bridgeOfPort(netns, link)
  if (link.port === null || bridge === null) return refuse('EINVAL')
  if (cost < 1 || cost > 65_535) return refuse('ERANGE')
  changePathCost({ sim, netns, bridge }, { link, port: link.port }, cost)
  return ok(undefined)
}

/** As the kernel numbers them (include/uapi/linux/if_bridge.h). */
export const PORT_STATES: readonly BridgePort['state'][] = [
  'disabled',
  'listening',
  'learning',
  'forwarding',
  'blocking',
]

/** br_set_port_state */
export function setPortState(sim: Simulation, netns: NetNamespace, link: Link, number: number): Result<void> {
  const bridge = bridgeOfPort(netns, link)
  const state = PORT_STATES[number]
  if (link.port === null || bridge === null || state === undefined) return refuse('EINVAL')
  if (bridge.stp) return refuse('EBUSY')
  if (!link.up || (!hasCarrier(sim, link) && state !== 'disabled')) return refuse('ENETDOWN')
  forcePortState({ sim, netns, bridge }, { link, port: link.port }, state)
  return ok(undefined)
}
