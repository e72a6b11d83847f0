/**
 * dig, host and nslookup (of BIND and of busybox): one question after another, or two at once, to one server after
 * another. dig(1), host(1), nslookup(1), busybox networking/nslookup.c
 * Not modelled: zone transfers, DNSSEC, IPv6 transport.
 */
import { nextUint32 } from '../base/random.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import type { TcpSocket } from '../kernel/socket.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import type { Program } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { bindUdp, connectUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import { concat } from '../wire/bytes.ts'
import { type DnsMessage, emitDns, parseDns, RCODE_NXDOMAIN } from '../wire/dns.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { ProcessContext } from './context.ts'
import { type EdnsOptions, type QuestionFlags, questionMessage } from './dns-question.ts'
import { type Lookup, readResolverConfig, searchCandidates, startLookup, stepLookup } from './host-lookup.ts'
import { connect, receive, send } from './tcp-stream.ts'

export type DnsTool = 'dig' | 'host' | 'nslookup' | 'busybox'

export interface DnsQuestionSpec {
  readonly name: string
  readonly type: number
  readonly class?: number
  /** dig: what was said behind this name counts for it alone. */
  readonly own?: Partial<DnsClientOptions>
}

export interface DnsClientOptions {
  readonly tool: DnsTool
  readonly version: string
  /** As written, for the banner. */
  readonly words: string
  readonly asked: string
  readonly questions: readonly DnsQuestionSpec[]
  readonly isReverse: boolean
  readonly server: string | null
  readonly port: number
  readonly timeoutUs: number
  readonly tries: number
  readonly short: boolean
  /** dig: what to show. */
  readonly sections: readonly string[]
  readonly search: boolean
  readonly edns: EdnsOptions | null
  readonly tcp: boolean
  readonly flags: QuestionFlags
  /** `-b` */
  readonly source?: { readonly address: number; readonly port: number }
  /** host, nslookup: asked for one type only, and says when there is none. */
  readonly oneType?: boolean
  /** `host -v`, `nslookup -debug`. */
  readonly verbose?: boolean
  readonly style?: DigStyle
}

/** How dig prints. */
export interface DigStyle {
  /** Made when the first name was read: what is said later does not change it. */
  readonly banner?: boolean
  readonly serverNamed?: boolean
  readonly showQuery?: boolean
  readonly identify?: boolean
  readonly noTtl?: boolean
  readonly ttlUnits?: boolean
  readonly noClass?: boolean
  readonly multiline?: boolean
  readonly microseconds?: boolean
  /** `+trace`: from the root on. */
  readonly trace?: boolean
}

export interface DnsClientProgram extends Program {
  readonly kind: 'dns-client'
  readonly options: DnsClientOptions
  lookup: Lookup | null
  servers: number[]
  server: number
  attempt: number
  /** Names left to try for the current question. */
  candidates: string[]
  question: number
  fd: number | null
  pending: { readonly id: number; readonly question: DnsQuestionSpec }[]
  sentUs: number
  deadlineUs: number
  headerShown: boolean
  answered: number
  failed: boolean
  /** TCP: the question has been sent. */
  streamed: boolean
}

const TIMER = 1

export function dnsClientProgram(options: DnsClientOptions): DnsClientProgram {
  return {
    kind: 'dns-client',
    options,
    lookup: null,
    servers: [],
    server: 0,
    attempt: 0,
    candidates: [],
    question: 0,
    fd: null,
    pending: [],
    sentUs: 0,
    deadlineUs: 0,
    headerShown: false,
    answered: 0,
    failed: false,
    streamed: false,
  }
}

export function stepDnsClient(context: ProcessContext, program: DnsClientProgram, _cause: WakeCause): void {
  if (program.servers.length === 0 && !findServers(context, program)) return
  if (program.fd === null) return startQuestion(context, program)
  const socket = socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind === 'tcp') return stepStream(context, program, socket)
  if (socket?.kind !== 'udp') return
  const error = takeError(socket)
  if (error !== null && program.options.tool !== 'busybox') return attemptFailed(context, program, error)
  for (let got = receiveUdp(socket); got !== null && !context.ended; got = receiveUdp(socket)) {
    const message = parseDns(got.data)
    const match = program.pending.find((one) => one.id === message?.id)
    if (message === null || match === undefined) continue
    program.pending = program.pending.filter((one) => one !== match)
    take(context, program, message, match.question, got.data.length)
    if (program.fd === null || context.ended) return
  }
  if (!context.ended && context.sim.nowUs >= program.deadlineUs) attemptFailed(context, program, 'TIMEOUT')
}

