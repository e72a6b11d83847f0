/**
 * A round of the quiz as pure data: which questions come in which order, what was answered, what comes back. In
 * practice and review a wrong answer is asked again later in the same round, until it is right; the first answer alone
 * counts. In an exam each question is asked once, and nothing is said until the end.
 */
import { createRandom, nextUint32, shuffled } from '../sim/base/random.ts'
import type { Given } from './judge.ts'
import type { Bank, BankEntry } from './quiz-bank.ts'
import type { QuizItem } from './quiz-item.ts'
import { isComplete, judgeItem } from './quiz-judge.ts'

export interface Drawn {
  readonly entry: BankEntry
  readonly seed: number
}

/** `count` questions of a topic, or of all (null); same seed, same questions. Generated kinds may come again with other seeds. */
export function drawQuestions(
  bank: Bank,
  options: { count: number; topic: string | null; seed: number },
): Drawn[] {
  const random = createRandom(options.seed)
  const pool = bank.entries.filter((one) => options.topic === null || one.topic.id === options.topic)
  const drawn = shuffled(random, pool)
  const generated = pool.filter((one) => one.kind === 'generated')
  while (drawn.length < options.count && generated.length > 0) drawn.push(...shuffled(random, generated))
  return drawn.slice(0, options.count).map((entry) => ({ entry, seed: nextUint32(random) % 100_000 }))
}

/** Those that are due, the longest overdue first; in a world of their own each time. */
export function drawDue(
  bank: Bank,
  due: readonly string[],
  options: { count: number; topic: string | null; seed: number },
): Drawn[] {
  const random = createRandom(options.seed)
  const known = new Map(bank.entries.map((entry) => [entry.id, entry]))
  const entries = due.flatMap((id) => known.get(id) ?? [])
  return entries
    .filter(({ topic }) => options.topic === null || topic.id === options.topic)
    .slice(0, options.count)
    .map((entry) => ({ entry, seed: nextUint32(random) % 100_000 }))
}

export interface QuizState {
  /** Null: not yet made; a question is made when its turn comes. */
  readonly items: readonly (QuizItem | null)[]
  readonly exam: boolean
  /** Indexes into `items` that are still to be asked; the first one is being asked. */
  readonly queue: readonly number[]
  readonly answers: readonly QuizAnswer[]
  /** The answer that has just been given is on the screen. Never in an exam. */
  readonly shown: QuizAnswer | null
}

export interface QuizAnswer {
  readonly item: number
  /** As it was asked: when it comes again, it comes in another order or another world. */
  readonly asked: QuizItem
  readonly given: Given
  readonly right: boolean
  /** Asked again after a wrong answer. */
  readonly again: boolean
  readonly say: string | null
}

export type QuizAction =
  /** `also`: what is right besides, in a world that the learner has changed. */
  | { readonly kind: 'answer'; readonly given: Given; readonly also?: readonly string[] }
  | { readonly kind: 'next' }
  /** A question whose turn has come, or one that comes again and was made anew. */
  | { readonly kind: 'made'; readonly index: number; readonly item: QuizItem }
  /** A question that could not be made: the round is shorter by it. */
  | { readonly kind: 'drop'; readonly index: number }
  /** To the end of the round. */
  | { readonly kind: 'skip' }
  /** The time is up, or the learner has enough. */
  | { readonly kind: 'finish' }

/** How many other questions come before a wrong one is asked again. */
const COMES_BACK_AFTER = 2

export function startQuiz(items: readonly (QuizItem | null)[], exam = false): QuizState {
  return { items, exam, queue: items.map((_, index) => index), answers: [], shown: null }
}

export function quizReduce(state: QuizState, action: QuizAction): QuizState {
  if (action.kind === 'made') return { ...state, items: state.items.with(action.index, action.item) }
  if (action.kind === 'drop') return withoutItem(state, action.index)
  const { queue, shown } = state
  const index = queue[0]
  if (index === undefined) return state
  switch (action.kind) {
    case 'finish':
      return { ...state, queue: [], shown: null }
    case 'skip':
      return shown === null ? { ...state, queue: [...queue.slice(1), index] } : state
    case 'next': {
      if (shown === null) return state
      const rest = queue.slice(1)
      if (shown.right) return { ...state, queue: rest, shown: null }
      const at = Math.min(COMES_BACK_AFTER, rest.length)
      return { ...state, queue: [...rest.slice(0, at), index, ...rest.slice(at)], shown: null }
    }
    case 'answer': {
      const item = state.items[index]
      const { given, also } = action
      if (item == null || shown !== null || !isComplete(item, given)) return state
      const again = state.answers.some((answer) => answer.item === index)
      const answer: QuizAnswer = { item: index, asked: item, given, again, ...judgeItem(item, given, also) }
      const answers = [...state.answers, answer]
      return state.exam ? { ...state, answers, queue: queue.slice(1) } : { ...state, answers, shown: answer }
    }
  }
}

/** Those behind it move up. */
function withoutItem(state: QuizState, gone: number): QuizState {
  const moved = (index: number): number => (index > gone ? index - 1 : index)
  return {
    ...state,
    items: state.items.filter((_, index) => index !== gone),
    queue: state.queue.filter((index) => index !== gone).map(moved),
    answers: state.answers.map((answer) => ({ ...answer, item: moved(answer.item) })),
  }
}

export interface AskedNow {
  readonly item: QuizItem
  readonly index: number
  /** From 1. */
  readonly number: number
  readonly count: number
  readonly again: boolean
  /** Questions that are still to come, this one too; those that come back as well. */
  readonly left: number
}

/** Null when the round is over, or the question is not yet made. */
export function askedNow(state: QuizState): AskedNow | null {
  const index = state.queue[0]
  const item = index === undefined ? null : state.items[index]
  if (index === undefined || item == null) return null
  const past = state.shown === null ? state.answers : state.answers.slice(0, -1)
  const again = past.some((answer) => answer.item === index)
  return {
    item,
    index,
    number: index + 1,
    count: state.items.length,
    again,
    left: state.queue.length,
  }
}
