/**
 * A round of the quiz as pure data: which questions come in which order, what was answered, what comes back. A wrong
 * answer is asked again later in the same round, until it is right; the first answer alone counts.
 */
import { createRandom, nextUint32, shuffled } from '../sim/base/random.ts'
import { judgeChoices } from './judge.ts'
import type { Bank, BankEntry } from './quiz-bank.ts'
import type { QuizItem } from './quiz-generate.ts'

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

export interface QuizState {
  readonly items: readonly QuizItem[]
  /** Indexes into `items` that are still to be asked; the first one is being asked. */
  readonly queue: readonly number[]
  readonly answers: readonly QuizAnswer[]
  /** The answer that has just been given is on the screen. */
  readonly shown: QuizAnswer | null
}

export interface QuizAnswer {
  readonly item: number
  readonly chosen: readonly number[]
  readonly right: boolean
  /** Asked again after a wrong answer. */
  readonly again: boolean
  readonly say: string | null
}

export type QuizAction =
  | { readonly kind: 'answer'; readonly chosen: readonly number[] }
  | { readonly kind: 'next' }

/** How many other questions come before a wrong one is asked again. */
const COMES_BACK_AFTER = 2

export function startQuiz(items: readonly QuizItem[]): QuizState {
  return { items, queue: items.map((_, index) => index), answers: [], shown: null }
}

export function quizReduce(state: QuizState, action: QuizAction): QuizState {
  const index = state.queue[0]
  if (index === undefined) return state
  if (action.kind === 'next') {
    if (state.shown === null) return state
    const rest = state.queue.slice(1)
    if (state.shown.right) return { ...state, queue: rest, shown: null }
    const at = Math.min(COMES_BACK_AFTER, rest.length)
    return { ...state, queue: [...rest.slice(0, at), index, ...rest.slice(at)], shown: null }
  }
  if (state.shown !== null || action.chosen.length === 0) return state
  const { right, say } = judgeChoices(state.items[index]!.choices, action.chosen)
  const again = state.answers.some((answer) => answer.item === index)
  const answer: QuizAnswer = { item: index, chosen: action.chosen, right, again, say }
  return { ...state, answers: [...state.answers, answer], shown: answer }
}

export interface AskedNow {
  readonly item: QuizItem
  /** From 1. */
  readonly number: number
  readonly count: number
  readonly again: boolean
}

/** Null when the round is over. */
export function askedNow(state: QuizState): AskedNow | null {
  const index = state.queue[0]
  if (index === undefined) return null
  const past = state.shown === null ? state.answers : state.answers.slice(0, -1)
  const again = past.some((answer) => answer.item === index)
  const first = new Set(past.map((answer) => answer.item)).size
  return {
    item: state.items[index]!,
    number: again ? index + 1 : first + 1,
    count: state.items.length,
    again,
  }
}

export interface QuizResult {
  readonly right: number
  readonly asked: number
  /** Every question that was asked: what was answered first, and why it is so. */
  readonly review: readonly {
    readonly item: QuizItem
    readonly firstRight: boolean
    readonly correct: string
  }[]
  /** Steps to look at again, the most often missed first. */
  readonly repeat: readonly { readonly lesson: string; readonly step: string }[]
}

export function quizResult(state: QuizState): QuizResult {
  const firsts = state.answers.filter((answer) => !answer.again)
  const missed = new Map<string, number>()
  for (const { item, right } of state.answers) {
    if (right) continue
    const { lesson, step } = state.items[item]!
    const key = `${lesson}#${step}`
    missed.set(key, (missed.get(key) ?? 0) + 1)
  }
  const repeat = [...missed]
    .sort(([, x], [, y]) => y - x)
    .map(([key]) => {
      const [lesson = '', step = ''] = key.split('#')
      return { lesson, step }
    })
  return {
    right: firsts.filter((answer) => answer.right).length,
    asked: firsts.length,
    review: firsts.map(({ item, right }) => ({
      item: state.items[item]!,
      firstRight: right,
      correct: correctAnswer(state.items[item]!),
    })),
    repeat,
  }
}

export function correctAnswer(item: QuizItem): string {
  return item.choices
    .filter((choice) => choice.right)
    .map((choice) => choice.text)
    .join(', ')
}
