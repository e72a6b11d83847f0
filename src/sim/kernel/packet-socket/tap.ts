/** Copies of frames for captures, at the moment a device hands them over. packet(7), dev_queue_xmit_nit */
import type { Frame } from '../../wire/frame.ts'
import { isBroadcastMac, isMulticastMac } from '../../wire/mac-address.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { CapturedFrame, PacketSocket } from '../socket.ts'
import { wakeOwner } from '../sockets/wake.ts'

/** Called for each frame at each device: without a capture in the namespace it costs one comparison. */
export function tapFrame(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  frame: Frame,
  direction: 'in' | 'out',
): void {
  if (netns.counters.packetSockets === 0) return
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'packet' || (socket.device !== null && socket.device !== link.ifindex)) continue
    if (socket.received.length >= socket.limit) {
      socket.dropped++
      continue
    }
    const packetType = direction === 'out' ? 'out' : incoming(link, frame)
    socket.received.push({ atUs: sim.nowUs, ifindex: link.ifindex, direction: packetType, frame })
    if (socket.received.length === 1) wakeOwner(sim, netns, socket)
  }
}

function incoming(link: Link, frame: Frame): CapturedFrame['direction'] {
  if (isBroadcastMac(frame.destination)) return 'broadcast'
  if (isMulticastMac(frame.destination)) return 'multicast'
  return frame.destination === link.mac ? 'in' : 'other'
}

/** All that was captured since the last call. */
export function receivePacket(socket: PacketSocket): CapturedFrame[] {
  const frames = socket.received
  socket.received = []
  return frames
}
