/**
 * Sending segments. RFC 9293 §3.8, window scaling and timestamps RFC 7323; net/ipv4/tcp_output.c.
 * Not modelled: congestion control, Nagle's algorithm, segmentation offload (captures show segments of MSS size).
 */
import { enqueue } from '../../base/event-queue.ts'
import type { IpAddress, TcpFlags, TcpOptions, TcpSegment } from '../../wire/frame.ts'
import { PROTOCOL_TCP } from '../../wire/frame.ts'
import { NO_FLAGS } from '../../wire/tcp.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { type Datagram, lookupIp, sendDatagram } from '../sockets/ip-layer.ts'
import { slice } from './buffer.ts'
import { advance, distance } from './sequence.ts'

/** As Linux picks it with its default `tcp_rmem`. */
export const WINDOW_SCALE = 10
/** A peer that sends within this time after it received answers, so acknowledgments can ride along. */
export const ACK_TIMEOUT_US = 40_000
const TIMESTAMP_OPTION_LENGTH = 12

export interface Outgoing {
  readonly flags: Partial<TcpFlags>
  readonly sequence: number
  readonly data?: Uint8Array
}

export function timestampNow(sim: Simulation, socket: TcpSocket): number {
  return (socket.timestampOffset + Math.floor(sim.nowUs / 1000)) >>> 0
}

/** MTU of the way to an address, less the headers. */
export function ownSegmentSize(netns: NetNamespace, destination: IpAddress): number {
  const route = lookupIp(netns, { destination })
  if (!route.ok) return 536
  const link = netns.links.get(route.value.device)
  const headers = typeof destination === 'number' ? 40 : 60
  // No IP packet is longer than 65,535 bytes, whatever the loopback's MTU says.
  return Math.min(route.value.mtu ?? link?.mtu ?? 576, 65535) - headers
}

/** First window: as many whole segments as fit into 65,535 bytes (tcp_select_initial_window). */
export function initialWindow(segment: number): number {
  return segment > 65535 ? 65535 : Math.floor(65535 / segment) * segment
}

function synOptions(sim: Simulation, netns: NetNamespace, socket: TcpSocket, reply: boolean): TcpOptions {
  const timestamps = { value: timestampNow(sim, socket), echo: reply ? socket.timestampRecent : 0 }
  return {
    maximumSegmentSize: ownSegmentSize(netns, socket.remoteAddress),
    windowScale: socket.windowScale > 0 ? socket.windowScale : null,
    sackPermitted: socket.sackPermitted,
    timestamps: socket.timestamps ? timestamps : null,
  }
}

/** What we can still take; unread data beyond half the buffer closes the window. */
export function advertisedWindow(socket: TcpSocket): number {
  return Math.max(0, Math.min(socket.receiveWindow, 2 * socket.receiveWindow - socket.receiveBufferLength))
}

export function transmit(sim: Simulation, netns: NetNamespace, socket: TcpSocket, outgoing: Outgoing): void {
  const flags: TcpFlags = { ...NO_FLAGS, ...outgoing.flags }
  const data = outgoing.data ?? new Uint8Array()
  const window = advertisedWindow(socket)
  const plain = socket.timestamps ? { value: timestampNow(sim, socket), echo: socket.timestampRecent } : null
  const segment: TcpSegment = {
    kind: 'tcp',
    sourcePort: socket.localPort,
    destinationPort: socket.remotePort,
    sequence: outgoing.sequence,
    acknowledgment: flags.ack ? socket.receiveNext : 0,
    flags,
    window: flags.syn
      ? Math.min(window, 65535)
      : Math.min(65535, Math.ceil(window / 2 ** socket.windowScale)),
    options: flags.syn
      ? synOptions(sim, netns, socket, flags.ack)
      : plain && { maximumSegmentSize: null, windowScale: null, sackPermitted: false, timestamps: plain },
    data,
  }
  if (data.length > 0 && sim.nowUs - socket.lastReceivedUs < ACK_TIMEOUT_US && socket.lastReceivedUs > 0)
    socket.interactive = true
  if (flags.ack) socket.ackPending = false
  sendDatagram(sim, netns, inPacket(socket, segment), {
    socket: socket.id,
    ...(socket.device === null ? {} : { device: socket.device }),
  })
}

function inPacket(socket: TcpSocket, segment: TcpSegment): Datagram {
  return {
    source: socket.localAddress,
    destination: socket.remoteAddress,
    ttl: socket.ttl,
    protocol: PROTOCOL_TCP,
    tos: socket.tos,
    dontFragment: true,
    payload: segment,
  }
}

export function sendAcknowledgment(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  transmit(sim, netns, socket, { flags: { ack: true }, sequence: socket.sendNext })
}

export function armRetransmit(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  socket.generation++
  enqueue(sim.queue, sim.nowUs + socket.timeoutMs * 1000, {
    kind: 'timer',
    host: netns.host,
    netns: netns.id,
    timer: { kind: 'tcp', which: 'retransmit', socket: socket.id, generation: socket.generation },
  })
}

export function armAcknowledge(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  socket.ackPending = true
  socket.ackGeneration++
  enqueue(sim.queue, sim.nowUs + ACK_TIMEOUT_US, {
    kind: 'timer',
    host: netns.host,
    netns: netns.id,
    timer: { kind: 'tcp', which: 'acknowledge', socket: socket.id, generation: socket.ackGeneration },
  })
}

/** Data bytes a segment may hold. */
function room(socket: TcpSocket): number {
  return Math.max(1, socket.maximumSegmentSize - (socket.timestamps ? TIMESTAMP_OPTION_LENGTH : 0))
}

/** Sends what the peer's window lets through, and the FIN behind the last byte. */
export function pushData(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  const wasIdle = socket.sendMaximum === socket.sendUnacknowledged
  for (;;) {
    const sent = sendOne(sim, netns, socket)
    if (sent === 0) break
    socket.sendNext = advance(socket.sendNext, sent)
    if (distance(socket.sendNext, socket.sendMaximum) > 0) socket.sendMaximum = socket.sendNext
  }
  const waiting = socket.sendBufferLength > 0 && !socket.corked
  const outstanding = socket.sendMaximum !== socket.sendUnacknowledged
  if (wasIdle && (outstanding || waiting)) armRetransmit(sim, netns, socket)
}

/** One segment of data, FIN or both; returns the sequence space it took. */
function sendOne(sim: Simulation, netns: NetNamespace, socket: TcpSocket): number {
  const offset = distance(socket.sendNext, socket.sendUnacknowledged)
  const available = socket.sendBufferLength - offset
  const window = socket.sendWindow - offset
  const size = Math.min(available, room(socket), Math.max(0, window))
  const whole = size === available
  const fin = socket.finQueued && whole && available >= 0
  if (size < 0 || (size === 0 && !fin)) return 0
  if (socket.corked && !socket.finQueued && size < room(socket)) return 0
  transmit(sim, netns, socket, {
    flags: { ack: true, psh: size > 0 && whole, fin },
    sequence: socket.sendNext,
    data: slice(socket.sendBuffer, offset, size),
  })
  return size + (fin ? 1 : 0)
}
