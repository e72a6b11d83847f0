/** Bridges and ports begin and cease to take part; their ids, priorities and costs change. net/bridge/{br_stp_if,br_stp}.c */
import { bridgeIdText } from '../../../wire/bpdu.ts'
import { deleteLearnt } from '../bridge-fdb.ts'
import { hasCarrier } from '../state.ts'
import { sendConfigs } from './messages.ts'
import {
  becomeDesignatedPort,
  isDesignatedPort,
  isRootBridge,
  type Place,
  type PortAt,
  portId,
  portsOfTree,
} from './place.ts'
import { becomeRootBridge, selectPortStates, setPortState, updateConfiguration } from './selection.ts'
import { startBridgeTimer, stopBridgeTimer } from './timers.ts'
import { setTopologyChange } from './topology-change.ts'

/** br_init_port and br_stp_enable_port */
export function enablePort(place: Place, at: PortAt): void {
  becomeDesignatedPort(place.bridge, at.port)
  setPortState(place, at, 'blocking')
  at.port.tree.topologyChangeAck = false
  at.port.tree.configPending = false
  at.port.enabledUs = place.sim.nowUs
  selectPortStates(place)
}

/** br_stp_disable_port */
export function disablePort(place: Place, at: PortAt): void {
  const { bridge } = place
  const { tree } = at.port
  const wasRoot = isRootBridge(bridge)
  becomeDesignatedPort(bridge, at.port)
  setPortState(place, at, 'disabled')
  Object.assign(tree, { topologyChangeAck: false, configPending: false })
  Object.assign(tree, { messageAgeDueUs: null, forwardDelayDueUs: null, holdDueUs: null })
  deleteLearnt(bridge, at.link.ifindex)
  updateConfiguration(place)
  selectPortStates(place)
  if (isRootBridge(bridge) && !wasRoot) becomeRootBridge(place)
}

/** br_stp_enable_bridge */
export function enableBridge(place: Place): void {
  const { sim, bridge } = place
  if (bridge.stp) startBridgeTimer(place, 'hello', bridge.tree.helloTimeMs)
  bridge.collectDueUs = sim.nowUs + 100_000
  sendConfigs(place)
  for (const at of portsOfTree(place)) if (at.link.up && hasCarrier(sim, at.link)) enablePort(place, at)
}

/** br_stp_disable_bridge */
export function disableBridge(place: Place): void {
  const { bridge } = place
  for (const at of portsOfTree(place)) if (at.port.state !== 'disabled') disablePort(place, at)
  setTopologyChange(place.sim, bridge, false)
  bridge.tree.topologyChangeDetected = false
  for (const which of ['hello', 'topologyChange', 'tcn'] as const) stopBridgeTimer(bridge, which)
  bridge.collectDueUs = null
}

/** br_port_carrier_check */
export function followDevice(place: Place, at: PortAt): void {
  if (!place.bridge.up) return
  const able = at.link.up && hasCarrier(place.sim, at.link)
  if (able && at.port.state === 'disabled') enablePort(place, at)
  else if (!able && at.port.state !== 'disabled') disablePort(place, at)
}

/** br_stp_change_bridge_id: its address is another one now. */
export function changeBridgeId(place: Place, mac: string): void {
  const { bridge } = place
  const { tree } = bridge
  const old = tree.id
  const id = bridgeIdText(bridge.priority, mac)
  if (old === id) return
  const wasRoot = isRootBridge(bridge)
  const renamed = (one: string): string =>
    one.slice(5) === old.slice(5) ? one.slice(0, 5) + id.slice(5) : one
  tree.id = id
  for (const { port } of portsOfTree(place)) {
    port.tree.bridge = renamed(port.tree.bridge)
    port.tree.root = renamed(port.tree.root)
  }
  settle(place, wasRoot)
}

/** br_stp_set_bridge_priority */
export function changeBridgePriority(place: Place, priority: number): void {
  const { bridge } = place
  const wasRoot = isRootBridge(bridge)
  const id = bridgeIdText(priority, bridge.tree.id.slice(5))
  for (const { port } of portsOfTree(place)) {
    if (port.state !== 'disabled' && isDesignatedPort(bridge, port)) port.tree.bridge = id
  }
  bridge.priority = priority
  bridge.tree.id = id
  settle(place, wasRoot)
}

function settle(place: Place, wasRoot: boolean): void {
  updateConfiguration(place)
  selectPortStates(place)
  if (isRootBridge(place.bridge) && !wasRoot) becomeRootBridge(place)
}

/** br_stp_set_port_priority */
export function changePortPriority(place: Place, { port }: PortAt, priority: number): void {
  const { bridge } = place
  const isDesignated = isDesignatedPort(bridge, port)
  port.priority = priority
  if (isDesignated) port.tree.port = portId(port)
  if (port.tree.bridge !== bridge.tree.id || portId(port) >= port.tree.port) return
  becomeDesignatedPort(bridge, port)
  selectPortStates(place)
}

/** br_stp_set_path_cost */
export function changePathCost(place: Place, { port }: PortAt, cost: number): void {
  port.cost = cost
  updateConfiguration(place)
  selectPortStates(place)
}

/** br_set_port_state: only where no spanning tree decides. */
export function forcePortState(place: Place, at: PortAt, state: PortAt['port']['state']): void {
  setPortState(place, at, state)
  selectPortStates(place)
}

/** br_stp_start and br_stp_stop. Ports stay in the state they are in. */
export function switchStp(place: Place, on: boolean): void {
  const { bridge } = place
  if (bridge.stp === on) return
  bridge.stp = on
  if (!on) return
  // Between 2 and 30 seconds while it runs.
  bridge.forwardDelayMs = Math.min(Math.max(bridge.forwardDelayMs, 2000), 30_000)
  if (isRootBridge(bridge)) bridge.tree.forwardDelayMs = bridge.forwardDelayMs
  if (bridge.up) startBridgeTimer(place, 'hello', bridge.tree.helloTimeMs)
  selectPortStates(place)
}
