/**
 * ping: echo requests on a raw socket, answers, errors, statistics. ping(8) of iputils, busybox networking/ping.c;
 * RFC 792, RFC 4443. What the two print differs (`dialect`), and what makes them end.
 * Not modelled: flood, record route, timestamps of the IP header.
 */
import { isLocalAddress } from '../kernel/ip/fib.ts'
import { isLocalAddress6 } from '../kernel/ipv6/fib.ts'
import { probeSource, receiveRaw, sendRaw } from '../kernel/raw/raw.ts'
import type { Row, WakeCause } from '../kernel/simulation.ts'
import type { RawSocket } from '../kernel/socket.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import type {
  IcmpMessage,
  Icmpv6Message,
  IpAddress,
  IpPacket,
  Ipv4Packet,
  Ipv6Packet,
} from '../wire/frame.ts'
import { echo6, echoSequence6, ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST } from '../wire/icmpv6.ts'
import { errorParameter6, quotedEcho6 } from '../wire/icmpv6-error.ts'
import { formatIp } from '../wire/ip-address.ts'
import { packetLength } from '../wire/ipv4.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, startReverseLookup, stepLookup } from './host-lookup.ts'
import { acknowledge, finish, newStatistics, type PingStatistics, takeTime } from './ping-statistics.ts'

export interface PingOptions {
  readonly dialect: 'iputils' | 'busybox'
  readonly version: string
  readonly target: string
  /** -4, -6; null: whatever the name gives. */
  readonly family?: 4 | 6 | null
  readonly count: number | null
  readonly intervalUs: number
  /** Time to wait for an answer after the last request. */
  readonly lingerUs: number
  readonly deadlineUs: number | null
  readonly size: number
  readonly ttl: number | null
  readonly quiet: boolean
  readonly numeric: boolean
  readonly timestamps: boolean
  /** -I: an interface's name or a source address. */
  readonly device: string | null
  readonly source: IpAddress | null
  readonly dontFragment: 'do' | 'want' | 'dont'
  readonly audible: boolean
  /** -b */
  readonly broadcast: boolean
}

export interface PingProgram extends Program {
  readonly kind: 'ping'
  readonly options: PingOptions
  lookup: Lookup | null
  /** Who is being looked up for the wording of what waits in `held`. */
  reverse: Lookup | null
  reverseFor: IpAddress
  names: Map<IpAddress, string>
  held: HeldRow[]
  fd: number | null
  destination: IpAddress
  source: IpAddress
  identifier: number
  startUs: number
  nextSendUs: number
  /** When to give up waiting. */
  endUs: number | null
  statistics: PingStatistics
}

export interface HeldRow {
  readonly address: IpAddress
  readonly row: Row & { readonly [field: string]: unknown }
}

const SEND_TIMER = 1
const END_TIMER = 2
const DEADLINE_TIMER = 3
/** From the first line to the first request. */
const START_US = 4000

export function pingProgram(options: PingOptions): PingProgram {
  return {
    kind: 'ping',
    options,
    lookup: null,
    reverse: null,
    reverseFor: 0,
    names: new Map(),
    held: [],
    fd: null,
    destination: 0,
    source: 0,
    identifier: 0,
    startUs: 0,
    nextSendUs: 0,
    endUs: null,
    statistics: newStatistics(),
  }
}

export function stepPing(context: ProcessContext, program: PingProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') {
    const status = program.fd === null ? 130 : finish(context, program, false)
    return context.exit(status)
  }
  if (program.lookup === null) {
    context.process.handlers.add(2)
    const { target, family } = program.options
    program.lookup = startLookup(context, target, [1, 28], family ?? 'any')
  }
  if (program.fd === null) {
    if (!stepLookup(context, program.lookup)) return
    open(context, program)
  }
  if (!context.ended) run(context, program)
}

function fail(context: ProcessContext, program: PingProgram, error: string, detail = ''): void {
  const { dialect, target } = program.options
  context.emit({ program: `${dialect}/ping`, kind: 'error', error, target, detail }, 2)
  context.exit(dialect === 'iputils' ? 2 : 1)
}

