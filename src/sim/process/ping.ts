/**
 * ping: echo requests on a raw socket, answers, errors, statistics. ping(8) of iputils, busybox networking/ping.c;
 * RFC 792. What the two print differs (`dialect`), and what makes them end.
 * Not modelled: IPv6, flood, record route, timestamps of the IP header.
 */
import { isLocalAddress } from '../kernel/ip/fib.ts'
import { probeSource, receiveRaw, sendRaw } from '../kernel/raw/raw.ts'
import type { Row, WakeCause } from '../kernel/simulation.ts'
import type { RawSocket } from '../kernel/socket.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import type { IcmpMessage, Ipv4Packet } from '../wire/frame.ts'
import { packetLength } from '../wire/ipv4.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, startReverseLookup, stepLookup } from './host-lookup.ts'
import { acknowledge, finish, newStatistics, type PingStatistics, takeTime } from './ping-statistics.ts'

export interface PingOptions {
  readonly dialect: 'iputils' | 'busybox'
  readonly version: string
  readonly target: string
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
  readonly source: number | null
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
  reverseFor: number
  names: Map<number, string>
  held: HeldRow[]
  fd: number | null
  destination: number
  source: number
  identifier: number
  startUs: number
  nextSendUs: number
  /** When to give up waiting. */
  endUs: number | null
  statistics: PingStatistics
}

export interface HeldRow {
  readonly address: number
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
    program.lookup = startLookup(context, program.options.target)
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
  if (outcome?.kind !== 'addresses')
    return fail(context, program, outcome?.kind === 'failed' ? outcome.reason : 'NONAME')
  program.destination = outcome.addresses[0] ?? 0
  const socket = openSocket(sim, kernel, process, { kind: 'raw', protocol: 1 })
  program.fd = socket.ownerFd
  program.identifier = (process.pids.get(process.pidns) ?? process.pid) & 0xffff
  socket.identifier = program.identifier
  socket.ttl = program.options.ttl ?? 64
  if (program.options.device !== null && !bindDevice(context, program, socket)) return
  const problem = chooseSource(context, program, socket.device)
  if (problem !== null && program.options.dialect === 'iputils')
    return fail(context, program, problem.error, problem.call)
  program.startUs = sim.nowUs + START_US
  program.nextSendUs = program.startUs
  context.setTimer(START_US, SEND_TIMER)
  emitStart(context, program)
  if (program.options.deadlineUs !== null) context.setTimer(program.options.deadlineUs, DEADLINE_TIMER)
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
  if (source !== null) return isLocalAddress(netns, source) ? null : { error: 'EADDRNOTAVAIL', call: 'bind' }
  const way = probeSource(netns, program.destination, device, program.options.broadcast)
  if (!way.ok) return { error: way.error.code, call: 'connect' }
  program.source = way.value.source
  if (way.value.isBroadcast && program.options.dialect === 'iputils')
    context.emit({ program: 'iputils/ping', kind: 'error', error: '', target: '', detail: 'broadcast' }, 2)
  return null
}

function bindDevice(context: ProcessContext, program: PingProgram, socket: RawSocket): boolean {
  const name = program.options.device
  for (const link of context.netns.links.values()) {
    if (link.name !== name) continue
    socket.device = link.ifindex
    return true
  }
  fail(context, program, 'ENODEV', name ?? '')
  return false
}

function emitStart(context: ProcessContext, program: PingProgram): void {
  const { dialect, target, size, device, source } = program.options
  const from = device !== null || source !== null ? program.source : null
  const row = { target, destination: program.destination, size, from, device }
  context.emit({ program: `${dialect}/ping`, kind: 'start', ...row })
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
function echoRequest(program: PingProgram, sequence: number): IcmpMessage {
  const data = new Uint8Array(program.options.size)
  for (let i = 0; i < data.length; i++) data[i] = i & 255
  const { identifier } = program
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
  context.emit({ program: 'iputils/ping', kind: 'send-error', error: error.code, detail, version }, 2)
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

function needsName(program: PingProgram, address: number): boolean {
  const { dialect, numeric, quiet } = program.options
  return dialect === 'iputils' && !numeric && !quiet && !program.names.has(address)
}

function rowOf(
  context: ProcessContext,
  program: PingProgram,
  packet: Ipv4Packet,
  atUs: number,
): HeldRow['row'] | null {
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
