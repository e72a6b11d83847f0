/** One network stack: devices, neighbours, routes, packet filter, sockets, settings. ip-netns(8), network_namespaces(7). */

import type { IpAddress, IpPacket } from '../wire/frame.ts'
import type { Prefix } from '../wire/ipv4-address.ts'
import type { FragmentQueue } from './ip/reassembly.ts'
import type { Link } from './link/types.ts'
import type { Conntrack, Netfilter } from './netfilter/types.ts'
import type { HostName } from './simulation.ts'
import type { Socket } from './socket.ts'
import type { NetSettings } from './sysctl/settings.ts'

export interface NetNamespace {
  /** Inode number, as `ls -l /proc/PID/ns/net` shows it. */
  readonly id: number
  readonly host: HostName
  links: Map<number, Link>
  /** Name → number, kept with `links` by `registerLink` and `unregisterLink`. */
  linkNames: Map<string, number>
  nextIfindex: number
  neighbors: Map<string, NeighborEntry>
  fib: Fib
  /** IPv6 routes set by hand, in order of making; those of addresses follow from the addresses. */
  routes6?: Route6Entry[]
  /** IPv6 policy rules once they differ from the two there always are. */
  rules6?: Policy6Rule[]
  netfilter: Netfilter
  conntrack: Conntrack
  sockets: Map<number, Socket>
  /** Settings that were written and that no packet depends on: `net.core.somaxconn` → `1024`. See `kernel/sysctl`. */
  sysctls: Map<string, string>
  /** Settings that the packet path reads, as numbers: `createNetSettings` in `kernel/sysctl/settings.ts`. */
  settings: NetSettings
  /** Datagrams of which some fragments are missing; starts empty. */
  fragments: Map<string, FragmentQueue>
  /** Path MTU learnt from ICMP, by destination; starts empty. */
  pathMtus: Map<IpAddress, PathMtu>
  /** How many ICMP errors a host may still be sent (token bucket), by its address; starts empty. */
  icmpRates: Map<IpAddress, { readonly tokens: number; readonly updatedUs: number }>
  /** How many redirects a host was sent, and when last, by its address; starts empty. */
  redirects: Map<number, { readonly count: number; readonly lastUs: number }>
  /** Namespaces known here by a small number (`link-netnsid`): netnsid → inode. ip-netns(8). */
  peerIds: Map<number, number>
  /** The same the other way round. */
  peerNumbers: Map<number, number>
  /** Last IPv4 identification and ephemeral port given out, ICMP limits … */
  counters: { identification: number; ephemeralPort: number; packetSockets: number }
}

export interface PathMtu {
  readonly mtu: number
  readonly expiresUs: number
}

/** Of either family. Key of `neighbors`: `${ifindex} ${address}`. net/core/neighbour.c */
export interface NeighborEntry {
  readonly ifindex: number
  readonly address: IpAddress
  mac: string | null
  state: NeighborState
  /** When the state was entered, was confirmed, was last used. */
  updatedUs: number
  confirmedUs: number
  usedUs: number
  probes: number
  /** Timers set for an older generation are void. */
  generation: number
  /** Packets that wait for the address (at most 101 as of unres_qlen). */
  waiting: IpPacket[]
  isRouter: boolean
  /** `ip neigh add … proxy`. */
  isProxy: boolean
}

export type NeighborState =
  | 'NONE'
  | 'INCOMPLETE'
  | 'REACHABLE'
  | 'STALE'
  | 'DELAY'
  | 'PROBE'
  | 'FAILED'
  | 'PERMANENT'
  | 'NOARP'

/** Forwarding information base: rules choose a table, the table the longest prefix. */
export interface Fib {
  rules: PolicyRule[]
  /** A rule was ever added or deleted: from then on `local` is a table of its own, else it is looked up within `main`. */
  hasCustomRules: boolean
  /** 255 local, 254 main, 253 default. */
  tables: Map<number, RouteTable>
}

/** Routes by prefix length, then by network address: a look-up tries at most 33 keys. */
export interface RouteTable {
  byLength: Map<number, Map<number, Route[]>>
}

export interface PolicyRule {
  readonly priority: number
  readonly from: Prefix | null
  readonly to: Prefix | null
  readonly fwmark: number | null
  readonly inputInterface: string | null
  readonly outputInterface: string | null
  readonly action:
    | { readonly kind: 'table'; readonly table: number }
    | { readonly kind: 'unreachable' | 'prohibit' | 'blackhole' }
  readonly not: boolean
}

export type { Prefix }

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'unreachable' | 'prohibit' | 'blackhole'
export type RouteScope = 'global' | 'link' | 'host'
export type RouteProtocol = 'kernel' | 'boot' | 'static' | 'dhcp'

export interface Route {
  readonly type: RouteType
  readonly destination: Prefix
  readonly gateway: number | null
  readonly ifindex: number | null
  readonly preferredSource: number | null
  readonly scope: RouteScope
  readonly protocol: RouteProtocol
  readonly metric: number
  readonly mtu: number | null
  readonly onLink: boolean
  readonly table: number
}

/** A route that leads nowhere has no device. */
export interface Route6Entry {
  readonly type: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit'
  readonly destination: { readonly address: string; readonly length: number }
  readonly gateway: string | null
  readonly ifindex: number | null
  readonly preferredSource: string | null
  readonly protocol: RouteProtocol
  readonly metric: number
  readonly mtu: number | null
  readonly onLink: boolean
  readonly table: number
}

/** As `PolicyRule`. */
export interface Policy6Rule extends Omit<PolicyRule, 'from' | 'to'> {
  readonly from: Prefix6 | null
  readonly to: Prefix6 | null
}

export interface Prefix6 {
  readonly address: string
  readonly length: number
}