function open(context: ProcessContext, program: PingProgram): void {
  const { sim, kernel, process } = context
  const outcome = program.lookup?.outcome
  if (outcome?.kind !== 'addresses') return fail(context, program, lookupError(program, outcome))
  const all = outcome.all ?? outcome.addresses
  // busybox, FEATURE_PREFER_IPV4_ADDRESS
  const preferred =
    program.options.dialect === 'busybox' ? all.find((one) => typeof one === 'number') : undefined
  const destination = preferred ?? all[0] ?? 0
  program.destination = destination
  if (program.options.dialect === 'busybox' && !process.capabilities.has('NET_RAW')) {
    emitStart(context, program)
    return fail(context, program, 'EPERM', 'socket')
  }
  const isSix = typeof destination === 'string'
  const spec = { kind: 'raw', family: isSix ? 6 : 4, protocol: isSix ? 58 : 1 } as const
  const socket = openSocket(sim, kernel, process, spec)
  program.fd = socket.ownerFd
  program.identifier = (process.pids.get(process.pidns) ?? process.pid) & 0xffff
  socket.identifier = program.identifier
  socket.ttl = program.options.ttl ?? 64
  const device = program.options.device ?? outcome.zone ?? null
  if (device !== null && !bindDevice(context, program, socket, device)) return
  const problem = chooseSource(context, program, socket.device)
  if (problem !== null && program.options.dialect === 'iputils')
    return fail(context, program, problem.error, problem.call)
  if (problem?.call === 'bind') emitStart(context, program)
  if (problem?.call === 'bind') return fail(context, program, problem.error, 'source')
  program.startUs = sim.nowUs + START_US
  program.nextSendUs = program.startUs
  context.setTimer(START_US, SEND_TIMER)
  emitStart(context, program)
  if (program.options.deadlineUs !== null) context.setTimer(program.options.deadlineUs, DEADLINE_TIMER)
}

/** A numeric address of the other family has an error of its own. */
function lookupError(program: PingProgram, outcome: Lookup['outcome'] | undefined): string {
  const { family, target } = program.options
  const other = family === 6 ? parseIpv4(target) : family === 4 ? parseIpv6(target) : null
  if (other !== null) return 'ADDRFAMILY'
  return outcome?.kind === 'failed' ? outcome.reason : 'NONAME'
}

function isOwn(netns: ProcessContext['netns'], address: IpAddress): boolean {
  return typeof address === 'number' ? isLocalAddress(netns, address) : isLocalAddress6(netns, address)
}

/** A source address asked for is bound, else one is chosen by connecting; null when that went well. */
function chooseSource(
  context: ProcessContext,
  program: PingProgram,
  device: number | null,
): { readonly error: string; readonly call: 'bind' | 'connect' } | null {
  const { netns } = context
  const { source } = program.options
  program.source = source ?? 0
  if (source !== null) return isOwn(netns, source) ? null : { error: 'EADDRNOTAVAIL', call: 'bind' }
  const way = probeSource(netns, program.destination, device, program.options.broadcast)
  if (!way.ok) return { error: way.error.code, call: 'connect' }
  program.source = way.value.source
  if (way.value.isBroadcast && program.options.dialect === 'iputils')
    context.emit({ program: 'iputils/ping', kind: 'error', error: '', target: '', detail: 'broadcast' }, 2)
  return null
}

function bindDevice(context: ProcessContext, program: PingProgram, socket: RawSocket, name: string): boolean {
  for (const link of context.netns.links.values()) {
    if (link.name !== name) continue
    socket.device = link.ifindex
    return true
  }
  fail(context, program, 'ENODEV', name)
  return false
}

function emitStart(context: ProcessContext, program: PingProgram): void {
  const { dialect, target, size, device, source } = program.options
  const from = device !== null || source !== null ? program.source : null
  const { destination } = program
  context.emit({ program: `${dialect}/ping`, kind: 'start', target, destination, size, from, device })
}

