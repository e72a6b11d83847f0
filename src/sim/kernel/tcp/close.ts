/** Ending connections. RFC 9293 §3.6, §3.10.4; net/ipv4/tcp.c tcp_close, tcp_shutdown */
import { enqueue } from '../../base/event-queue.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { pushData, transmit } from './output.ts'

export const TIME_WAIT_US = 60_000_000

/** Takes the socket out of the table; its timers find nothing. */
export function destroy(netns: NetNamespace, socket: TcpSocket): void {
  socket.state = 'CLOSED'
  socket.generation++
  netns.sockets.delete(socket.id)
}

/** A connection ends with an error: the owner gets to know, nobody else has use of it. */
export function abort(netns: NetNamespace, socket: TcpSocket): void {
  if (socket.owner === 0) destroy(netns, socket)
  else {
    socket.state = 'CLOSED'
    socket.generation++
  }
}

export function enterTimeWait(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  socket.state = 'TIME-WAIT'
  socket.generation++
  armRemoval(sim, netns, socket)
}

/** FIN-WAIT-2 of a closed socket and TIME-WAIT both last a minute. */
export function armRemoval(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  const timer = { kind: 'tcp-time-wait', socket: socket.id } as const
  enqueue(sim.queue, sim.nowUs + TIME_WAIT_US, { kind: 'timer', host: netns.host, netns: netns.id, timer })
}

/** shutdown(SHUT_WR): what was written is still sent, then a FIN. */
export function shutdownTcp(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  if (socket.state === 'ESTABLISHED' || socket.state === 'SYN-RECEIVED') socket.state = 'FIN-WAIT-1'
  else if (socket.state === 'CLOSE-WAIT') socket.state = 'LAST-ACK'
  else return
  socket.finQueued = true
  pushData(sim, netns, socket)
}

function resetPeer(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  transmit(sim, netns, socket, { flags: { rst: true, ack: true }, sequence: socket.sendNext })
}

/** close(2). Unread data means that the peer is told with a RST (RFC 2525 §2.17). */
export function closeTcp(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  socket.owner = 0
  socket.orphaned = true
  switch (socket.state) {
    case 'LISTEN':
      closeListener(sim, netns, socket)
      break
    case 'CLOSED':
    case 'SYN-SENT':
      destroy(netns, socket)
      break
    case 'FIN-WAIT-2':
      armRemoval(sim, netns, socket)
      break
    case 'ESTABLISHED':
    case 'SYN-RECEIVED':
    case 'CLOSE-WAIT':
      if (socket.receiveBufferLength > 0) {
        resetPeer(sim, netns, socket)
        destroy(netns, socket)
      } else shutdownTcp(sim, netns, socket)
      break
    default:
  }
}

function closeListener(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  destroy(netns, socket)
  for (const child of [...netns.sockets.values()]) {
    if (child.kind !== 'tcp' || child.parent !== socket.id || child.owner !== 0 || child.orphaned) continue
    if (child.state !== 'SYN-RECEIVED') resetPeer(sim, netns, child)
    destroy(netns, child)
  }
}
