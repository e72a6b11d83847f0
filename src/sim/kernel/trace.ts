/** One decision about one packet, and why: what tcpdump, the packet walk and checks read. Kept in a bounded ring. */
import type { Frame, IpAddress, IpPacket } from '../wire/frame.ts'
import type { HostName } from './simulation.ts'

export interface TraceEvent {
  readonly atUs: number
  readonly host: HostName
  readonly netns: number
  readonly ifindex: number
  /** `kind` says what was decided; `text` fields are data for the wording, not wording. */
  readonly step: TraceStep
}

export type TraceStep =
  | { readonly kind: 'receive' | 'transmit'; readonly frame: Frame }
  | { readonly kind: 'drop'; readonly reason: DropReason; readonly packet: Frame | IpPacket }
  | {
      readonly kind: 'bridge'
      readonly decision: 'local' | 'forward' | 'flood'
      readonly ports: readonly number[]
      readonly frame: Frame
    }
  | {
      readonly kind: 'route'
      readonly packet: IpPacket
      readonly decision: 'local' | 'forward' | 'output'
      readonly device: number
      readonly gateway: IpAddress | null
    }
  | {
      readonly kind: 'rule'
      readonly table: string
      readonly chain: string
      readonly number: number
      readonly target: string
      readonly matched: boolean
      readonly packet: IpPacket
    }
  | {
      readonly kind: 'policy'
      readonly table: string
      readonly chain: string
      readonly verdict: 'ACCEPT' | 'DROP'
      readonly packet: IpPacket
    }
  | {
      readonly kind: 'rewrite'
      readonly by: 'snat' | 'dnat'
      readonly before: IpPacket
      readonly after: IpPacket
    }
  | { readonly kind: 'deliver'; readonly packet: IpPacket; readonly socket: number | null }

/** Names follow the kernel's `skb_drop_reason` (include/net/dropreason-core.h) where it has one. */
export type DropReason =
  | 'DEVICE_DOWN'
  | 'NO_CARRIER'
  | 'CABLE_CUT'
  | 'CPU_BACKLOG'
  | 'QDISC_DROP'
  | 'NO_LISTENER'
  | 'NOT_FOR_US'
  | 'BRIDGE_INGRESS_PORT'
  | 'PORT_NOT_FORWARDING'
  | 'PORT_LOCKED'
  /** No device here has that VLAN tag. */
  | 'UNKNOWN_VLAN'
  /** A VXLAN: no device with that identifier; nobody known behind the address. */
  | 'UNKNOWN_VNI'
  | 'NO_TUNNEL_TARGET'
  | 'NETFILTER_DROP'
  | 'IP_FORWARDING_OFF'
  | 'TTL_EXPIRED'
  | 'NO_ROUTE'
  | 'BLACKHOLE'
  | 'MARTIAN'
  | 'RP_FILTER'
  | 'NEIGH_FAILED'
  | 'NEIGH_QUEUE_FULL'
  | 'PKT_TOO_BIG'
  | 'TCP_CLOSED'
  | 'SOCKET_FULL'
  | 'UNKNOWN_PROTOCOL'
  | 'PARSE_ERROR'
  | 'FRAGMENT_TIMEOUT'

export interface Trace {
  readonly capacity: number
  events: TraceEvent[]
  /** How many were ever noted; the oldest kept one has number `noted - events.length`. */
  noted: number
}

export function createTrace(capacity: number): Trace {
  return { capacity, events: [], noted: 0 }
}

export function note(trace: Trace, event: TraceEvent): void {
  trace.noted++
  if (trace.events.length < 2 * trace.capacity) trace.events.push(event)
  else trace.events = [...trace.events.slice(-trace.capacity), event]
}