function run(context: ProcessContext, program: PingProgram): void {
  receive(context, program)
  if (context.ended) return
  const { sim } = context
  const { count, deadlineUs } = program.options
  if (deadlineUs !== null && sim.nowUs >= program.startUs + deadlineUs) return end(context, program)
  const statistics = program.statistics
  const answered = statistics.received + (program.options.dialect === 'iputils' ? statistics.errors : 0)
  if (count !== null && answered >= count && program.held.length === 0) return end(context, program)
  if (count === null || statistics.transmitted < count) {
    if (sim.nowUs >= program.nextSendUs) sendNext(context, program)
  } else if (program.endUs !== null && sim.nowUs >= program.endUs) end(context, program)
}

function end(context: ProcessContext, program: PingProgram): void {
  if (program.reverse === null) context.exit(finish(context, program, true))
}

/** Pattern of the data: iputils has the time in the first bytes, then 0x10, 0x11 …; what matters is the length. */
function echoRequest(program: PingProgram, sequence: number): IcmpMessage | Icmpv6Message {
  const data = new Uint8Array(program.options.size)
  for (let i = 0; i < data.length; i++) data[i] = i & 255
  const { identifier } = program
  if (typeof program.destination === 'string') return echo6(ICMPV6_ECHO_REQUEST, identifier, sequence, data)
  return { kind: 'icmp', type: 8, code: 0, identifier, sequence, mtu: 0, original: null, data }
}

function sendNext(context: ProcessContext, program: PingProgram): void {
  const { sim, netns } = context
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'raw') return
  const { dialect, count, dontFragment, source } = program.options
  const statistics = program.statistics
  const sequence = (statistics.transmitted + (dialect === 'iputils' ? 1 : 0)) & 0xffff
  statistics.sentUs.set(sequence, sim.nowUs)
  statistics.transmitted++
  statistics.lastUs = sim.nowUs
  const sent = sendRaw(sim, netns, socket, program.destination, echoRequest(program, sequence), {
    dontFragment: dontFragment === 'do' ? true : dontFragment === 'want' ? 'want' : false,
    ...(source === null ? {} : { source }),
  })
  if (!sent.ok && !sendFailed(context, program, sent.error)) return
  program.nextSendUs = sim.nowUs + program.options.intervalUs
  context.setTimer(program.options.intervalUs, SEND_TIMER)
  if (count !== null && statistics.transmitted >= count) armEnd(context, program)
}

/** busybox gives up at the first failure; iputils counts it and goes on. False: the process has ended. */
function sendFailed(
  context: ProcessContext,
  program: PingProgram,
  error: { readonly code: string; readonly detail?: string },
): boolean {
  if (program.options.dialect === 'busybox') {
    fail(context, program, error.code, 'sendto')
    return false
  }
  const detail = error.code === 'EMSGSIZE' ? (error.detail ?? '1500') : 'sendmsg'
  const { version } = program.options
  const target = formatIp(program.destination)
  context.emit({ program: 'iputils/ping', kind: 'send-error', error: error.code, detail, version, target }, 2)
  if (error.code === 'EMSGSIZE') program.statistics.errors++
  return true
}

/** All requests are out: how long to wait for what is missing. */
function armEnd(context: ProcessContext, program: PingProgram): void {
  const { statistics, options } = program
  const roundTrips = 2 * statistics.maxUs
  const least = options.dialect === 'iputils' ? options.intervalUs : 1_000_000
  const wait = statistics.received > 0 ? Math.max(roundTrips, least) : options.lingerUs
  program.endUs = context.sim.nowUs + wait
  context.setTimer(wait, END_TIMER)
}

function receive(context: ProcessContext, program: PingProgram): void {
  if (program.reverse !== null) {
    if (!stepLookup(context, program.reverse)) return
    const outcome = program.reverse.outcome
    if (outcome?.kind === 'name') program.names.set(program.reverseFor, outcome.name)
    else program.names.set(program.reverseFor, '')
    program.reverse = null
  }
  flush(context, program)
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'raw') return
  for (let got = receiveRaw(socket); got !== null; got = receiveRaw(socket)) {
    const row = rowOf(context, program, got.packet, got.atUs)
    if (row !== null) program.held.push({ address: got.packet.source, row })
  }
  flush(context, program)
}

