/**
 * ICMP redirects: a router tells a neighbour of a better first hop. net/ipv4/route.c __mkroute_input, ip_rt_send_redirect.
 * Not modelled: hosts that follow a redirect.
 */

import type { Ipv4Packet } from '../../wire/frame.ts'
import { networkOf } from '../../wire/ipv4-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { sendIcmpError } from './icmp-error.ts'

/** Called where a packet leaves by the device it came in by. */
export function sendRedirect(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  packet: Ipv4Packet,
  route: Route,
): void {
  const settings = deviceSettings(netns, link.ifindex)
  if (settings.sendRedirects === 0 && netns.settings.all.sendRedirects === 0) return
  const isNear = link.addresses.some(
    (own) => networkOf(own.address, own.length) === networkOf(packet.source, own.length),
  )
  if (isNear) sendIcmpError(sim, netns, packet, link.ifindex, 5, 1, route.gateway ?? packet.destination)
}
