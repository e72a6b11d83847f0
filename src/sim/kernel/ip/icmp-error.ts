/**
 * ICMP errors that this host sends, and how many. RFC 1122 §3.2.2, RFC 1812 §4.3, net/ipv4/icmp.c __icmp_send,
 * net/ipv4/inetpeer.c inet_peer_xrlim_allow. Not modelled: the limit for the whole host (icmp_msgs_per_sec).
 */
import type { Ipv4Packet } from '../../wire/frame.ts'
import { ICMP_REDIRECT, isIcmpError } from '../../wire/icmp.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { fibLookup, isLocalAddress, matchTable, TABLE_LOCAL } from './fib.ts'
import { sendIpv4 } from './output.ts'

const BURST = 6
/** net.ipv4.route.error_cost and error_burst. */
const ROUTE_ERROR_COST_US = 1_000_000
const ROUTE_ERROR_BURST = 5
const NO_DATA = new Uint8Array()

/** `extra`: the next-hop MTU of "fragmentation needed", the gateway of a redirect. */
export function sendIcmpError(
  sim: Simulation,
  netns: NetNamespace,
  about: Ipv4Packet,
  input: number | null,
  type: number,
  code: number,
  extra = 0,
): void {
  if (!deserves(netns, about)) return
  if (!isAllowed(sim, netns, about.source, type, code)) return
  const isOurs = isLocalAddress(netns, about.destination)
  const inbound = netns.settings.errorsUseInboundAddress !== 0 && input !== null
  const own = inbound ? netns.links.get(input)?.addresses[0]?.address : undefined
  sendIpv4(sim, netns, {
    kind: 'ipv4',
    source: isOurs ? about.destination : (own ?? 0),
    destination: about.source,
    ttl: netns.settings.defaultTtl,
    protocol: 1,
    // RFC 1812 §4.3.2.5: internetwork control.
    tos: type === ICMP_REDIRECT ? about.tos : (about.tos & 0x1e) | 0xc0,
    identification: 0,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload: {
      kind: 'icmp',
      type,
      code,
      // A redirect's gateway stands where an echo has identifier and sequence.
      identifier: type === ICMP_REDIRECT ? extra >>> 16 : 0,
      sequence: type === ICMP_REDIRECT ? extra & 0xffff : 0,
      mtu: type === 3 && code === 4 ? extra : 0,
      original: about,
      data: NO_DATA,
    },
  })
}

/** No error about an error, a later fragment, or what came to or from no single host. */
function deserves(netns: NetNamespace, about: Ipv4Packet): boolean {
  if (about.fragmentOffset !== 0 || about.source === 0) return false
  if (isMulticast(about.destination) || about.destination === 0xffffffff) return false
  if (about.payload.kind === 'icmp' && isIcmpError(about.payload.type)) return false
  const local = netns.fib.tables.get(TABLE_LOCAL)
  return local === undefined || matchTable(local, about.destination, null)?.type !== 'broadcast'
}

/** A bucket of six for each host that errors go to, one more a second. */
function isAllowed(sim: Simulation, netns: NetNamespace, to: number, type: number, code: number): boolean {
  const { icmpRateLimitMs, icmpRateMask } = netns.settings
  if (icmpRateLimitMs === 0 || ((icmpRateMask >>> type) & 1) === 0 || (type === 3 && code === 4)) return true
  const route = fibLookup(netns, to, 0, 0, null, null)
  if (typeof route === 'string') return false
  if (route.type === 'local') return true
  return takeToken(sim, netns, to, icmpRateLimitMs * 1000, BURST)
}

/** Errors of the routing table itself (ip_error) have a limit of their own, which draws from the same bucket first. */
export function sendRouteError(
  sim: Simulation,
  netns: NetNamespace,
  about: Ipv4Packet,
  input: number,
  code: number,
): void {
  if (takeToken(sim, netns, about.source, ROUTE_ERROR_COST_US, ROUTE_ERROR_BURST)) {
    sendIcmpError(sim, netns, about, input, 3, code)
  }
}

function takeToken(sim: Simulation, netns: NetNamespace, to: number, costUs: number, burst: number): boolean {
  const bucket = netns.icmpRates.get(to)
  const grown = bucket === undefined ? burst * costUs : bucket.tokens + sim.nowUs - bucket.updatedUs
  const tokens = Math.min(grown, burst * costUs)
  const allowed = tokens >= costUs
  netns.icmpRates.set(to, { tokens: allowed ? tokens - costUs : tokens, updatedUs: sim.nowUs })
  return allowed
}
