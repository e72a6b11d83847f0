/** Sockets are closed by their own room, which says here how: it imports this one, not the other way round. */
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import type { Process } from './types.ts'

export const closers: {
  socket: ((sim: Simulation, kernel: Kernel, process: Process, netns: number, socket: number) => void) | null
} = { socket: null }
