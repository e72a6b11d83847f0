/**
 * Network address translation: a flow's first packet decides, by a rule or by none, what its answers look like;
 * every later packet is translated from the conntrack entry alone.
 * net/netfilter/nf_nat_core.c (get_unique_tuple, nf_nat_setup_info, nf_nat_packet), nf_nat_masquerade.c,
 * nf_nat_redirect.c. Not modelled: persistent mappings, port offsets.
 */
import { nextUint32 } from '../../base/random.ts'
import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../../wire/frame.ts'
import { withQuote6 } from '../../wire/icmpv6-error.ts'
import { protocolOf } from '../../wire/ip-packet.ts'
import { ipv6FromBytes, ipv6ToBytes } from '../../wire/ipv6-address.ts'
import { chooseSource6 } from '../ipv6/source-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { note } from '../trace.ts'
import { isIcmpError, quotedBy, tupleTaken } from './conntrack.ts'
import type { Side } from './rewrite.ts'
import { withEndpoint } from './rewrite.ts'
import { invertTuple, isIcmpProtocol, keyOfTuple, sameTuple } from './tuple.ts'
import type { Connection, Hook, NatRange, PortRange, Target, Tuple } from './types.ts'

const LOOPBACK_ADDRESS = 0x7f000001
const MOST_ATTEMPTS = 128

/** HOOK2MANIP */
export function sideOfHook(hook: Hook): Side {
  return hook === 'POSTROUTING' || hook === 'INPUT' ? 'source' : 'destination'
}

export const ANY_RANGE: NatRange = { from: null, to: null, ports: null, random: false }

/** What a NAT target asks for at this packet; null: nothing can be chosen, the packet is dropped. */
export function rangeOf(netns: NetNamespace, hook: Hook, buffer: IpBuffer, target: Target): NatRange | null {
  if (target.kind === 'DNAT' || target.kind === 'SNAT') return target.range
  if (target.kind === 'MASQUERADE') {
    const address = masqueradeAddress(netns, buffer)
    return address === null ? null : { ...target, from: address, to: address }
  }
  if (target.kind !== 'REDIRECT') return null
  const isSix = buffer.packet.kind === 'ipv6'
  const input = netns.links.get(buffer.input ?? 0)
  const own = isSix ? firstAddress6(input) : firstAddress(input)
  const address = hook === 'OUTPUT' ? (isSix ? '::1' : LOOPBACK_ADDRESS) : own
  return address === null ? null : { ...target, from: address, to: address }
}

function firstAddress(link: Link | undefined): number | null {
  return link?.addresses.find((a) => !a.secondary)?.address ?? null
}

/** nf_nat_redirect_ipv6: the device's first address that is in use. */
function firstAddress6(link: Link | undefined): string | null {
  return link?.addresses6.find((own) => !own.tentative)?.address ?? null
}

/** inet_select_addr: the leaving device's first address, rather one of the destination's own subnet. */
function masqueradeAddress(netns: NetNamespace, buffer: IpBuffer): IpAddress | null {
  const { destination } = buffer.packet
  if (typeof destination === 'string') return chooseSource6(netns, buffer.output ?? 0, destination)
  const link = netns.links.get(buffer.output ?? 0)
  const usable = (l: Link | undefined) => l?.addresses.filter((a) => !a.secondary && a.scope !== 'host') ?? []
  const own = usable(link)
  const near = own.find((a) => {
    const shift = 32 - a.length
    return shift < 32 && a.address >>> shift === destination >>> shift
  })
  if (near !== undefined) return near.address
  if (own[0] !== undefined) return own[0].address
  for (const other of netns.links.values()) {
    const address = usable(other)[0]
    if (address !== undefined) return address.address
  }
  return firstAddress(link)
}

/** nf_nat_setup_info: chooses the flow's look on this side; `range` is ANY_RANGE where no rule asked for anything. */
export function setUpNat(
  sim: Simulation,
  netns: NetNamespace,
  connection: Connection,
  side: Side,
  range: NatRange,
): void {
  if (connection.natDone[side]) return
  connection.natDone[side] = true
  const current = invertTuple(connection.reply)
  if (current === null) return
  const chosen = uniqueTuple(sim, netns, connection, current, side, range)
  if (sameTuple(chosen, current)) return
  const reply = invertTuple(chosen)
  if (reply === null) return
  connection.reply = reply
  if (side === 'source') connection.sourceNat = true
  else connection.destinationNat = true
}

/** nf_nat_used_tuple */
function isTaken(sim: Simulation, netns: NetNamespace, connection: Connection, tuple: Tuple): boolean {
  const reply = invertTuple(tuple)
  return reply === null || tupleTaken(sim, netns.conntrack, keyOfTuple(reply), connection.id)
}

/** get_unique_tuple */
function uniqueTuple(
  sim: Simulation,
  netns: NetNamespace,
  connection: Connection,
  current: Tuple,
  side: Side,
  range: NatRange,
): Tuple {
  const tuple = { ...current, [side]: chooseAddress(current, side, range) }
  const free = (t: Tuple) => !isTaken(sim, netns, connection, t)
  if (!range.random) {
    const port = naturalPort(tuple, side)
    const inRange = range.ports === null || (port >= range.ports.from && port <= range.ports.to)
    if (range.ports === null && free(tuple)) return tuple
    if (range.ports !== null && inRange && (range.ports.from === range.ports.to || free(tuple))) return tuple
  }
  return uniquePort(sim, tuple, side, range, free)
}

