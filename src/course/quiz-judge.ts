/** Is an answer to a question of the quiz right, and what is there to say about it? */
import { type Given, judgeChoices, sameAnswer } from './judge.ts'
import { inOrder, type OrderForm, type QuizItem, type TypedForm } from './quiz-item.ts'

export interface Verdict {
  readonly right: boolean
  /** About this answer: a known mistake, a choice's own reason. */
  readonly say: string | null
}

/** `also`: what is right besides, in a world that the learner has changed. */
export function judgeItem({ form }: QuizItem, given: Given, also: readonly string[] = []): Verdict {
  if (form.kind === 'typed') return judgeTyped(form, given.kind === 'typed' ? given.text : '', also)
  if (given.kind !== 'chosen') return { right: false, say: null }
  return form.kind === 'choice' ? judgeChoices(form.choices, given.indexes) : judgeOrder(form, given.indexes)
}

function judgeTyped(form: TypedForm, text: string, also: readonly string[]): Verdict {
  const { accepts, answers, mistakes } = form
  if ([...answers, ...also].some((answer) => sameAnswer(accepts, text, answer)))
    return { right: true, say: null }
  const known = mistakes.find(({ when }) =>
    when.kind === 'equals' ? sameAnswer(accepts, text, when.text) : new RegExp(when.text, 'i').test(text),
  )
  return { right: false, say: known?.say ?? null }
}

/** Steps that are the same in words may change places. */
function judgeOrder({ steps, order }: OrderForm, given: readonly number[]): Verdict {
  const first = order.findIndex((index, i) => steps[index] !== steps[given[i] ?? -1])
  if (first < 0 && given.length === order.length) return { right: true, say: null }
  const say =
    first > 0
      ? `Right up to step ${first}; then comes: ${steps[order[first]!]}`
      : `It begins with: ${steps[order[0]!]}`
  return { right: false, say }
}

/** Can this be an answer at all? */
export function isComplete({ form }: QuizItem, given: Given): boolean {
  if (form.kind === 'typed') return given.kind === 'typed' && given.text.trim() !== ''
  if (given.kind !== 'chosen') return false
  const { indexes } = given
  const count = form.kind === 'choice' ? form.choices.length : form.steps.length
  if (indexes.some((index) => !Number.isInteger(index) || index < 0 || index >= count)) return false
  if (new Set(indexes).size < indexes.length) return false
  if (form.kind === 'order') return indexes.length === count
  return form.several ? indexes.length > 0 : indexes.length === 1
}

/** What was answered, in words. */
export function answerText({ form }: QuizItem, given: Given): string {
  if (given.kind === 'typed') return given.text.trim()
  if (form.kind === 'order') return inOrder(form, given.indexes)
  if (form.kind === 'typed') return ''
  return given.indexes.map((index) => form.choices[index]?.text ?? '').join(', ')
}
