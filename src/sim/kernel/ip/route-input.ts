/**
 * Where a packet that came in goes, and whether it may have come that way.
 * net/ipv4/route.c ip_route_input_slow, net/ipv4/fib_frontend.c fib_validate_source.
 * Not modelled: VRFs; multicast routing.
 */
import { isLoopback, isMulticast } from '../../wire/ipv4-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { fibLookup, isLocalAddress } from './fib.ts'

/** `UNREACHABLE`, `PROHIBITED` and `BLACKHOLE` are types of the route that was found. */
export type InputRefusal =
  | 'MARTIAN'
  | 'RP_FILTER'
  | 'NO_ROUTE'
  | 'UNREACHABLE'
  | 'PROHIBITED'
  | 'BLACKHOLE'
  | 'IP_FORWARDING_OFF'
  | 'NOT_FOR_US'

const HERE = {
  gateway: null,
  ifindex: null,
  preferredSource: null,
  scope: 'link',
  protocol: 'kernel',
  metric: 0,
  mtu: null,
  onLink: false,
  table: 0,
} as const
const BROADCAST_HERE: Route = Object.freeze({
  ...HERE,
  type: 'broadcast',
  destination: Object.freeze({ address: 0xffffffff, length: 32 }),
})
/** A group: whoever has joined gets it. */
const MULTICAST_HERE: Route = Object.freeze({
  ...HERE,
  type: 'local',
  destination: Object.freeze({ address: 0xe0000000, length: 4 }),
})

const ALL_HOSTS = 0xe0000001
const ALL_SNOOPERS = 0xe000006a

/** ip_check_mc_rcu: groups that the kernel or somebody else has joined. */
function isMember(link: Link, group: number): boolean {
  if (group === ALL_HOSTS || link.kind === 'loopback') return true
  return (group === ALL_SNOOPERS && link.kind === 'bridge') || link.groups?.includes(group) === true
}

export function routeInput(
  netns: NetNamespace,
  link: Link,
  destination: number,
  source: number,
  mark: number,
): Route | InputRefusal {
  if (isMulticast(destination)) return isMember(link, destination) ? MULTICAST_HERE : 'NOT_FOR_US'
  if (isMulticast(source) || source === 0xffffffff) return 'MARTIAN'
  if (destination === 0xffffffff || (destination === 0 && source === 0)) return BROADCAST_HERE
  if (source >>> 24 === 0 || destination >>> 24 === 0) return 'MARTIAN'
  // On loopback a packet still has the route it left by.
  const isLo = link.kind === 'loopback'
  const settings = deviceSettings(netns, link.ifindex)
  if (!isLo && (isLoopback(destination) || isLoopback(source))) {
    if (settings.routeLocalnet === 0 && netns.settings.all.routeLocalnet === 0) return 'MARTIAN'
  }
  const route = fibLookup(netns, destination, source, mark, link.ifindex, null)
  const isForUs = typeof route !== 'string' && route.type !== 'unicast'
  if (!isLo && (isForUs || settings.forwarding !== 0)) {
    const refused = validateSource(netns, link, source, mark)
    if (refused !== null) return refused
  }
  if (isForUs) return route
  if (settings.forwarding === 0) return 'IP_FORWARDING_OFF'
  if (typeof route !== 'string') return route
  if (route === 'ENETUNREACH') return 'NO_ROUTE'
  return route === 'EHOSTUNREACH' ? 'UNREACHABLE' : route === 'EACCES' ? 'PROHIBITED' : 'BLACKHOLE'
}

/** Reverse path filter (RFC 3704), and sources that are ours. */
function validateSource(
  netns: NetNamespace,
  link: Link,
  source: number,
  mark: number,
): 'MARTIAN' | 'RP_FILTER' | null {
  const settings = deviceSettings(netns, link.ifindex)
  const all = netns.settings.all
  const acceptLocal = settings.acceptLocal !== 0 || all.acceptLocal !== 0
  const mode = Math.max(settings.rpFilter, all.rpFilter)
  if (mode === 0) return !acceptLocal && isLocalAddress(netns, source) ? 'MARTIAN' : null
  const back = fibLookup(netns, source, 0, mark, link.ifindex, null)
  if (typeof back === 'string') return 'RP_FILTER'
  if (back.type === 'local') return acceptLocal ? null : 'MARTIAN'
  if (back.type !== 'unicast') return 'MARTIAN'
  return mode === 1 && back.ifindex !== link.ifindex ? 'RP_FILTER' : null
}
