/**
 * Connection tracking: every packet belongs to a flow, or is invalid. Entries run out without anybody's doing: one
 * that is past its time is taken for absent and swept later.
 * net/netfilter/nf_conntrack_core.c (nf_conntrack_in, __nf_conntrack_confirm), nf_conntrack_proto_{udp,icmp,generic}.c.
 * Not modelled: expectations of helpers (ftp, sip), zones, early drop of a full table.
 */

import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { PROTOCOL_ICMPV6, PROTOCOL_UDP } from '../../wire/frame.ts'
import { isIcmpv6Error } from '../../wire/icmpv6.ts'
import { quotedPacket6 } from '../../wire/icmpv6-error.ts'
import { ipPacketLength } from '../../wire/ip-packet.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { publishConnection } from './conntrack-events.ts'
import { isFull, warnFull } from './conntrack-limit.ts'
import { TCP_TIMEOUT, tcpStep } from './tcp-tracking.ts'
import { invertTuple, isIcmpProtocol, keyOfPacket, keyOfTuple, tupleOf } from './tuple.ts'
import type { Connection, Conntrack } from './types.ts'

const SECOND = 1_000_000
const UDP_TIMEOUT = 30 * SECOND
const UDP_STREAM_TIMEOUT = 120 * SECOND
/** A UDP flow that is older than this and was answered is a stream. */
const UDP_STREAM_AGE = 2 * SECOND
const ICMP_TIMEOUT = 30 * SECOND
const GENERIC_TIMEOUT = 600 * SECOND
/** No sweep below so many entries; then at twice what the last sweep left, so that sweeping costs little. */
const FEWEST_TO_SWEEP = 256

export function createConntrack(): Conntrack {
  return { byTuple: new Map(), connections: new Map(), nextId: 1, sweepAt: FEWEST_TO_SWEEP }
}

/** nf_conntrack_in: finds or makes the packet's flow and says what the packet is to it. False: there is no room for it. */
export function trackPacket(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): boolean {
  if (buffer.connectionState !== null) return true
  track(sim, netns, buffer)
  if (buffer.connectionState === 'INVALID') netns.conntrack.invalid = (netns.conntrack.invalid ?? 0) + 1
  return buffer.connectionState !== null
}

function track(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): void {
  const packet = buffer.packet
  if (isUntracked(packet)) {
    buffer.connectionState = 'UNTRACKED'
    return
  }
  if (isIcmpError(packet)) {
    trackIcmpError(sim, netns, buffer, packet)
    return
  }
  if (fromLoopback(netns, buffer) && trackReturning(sim, netns, buffer)) return
  const found = lookup(sim, netns.conntrack, keyOfPacket(packet))
  if (found === 0) startFlow(sim, netns, buffer)
  else followFlow(sim, netns, buffer, found)
}

/** Neighbour discovery and listener reports belong to no flow (icmpv6_error: types 130 to 143 but node information). */
function isUntracked(packet: IpPacket): boolean {
  if (packet.payload.kind !== 'icmpv6') return false
  const { type } = packet.payload
  return (type >= 130 && type <= 137) || type === 143
}

function attach(buffer: IpBuffer, connection: Connection, reply: boolean): void {
  buffer.connection = connection.id
  buffer.direction = reply ? 'reply' : 'original'
  buffer.connectionState = reply || connection.seenReply ? 'ESTABLISHED' : 'NEW'
}

function markInvalid(buffer: IpBuffer): void {
  buffer.connection = null
  buffer.direction = null
  buffer.connectionState = 'INVALID'
}

/** Twice the id plus direction, or 0. */
function lookup(sim: Simulation, table: Conntrack, key: string): number {
  const found = table.byTuple.get(key)
  if (found === undefined) return 0
  const connection = table.connections.get(found >> 1)
  if (connection !== undefined && connection.expiresUs > sim.nowUs) return found
  if (connection !== undefined) forget(table, connection)
  return 0
}

/** Whether another live flow already answers to this tuple. */
export function tupleTaken(sim: Simulation, table: Conntrack, key: string, self: number): boolean {
  const found = lookup(sim, table, key)
  return found !== 0 && found >> 1 !== self
}

