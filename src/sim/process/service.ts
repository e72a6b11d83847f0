/**
 * Servers of well-known images: traefik/whoami, hashicorp/http-echo, redis, postgres. They listen where the real ones do,
 * answer what is asked of them as far as it concerns networks, and log. Not modelled: their other commands and databases.
 */
import { httpDate } from '../base/calendar.ts'
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import type { TcpSocket } from '../kernel/socket.ts'
import type { Program } from '../kernel/task/types.ts'
import { concat } from '../wire/bytes.ts'
import type { IpAddress } from '../wire/frame.ts'
import { formatIp } from '../wire/ip-address.ts'
import { formatIpv4 } from '../wire/ipv4-address.ts'
import type { ProcessContext } from './context.ts'
import { nowMs } from './http-answer.ts'
import { emitHead, type HttpHead, header, parseHead } from './http-message.ts'
import { answerRedis, type RedisStore } from './redis.ts'
import { accept, listen, receive, send, tcpSocket } from './tcp-stream.ts'

export type ServiceFlavor = 'whoami' | 'http-echo' | 'redis' | 'postgres'

export interface ServiceProgram extends Program {
  readonly kind: 'service'
  readonly flavor: ServiceFlavor
  readonly port: number
  /** What http-echo says; whoami's `-name`. */
  readonly text: string
  listeners: number[]
  connections: Map<number, Uint8Array>
  store: RedisStore
}

export function serviceProgram(flavor: ServiceFlavor, port: number, text: string): ServiceProgram {
  return { kind: 'service', flavor, port, text, listeners: [], connections: new Map(), store: new Map() }
}

const BACKLOG: Readonly<Record<ServiceFlavor, number>> = {
  whoami: 4096,
  'http-echo': 4096,
  redis: 511,
  postgres: 244,
}
/** Exit status after SIGTERM: Go's runtime ends with 2 where nobody listens for the signal. */
const ENDED: Readonly<Record<ServiceFlavor, number>> = { whoami: 2, 'http-echo': 0, redis: 0, postgres: 0 }

export function stepService(context: ProcessContext, program: ServiceProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return stop(context, program)
  if (program.listeners.length === 0) return open(context, program)
  if (cause.kind !== 'descriptor') return
  if (program.listeners.includes(cause.fd)) acceptAll(context, program, cause.fd)
  else serve(context, program, cause.fd)
}

function log(context: ProcessContext, program: ServiceProgram, kind: string, data: object = {}): void {
  const { flavor, port } = program
  const pid = context.process.pids.get(context.process.pidns) ?? context.process.pid
  const fd = flavor === 'redis' || (flavor === 'http-echo' && kind === 'access') ? 1 : 2
  context.emit({ program: 'service', kind, flavor, port, pid, atMs: nowMs(context), ...data }, fd)
}

function stop(context: ProcessContext, program: ServiceProgram): void {
  log(context, program, 'stop')
  context.exit(ENDED[program.flavor])
}

/** Go listens on one socket for both families, the others on one for each. */
function open(context: ProcessContext, program: ServiceProgram): void {
  for (const signal of [2, 15]) context.process.handlers.add(signal)
  const { flavor, port } = program
  const both = flavor === 'whoami' || flavor === 'http-echo'
  const specs = both
    ? [{ address: 0, port, family: 6, dualStack: true } as const]
    : [{ address: 0, port, family: 4 } as const, { address: 0, port, family: 6 } as const]
  for (const spec of specs) {
    const fd = listen(context, { ...spec, backlog: BACKLOG[flavor] })
    if (!fd.ok) {
      log(context, program, 'bind-failed')
      return context.exit(1)
    }
    program.listeners.push(fd.value)
  }
  log(context, program, 'start')
}

function acceptAll(context: ProcessContext, program: ServiceProgram, listener: number): void {
  for (let socket = accept(context, listener); socket !== null; socket = accept(context, listener)) {
    program.connections.set(socket.ownerFd, new Uint8Array())
    serve(context, program, socket.ownerFd)
  }
}

function drop(context: ProcessContext, program: ServiceProgram, fd: number): void {
  program.connections.delete(fd)
  context.close(fd)
}

