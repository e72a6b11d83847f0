/** What a program's step is handed: the world around it, and the few system calls all programs share. */
import { enqueue } from '../base/event-queue.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import type { Row, Simulation } from '../kernel/simulation.ts'
import { closeDescriptor, writeDescriptor } from '../kernel/task/descriptor.ts'
import { overfillPipe } from '../kernel/task/pipe.ts'
import { exitProcess } from '../kernel/task/process.ts'
import type { Process } from '../kernel/task/types.ts'

export interface ProcessContext {
  readonly sim: Simulation
  readonly kernel: Kernel
  readonly process: Process
  readonly netns: NetNamespace
  /** Has the row worded and writes it to the descriptor. */
  emit<R extends Row>(row: R, fd?: number): void
  /** A reader that is gone ends the process as SIGPIPE does. */
  write(fd: number, text: string): void
  setTimer(delayUs: number, id: number): void
  close(fd: number): void
  exit(status: number): void
  readonly ended: boolean
}

export function createContext(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  netns: NetNamespace,
): ProcessContext {
  const { host, pid } = process
  const context: ProcessContext = {
    sim,
    kernel,
    process,
    netns,
    emit: (row, fd = 1) => context.write(fd, sim.services.word(row, process)),
    write(fd, text) {
      if (text === '' || context.ended) return
      const descriptor = process.descriptors.get(fd)
      const outcome = writeDescriptor(sim, kernel, process, fd, text)
      if (outcome === 'broken' && descriptor !== undefined) exitProcess(sim, kernel, process, 141)
      if (outcome === 'full' && descriptor?.kind === 'pipe') overfillPipe(sim, kernel, descriptor.pipe, text)
    },
    setTimer(delayUs, id) {
      const at = sim.nowUs + Math.max(0, Math.round(delayUs))
      enqueue(sim.queue, at, { kind: 'wake', host, pid, cause: { kind: 'timer', id } })
    },
    close: (fd) => closeDescriptor(sim, kernel, process, fd),
    exit(status) {
      if (!context.ended) exitProcess(sim, kernel, process, status)
    },
    get ended() {
      return process.exitStatus !== null
    },
  }
  return context
}

/** Takes a pending signal off the process's list. */
export function takeSignal(process: Process): number | null {
  return process.signals.shift() ?? null
}
