/** socat TCP-LISTEN:…[,fork] SYSTEM:…: each connection becomes stdin and stdout of a command. socat(1) */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { freeDescriptor, isEnd, readDescriptor, retainDescriptor } from '../kernel/task/descriptor.ts'
import { createPipe } from '../kernel/task/pipe.ts'
import { reapProcess, spawnProcess, startProcess } from '../kernel/task/process.ts'
import type { Descriptor, Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'
import { accept, listen, receive, send } from './tcp-stream.ts'

export interface SocatSystemProgram extends Program {
  readonly kind: 'socat-system'
  readonly address: number
  readonly port: number
  readonly fork: boolean
  readonly argv: readonly string[]
  listener: number | null
  connections: Channel[]
}

interface Channel {
  readonly socket: number
  readonly pid: number
  /** Write end of the command's stdin; null once closed. */
  input: number | null
  readonly output: number
}

export function socatSystemProgram(
  address: number,
  port: number,
  fork: boolean,
  argv: readonly string[],
): SocatSystemProgram {
  return { kind: 'socat-system', address, port, fork, argv, listener: null, connections: [] }
}

export function stepSocatSystem(
  context: ProcessContext,
  program: SocatSystemProgram,
  cause: WakeCause,
): void {
  if (cause.kind === 'signal') return context.exit(128 + cause.signal)
  if (program.listener === null) {
    const { address, port } = program
    const fd = listen(context, { address, port, backlog: 5 })
    if (!fd.ok) {
      context.emit({ program: 'socat', kind: 'bind-failed', error: fd.error.code, address, port }, 2)
      return context.exit(1)
    }
    program.listener = fd.value
  }
  for (
    let socket = accept(context, program.listener);
    socket !== null;
    socket = accept(context, program.listener)
  ) {
    program.connections.push(start(context, program, socket.ownerFd))
    if (!program.fork) break
  }
  for (const channel of [...program.connections]) pump(context, program, channel)
}

function hold(context: ProcessContext, descriptor: Descriptor): number {
  const fd = freeDescriptor(context.process, 3)
  retainDescriptor(context.kernel, descriptor)
  context.process.descriptors.set(fd, descriptor)
  return fd
}

function start(context: ProcessContext, program: SocatSystemProgram, socket: number): Channel {
  const { sim, kernel, process } = context
  const stdin = createPipe(kernel).id
  const stdout = createPipe(kernel).id
  const descriptors = new Map<number, Descriptor>([
    [0, { kind: 'pipe', pipe: stdin, end: 'read' }],
    [1, { kind: 'pipe', pipe: stdout, end: 'write' }],
  ])
  const errors = process.descriptors.get(2)
  if (errors !== undefined) descriptors.set(2, errors)
  const child = spawnProcess(sim, kernel, process, {
    argv: [...program.argv],
    descriptors,
    handlers: new Set(),
    program: { kind: 'command' },
  })
  const input = hold(context, { kind: 'pipe', pipe: stdin, end: 'write' })
  const output = hold(context, { kind: 'pipe', pipe: stdout, end: 'read' })
  startProcess(sim, child)
  return { socket, pid: child.pid, input, output }
}

function pump(context: ProcessContext, program: SocatSystemProgram, channel: Channel): void {
  const { sim, kernel, process } = context
  for (;;) {
    const data = receive(context, channel.socket)
    if (data === null || channel.input === null) break
    if (data !== 'eof') context.write(channel.input, decodeUtf8(data))
    else {
      context.close(channel.input)
      channel.input = null
      break
    }
  }
  for (;;) {
    const text = readDescriptor(sim, kernel, process, channel.output)
    if (text === null) return
    if (isEnd(text)) break
    send(context, channel.socket, encodeUtf8(text))
  }
  for (const fd of [channel.socket, channel.input, channel.output]) if (fd !== null) context.close(fd)
  program.connections = program.connections.filter((other) => other !== channel)
  reapProcess(kernel, channel.pid)
  if (!program.fork) context.exit(0)
}
