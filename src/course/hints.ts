/** The ladder of hints: one rung at a time; a rung with a condition is passed over while the condition does not hold. */
import { evaluate } from './evaluate.ts'
import type { Task } from './lesson.ts'
import type { Evidence } from './verdict.ts'

export interface Rung {
  /** Its number in the task's list: give it back as `after` for the next one. */
  readonly index: number
  readonly say: string
}

/** The next hint after the one with number `after` (−1: none was given); null when the ladder is at its end. */
export async function nextHint(task: Task, after: number, evidence: Evidence): Promise<Rung | null> {
  for (let index = after + 1; index < task.hints.length; index++) {
    const { when, say } = task.hints[index]!
    if (when === null || (await evaluate(when, evidence)).passed) return { index, say }
  }
  return null
}
