/**
 * IPv4 packets from a device: PREROUTING, routing, then up to a process or on to another device.
 * net/ipv4/ip_input.c ip_rcv, ip_rcv_finish.
 * Not modelled: IP options.
 */
import type { Frame, Ipv4Packet } from '../../wire/frame.ts'
import { isMulticastMac } from '../../wire/mac-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import { createBuffer, type PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop, noteRoute } from '../trace-notes.ts'
import { ipForward } from './forward.ts'
import { sendRouteError } from './icmp-error.ts'
import { deliverLocally } from './local.ts'
import { defragment } from './reassembly.ts'
import { type InputRefusal, routeInput } from './route-input.ts'

export function ipReceive(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  if (frame.destination !== link.mac && link.kind !== 'loopback' && !isMulticastMac(frame.destination)) {
    noteDrop(sim, netns, link.ifindex, 'NOT_FOR_US', frame)
    return
  }
  const buffer = createBuffer(frame.payload as Ipv4Packet, link.ifindex, frame)
  if (prerouting(sim, netns, buffer)) ipReceiveFinish(sim, netns, link, buffer)
}

/** Fragments are put together before rules see them, where connections are tracked (nf_defrag_ipv4). */
export function prerouting(sim: Simulation, netns: NetNamespace, buffer: PacketBuffer): boolean {
  const packet = buffer.packet
  if ((packet.moreFragments || packet.fragmentOffset !== 0) && netns.netfilter.trackingRules > 0) {
    const whole = defragment(sim, netns, packet)
    if (whole === null) return false
    buffer.packet = whole
  }
  if (runHook(sim, netns, 'PREROUTING', buffer) === 'ACCEPT') return true
  noteDrop(sim, netns, buffer.input ?? 0, 'NETFILTER_DROP', buffer.packet)
  return false
}

/** Routing decides. Also entered by packets that came up from a bridge, where PREROUTING was run. */
export function ipReceiveFinish(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  buffer: PacketBuffer,
): void {
  const packet = buffer.packet
  const route = routeInput(netns, link, packet.destination, packet.source, buffer.mark)
  if (typeof route === 'string') {
    refuseInput(sim, netns, link, packet, route)
    return
  }
  if (route.type === 'unicast') {
    if (sim.trace !== null) noteRoute(sim, netns, link, packet, 'forward', route.ifindex ?? 0, route.gateway)
    ipForward(sim, netns, link, buffer, route)
  } else {
    if (sim.trace !== null) noteRoute(sim, netns, link, packet, 'local', link.ifindex, null)
    deliverLocally(sim, netns, link, buffer, route.type === 'broadcast')
  }
}

/** ip_error: what a router says about a packet that it cannot send on. */
function refuseInput(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  packet: Ipv4Packet,
  why: InputRefusal,
): void {
  if (why === 'NO_ROUTE' || why === 'UNREACHABLE' || why === 'PROHIBITED') {
    const code = why === 'NO_ROUTE' ? 0 : why === 'UNREACHABLE' ? 1 : 13
    sendRouteError(sim, netns, packet, link.ifindex, code)
    noteDrop(sim, netns, link.ifindex, 'NO_ROUTE', packet)
    return
  }
  noteDrop(sim, netns, link.ifindex, why, packet)
}
