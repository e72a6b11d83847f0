/**
 * A port on its way from listening to forwarding while STP is on. IEEE 802.1D §8.4, net/bridge/br_stp_timer.c
 * Not modelled: configuration messages; every bridge takes itself for the root.
 */
import { enqueue } from '../../base/event-queue.ts'
import { logPortState } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { selectPortStates } from '../netlink/bridge-port.ts'
import type { Simulation } from '../simulation.ts'
import type { BridgeLink, Link } from './types.ts'

export function startForwardDelay(sim: Simulation, netns: NetNamespace, bridge: Link, link: Link): void {
  if (bridge.kind !== 'bridge' || link.port === null || link.port.state === 'forwarding') return
  arm(sim, netns, bridge, link)
}

/** The port's generation is the moment at which it was enabled. */
function arm(sim: Simulation, netns: NetNamespace, bridge: BridgeLink, link: Link): void {
  enqueue(sim.queue, sim.nowUs + bridge.forwardDelayMs * 1000, {
    kind: 'timer',
    host: netns.host,
    netns: netns.id,
    timer: { kind: 'bridge-port', ifindex: link.ifindex, generation: link.port?.enabledUs ?? 0 },
  })
}

export function portTimer(sim: Simulation, netns: NetNamespace, ifindex: number, generation: number): void {
  const link = netns.links.get(ifindex)
  const bridge = link?.master == null ? undefined : netns.links.get(link.master)
  if (link === undefined || link.port === null || bridge?.kind !== 'bridge') return
  if (link.port.enabledUs !== generation) return
  if (link.port.state === 'listening') {
    link.port.state = 'learning'
    logPortState(sim, netns, link, 'learning')
    arm(sim, netns, bridge, link)
  } else if (link.port.state === 'learning') {
    link.port.state = 'forwarding'
    logPortState(sim, netns, link, 'forwarding')
    selectPortStates(sim, netns, bridge)
  }
}