/** Rows go out in order; one that needs a name waits for it. */
function flush(context: ProcessContext, program: PingProgram): void {
  while (program.reverse === null && !context.ended) {
    const next = program.held[0]
    if (next === undefined) return
    if (needsName(program, next.address)) {
      program.reverseFor = next.address
      program.reverse = startReverseLookup(context, next.address)
      if (!stepLookup(context, program.reverse)) return
      const outcome = program.reverse.outcome
      program.names.set(next.address, outcome?.kind === 'name' ? outcome.name : '')
      program.reverse = null
    }
    program.held.shift()
    const name = program.names.get(next.address) || null
    if (!program.options.quiet) context.emit({ ...next.row, name })
  }
}

function needsName(program: PingProgram, address: IpAddress): boolean {
  const { dialect, numeric, quiet } = program.options
  return dialect === 'iputils' && !numeric && !quiet && !program.names.has(address)
}

function rowOf(
  context: ProcessContext,
  program: PingProgram,
  packet: IpPacket,
  atUs: number,
): HeldRow['row'] | null {
  if (packet.kind === 'ipv6') return row6Of(context, program, packet, atUs)
  const icmp = packet.payload
  if (icmp.kind !== 'icmp') return null
  const { dialect, timestamps } = program.options
  const time = timestamps ? context.sim.epochMs * 1000 + atUs : null
  if (icmp.type !== 0) return dialect === 'iputils' ? errorRow(program, packet, icmp, time) : null
  const rttUs = takeTime(program.statistics, icmp.sequence, atUs)
  if (dialect === 'iputils') acknowledge(program.statistics, icmp.sequence)
  program.statistics.lastUs = atUs
  const common = { address: packet.source, sequence: icmp.sequence, ttl: packet.ttl, rttUs: rttUs.rttUs }
  const length = packetLength(packet) - 20
  const repeated = rttUs.repeated
  return { program: `${dialect}/ping`, kind: 'reply', ...common, length, repeated, time }
}

function row6Of(
  context: ProcessContext,
  program: PingProgram,
  packet: Ipv6Packet,
  atUs: number,
): HeldRow['row'] | null {
  const message = packet.payload
  if (message.kind !== 'icmpv6') return null
  const { dialect, timestamps } = program.options
  const time = timestamps ? context.sim.epochMs * 1000 + atUs : null
  if (message.type !== ICMPV6_ECHO_REPLY)
    return dialect === 'iputils' ? errorRow6(program, packet, message, time) : null
  const sequence = echoSequence6(message)
  const { rttUs, repeated } = takeTime(program.statistics, sequence, atUs)
  if (dialect === 'iputils') acknowledge(program.statistics, sequence)
  program.statistics.lastUs = atUs
  const common = { address: packet.source, sequence, ttl: packet.hopLimit, rttUs, repeated, time }
  return { program: `${dialect}/ping`, kind: 'reply', ...common, length: message.body.length + 4 }
}

function errorRow6(
  program: PingProgram,
  packet: Ipv6Packet,
  message: Icmpv6Message,
  time: number | null,
): HeldRow['row'] | null {
  const quoted = quotedEcho6(message)
  if (quoted === null) return null
  const { type, code } = message
  const sequence = echoSequence6(quoted)
  acknowledge(program.statistics, sequence)
  program.statistics.errors++
  const row = { address: packet.source, sequence, type, code, mtu: errorParameter6(message), time }
  return { program: 'iputils/ping', kind: 'icmp-error', ...row }
}

function errorRow(
  program: PingProgram,
  packet: Ipv4Packet,
  icmp: IcmpMessage,
  time: number | null,
): HeldRow['row'] | null {
  const quoted = icmp.original?.payload
  if (quoted?.kind !== 'icmp') return null
  const { type, code, mtu } = icmp
  acknowledge(program.statistics, quoted.sequence)
  if (type !== 5) program.statistics.errors++
  const row = { address: packet.source, sequence: quoted.sequence, type, code, mtu, time }
  return { program: 'iputils/ping', kind: 'icmp-error', ...row }
}
