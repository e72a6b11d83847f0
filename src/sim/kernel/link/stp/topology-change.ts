/** A port began or ceased to forward: addresses are forgotten sooner, and the root is told. net/bridge/br_stp.c */
import { logIn } from '../../log.ts'
import type { Simulation } from '../../simulation.ts'
import { collectOld } from '../bridge-fdb.ts'
import type { BridgeLink } from '../types.ts'
import { transmitTcn } from './messages.ts'
import { isRootBridge, type Place } from './place.ts'
import { startBridgeTimer, stopBridgeTimer } from './timers.ts'

/** __br_set_topology_change */
export function setTopologyChange(sim: Simulation, bridge: BridgeLink, on: boolean): void {
  collectOld(sim, bridge)
  const { tree } = bridge
  if (bridge.stp && tree.topologyChange !== on) {
    bridge.ageingTimeMs = on ? 2 * tree.forwardDelayMs : tree.ageingTimeMs
  }
  tree.topologyChange = on
}

/** br_topology_change_detection */
export function detectTopologyChange(place: Place): void {
  const { sim, netns, bridge } = place
  if (!bridge.stp) return
  const isRoot = isRootBridge(bridge)
  const what = isRoot ? 'propagating' : 'sending tcn bpdu'
  logIn(sim, netns, `${bridge.name}: topology change detected, ${what}`)
  if (isRoot) {
    setTopologyChange(sim, bridge, true)
    startBridgeTimer(place, 'topologyChange', bridge.forwardDelayMs + bridge.maxAgeMs)
  } else if (!bridge.tree.topologyChangeDetected) {
    transmitTcn(place)
    startBridgeTimer(place, 'tcn', bridge.helloTimeMs)
  }
  bridge.tree.topologyChangeDetected = true
}

/** br_topology_change_acknowledged */
export function topologyChangeAcknowledged(bridge: BridgeLink): void {
  bridge.tree.topologyChangeDetected = false
  stopBridgeTimer(bridge, 'tcn')
}
