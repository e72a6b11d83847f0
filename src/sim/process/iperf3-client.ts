/** `iperf3 -c`: asks a server for a test, sends or receives, tells what went through. iperf 3.12 src/iperf_client_api.c */
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import type { Program } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { connectUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import { concat } from '../wire/bytes.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'
import {
  begin,
  COOKIE_LENGTH,
  drain,
  INTERVAL_TIMER,
  type IperfRow,
  interval,
  newStream,
  newTest,
  pump,
  STATE,
  type StreamReport,
  sendJson,
  sendState,
  type Test,
  type TestParameters,
  TICK_TIMER,
  takeJson,
  totals,
} from './iperf3-test.ts'
import { connect, receive, send, tcpSocket } from './tcp-stream.ts'

export interface Iperf3ClientProgram extends Program {
  readonly kind: 'iperf3-client'
  readonly host: string
  readonly port: number
  readonly source: number | null
  /** Length 0: as much as a segment of the control connection holds. */
  parameters: TestParameters
  readonly intervalUs: number
  /** -f */
  readonly format: string
  lookup: Lookup | null
  control: number | null
  phase: 'connecting' | 'negotiating' | 'streams' | 'running' | 'ending' | 'results'
  input: Uint8Array
  test: Test
  /** Streams that are being connected. */
  opening: number[]
  endUs: number
  results: readonly StreamReport[]
  lookedUp: number
}

export function iperf3ClientProgram(
  options: Pick<Iperf3ClientProgram, 'host' | 'port' | 'source' | 'parameters' | 'intervalUs' | 'format'>,
): Iperf3ClientProgram {
  return {
    kind: 'iperf3-client',
    ...options,
    lookup: null,
    control: null,
    phase: 'connecting',
    input: new Uint8Array(),
    test: newTest(options.parameters, !options.parameters.reverse, options.intervalUs),
    opening: [],
    endUs: 0,
    results: [],
    lookedUp: 0,
  }
}

const END_TIMER = 4
/** Bytes of options in each segment. */
const TIMESTAMPS = 12

function say(
  context: ProcessContext,
  program: Iperf3ClientProgram,
  kind: string,
  data: object = {},
  fd = 1,
): void {
  const { format, parameters } = program
  const { isSender } = program.test
  context.emit<IperfRow>({ program: 'iperf3', kind, format, parameters, isSender, ...data }, fd)
}

function fail(context: ProcessContext, program: Iperf3ClientProgram, what: string, error: string): void {
  say(context, program, 'error', { what, error }, 2)
  context.exit(1)
}

export function stepIperf3Client(
  context: ProcessContext,
  program: Iperf3ClientProgram,
  cause: WakeCause,
): void {
  if (cause.kind === 'signal') return interrupted(context, program)
  context.process.handlers.add(2)
  if (program.control === null && !openControl(context, program)) return
  if (program.phase === 'connecting' && !connected(context, program)) return
  if (!control(context, program) || context.ended) return
  if (program.phase === 'streams') openStreams(context, program)
  if (program.phase === 'running') run(context, program, cause)
}

function interrupted(context: ProcessContext, program: Iperf3ClientProgram): void {
  if (program.phase === 'running') {
    last(context, program)
    say(context, program, 'summary', { reports: totals(program.test, context.sim.nowUs), others: [] })
    if (program.control !== null) sendState(context, program.control, STATE.clientTerminate)
  }
  say(context, program, 'error', { what: 'interrupt', error: 'client' }, 2)
  context.exit(1)
}

function openControl(context: ProcessContext, program: Iperf3ClientProgram): boolean {
  program.lookup ??= startLookup(context, program.host)
  if (!stepLookup(context, program.lookup)) return false
  const outcome = program.lookup.outcome
  const address = outcome?.kind === 'addresses' ? outcome.addresses[0] : undefined
  if (typeof address !== 'number') {
    fail(context, program, 'connect', 'EAGAIN')
    return false
  }
  program.lookedUp = address
  const fd = connect(context, { address, port: program.port, source: program.source ?? 0 })
  if (fd.ok) program.control = fd.value
  else fail(context, program, 'connect', fd.error.code)
  return false
}

function connected(context: ProcessContext, program: Iperf3ClientProgram): boolean {
  const socket = tcpSocket(context, program.control ?? -1)
  const error = socket === undefined ? null : takeError(socket)
  if (error !== null) fail(context, program, 'connect', error)
  if (socket === undefined || error !== null || !isConnected(socket)) return false
  program.phase = 'negotiating'
  if (program.parameters.length === 0) {
    program.parameters = { ...program.parameters, length: socket.maximumSegmentSize - TIMESTAMPS }
    program.test = newTest(program.parameters, program.test.isSender, program.intervalUs)
  }
  send(context, program.control ?? -1, cookieOf(context))
  say(context, program, 'connecting', { host: program.host, port: program.port })
  return true
}

const COOKIE_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** The same for all connections of this process. */
function cookieOf(context: ProcessContext): Uint8Array {
  const cookie = new Uint8Array(COOKIE_LENGTH)
  let state = context.process.pid * 2654435761 + (context.process.startedUs ?? 0)
  for (let i = 0; i < COOKIE_LENGTH - 1; i++) {
    state = (state * 1103515245 + 12345) % 2147483648
    cookie[i] = COOKIE_LETTERS.charCodeAt(Math.floor(state / 65536) % 32)
  }
  return cookie
}

/** What the server says; false: it is gone. */
function control(context: ProcessContext, program: Iperf3ClientProgram): boolean {
  const fd = program.control ?? -1
  for (let data = receive(context, fd); data !== null; data = receive(context, fd)) {
    if (data === 'eof') {
      if (!context.ended) fail(context, program, 'closed', '')
      return false
    }
    program.input = concat([program.input, data])
  }
  while (program.input.length > 0 && !context.ended) {
    if (program.phase === 'results') {
      const json = takeJson(program.input)
      if (json === null) return true
      program.input = json.rest
      program.results = (json.value as { streams: StreamReport[] }).streams
      program.phase = 'ending'
      continue
    }
    const state = program.input[0] ?? 0
    program.input = program.input.slice(1)
    heard(context, program, state)
  }
  return !context.ended
}

function heard(context: ProcessContext, program: Iperf3ClientProgram, state: number): void {
  const fd = program.control ?? -1
  if (state === STATE.parameters) sendJson(context, fd, program.parameters)
  else if (state === STATE.streams) program.phase = 'streams'
  else if (state === STATE.running) start(context, program)
  else if (state === STATE.results) {
    sendJson(context, fd, { streams: totals(program.test, program.endUs) })
    program.phase = 'results'
  } else if (state === STATE.display) finish(context, program)
  else if (state === STATE.denied) fail(context, program, 'busy', '')
  else if (state === STATE.serverTerminate) fail(context, program, 'terminated', '')
}

function openStreams(context: ProcessContext, program: Iperf3ClientProgram): void {
  const { parameters, test } = program
  const wanted = parameters.parallel
  if (program.opening.length === 0 && test.streams.length === 0)
    for (let i = 0; i < wanted; i++) openStream(context, program)
  for (const fd of [...program.opening]) {
    const socket = socketOf(context.kernel, context.process, fd)
    if (socket?.kind === 'tcp' && !isConnected(socket)) continue
    if (socket?.kind === 'udp' && receiveUdp(socket) === null) continue
    if (socket?.kind !== 'tcp' && socket?.kind !== 'udp') continue
    program.opening = program.opening.filter((one) => one !== fd)
    if (socket.kind === 'tcp') send(context, fd, cookieOf(context))
    const stream = newStream({
      id: 5 + 2 * test.streams.length,
      fd,
      remote: socket.remoteAddress,
      remotePort: socket.remotePort,
      local: socket.localAddress,
      localPort: socket.localPort,
    })
    test.streams.push(stream)
  }
}

function openStream(context: ProcessContext, program: Iperf3ClientProgram): void {
  const { sim, kernel, process, netns } = context
  const { lookedUp, port } = program
  if (!program.parameters.udp) {
    const fd = connect(context, { address: lookedUp, port, source: program.source ?? 0 })
    if (fd.ok) program.opening.push(fd.value)
    return
  }
  const socket = openSocket(sim, kernel, process, { kind: 'udp' })
  connectUdp(sim, netns, socket, lookedUp, port)
  sendUdp(sim, netns, socket, lookedUp, port, new Uint8Array(4))
  program.opening.push(socket.ownerFd)
}

function start(context: ProcessContext, program: Iperf3ClientProgram): void {
  const { test, parameters } = program
  openStreams(context, program)
  if (parameters.reverse) say(context, program, 'reverse', { host: program.host })
  for (const { id, local, localPort, remote, remotePort } of test.streams)
    say(context, program, 'connected', { id, local, localPort, remote, remotePort })
  say(context, program, 'interval-head')
  program.phase = 'running'
  if (parameters.bytes === 0) context.setTimer(parameters.time * 1e6, END_TIMER)
  begin(context, test)
}

function run(context: ProcessContext, program: Iperf3ClientProgram, cause: WakeCause): void {
  const { test } = program
  if (!test.isSender) drain(context, test)
  if (cause.kind !== 'timer') return
  if (cause.id === END_TIMER) return end(context, program)
  if (cause.id === test.timers + TICK_TIMER && test.isSender && !pump(context, test))
    return end(context, program)
  if (cause.id !== test.timers + INTERVAL_TIMER) return
  tell(context, program)
  context.setTimer(test.intervalUs, test.timers + INTERVAL_TIMER)
}

function tell(context: ProcessContext, program: Iperf3ClientProgram): void {
  say(context, program, 'interval', { reports: interval(context, program.test) })
}

/** The rest of the last interval, if there was any. */
function last(context: ProcessContext, program: Iperf3ClientProgram): void {
  const { test } = program
  if (context.sim.nowUs - test.reportedUs > test.intervalUs / 10 || test.reportedUs === test.startUs)
    say(context, program, 'interval', { reports: interval(context, test) })
}

function end(context: ProcessContext, program: Iperf3ClientProgram): void {
  last(context, program)
  program.endUs = context.sim.nowUs
  program.phase = 'ending'
  sendState(context, program.control ?? -1, STATE.end)
}

function finish(context: ProcessContext, program: Iperf3ClientProgram): void {
  say(context, program, 'summary', {
    reports: totals(program.test, program.endUs),
    others: program.results,
  })
  say(context, program, 'done')
  sendState(context, program.control ?? -1, STATE.done)
  context.exit(0)
}
