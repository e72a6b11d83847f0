/**
 * The packet filter's vocabulary: hooks, tables, chains, rules, matches, targets, verdicts, and connection tracking.
 * include/uapi/linux/netfilter_ipv4.h, iptables(8), iptables-extensions(8), net/netfilter/nf_conntrack_core.c.
 *
 *   device ─► PREROUTING ─► routing ─► FORWARD ─► POSTROUTING ─► device
 *                              │                       ▲
 *                              ▼                       │
 *                            INPUT ─► process ─► OUTPUT
 */

import type { IpAddress } from '../../wire/frame.ts'
import type { FurtherMatch, RecentEntry } from './further-types.ts'

export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'
export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security'
export type Family = 4 | 6

export interface Netfilter {
  /** A table exists once a program has touched it, as with iptables-nft. */
  tables4: Map<TableName, Table>
  tables6: Map<TableName, Table>
  /** IPv4 rules that need connection tracking; while there are none, nothing is tracked (nf_ct_netns_get). */
  trackingRules: number
  /** The same of IPv6. */
  trackingRules6?: number
  /** `-m recent`: addresses by the list's name; unset: none yet. */
  recent?: Map<string, Map<string, RecentEntry>>
}

export interface Table {
  readonly name: TableName
  /** In order of making; built-in chains first. */
  chains: Map<string, Chain>
}

export interface Chain {
  readonly name: string
  /** Null: made by the user. */
  readonly hook: Hook | null
  policy: 'ACCEPT' | 'DROP' | null
  policyCounter: Counter
  rules: Rule[]
}

export interface Counter {
  packets: number
  bytes: number
}

export interface Rule {
  /** IP protocol number. */
  readonly protocol: Negatable<number> | null
  readonly source: Negatable<Cidr> | null
  readonly destination: Negatable<Cidr> | null
  /** ip6tables: they stand in the place of the two above. */
  readonly source6: Negatable<Cidr6> | null
  readonly destination6: Negatable<Cidr6> | null
  readonly inputInterface: Negatable<InterfaceName> | null
  readonly outputInterface: Negatable<InterfaceName> | null
  readonly fragment: Negatable<true> | null
  /** In the order in which they were written: that is how they are printed. */
  readonly matches: readonly Match[]
  readonly target: Target | null
  counter: Counter
}

export interface Negatable<T> {
  readonly not: boolean
  readonly value: T
}

/** `eth+` stands for all names that begin with `eth`. */
export interface InterfaceName {
  readonly name: string
  readonly wildcard: boolean
}

/** Mask as a 32-bit number: iptables takes any mask, not prefixes alone. */
export interface Cidr {
  readonly address: number
  readonly mask: number
}

export interface Cidr6 {
  readonly address: string
  readonly length: number
}

export interface PortRange {
  readonly from: number
  readonly to: number
}

export type Match =
  | {
      readonly kind: 'tcp' | 'udp'
      readonly sourcePorts: Negatable<PortRange> | null
      readonly destinationPorts: Negatable<PortRange> | null
      /** Bits as in the TCP header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
      readonly flags: Negatable<{ readonly mask: number; readonly set: number }> | null
    }
  | {
      readonly kind: 'icmp' | 'icmp6'
      readonly type: Negatable<{ readonly type: number; readonly code: number | null }>
    }
  | {
      readonly kind: 'multiport'
      readonly side: 'source' | 'destination' | 'either'
      readonly ports: Negatable<readonly PortRange[]>
    }
  | { readonly kind: 'conntrack' | 'state'; readonly states: Negatable<readonly ConntrackStateName[]> }
  | {
      readonly kind: 'addrtype'
      readonly source: Negatable<readonly AddressType[]> | null
      readonly destination: Negatable<readonly AddressType[]> | null
      readonly limitIn: boolean
      readonly limitOut: boolean
    }
  | { readonly kind: 'comment'; readonly text: string }
  | {
      readonly kind: 'limit'
      readonly count: number
      readonly per: 'second' | 'minute' | 'hour' | 'day'
      readonly burst: number
      /** Token bucket; `updatedUs` −1: not used yet. */
      readonly credit: { tokens: number; updatedUs: number }
    }
  | {
      readonly kind: 'mark' | 'connmark'
      readonly mark: Negatable<{ readonly value: number; readonly mask: number }>
    }
  | { readonly kind: 'mac'; readonly source: Negatable<string> }
  /** Bytes of the whole IP packet. */
  | { readonly kind: 'length'; readonly range: Negatable<PortRange> }
  /** `hl` is the hop limit of IPv6. */
  | {
      readonly kind: 'ttl' | 'hl'
      readonly comparison: 'eq' | 'lt' | 'gt'
      readonly value: number
      readonly not: boolean
    }
  | {
      readonly kind: 'pkttype'
      readonly type: Negatable<'unicast' | 'broadcast' | 'multicast'>
    }
  | {
      readonly kind: 'iprange'
      readonly source: Negatable<AddressRange> | null
      readonly destination: Negatable<AddressRange> | null
    }
  | {
      readonly kind: 'physdev'
      readonly input: Negatable<InterfaceName> | null
      readonly output: Negatable<InterfaceName> | null
      readonly isBridged: boolean
    }
  | {
      readonly kind: 'statistic'
      readonly mode: 'random'
      readonly probability: number
      readonly not: boolean
    }
  | {
      readonly kind: 'statistic'
      readonly mode: 'nth'
      readonly every: number
      readonly packet: number
      readonly not: boolean
      readonly count: { value: number }
    }
  | FurtherMatch

