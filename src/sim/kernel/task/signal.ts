/** Signals. signal(7), kernel/signal.c: caught, ignored, or the default; pid 1 of a namespace is spared. */
import { enqueue } from '../../base/event-queue.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { exitProcess, isInit } from './process.ts'
import type { Process } from './types.ts'

export const SIGNALS: Readonly<Record<string, number>> = Object.freeze({
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
})

/** `TERM`, `SIGTERM` or `15` → 15. */
export function signalNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) <= 64 ? Number(text) : null
  return SIGNALS[text.toUpperCase().replace(/^SIG/, '')] ?? null
}

export function signalName(number: number): string {
  return Object.keys(SIGNALS).find((name) => SIGNALS[name] === number) ?? String(number)
}

const HARMLESS = new Set([17, 18, 23, 28])
const STOPPING = new Set([19, 20, 21, 22])

/** Even SIGKILL does not reach process 1 from within its own pid namespace. pid_namespaces(7) */
export function isSpared(sender: Process, target: Process, signal: number): boolean {
  return (signal === 9 || signal === 19) && isInit(target) && sender.pidns === target.pidns
}

/** kill(2) by the kernel's own pid; false: no such process. */
export function signalProcess(sim: Simulation, kernel: Kernel, pid: number, signal: number): boolean {
  const process = kernel.processes.get(pid)
  if (process === undefined) return false
  if (signal !== 0 && process.exitStatus === null) deliver(sim, kernel, process, signal)
  return true
}

function deliver(sim: Simulation, kernel: Kernel, process: Process, signal: number): void {
  if (signal === 18) resume(sim, process)
  if (signal === 9) return exitProcess(sim, kernel, process, 137)
  if (signal !== 19 && process.handlers.has(signal)) {
    process.signals.push(signal)
    return wake(sim, process, signal)
  }
  if (process.ignored.has(signal) || HARMLESS.has(signal) || isInit(process)) return
  if (STOPPING.has(signal)) {
    process.state = 'stopped'
    return
  }
  exitProcess(sim, kernel, process, 128 + signal)
}

function resume(sim: Simulation, process: Process): void {
  if (process.state !== 'stopped') return
  process.state = 'running'
  wake(sim, process, 18)
}

function wake(sim: Simulation, process: Process, signal: number): void {
  const cause = { kind: 'signal', signal } as const
  enqueue(sim.queue, sim.nowUs, { kind: 'wake', host: process.host, pid: process.pid, cause })
}

/** Signals all members of a process group. */
export function signalGroup(sim: Simulation, kernel: Kernel, group: number, signal: number): void {
  for (const process of [...kernel.processes.values()]) {
    if (process.group === group) signalProcess(sim, kernel, process.pid, signal)
  }
}
