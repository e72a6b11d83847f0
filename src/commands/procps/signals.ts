/** Sending signals to processes by their numbers here. kill(2) */
import { findProcess } from '../../sim/kernel/task/process.ts'
import { isSpared, SIGNALS, signalNumber, signalProcess } from '../../sim/kernel/task/signal.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import type { CommandContext } from '../context.ts'

/** As the tools print it: `POLL` is the other name of `IO`. */
export const SIGNAL_NAMES: readonly string[] = Object.keys(SIGNALS).map((name) =>
  name === 'IO' ? 'POLL' : name,
)

/** null: no such signal. */
export function parseSignal(text: string): number | null {
  if (/^(SIG)?POLL$/i.test(text)) return 29
  if (text === '0' || /^(SIG)?EXIT$/i.test(text)) return 0
  return signalNumber(text)
}

export function maySignal(sender: Process, target: Process): boolean {
  return sender.uid === 0 || sender.uid === target.uid || sender.capabilities.has('KILL')
}

/** Negative numbers are process groups, -1 everybody else. */
export function sendSignal(
  context: CommandContext,
  number: number,
  signal: number,
): 'ok' | 'ESRCH' | 'EPERM' {
  const { kernel, process } = context
  const targets = targetsOf(context, number)
  if (targets.length === 0) return 'ESRCH'
  const allowed = targets.filter((one) => maySignal(process, one))
  for (const one of allowed)
    if (!isSpared(process, one, signal)) signalProcess(context.world, kernel, one.pid, signal)
  return allowed.length > 0 ? 'ok' : 'EPERM'
}

function targetsOf(context: CommandContext, number: number): Process[] {
  const { kernel, process } = context
  if (number > 0) {
    const one = findProcess(kernel, process.pidns, number)
    return one === undefined ? [] : [one]
  }
  const visible = [...kernel.processes.values()].filter((one) => one.pids.has(process.pidns))
  if (number === -1) return visible.filter((one) => one !== process && one.pids.get(process.pidns) !== 1)
  const group = number === 0 ? process.group : findProcess(kernel, process.pidns, -number)?.pid
  return group === undefined ? [] : visible.filter((one) => one.group === group)
}
