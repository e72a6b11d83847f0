/** A SYN at a listener, and what the two ends agree on. RFC 9293 §3.5, §3.7.1; RFC 7323 §2; tcp_conn_request */
import type { IpPacket, TcpSegment } from '../../wire/frame.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { newTcpSocket } from '../sockets/open.ts'
import { armRetransmit, initialWindow, ownSegmentSize, transmit, WINDOW_SCALE } from './output.ts'
import { sendReset } from './reset.ts'
import { advance } from './sequence.ts'

export function listenInput(
  sim: Simulation,
  netns: NetNamespace,
  listener: TcpSocket,
  packet: IpPacket,
  segment: TcpSegment,
): void {
  if (segment.flags.rst) return
  if (segment.flags.ack) return sendReset(sim, netns, packet)
  if (!segment.flags.syn || listener.accepted.length > listener.backlog) return
  const child = makeChild(sim, netns, listener, packet, segment)
  if (child === null) return
  transmit(sim, netns, child, { flags: { syn: true, ack: true }, sequence: child.initialSendSequence })
  armRetransmit(sim, netns, child)
}

function makeChild(
  sim: Simulation,
  netns: NetNamespace,
  listener: TcpSocket,
  packet: IpPacket,
  segment: TcpSegment,
): TcpSocket | null {
  const kernel = sim.kernels.get(netns.host)
  if (kernel === undefined) return null
  const { ttl, tos, device } = listener
  const base = { id: kernel.next.socket++, owner: 0, ownerFd: -1, device, ttl, tos, error: null }
  const child = newTcpSocket(sim, base, listener.family, false)
  child.state = 'SYN-RECEIVED'
  child.parent = listener.id
  child.reuseAddress = true
  child.localAddress = packet.destination
  child.localPort = segment.destinationPort
  child.remoteAddress = packet.source
  child.remotePort = segment.sourcePort
  child.receiveNext = advance(segment.sequence, 1)
  child.sendNext = advance(child.initialSendSequence, 1)
  child.sendMaximum = child.sendNext
  const on = (name: string): boolean => netns.sysctls.get(`net.ipv4.${name}`) !== '0'
  child.windowScale = on('tcp_window_scaling') ? WINDOW_SCALE : 0
  child.timestamps = on('tcp_timestamps')
  child.sackPermitted = on('tcp_sack')
  agreeOptions(netns, child, segment)
  const own = ownSegmentSize(netns, packet.source)
  child.receiveWindow = initialWindow(own - (child.timestamps ? 12 : 0))
  netns.sockets.set(child.id, child)
  return child
}

/** Both ends must have offered an option for it to be used. */
export function agreeOptions(netns: NetNamespace, socket: TcpSocket, syn: TcpSegment): void {
  const options = syn.options
  const scale = options?.windowScale ?? null
  socket.peerWindowScale = socket.windowScale > 0 && scale !== null ? scale : 0
  if (scale === null) socket.windowScale = 0
  socket.timestamps = socket.timestamps && options?.timestamps != null
  socket.timestampRecent = options?.timestamps?.value ?? 0
  socket.sackPermitted = socket.sackPermitted && options?.sackPermitted === true
  socket.maximumSegmentSize = Math.min(
    options?.maximumSegmentSize ?? 536,
    ownSegmentSize(netns, socket.remoteAddress),
  )
  // The window of a SYN is never scaled.
  socket.sendWindow = syn.window
}
