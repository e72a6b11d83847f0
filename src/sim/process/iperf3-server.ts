/** `iperf3 -s`: one test at a time for whoever asks. iperf 3.12 src/iperf_server_api.c */
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { bindUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import { concat } from '../wire/bytes.ts'
import type { ProcessContext } from './context.ts'
import {
  begin,
  COOKIE_LENGTH,
  drain,
  FASTEST_BITS,
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
import { accept, listen, receive, tcpSocket } from './tcp-stream.ts'

export interface Iperf3ServerProgram extends Program {
  readonly kind: 'iperf3-server'
  readonly port: number
  readonly address: number | null
  readonly oneOff: boolean
  readonly intervalUs: number
  readonly format: string
  listener: number | null
  tests: number
  control: number | null
  cookie: string
  input: Uint8Array
  phase: 'idle' | 'parameters' | 'streams' | 'running' | 'results'
  /** Connections whose cookie has not come yet, with what has. */
  strangers: Map<number, Uint8Array>
  udpFd: number | null
  test: Test | null
  results: readonly StreamReport[]
}

export function iperf3ServerProgram(
  options: Pick<Iperf3ServerProgram, 'port' | 'address' | 'oneOff' | 'intervalUs' | 'format'>,
): Iperf3ServerProgram {
  return {
    kind: 'iperf3-server',
    ...options,
    listener: null,
    tests: 0,
    control: null,
    cookie: '',
    input: new Uint8Array(),
    phase: 'idle',
    strangers: new Map(),
    udpFd: null,
    test: null,
    results: [],
  }
}

function say(
  context: ProcessContext,
  program: Iperf3ServerProgram,
  kind: string,
  data: object = {},
  fd = 1,
): void {
  const { format, test } = program
  const parameters = test?.parameters ?? null
  const isSender = test?.isSender ?? false
  context.emit<IperfRow>({ program: 'iperf3', kind, format, parameters, isSender, ...data }, fd)
}

export function stepIperf3Server(
  context: ProcessContext,
  program: Iperf3ServerProgram,
  cause: WakeCause,
): void {
  if (cause.kind === 'signal') {
    if (program.control !== null) sendState(context, program.control, STATE.serverTerminate)
    say(context, program, 'error', { what: 'interrupt', error: 'server' }, 2)
    return context.exit(1)
  }
  context.process.handlers.add(2)
  if (program.listener === null && !open(context, program)) return
  acceptAll(context, program)
  readCookies(context, program)
  if (program.test?.parameters.udp === true && program.phase === 'streams') greetDatagrams(context, program)
  if (program.phase === 'running') run(context, program, cause)
  if (program.control !== null) control(context, program)
}

function open(context: ProcessContext, program: Iperf3ServerProgram): boolean {
  const any = program.address === null
  const fd = listen(context, {
    address: program.address ?? 0,
    port: program.port,
    backlog: 2147483647,
    family: any ? 6 : 4,
    dualStack: any,
  })
  if (!fd.ok) {
    say(context, program, 'error', { what: 'listen', error: fd.error.code }, 2)
    context.exit(1)
    return false
  }
  program.listener = fd.value
  announce(context, program)
  return true
}

function announce(context: ProcessContext, program: Iperf3ServerProgram): void {
  program.tests++
  say(context, program, 'listening', { port: program.port, number: program.tests })
}

function acceptAll(context: ProcessContext, program: Iperf3ServerProgram): void {
  const listener = program.listener ?? -1
  for (let socket = accept(context, listener); socket !== null; socket = accept(context, listener))
    program.strangers.set(socket.ownerFd, new Uint8Array())
}

function readCookies(context: ProcessContext, program: Iperf3ServerProgram): void {
  for (const [fd, before] of [...program.strangers]) {
    const data = receive(context, fd)
    if (data === null) continue
    const bytes = data === 'eof' ? before : concat([before, data])
    if (data === 'eof') {
      program.strangers.delete(fd)
      context.close(fd)
    } else if (bytes.length >= COOKIE_LENGTH) {
      program.strangers.delete(fd)
      const cookie = String.fromCharCode(...bytes.slice(0, COOKIE_LENGTH))
      introduced(context, program, fd, cookie, bytes.length - COOKIE_LENGTH)
    } else program.strangers.set(fd, bytes)
  }
}

function introduced(
  context: ProcessContext,
  program: Iperf3ServerProgram,
  fd: number,
  cookie: string,
  surplus: number,
): void {
  const socket = tcpSocket(context, fd)
  if (socket === undefined) return
  if (program.phase === 'idle') {
    program.control = fd
    program.cookie = cookie
    program.phase = 'parameters'
    say(context, program, 'accepted', { remote: socket.remoteAddress, remotePort: socket.remotePort })
    return sendState(context, fd, STATE.parameters)
  }
  if (program.phase !== 'streams' || cookie !== program.cookie || program.test === null) {
    sendState(context, fd, STATE.denied)
    return context.close(fd)
  }
  addStream(context, program, fd, socket, surplus)
}

function addStream(
  context: ProcessContext,
  program: Iperf3ServerProgram,
  fd: number,
  ends: {
    readonly remoteAddress: number | string
    readonly remotePort: number
    readonly localAddress: number | string
    readonly localPort: number
  },
  surplus: number,
): void {
  const { test } = program
  if (test === null) return
  const count = test.streams.length
  const stream = newStream({
    id: count === 0 ? 5 : 6 + 2 * count,
    fd,
    remote: ends.remoteAddress,
    remotePort: ends.remotePort,
    local: ends.localAddress,
    localPort: ends.localPort,
  })
  stream.total = surplus
  test.streams.push(stream)
  if (test.streams.length < test.parameters.parallel) return
  for (const { id, local, localPort, remote, remotePort } of test.streams)
    say(context, program, 'connected', { id, local, localPort, remote, remotePort })
  say(context, program, 'interval-head')
  program.phase = 'running'
  const control = program.control ?? -1
  sendState(context, control, STATE.start)
  sendState(context, control, STATE.running)
  begin(context, test)
}

/** The first datagram of a stream is a greeting, and is answered. */
function greetDatagrams(context: ProcessContext, program: Iperf3ServerProgram): void {
  const socket = socketOf(context.kernel, context.process, program.udpFd ?? -1)
  const control = tcpSocket(context, program.control ?? -1)
  if (socket?.kind !== 'udp' || control === undefined) return
  for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) {
    sendUdp(context.sim, context.netns, socket, got.from, got.fromPort, new Uint8Array(4))
    const ends = {
      remoteAddress: got.from,
      remotePort: got.fromPort,
      localAddress: got.to,
      localPort: program.port,
    }
    addStream(context, program, socket.ownerFd, ends, 0)
  }
}

function run(context: ProcessContext, program: Iperf3ServerProgram, cause: WakeCause): void {
  const { test } = program
  if (test === null) return
  if (!test.isSender) drain(context, test)
  if (cause.kind !== 'timer') return
  if (cause.id === test.timers + TICK_TIMER && test.isSender) pump(context, test)
  if (cause.id !== test.timers + INTERVAL_TIMER) return
  say(context, program, 'interval', { reports: interval(context, test) })
  context.setTimer(test.intervalUs, test.timers + INTERVAL_TIMER)
}

function control(context: ProcessContext, program: Iperf3ServerProgram): void {
  const fd = program.control ?? -1
  let isOver = false
  for (let data = receive(context, fd); data !== null; data = receive(context, fd)) {
    if (data === 'eof') {
      isOver = true
      break
    }
    program.input = concat([program.input, data])
  }
  while (program.input.length > 0) {
    if (program.phase === 'parameters' || program.phase === 'results') {
      const json = takeJson(program.input)
      if (json === null) return
      program.input = json.rest
      if (program.phase === 'parameters') prepare(context, program, json.value as TestParameters)
      else results(context, program)
      continue
    }
    const state = program.input[0] ?? 0
    program.input = program.input.slice(1)
    if (state === STATE.end) ended(context, program)
    else if (state === STATE.clientTerminate) return lost(context, program)
    else if (state === STATE.done) return reset(context, program)
  }
  if (isOver) lost(context, program)
}

function prepare(context: ProcessContext, program: Iperf3ServerProgram, parameters: TestParameters): void {
  const limited = { ...parameters, bits: parameters.bits > 0 ? parameters.bits : FASTEST_BITS }
  program.test = newTest(limited, parameters.reverse, program.intervalUs, program.tests)
  program.phase = 'streams'
  if (parameters.udp) {
    const socket = openSocket(context.sim, context.kernel, context.process, { kind: 'udp' })
    bindUdp(context.sim, context.netns, socket, program.address ?? 0, program.port)
    program.udpFd = socket.ownerFd
  }
  sendState(context, program.control ?? -1, STATE.streams)
}

function ended(context: ProcessContext, program: Iperf3ServerProgram): void {
  const { test } = program
  if (test === null) return
  if (!test.isSender) drain(context, test)
  const rest = context.sim.nowUs - test.reportedUs
  if (rest > test.intervalUs / 10 || test.reportedUs === test.startUs)
    say(context, program, 'interval', { reports: interval(context, test) })
  program.results = totals(test, context.sim.nowUs)
  program.phase = 'results'
  sendState(context, program.control ?? -1, STATE.results)
}

function results(context: ProcessContext, program: Iperf3ServerProgram): void {
  const fd = program.control ?? -1
  sendJson(context, fd, { streams: program.results })
  sendState(context, fd, STATE.display)
  say(context, program, 'server-summary', { reports: program.results })
  program.phase = 'streams'
}

function lost(context: ProcessContext, program: Iperf3ServerProgram): void {
  if (program.phase !== 'idle') say(context, program, 'error', { what: 'client-gone', error: '' }, 2)
  reset(context, program)
}

function reset(context: ProcessContext, program: Iperf3ServerProgram): void {
  for (const fd of new Set(program.test?.streams.map((stream) => stream.fd) ?? [])) context.close(fd)
  if (program.udpFd !== null && program.test?.streams.length === 0) context.close(program.udpFd)
  if (program.control !== null) context.close(program.control)
  program.control = null
  program.udpFd = null
  program.input = new Uint8Array()
  program.test = null
  program.phase = 'idle'
  if (program.oneOff) return context.exit(0)
  announce(context, program)
}
