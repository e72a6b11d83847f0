/** What a check found: whether it holds, and if not, why, as a sentence for the learner. */
import type { World } from '../sim/world/world.ts'

export interface CheckVerdict {
  readonly passed: boolean
  /** Why it does not hold; null when it does, or when there is nothing to add. */
  readonly because: string | null
}

/** What a check may look at. The world is copied before anything is tried on it. */
export interface Evidence {
  readonly world: World
  /** Lines that the learner has run since the step began. */
  readonly ran: readonly RanLine[]
  /** When the step began, in the world's time: packets from then on count as traced. */
  readonly sinceUs?: number
}

export interface RanLine {
  /** The machine or container at whose prompt it was typed, where that is known. */
  readonly place: string | null
  readonly line: string
}

export const HOLDS: CheckVerdict = { passed: true, because: null }

export function fails(because: string | null): CheckVerdict {
  return { passed: false, because }
}

export function verdict(passed: boolean, because: string): CheckVerdict {
  return passed ? HOLDS : fails(because)
}
