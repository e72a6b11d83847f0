/**
 * ssh: the terminal here, a shell there; or one command there with its streams here. ssh(1), openssh clientloop.c
 * Keys are in place on all machines of a world. Not modelled: see ssh-transport.ts; forwarding, `~?` and its like.
 */
import { nextHex } from '../base/random.ts'
import { encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { isEnd, readDescriptor } from '../kernel/task/descriptor.ts'
import type { Program, Terminal } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'
import {
  emitMessage,
  newChannel,
  SSH_VERSION,
  type SshChannel,
  type SshMessage,
  takeMessages,
} from './ssh-transport.ts'
import { connect, receive, send, tcpSocket } from './tcp-stream.ts'

export interface SshOptions {
  readonly host: string
  readonly user: string
  readonly port: number
  /** Null: a login shell. */
  readonly command: string | null
  readonly wantsTerminal: boolean
  readonly timeoutUs: number | null
  readonly quiet: boolean
}

export interface SshClientProgram extends Program {
  readonly kind: 'ssh'
  readonly options: SshOptions
  readonly channel: SshChannel
  lookup: Lookup | null
  address: Parameters<typeof connect>[1]['address']
  fd: number | null
  startedUs: number
  session: string
  isOpen: boolean
  inputEnded: boolean
  /** What the server was told last: `80x24`. */
  size: string
  /** Typed since the line began, for `~.`. */
  typed: string
}

export function sshClientProgram(options: SshOptions): SshClientProgram {
  return {
    kind: 'ssh',
    options,
    channel: newChannel(),
    lookup: null,
    address: 0,
    fd: null,
    startedUs: 0,
    session: '',
    isOpen: false,
    inputEnded: false,
    size: '',
    typed: '',
  }
}

const TIMER = 1
const SIGINT = 2
const SIGWINCH = 28

export function stepSshClient(context: ProcessContext, program: SshClientProgram, cause: WakeCause): void {
  if (cause.kind === 'signal' && cause.signal !== SIGWINCH)
    return end(context, program, cause.signal === SIGINT ? 130 : 255)
  if (program.fd === null && !dial(context, program)) return
  if (program.fd === null) return
  const socket = tcpSocket(context, program.fd)
  if (socket === undefined) return end(context, program, 255)
  if (!program.isOpen && !isConnected(socket)) {
    const { timeoutUs } = program.options
    const isLate = timeoutUs !== null && context.sim.nowUs - program.startedUs >= timeoutUs
    const error = takeError(socket) ?? (isLate ? 'ETIMEDOUT' : null)
    if (error !== null) fail(context, program, 'failed', { error })
    return
  }
  if (!takeAll(context, program, program.fd)) return
  const error = takeError(socket)
  if (error !== null) return fail(context, program, 'broken', { error })
  if (program.isOpen) passInput(context, program, program.fd)
}

/** Looks the name up and opens the connection; false: it takes time, or is over. */
function dial(context: ProcessContext, program: SshClientProgram): boolean {
  const { options } = program
  program.lookup ??= startLookup(context, options.host)
  if (!stepLookup(context, program.lookup)) return false
  const { outcome } = program.lookup
  if (outcome?.kind !== 'addresses') {
    fail(context, program, 'unresolved', {
      reason: outcome?.kind === 'failed' ? outcome.reason : 'NONAME',
    })
    return false
  }
  program.address = outcome.addresses[0] ?? 0
  program.startedUs = context.sim.nowUs
  if (options.timeoutUs !== null) context.setTimer(options.timeoutUs, TIMER)
  const fd = connect(context, { address: program.address, port: options.port })
  if (fd.ok) program.fd = fd.value
  else fail(context, program, 'failed', { error: fd.error.code })
  return fd.ok
}

function say(context: ProcessContext, program: SshClientProgram, kind: string, data: object = {}): void {
  const { options, address } = program
  context.emit({ program: 'ssh', kind, options, address, ...data }, 2)
}

function fail(context: ProcessContext, program: SshClientProgram, kind: string, data: object): void {
  restoreTerminal(context, program)
  say(context, program, kind, data)
  end(context, program, 255)
}

function end(context: ProcessContext, program: SshClientProgram, status: number): void {
  restoreTerminal(context, program)
  const { sim } = context
  sim.remoteShells = sim.remoteShells?.filter((one) => one.session !== program.session)
  context.exit(status)
}

function ownTerminal(context: ProcessContext): Terminal | undefined {
  const stdin = context.process.descriptors.get(0)
  return stdin?.kind === 'terminal' ? context.kernel.terminals.get(stdin.terminal) : undefined
}

function restoreTerminal(context: ProcessContext, program: SshClientProgram): void {
  const terminal = ownTerminal(context)
  if (terminal !== undefined && program.options.wantsTerminal) terminal.raw = false
}

/** Messages of the server; false: it is over. */
function takeAll(context: ProcessContext, program: SshClientProgram, fd: number): boolean {
  for (let data = receive(context, fd); data !== null; data = receive(context, fd)) {
    const messages = data === 'eof' ? null : takeMessages(program.channel, data)
    if (messages === null) {
      fail(context, program, 'closed-by-peer', { isOpen: program.isOpen })
      return false
    }
    if (program.channel.greeted && !program.isOpen) open(context, program, fd)
    for (const message of messages) take(context, program, message)
    if (context.ended) return false
  }
  return true
}

function open(context: ProcessContext, program: SshClientProgram, fd: number): void {
  const { sim, kernel, process } = context
  const { options } = program
  program.isOpen = true
  program.session = `${kernel.host}-${process.pid}-${nextHex(sim.random, 8)}`
  send(context, fd, encodeUtf8(`${SSH_VERSION}\r\n`))
  const terminal = options.wantsTerminal ? ownTerminal(context) : undefined
  if (terminal !== undefined) {
    terminal.raw = true
    program.size = `${terminal.columns}x${terminal.rows}`
    process.handlers.add(SIGWINCH)
    const client = { host: kernel.host, terminal: terminal.id }
    const known = { session: program.session, client, server: null, written: 0, shown: 0 }
    sim.remoteShells = [...(sim.remoteShells ?? []), known]
  }
  tell(context, program, {
    kind: 'open',
    session: program.session,
    user: options.user,
    command: options.command,
    terminal: terminal === undefined ? null : { columns: terminal.columns, rows: terminal.rows },
  })
}

function tell(context: ProcessContext, program: SshClientProgram, message: SshMessage): void {
  if (program.fd !== null) send(context, program.fd, emitMessage(message, program.channel.sent++))
}

function take(context: ProcessContext, program: SshClientProgram, message: SshMessage): void {
  if (message.kind === 'data') {
    const known = context.sim.remoteShells?.find((one) => one.session === program.session)
    if (known !== undefined) known.shown += message.text.length
    context.write(1, message.text)
  } else if (message.kind === 'errors') context.write(2, message.text)
  else if (message.kind === 'exit') {
    restoreTerminal(context, program)
    if (program.options.wantsTerminal && !program.options.quiet) say(context, program, 'closed')
    end(context, program, message.status)
  }
}

function passInput(context: ProcessContext, program: SshClientProgram, fd: number): void {
  const { sim, kernel, process } = context
  const terminal = ownTerminal(context)
  const size = terminal === undefined ? '' : `${terminal.columns}x${terminal.rows}`
  if (terminal !== undefined && program.size !== '' && size !== program.size) {
    program.size = size
    tell(context, program, { kind: 'size', columns: terminal.columns, rows: terminal.rows })
  }
  while (!program.inputEnded && !context.ended) {
    const text = readDescriptor(sim, kernel, process, 0)
    if (text === null) return
    if (isEnd(text)) {
      program.inputEnded = true
      tell(context, program, { kind: 'eof' })
    } else if (program.options.wantsTerminal && isEscape(program, text)) {
      context.close(fd)
      restoreTerminal(context, program)
      say(context, program, 'closed')
      return end(context, program, 255)
    } else tell(context, program, { kind: 'data', text })
  }
}

/** `~.` at the beginning of a line: the way out when the other end does not answer any more. */
function isEscape(program: SshClientProgram, text: string): boolean {
  const all = program.typed + text
  program.typed = all.slice(all.search(/[^\r\n]*$/)).slice(-80)
  return /(^|[\r\n])~\./.test(all)
}
