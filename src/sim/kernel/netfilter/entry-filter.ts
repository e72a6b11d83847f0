/** Which flows are meant: addresses of either direction, protocol, ports, state, NAT, status, as conntrack(8) selects them. */
import type { IpAddress } from '../../wire/frame.ts'
import { familyOf } from '../../wire/ip-address.ts'
import { containsAddress6, type Prefix6 } from '../ipv6/prefix.ts'
import type { Connection } from './types.ts'

export interface AddressFilter {
  readonly address: number
  readonly mask: number
  /** What is meant of IPv6 instead. */
  readonly address6?: Prefix6
}

export interface EntryFilter {
  source: AddressFilter | null
  destination: AddressFilter | null
  replySource: AddressFilter | null
  replyDestination: AddressFilter | null
  protocol: number | null
  numbers: Partial<Record<NumberField, number>>
  state: string | null
  mark: AddressFilter | null
  status: string[]
  /** `-n`, `-g`, `-j`: with an address or any. */
  nat: { readonly side: 'source' | 'destination' | 'any'; readonly address: IpAddress | null } | null
  family: 4 | 6
}

export type NumberField =
  | 'sport'
  | 'dport'
  | 'reply-port-src'
  | 'reply-port-dst'
  | 'icmp-type'
  | 'icmp-code'
  | 'icmp-id'

export function emptyFilter(): EntryFilter {
  return {
    source: null,
    destination: null,
    replySource: null,
    replyDestination: null,
    protocol: null,
    numbers: {},
    state: null,
    mark: null,
    status: [],
    nat: null,
    family: 4,
  }
}

function fits(filter: AddressFilter | null, value: IpAddress): boolean {
  if (filter === null) return true
  if (typeof value === 'string')
    return filter.address6 !== undefined && containsAddress6(filter.address6, value)
  return (value & filter.mask) >>> 0 === (filter.address & filter.mask) >>> 0
}

function numberOf(entry: Connection, field: NumberField): number {
  switch (field) {
    case 'sport':
    case 'icmp-id':
      return entry.original.sourcePort
    case 'dport':
      return entry.original.destinationPort
    case 'reply-port-src':
      return entry.reply.sourcePort
    case 'reply-port-dst':
      return entry.reply.destinationPort
    case 'icmp-type':
      return entry.original.icmpType
    case 'icmp-code':
      return entry.original.icmpCode
  }
}

function hasStatus(entry: Connection, status: string): boolean {
  switch (status) {
    case 'ASSURED':
      return entry.assured
    case 'SEEN_REPLY':
      return entry.seenReply
    case 'UNREPLIED':
      return !entry.seenReply
    case 'SRC_NAT':
      return entry.sourceNat
    case 'DST_NAT':
      return entry.destinationNat
    default:
      return status === 'CONFIRMED'
  }
}

function fitsNat(entry: Connection, nat: EntryFilter['nat']): boolean {
  if (nat === null) return true
  const source = entry.sourceNat && (nat.address === null || entry.reply.destination === nat.address)
  const destination = entry.destinationNat && (nat.address === null || entry.reply.source === nat.address)
  return (nat.side !== 'destination' && source) || (nat.side !== 'source' && destination)
}

export function selects(filter: EntryFilter, entry: Connection): boolean {
  const { original, reply } = entry
  const numbers = Object.entries(filter.numbers) as [NumberField, number][]
  return (
    filter.family === familyOf(original.source) &&
    fits(filter.source, original.source) &&
    fits(filter.destination, original.destination) &&
    fits(filter.replySource, reply.source) &&
    fits(filter.replyDestination, reply.destination) &&
    (filter.protocol === null || original.protocol === filter.protocol) &&
    numbers.every(([field, value]) => numberOf(entry, field) === value) &&
    (filter.state === null || entry.tcpState === filter.state) &&
    fits(filter.mark, entry.mark) &&
    filter.status.every((status) => hasStatus(entry, status)) &&
    fitsNat(entry, filter.nat)
  )
}
