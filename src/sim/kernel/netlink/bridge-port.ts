/**
 * Which state a bridge's ports are in: net/bridge/{br_stp_if,br_stp}.c. Without STP a port forwards as soon as it and its
 * bridge are up and it has carrier; with STP it listens and learns first, as long as the forward delay is (link/stp).
 */
import { disableBridge, enableBridge, followDevice } from '../link/stp/ports.ts'
import { selectPortStates as selectStates } from '../link/stp/selection.ts'
import type { BridgeLink, BridgePort, Link } from '../link/types.ts'
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

/** The bridge itself went up or down. */
export function refreshPorts(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  const place = { sim, netns, bridge }
  if (bridge.up) enableBridge(place)
  else disableBridge(place)
}

/** The device of one port has changed. */
export function refreshPort(sim: Simulation, netns: NetNamespace, bridge: BridgeLink, link: Link): void {
  if (link.port !== null) followDevice({ sim, netns, bridge }, { link, port: link.port })
}

/** br_port_state_selection: from now on the bridge has carrier while a port forwards. */
export function selectPortStates(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): void {
  selectStates({ sim, netns, bridge })
}
