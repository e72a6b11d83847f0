/**
 * Which state a bridge's ports are in: net/bridge/{br_stp_if,br_stp}.c. Without STP a port forwards as soon as it and its
 * bridge are up and it has carrier; with STP it listens and learns first, as long as the forward delay is.
 */
import { onCarrierChange, onPortEnabled } from '../link/lifecycle.ts'
import { hasCarrier } from '../link/state.ts'
import type { BridgeLink, BridgePort, Link } from '../link/types.ts'
import { logPortState } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export interface BridgedLink {
  readonly link: Link
  readonly port: BridgePort
}

/** A bridge's ports in order of joining. */
export function portsOf(netns: NetNamespace, bridge: Link): BridgedLink[] {
  if (bridge.kind !== 'bridge') return []
  const ports: BridgedLink[] = []
  for (const ifindex of bridge.ports) {
    const link = netns.links.get(ifindex)
    if (link !== undefined && link.port !== null) ports.push({ link, port: link.port })
  }
  return ports
}

/** Brings each port's state in line with what is up; a port that is disabled forgets what it learnt. */
export function refreshPorts(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  let changed = false
  for (const { link, port } of portsOf(netns, bridge)) {
    changed = followDevices(sim, netns, bridge, link, port) || changed
  }
  if (changed) selectPortStates(sim, netns, bridge)
}

/** The same for one port whose device has changed. */
export function refreshPort(sim: Simulation, netns: NetNamespace, bridge: BridgeLink, link: Link): void {
  if (link.port === null) return
  if (followDevices(sim, netns, bridge, link, link.port)) selectPortStates(sim, netns, bridge)
}

/** True when the port's state has changed. */
function followDevices(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  link: Link,
  port: BridgePort,
): boolean {
  const able = bridge.up && link.up && hasCarrier(sim, link)
  if (able === (port.state !== 'disabled')) return false
  if (able) enablePort(sim, netns, bridge, link, port)
  else disablePort(bridge, link, port)
  logPortState(sim, netns, link, port.state)
  return true
}

function disablePort(bridge: BridgeLink, link: Link, port: BridgePort): void {
  port.state = 'disabled'
  forgetLearnt(bridge, link.ifindex)
}

/** br_port_state_selection: from now on the bridge has carrier while a port forwards. */
export function selectPortStates(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  const carrier = bridge.ports.some((ifindex) => netns.links.get(ifindex)?.port?.state === 'forwarding')
  if (carrier === bridge.carrier) return
  bridge.carrier = carrier
  if (bridge.up) onCarrierChange(sim, netns, bridge)
}

function enablePort(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  link: Link,
  port: BridgePort,
): void {
  logPortState(sim, netns, link, 'blocking')
  port.state = bridge.stp && bridge.forwardDelayMs > 0 ? 'listening' : 'forwarding'
  port.enabledUs = sim.nowUs
  onPortEnabled(sim, netns, bridge, link)
}

/** What was learnt goes; what was set by hand stays while the port does. */
export function forgetLearnt(bridge: BridgeLink, ifindex: number): void {
  for (const [key, entry] of bridge.fdb) if (entry.port === ifindex && !entry.static) bridge.fdb.delete(key)
}
