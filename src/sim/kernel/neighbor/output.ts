/** From packet to frame: the next hop's MAC address, or a place in the queue until it is known. net/core/neighbour.c */
import {
  BROADCAST_MAC,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  type Frame,
  type IpAddress,
  type IpPacket,
  type Ipv4Packet,
  type Ipv6Packet,
  NULL_MAC,
} from '../../wire/frame.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { isMulticast6, multicastMac } from '../../wire/ipv6-address.ts'
import { multicastMacOf } from '../../wire/mac-address.ts'
import { transmitFrame } from '../link/transmit.ts'
import type { Link } from '../link/types.ts'
import type { NeighborEntry, NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { neighborSettings } from '../sysctl/settings.ts'
import { noteDrop } from '../trace-notes.ts'
import { solicit } from './solicit.ts'
import { armNeighbor, createNeighbor, findNeighbor } from './table.ts'

/** 212,992 bytes of queue hold about a hundred packets with their overhead (unres_qlen 101). */
const LONGEST_QUEUE = 101

export function neighborOutput(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  nextHop: number,
  packet: Ipv4Packet,
  isBroadcast: boolean,
  confirm: boolean,
): void {
  if (link.kind === 'loopback' || link.kind === 'tunnel') return send(sim, netns, link, NULL_MAC, packet)
  if (isBroadcast || nextHop === 0xffffffff) return send(sim, netns, link, BROADCAST_MAC, packet)
  if (isMulticast(nextHop)) return send(sim, netns, link, multicastMacOf(nextHop), packet)
  if (!link.arp) return send(sim, netns, link, link.mac, packet)
  resolveAndSend(sim, netns, link, nextHop, packet, confirm)
}

export function neighborOutput6(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  nextHop: string,
  packet: Ipv6Packet,
  confirm: boolean,
): void {
  if (link.kind === 'loopback' || link.kind === 'tunnel') return send(sim, netns, link, NULL_MAC, packet)
  if (isMulticast6(nextHop)) return send(sim, netns, link, multicastMac(nextHop), packet)
  if (!link.arp) return send(sim, netns, link, link.mac, packet)
  resolveAndSend(sim, netns, link, nextHop, packet, confirm)
}

/** neigh_resolve_output */
function resolveAndSend(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  nextHop: IpAddress,
  packet: IpPacket,
  confirm: boolean,
): void {
  const entry =
    findNeighbor(netns, link.ifindex, nextHop) ?? createNeighbor(sim, netns, link.ifindex, nextHop)
  switch (entry.state) {
    case 'REACHABLE':
    case 'PERMANENT':
    case 'NOARP':
      break
    case 'NONE':
    case 'FAILED':
    case 'INCOMPLETE':
      return wait(sim, netns, entry, packet)
    case 'STALE':
      entry.state = 'DELAY'
      entry.updatedUs = sim.nowUs
      entry.usedUs = sim.nowUs
      armNeighbor(
        sim,
        netns,
        entry,
        sim.nowUs + neighborSettings(netns, link.ifindex, entry.address).delayFirstProbeTime * 1e6,
      )
      break
    default:
      entry.usedUs = sim.nowUs
  }
  if (confirm) entry.confirmedUs = sim.nowUs
  send(sim, netns, link, entry.mac ?? NULL_MAC, packet)
}

function send(sim: Simulation, netns: NetNamespace, link: Link, mac: string, packet: IpPacket): void {
  const frame: Frame = {
    destination: mac,
    source: link.kind === 'loopback' ? NULL_MAC : link.mac,
    etherType: packet.kind === 'ipv4' ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
    payload: packet,
  }
  transmitFrame(sim, netns, link, frame)
}

/** The first packet asks, at most 101 wait; the oldest gives way. */
function wait(sim: Simulation, netns: NetNamespace, entry: NeighborEntry, packet: IpPacket): void {
  entry.usedUs = sim.nowUs
  entry.waiting.push(packet)
  if (entry.waiting.length > LONGEST_QUEUE) {
    const oldest = entry.waiting.shift()
    if (oldest !== undefined) noteDrop(sim, netns, entry.ifindex, 'NEIGH_QUEUE_FULL', oldest)
  }
  if (entry.state === 'INCOMPLETE') return
  const settings = neighborSettings(netns, entry.ifindex, entry.address)
  entry.state = 'INCOMPLETE'
  entry.mac = null
  entry.updatedUs = sim.nowUs
  // Asking a known address comes first in the count, so that three are left for asking everyone.
  entry.probes = settings.unicastSolicit
  armNeighbor(sim, netns, entry, sim.nowUs + settings.retransTimeMs * 1000)
  solicit(sim, netns, entry)
}

/** The address is known now. */
export function sendWaiting(sim: Simulation, netns: NetNamespace, entry: NeighborEntry): void {
  const link = netns.links.get(entry.ifindex)
  const waiting = entry.waiting
  entry.waiting = []
  if (link === undefined || entry.mac === null) return
  for (const packet of waiting) send(sim, netns, link, entry.mac, packet)
}
