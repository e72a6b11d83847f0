/** A socket has news for its owner: data, a connection, room, an error. sock_def_readable, net/core/sock.c */
import { enqueue } from '../../base/event-queue.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { Socket } from '../socket.ts'

/** From the interrupt to the moment the process runs. */
const SCHEDULING_US = 18

export function wakeOwner(sim: Simulation, netns: NetNamespace, socket: Socket): void {
  if (socket.owner === 0) return
  const cause = { kind: 'descriptor', fd: socket.ownerFd } as const
  enqueue(sim.queue, sim.nowUs + SCHEDULING_US, { kind: 'wake', host: netns.host, pid: socket.owner, cause })
}

/** Leaves an error for the next call (`sk_err`). */
export function failSocket(sim: Simulation, netns: NetNamespace, socket: Socket, error: string): void {
  socket.error = error
  wakeOwner(sim, netns, socket)
}

/** Takes the error (`SO_ERROR`). */
export function takeError(socket: Socket): string | null {
  const error = socket.error
  socket.error = null
  return error
}
