/**
 * sshd: a login shell or a command for whoever connects, on a terminal or on pipes of its own. sshd(8), openssh session.c
 * Not modelled: who may log in (every machine of a world knows the others' keys), a process for each connection,
 * forwarding, subsystems.
 */
import { encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { createPipe, readPipe, writePipe } from '../kernel/task/pipe.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import { signalGroup } from '../kernel/task/signal.ts'
import { createTerminal, typeTerminal } from '../kernel/task/terminal.ts'
import type { Descriptor, Program } from '../kernel/task/types.ts'
import { formatIp } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'
import {
  emitMessage,
  newChannel,
  SSH_VERSION,
  type SshChannel,
  type SshMessage,
  takeMessages,
} from './ssh-transport.ts'
import { accept, listen, receive, send, tcpSocket } from './tcp-stream.ts'

interface Login extends SshChannel {
  session: string
  /** The shell or command; null before it was asked for. */
  pid: number | null
  terminal: number | null
  /** Without a terminal: stdin, stdout, stderr. */
  pipes: readonly number[]
}

export interface SshServerProgram extends Program {
  readonly kind: 'sshd'
  listeners: number[]
  /** By descriptor of the connection. */
  logins: Map<number, Login>
}

export function sshServerProgram(): SshServerProgram {
  return { kind: 'sshd', listeners: [], logins: new Map() }
}

const PORT = 22
const SIGHUP = 1
const SIGCHLD = 17

export function stepSshServer(context: ProcessContext, program: SshServerProgram, cause: WakeCause): void {
  if (cause.kind === 'signal' && cause.signal !== SIGCHLD) return context.exit(255)
  if (program.listeners.length === 0) return open(context, program)
  if (cause.kind === 'descriptor' && program.listeners.includes(cause.fd))
    return acceptAll(context, program, cause.fd)
  for (const [fd, login] of program.logins) serve(context, program, fd, login)
  reap(context, program)
}

/** Shells whose connection was gone before they ended. */
function reap(context: ProcessContext, program: SshServerProgram): void {
  const { kernel, process } = context
  const known = new Set([...program.logins.values()].map((login) => login.pid))
  for (const child of [...kernel.processes.values()])
    if (child.ppid === process.pid && child.exitStatus !== null && !known.has(child.pid))
      kernel.processes.delete(child.pid)
}

function open(context: ProcessContext, program: SshServerProgram): void {
  context.process.handlers.add(SIGCHLD)
  for (const family of [4, 6] as const) {
    const fd = listen(context, { address: 0, port: PORT, family, backlog: 128 })
    if (!fd.ok) return context.exit(255)
    program.listeners.push(fd.value)
  }
}

function acceptAll(context: ProcessContext, program: SshServerProgram, listener: number): void {
  for (let socket = accept(context, listener); socket !== null; socket = accept(context, listener)) {
    const login: Login = { ...newChannel(), session: '', pid: null, terminal: null, pipes: [] }
    program.logins.set(socket.ownerFd, login)
    send(context, socket.ownerFd, encodeUtf8(`${SSH_VERSION}\r\n`))
    serve(context, program, socket.ownerFd, login)
  }
}

/** What has come goes to the shell, what it has printed goes back; the end of either ends both. */
function serve(context: ProcessContext, program: SshServerProgram, fd: number, login: Login): void {
  for (let data = receive(context, fd); data !== null; data = receive(context, fd)) {
    const messages = data === 'eof' ? null : takeMessages(login, data)
    if (messages === null) return hangUp(context, program, fd, login)
    for (const message of messages) take(context, fd, login, message)
  }
  if (tcpSocket(context, fd)?.error != null) return hangUp(context, program, fd, login)
  passOutput(context, fd, login)
  const shell = login.pid === null ? undefined : context.kernel.processes.get(login.pid)
  if (shell === undefined || shell.exitStatus === null) return
  tell(context, fd, login, { kind: 'exit', status: shell.exitStatus })
  context.kernel.processes.delete(shell.pid)
  login.pid = null
  hangUp(context, program, fd, login)
}

function tell(context: ProcessContext, fd: number, login: Login, message: SshMessage): void {
  send(context, fd, emitMessage(message, login.sent++))
}

function take(context: ProcessContext, fd: number, login: Login, message: SshMessage): void {
  const { sim, kernel } = context
  if (message.kind === 'open') return start(context, fd, login, message)
  const terminal = login.terminal === null ? undefined : kernel.terminals.get(login.terminal)
  if (message.kind === 'size' && terminal !== undefined)
    Object.assign(terminal, { columns: message.columns, rows: message.rows })
  const stdin = login.pipes[0]
  if (message.kind === 'data' && terminal !== undefined) typeTerminal(sim, kernel, terminal.id, message.text)
  else if (message.kind === 'data' && stdin !== undefined) writePipe(sim, kernel, stdin, message.text)
  if (message.kind === 'eof' && stdin !== undefined) endInput(context, login)
}

function endInput(context: ProcessContext, login: Login): void {
  for (const [fd, descriptor] of context.process.descriptors)
    if (descriptor.kind === 'pipe' && descriptor.pipe === login.pipes[0]) context.close(fd)
}

function start(
  context: ProcessContext,
  fd: number,
  login: Login,
  request: Extract<SshMessage, { kind: 'open' }>,
): void {
  const { sim, kernel, process } = context
  login.session = request.session
  const descriptors =
    request.terminal === null
      ? openPipes(context, login)
      : openTerminal(context, login, request.terminal.columns, request.terminal.rows)
  const shell = spawnProcess(sim, kernel, process, {
    argv: request.command === null ? ['bash'] : ['bash', '-c', request.command],
    descriptors,
    env: environment(context, fd, request.user, login.terminal),
    cwd: '/root',
    terminal: login.terminal,
    handlers: new Set(),
    program: { kind: 'command' },
  })
  shell.group = shell.pid
  if (login.terminal !== null) {
    kernel.terminals.get(login.terminal)!.foreground = shell.pid
    const known = sim.remoteShells?.find((one) => one.session === request.session)
    if (known !== undefined) known.server = { host: kernel.host, terminal: login.terminal }
  }
  login.pid = shell.pid
  startProcess(sim, shell)
}

function openTerminal(
  context: ProcessContext,
  login: Login,
  columns: number,
  rows: number,
): Map<number, Descriptor> {
  const terminal = createTerminal(context.kernel, columns, rows)
  terminal.watcher = context.process.pid
  login.terminal = terminal.id
  const end: Descriptor = { kind: 'terminal', terminal: terminal.id }
  return new Map([0, 1, 2].map((fd) => [fd, end]))
}

/** The server holds the other ends, so that it is woken. */
function openPipes(context: ProcessContext, login: Login): Map<number, Descriptor> {
  const { kernel, process } = context
  const pipes = [0, 1, 2].map(() => createPipe(kernel).id)
  login.pipes = pipes
  const ends = new Map<number, Descriptor>()
  let own = 3
  for (const [fd, pipe] of pipes.entries()) {
    ends.set(fd, { kind: 'pipe', pipe, end: fd === 0 ? 'read' : 'write' })
    while (process.descriptors.has(own)) own++
    process.descriptors.set(own, { kind: 'pipe', pipe, end: fd === 0 ? 'write' : 'read' })
    const held = kernel.pipes.get(pipe)!
    if (fd === 0) held.writers++
    else held.readers++
  }
  return ends
}

function environment(
  context: ProcessContext,
  fd: number,
  user: string,
  terminal: number | null,
): Map<string, string> {
  const socket = tcpSocket(context, fd)
  const ends =
    socket === undefined
      ? ['', '', '', '']
      : [formatIp(socket.remoteAddress), socket.remotePort, formatIp(socket.localAddress), PORT]
  return new Map([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOME', '/root'],
    ['USER', user],
    ['LOGNAME', user],
    ['SHELL', '/bin/bash'],
    ['LANG', 'C.UTF-8'],
    ['SSH_CLIENT', `${ends[0]} ${ends[1]} ${PORT}`],
    ['SSH_CONNECTION', ends.join(' ')],
    ...(terminal === null
      ? []
      : ([
          ['TERM', 'xterm'],
          ['SSH_TTY', `/dev/pts/${terminal}`],
        ] as const)),
  ])
}

function passOutput(context: ProcessContext, fd: number, login: Login): void {
  const { sim, kernel } = context
  const terminal = login.terminal === null ? undefined : kernel.terminals.get(login.terminal)
  if (terminal !== undefined && terminal.output !== '') {
    const text = terminal.output
    terminal.output = ''
    const known = sim.remoteShells?.find((one) => one.session === login.session)
    if (known !== undefined) known.written += text.length
    tell(context, fd, login, { kind: 'data', text })
  }
  for (const [index, kind] of [
    [1, 'data'],
    [2, 'errors'],
  ] as const) {
    const pipe = login.pipes[index]
    if (pipe === undefined) continue
    for (let text = readPipe(sim, kernel, pipe); text !== null && text !== 'end'; ) {
      tell(context, fd, login, { kind, text })
      text = readPipe(sim, kernel, pipe)
    }
  }
}

/** Whoever still runs there is told by SIGHUP, as when a line is cut. */
function hangUp(context: ProcessContext, program: SshServerProgram, fd: number, login: Login): void {
  const { sim, kernel, process } = context
  program.logins.delete(fd)
  context.close(fd)
  for (const [own, descriptor] of [...process.descriptors])
    if (descriptor.kind === 'pipe' && login.pipes.includes(descriptor.pipe)) context.close(own)
  if (login.pid !== null) signalGroup(sim, kernel, login.pid, SIGHUP)
  if (login.terminal !== null) kernel.terminals.delete(login.terminal)
}
