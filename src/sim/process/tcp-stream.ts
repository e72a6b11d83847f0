/** The TCP calls of a program, by descriptor. */
import { type Result, refuse } from '../base/result.ts'
import type { TcpSocket } from '../kernel/socket.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import { acceptTcp, connectTcp, listenTcp, receiveTcp, sendTcp, shutdownTcp } from '../kernel/tcp/calls.ts'
import type { IpAddress } from '../wire/frame.ts'
import { familyOf } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'

export function tcpSocket(context: ProcessContext, fd: number): TcpSocket | undefined {
  const socket = socketOf(context.kernel, context.process, fd)
  return socket?.kind === 'tcp' ? socket : undefined
}

export interface ListenSpec {
  readonly address: IpAddress
  readonly port: number
  readonly backlog: number
  readonly family?: 4 | 6
  readonly dualStack?: boolean
  readonly lowestFd?: number
}

/** socket, SO_REUSEADDR, bind, listen. */
export function listen(context: ProcessContext, spec: ListenSpec): Result<number> {
  const { sim, kernel, process, netns } = context
  const kind = { kind: 'tcp', family: spec.family ?? 4, dualStack: spec.dualStack ?? false } as const
  const socket = openSocket(sim, kernel, process, kind, spec.lowestFd ?? 3)
  socket.reuseAddress = true
  const done = listenTcp(sim, netns, socket, spec.address, spec.port, spec.backlog)
  if (done.ok) return { ok: true, value: socket.ownerFd }
  context.close(socket.ownerFd)
  return done
}

export interface ConnectSpec {
  readonly address: IpAddress
  readonly port: number
  readonly source?: IpAddress
  readonly sourcePort?: number
  readonly device?: number | null
}

export function connect(context: ProcessContext, spec: ConnectSpec): Result<number> {
  const { sim, kernel, process, netns } = context
  const kind = { kind: 'tcp', family: familyOf(spec.address), device: spec.device ?? null } as const
  const socket = openSocket(sim, kernel, process, kind)
  socket.localAddress = spec.source ?? 0
  socket.localPort = spec.sourcePort ?? 0
  const done = connectTcp(sim, netns, socket, spec.address, spec.port)
  if (done.ok) return { ok: true, value: socket.ownerFd }
  context.close(socket.ownerFd)
  return done
}

export function accept(context: ProcessContext, listener: number): TcpSocket | null {
  const socket = tcpSocket(context, listener)
  return socket === undefined ? null : acceptTcp(context.kernel, context.process, socket)
}

export function send(context: ProcessContext, fd: number, data: Uint8Array): Result<number> {
  const socket = tcpSocket(context, fd)
  return socket === undefined ? refuse('EBADF') : sendTcp(context.sim, context.netns, socket, data)
}

export function receive(context: ProcessContext, fd: number): Uint8Array | null | 'eof' {
  const socket = tcpSocket(context, fd)
  return socket === undefined ? 'eof' : receiveTcp(context.sim, context.netns, socket)
}

export function shutdown(context: ProcessContext, fd: number): void {
  const socket = tcpSocket(context, fd)
  if (socket !== undefined) shutdownTcp(context.sim, context.netns, socket)
}
