/**
 * ICMPv6 errors that this host sends, and how many. RFC 4443 §2.4, net/ipv6/icmp.c icmp6_send.
 * Not modelled: the limit for the whole host.
 */
import type { Ipv6Packet } from '../../wire/frame.ts'
import { PROTOCOL_ICMPV6 } from '../../wire/frame.ts'
import { ICMPV6_PACKET_TOO_BIG, ICMPV6_PARAMETER_PROBLEM, isIcmpv6Error } from '../../wire/icmpv6.ts'
import { icmpv6Error } from '../../wire/icmpv6-error.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { fibLookup6, isLinkLocal6, isLocalAddress6 } from './fib.ts'
import { sendIpv6 } from './output.ts'

const BURST = 6
const REDIRECT = 137

/** `parameter`: the MTU of "packet too big", the pointer of a parameter problem; `input`: where the packet came in. */
export function sendIcmpv6Error(
  sim: Simulation,
  netns: NetNamespace,
  about: Ipv6Packet,
  type: number,
  code: number,
  parameter = 0,
  input: number | null = null,
): void {
  if (!deserves(about, type, code)) return
  const device = isLinkLocal6(about.source) ? input : null
  if (type !== ICMPV6_PACKET_TOO_BIG && !isAllowed(sim, netns, about.source, device)) return
  const packet: Ipv6Packet = {
    kind: 'ipv6',
    source: isLocalAddress6(netns, about.destination) ? about.destination : '::',
    destination: about.source,
    hopLimit: 64,
    nextHeader: PROTOCOL_ICMPV6,
    payload: icmpv6Error(type, code, parameter, about),
  }
  sendIpv6(sim, netns, packet, { device })
}

/** No error about an error, nor to or about what is no single host's. */
function deserves(about: Ipv6Packet, type: number, code: number): boolean {
  if (about.source === '::' || isMulticast6(about.source)) return false
  if ((about.fragment?.offset ?? 0) !== 0) return false
  const mayBeGroup = type === ICMPV6_PACKET_TOO_BIG || (type === ICMPV6_PARAMETER_PROBLEM && code === 2)
  if (isMulticast6(about.destination) && !mayBeGroup) return false
  const { payload } = about
  return payload.kind !== 'icmpv6' || !(isIcmpv6Error(payload.type) || payload.type === REDIRECT)
}

/** A bucket of six for each host; one more a second, or faster the shorter the prefix of its route (icmpv6_xrlim_allow). */
function isAllowed(sim: Simulation, netns: NetNamespace, to: string, device: number | null): boolean {
  const route = fibLookup6(netns, { destination: to }, device)
  if (typeof route === 'string') return false
  if (route.type === 'local') return true
  const limit = 1_000_000 >> ((128 - route.destination.length) >> 5)
  const bucket = netns.icmpRates.get(to)
  const tokens = bucket === undefined ? BURST * limit : bucket.tokens + sim.nowUs - bucket.updatedUs
  const allowed = Math.min(tokens, BURST * limit)
  netns.icmpRates.set(to, { tokens: allowed >= limit ? allowed - limit : allowed, updatedUs: sim.nowUs })
  return allowed >= limit
}
