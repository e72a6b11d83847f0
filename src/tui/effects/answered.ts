/** What an answer was worth, as the screen hears of it. */
import type { AnswerResult } from '../ports.ts'
import type { Action } from '../state/actions.ts'

export function answered(
  result: AnswerResult,
  correct: string | null,
  answer: string,
): Extract<Action, { kind: 'answered' }> {
  const { right, settled, say, why } = result
  return { kind: 'answered', result: { right, settled, say, why }, correct, answer }
}
