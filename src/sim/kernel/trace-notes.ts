/** Short forms of `note` for the packet path; each costs one comparison while nobody looks. */
import type { Frame, IpAddress, IpPacket } from '../wire/frame.ts'
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
  packet: Frame | IpPacket,
): void {
  if (sim.trace !== null) noteStep(sim, netns, ifindex, { kind: 'drop', reason, packet })
}

export function noteRoute(
  sim: Simulation,
  netns: NetNamespace,
  link: Link | null,
  packet: IpPacket,
  decision: 'local' | 'forward' | 'output',
  device: number,
  gateway: IpAddress | null,
): void {
  noteStep(sim, netns, link?.ifindex ?? device, { kind: 'route', packet, decision, device, gateway })
}