/** What holds for the question that is on. */
function optionsNow(program: DnsClientProgram): DnsClientOptions {
  const own = program.options.questions[program.question]?.own
  return own === undefined
    ? program.options
    : { ...program.options, ...own, questions: program.options.questions }
}

function say(context: ProcessContext, program: DnsClientProgram, kind: string, data: object = {}): void {
  const options = optionsNow(program)
  const server = program.servers[program.server] ?? 0
  context.emit({ program: 'dns-client', kind, options, server, ...data })
}

/** False: the server's own name is still being looked up, or does not exist. */
function findServers(context: ProcessContext, program: DnsClientProgram): boolean {
  const { server } = optionsNow(program)
  if (server === null) {
    program.servers = readResolverConfig(context).servers
    return true
  }
  const address = parseIpv4(server)
  if (address !== null) {
    program.servers = [address]
    return true
  }
  program.lookup ??= startLookup(context, server)
  if (!stepLookup(context, program.lookup)) return false
  const outcome = program.lookup.outcome
  if (outcome?.kind === 'addresses') {
    program.servers = [...outcome.addresses]
    return true
  }
  say(context, program, 'no-server')
  context.exit(1)
  return false
}

function startQuestion(context: ProcessContext, program: DnsClientProgram): void {
  const { questions, tool, search, isReverse } = optionsNow(program)
  const spec = questions[program.question]
  if (spec === undefined) return finish(context, program)
  const config = readResolverConfig(context)
  program.candidates =
    search && !isReverse ? searchCandidates(spec.name, config) : [spec.name.replace(/\.$/, '')]
  program.server = 0
  program.attempt = 0
  if (tool === 'busybox') program.question = questions.length - 1
  ask(context, program)
}

/** busybox asks all its questions at the same time, the others one by one. */
function currentQuestions(program: DnsClientProgram): readonly DnsQuestionSpec[] {
  const { questions, tool } = program.options
  const name = program.candidates[0] ?? ''
  const list = tool === 'busybox' ? questions : questions.slice(program.question, program.question + 1)
  return list.map((one) => ({ ...one, name }))
}

function ask(context: ProcessContext, program: DnsClientProgram): void {
  const { sim, kernel, process, netns } = context
  const options = optionsNow(program)
  const server = program.servers[program.server] ?? 0
  if (options.tcp) return askStream(context, program, server)
  if (program.fd === null) {
    const socket = openSocket(sim, kernel, process, { kind: 'udp' })
    program.fd = socket.ownerFd
    const { source } = options
    const bound = source === undefined ? null : bindUdp(sim, netns, socket, source.address, source.port)
    if (bound?.ok === false) return cannotStart(context, program, bound.error.code)
    const done = connectUdp(sim, netns, socket, server, options.port)
    if (!done.ok) return attemptFailed(context, program, done.error.code)
    startPending(context, program)
  }
  const socket = socketOf(kernel, process, program.fd)
  if (socket?.kind !== 'udp') return
  for (const { id, question } of program.pending) {
    const bytes = queryBytes(context, program, id, question)
    const sent = sendUdp(sim, netns, socket, server, options.port, bytes)
    if (!sent.ok && options.tool !== 'busybox') return attemptFailed(context, program, sent.error.code)
  }
  program.sentUs = sim.nowUs
  program.deadlineUs = sim.nowUs + options.timeoutUs
  context.setTimer(options.timeoutUs, TIMER)
}

function startPending(context: ProcessContext, program: DnsClientProgram): void {
  program.pending = currentQuestions(program).map((question) => ({
    id: nextUint32(context.sim.random) & 0xffff,
    question,
  }))
  if (optionsNow(program).verbose)
    say(context, program, 'trying', { question: program.pending[0]?.question ?? { name: '', type: 1 } })
}

function queryBytes(
  context: ProcessContext,
  program: DnsClientProgram,
  id: number,
  question: DnsQuestionSpec,
): Uint8Array {
  const { flags, edns, style } = optionsNow(program)
  const message = questionMessage(context.sim.random, id, question, edns, flags)
  const bytes = emitDns(message)
  if (style?.showQuery === true) {
    say(context, program, 'sending', { message, length: bytes.length, first: !program.headerShown })
    program.headerShown = true
  }
  return bytes
}