/** find_best_ips_proto: one address of a range by its users', so that a client keeps its own. */
function chooseAddress(tuple: Tuple, side: Side, range: NatRange): IpAddress {
  if (range.from === null) return tuple[side]
  const to = range.to ?? range.from
  if (to === range.from) return range.from
  if (typeof range.from === 'string' || typeof to === 'string') return inRange6(tuple, range.from, to)
  const source = Number(tuple.source)
  const seed = side === 'source' ? source : source ^ Number(tuple.destination)
  const hash = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) >>> 0
  return range.from + (hash % (to - range.from + 1))
}

/** Not modelled: ranges that differ in more than their last 32 bits. */
function inRange6(tuple: Tuple, from: IpAddress, to: IpAddress): IpAddress {
  const bytes = ipv6ToBytes(String(from))
  const tail = (address: IpAddress): number =>
    ipv6ToBytes(String(address))
      .subarray(12)
      .reduce((sum, byte) => sum * 256 + byte, 0)
  const size = tail(to) - tail(from) + 1
  const chosen = tail(from) + ((Math.imul(tail(tuple.source), 0x45d9f3b) >>> 0) % Math.max(1, size))
  for (let i = 0; i < 4; i++) bytes[12 + i] = Math.floor(chosen / 256 ** (3 - i)) & 255
  return ipv6FromBytes(bytes)
}

function hasPorts(protocol: number): boolean {
  return protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP || isIcmpProtocol(protocol)
}

/** ICMP's identifier stands on the source's side whichever side is translated. */
function portField(tuple: Tuple, side: Side): 'sourcePort' | 'destinationPort' {
  return side === 'source' || isIcmpProtocol(tuple.protocol) ? 'sourcePort' : 'destinationPort'
}

function naturalPort(tuple: Tuple, side: Side): number {
  return tuple[portField(tuple, side)]
}

/** Ports of the class that the flow's own belongs to: what looked privileged stays so. */
function classOf(tuple: Tuple, side: Side): PortRange | null {
  if (isIcmpProtocol(tuple.protocol)) return { from: 0, to: 0xffff }
  if (side === 'destination') return null
  const port = tuple.sourcePort
  if (port < 512) return { from: 1, to: 511 }
  return port < 1024 ? { from: 600, to: 1023 } : { from: 1024, to: 0xffff }
}

/** nf_nat_l4proto_unique_tuple */
function uniquePort(
  sim: Simulation,
  tuple: Tuple,
  side: Side,
  range: NatRange,
  free: (tuple: Tuple) => boolean,
): Tuple {
  const ports = range.ports ?? classOf(tuple, side)
  if (ports === null || !hasPorts(tuple.protocol)) return tuple
  const field = portField(tuple, side)
  const size = ports.to - ports.from + 1
  let offset = side === 'source' || range.random ? nextUint32(sim.random) : 0
  let attempts = Math.min(size, MOST_ATTEMPTS)
  let candidate = tuple
  for (;;) {
    for (let i = 0; i < attempts; i++, offset++) {
      candidate = { ...tuple, [field]: ports.from + (offset % size) }
      if (free(candidate)) return candidate
    }
    if (attempts >= size || attempts < 16) return candidate
    attempts >>= 1
    offset = nextUint32(sim.random)
  }
}

/** nf_nat_packet and nf_nat_icmp_reply_translation: makes the packet look as its flow was told to on this side. */
export function translate(sim: Simulation, netns: NetNamespace, hook: Hook, buffer: IpBuffer): void {
  const connection = netns.conntrack.connections.get(buffer.connection ?? -1)
  if (connection === undefined || (!connection.sourceNat && !connection.destinationNat)) return
  const side = sideOfHook(hook)
  const reply = buffer.direction === 'reply'
  const concerned = (side === 'source') !== reply ? connection.sourceNat : connection.destinationNat
  if (!concerned) return
  const before = buffer.packet
  const other = reply ? connection.original : connection.reply
  buffer.packet = isIcmpError(before)
    ? translateError(before, side, other)
    : translatePacket(before, side, other)
  if (sim.trace !== null && buffer.packet !== before)
    note(sim.trace, {
      atUs: sim.nowUs,
      host: netns.host,
      netns: netns.id,
      ifindex: buffer.output ?? buffer.input ?? 0,
      step: {
        kind: 'rewrite',
        by: side === 'source' ? 'snat' : 'dnat',
        before,
        after: buffer.packet,
      },
    })
}

/** `other`: what the other direction looks like; this one's source is that one's destination. */
function translatePacket(packet: IpPacket, side: Side, other: Tuple): IpPacket {
  const address = side === 'source' ? other.destination : other.source
  const port = side === 'source' ? other.destinationPort : other.sourcePort
  return withEndpoint(packet, side, address, isIcmpProtocol(protocolOf(packet)) ? other.sourcePort : port)
}

/** The quoted packet went the other way: its other side is put back to what its sender wrote. */
function translateError(packet: IpPacket, side: Side, other: Tuple): IpPacket {
  const payload = packet.payload
  const address = side === 'source' ? other.destination : other.source
  const outer = withEndpoint(packet, side, address, 0)
  const inner = quotedBy(packet)
  if (inner === null) return outer
  const original =
    side === 'source'
      ? withEndpoint(inner, 'destination', other.destination, quotedPort(inner, other, 'destination'))
      : withEndpoint(inner, 'source', other.source, quotedPort(inner, other, 'source'))
  if (outer.kind === 'ipv6')
    return payload.kind === 'icmpv6' && original.kind === 'ipv6'
      ? { ...outer, payload: withQuote6(payload, original) }
      : outer
  if (payload.kind !== 'icmp' || original.kind !== 'ipv4') return outer
  return { ...outer, payload: { ...payload, original } }
}

function quotedPort(inner: IpPacket, other: Tuple, side: Side): number {
  if (isIcmpProtocol(protocolOf(inner)) || side === 'source') return other.sourcePort
  return other.destinationPort
}
