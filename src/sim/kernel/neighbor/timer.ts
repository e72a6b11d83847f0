/** What time does to a neighbour entry. net/core/neighbour.c neigh_timer_handler */
import type { IpAddress } from '../../wire/frame.ts'
import { ICMPV6_UNREACHABLE } from '../../wire/icmpv6.ts'
import { sendIcmpError } from '../ip/icmp-error.ts'
import { sendIcmpv6Error } from '../ipv6/icmp-error.ts'
import type { NeighborEntry, NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { type NeighborSettings, neighborSettings, reachableTimeUs } from '../sysctl/settings.ts'
import { noteDrop } from '../trace-notes.ts'
import { solicit } from './solicit.ts'
import { armNeighbor, findNeighbor } from './table.ts'

/** RFC 4443 §3.1. */
const ADDRESS_UNREACHABLE = 3

export function neighborTimer(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  address: IpAddress,
  generation: number,
): void {
  const entry = findNeighbor(netns, ifindex, address)
  if (entry === undefined || entry.generation !== generation) return
  const settings = neighborSettings(netns, ifindex, address)
  if (entry.state === 'REACHABLE') reachableEnds(sim, netns, entry, settings)
  else if (entry.state === 'DELAY') delayEnds(sim, netns, entry, settings)
  else if (entry.state === 'PROBE' || entry.state === 'INCOMPLETE') probe(sim, netns, entry, settings)
}

function reachableEnds(
  sim: Simulation,
  netns: NetNamespace,
  entry: NeighborEntry,
  settings: NeighborSettings,
): void {
  const until = entry.confirmedUs + reachableTimeUs(sim, netns, entry.ifindex, entry.address)
  if (sim.nowUs < until) return armNeighbor(sim, netns, entry, until)
  const delayUs = settings.delayFirstProbeTime * 1e6
  entry.updatedUs = sim.nowUs
  if (sim.nowUs > entry.usedUs + delayUs) {
    entry.state = 'STALE'
    return
  }
  entry.state = 'DELAY'
  armNeighbor(sim, netns, entry, sim.nowUs + delayUs)
}

function delayEnds(
  sim: Simulation,
  netns: NetNamespace,
  entry: NeighborEntry,
  settings: NeighborSettings,
): void {
  entry.updatedUs = sim.nowUs
  if (sim.nowUs <= entry.confirmedUs + settings.delayFirstProbeTime * 1e6) {
    entry.state = 'REACHABLE'
    armNeighbor(
      sim,
      netns,
      entry,
      entry.confirmedUs + reachableTimeUs(sim, netns, entry.ifindex, entry.address),
    )
    return
  }
  entry.state = 'PROBE'
  entry.probes = 0
  probe(sim, netns, entry, settings)
}

function probe(sim: Simulation, netns: NetNamespace, entry: NeighborEntry, settings: NeighborSettings): void {
  const most = settings.unicastSolicit + (entry.state === 'PROBE' ? 0 : settings.multicastSolicit)
  if (entry.probes >= most) return fail(sim, netns, entry)
  armNeighbor(sim, netns, entry, sim.nowUs + settings.retransTimeMs * 1000)
  solicit(sim, netns, entry)
}

/** Whoever sent what waited is told that the host cannot be reached. */
function fail(sim: Simulation, netns: NetNamespace, entry: NeighborEntry): void {
  entry.state = 'FAILED'
  entry.updatedUs = sim.nowUs
  entry.generation++
  const waiting = entry.waiting
  entry.waiting = []
  for (const packet of waiting) {
    if (packet.kind === 'ipv4') sendIcmpError(sim, netns, packet, null, 3, 1)
    else sendIcmpv6Error(sim, netns, packet, ICMPV6_UNREACHABLE, ADDRESS_UNREACHABLE)
    noteDrop(sim, netns, entry.ifindex, 'NEIGH_FAILED', packet)
  }
}
