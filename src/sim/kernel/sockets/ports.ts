/**
 * Local ports: who holds one, and which are given out. ip(7) `ip_local_port_range`, udp(7),
 * net/ipv4/inet_hashtables.c (connect takes even ports, bind odd ones), net/ipv4/inet_connection_sock.c
 */
import { nextBetween } from '../../base/random.ts'
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IpAddress } from '../../wire/frame.ts'
import { isLocalAddress6 } from '../ipv6/fib.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { Socket, TcpSocket, UdpSocket } from '../socket.ts'

export type PortSocket = TcpSocket | UdpSocket

export function portRange(netns: NetNamespace): { low: number; high: number } {
  const text = netns.sysctls.get('net.ipv4.ip_local_port_range')
  const [low, high] = (text ?? '32768\t60999').trim().split(/\s+/).map(Number)
  return { low: low ?? 32768, high: high ?? 60999 }
}

export function isPortSocket(socket: Socket): socket is PortSocket {
  return socket.kind === 'tcp' || socket.kind === 'udp'
}

/** Two families do not meet unless the v6 socket takes v4 too. */
function sameFamily(x: PortSocket, y: PortSocket): boolean {
  const dual = (s: PortSocket): boolean => s.family === 6 && s.dualStack
  return x.family === y.family || dual(x) || dual(y)
}

function conflicts(socket: PortSocket, other: PortSocket, address: IpAddress): boolean {
  if (other.id === socket.id || other.kind !== socket.kind || !sameFamily(socket, other)) return false
  if (socket.device !== null && other.device !== null && socket.device !== other.device) return false
  if (address !== 0 && other.localAddress !== 0 && address !== other.localAddress) return false
  if (!socket.reuseAddress || !other.reuseAddress) return true
  return other.kind === 'tcp' && other.state === 'LISTEN'
}

/** Connections accepted from a listener share its port and do not hold it. */
export function portTaken(
  netns: NetNamespace,
  socket: PortSocket,
  address: IpAddress,
  port: number,
): boolean {
  for (const other of netns.sockets.values()) {
    if (!isPortSocket(other) || other.localPort !== port) continue
    if (conflicts(socket, other, address)) return true
  }
  return false
}

/** A free port chosen at random; `parity` 0 or 1 for TCP, null for UDP. */
export function choosePort(
  sim: Simulation,
  netns: NetNamespace,
  parity: 0 | 1 | null,
  isFree: (port: number) => boolean,
): Result<number> {
  const { low, high } = portRange(netns)
  const size = high - low + 1
  const start = nextBetween(sim.random, 0, size - 1)
  for (const wanted of parity === null ? [null] : [parity, 1 - parity]) {
    for (let i = 0; i < size; i++) {
      const port = low + ((start + i) % size)
      if (wanted !== null && port % 2 !== wanted) continue
      if (isFree(port)) return ok(port)
    }
  }
  return refuse('EADDRINUSE')
}

/** bind(2): port 0 asks for any. */
export function bindPort(
  sim: Simulation,
  netns: NetNamespace,
  socket: PortSocket,
  address: IpAddress,
  port: number,
): Result<void> {
  const own = address === '::' ? 0 : address
  const isFree = (candidate: number): boolean => !portTaken(netns, socket, own, candidate)
  if (port !== 0 && !isFree(port)) return refuse('EADDRINUSE')
  const chosen = port === 0 ? choosePort(sim, netns, socket.kind === 'tcp' ? 1 : null, isFree) : ok(port)
  if (!chosen.ok) return chosen
  socket.localAddress = address === '::' ? 0 : address
  socket.localPort = chosen.value
  return ok(undefined)
}

/** Only an address of this host, or any, can be bound. */
export function isLocalAddress(netns: NetNamespace, address: IpAddress): boolean {
  if (typeof address === 'string')
    return address === '::' || address.startsWith('ff') || isLocalAddress6(netns, address)
  if (address === 0 || address >>> 24 === 127 || address >>> 28 === 14 || address === 0xffffffff) return true
  for (const link of netns.links.values())
    if (link.addresses.some((own) => own.address === address || own.broadcast === address)) return true
  return false
}
