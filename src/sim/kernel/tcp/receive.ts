/** Text and FIN of a segment: in order, overlapping, or too early. RFC 9293 §3.10.7.4 "seventh", "eighth" */
import type { TcpSegment } from '../../wire/frame.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { wakeOwner } from '../sockets/wake.ts'
import { destroy, enterTimeWait } from './close.ts'
import { advertisedWindow, armAcknowledge, sendAcknowledgment } from './output.ts'
import { sendReset } from './reset.ts'
import { advance, distance, segmentLength } from './sequence.ts'

const OUT_OF_ORDER_LIMIT = 256

export function receiveSegment(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  buffer: IpBuffer,
  segment: TcpSegment,
): void {
  if (segmentLength(segment) === 0) return
  if (segment.data.length > 0 && socket.orphaned) {
    sendReset(sim, netns, buffer.packet)
    return destroy(netns, socket)
  }
  const before = socket.receiveNext
  const hadFin = socket.finReceived
  if (distance(segment.sequence, socket.receiveNext) > 0) keepForLater(socket, segment)
  else {
    take(sim, netns, socket, segment)
    takeWaiting(sim, netns, socket)
  }
  const got = distance(socket.receiveNext, before)
  if (got > 0) grown(sim, netns, socket, buffer)
  acknowledge(sim, netns, socket, got, !hadFin && socket.finReceived)
}

function grown(sim: Simulation, netns: NetNamespace, socket: TcpSocket, buffer: IpBuffer): void {
  socket.lastReceivedUs = sim.nowUs
  growWindow(netns, socket, buffer)
  wakeOwner(sim, netns, socket)
}

/**
 * tcp_grow_window: a buffer that holds mostly data earns a larger window, one that holds mostly overhead (a small
 * segment, or any segment handed over by a veth) no more than half of `tcp_rmem`.
 */
function growWindow(netns: NetNamespace, socket: TcpSocket, buffer: IpBuffer): void {
  const payload = buffer.packet.payload
  if (payload.kind !== 'tcp' || payload.data.length < 256) return
  const input = buffer.input === null ? undefined : netns.links.get(buffer.input)
  const size = socket.maximumSegmentSize - (socket.timestamps ? 12 : 0)
  if (input?.kind === 'physical') socket.receiveWindow += 2 * size
  else socket.receiveWindow = Math.max(socket.receiveWindow, 65536)
  socket.receiveWindow = Math.min(socket.receiveWindow, 1 << 20)
}

function keepForLater(socket: TcpSocket, segment: TcpSegment): void {
  if (socket.outOfOrder.length >= OUT_OF_ORDER_LIMIT) return
  if (
    socket.outOfOrder.some(
      (other) => other.sequence === segment.sequence && other.data.length >= segment.data.length,
    )
  )
    return
  socket.outOfOrder.push(segment)
}

/** Takes from a segment what is new and fits. */
function take(sim: Simulation, netns: NetNamespace, socket: TcpSocket, segment: TcpSegment): void {
  if (socket.finReceived) return
  const old = distance(socket.receiveNext, segment.sequence)
  const fits = advertisedWindow(socket)
  const data = segment.data.subarray(old, old + fits)
  if (data.length > 0) {
    socket.receiveBuffer.push(data)
    socket.receiveBufferLength += data.length
    socket.receiveNext = advance(socket.receiveNext, data.length)
  }
  const complete = distance(advance(segment.sequence, segment.data.length), socket.receiveNext) === 0
  if (segment.flags.fin && complete) takeFin(sim, netns, socket)
}

function takeWaiting(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  for (;;) {
    const index = socket.outOfOrder.findIndex((one) => distance(one.sequence, socket.receiveNext) <= 0)
    if (index < 0) return
    const [segment] = socket.outOfOrder.splice(index, 1)
    if (segment === undefined) return
    if (distance(advance(segment.sequence, segmentLength(segment)), socket.receiveNext) > 0)
      take(sim, netns, socket, segment)
  }
}

function takeFin(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  socket.finReceived = true
  socket.receiveNext = advance(socket.receiveNext, 1)
  if (socket.state === 'ESTABLISHED') socket.state = 'CLOSE-WAIT'
  else if (socket.state === 'FIN-WAIT-1') socket.state = 'CLOSING'
  else if (socket.state === 'FIN-WAIT-2') enterTimeWait(sim, netns, socket)
}

/** `got`: how far the right edge moved; 0 for what is repeated or too early, which is answered at once. */
function acknowledge(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  got: number,
  fin: boolean,
): void {
  const closing = socket.state === 'CLOSING' || socket.state === 'TIME-WAIT'
  const data = got - (fin ? 1 : 0)
  const delayed = got > 0 && !closing && (data === 0 || socket.interactive)
  if (fin) socket.interactive = true
  if (!delayed) sendAcknowledgment(sim, netns, socket)
  else if (!socket.ackPending) armAcknowledge(sim, netns, socket)
}
