/** Short forms of `note` for the packet path; each costs one comparison while nobody looks. */
import type { Frame, Ipv4Packet } from '../wire/frame.ts'
import type { Link } from './link/types.ts'
import type { NetNamespace } from './net-namespace.ts'
import type { Simulation } from './simulation.ts'
import { type DropReason, note, type TraceStep } from './trace.ts'

export function noteStep(sim: Simulation, netns: NetNamespace, ifindex: number, step: TraceStep): void {
  if (sim.trace === null) return
  note(sim.trace, { atUs: sim.nowUs, host: netns.host, netns: netns.id, ifindex, step })
}

export function noteDrop(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  reason: DropReason,
  packet: Frame | Ipv4Packet,
): void {
  if (sim.trace !== null) noteStep(sim, netns, ifindex, { kind: 'drop', reason, packet })
}

export function noteRoute(
  sim: Simulation,
  netns: NetNamespace,
  link: Link | null,
  packet: Ipv4Packet,
  decision: 'local' | 'forward' | 'output',
  device: number,
  gateway: number | null,
): void {
  noteStep(sim, netns, link?.ifindex ?? device, { kind: 'route', packet, decision, device, gateway })
}
