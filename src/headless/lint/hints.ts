/**
 * Proves that hints appear when they should. A rung with a condition has to come up in one of the situations that the
 * lesson itself names (at the start, after what must fail, on the way to the goal), and must not stand there always.
 */
import type { Check } from '../../course/check.ts'
import { evaluate } from '../../course/evaluate.ts'
import type { Hint, Task } from '../../course/lesson.ts'
import type { Evidence } from '../../course/verdict.ts'

export interface HintProof {
  /** A situation in which the task is still open. */
  readonly look: (task: Task, evidence: Evidence) => Promise<void>
  readonly findings: () => { line: number; text: string }[]
}

interface Seen {
  readonly condition: Check
  appeared: boolean
  stayedAway: boolean
}

/** What was seen with one seed counts for all: a variant may show its hint with a few of them only. */
export function createHintProof(): HintProof {
  const seen = new Map<number, Seen>()
  return {
    async look(task, evidence) {
      for (const { line, when } of task.hints) {
        if (when === null) continue
        const one = seen.get(line) ?? { condition: when, appeared: false, stayedAway: asksOnlyForLines(when) }
        seen.set(line, one)
        if (one.appeared && one.stayedAway) continue
        if ((await evaluate(when, evidence)).passed) one.appeared = true
        else one.stayedAway = true
      }
    },
    findings: () =>
      [...seen].flatMap(([line, { appeared, stayedAway }]) => {
        if (!appeared)
          return [{ line, text: 'this hint never appears: add a mustfail or an alt that leads to it' }]
        return stayedAway ? [] : [{ line, text: 'this hint always appears: its condition says nothing' }]
      }),
  }
}

/** With these two anybody sees when it does not hold; no situation is needed to prove it. */
function asksOnlyForLines(check: Check): boolean {
  switch (check.kind) {
    case 'all':
    case 'any':
      return check.checks.every(asksOnlyForLines)
    case 'not':
      return asksOnlyForLines(check.check)
    default:
      return check.kind === 'ran'
  }
}

/** Somebody who has done nothing yet gets a first hint. */
export async function hasFirstHint(hints: readonly Hint[], evidence: Evidence): Promise<boolean> {
  for (const { when } of hints) if (when === null || (await evaluate(when, evidence)).passed) return true
  return false
}
