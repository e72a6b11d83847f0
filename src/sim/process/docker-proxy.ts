/** docker-proxy: listens on a published port and relays to the container. moby cmd/docker-proxy */
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { bindUdp, connectUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import type { IpAddress } from '../wire/frame.ts'
import { familyOf } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'
import { accept, connect, listen, receive, send, shutdown, tcpSocket } from './tcp-stream.ts'

/** Connections that are joined in pairs. */
export interface Relaying {
  /** Both directions of each relayed connection: descriptor → descriptor. */
  relays: Map<number, number>
  /** Directions whose source has ended. */
  ended: Set<number>
  /** After a read that was not the last one: when the next one is due. */
  nextReadUs: Map<number, number>
}

export interface DockerProxyProgram extends Program, Relaying {
  readonly kind: 'docker-proxy'
  readonly protocol: 'tcp' | 'udp'
  readonly family: 4 | 6
  /** 0: all of them. */
  readonly hostAddress: IpAddress
  readonly hostPort: number
  readonly containerAddress: IpAddress
  readonly containerPort: number
  listener: number | null
  /** UDP: client `address:port` → descriptor of the socket that speaks for it. */
  clients: Map<string, ProxyClient>
}

interface ProxyClient {
  readonly address: IpAddress
  readonly port: number
  readonly fd: number
}

export type DockerProxySpec = Pick<
  DockerProxyProgram,
  'protocol' | 'family' | 'hostAddress' | 'hostPort' | 'containerAddress' | 'containerPort'
>

/** The engine hands the listening socket down as descriptor 4, as `ss -p` shows. */
const LISTEN_FD = 4
const NEXT_READ_US = 150

export function dockerProxyProgram(spec: DockerProxySpec): DockerProxyProgram {
  return {
    kind: 'docker-proxy',
    ...spec,
    listener: null,
    relays: new Map(),
    ended: new Set(),
    nextReadUs: new Map(),
    clients: new Map(),
  }
}

/** Opens the socket at once, so that the engine learns whether the port is free. */
export function openDockerProxy(context: ProcessContext, program: DockerProxyProgram): string | null {
  if (program.protocol === 'tcp') {
    const { hostAddress: address, hostPort: port, family } = program
    const fd = listen(context, { address, port, backlog: 4096, family, lowestFd: LISTEN_FD })
    if (!fd.ok) return fd.error.code
    program.listener = fd.value
    return null
  }
  const { sim, kernel, process, netns } = context
  const socket = openSocket(sim, kernel, process, { kind: 'udp', family: program.family }, LISTEN_FD)
  const bound = bindUdp(sim, netns, socket, program.hostAddress, program.hostPort)
  if (!bound.ok) {
    context.close(socket.ownerFd)
    return bound.error.code
  }
  program.listener = socket.ownerFd
  return null
}

export function stepDockerProxy(
  context: ProcessContext,
  program: DockerProxyProgram,
  cause: WakeCause,
): void {
  if (cause.kind === 'signal') return context.exit(0)
  if (program.listener === null && openDockerProxy(context, program) !== null) return context.exit(1)
  if (program.protocol === 'udp') return relayDatagrams(context, program)
  if (cause.kind === 'timer') return pump(context, program, cause.id)
  if (cause.kind === 'descriptor' && cause.fd !== program.listener) return pump(context, program, cause.fd)
  for (
    let front = accept(context, program.listener!);
    front !== null;
    front = accept(context, program.listener!)
  ) {
    const { containerAddress: address, containerPort: port } = program
    const back = connect(context, { address, port })
    if (!back.ok) {
      context.close(front.ownerFd)
      continue
    }
    program.relays.set(front.ownerFd, back.value)
    program.relays.set(back.value, front.ownerFd)
  }
}

/** Moves what has come in on either side of a connection. */
export function pump(context: ProcessContext, program: Relaying, fd: number): void {
  const other = program.relays.get(fd)
  if (other === undefined) return
  const here = tcpSocket(context, fd)
  const there = tcpSocket(context, other)
  if (here?.error != null || there?.error != null) return finish(context, program, fd, other)
  for (const [from, to] of [
    [fd, other],
    [other, fd],
  ] as const)
    forward(context, program, from, to)
  if (program.ended.has(fd) && program.ended.has(other)) finish(context, program, fd, other)
}

function forward(context: ProcessContext, program: Relaying, from: number, to: number): void {
  const target = tcpSocket(context, to)
  if (target === undefined || !isConnected(target) || program.ended.has(from)) return
  if (context.sim.nowUs < (program.nextReadUs.get(from) ?? 0)) return
  const data = receive(context, from)
  if (data === null) return
  if (data !== 'eof') {
    send(context, to, data)
    // The end of the stream is seen by the next read.
    if (tcpSocket(context, from)?.finReceived) {
      program.nextReadUs.set(from, context.sim.nowUs + NEXT_READ_US)
      context.setTimer(NEXT_READ_US, from)
    }
    return
  }
  program.ended.add(from)
  shutdown(context, to)
}

function finish(context: ProcessContext, program: Relaying, fd: number, other: number): void {
  for (const one of [fd, other]) {
    program.relays.delete(one)
    program.ended.delete(one)
    program.nextReadUs.delete(one)
    context.close(one)
  }
}

function relayDatagrams(context: ProcessContext, program: DockerProxyProgram): void {
  const { sim, kernel, process, netns } = context
  const listener = socketOf(kernel, process, program.listener!)
  if (listener?.kind !== 'udp') return
  for (let got = receiveUdp(listener); got !== null; got = receiveUdp(listener)) {
    const key = `${got.from}:${got.fromPort}`
    const client = program.clients.get(key) ?? openClient(context, program, key, got.from, got.fromPort)
    const back = client === null ? undefined : socketOf(kernel, process, client.fd)
    if (back?.kind === 'udp')
      sendUdp(sim, netns, back, program.containerAddress, program.containerPort, got.data)
  }
  for (const { address, port, fd } of program.clients.values()) {
    const back = socketOf(kernel, process, fd)
    if (back?.kind !== 'udp') continue
    for (let got = receiveUdp(back); got !== null; got = receiveUdp(back))
      sendUdp(sim, netns, listener, address, port, got.data)
  }
}

function openClient(
  context: ProcessContext,
  program: DockerProxyProgram,
  key: string,
  address: IpAddress,
  port: number,
): ProxyClient | null {
  const { sim, kernel, process, netns } = context
  const family = familyOf(program.containerAddress)
  const socket = openSocket(sim, kernel, process, { kind: 'udp', family })
  const done = connectUdp(sim, netns, socket, program.containerAddress, program.containerPort)
  if (!done.ok) {
    context.close(socket.ownerFd)
    return null
  }
  const client = { address, port, fd: socket.ownerFd }
  program.clients.set(key, client)
  return client
}
