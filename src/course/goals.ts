/**
 * How the goals of a step stand. They are reached one after the other (the second one often undoes the first: unplug,
 * plug in again), so those behind the first open one are not looked at yet; what was reached once stays reached.
 */
import { tasksOf } from './begin-step.ts'
import { evaluate } from './evaluate.ts'
import type { Goal, Step } from './lesson.ts'
import type { Evidence } from './verdict.ts'

export interface GoalState {
  readonly goal: Goal
  readonly done: boolean
  /** It is the first open one: the one that is worked at. */
  readonly isTurn: boolean
  /** What the check found in the way; null when there is nothing to say. */
  readonly because: string | null
}

/** `done`: ids of tasks that were done before. */
export async function goalStates(
  step: Step,
  done: ReadonlySet<string>,
  evidence: Evidence,
): Promise<GoalState[]> {
  const states: GoalState[] = []
  let isOpen = false
  for (const goal of tasksOf(step)) {
    if (goal.kind !== 'goal') continue
    if (done.has(goal.id)) states.push({ goal, done: true, isTurn: false, because: null })
    else if (isOpen) states.push({ goal, done: false, isTurn: false, because: null })
    else {
      const { passed, because } = await evaluate(goal.check, evidence)
      states.push({ goal, done: passed, isTurn: !passed, because })
      isOpen = !passed
    }
  }
  return states
}
