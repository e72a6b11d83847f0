/** UDP sockets. RFC 768, udp(7), net/ipv4/udp.c */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { PROTOCOL_UDP } from '../../wire/frame.ts'
import { isLimitedBroadcast, isMulticast } from '../../wire/ipv4-address.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import { vxlanInput } from '../link/vxlan.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import type { UdpSocket } from '../socket.ts'
import { type Datagram, lookupConnect, lookupIp, sendDatagram } from '../sockets/ip-layer.ts'
import { bindPort, isLocalAddress } from '../sockets/ports.ts'
import { takeError, wakeOwner } from '../sockets/wake.ts'

const QUEUE_LIMIT = 256

/** `address` 0 = any, `port` 0 = one of the system's choosing. */
export function bindUdp(
  sim: Simulation,
  netns: NetNamespace,
  socket: UdpSocket,
  address: IpAddress,
  port: number,
): Result<void> {
  if (!isLocalAddress(netns, address)) return refuse('EADDRNOTAVAIL')
  return bindPort(sim, netns, socket, address, port)
}

/** connect(2): fixes the peer and with it the source address; errors come back from now on. */
export function connectUdp(
  sim: Simulation,
  netns: NetNamespace,
  socket: UdpSocket,
  address: IpAddress,
  port: number,
): Result<void> {
  const route = lookupConnect(netns, {
    destination: address,
    ...(socket.localAddress === 0 ? {} : { source: socket.localAddress }),
    ...(socket.device === null ? {} : { outputIfindex: socket.device }),
  })
  if (!route.ok) return route
  if (socket.localPort === 0) {
    const bound = bindPort(sim, netns, socket, socket.localAddress, 0)
    if (!bound.ok) return bound
  }
  if (socket.localAddress === 0) socket.localAddress = route.value.source
  socket.remoteAddress = address
  socket.remotePort = port
  return ok(undefined)
}

export function sendUdp(
  sim: Simulation,
  netns: NetNamespace,
  socket: UdpSocket,
  to: IpAddress,
  port: number,
  data: Uint8Array,
): Result<void> {
  const error = takeError(socket)
  if (error !== null) return refuse(error)
  const route = lookupIp(netns, {
    destination: to,
    ...(socket.localAddress === 0 ? {} : { source: socket.localAddress }),
    ...(socket.device === null ? {} : { outputIfindex: socket.device }),
  })
  if (!route.ok) return route
  if (route.value.isBroadcast && !socket.broadcast) return refuse('EACCES')
  if (socket.localPort === 0) {
    const bound = bindPort(sim, netns, socket, socket.localAddress, 0)
    if (!bound.ok) return bound
  }
  const source = socket.localAddress === 0 ? route.value.source : socket.localAddress
  const isGroup = typeof to === 'number' ? isMulticast(to) : isMulticast6(to)
  const datagram: Datagram = {
    source,
    destination: to,
    ttl: isGroup ? 1 : socket.ttl,
    protocol: PROTOCOL_UDP,
    tos: socket.tos,
    dontFragment: socket.dontFragment,
    payload: { kind: 'udp', sourcePort: socket.localPort, destinationPort: port, data },
  }
  const options = { socket: socket.id, ...(socket.device === null ? {} : { device: socket.device }) }
  const sent = sendDatagram(sim, netns, datagram, options)
  // IP_PMTUDISC_WANT: what is too long goes in fragments.
  if (sent.ok || sent.error.code !== 'EMSGSIZE') return sent
  return sendDatagram(sim, netns, { ...datagram, dontFragment: false }, options)
}

/** One datagram, null if there is none. */
export function receiveUdp(socket: UdpSocket): UdpSocket['received'][number] | null {
  return socket.received.shift() ?? null
}

/** compute_score: the more a socket has fixed, the better; −1: not this one. */
function score(socket: UdpSocket, packet: IpPacket, input: number | null): number {
  const udp = packet.payload
  if (udp.kind !== 'udp' || socket.localPort !== udp.destinationPort) return -1
  if (packet.kind === 'ipv4' ? socket.family === 6 && !socket.dualStack : socket.family === 4) return -1
  let points = 0
  if (socket.localAddress !== 0) {
    if (socket.localAddress !== packet.destination) return -1
    points += 4
  }
  if (socket.remotePort !== 0) {
    if (socket.remotePort !== udp.sourcePort || socket.remoteAddress !== packet.source) return -1
    points += 8
  }
  if (socket.device !== null) {
    if (socket.device !== input) return -1
    points += 4
  }
  return points
}

function isGroup(netns: NetNamespace, address: IpAddress): boolean {
  if (typeof address === 'string') return isMulticast6(address)
  if (isMulticast(address) || isLimitedBroadcast(address)) return true
  for (const link of netns.links.values())
    if (link.addresses.some((own) => own.broadcast === address)) return true
  return false
}

function queue(sim: Simulation, netns: NetNamespace, socket: UdpSocket, packet: IpPacket): void {
  const udp = packet.payload
  if (udp.kind !== 'udp' || socket.received.length >= QUEUE_LIMIT) return
  if (socket.tunnel !== undefined && packet.kind === 'ipv4')
    return vxlanInput(sim, netns, socket.tunnel.devices, packet.source, udp)
  socket.received.push({
    from: packet.source,
    fromPort: udp.sourcePort,
    to: packet.destination,
    data: udp.data,
  })
  wakeOwner(sim, netns, socket)
}

/** False: no socket takes it, and a "port unreachable" is due (not for broadcasts). */
export function deliverUdp(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): boolean {
  const packet = buffer.packet
  const toAll = isGroup(netns, packet.destination)
  let best: UdpSocket | null = null
  let bestScore = -1
  let delivered = false
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'udp') continue
    const points = score(socket, packet, buffer.input)
    if (points < 0) continue
    if (toAll) {
      queue(sim, netns, socket, packet)
      delivered = true
    } else if (points > bestScore) {
      best = socket
      bestScore = points
    }
  }
  if (best !== null) queue(sim, netns, best, packet)
  return delivered || best !== null
}
