/** System calls on TCP sockets. tcp(7), listen(2), connect(2), accept(2), RFC 9293 §3.9.1 */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IpAddress } from '../../wire/frame.ts'
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { Socket, TcpSocket } from '../socket.ts'
import { lookupConnect } from '../sockets/ip-layer.ts'
import { bindPort, choosePort, isLocalAddress, portTaken } from '../sockets/ports.ts'
import { takeError } from '../sockets/wake.ts'
import { freeDescriptor } from '../task/descriptor.ts'
import type { Process } from '../task/types.ts'
import { drop } from './buffer.ts'
import {
  advertisedWindow,
  armRetransmit,
  initialWindow,
  ownSegmentSize,
  pushData,
  sendAcknowledgment,
  transmit,
  WINDOW_SCALE,
} from './output.ts'
import { advance } from './sequence.ts'

const SEND_BUFFER = 262_144

export function bindTcp(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  address: IpAddress,
  port: number,
): Result<void> {
  if (!isLocalAddress(netns, address)) return refuse('EADDRNOTAVAIL')
  return bindPort(sim, netns, socket, address, port)
}

/** bind(2) and listen(2). */
export function listenTcp(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  address: IpAddress,
  port: number,
  backlog: number,
): Result<void> {
  const bound = bindTcp(sim, netns, socket, address, port)
  if (!bound.ok) return bound
  socket.state = 'LISTEN'
  socket.backlog = Math.min(backlog, Number(netns.sysctls.get('net.core.somaxconn') ?? 4096))
  return ok(undefined)
}

/** Sends the SYN; the owner is woken when the connection stands or has failed. */
export function connectTcp(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  address: IpAddress,
  port: number,
): Result<void> {
  const to = address === 0 ? 0x7f000001 : address === '::' ? '::1' : address
  const route = lookupConnect(netns, {
    destination: to,
    ...(socket.localAddress === 0 ? {} : { source: socket.localAddress }),
    ...(socket.device === null ? {} : { outputIfindex: socket.device }),
  })
  if (!route.ok) return route
  if (route.value.isBroadcast) return refuse('ENETUNREACH')
  if (socket.localAddress === 0) socket.localAddress = route.value.source
  socket.remoteAddress = to
  socket.remotePort = port
  const chosen = socket.localPort === 0 ? chooseConnectPort(sim, netns, socket) : ok(socket.localPort)
  if (!chosen.ok) return refuse('EADDRNOTAVAIL')
  socket.localPort = chosen.value
  offerOptions(netns, socket)
  socket.state = 'SYN-SENT'
  socket.sendNext = advance(socket.initialSendSequence, 1)
  socket.sendMaximum = socket.sendNext
  transmit(sim, netns, socket, { flags: { syn: true }, sequence: socket.initialSendSequence })
  armRetransmit(sim, netns, socket)
  return ok(undefined)
}

function offerOptions(netns: NetNamespace, socket: TcpSocket): void {
  const on = (name: string): boolean => netns.sysctls.get(`net.ipv4.${name}`) !== '0'
  socket.windowScale = on('tcp_window_scaling') ? WINDOW_SCALE : 0
  socket.timestamps = on('tcp_timestamps')
  socket.sackPermitted = on('tcp_sack')
  socket.receiveWindow = initialWindow(ownSegmentSize(netns, socket.remoteAddress))
}

/** A port may serve several connections as long as their peers differ. */
function chooseConnectPort(sim: Simulation, netns: NetNamespace, socket: TcpSocket): Result<number> {
  const inUse = new Set<number>()
  for (const other of netns.sockets.values()) {
    if (other.kind !== 'tcp' || other.id === socket.id) continue
    if (other.remoteAddress === socket.remoteAddress && other.remotePort === socket.remotePort)
      inUse.add(other.localPort)
  }
  return choosePort(
    sim,
    netns,
    0,
    (port) => !inUse.has(port) && !portTaken(netns, socket, socket.localAddress, port),
  )
}

/** The oldest connection that waits, with a descriptor for the process; null if there is none. */
export function acceptTcp(kernel: Kernel, process: Process, listener: TcpSocket): TcpSocket | null {
  const netns = kernel.namespaces.get(process.netns)
  for (;;) {
    const id = listener.accepted.shift()
    if (id === undefined || netns === undefined) return null
    const socket: Socket | undefined = netns.sockets.get(id)
    if (socket?.kind !== 'tcp') continue
    const fd = freeDescriptor(process, 3)
    process.descriptors.set(fd, { kind: 'socket', netns: netns.id, socket: id })
    socket.owner = process.pid
    socket.ownerFd = fd
    return socket
  }
}

/** How many bytes were taken; 0: the buffer is full, the owner is woken when there is room. */
export function sendTcp(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  data: Uint8Array,
): Result<number> {
  const error = takeError(socket)
  if (error !== null) return refuse(error)
  if (socket.state !== 'ESTABLISHED' && socket.state !== 'CLOSE-WAIT') return refuse('EPIPE')
  const count = Math.min(data.length, SEND_BUFFER - socket.sendBufferLength)
  if (count > 0) {
    socket.sendBuffer.push(data.slice(0, count))
    socket.sendBufferLength += count
    pushData(sim, netns, socket)
  }
  return ok(count)
}

/** TCP_CORK. */
export function corkTcp(sim: Simulation, netns: NetNamespace, socket: TcpSocket, corked: boolean): void {
  socket.corked = corked
  if (!corked) pushData(sim, netns, socket)
}

/** All that has arrived, null while there is nothing, 'eof' when the peer has said its last. */
export function receiveTcp(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
): Uint8Array | null | 'eof' {
  if (socket.receiveBufferLength === 0) {
    const over = socket.finReceived || (socket.state === 'CLOSED' && socket.error === null)
    return over ? 'eof' : null
  }
  const before = advertisedWindow(socket)
  const data = new Uint8Array(socket.receiveBufferLength)
  let at = 0
  for (const chunk of socket.receiveBuffer) {
    data.set(chunk, at)
    at += chunk.length
  }
  drop(socket.receiveBuffer, data.length)
  socket.receiveBufferLength = 0
  const opened = before < socket.maximumSegmentSize && advertisedWindow(socket) > before
  if (opened && socket.state !== 'CLOSED') sendAcknowledgment(sim, netns, socket)
  return data
}

/** Has the connection been made (and perhaps ended since)? */
export function isConnected(socket: TcpSocket): boolean {
  return socket.state !== 'CLOSED' && socket.state !== 'SYN-SENT' && socket.state !== 'LISTEN'
}

export { closeTcp, shutdownTcp } from './close.ts'