/** DNS over TCP: RFC 7766. */
function askStream(context: ProcessContext, program: DnsClientProgram, server: number): void {
  const { port, timeoutUs, source } = optionsNow(program)
  const fd = connect(context, {
    address: server,
    port,
    source: source?.address ?? 0,
    sourcePort: source?.port ?? 0,
  })
  if (!fd.ok) return attemptFailed(context, program, fd.error.code)
  program.fd = fd.value
  startPending(context, program)
  program.sentUs = context.sim.nowUs
  program.deadlineUs = context.sim.nowUs + timeoutUs
  program.streamed = false
  context.setTimer(timeoutUs, TIMER)
}

function stepStream(context: ProcessContext, program: DnsClientProgram, socket: TcpSocket): void {
  const error = takeError(socket)
  if (error !== null || context.sim.nowUs >= program.deadlineUs)
    return attemptFailed(context, program, error ?? 'TIMEOUT')
  if (!isConnected(socket)) return
  if (!program.streamed) {
    program.streamed = true
    for (const { id, question } of program.pending) {
      const query = queryBytes(context, program, id, question)
      send(context, socket.ownerFd, concat([Uint8Array.of(query.length >>> 8, query.length & 255), query]))
    }
  }
  const data = receive(context, socket.ownerFd)
  if (data === null) return
  const message = data === 'eof' ? null : parseDns(data.subarray(2))
  const match = program.pending.find((one) => one.id === message?.id)
  if (data === 'eof' || message === null || match === undefined) return attemptFailed(context, program, 'EOF')
  program.pending = []
  take(context, program, message, match.question, data.length - 2)
}

function closeSocket(context: ProcessContext, program: DnsClientProgram): void {
  if (program.fd !== null) context.close(program.fd)
  program.fd = null
}

/** The address to send from is not ours: nothing more is tried. */
function cannotStart(context: ProcessContext, program: DnsClientProgram, error: string): void {
  say(context, program, 'attempt-failed', { error })
  say(context, program, 'unreachable', { error, first: !program.headerShown })
  context.exit(program.options.tool === 'dig' ? 9 : 1)
}

/** The servers are tried in turn, all of them as often as `tries` says. */
function attemptFailed(context: ProcessContext, program: DnsClientProgram, error: string): void {
  const { tool, tries, tcp } = optionsNow(program)
  if (tool !== 'busybox') {
    say(context, program, 'attempt-failed', { error })
    closeSocket(context, program)
  }
  program.server++
  if (program.server >= program.servers.length) {
    program.server = 0
    program.attempt++
  } else if (tool === 'busybox') closeSocket(context, program)
  if (program.attempt < tries) {
    // Each connection that fails is said to be the end of it.
    if (tcp && tool !== 'busybox')
      say(context, program, 'unreachable', { error, first: !program.headerShown })
    return ask(context, program)
  }
  say(context, program, 'unreachable', { error, first: !program.headerShown })
  context.exit(tool === 'dig' ? 9 : 1)
}

function take(
  context: ProcessContext,
  program: DnsClientProgram,
  message: DnsMessage,
  question: DnsQuestionSpec,
  length: number,
): void {
  const { tool } = program.options
  const missing = message.rcode === RCODE_NXDOMAIN
  if (missing && program.candidates.length > 1) {
    program.candidates.shift()
    closeSocket(context, program)
    program.attempt = 0
    return ask(context, program)
  }
  if (message.rcode !== 0 || (tool !== 'dig' && message.rcode !== 0)) program.failed = true
  const tookUs = context.sim.nowUs - program.sentUs
  const atMs = context.sim.epochMs + Math.floor(context.sim.nowUs / 1000)
  const first = !program.headerShown
  program.headerShown = true
  program.answered++
  say(context, program, 'answer', { message, question, length, tookUs, atMs, first })
  if (program.pending.length > 0) return
  closeSocket(context, program)
  // A name that does not exist need not be asked for again.
  if (missing && (tool === 'nslookup' || tool === 'host')) return finish(context, program)
  nextQuestion(context, program)
}

function nextQuestion(context: ProcessContext, program: DnsClientProgram): void {
  const before = optionsNow(program).server
  program.question++
  if (program.options.questions[program.question] !== undefined && optionsNow(program).server !== before) {
    program.servers = []
    program.lookup = null
    if (!findServers(context, program)) return
  }
  startQuestion(context, program)
}

function finish(context: ProcessContext, program: DnsClientProgram): void {
  say(context, program, 'end', { failed: program.failed })
  context.exit(program.failed && program.options.tool !== 'dig' ? 1 : 0)
}
