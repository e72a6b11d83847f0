/**
 * Group membership reports. RFC 3376, net/ipv4/igmp.c. A bridge joins the group of multicast snoopers (RFC 4286) when it
 * comes up; membership of 224.0.0.1 is never reported. Not modelled: groups of sockets, queries.
 */
import { enqueue } from '../../base/event-queue.ts'
import { nextBetween } from '../../base/random.ts'
import { PROTOCOL_IGMP } from '../../wire/frame.ts'
import { ALL_IGMP_ROUTERS, emitIgmp, ROUTER_ALERT_OPTION } from '../../wire/igmp.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { sendIpv4 } from './output.ts'

const ALL_SNOOPERS = 0xe000006a
const CHANGE_TO_EXCLUDE = 4

/** Twice (robustness variable), the second time within a second. */
export function reportGroupsSoon(sim: Simulation, netns: NetNamespace, link: Link): void {
  for (const delayUs of [nextBetween(sim.random, 1000, 4000), nextBetween(sim.random, 5000, 1_000_000)]) {
    enqueue(sim.queue, sim.nowUs + delayUs, {
      kind: 'timer',
      host: netns.host,
      netns: netns.id,
      timer: { kind: 'igmp', ifindex: link.ifindex, generation: link.generation6 },
    })
  }
}

export function reportGroups(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  generation: number,
): void {
  const link = netns.links.get(ifindex)
  if (link?.kind !== 'bridge' || !link.up || generation > link.generation6) return
  const bytes = emitIgmp({ kind: 'report', records: [{ type: CHANGE_TO_EXCLUDE, group: ALL_SNOOPERS }] })
  sendIpv4(
    sim,
    netns,
    {
      kind: 'ipv4',
      source: link.addresses[0]?.address ?? 0,
      destination: ALL_IGMP_ROUTERS,
      ttl: 1,
      protocol: PROTOCOL_IGMP,
      tos: 0xc0,
      identification: 0,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      options: ROUTER_ALERT_OPTION,
      payload: { kind: 'raw', bytes },
    },
    { device: link.ifindex },
  )
}
