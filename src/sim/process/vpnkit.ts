/**
 * Docker Desktop's way from the PC to published ports: the backend on the PC listens on the host port, hands each
 * connection to the forwarder in the VM, and that one connects to the container from there. moby/vpnkit
 * go/cmd/vpnkit-{expose-port,forwarder}, go/pkg/libproxy (multiplexed streams, the same port number).
 * Not modelled: the Hyper-V socket between the two, which is a TCP connection over the virtual switch here; the
 * channel on which ports are asked for.
 */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { bindUdp, connectUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import { concat } from '../wire/bytes.ts'
import { formatIpv4, parseIpv4 } from '../wire/ipv4-address.ts'
import type { ProcessContext } from './context.ts'
import { pump, type Relaying } from './docker-proxy.ts'
import { accept, connect, listen, receive, send, tcpSocket } from './tcp-stream.ts'

export const FORWARDER_PORT = 62373

export interface ExposedPort {
  readonly protocol: 'tcp' | 'udp'
  readonly hostAddress: number
  readonly hostPort: number
  readonly containerAddress: number
  readonly containerPort: number
}

/** A stream that carries datagrams, each behind its length, for one client. */
interface DatagramStream {
  /** Descriptor of the socket that has the datagrams' other end. */
  readonly socket: number
  readonly peer: Parameters<typeof sendUdp>[3]
  readonly peerPort: number
  received: Uint8Array
}

interface Streams extends Relaying {
  /** What is written as soon as the connection stands. */
  greetings: Map<number, Uint8Array>
  datagrams: Map<number, DatagramStream>
}

export interface DesktopBackendProgram extends Program, Streams {
  readonly kind: 'desktop-backend'
  readonly forwarder: number
  /** By the listening descriptor. */
  ports: Map<number, ExposedPort>
}

export interface VpnkitForwarderProgram extends Program, Streams {
  readonly kind: 'vpnkit-forwarder'
  /** Of the card that leads to the PC. */
  readonly address: number
  listener: number | null
  /** Streams that have not said yet where they go. */
  fresh: Map<number, Uint8Array>
}

const streams = (): Streams => ({
  relays: new Map(),
  ended: new Set(),
  nextReadUs: new Map(),
  greetings: new Map(),
  datagrams: new Map(),
})

export function desktopBackendProgram(forwarder: number): DesktopBackendProgram {
  return { kind: 'desktop-backend', forwarder, ports: new Map(), ...streams() }
}

export function vpnkitForwarderProgram(address: number): VpnkitForwarderProgram {
  return { kind: 'vpnkit-forwarder', address, listener: null, fresh: new Map(), ...streams() }
}

/** Listens on the host port; an errno where it cannot. */
export function exposePort(
  context: ProcessContext,
  program: DesktopBackendProgram,
  port: ExposedPort,
): string | null {
  const { sim, kernel, process, netns } = context
  if (port.protocol === 'tcp') {
    const fd = listen(context, { address: port.hostAddress, port: port.hostPort, backlog: 128 })
    if (!fd.ok) return fd.error.code
    program.ports.set(fd.value, port)
    return null
  }
  const socket = openSocket(sim, kernel, process, { kind: 'udp' })
  const bound = bindUdp(sim, netns, socket, port.hostAddress, port.hostPort)
  if (!bound.ok) {
    context.close(socket.ownerFd)
    return bound.error.code
  }
  program.ports.set(socket.ownerFd, port)
  return null
}

/** Connections that stand go on, as they do when the real backend closes a port. */
export function hidePort(
  context: ProcessContext,
  program: DesktopBackendProgram,
  port: Pick<ExposedPort, 'protocol' | 'hostAddress' | 'hostPort'>,
): void {
  for (const [fd, known] of program.ports) {
    if (known.protocol !== port.protocol || known.hostPort !== port.hostPort) continue
    if (known.hostAddress !== port.hostAddress) continue
    program.ports.delete(fd)
    context.close(fd)
  }
}

export function stepDesktopBackend(
  context: ProcessContext,
  program: DesktopBackendProgram,
  cause: WakeCause,
): void {
  if (cause.kind === 'timer') return pump(context, program, cause.id)
  if (cause.kind !== 'descriptor') return
  const port = program.ports.get(cause.fd)
  if (port === undefined) return onStream(context, program, cause.fd)
  if (port.protocol === 'udp') return takeDatagrams(context, program, cause.fd, port)
  for (let front = accept(context, cause.fd); front !== null; front = accept(context, cause.fd)) {
    const back = openStream(context, program, port)
    if (back === null) context.close(front.ownerFd)
    else join(program, front.ownerFd, back)
  }
}

export function stepVpnkitForwarder(
  context: ProcessContext,
  program: VpnkitForwarderProgram,
  cause: WakeCause,
): void {
  if (program.listener === null) {
    const fd = listen(context, { address: program.address, port: FORWARDER_PORT, backlog: 128 })
    if (!fd.ok) return context.exit(1)
    program.listener = fd.value
  }
  if (cause.kind === 'timer') return pump(context, program, cause.id)
  if (cause.kind !== 'descriptor') return
  if (program.fresh.has(cause.fd)) return readDestination(context, program, cause.fd)
  if (cause.fd !== program.listener) return onStream(context, program, cause.fd)
  for (let one = accept(context, cause.fd); one !== null; one = accept(context, cause.fd)) {
    program.fresh.set(one.ownerFd, new Uint8Array())
    readDestination(context, program, one.ownerFd)
  }
}

function join(program: Relaying, a: number, b: number): void {
  program.relays.set(a, b)
  program.relays.set(b, a)
}

/** A stream to the forwarder in the VM, which first learns where it goes. */
function openStream(
  context: ProcessContext,
  program: DesktopBackendProgram,
  port: ExposedPort,
): number | null {
  const back = connect(context, { address: program.forwarder, port: FORWARDER_PORT })
  if (!back.ok) return null
  const destination = `${port.protocol} ${formatIpv4(port.containerAddress)} ${port.containerPort}\n`
  program.greetings.set(back.value, encodeUtf8(destination))
  return back.value
}

function readDestination(context: ProcessContext, program: VpnkitForwarderProgram, fd: number): void {
  const data = receive(context, fd)
  if (data === null) return
  const known = program.fresh.get(fd) ?? new Uint8Array()
  const received = data === 'eof' ? known : concat([known, data])
  const end = received.indexOf(10)
  if (end < 0) {
    program.fresh.set(fd, received)
    if (data === 'eof') drop(context, program, fd)
    return
  }
  program.fresh.delete(fd)
  const [protocol, ip = '', port] = decodeUtf8(received.slice(0, end)).split(' ')
  const address = parseIpv4(ip)
  const rest = received.slice(end + 1)
  if (address === null) return drop(context, program, fd)
  if (protocol === 'udp') return carryDatagrams(context, program, fd, address, Number(port), rest)
  const back = connect(context, { address, port: Number(port) })
  if (!back.ok) return drop(context, program, fd)
  if (rest.length > 0) program.greetings.set(back.value, rest)
  join(program, fd, back.value)
}

function drop(context: ProcessContext, program: VpnkitForwarderProgram, fd: number): void {
  program.fresh.delete(fd)
  context.close(fd)
}

function onStream(context: ProcessContext, program: Streams, fd: number): void {
  greet(context, program, fd)
  if (program.datagrams.has(fd)) return unpack(context, program, fd)
  for (const [stream, one] of program.datagrams) if (one.socket === fd) return pack(context, program, stream)
  const other = program.relays.get(fd)
  if (other !== undefined) greet(context, program, other)
  pump(context, program, fd)
}

function greet(context: ProcessContext, program: Streams, fd: number): void {
  const socket = tcpSocket(context, fd)
  const greeting = program.greetings.get(fd)
  if (greeting === undefined || socket === undefined || !isConnected(socket)) return
  program.greetings.delete(fd)
  send(context, fd, greeting)
}

const framed = (data: Uint8Array): Uint8Array =>
  concat([new Uint8Array([data.length >> 8, data.length & 255]), data])

/** On the PC: each client of a UDP port has a stream of its own. */
function takeDatagrams(
  context: ProcessContext,
  program: DesktopBackendProgram,
  fd: number,
  port: ExposedPort,
): void {
  const socket = socketOf(context.kernel, context.process, fd)
  if (socket?.kind !== 'udp') return
  for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) {
    const { from, fromPort } = got
    const known = [...program.datagrams].find(
      ([, one]) => one.socket === fd && one.peer === from && one.peerPort === fromPort,
    )?.[0]
    const stream = known ?? openStream(context, program, port)
    if (stream === null) continue
    if (known === undefined)
      program.datagrams.set(stream, {
        socket: fd,
        peer: from,
        peerPort: fromPort,
        received: new Uint8Array(),
      })
    const greeting = program.greetings.get(stream)
    if (greeting !== undefined) program.greetings.set(stream, concat([greeting, framed(got.data)]))
    else send(context, stream, framed(got.data))
  }
}

