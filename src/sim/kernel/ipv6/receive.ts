/**
 * IPv6 packets from a device: PREROUTING, routing, then up to a process or on to another device.
 * net/ipv6/ip6_input.c ip6_rcv_core, ip6_rcv_finish; net/ipv6/route.c ip6_pkt_drop.
 * Not modelled: extension headers but fragments and router alert; multicast routing.
 */
import type { Frame, Ipv6Packet } from '../../wire/frame.ts'
import { ICMPV6_UNREACHABLE } from '../../wire/icmpv6.ts'
import { isMulticast6, solicitedNode } from '../../wire/ipv6-address.ts'
import { isMulticastMac } from '../../wire/mac-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import { createBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { noteDrop, noteRoute } from '../trace-notes.ts'
import { fibLookup6, isLinkLocal6, type Route6Error } from './fib.ts'
import { ipForward6 } from './forward.ts'
import { defragment6 } from './fragment.ts'
import { sendIcmpv6Error } from './icmp-error.ts'
import { deliverLocally6 } from './local.ts'
import type { Buffer6 } from './output.ts'

export function receiveIpv6(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  if (frame.destination !== link.mac && link.kind !== 'loopback' && !isMulticastMac(frame.destination))
    return noteDrop(sim, netns, link.ifindex, 'NOT_FOR_US', frame)
  const packet = frame.payload as Ipv6Packet
  const isLo = link.kind === 'loopback'
  const isMartian =
    isMulticast6(packet.source) || (!isLo && (packet.source === '::1' || packet.destination === '::1'))
  if (isMartian || deviceSettings(netns, link.ifindex).disableIpv6 !== 0)
    return noteDrop(sim, netns, link.ifindex, 'MARTIAN', packet)
  const buffer = createBuffer(packet, link.ifindex, frame)
  if (prerouting6(sim, netns, buffer)) receiveFinish6(sim, netns, link, buffer)
}

/** Fragments are put together before rules see them, where connections are tracked (nf_defrag_ipv6). */
export function prerouting6(sim: Simulation, netns: NetNamespace, buffer: Buffer6): boolean {
  if (buffer.packet.fragment !== undefined && (netns.netfilter.trackingRules6 ?? 0) > 0) {
    const whole = defragment6(sim, netns, buffer.packet)
    if (whole === null) return false
    buffer.packet = whole
  }
  if (runHook(sim, netns, 'PREROUTING', buffer) === 'ACCEPT') return true
  noteDrop(sim, netns, buffer.input ?? 0, 'NETFILTER_DROP', buffer.packet)
  return false
}

/** Also entered by packets that came up from a bridge, where PREROUTING was run. */
export function receiveFinish6(sim: Simulation, netns: NetNamespace, link: Link, buffer: Buffer6): void {
  const packet = buffer.packet
  if (isMulticast6(packet.destination)) {
    if (!isMember(netns, link, packet.destination))
      return noteDrop(sim, netns, link.ifindex, 'NOT_FOR_US', packet)
    return deliverLocally6(sim, netns, link, buffer)
  }
  const { destination, source } = packet
  const strict = isLinkLocal6(destination) && link.kind !== 'loopback' ? link.ifindex : null
  const query = { destination, source, mark: buffer.mark, inputIfindex: link.ifindex }
  const route = fibLookup6(netns, query, strict)
  if (typeof route === 'string') return refuseInput(sim, netns, link, packet, route)
  if (route.type === 'local' || route.type === 'anycast') {
    if (sim.trace !== null) noteRoute(sim, netns, link, packet, 'local', link.ifindex, null)
    return deliverLocally6(sim, netns, link, buffer)
  }
  if (sim.trace !== null) noteRoute(sim, netns, link, packet, 'forward', route.ifindex ?? 0, route.gateway)
  ipForward6(sim, netns, link, buffer, route)
}

/** ipv6_chk_mcast_addr: groups that the kernel joins. */
function isMember(netns: NetNamespace, link: Link, group: string): boolean {
  if (group === 'ff02::1' || group === 'ff01::1' || link.kind === 'loopback') return true
  if (group === 'ff02::6a') return link.kind === 'bridge'
  if (group === 'ff02::2' || group === 'ff01::2' || group === 'ff05::2')
    return deviceSettings(netns, link.ifindex).forwarding6 !== 0
  return link.addresses6.some((own) => solicitedNode(own.address) === group)
}

function refuseInput(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  packet: Ipv6Packet,
  why: Route6Error,
): void {
  if (why === 'EINVAL') return noteDrop(sim, netns, link.ifindex, 'BLACKHOLE', packet)
  sendIcmpv6Error(sim, netns, packet, ICMPV6_UNREACHABLE, why === 'EACCES' ? 1 : 0, 0, link.ifindex)
  noteDrop(sim, netns, link.ifindex, 'NO_ROUTE', packet)
}
