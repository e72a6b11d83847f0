/** The round of the quiz that is on: it goes on when the program was left or killed in the middle of it. */
import type { QuizOptions } from '../ports.ts'

/** What it is saved by. No lesson has this id. */
export const OPEN_ROUND = '+round'

interface OpenRound {
  /** When it was saved, in milliseconds since 1970. */
  readonly at: number
  readonly options: QuizOptions
}

/** What can be said of it at once, before the questions are read; null: none is on. */
export function openRoundIn(saved: string | null): OpenRound | null {
  if (saved === null) return null
  try {
    const { at, options } = JSON.parse(saved) as { at?: unknown; options?: unknown }
    if (typeof at !== 'number' || typeof options !== 'object' || options === null) return null
    // Whichever was drawn for it: another round after it draws anew.
    return { at, options: { ...(options as Omit<QuizOptions, 'exportTo'>), seed: null, exportTo: null } }
  } catch {
    return null
  }
}