/** In the VM: a socket towards the container for the stream. */
function carryDatagrams(
  context: ProcessContext,
  program: VpnkitForwarderProgram,
  fd: number,
  address: number,
  port: number,
  rest: Uint8Array,
): void {
  const { sim, kernel, process, netns } = context
  const socket = openSocket(sim, kernel, process, { kind: 'udp' })
  if (!connectUdp(sim, netns, socket, address, port).ok) return drop(context, program, fd)
  program.datagrams.set(fd, { socket: socket.ownerFd, peer: address, peerPort: port, received: rest })
  unpack(context, program, fd)
}

/** Datagrams come out of a stream. */
function unpack(context: ProcessContext, program: Streams, fd: number): void {
  const stream = program.datagrams.get(fd)
  if (stream === undefined) return
  const { sim, kernel, process, netns } = context
  const data = receive(context, fd)
  if (data === 'eof') {
    program.datagrams.delete(fd)
    return context.close(fd)
  }
  if (data !== null) stream.received = concat([stream.received, data])
  const socket = socketOf(kernel, process, stream.socket)
  for (;;) {
    const { received } = stream
    const length = received.length < 2 ? 0xffff : (received[0]! << 8) | received[1]!
    if (received.length < length + 2) return
    stream.received = received.slice(length + 2)
    if (socket?.kind === 'udp')
      sendUdp(sim, netns, socket, stream.peer, stream.peerPort, received.slice(2, length + 2))
  }
}

/** Datagrams go into a stream. */
function pack(context: ProcessContext, program: Streams, fd: number): void {
  const stream = program.datagrams.get(fd)
  const socket = stream === undefined ? undefined : socketOf(context.kernel, context.process, stream.socket)
  if (socket?.kind !== 'udp') return
  for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket))
    send(context, fd, framed(got.data))
}
