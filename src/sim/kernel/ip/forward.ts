/**
 * Packets for others: TTL, size, FORWARD, out. net/ipv4/ip_forward.c: the TTL is looked at before any rule is.
 */
import type { Ipv4Packet } from '../../wire/frame.ts'
import { packetLength } from '../../wire/ipv4.ts'
import { isMulticastMac } from '../../wire/mac-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import type { PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { sendIcmpError } from './icmp-error.ts'
import { ipOutput } from './output.ts'
import { forwardMtu } from './path-mtu.ts'
import { sendRedirect } from './redirect.ts'

export function ipForward(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  buffer: PacketBuffer,
  route: Route,
): void {
  const output = route.ifindex === null ? undefined : netns.links.get(route.ifindex)
  if (output === undefined || !output.up) return noteDrop(sim, netns, link.ifindex, 'NO_ROUTE', buffer.packet)
  if (buffer.frame !== null && link.kind !== 'loopback' && isMulticastMac(buffer.frame.destination)) {
    return noteDrop(sim, netns, link.ifindex, 'NOT_FOR_US', buffer.packet)
  }
  const packet = buffer.packet
  if (packet.ttl <= 1) {
    sendIcmpError(sim, netns, packet, link.ifindex, 11, 0)
    return noteDrop(sim, netns, link.ifindex, 'TTL_EXPIRED', packet)
  }
  const mtu = forwardMtu(sim, netns, output, route, packet.destination)
  if (packet.dontFragment && packetLength(packet) > mtu) {
    sendIcmpError(sim, netns, packet, link.ifindex, 3, 4, mtu)
    return noteDrop(sim, netns, link.ifindex, 'PKT_TOO_BIG', packet)
  }
  if (output === link) sendRedirect(sim, netns, link, packet, route)
  buffer.packet = withTtl(packet, packet.ttl - 1)
  buffer.output = output.ifindex
  if (runHook(sim, netns, 'FORWARD', buffer) !== 'ACCEPT') {
    return noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', buffer.packet)
  }
  ipOutput(sim, netns, buffer, output, route.gateway ?? buffer.packet.destination, mtu, false)
}

/** Written out: the copy is made for each packet at each hop. */
export function withTtl(packet: Ipv4Packet, ttl: number): Ipv4Packet {
  return {
    kind: 'ipv4',
    source: packet.source,
    destination: packet.destination,
    ttl,
    protocol: packet.protocol,
    tos: packet.tos,
    identification: packet.identification,
    dontFragment: packet.dontFragment,
    moreFragments: packet.moreFragments,
    fragmentOffset: packet.fragmentOffset,
    options: packet.options,
    payload: packet.payload,
  }
}
