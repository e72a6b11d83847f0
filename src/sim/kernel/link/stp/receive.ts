/** A message of another bridge arrived at a port. IEEE 802.1D-1998 §8.6, net/bridge/{br_stp_bpdu,br_stp}.c */
import { type ConfigBpdu, parseBpdu } from '../../../wire/bpdu.ts'
import type { Frame } from '../../../wire/frame.ts'
import { logIn } from '../../log.ts'
import type { BridgeLink, BridgePort } from '../types.ts'
import { fromTicks, sendConfigs, transmitConfig, transmitTcn } from './messages.ts'
import { isDesignatedPort, isRootBridge, type Place, type PortAt } from './place.ts'
import { disablePort } from './ports.ts'
import { selectPortStates, updateConfiguration } from './selection.ts'
import { startBridgeTimer, startPortTimer, stopBridgeTimer } from './timers.ts'
import { detectTopologyChange, setTopologyChange, topologyChangeAcknowledged } from './topology-change.ts'

/** br_stp_rcv */
export function receiveBpdu(place: Place, at: PortAt, frame: Frame): void {
  const { sim, netns, bridge } = place
  const bpdu = frame.payload.kind === 'raw' ? parseBpdu(frame.payload.bytes) : null
  if (bpdu === null || !bridge.up || at.port.state === 'disabled') return
  if (at.port.guard) {
    const name = `port ${at.port.number}(${at.link.name})`
    logIn(sim, netns, `${bridge.name}: BPDU received on blocked ${name}`)
    return disablePort(place, at)
  }
  if (bpdu.kind === 'tcn') return receiveTcn(place, at)
  if (bpdu.messageAge <= bpdu.maxAge) receiveConfig(place, at, bpdu)
}

/** br_received_config_bpdu */
function receiveConfig(place: Place, at: PortAt, bpdu: ConfigBpdu): void {
  const { bridge } = place
  if (!supersedes(bridge, at.port, bpdu)) {
    if (isDesignatedPort(bridge, at.port)) transmitConfig(place, at)
    return
  }
  const wasRoot = isRootBridge(bridge)
  record(place, at, bpdu)
  updateConfiguration(place)
  selectPortStates(place)
  if (wasRoot && !isRootBridge(bridge)) ceaseToBeRoot(place)
  if (at.port.number !== bridge.tree.rootPort) return
  const { tree } = bridge
  tree.maxAgeMs = fromTicks(bpdu.maxAge)
  tree.helloTimeMs = fromTicks(bpdu.helloTime)
  tree.forwardDelayMs = fromTicks(bpdu.forwardDelay)
  setTopologyChange(place.sim, bridge, bpdu.topologyChange)
  sendConfigs(place)
  if (bpdu.topologyChangeAck) topologyChangeAcknowledged(bridge)
}

function ceaseToBeRoot(place: Place): void {
  const { bridge } = place
  stopBridgeTimer(bridge, 'hello')
  if (!bridge.tree.topologyChangeDetected) return
  stopBridgeTimer(bridge, 'topologyChange')
  transmitTcn(place)
  startBridgeTimer(place, 'tcn', bridge.helloTimeMs)
}

/** br_supersedes_port_info: is it better than, or the same as, what was heard there before? */
function supersedes(bridge: BridgeLink, port: BridgePort, bpdu: ConfigBpdu): boolean {
  const known = port.tree
  if (bpdu.root !== known.root) return bpdu.root < known.root
  if (bpdu.rootCost !== known.cost) return bpdu.rootCost < known.cost
  if (bpdu.bridge !== known.bridge) return bpdu.bridge < known.bridge
  return bpdu.bridge !== bridge.tree.id || bpdu.port <= known.port
}

/** br_record_config_information */
function record(place: Place, at: PortAt, bpdu: ConfigBpdu): void {
  const { tree } = at.port
  tree.root = bpdu.root
  tree.cost = bpdu.rootCost
  tree.bridge = bpdu.bridge
  tree.port = bpdu.port
  const ageMs = fromTicks(bpdu.messageAge)
  tree.saidUs = place.sim.nowUs - ageMs * 1000
  startPortTimer(place, at, 'messageAge', fromTicks(bpdu.maxAge) - ageMs)
}

/** br_received_tcn_bpdu */
function receiveTcn(place: Place, at: PortAt): void {
  if (!isDesignatedPort(place.bridge, at.port)) return
  detectTopologyChange(place)
  at.port.tree.topologyChangeAck = true
  transmitConfig(place, at)
}
