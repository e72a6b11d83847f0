/** Is an answer right, and what is there to say about it? Known mistakes are recognised by name. */
import type { World } from '../sim/world/world.ts'
import { computeAnswer, computeChoices, type OpenChoice } from './answer.ts'
import type { Mistake, Question } from './lesson.ts'
import { sameAnswer, type TypedAs } from './same-answer.ts'

export { sameAnswer, type TypedAs } from './same-answer.ts'

/** Which choices (numbered from 0, as `computeChoices` gives them), or what was typed. */
export type Given =
  | { readonly kind: 'chosen'; readonly indexes: readonly number[] }
  | { readonly kind: 'typed'; readonly text: string }

export interface Judgement {
  readonly right: boolean
  /** About this answer: a known mistake, a choice's own reason. */
  readonly say: string | null
  /** The reason behind the right answer; null while it would give it away. */
  readonly why: string | null
}

export type Asked = Pick<Question, 'form' | 'mistakes' | 'why'>

export async function judge(question: Asked, given: Given, world: World): Promise<Judgement> {
  const { form } = question
  if ('answer' in form) {
    if (given.kind !== 'typed') return wrong('Type the answer.')
    const text = given.text.trim()
    if (text === '') return wrong('Type the answer.')
    const answer = await computeAnswer(form.answer, world)
    if (answer === '') return wrong(GONE)
    if (sameAnswer(form.kind === 'number' ? 'number' : form.accepts, text, answer)) return right(question)
    const accepts = form.kind === 'number' ? 'number' : form.accepts
    return wrong((await mistakeIn(question.mistakes, accepts, text, world)) ?? misread(accepts, text))
  }
  if (given.kind !== 'chosen' || given.indexes.length === 0) return wrong('Choose an answer.')
  const choices = await computeChoices(form.choices, world)
  const verdict = judgeChoices(choices, given.indexes)
  // A prediction is made once: what really happens is said at once, right or wrong.
  const why = verdict.right || form.kind === 'predict' ? question.why : null
  return { ...verdict, why }
}

/** What the question asks for was removed by the learner, or has not been made yet. */
const GONE =
  'What is asked for is not in this world, so no answer can be right yet. Make it (again), or begin the step anew.'

/** Something else is asked for than what was typed. */
function misread(accepts: TypedAs, text: string): string | null {
  if (accepts === 'number' && !/\d/.test(text)) return 'A number is asked for.'
  if (accepts === 'address' && !/\d|:/.test(text)) return 'An address is asked for, like 10.0.0.1.'
  return null
}

function right(question: Asked): Judgement {
  return { right: true, say: null, why: question.why }
}

function wrong(say: string | null): Judgement {
  return { right: false, say, why: null }
}

export function judgeChoices(
  choices: readonly OpenChoice[],
  indexes: readonly number[],
): { right: boolean; say: string | null } {
  const chosen = new Set(indexes)
  const wrongOne = choices.find((choice, index) => chosen.has(index) && !choice.right)
  if (wrongOne !== undefined) return { right: false, say: wrongOne.why }
  const missing = choices.some((choice, index) => choice.right && !chosen.has(index))
  return { right: !missing, say: missing ? 'That is not all of it.' : null }
}

async function mistakeIn(
  mistakes: readonly Mistake[],
  accepts: TypedAs,
  text: string,
  world: World,
): Promise<string | null> {
  for (const { when, say } of mistakes) {
    if (when.kind === 'matches') {
      if (new RegExp(when.pattern, 'i').test(text)) return say
    } else if (sameAnswer(accepts, text, await computeAnswer(when.source, world))) return say
  }
  return null
}
