/** What an ICMP error does to a connection. RFC 1122 §4.2.3.9, RFC 1191; net/ipv4/tcp_ipv4.c tcp_v4_err */
import type { IpPacket } from '../../wire/frame.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket } from '../socket.ts'
import { failSocket } from '../sockets/wake.ts'
import { abort } from './close.ts'
import { pushData } from './output.ts'
import { distance } from './sequence.ts'

/** `mtu`: of "fragmentation needed". Errors end a connection only while it is being made. */
export function tcpIcmpError(
  sim: Simulation,
  netns: NetNamespace,
  original: IpPacket,
  code: string,
  mtu: number | null,
): void {
  const segment = original.payload
  if (segment.kind !== 'tcp') return
  const socket = connectionOf(netns, original)
  if (socket === undefined) return
  if (distance(segment.sequence, socket.sendUnacknowledged) < 0) return
  if (mtu !== null) return shrink(sim, netns, socket, segmentSize(original, mtu))
  if (socket.state !== 'SYN-SENT' && socket.state !== 'SYN-RECEIVED') return
  failSocket(sim, netns, socket, code)
  abort(netns, socket)
}

/** Data that fits behind the headers, of the least MTU that is believed. */
function segmentSize(packet: IpPacket, mtu: number): number {
  return packet.kind === 'ipv4' ? Math.max(mtu, 552) - 40 : Math.max(mtu, 1280) - 60
}

function shrink(sim: Simulation, netns: NetNamespace, socket: TcpSocket, size: number): void {
  if (size >= socket.maximumSegmentSize) return
  socket.maximumSegmentSize = size
  socket.sendNext = socket.sendUnacknowledged
  pushData(sim, netns, socket)
}

function connectionOf(netns: NetNamespace, original: IpPacket): TcpSocket | undefined {
  const segment = original.payload
  if (segment.kind !== 'tcp') return undefined
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'tcp' || socket.state === 'LISTEN' || socket.state === 'CLOSED') continue
    if (socket.localPort !== segment.sourcePort || socket.remotePort !== segment.destinationPort) continue
    if (socket.localAddress === original.source && socket.remoteAddress === original.destination)
      return socket
  }
  return undefined
}
