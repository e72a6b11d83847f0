/** Pipes. pipe(7): 64 KiB, a reader sees the end when all writers are gone, a writer EPIPE when all readers are. */
import { enqueue } from '../../base/event-queue.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import type { Pipe } from './types.ts'

export const PIPE_CAPACITY = 65536

/** Without ends yet: they are counted as descriptors are made. */
export function createPipe(kernel: Kernel): Pipe {
  const id = kernel.next.pipe++
  const pipe: Pipe = { id, chunks: [], length: 0, capacity: PIPE_CAPACITY, readers: 0, writers: 0 }
  kernel.pipes.set(id, pipe)
  return pipe
}

/** A text goes in whole when there is any room, as a write of a few lines does. */
export function writePipe(
  sim: Simulation,
  kernel: Kernel,
  id: number,
  text: string,
): 'ok' | 'full' | 'broken' {
  const pipe = kernel.pipes.get(id)
  if (pipe === undefined || pipe.readers === 0) return 'broken'
  if (text === '') return 'ok'
  if (pipe.length >= pipe.capacity) return 'full'
  pipe.chunks.push(text)
  pipe.length += text.length
  wakePipe(sim, kernel, id, 'read')
  return 'ok'
}

/** Past the capacity, for programs whose steps end before they wait. Far beyond it the rest is lost. */
export function overfillPipe(sim: Simulation, kernel: Kernel, id: number, text: string): void {
  const pipe = kernel.pipes.get(id)
  if (pipe === undefined || pipe.length >= 256 * pipe.capacity) return
  pipe.chunks.push(text)
  pipe.length += text.length
  wakePipe(sim, kernel, id, 'read')
}

export function readPipe(sim: Simulation, kernel: Kernel, id: number): string | null | 'end' {
  const pipe = kernel.pipes.get(id)
  if (pipe === undefined) return 'end'
  const text = pipe.chunks.shift()
  if (text === undefined) return pipe.writers === 0 ? 'end' : null
  pipe.length -= text.length
  wakePipe(sim, kernel, id, 'write')
  return text
}

/** Puts back what a reader did not want (`read` takes one line only). */
export function unreadPipe(kernel: Kernel, id: number, text: string): void {
  const pipe = kernel.pipes.get(id)
  if (pipe === undefined || text === '') return
  pipe.chunks.unshift(text)
  pipe.length += text.length
}

/** Wakes the programs that hold the given end. */
export function wakePipe(sim: Simulation, kernel: Kernel, id: number, end: 'read' | 'write'): void {
  for (const process of kernel.processes.values()) {
    if (process.program === null || process.program.kind === 'command') continue
    for (const [fd, descriptor] of process.descriptors) {
      if (descriptor.kind !== 'pipe' || descriptor.pipe !== id || descriptor.end !== end) continue
      const cause = { kind: 'descriptor', fd } as const
      enqueue(sim.queue, sim.nowUs, { kind: 'wake', host: kernel.host, pid: process.pid, cause })
    }
  }
}
