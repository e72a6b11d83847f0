/** IPv6 packets for others: hop limit, scope, size, FORWARD, out. net/ipv6/ip6_output.c ip6_forward. Not modelled: redirects. */
import type { Ipv6Packet } from '../../wire/frame.ts'
import { ICMPV6_PACKET_TOO_BIG, ICMPV6_TIME_EXCEEDED, ICMPV6_UNREACHABLE } from '../../wire/icmpv6.ts'
import { ipv6PacketLength } from '../../wire/ipv6.ts'
import { isMulticastMac } from '../../wire/mac-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { isLinkLocal6 } from './fib.ts'
import { sendIcmpv6Error } from './icmp-error.ts'
import { type Buffer6, ipOutput6 } from './output.ts'
import { LEAST_MTU6 } from './path-mtu.ts'
import type { FibRoute6 } from './routes.ts'

/** RFC 4443 §3.1: beyond the scope of the source address. */
const BEYOND_SCOPE = 2

export function ipForward6(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  buffer: Buffer6,
  route: FibRoute6,
): void {
  const packet = buffer.packet
  const drop = (reason: 'IP_FORWARDING_OFF' | 'NO_ROUTE' | 'NOT_FOR_US' | 'TTL_EXPIRED' | 'PKT_TOO_BIG') =>
    noteDrop(sim, netns, link.ifindex, reason, packet)
  if (netns.settings.all.forwarding6 === 0) return drop('IP_FORWARDING_OFF')
  const output = route.ifindex === null ? undefined : netns.links.get(route.ifindex)
  if (output === undefined || !output.up) return drop('NO_ROUTE')
  if (buffer.frame !== null && isMulticastMac(buffer.frame.destination)) return drop('NOT_FOR_US')
  if (packet.hopLimit <= 1) {
    sendIcmpv6Error(sim, netns, packet, ICMPV6_TIME_EXCEEDED, 0, 0, link.ifindex)
    return drop('TTL_EXPIRED')
  }
  if (packet.source === '::1' || packet.source === '::') return drop('NOT_FOR_US')
  if (isLinkLocal6(packet.source)) {
    sendIcmpv6Error(sim, netns, packet, ICMPV6_UNREACHABLE, BEYOND_SCOPE, 0, link.ifindex)
    return drop('NO_ROUTE')
  }
  const mtu = Math.max(LEAST_MTU6, Math.min(route.mtu ?? output.mtu, output.mtu))
  if (ipv6PacketLength(packet) > mtu) {
    sendIcmpv6Error(sim, netns, packet, ICMPV6_PACKET_TOO_BIG, 0, mtu, link.ifindex)
    return drop('PKT_TOO_BIG')
  }
  buffer.packet = withHopLimit(packet, packet.hopLimit - 1)
  buffer.output = output.ifindex
  if (runHook(sim, netns, 'FORWARD', buffer) !== 'ACCEPT')
    return noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', buffer.packet)
  ipOutput6(sim, netns, buffer, output, route.gateway ?? buffer.packet.destination, mtu)
}

export function withHopLimit(packet: Ipv6Packet, hopLimit: number): Ipv6Packet {
  return { ...packet, hopLimit }
}
