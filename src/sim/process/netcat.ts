/** nc of OpenBSD and of busybox (nc 1.10): bytes from stdin to a peer and back. nc(1), busybox networking/nc_bloaty.c */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import type { TcpSocket, UdpSocket } from '../kernel/socket.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { isEnd, readDescriptor } from '../kernel/task/descriptor.ts'
import type { Program } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { bindUdp, connectUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import type { IpAddress } from '../wire/frame.ts'
import { familyOf } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'
import { accept, connect, listen, receive, send, shutdown } from './tcp-stream.ts'

export interface NetcatOptions {
  readonly dialect: 'openbsd' | 'busybox'
  readonly host: string
  readonly ports: readonly number[]
  readonly listen: boolean
  readonly keep: boolean
  readonly udp: boolean
  readonly scan: boolean
  readonly verbose: boolean
  readonly numeric: boolean
  /** -N: shut down after the end of the input. */
  readonly shutdownAtEnd: boolean
  readonly timeoutUs: number | null
  readonly localPort: number
  readonly source: IpAddress | null
  /** -4, -6 */
  readonly family?: 4 | 6
  readonly quitAfterUs: number | null
  readonly useInput: boolean
  /** -C: lines end as RFC 854 has it. */
  readonly crlf?: boolean
}

export interface NetcatProgram extends Program {
  readonly kind: 'netcat'
  readonly options: NetcatOptions
  lookup: Lookup | null
  listener: number | null
  fd: number | null
  address: IpAddress
  portIndex: number
  connected: boolean
  inputEnded: boolean
  peerEnded: boolean
  startedUs: number
  lastUs: number
  quitAtUs: number | null
  status: number
}

const TIMER = 1

export function netcatProgram(options: NetcatOptions): NetcatProgram {
  return {
    kind: 'netcat',
    options,
    lookup: null,
    listener: null,
    fd: null,
    address: 0,
    portIndex: 0,
    connected: false,
    inputEnded: false,
    peerEnded: false,
    startedUs: 0,
    lastUs: 0,
    quitAtUs: null,
    status: 1,
  }
}

export function stepNetcat(context: ProcessContext, program: NetcatProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(130)
  if (program.options.listen) return stepListener(context, program)
  program.lookup ??= startLookup(context, program.options.host, [1, 28], program.options.family ?? 'any')
  if (program.address === 0) {
    if (!stepLookup(context, program.lookup)) return
    const outcome = program.lookup.outcome
    if (outcome?.kind !== 'addresses') {
      say(context, program, 'unresolved', { reason: outcome?.kind === 'failed' ? outcome.reason : 'NONAME' })
      return context.exit(1)
    }
    program.address = outcome.all?.[0] ?? outcome.addresses[0] ?? 0
  }
  while (!context.ended) {
    if (program.fd === null && !dial(context, program)) return
    if (program.fd === null) continue
    if (program.options.udp) return stepDatagrams(context, program)
    if (!program.connected && !handshake(context, program)) return
    if (program.fd === null) continue
    return relay(context, program)
  }
}

function say(context: ProcessContext, program: NetcatProgram, kind: string, data: object = {}): void {
  const port = program.options.ports[program.portIndex] ?? 0
  context.emit(
    { program: 'netcat', kind, options: program.options, address: program.address, port, ...data },
    2,
  )
}

/** Opens the connection to the next port; false: wait, or all are done. */
function dial(context: ProcessContext, program: NetcatProgram): boolean {
  const { options } = program
  const port = options.ports[program.portIndex]
  if (port === undefined) {
    context.exit(program.status)
    return false
  }
  program.startedUs = context.sim.nowUs
  program.connected = false
  if (options.timeoutUs !== null) context.setTimer(options.timeoutUs, TIMER)
  if (options.udp) return dialUdp(context, program, port)
  const spec = { address: program.address, port, sourcePort: options.localPort, source: options.source ?? 0 }
  const fd = connect(context, spec)
  if (!fd.ok) {
    nextPort(context, program, fd.error.code)
    return true
  }
  program.fd = fd.value
  return true
}

function dialUdp(context: ProcessContext, program: NetcatProgram, port: number): boolean {
  const { sim, kernel, process, netns } = context
  const family = familyOf(program.address)
  const socket = openSocket(sim, kernel, process, { kind: 'udp', family })
  if (program.options.localPort > 0) bindUdp(sim, netns, socket, 0, program.options.localPort)
  const done = connectUdp(sim, netns, socket, program.address, port)
  if (!done.ok) nextPort(context, program, done.error.code)
  else program.fd = socket.ownerFd
  if (done.ok && program.options.scan) {
    sendUdp(sim, netns, socket, program.address, port, encodeUtf8('X'))
    context.setTimer(1_000_000, TIMER)
  }
  return true
}

function nextPort(context: ProcessContext, program: NetcatProgram, error: string | null): void {
  if (error === null) program.status = 0
  if (program.options.verbose) say(context, program, error === null ? 'open' : 'failed', { error })
  if (program.fd !== null) context.close(program.fd)
  program.fd = null
  program.portIndex++
}

/** True: go on (connected, or the next port is due); false: wait. */
function handshake(context: ProcessContext, program: NetcatProgram): boolean {
  const { options } = program
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'tcp') return false
  if (!isConnected(socket)) {
    const error = takeError(socket)
    const late = options.timeoutUs !== null && context.sim.nowUs - program.startedUs >= options.timeoutUs
    if (error === null && !late) return false
    nextPort(context, program, error ?? 'TIMEOUT')
    return true
  }
  program.connected = true
  program.lastUs = context.sim.nowUs
  if (options.scan) nextPort(context, program, null)
  else {
    program.status = 0
    if (options.verbose) say(context, program, 'open', { error: null })
  }
  return true
}

