/** sleep(1) as a process. */
import type { WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'

export interface SleepProgram extends Program {
  readonly kind: 'sleep'
  readonly durationUs: number
  untilUs: number | null
}

export function sleepProgram(durationUs: number): SleepProgram {
  return { kind: 'sleep', durationUs, untilUs: null }
}

export function stepSleep(context: ProcessContext, program: SleepProgram, _cause: WakeCause): void {
  if (program.durationUs === Number.POSITIVE_INFINITY) return
  if (program.untilUs === null) {
    program.untilUs = context.sim.nowUs + program.durationUs
    context.setTimer(program.durationUs, 1)
  } else if (context.sim.nowUs >= program.untilUs) context.exit(0)
}