function fromLoopback(netns: NetNamespace, buffer: IpBuffer): boolean {
  return buffer.input !== null && netns.links.get(buffer.input)?.kind === 'loopback'
}

/**
 * A packet that this namespace sent to itself has its flow from its way out: it is the mirror image of what the
 * other direction looks like, translated or not.
 */
function trackReturning(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): boolean {
  const mirrored = invertTuple(tupleOf(buffer.packet))
  const found = mirrored === null ? 0 : lookup(sim, netns.conntrack, keyOfTuple(mirrored))
  const connection = netns.conntrack.connections.get(found >> 1)
  if (connection === undefined) return false
  attach(buffer, connection, (found & 1) === 0)
  return true
}

function startFlow(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): void {
  const original = tupleOf(buffer.packet)
  const reply = invertTuple(original)
  const payload = buffer.packet.payload
  const step = payload.kind === 'tcp' ? tcpStep('NONE', 'original', payload) : null
  const answersNothing =
    isIcmpProtocol(original.protocol) && !isIcmpRequest(original.protocol, original.icmpType)
  if (reply === null || answersNothing || step === 'invalid' || step === 'ignore') {
    markInvalid(buffer)
    return
  }
  const table = netns.conntrack
  if (table.connections.size >= table.sweepAt) sweep(sim, table, netns)
  if (isFull(sim, netns)) sweep(sim, table, netns)
  if (isFull(sim, netns)) return warnFull(sim, netns)
  const connection: Connection = {
    id: table.nextId++,
    original,
    reply,
    confirmed: false,
    seenReply: false,
    assured: false,
    sourceNat: false,
    destinationNat: false,
    natDone: { source: false, destination: false },
    tcpState: step,
    mark: 0,
    createdUs: sim.nowUs,
    expiresUs: sim.nowUs + timeoutOf(netns, original.protocol, step),
    masqueradeIfindex: null,
    counters: accounting(netns) ? { original: zero(), reply: zero() } : null,
  }
  table.connections.set(connection.id, connection)
  attach(buffer, connection, false)
  account(connection, buffer, false)
}

function zero(): { packets: number; bytes: number } {
  return { packets: 0, bytes: 0 }
}

function accounting(netns: NetNamespace): boolean {
  return netns.sysctls.get('net.netfilter.nf_conntrack_acct') === '1'
}

function timeoutOf(netns: NetNamespace, protocol: number, tcpState: Connection['tcpState']): number {
  if (tcpState !== null) return timeoutSetting(netns, TCP_SETTINGS[tcpState], TCP_TIMEOUT[tcpState])
  if (protocol === PROTOCOL_UDP) return timeoutSetting(netns, UDP_SETTING, UDP_TIMEOUT)
  if (protocol === PROTOCOL_ICMPV6) return timeoutSetting(netns, ICMPV6_SETTING, ICMP_TIMEOUT)
  if (isIcmpProtocol(protocol)) return timeoutSetting(netns, ICMP_SETTING, ICMP_TIMEOUT)
  return timeoutSetting(netns, GENERIC_SETTING, GENERIC_TIMEOUT)
}

const SETTING = 'net.netfilter.nf_conntrack_'
const UDP_SETTING = `${SETTING}udp_timeout`
const UDP_STREAM_SETTING = `${SETTING}udp_timeout_stream`
const ICMP_SETTING = `${SETTING}icmp_timeout`
const ICMPV6_SETTING = `${SETTING}icmpv6_timeout`
const GENERIC_SETTING = `${SETTING}generic_timeout`
const TCP_SETTINGS = Object.fromEntries(
  Object.keys(TCP_TIMEOUT).map((state) => [
    state,
    `${SETTING}tcp_timeout_${state === 'SYN_SENT2' ? 'syn_sent' : state.toLowerCase()}`,
  ]),
) as Record<keyof typeof TCP_TIMEOUT, string>

/** What was written to the setting, else what the kernel starts with. */
function timeoutSetting(netns: NetNamespace, name: string, initial: number): number {
  const text = netns.sysctls.get(name)
  return text === undefined ? initial : Number(text) * SECOND
}

