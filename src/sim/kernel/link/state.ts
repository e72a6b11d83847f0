/** What is said of a device's state: carrier, operational state (RFC 2863), flags in the order in which `ip` prints them. */
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { Link } from './types.ts'

/** Is there anything at the other end? A bridge that never had a port says yes. */
export function hasCarrier(sim: Simulation, link: Link): boolean {
  if (link.kind === 'veth') {
    const peer = sim.kernels
      .get(link.peer.host)
      ?.namespaces.get(link.peer.netns)
      ?.links.get(link.peer.ifindex)
    return link.up && peer?.up === true
  }
  if (link.kind === 'physical') {
    return link.cable !== null && sim.cables.get(link.cable)?.connected === true
  }
  return link.kind !== 'bridge' || link.carrier
}

/** A bridge whose carrier never changed since birth is in no known state. */
function hasPort(sim: Simulation, bridge: Link): boolean {
  for (const link of namespaceOf(sim, bridge)?.links.values() ?? []) {
    if (link.master === bridge.ifindex) return true
  }
  return false
}

function namespaceOf(sim: Simulation, link: Link): NetNamespace | undefined {
  for (const kernel of sim.kernels.values()) {
    for (const netns of kernel.namespaces.values()) if (netns.links.get(link.ifindex) === link) return netns
  }
  return undefined
}

export function operState(sim: Simulation, link: Link): 'UP' | 'DOWN' | 'LOWERLAYERDOWN' | 'UNKNOWN' {
  if (!link.up) return 'DOWN'
  if (!hasCarrier(sim, link)) return link.kind === 'veth' ? link.withoutCarrier : 'DOWN'
  if (link.kind === 'loopback' || link.kind === 'dummy' || link.kind === 'tunnel') return 'UNKNOWN'
  return link.kind === 'bridge' && !hasPort(sim, link) ? 'UNKNOWN' : 'UP'
}

/** LOOPBACK, BROADCAST … as `print_link_flags` of iproute2 has them. */
export function linkFlags(sim: Simulation, link: Link): string[] {
  const flags: string[] = []
  if (link.up && !hasCarrier(sim, link)) flags.push('NO-CARRIER')
  if (link.kind === 'loopback') flags.push('LOOPBACK')
  else if (link.kind !== 'tunnel') flags.push('BROADCAST')
  if (link.multicast) flags.push('MULTICAST')
  if (link.allMulticast) flags.push('ALLMULTI')
  if (link.promiscuous) flags.push('PROMISC')
  if (!link.arp) flags.push('NOARP')
  if (link.up) flags.push('UP')
  if (link.up && hasCarrier(sim, link)) flags.push('LOWER_UP')
  return flags
}