export interface AddressRange {
  readonly from: IpAddress
  readonly to: IpAddress
}

export type ConntrackStateName = 'INVALID' | 'NEW' | 'ESTABLISHED' | 'RELATED' | 'UNTRACKED' | 'SNAT' | 'DNAT'
export type AddressType =
  | 'LOCAL'
  | 'UNICAST'
  | 'BROADCAST'
  | 'MULTICAST'
  | 'ANYCAST'
  | 'UNSPEC'
  | 'BLACKHOLE'
  | 'UNREACHABLE'
  | 'PROHIBIT'

export type Target =
  | { readonly kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'TRACE' }
  | { readonly kind: 'chain'; readonly chain: string; readonly goto: boolean }
  | { readonly kind: 'REJECT'; readonly with: string }
  /** `flags` as in NF_LOG_*: tcp-sequence 1, tcp-options 2, ip-options 4, uid 8, macdecode 32; unset: 0. */
  | { readonly kind: 'LOG'; readonly prefix: string; readonly level: number; readonly flags?: number }
  | { readonly kind: 'TTL' | 'HL'; readonly operation: 'set' | 'dec' | 'inc'; readonly value: number }
  /** New TOS = (old & ~mask) ^ value. */
  | { readonly kind: 'TOS'; readonly value: number; readonly mask: number }
  | { readonly kind: 'DSCP'; readonly value: number }
  /** Class of a queueing discipline, none of which looks at it here. */
  | { readonly kind: 'CLASSIFY'; readonly major: number; readonly minor: number }
  /** New mark = (old & ~mask) ^ value: `--or-mark` and its kin are all of this form. */
  | { readonly kind: 'MARK'; readonly value: number; readonly mask: number }
  | {
      readonly kind: 'CONNMARK'
      readonly operation: 'set' | 'save' | 'restore'
      readonly value: number
      readonly mask: number
    }
  | { readonly kind: 'DNAT' | 'SNAT'; readonly range: NatRange }
  | {
      readonly kind: 'MASQUERADE' | 'REDIRECT'
      readonly ports: PortRange | null
      readonly random: RandomPorts
    }
  | { readonly kind: 'TCPMSS'; readonly size: number | 'clamp' }
  /** raw table: the packet is not tracked (`-j NOTRACK`, `-j CT --notrack`). */
  | { readonly kind: 'NOTRACK' | 'CT' }

export interface NatRange {
  readonly from: IpAddress | null
  readonly to: IpAddress | null
  readonly ports: PortRange | null
  readonly random: RandomPorts
  readonly persistent?: true
}

/** `--random`, `--random-fully` */
export type RandomPorts = boolean | 'fully'

export type Verdict = 'ACCEPT' | 'DROP'

/** nf_conntrack: a flow seen from one end. With ICMP echo `sourcePort` is the identifier. */
export interface Tuple {
  readonly protocol: number
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly sourcePort: number
  readonly destinationPort: number
  readonly icmpType: number
  readonly icmpCode: number
}

export interface Connection {
  readonly id: number
  readonly original: Tuple
  reply: Tuple
  confirmed: boolean
  /** A packet went the other way. */
  seenReply: boolean
  assured: boolean
  sourceNat: boolean
  destinationNat: boolean
  /** nat chains of both kinds have been asked (a flow is asked once). */
  natDone: { source: boolean; destination: boolean }
  tcpState: TcpTrackingState | null
  mark: number
  createdUs: number
  expiresUs: number
  /** MASQUERADE: dropped when this device goes down. */
  masqueradeIfindex: number | null
  /** Null unless `net.netfilter.nf_conntrack_acct` was 1 when the flow began. */
  counters: { original: Counter; reply: Counter } | null
}

/** nf_conntrack_proto_tcp.c */
export type TcpTrackingState =
  | 'NONE'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'SYN_SENT2'

export type ConntrackEventKind = 'NEW' | 'UPDATE' | 'DESTROY'

export interface ConntrackEvent {
  readonly kind: ConntrackEventKind
  readonly entry: Connection
  readonly atUs: number
  /** A program did it. */
  readonly isUser: boolean
  /** It ran out by itself. */
  readonly isOver: boolean
}

export interface Conntrack {
  /** Processes that are told what happens to flows, and what they have not read yet. */
  listeners?: { readonly pid: number; readonly events: ConntrackEvent[] }[]
  /** Packets that belonged to no flow and could begin none. */
  invalid?: number
  /** Confirmed flows by tuple key, in both directions: twice the connection's id, plus one for the reply direction. */
  byTuple: Map<string, number>
  connections: Map<number, Connection>
  nextId: number
  /** Entries past their time are swept when there are so many in all. */
  sweepAt: number
}
