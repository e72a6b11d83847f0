/** What the peer has got, and how much more it takes. RFC 9293 §3.10.7.4 "fifth, check the ACK field" */
import type { TcpSegment } from '../../wire/frame.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { wakeOwner } from '../sockets/wake.ts'
import { drop } from './buffer.ts'
import { armRemoval, destroy, enterTimeWait } from './close.ts'
import { armRetransmit, sendAcknowledgment } from './output.ts'
import { distance } from './sequence.ts'

/** False: the segment ends here. */
export function acceptAcknowledgment(
  sim: Simulation,
  netns: NetNamespace,
  socket: TcpSocket,
  segment: TcpSegment,
): boolean {
  const progress = distance(segment.acknowledgment, socket.sendUnacknowledged)
  if (distance(segment.acknowledgment, socket.sendMaximum) > 0) {
    sendAcknowledgment(sim, netns, socket)
    return false
  }
  if (progress >= 0) updateWindow(sim, netns, socket, segment.window * 2 ** socket.peerWindowScale)
  if (progress <= 0) return true
  const finished = takeAcknowledged(socket, segment.acknowledgment, progress)
  socket.retransmissions = 0
  socket.timeoutMs = 200
  socket.generation++
  if (socket.sendMaximum !== socket.sendUnacknowledged) armRetransmit(sim, netns, socket)
  if (socket.sendBufferLength === 0) wakeOwner(sim, netns, socket)
  return finished ? finAcknowledged(sim, netns, socket) : true
}

/** A peer that answers probes is alive; one whose window opens gets the rest at the usual pace. */
function updateWindow(sim: Simulation, netns: NetNamespace, socket: TcpSocket, window: number): void {
  const wasClosed = socket.sendWindow === 0
  socket.sendWindow = window
  if (!wasClosed) return
  socket.retransmissions = 0
  if (window === 0 || socket.sendBufferLength === 0) return
  socket.timeoutMs = 200
  armRetransmit(sim, netns, socket)
}

/** Moves the left edge; true if our FIN was among what was acknowledged. */
function takeAcknowledged(socket: TcpSocket, acknowledgment: number, progress: number): boolean {
  let data = progress
  // The first acknowledgment also covers the SYN, which has no byte in the buffer.
  if (socket.sendUnacknowledged === socket.initialSendSequence) data--
  const finished = data > socket.sendBufferLength
  const bytes = Math.min(data, socket.sendBufferLength)
  drop(socket.sendBuffer, bytes)
  socket.sendBufferLength -= bytes
  socket.sendUnacknowledged = acknowledgment
  if (distance(socket.sendNext, acknowledgment) < 0) socket.sendNext = acknowledgment
  if (finished) socket.finQueued = false
  return finished
}

function finAcknowledged(sim: Simulation, netns: NetNamespace, socket: TcpSocket): boolean {
  if (socket.state === 'FIN-WAIT-1') {
    socket.state = 'FIN-WAIT-2'
    if (socket.orphaned) armRemoval(sim, netns, socket)
  } else if (socket.state === 'CLOSING') enterTimeWait(sim, netns, socket)
  else if (socket.state === 'LAST-ACK') {
    if (socket.owner === 0) destroy(netns, socket)
    else socket.state = 'CLOSED'
    return false
  }
  return true
}
