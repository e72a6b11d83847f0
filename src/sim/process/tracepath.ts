/**
 * tracepath: datagrams that may not be fragmented, one hop farther each time; routers tell how long a packet may be.
 * tracepath(8), iputils 20221126 tracepath.c. Not modelled: IPv6.
 */

import { lookupRoute } from '../kernel/ip/fib.ts'
import { pathMtu } from '../kernel/ip/path-mtu.ts'
import { receiveRaw, sendRaw } from '../kernel/raw/raw.ts'
import type { Row, WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { connectUdp } from '../kernel/udp/udp.ts'
import type { Ipv4Packet } from '../wire/frame.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, startReverseLookup, stepLookup } from './host-lookup.ts'

export interface TracepathOptions {
  readonly target: string
  readonly numeric: boolean
  readonly both: boolean
  readonly maxHops: number
  /** -l; null: as much as goes. */
  readonly length: number | null
  readonly port: number
}

export interface TracepathProgram extends Program {
  readonly kind: 'tracepath'
  readonly options: TracepathOptions
  lookup: Lookup | null
  reverse: Lookup | null
  /** An answer whose sender's name is being looked up. */
  pending: Answer | null
  udpFd: number | null
  icmpFd: number | null
  rawFd: number | null
  destination: number
  mtu: number
  hop: number
  attempt: number
  /** MTU when this attempt began: a change begins the hop anew. */
  attemptMtu: number
  probes: { hop: number; sentUs: number }[]
  answers: Answer[]
  waitUntilUs: number | null
}

export interface Answer {
  /** Null: this host itself. */
  readonly from: number | null
  readonly hop: number | null
  readonly rttUs: number | null
  readonly returnTtl: number
  readonly result: 'expired' | 'reached' | 'mtu' | '!H' | '!N' | '!A' | '!P'
  readonly mtu: number
}

export interface TracepathRow extends Row {
  readonly program: 'tracepath'
  readonly kind: 'unresolved' | 'answer' | 'no-reply' | 'send-failed' | 'too-many' | 'resume'
  readonly options: TracepathOptions
  readonly hop: number
  readonly mtu: number
  readonly answer: Answer | null
  readonly name: string | null
  readonly reason: string
  readonly back: number
}

const OVERHEAD = 28
const WAIT_US = 1_000_000
const TIMER = 1

export function tracepathProgram(options: TracepathOptions): TracepathProgram {
  return {
    kind: 'tracepath',
    options,
    lookup: null,
    reverse: null,
    pending: null,
    udpFd: null,
    icmpFd: null,
    rawFd: null,
    destination: 0,
    mtu: options.length ?? 65535,
    hop: 1,
    attempt: 0,
    attemptMtu: options.length ?? 65535,
    probes: [],
    answers: [],
    waitUntilUs: null,
  }
}

export function stepTracepath(context: ProcessContext, program: TracepathProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(128 + cause.signal)
  program.lookup ??= startLookup(context, program.options.target)
  if (program.icmpFd === null && (!stepLookup(context, program.lookup) || !open(context, program))) return
  receive(context, program)
  for (let guard = 0; guard < 10_000 && !context.ended; guard++) if (!advance(context, program)) return
}

function say(context: ProcessContext, program: TracepathProgram, data: Partial<TracepathRow>, fd = 1): void {
  const base = {
    program: 'tracepath',
    kind: 'resume',
    options: program.options,
    reason: '',
    back: 0,
  } as const
  const { hop, mtu } = program
  context.emit<TracepathRow>({ ...base, hop, mtu, answer: null, name: null, ...data }, fd)
}

function open(context: ProcessContext, program: TracepathProgram): boolean {
  const { sim, kernel, process, netns } = context
  const outcome = program.lookup?.outcome
  const address = outcome?.kind === 'addresses' ? outcome.addresses[0] : undefined
  if (typeof address !== 'number') {
    const reason = outcome?.kind === 'failed' ? outcome.reason : 'NONAME'
    say(context, program, { kind: 'unresolved', reason }, 2)
    context.exit(1)
    return false
  }
  program.destination = address
  const udp = openSocket(sim, kernel, process, { kind: 'udp' })
  program.udpFd = udp.ownerFd
  connectUdp(sim, netns, udp, address, program.options.port)
  program.rawFd = openSocket(sim, kernel, process, { kind: 'raw', protocol: 17 }).ownerFd
  program.icmpFd = openSocket(sim, kernel, process, { kind: 'raw', protocol: 1 }).ownerFd
  return true
}

/** One thing after another; false: there is something to wait for. */
function advance(context: ProcessContext, program: TracepathProgram): boolean {
  const answer = program.pending ?? program.answers.shift()
  if (answer !== undefined) return take(context, program, answer)
  if (program.waitUntilUs !== null) {
    if (context.sim.nowUs < program.waitUntilUs) return false
    program.waitUntilUs = null
    program.attempt++
    if (program.attempt < 3) return true
    say(context, program, { kind: 'no-reply' })
    nextHop(program)
    return true
  }
  if (program.hop > program.options.maxHops) {
    say(context, program, { kind: 'too-many' })
    finish(context, program, 0, -1)
    return false
  }
  return probe(context, program)
}

function nextHop(program: TracepathProgram): void {
  program.hop++
  program.attempt = 0
  program.attemptMtu = program.mtu
}

function probe(context: ProcessContext, program: TracepathProgram): boolean {
  const { sim, kernel, process, netns } = context
  const { destination } = program
  const route = lookupRoute(netns, { destination })
  const link = route.ok ? netns.links.get(route.value.device) : undefined
  if (!route.ok || link === undefined) return sendFailed(context, program)
  const most = pathMtu(sim, netns, link, route.value.route, destination)
  if (program.mtu > most) {
    const local = { from: null, hop: null, rttUs: null, returnTtl: 64, result: 'mtu', mtu: most } as const
    return take(context, program, local)
  }
  const raw = program.rawFd === null ? undefined : socketOf(kernel, process, program.rawFd)
  const udp = program.udpFd === null ? undefined : socketOf(kernel, process, program.udpFd)
  if (raw?.kind !== 'raw' || udp?.kind !== 'udp') return sendFailed(context, program)
  raw.ttl = program.hop
  const sourcePort = udp.localPort
  const destinationPort = program.options.port + program.probes.length
  const data = new Uint8Array(Math.max(0, program.mtu - OVERHEAD))
  const payload = { kind: 'udp', sourcePort, destinationPort, data } as const
  program.probes.push({ hop: program.hop, sentUs: sim.nowUs })
  const sent = sendRaw(sim, netns, raw, destination, payload, { dontFragment: true })
  if (!sent.ok) return sendFailed(context, program)
  program.waitUntilUs = sim.nowUs + WAIT_US
  context.setTimer(WAIT_US, TIMER)
  return false
}

function sendFailed(context: ProcessContext, program: TracepathProgram): false {
  say(context, program, { kind: 'send-failed' })
  finish(context, program, 0, -1)
  return false
}

function finish(context: ProcessContext, program: TracepathProgram, hops: number, back: number): void {
  say(context, program, { kind: 'resume', hop: hops, back })
  context.exit(0)
}

/** An error message about one of our probes: who sent it is told first, then what it means. */
function take(context: ProcessContext, program: TracepathProgram, answer: Answer): boolean {
  program.pending = answer
  let name: string | null = null
  const asks = !program.options.numeric && answer.from !== null
  if (asks && answer.from !== null) {
    program.reverse ??= startReverseLookup(context, answer.from)
    if (!stepLookup(context, program.reverse)) return false
    name = program.reverse.outcome?.kind === 'name' ? program.reverse.outcome.name : null
    program.reverse = null
  }
  program.pending = null
  const back = backHops(answer.returnTtl)
  say(context, program, { kind: 'answer', answer, name, back })
  if (answer.result === 'reached') finish(context, program, answer.hop ?? program.hop, back)
  else if (answer.result === 'mtu') {
    program.mtu = answer.mtu
    if (answer.from !== null) program.waitUntilUs = null
  } else if (answer.result !== 'expired') finish(context, program, 0, -1)
  else concluded(program)
  return true
}

/** An MTU learnt meanwhile begins the hop anew. */
function concluded(program: TracepathProgram): void {
  program.waitUntilUs = null
  if (program.mtu === program.attemptMtu) return nextHop(program)
  program.attemptMtu = program.mtu
  program.attempt = 0
}

function backHops(ttl: number): number {
  if (ttl <= 64) return 65 - ttl
  return ttl <= 128 ? 129 - ttl : 256 - ttl
}

function receive(context: ProcessContext, program: TracepathProgram): void {
  const { kernel, process, sim } = context
  const raw = program.rawFd === null ? undefined : socketOf(kernel, process, program.rawFd)
  if (raw?.kind === 'raw') raw.received.length = 0
  const socket = program.icmpFd === null ? undefined : socketOf(kernel, process, program.icmpFd)
  if (socket?.kind !== 'raw') return
  for (let got = receiveRaw(socket); got !== null; got = receiveRaw(socket)) {
    const { packet } = got
    if (packet.kind !== 'ipv4') continue
    const answer = answerOf(context, program, packet, sim.nowUs)
    if (answer !== null) program.answers.push(answer)
  }
}

function answerOf(
  context: ProcessContext,
  program: TracepathProgram,
  packet: Ipv4Packet,
  nowUs: number,
): Answer | null {
  const icmp = packet.payload
  if (icmp.kind !== 'icmp') return null
  const quoted = icmp.original?.payload
  const udp = program.udpFd === null ? undefined : socketOf(context.kernel, context.process, program.udpFd)
  if (quoted?.kind !== 'udp' || udp?.kind !== 'udp' || quoted.sourcePort !== udp.localPort) return null
  const sent = program.probes[quoted.destinationPort - program.options.port]
  const result = resultOf(icmp.type, icmp.code)
  if (sent === undefined || result === null) return null
  const rttUs = nowUs - sent.sentUs
  return { from: packet.source, hop: sent.hop, rttUs, returnTtl: packet.ttl, result, mtu: icmp.mtu }
}

function resultOf(type: number, code: number): Answer['result'] | null {
  if (type === 11) return 'expired'
  if (type !== 3) return null
  if (code === 3) return 'reached'
  if (code === 4) return 'mtu'
  if (code === 2) return '!P'
  if (code === 9 || code === 10 || code === 13) return '!A'
  return code === 0 || code === 6 || code === 11 ? '!N' : '!H'
}
