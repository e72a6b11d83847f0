/** A process and what stands below it, as a control group holds them. */
import type { Kernel } from '../../sim/kernel/kernel.ts'
import type { Process } from '../../sim/kernel/task/types.ts'

export function processesBelow(kernel: Kernel, pid: number): Process[] {
  const own = kernel.processes.get(pid)
  if (own === undefined) return []
  const below = [...kernel.processes.values()].filter((one) => one.ppid === pid && one.exitStatus === null)
  return [own, ...below.flatMap((one) => processesBelow(kernel, one.pid))]
}
