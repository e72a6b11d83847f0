/** Who is the root, which port leads there, which ports speak and which are silent. IEEE 802.1D §8.6, net/bridge/br_stp.c */

import { logIn, logPortState } from '../../log.ts'
import { onCarrierChange } from '../lifecycle.ts'
import type { BridgeLink, BridgePort } from '../types.ts'
import { sendConfigs } from './messages.ts'
import {
  becomeDesignatedPort,
  isDesignatedPort,
  type Place,
  type PortAt,
  portId,
  portsOfTree,
} from './place.ts'
import { startBridgeTimer, startPortTimer, stopBridgeTimer } from './timers.ts'
import { detectTopologyChange } from './topology-change.ts'

export function setPortState({ sim, netns }: Place, at: PortAt, state: BridgePort['state']): void {
  at.port.state = state
  logPortState(sim, netns, at.link, state)
}

/** br_configuration_update */
export function updateConfiguration(place: Place): void {
  selectRoot(place)
  for (const { port } of portsOfTree(place)) {
    if (port.state !== 'disabled' && shouldSpeak(place.bridge, port)) becomeDesignatedPort(place.bridge, port)
  }
}

/** br_root_selection */
function selectRoot(place: Place): void {
  const { bridge } = place
  let best: PortAt | null = null
  for (const at of portsOfTree(place)) {
    if (!leadsBetter(bridge, at.port, best?.port ?? null)) continue
    if (at.port.rootBlock) blockRootPort(place, at)
    else best = at
  }
  const { tree } = bridge
  tree.rootPort = best?.port.number ?? 0
  tree.root = best?.port.tree.root ?? tree.id
  tree.rootCost = best === null ? 0 : best.port.tree.cost + best.port.cost
}

/** br_should_become_root_port */
function leadsBetter(bridge: BridgeLink, port: BridgePort, best: BridgePort | null): boolean {
  if (port.state === 'disabled' || isDesignatedPort(bridge, port)) return false
  if (bridge.tree.id <= port.tree.root) return false
  if (best === null) return true
  const mine = port.tree
  const other = best.tree
  if (mine.root !== other.root) return mine.root < other.root
  const cost = mine.cost + port.cost - (other.cost + best.cost)
  if (cost !== 0) return cost < 0
  if (mine.bridge !== other.bridge) return mine.bridge < other.bridge
  if (mine.port !== other.port) return mine.port < other.port
  return portId(port) < portId(best)
}

/** br_root_port_block */
function blockRootPort(place: Place, at: PortAt): void {
  const { sim, netns, bridge } = place
  const name = `port ${at.port.number}(${at.link.name})`
  logIn(sim, netns, `${bridge.name}: ${name} tried to become root port (blocked)`)
  setPortState(place, at, 'listening')
  if (bridge.tree.forwardDelayMs > 0) startPortTimer(place, at, 'forwardDelay', bridge.tree.forwardDelayMs)
}

/** br_should_become_designated_port */
function shouldSpeak(bridge: BridgeLink, port: BridgePort): boolean {
  const { tree } = bridge
  if (isDesignatedPort(bridge, port) || port.tree.root !== tree.root) return true
  if (tree.rootCost !== port.tree.cost) return tree.rootCost < port.tree.cost
  if (tree.id !== port.tree.bridge) return tree.id < port.tree.bridge
  return portId(port) < port.tree.port
}

/** br_port_state_selection */
export function selectPortStates(place: Place): void {
  for (const at of portsOfTree(place)) {
    const { port } = at
    if (port.state === 'disabled') continue
    const isDesignated = isDesignatedPort(place.bridge, port)
    if (port.number === place.bridge.tree.rootPort) quiet(port)
    else if (isDesignated) port.tree.messageAgeDueUs = null
    else {
      quiet(port)
      block(place, at)
      continue
    }
    makeForwarding(place, at)
  }
  followCarrier(place)
}

function quiet(port: BridgePort): void {
  port.tree.configPending = false
  port.tree.topologyChangeAck = false
}

/** br_make_forwarding: at once without STP, else by way of listening and learning. */
function makeForwarding(place: Place, at: PortAt): void {
  const { bridge } = place
  if (at.port.state !== 'blocking') return
  const { forwardDelayMs } = bridge.tree
  if (!bridge.stp || forwardDelayMs === 0) {
    setPortState(place, at, 'forwarding')
    detectTopologyChange(place)
    at.port.tree.forwardDelayDueUs = null
  } else setPortState(place, at, 'listening')
  if (forwardDelayMs > 0) startPortTimer(place, at, 'forwardDelay', forwardDelayMs)
}

/** br_make_blocking */
function block(place: Place, at: PortAt): void {
  const { state } = at.port
  if (state === 'blocking') return
  if (state === 'forwarding' || state === 'learning') detectTopologyChange(place)
  setPortState(place, at, 'blocking')
  at.port.tree.forwardDelayDueUs = null
}

/** A bridge has carrier while a port forwards. */
export function followCarrier({ sim, netns, bridge }: Place): void {
  const carrier = bridge.ports.some((ifindex) => netns.links.get(ifindex)?.port?.state === 'forwarding')
  if (carrier === bridge.carrier) return
  bridge.carrier = carrier
  if (bridge.up) onCarrierChange(sim, netns, bridge)
}

/** br_become_root_bridge */
export function becomeRootBridge(place: Place): void {
  const { bridge } = place
  const { tree } = bridge
  tree.maxAgeMs = bridge.maxAgeMs
  tree.helloTimeMs = bridge.helloTimeMs
  tree.forwardDelayMs = bridge.forwardDelayMs
  detectTopologyChange(place)
  stopBridgeTimer(bridge, 'tcn')
  if (!bridge.up) return
  sendConfigs(place)
  if (bridge.stp) startBridgeTimer(place, 'hello', tree.helloTimeMs)
}