function followFlow(sim: Simulation, netns: NetNamespace, buffer: IpBuffer, found: number): void {
  const connection = netns.conntrack.connections.get(found >> 1)!
  const reply = (found & 1) === 1
  if (buffer.packet.payload.kind === 'tcp') {
    followTcp(sim, netns, buffer, connection, reply)
    return
  }
  attach(buffer, connection, reply)
  account(connection, buffer, reply)
  if (connection.original.protocol === PROTOCOL_UDP) followUdp(sim, netns, connection, reply)
  else connection.expiresUs = sim.nowUs + timeoutOf(netns, connection.original.protocol, null)
  if (!reply || connection.seenReply) return
  connection.seenReply = true
  if (connection.confirmed) publishConnection(sim, netns, 'UPDATE', connection)
}

function followUdp(sim: Simulation, netns: NetNamespace, connection: Connection, reply: boolean): void {
  const answered = connection.seenReply || reply
  const stream = answered && sim.nowUs - connection.createdUs > UDP_STREAM_AGE
  if (stream && connection.seenReply) connection.assured = true
  connection.expiresUs =
    sim.nowUs +
    (stream
      ? timeoutSetting(netns, UDP_STREAM_SETTING, UDP_STREAM_TIMEOUT)
      : timeoutSetting(netns, UDP_SETTING, UDP_TIMEOUT))
}

/** nf_conntrack_tcp_packet */
function followTcp(
  sim: Simulation,
  netns: NetNamespace,
  buffer: IpBuffer,
  connection: Connection,
  reply: boolean,
): void {
  const segment = buffer.packet.payload
  const old = connection.tcpState
  if (segment.kind !== 'tcp' || old === null) return
  const step = tcpStep(old, reply ? 'reply' : 'original', segment)
  if (step === 'SYN_SENT' && (old === 'TIME_WAIT' || old === 'CLOSE')) {
    forget(netns.conntrack, connection)
    startFlow(sim, netns, buffer)
    return
  }
  if (step === 'invalid') {
    markInvalid(buffer)
    return
  }
  attach(buffer, connection, reply)
  account(connection, buffer, reply)
  if (segment.flags.rst && !connection.seenReply) {
    forget(netns.conntrack, connection)
    connection.expiresUs = sim.nowUs
    return
  }
  const before = `${old} ${connection.seenReply} ${connection.assured}`
  if (step !== 'ignore') enterTcpState(sim, netns, connection, step)
  if (reply) connection.seenReply = true
  const after = `${connection.tcpState} ${connection.seenReply} ${connection.assured}`
  if (before !== after && connection.confirmed) publishConnection(sim, netns, 'UPDATE', connection)
}

function enterTcpState(
  sim: Simulation,
  netns: NetNamespace,
  connection: Connection,
  state: NonNullable<Connection['tcpState']>,
): void {
  const old = connection.tcpState
  connection.tcpState = state
  connection.expiresUs = sim.nowUs + timeoutSetting(netns, TCP_SETTINGS[state], TCP_TIMEOUT[state])
  const settled = (old === 'SYN_RECV' || old === 'ESTABLISHED') && state === 'ESTABLISHED'
  if (settled && connection.seenReply) connection.assured = true
}

function account(connection: Connection, buffer: IpBuffer, reply: boolean): void {
  if (connection.counters === null) return
  const counter = reply ? connection.counters.reply : connection.counters.original
  counter.packets++
  counter.bytes += ipPacketLength(buffer.packet)
}

/** Echo, timestamp, information and address mask requests open a flow; nothing else of ICMP does. */
function isIcmpRequest(protocol: number, type: number): boolean {
  if (protocol === PROTOCOL_ICMPV6) return type === 128 || type === 139
  return type === 8 || type === 13 || type === 15 || type === 17
}

export function isIcmpError(packet: IpPacket): boolean {
  if (packet.payload.kind === 'icmpv6') return isIcmpv6Error(packet.payload.type)
  if (packet.payload.kind !== 'icmp') return false
  const type = packet.payload.type
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12
}

/** The packet that an ICMP error is about. */
export function quotedBy(packet: IpPacket): IpPacket | null {
  if (packet.payload.kind === 'icmpv6') return quotedPacket6(packet.payload)
  return packet.payload.kind === 'icmp' ? packet.payload.original : null
}

