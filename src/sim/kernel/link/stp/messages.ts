/** Configuration messages and notifications of topology changes leave by a port. net/bridge/{br_stp,br_stp_bpdu}.c */
import { type Bpdu, BRIDGE_GROUP_MAC, emitBpdu } from '../../../wire/bpdu.ts'
import { transmitFrame } from '../transmit.ts'
import { isDesignatedPort, isRootBridge, type Place, type PortAt, portsOfTree, rootPortOf } from './place.ts'
import { startPortTimer } from './timers.ts'

/** No more than one configuration message in this time by a port. */
const HOLD_MS = 1000
/** What each bridge adds to a message's age: one tick of the kernel's clock. */
const AGE_INCREMENT_MS = 4

/** br_set_ticks */
const ticks = (ms: number): number => Math.floor((ms * 256) / 1000)

/** br_get_ticks */
export const fromTicks = (n: number): number => Math.ceil((n * 250) / 256) * 4

/** An IEEE 802.3 frame: its type field says how long it is. */
function send({ sim, netns }: Place, { link }: PortAt, bpdu: Bpdu): void {
  const bytes = emitBpdu(bpdu)
  transmitFrame(sim, netns, link, {
    destination: BRIDGE_GROUP_MAC,
    source: link.mac,
    etherType: bytes.length,
    payload: { kind: 'raw', bytes },
  })
}

/** br_transmit_config */
export function transmitConfig(place: Place, at: PortAt): void {
  const { sim, bridge } = place
  const { port } = at
  if (!bridge.stp) return
  if (port.tree.holdDueUs !== null) {
    port.tree.configPending = true
    return
  }
  const { tree } = bridge
  const towards = isRootBridge(bridge) ? undefined : rootPortOf(place)
  const ageMs = towards === undefined ? 0 : (sim.nowUs - towards.port.tree.saidUs) / 1000 + AGE_INCREMENT_MS
  if (ageMs >= tree.maxAgeMs) return
  const { topologyChangeAck } = port.tree
  port.tree.topologyChangeAck = false
  port.tree.configPending = false
  startPortTimer(place, at, 'hold', HOLD_MS)
  send(place, at, {
    kind: 'config',
    topologyChange: tree.topologyChange,
    topologyChangeAck,
    root: tree.root,
    rootCost: tree.rootCost,
    bridge: tree.id,
    port: port.tree.port,
    messageAge: ticks(ageMs),
    maxAge: ticks(tree.maxAgeMs),
    helloTime: ticks(tree.helloTimeMs),
    forwardDelay: ticks(tree.forwardDelayMs),
  })
}

/** br_config_bpdu_generation */
export function sendConfigs(place: Place): void {
  for (const at of portsOfTree(place)) {
    if (at.port.state !== 'disabled' && isDesignatedPort(place.bridge, at.port)) transmitConfig(place, at)
  }
}

/** br_transmit_tcn */
export function transmitTcn(place: Place): void {
  const towards = rootPortOf(place)
  if (towards !== undefined && place.bridge.stp) send(place, towards, { kind: 'tcn' })
}