function serve(context: ProcessContext, program: ServiceProgram, fd: number): void {
  const before = program.connections.get(fd)
  const socket = tcpSocket(context, fd)
  if (before === undefined) return
  if (socket === undefined || socket.error !== null) return drop(context, program, fd)
  const data = receive(context, fd)
  if (data === 'eof') return drop(context, program, fd)
  if (data === null) return
  const bytes = concat([before, data])
  program.connections.set(fd, bytes)
  if (program.flavor === 'redis') serveRedis(context, program, fd, bytes)
  else if (program.flavor === 'postgres') refusePostgres(context, program, fd, bytes)
  else serveHttp(context, program, fd, socket, bytes)
}

function serveHttp(
  context: ProcessContext,
  program: ServiceProgram,
  fd: number,
  socket: TcpSocket,
  bytes: Uint8Array,
): void {
  let rest = bytes
  for (let head = parseHead(rest); head !== null; head = parseHead(rest)) {
    const length = Number(header(head, 'Content-Length') ?? 0)
    if (rest.length < head.length + length) break
    rest = rest.slice(head.length + length)
    const body = encodeUtf8(
      program.flavor === 'whoami' ? whoami(context, program, head, socket) : `${program.text}\n`,
    )
    const own: [string, string][] =
      program.flavor === 'http-echo'
        ? [
            ['X-App-Name', 'http-echo'],
            ['X-App-Version', '1.0.0'],
          ]
        : []
    const lines: [string, string][] = [
      ...own,
      ['Date', httpDate(nowMs(context))],
      ['Content-Length', String(body.length)],
      ['Content-Type', 'text/plain; charset=utf-8'],
    ]
    const isHead = head.startLine.startsWith('HEAD ')
    send(context, fd, concat([emitHead('HTTP/1.1 200 OK', lines), isHead ? new Uint8Array() : body]))
    const client = { address: formatIp(socket.remoteAddress), clientPort: socket.remotePort }
    const said = {
      request: head.startLine,
      agent: header(head, 'User-Agent') ?? '',
      host: header(head, 'Host') ?? '',
    }
    log(context, program, 'access', { ...client, ...said, length: body.length })
    if (header(head, 'Connection')?.toLowerCase() === 'close') return drop(context, program, fd)
  }
  program.connections.set(fd, rest)
}

const hostPart = (address: IpAddress): string =>
  typeof address === 'string' ? `[${address}]` : formatIp(address)

/** github.com/traefik/whoami app.go: host name, addresses, who asks, and the request as it came. */
function whoami(context: ProcessContext, program: ServiceProgram, head: HttpHead, socket: TcpSocket): string {
  const { kernel, netns, process } = context
  const addresses = [...netns.links.values()].flatMap((link) => link.addresses.map((own) => own.address))
  const fixed = ['host', 'user-agent']
  const others = head.headers.filter(([name]) => !fixed.includes(name.toLowerCase()))
  const agent = header(head, 'User-Agent')
  const lines = [
    ...(program.text === '' ? [] : [`Name: ${program.text}`]),
    `Hostname: ${kernel.utsNamespaces.get(process.utsns)?.hostname ?? ''}`,
    ...addresses.map((address) => `IP: ${formatIpv4(address)}`),
    `RemoteAddr: ${hostPart(socket.remoteAddress)}:${socket.remotePort}`,
  ]
  const request = [
    head.startLine,
    `Host: ${header(head, 'Host') ?? ''}`,
    ...(agent === null ? [] : [`User-Agent: ${agent}`]),
    ...others.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${lines.join('\n')}\n${request.join('\r\n')}\r\n\r\n`
}

function serveRedis(context: ProcessContext, program: ServiceProgram, fd: number, bytes: Uint8Array): void {
  const { replies, rest, ends } = answerRedis(program.store, decodeUtf8(bytes))
  if (replies !== '') send(context, fd, encodeUtf8(replies))
  if (ends) return drop(context, program, fd)
  program.connections.set(fd, encodeUtf8(rest))
}

const SSL_REQUEST = 80877103

/** Clients may ask for TLS first; then anybody is asked for a password that is wrong. postmaster.c `ProcessStartupPacket` */
function refusePostgres(
  context: ProcessContext,
  program: ServiceProgram,
  fd: number,
  bytes: Uint8Array,
): void {
  if (bytes.length < 8) return
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0) === 8 && view.getUint32(4) === SSL_REQUEST) {
    send(context, fd, encodeUtf8('N'))
    program.connections.set(fd, bytes.slice(8))
    return
  }
  log(context, program, 'invalid-startup')
  drop(context, program, fd)
}
