/** Where spanning tree is at work: one bridge with its ports. */
import type { NetNamespace } from '../../net-namespace.ts'
import type { Simulation } from '../../simulation.ts'
import type { BridgeLink, BridgePort, Link } from '../types.ts'

export interface Place {
  readonly sim: Simulation
  readonly netns: NetNamespace
  readonly bridge: BridgeLink
}

export interface PortAt {
  readonly link: Link
  readonly port: BridgePort
}

/** A new port is put in front of the list (br_add_if), so the newest one comes first. */
export function portsOfTree({ netns, bridge }: Place): PortAt[] {
  const ports: PortAt[] = []
  for (let i = bridge.ports.length - 1; i >= 0; i--) {
    const link = netns.links.get(bridge.ports[i]!)
    if (link !== undefined && link.port !== null) ports.push({ link, port: link.port })
  }
  return ports
}

export function rootPortOf(place: Place): PortAt | undefined {
  const { rootPort } = place.bridge.tree
  return rootPort === 0 ? undefined : portsOfTree(place).find(({ port }) => port.number === rootPort)
}

/** Six bits of priority, ten of number (BR_PORT_BITS). */
export function portId(port: { readonly priority: number; readonly number: number }): number {
  return ((port.priority & 63) << 10) | port.number
}

export const isRootBridge = ({ tree }: BridgeLink): boolean => tree.id === tree.root

export function isDesignatedPort(bridge: BridgeLink, port: BridgePort): boolean {
  return port.tree.bridge === bridge.tree.id && port.tree.port === portId(port)
}

/** br_become_designated_port: what is said on that wire is what this bridge says. */
export function becomeDesignatedPort(bridge: BridgeLink, port: BridgePort): void {
  port.tree.root = bridge.tree.root
  port.tree.cost = bridge.tree.rootCost
  port.tree.bridge = bridge.tree.id
  port.tree.port = portId(port)
}
