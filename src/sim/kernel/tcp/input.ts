/** Segments that arrive: which socket, and what each state makes of them. RFC 9293 §3.10.7; net/ipv4/tcp_input.c */
import type { IpPacket, TcpSegment } from '../../wire/frame.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { failSocket, wakeOwner } from '../sockets/wake.ts'
import { acceptAcknowledgment } from './acknowledgment.ts'
import { abort, destroy } from './close.ts'
import { agreeOptions, listenInput } from './handshake.ts'
import { advertisedWindow, pushData, sendAcknowledgment } from './output.ts'
import { receiveSegment } from './receive.ts'
import { sendReset } from './reset.ts'
import { advance, distance, segmentLength } from './sequence.ts'

/** A connection is found by all four numbers, a listener by its own two; the more exact one wins. */
export function findTcpSocket(
  netns: NetNamespace,
  packet: IpPacket,
  input: number | null,
): TcpSocket | undefined {
  const segment = packet.payload
  if (segment.kind !== 'tcp') return undefined
  let listener: TcpSocket | undefined
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'tcp' || socket.localPort !== segment.destinationPort) continue
    if (socket.device !== null && socket.device !== input) continue
    if (socket.state === 'LISTEN') {
      if (packet.kind === 'ipv4' ? socket.family === 6 && !socket.dualStack : socket.family === 4) continue
      if (socket.localAddress !== 0 && socket.localAddress !== packet.destination) continue
      if (listener === undefined || listener.localAddress === 0) listener = socket
    } else if (
      socket.state !== 'CLOSED' &&
      socket.remotePort === segment.sourcePort &&
      socket.remoteAddress === packet.source &&
      socket.localAddress === packet.destination
    )
      return socket
  }
  return listener
}

/** False: no socket took it; then a RST has been sent, nothing more is due. */
export function deliverTcp(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): boolean {
  const packet = buffer.packet
  const segment = packet.payload
  if (segment.kind !== 'tcp') return false
  let socket = findTcpSocket(netns, packet, buffer.input)
  if (socket?.state === 'TIME-WAIT' && reopens(socket, segment)) {
    destroy(netns, socket)
    socket = findTcpSocket(netns, packet, buffer.input)
  }
  if (socket === undefined) {
    sendReset(sim, netns, packet, buffer.input)
    return false
  }
  if (socket.state === 'LISTEN') listenInput(sim, netns, socket, packet, segment)
  else if (socket.state === 'SYN-SENT') synSentInput(sim, netns, socket, packet, segment)
  else connectedInput(sim, netns, socket, buffer, segment)
  return true
}

/** RFC 6191: a new connection may take the place of one in TIME-WAIT. */
function reopens(socket: TcpSocket, segment: TcpSegment): boolean {
  return segment.flags.syn && !segment.flags.ack && distance(segment.sequence, socket.receiveNext) > 0
}

/** §3.10.7.3. */
function synSentInput(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  packet: IpPacket,
  segment: TcpSegment,
): void {
  const { flags } = segment
  if (flags.ack && segment.acknowledgment !== socket.sendNext) return sendReset(sim, netns, packet)
  if (flags.rst) {
    if (!flags.ack) return
    failSocket(sim, netns, socket, 'ECONNREFUSED')
    return abort(netns, socket)
  }
  if (!flags.syn || !flags.ack) return
  socket.receiveNext = advance(segment.sequence, 1)
  socket.sendUnacknowledged = segment.acknowledgment
  agreeOptions(netns, socket, segment)
  socket.state = 'ESTABLISHED'
  settle(socket)
  sendAcknowledgment(sim, netns, socket)
  wakeOwner(sim, netns, socket)
}

/** The handshake is over: no timer runs, and time-outs are those of a short round trip. */
function settle(socket: TcpSocket): void {
  socket.generation++
  socket.retransmissions = 0
  socket.timeoutMs = 200
}

/** §3.10.7.4: first the sequence number, then RST, SYN, ACK, text, FIN. */
function connectedInput(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  buffer: IpBuffer,
  segment: TcpSegment,
): void {
  if (!acceptable(socket, segment)) {
    if (!segment.flags.rst) answerUnacceptable(sim, netns, socket, segment)
    return
  }
  if (segment.flags.rst) return resetInput(sim, netns, socket)
  if (segment.flags.syn) return sendAcknowledgment(sim, netns, socket)
  if (!segment.flags.ack) return
  if (segment.options?.timestamps && distance(segment.sequence, socket.receiveNext) <= 0)
    socket.timestampRecent = segment.options.timestamps.value
  if (socket.state === 'SYN-RECEIVED') {
    if (segment.acknowledgment !== socket.sendNext) return sendReset(sim, netns, buffer.packet)
    socket.state = 'ESTABLISHED'
    settle(socket)
    announce(sim, netns, socket)
  }
  if (!acceptAcknowledgment(sim, netns, socket, segment)) return
  receiveSegment(sim, netns, socket, buffer, segment)
  if (netns.sockets.has(socket.id) && socket.state !== 'CLOSED') pushData(sim, netns, socket)
}

/** A finished handshake joins its listener's queue. */
function announce(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  const parent = socket.parent === null ? undefined : netns.sockets.get(socket.parent)
  if (parent?.kind !== 'tcp') return
  parent.accepted.push(socket.id)
  wakeOwner(sim, netns, parent)
}

/** Does any of the segment fall into the window? A RST must hit the next expected number (RFC 5961 §3). */
function acceptable(socket: TcpSocket, segment: TcpSegment): boolean {
  const length = segmentLength(segment)
  const first = distance(segment.sequence, socket.receiveNext)
  const window = advertisedWindow(socket)
  if (segment.flags.rst) return first === 0
  if (length === 0) return first <= 0 ? first === 0 : first < window
  return first + length > 0 && first < Math.max(window, 1)
}

/** A repeated SYN of the handshake gets the SYN-ACK again, all else the acknowledgment. */
function answerUnacceptable(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  segment: TcpSegment,
): void {
  if (socket.state === 'SYN-RECEIVED' && segment.flags.syn) return
  sendAcknowledgment(sim, netns, socket)
}

function resetInput(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  if (socket.state === 'TIME-WAIT') return destroy(netns, socket)
  if (socket.state === 'CLOSE-WAIT') failSocket(sim, netns, socket, 'EPIPE')
  else failSocket(sim, netns, socket, 'ECONNRESET')
  abort(netns, socket)
}
