/**
 * Which state a bridge's ports are in: net/bridge/{br_stp_if,br_stp}.c. Without STP a port forwards as soon as it and its
 * bridge are up and it has carrier; with STP it listens and learns first, as long as the forward delay is.
 */
import { onCarrierChange, onPortEnabled } from '../link/lifecycle.ts'
import { hasCarrier } from '../link/state.ts'
import type { BridgeLink, BridgePort, Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export interface BridgedLink {
  readonly link: Link
  readonly port: BridgePort
}

/** A bridge's ports in order of joining. */
export function portsOf(netns: NetNamespace, bridge: Link): BridgedLink[] {
  const ports: BridgedLink[] = []
  for (const link of netns.links.values()) {
    if (link.master === bridge.ifindex && link.port !== null) ports.push({ link, port: link.port })
  }
  return ports.sort((x, y) => x.port.joinedUs - y.port.joinedUs || x.port.number - y.port.number)
}

/** Brings each port's state in line with what is up; a port that is disabled forgets what it learnt. */
export function refreshPorts(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  let changed = false
  for (const { link, port } of portsOf(netns, bridge)) {
    const able = bridge.up && link.up && hasCarrier(sim, link)
    if (able === (port.state !== 'disabled')) continue
    changed = true
    if (able) enablePort(sim, netns, bridge, link, port)
    else disablePort(bridge, link, port)
  }
  if (changed) selectPortStates(sim, netns, bridge)
}

function disablePort(bridge: BridgeLink, link: Link, port: BridgePort): void {
  port.state = 'disabled'
  forgetLearnt(bridge, link.ifindex)
}

/** br_port_state_selection: from now on the bridge has carrier while a port forwards. */
export function selectPortStates(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  const carrier = portsOf(netns, bridge).some(({ port }) => port.state === 'forwarding')
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
  port.state = bridge.stp && bridge.forwardDelayMs > 0 ? 'listening' : 'forwarding'
  port.enabledUs = sim.nowUs
  onPortEnabled(sim, netns, bridge, link)
}

/** What was learnt goes; what was set by hand stays while the port does. */
export function forgetLearnt(bridge: BridgeLink, ifindex: number): void {
  for (const [key, entry] of bridge.fdb) if (entry.port === ifindex && !entry.static) bridge.fdb.delete(key)
}