/** nf_conntrack_inet_error: an error is related to the flow whose packet it quotes, and goes against that packet. */
function trackIcmpError(sim: Simulation, netns: NetNamespace, buffer: IpBuffer, packet: IpPacket): void {
  const quoted = quotedBy(packet)
  const mirrored = quoted === null ? null : invertTuple(tupleOf(quoted))
  let found = mirrored === null ? 0 : lookup(sim, netns.conntrack, keyOfTuple(mirrored))
  if (found === 0 && quoted !== null && fromLoopback(netns, buffer)) {
    // What it quotes was translated back on the way out.
    found = lookup(sim, netns.conntrack, keyOfPacket(quoted))
    if (found !== 0) found ^= 1
  }
  if (found === 0) {
    markInvalid(buffer)
    return
  }
  buffer.connection = found >> 1
  buffer.direction = (found & 1) === 1 ? 'reply' : 'original'
  buffer.connectionState = 'RELATED'
}

/** __nf_conntrack_confirm: from now on both directions are found. False: another flow was faster. */
export function confirm(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): boolean {
  if (buffer.connection === null || buffer.connectionState === 'RELATED') return true
  const table = netns.conntrack
  const connection = table.connections.get(buffer.connection)
  if (connection === undefined || connection.confirmed) return true
  const originalKey = keyOfTuple(connection.original)
  const replyKey = keyOfTuple(connection.reply)
  const clash =
    tupleTaken(sim, table, originalKey, connection.id) || tupleTaken(sim, table, replyKey, connection.id)
  if (clash) {
    table.connections.delete(connection.id)
    return false
  }
  table.byTuple.set(replyKey, connection.id * 2 + 1)
  table.byTuple.set(originalKey, connection.id * 2)
  connection.confirmed = true
  publishConnection(sim, netns, 'NEW', connection)
  return true
}

/** A packet was dropped: the flow that it would have begun never was. */
export function abandon(netns: NetNamespace, buffer: IpBuffer): void {
  if (buffer.connection === null) return
  const connection = netns.conntrack.connections.get(buffer.connection)
  if (connection !== undefined && !connection.confirmed) netns.conntrack.connections.delete(connection.id)
}

/** Takes the flow's tuples out of the table; the entry itself stays for packets that still carry it. */
function forget(table: Conntrack, connection: Connection): void {
  for (const key of [keyOfTuple(connection.original), keyOfTuple(connection.reply)])
    if ((table.byTuple.get(key) ?? 0) >> 1 === connection.id) table.byTuple.delete(key)
  connection.confirmed = false
}

export function deleteConnection(table: Conntrack, connection: Connection): void {
  forget(table, connection)
  table.connections.delete(connection.id)
}

/** Removes what has run out, and what was begun and never confirmed. */
export function sweep(sim: Simulation, table: Conntrack, netns: NetNamespace): void {
  for (const connection of table.connections.values()) {
    const stale = connection.confirmed ? connection.expiresUs <= sim.nowUs : connection.createdUs < sim.nowUs
    if (!stale) continue
    if (connection.confirmed)
      publishConnection(sim, netns, 'DESTROY', connection, { isUser: false, isOver: true })
    deleteConnection(table, connection)
  }
  table.sweepAt = Math.max(FEWEST_TO_SWEEP, 2 * table.connections.size)
}

/** The entries that a look at the table shows. */
export function listConnections(sim: Simulation, netns: NetNamespace): Connection[] {
  return [...netns.conntrack.connections.values()].filter((c) => c.confirmed && c.expiresUs > sim.nowUs)
}

/** Drops the entries that mention an address on either side, as Docker does for an endpoint's. */
export function flushConnections(netns: NetNamespace, address: IpAddress | null = null): number {
  let count = 0
  for (const connection of netns.conntrack.connections.values()) {
    const { original, reply } = connection
    const mentioned =
      address === null ||
      original.source === address ||
      original.destination === address ||
      reply.source === address ||
      reply.destination === address
    if (!mentioned) continue
    deleteConnection(netns.conntrack, connection)
    count++
  }
  return count
}
