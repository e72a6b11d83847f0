/** ICMPv6 for this host. RFC 4443, net/ipv6/icmp.c. Not modelled: node information, router advertisements, redirects. */
import type { Icmpv6Message, Ipv6Packet } from '../../wire/frame.ts'
import {
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_NEIGHBOR_ADVERTISEMENT,
  ICMPV6_NEIGHBOR_SOLICITATION,
  ICMPV6_PACKET_TOO_BIG,
  isIcmpv6Error,
} from '../../wire/icmpv6.ts'
import { errorParameter6, quotedPacket6 } from '../../wire/icmpv6-error.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import type { Link } from '../link/types.ts'
import { deliverIcmpError } from '../local-delivery.ts'
import { confirmNeighbor } from '../neighbor/table.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop, noteStep } from '../trace-notes.ts'
import { receiveAdvertisement, receiveSolicitation } from './discovery.ts'
import { isLinkLocal6, lookupRoute6 } from './fib.ts'
import { type Buffer6, sendIpv6 } from './output.ts'
import { learnPathMtu6 } from './path-mtu.ts'

export function receiveIcmpv6(sim: Simulation, netns: NetNamespace, link: Link, buffer: Buffer6): void {
  const packet = buffer.packet
  const message = packet.payload
  if (message.kind !== 'icmpv6') return noteDrop(sim, netns, link.ifindex, 'PARSE_ERROR', packet)
  noteStep(sim, netns, link.ifindex, { kind: 'deliver', packet, socket: null })
  switch (message.type) {
    case ICMPV6_ECHO_REQUEST:
      return echo(sim, netns, link, packet, message)
    case ICMPV6_NEIGHBOR_SOLICITATION:
      return receiveSolicitation(sim, netns, link, packet, message)
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
      return receiveAdvertisement(sim, netns, link, packet, message)
    default:
      if (isIcmpv6Error(message.type)) receiveError(sim, netns, packet, message)
  }
}

function receiveError(
  sim: Simulation,
  netns: NetNamespace,
  packet: Ipv6Packet,
  message: Icmpv6Message,
): void {
  const quoted = quotedPacket6(message)
  if (quoted === null) return
  if (message.type === ICMPV6_PACKET_TOO_BIG) {
    learnPathMtu6(sim, netns, quoted.destination, errorParameter6(message))
    confirmWay(sim, netns, quoted.destination)
  }
  deliverIcmpError(sim, netns, packet)
}

/** __ip6_rt_update_pmtu: whoever comes first on the way has forwarded something. */
function confirmWay(sim: Simulation, netns: NetNamespace, destination: string): void {
  const way = lookupRoute6(netns, { destination })
  if (way.ok) confirmNeighbor(sim, netns, way.value.device, way.value.gateway ?? destination)
}

function echo(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  request: Ipv6Packet,
  message: Icmpv6Message,
): void {
  if (netns.sysctls.get('net.ipv6.icmp.echo_ignore_all') === '1') return
  const toGroup = isMulticast6(request.destination)
  const reply: Ipv6Packet = {
    kind: 'ipv6',
    source: toGroup ? '::' : request.destination,
    destination: request.source,
    hopLimit: 64,
    nextHeader: request.nextHeader,
    ...(request.trafficClass === undefined ? {} : { trafficClass: request.trafficClass }),
    payload: { ...message, type: ICMPV6_ECHO_REPLY },
  }
  const isOnLink = isLinkLocal6(request.source) && link.kind !== 'loopback'
  sendIpv6(sim, netns, reply, { device: isOnLink ? link.ifindex : null })
}
