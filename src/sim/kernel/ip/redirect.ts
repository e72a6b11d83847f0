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

/** ip_rt_redirect_load and ip_rt_redirect_number. */
const LOAD_US = 20_000
const MOST = 9

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
  if (isNear && isAllowed(sim, netns, packet.source))
    sendIcmpError(sim, netns, packet, link.ifindex, 5, 1, route.gateway ?? packet.destination)
}

/** Nine, each after twice the pause of the one before; a host that does not listen is left alone for twenty seconds. */
function isAllowed(sim: Simulation, netns: NetNamespace, to: number): boolean {
  const known = netns.redirects.get(to)
  const sinceUs = known === undefined ? Number.POSITIVE_INFINITY : sim.nowUs - known.lastUs
  const count = known === undefined || sinceUs > LOAD_US << (MOST + 1) ? 0 : known.count
  if (count > 0 && count < MOST && sinceUs <= LOAD_US << count) return false
  netns.redirects.set(to, { count: Math.min(count + 1, MOST), lastUs: sim.nowUs })
  return count < MOST
}