function stepListener(context: ProcessContext, program: NetcatProgram): void {
  const { options } = program
  const port = options.ports[0] ?? options.localPort
  if (program.listener === null && program.fd === null && !startListening(context, program, port)) return
  if (options.udp) return stepDatagrams(context, program)
  if (program.fd === null && program.listener !== null) {
    const socket = accept(context, program.listener)
    if (socket === null) return
    program.fd = socket.ownerFd
    program.connected = true
    program.peerEnded = false
    program.status = 0
    if (options.verbose)
      say(context, program, 'received', { from: socket.remoteAddress, fromPort: socket.remotePort })
    if (!options.keep) {
      context.close(program.listener)
      program.listener = null
    }
  }
  relay(context, program)
}

function startListening(context: ProcessContext, program: NetcatProgram, port: number): boolean {
  const { options } = program
  const address = options.source ?? 0
  const family = options.family ?? familyOf(address)
  if (options.udp) {
    const { sim, kernel, process, netns } = context
    const socket = openSocket(sim, kernel, process, { kind: 'udp', family })
    const bound = bindUdp(sim, netns, socket, address, port)
    if (!bound.ok) {
      say(context, program, 'bind-failed', { error: bound.error.code })
      context.exit(1)
      return false
    }
    program.fd = socket.ownerFd
    if (options.verbose) say(context, program, 'listening', { on: address, port: socket.localPort })
    return true
  }
  const dual = options.dialect === 'busybox' && options.source === null
  const fd = listen(context, { address, port, backlog: 1, family: dual ? 6 : family, dualStack: dual })
  if (!fd.ok) {
    say(context, program, 'bind-failed', { error: fd.error.code })
    context.exit(1)
    return false
  }
  program.listener = fd.value
  const socket = socketOf(context.kernel, context.process, fd.value) as TcpSocket
  if (options.verbose) say(context, program, 'listening', { on: address, port: socket.localPort })
  return true
}

