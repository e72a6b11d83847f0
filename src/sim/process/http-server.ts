/**
 * HTTP servers that serve files: nginx, busybox httpd, `python3 -m http.server`, and the web server of the internet.
 * They differ in their heads, in how they send and in what they log (`flavor`).
 * Not modelled: configuration beyond port and root, ranges, conditional requests, TLS.
 */
import type { WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import { concat } from '../wire/bytes.ts'
import type { ProcessContext } from './context.ts'
import { answer, type Site } from './http-answer.ts'
import { header, parseHead } from './http-message.ts'
import { corkedSend } from './http-send.ts'
import { accept, listen, receive, tcpSocket } from './tcp-stream.ts'

export interface HttpServerProgram extends Program {
  readonly kind: 'http-server'
  readonly site: Site
  readonly listens: readonly {
    readonly address: number
    readonly port: number
    readonly family: 4 | 6
    readonly dualStack: boolean
  }[]
  readonly backlog: number
  readonly lowestFd: number
  /** Listening descriptors; a worker inherits them. */
  listeners: number[]
  connections: Map<number, Uint8Array>
}

export function httpServerProgram(
  site: Site,
  listens: HttpServerProgram['listens'],
  backlog: number,
  lowestFd = 3,
): HttpServerProgram {
  return { kind: 'http-server', site, listens, backlog, lowestFd, listeners: [], connections: new Map() }
}

export function stepHttpServer(context: ProcessContext, program: HttpServerProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(program.site.flavor === 'python' ? 130 : 0)
  if (program.listeners.length === 0 && !openListeners(context, program)) return
  if (cause.kind !== 'descriptor') {
    for (const fd of program.listeners) acceptAll(context, program, fd)
    return
  }
  if (program.listeners.includes(cause.fd)) acceptAll(context, program, cause.fd)
  else serve(context, program, cause.fd)
}

/** Sets up the sockets; a program whose port is taken says so and ends. */
export function openListeners(context: ProcessContext, program: HttpServerProgram): boolean {
  for (const one of program.listens) {
    const { backlog, lowestFd } = program
    const fd = listen(context, { ...one, backlog, lowestFd })
    if (!fd.ok) {
      const { flavor } = program.site
      const { port, family } = one
      context.emit(
        { program: 'http-server', kind: 'bind-failed', flavor, error: fd.error.code, port, family },
        2,
      )
      context.exit(1)
      return false
    }
    program.listeners.push(fd.value)
  }
  return true
}

function acceptAll(context: ProcessContext, program: HttpServerProgram, listener: number): void {
  for (let socket = accept(context, listener); socket !== null; socket = accept(context, listener)) {
    program.connections.set(socket.ownerFd, new Uint8Array())
    serve(context, program, socket.ownerFd)
  }
}

function drop(context: ProcessContext, program: HttpServerProgram, fd: number): void {
  program.connections.delete(fd)
  context.close(fd)
}

function serve(context: ProcessContext, program: HttpServerProgram, fd: number): void {
  const before = program.connections.get(fd)
  const socket = tcpSocket(context, fd)
  if (before === undefined) return
  if (socket === undefined || socket.error !== null) return drop(context, program, fd)
  const data = receive(context, fd)
  if (data === 'eof') return drop(context, program, fd)
  if (data === null) return
  let rest = concat([before, data])
  program.connections.set(fd, rest)
  for (let head = parseHead(rest); head !== null; head = parseHead(rest)) {
    const length = Number(header(head, 'Content-Length') ?? 0)
    if (rest.length < head.length + length) return
    rest = rest.slice(head.length + length)
    program.connections.set(fd, rest)
    const response = answer(context, program.site, head, socket)
    corkedSend(context, fd, response)
    if (response.close) return drop(context, program, fd)
  }
}
