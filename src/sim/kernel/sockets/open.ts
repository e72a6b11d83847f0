/** Making sockets and giving them up. socket(2), close(2), capabilities(7) */
import { nextUint32 } from '../../base/random.ts'
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { releasePromiscuity, takePromiscuity } from '../packet-socket/promiscuity.ts'
import type { Simulation } from '../simulation.ts'
import type { PacketSocket, RawSocket, Socket, SocketBase, TcpSocket, UdpSocket } from '../socket.ts'
import { closers } from '../task/closers.ts'
import { freeDescriptor } from '../task/descriptor.ts'
import type { Process } from '../task/types.ts'
import { closeTcp } from '../tcp/close.ts'

export type SocketSpec =
  | {
      readonly kind: 'udp'
      readonly family?: 4 | 6
      readonly dualStack?: boolean
      readonly device?: number | null
    }
  | {
      readonly kind: 'tcp'
      readonly family?: 4 | 6
      readonly dualStack?: boolean
      readonly device?: number | null
    }
  | {
      readonly kind: 'raw'
      readonly family?: 4 | 6
      readonly protocol: number
      readonly identifier?: number | null
      readonly device?: number | null
    }
  | {
      readonly kind: 'packet'
      readonly device: number | null
      readonly limit?: number
      readonly promiscuous?: boolean
    }

type SocketOf<S extends SocketSpec> = S extends { kind: 'udp' }
  ? UdpSocket
  : S extends { kind: 'tcp' }
    ? TcpSocket
    : S extends { kind: 'raw' }
      ? RawSocket
      : PacketSocket

/** A socket in the process's network namespace, with a descriptor: the lowest free number from `lowestFd` on. */
export function openSocket<S extends SocketSpec>(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  spec: S,
  lowestFd = 3,
): SocketOf<S> {
  const netns = kernel.namespaces.get(process.netns)
  if (netns === undefined) throw new Error(`process ${process.pid} has no network namespace`)
  const fd = freeDescriptor(process, lowestFd)
  const socket = makeSocket(sim, kernel, spec, process.pid, fd)
  netns.sockets.set(socket.id, socket)
  process.descriptors.set(fd, { kind: 'socket', netns: netns.id, socket: socket.id })
  if (socket.kind === 'packet') {
    netns.counters.packetSockets++
    if (socket.promiscuous) takePromiscuity(sim, kernel, netns, socket.device)
  }
  return socket as SocketOf<S>
}

function makeSocket(sim: Simulation, kernel: Kernel, spec: SocketSpec, owner: number, fd: number): Socket {
  const base: SocketBase = {
    id: kernel.next.socket++,
    owner,
    ownerFd: fd,
    device: spec.device ?? null,
    ttl: 64,
    tos: 0,
    error: null,
  }
  switch (spec.kind) {
    case 'raw':
      return {
        ...base,
        kind: 'raw',
        family: spec.family ?? 4,
        protocol: spec.protocol,
        identifier: spec.identifier ?? null,
        connected: null,
        received: [],
      }
    case 'packet':
      return {
        ...base,
        kind: 'packet',
        received: [],
        limit: spec.limit ?? 10000,
        dropped: 0,
        promiscuous: spec.promiscuous ?? true,
      }
    case 'udp':
      return {
        ...base,
        kind: 'udp',
        family: spec.family ?? 4,
        dualStack: spec.dualStack ?? false,
        ...UNBOUND,
        ...NEW_UDP,
        received: [],
      }
    case 'tcp':
      return newTcpSocket(sim, base, spec.family ?? 4, spec.dualStack ?? false)
  }
}

const UNBOUND = { localAddress: 0, localPort: 0, remoteAddress: 0, remotePort: 0, reuseAddress: false }
const NEW_UDP = { broadcast: false, dontFragment: true }

export function newTcpSocket(
  sim: Simulation,
  base: SocketBase,
  family: 4 | 6,
  dualStack: boolean,
): TcpSocket {
  const sequence = nextUint32(sim.random)
  return {
    ...base,
    kind: 'tcp',
    family,
    dualStack,
    ...UNBOUND,
    state: 'CLOSED',
    backlog: 0,
    accepted: [],
    parent: null,
    sendUnacknowledged: sequence,
    sendNext: sequence,
    sendMaximum: sequence,
    initialSendSequence: sequence,
    sendWindow: 0,
    receiveNext: 0,
    receiveWindow: 0,
    maximumSegmentSize: 536,
    windowScale: 0,
    peerWindowScale: 0,
    timestamps: false,
    timestampOffset: nextUint32(sim.random),
    timestampRecent: 0,
    sackPermitted: false,
    sendBuffer: [],
    sendBufferLength: 0,
    finQueued: false,
    receiveBuffer: [],
    receiveBufferLength: 0,
    finReceived: false,
    outOfOrder: [],
    orphaned: false,
    corked: false,
    interactive: false,
    lastReceivedUs: 0,
    ackPending: false,
    ackGeneration: 0,
    retransmissions: 0,
    timeoutMs: 1000,
    generation: 0,
  }
}

export function findSocket(netns: NetNamespace, id: number): Socket | undefined {
  return netns.sockets.get(id)
}

/** The socket behind a descriptor. */
export function socketOf(kernel: Kernel, process: Process, fd: number): Socket | undefined {
  const descriptor = process.descriptors.get(fd)
  if (descriptor?.kind !== 'socket') return undefined
  return kernel.namespaces.get(descriptor.netns)?.sockets.get(descriptor.socket)
}

/** A last descriptor is gone. A TCP connection lives on until both ends are done. */
export function closeSocket(sim: Simulation, netns: NetNamespace, socket: Socket): void {
  socket.owner = 0
  if (socket.kind === 'tcp') return closeTcp(sim, netns, socket)
  netns.sockets.delete(socket.id)
  if (socket.kind !== 'packet') return
  netns.counters.packetSockets--
  const kernel = sim.kernels.get(netns.host)
  if (kernel !== undefined && socket.promiscuous) releasePromiscuity(sim, kernel, netns, socket.device)
}

/** Who else has it open: a child that inherited it, a worker of the same server. */
function otherHolder(kernel: Kernel, netns: number, id: number): { pid: number; fd: number } | null {
  for (const process of kernel.processes.values())
    for (const [fd, descriptor] of process.descriptors)
      if (descriptor.kind === 'socket' && descriptor.socket === id && descriptor.netns === netns)
        return { pid: process.pid, fd }
  return null
}

closers.socket = (sim, kernel, process, netnsId, id) => {
  const netns = kernel.namespaces.get(netnsId)
  const socket = netns?.sockets.get(id)
  if (netns === undefined || socket === undefined) return
  const other = otherHolder(kernel, netnsId, id)
  if (other === null) closeSocket(sim, netns, socket)
  else if (socket.owner === process.pid) {
    socket.owner = other.pid
    socket.ownerFd = other.fd
  }
}
