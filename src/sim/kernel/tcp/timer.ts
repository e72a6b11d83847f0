/**
 * Retransmission, zero-window probes, delayed acknowledgments, TIME-WAIT. RFC 6298, RFC 9293 §3.8.1;
 * net/ipv4/tcp_timer.c. First time-out 1 s, then doubling; Linux 6.5 and later send the first four SYN again at
 * intervals of one second (`tcp_syn_linear_timeouts`).
 */
import type { NetNamespace } from '../net-namespace.ts'
import type { KernelTimer, Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { failSocket } from '../sockets/wake.ts'
import { abort, destroy } from './close.ts'
import { armRetransmit, pushData, sendAcknowledgment, transmit } from './output.ts'
import { advance } from './sequence.ts'

const LONGEST_TIMEOUT_MS = 120_000
const SYN_ACK_RETRIES = 5
const DATA_RETRIES = 15

export function handleTcpTimer(sim: Simulation, netns: NetNamespace, timer: KernelTimer): void {
  if (timer.kind !== 'tcp' && timer.kind !== 'tcp-time-wait') return
  const socket = netns.sockets.get(timer.socket)
  if (socket?.kind !== 'tcp') return
  if (timer.kind === 'tcp-time-wait') {
    if (socket.state === 'TIME-WAIT' || (socket.state === 'FIN-WAIT-2' && socket.orphaned))
      destroy(netns, socket)
  } else if (timer.which === 'acknowledge') {
    if (socket.ackPending && timer.generation === socket.ackGeneration) sendAcknowledgment(sim, netns, socket)
  } else if (timer.generation === socket.generation) retransmit(sim, netns, socket)
}

/** How many of the first SYN time-outs do not double. */
function linearTimeouts(sim: Simulation, netns: NetNamespace): number {
  const [major = 0, minor = 0] = (sim.kernels.get(netns.host)?.features.release ?? '').split('.').map(Number)
  return major > 6 || (major === 6 && minor >= 5) ? 4 : 0
}

function synRetries(netns: NetNamespace): number {
  return Number(netns.sysctls.get('net.ipv4.tcp_syn_retries') ?? 6)
}

function retriesOf(sim: Simulation, netns: NetNamespace, socket: TcpSocket): number {
  if (socket.state === 'SYN-SENT') return synRetries(netns) + linearTimeouts(sim, netns)
  return socket.state === 'SYN-RECEIVED' ? SYN_ACK_RETRIES : DATA_RETRIES
}

function retransmit(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  const outstanding = socket.sendMaximum !== socket.sendUnacknowledged
  if (!outstanding && socket.sendBufferLength === 0) return
  if (socket.retransmissions >= retriesOf(sim, netns, socket)) {
    failSocket(sim, netns, socket, 'ETIMEDOUT')
    return abort(netns, socket)
  }
  socket.retransmissions++
  const linear = socket.state === 'SYN-SENT' && socket.retransmissions <= linearTimeouts(sim, netns)
  if (!linear) socket.timeoutMs = Math.min(LONGEST_TIMEOUT_MS, 2 * socket.timeoutMs)
  if (outstanding) resend(sim, netns, socket)
  else probe(sim, netns, socket)
  armRetransmit(sim, netns, socket)
}

/** A byte that was acknowledged before: the answer tells the window. */
function probe(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  if (socket.sendWindow > 0) pushData(sim, netns, socket)
  else
    transmit(sim, netns, socket, { flags: { ack: true }, sequence: advance(socket.sendUnacknowledged, -1) })
}

/** Goes back to the oldest byte; what follows is sent again as acknowledgments come in. */
function resend(sim: Simulation, netns: NetNamespace, socket: TcpSocket): void {
  if (socket.state === 'SYN-SENT' || socket.state === 'SYN-RECEIVED') {
    const ack = socket.state === 'SYN-RECEIVED'
    transmit(sim, netns, socket, { flags: { syn: true, ack }, sequence: socket.initialSendSequence })
    return
  }
  const window = socket.sendWindow
  socket.sendNext = socket.sendUnacknowledged
  if (window === 0) return probe(sim, netns, socket)
  // One segment only: the window is narrowed for the moment.
  socket.sendWindow = Math.min(window, socket.maximumSegmentSize)
  pushData(sim, netns, socket)
  socket.sendWindow = window
}
