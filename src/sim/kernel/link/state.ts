/**
 * What is said of a device's state: carrier, operational state (RFC 2863), flags in the order in which `ip` prints them.
 * net/core/{dev,link_watch}.c, drivers/net/veth.c, iproute2 ip/ipaddress.c print_link_flags.
 */
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { isStacked, lowerOf } from './stacked.ts'
import type { Link, VethLink } from './types.ts'

function peerOf(sim: Simulation, link: VethLink): Link | undefined {
  const { host, netns, ifindex } = link.peer
  return sim.kernels.get(host)?.namespaces.get(netns)?.links.get(ifindex)
}

/** Is there anything at the other end? A veth pair has carrier while both ends are up. */
export function hasCarrier(sim: Simulation, link: Link): boolean {
  switch (link.kind) {
    case 'veth':
      return link.up && peerOf(sim, link)?.up === true
    case 'physical':
      return link.cable !== null && sim.cables.get(link.cable)?.connected === true
    case 'bridge':
      return link.carrier
    case 'macvlan':
    case 'ipvlan':
    case 'vlan': {
      const lower = lowerOf(sim, link)?.link
      return lower?.up === true && hasCarrier(sim, lower)
    }
    default:
      return true
  }
}

export type OperState = 'UP' | 'DOWN' | 'LOWERLAYERDOWN' | 'UNKNOWN'

export function operState(sim: Simulation, link: Link): OperState {
  if (!link.up) return 'DOWN'
  if (!hasCarrier(sim, link)) {
    if (isStacked(link)) return 'LOWERLAYERDOWN'
    return link.kind === 'veth' ? link.withoutCarrier : 'DOWN'
  }
  if (RISES.has(link.kind)) return 'UP'
  // A bridge whose carrier never changed since birth is in no known state.
  return link.kind === 'bridge' && link.ports.length > 0 ? 'UP' : 'UNKNOWN'
}

/** Their carrier is told when it comes; the others are in no known state. */
const RISES: ReadonlySet<Link['kind']> = new Set(['veth', 'physical', 'macvlan', 'vlan'])

/** LOOPBACK, BROADCAST … NO-CARRIER stands first. */
export function linkFlags(sim: Simulation, link: Link): string[] {
  const flags: string[] = []
  const state = operState(sim, link)
  const isRunning = link.up && (state === 'UP' || state === 'UNKNOWN')
  if (link.up && !isRunning) flags.push('NO-CARRIER')
  if (link.kind === 'loopback') flags.push('LOOPBACK')
  else if (link.kind !== 'tunnel') flags.push('BROADCAST')
  if (link.multicast) flags.push('MULTICAST')
  if (!link.arp) flags.push('NOARP')
  if (link.allMulticast) flags.push('ALLMULTI')
  if (link.promiscuous) flags.push('PROMISC')
  if (link.up) flags.push('UP')
  if (link.up && hasCarrier(sim, link)) flags.push('LOWER_UP')
  return flags
}

/** The namespace that a device stands in. */
export function namespaceOf(sim: Simulation, link: Link): NetNamespace | undefined {
  for (const kernel of sim.kernels.values()) {
    for (const netns of kernel.namespaces.values()) if (netns.links.get(link.ifindex) === link) return netns
  }
  return undefined
}