/** Input to the peer, the peer to output. */
function relay(context: ProcessContext, program: NetcatProgram): void {
  const fd = program.fd
  const socket = fd === null ? undefined : socketOf(context.kernel, context.process, fd)
  if (fd === null || socket?.kind !== 'tcp') return
  readInput(context, program, (text) => send(context, fd, encodeUtf8(text)))
  if (program.inputEnded && (program.options.shutdownAtEnd || program.options.dialect === 'busybox'))
    shutdown(context, fd)
  for (;;) {
    const data = receive(context, fd)
    if (data === null) break
    if (data === 'eof') {
      program.peerEnded = true
      break
    }
    program.lastUs = context.sim.nowUs
    context.write(1, decodeUtf8(data))
    if (context.ended) return
  }
  const failed = takeError(socket) !== null
  if (program.peerEnded || failed) return hangUp(context, program)
  idle(context, program)
}

function hangUp(context: ProcessContext, program: NetcatProgram): void {
  if (program.fd !== null) context.close(program.fd)
  program.fd = null
  program.connected = false
  if (program.options.keep && program.listener !== null) return stepListener(context, program)
  context.exit(0)
}

/** -w: nothing has happened for so long; -q: so long after the end of the input. */
function idle(context: ProcessContext, program: NetcatProgram): void {
  const { timeoutUs, quitAfterUs, listen: listening } = program.options
  const now = context.sim.nowUs
  if (timeoutUs !== null && !listening) {
    if (now - program.lastUs >= timeoutUs) return hangUp(context, program)
    context.setTimer(timeoutUs - (now - program.lastUs), TIMER)
  }
  if (!program.inputEnded || quitAfterUs === null) return
  if (program.quitAtUs === null) {
    program.quitAtUs = now + quitAfterUs
    context.setTimer(quitAfterUs, TIMER)
  }
  if (now >= program.quitAtUs) hangUp(context, program)
}

function readInput(context: ProcessContext, program: NetcatProgram, use: (text: string) => void): void {
  if (!program.options.useInput) return
  while (!program.inputEnded) {
    const text = readDescriptor(context.sim, context.kernel, context.process, 0)
    if (text === null) return
    if (isEnd(text)) program.inputEnded = true
    else {
      program.lastUs = context.sim.nowUs
      use(program.options.crlf ? text.replaceAll('\n', '\r\n') : text)
    }
  }
}

function stepDatagrams(context: ProcessContext, program: NetcatProgram): void {
  const { sim, kernel, process, netns } = context
  const { options } = program
  const socket =
    program.fd === null ? undefined : (socketOf(kernel, process, program.fd) as UdpSocket | undefined)
  if (socket?.kind !== 'udp') return
  const error = takeError(socket)
  if (error !== null) {
    // What was sent was sent: OpenBSD's ends as if nothing had happened.
    if (!options.scan && !options.listen && options.dialect !== 'busybox') return hangUp(context, program)
    nextPort(context, program, error)
    if (!options.listen && options.ports[program.portIndex] === undefined) context.exit(1)
    return
  }
  if (options.scan) {
    if (sim.nowUs - program.startedUs < 1_000_000) return
    nextPort(context, program, null)
    return stepNetcat(context, program, { kind: 'start' })
  }
  for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) {
    if (options.listen && socket.remotePort === 0) {
      connectUdp(sim, netns, socket, got.from, got.fromPort)
      if (options.verbose) say(context, program, 'received', { from: got.from, fromPort: got.fromPort })
    }
    program.lastUs = sim.nowUs
    context.write(1, decodeUtf8(got.data))
    if (context.ended) return
  }
  if (socket.remotePort !== 0)
    readInput(context, program, (text) =>
      sendUdp(sim, netns, socket, socket.remoteAddress, socket.remotePort, encodeUtf8(text)),
    )
  if (program.lastUs === 0) program.lastUs = sim.nowUs
  if (options.timeoutUs !== null || program.inputEnded) idle(context, program)
}
