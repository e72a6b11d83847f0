/** What a round of the quiz came to: the score by topic, each answer with its reason, what to look at again. */
import type { QuizState } from './quiz.ts'
import { correctAnswer, type QuizItem } from './quiz-item.ts'
import { answerText } from './quiz-judge.ts'

export interface QuizResult {
  /** At the first try. */
  readonly right: number
  /** Answered. */
  readonly asked: number
  /** In an exam all questions count; otherwise those that were answered. */
  readonly count: number
  readonly topics: readonly TopicScore[]
  readonly review: readonly ReviewedItem[]
  /** Steps to look at again, the most often missed first. */
  readonly repeat: readonly { readonly lesson: string; readonly step: string; readonly missed: number }[]
}

export interface TopicScore {
  readonly id: string
  readonly title: string
  readonly right: number
  readonly count: number
}

export interface ReviewedItem {
  readonly item: QuizItem
  /** What was answered first; null: nothing, before the time was up. */
  readonly given: string | null
  readonly right: boolean
  readonly correct: string
}

export function quizResult(state: QuizState): QuizResult {
  const { items, answers, exam } = state
  const review: ReviewedItem[] = []
  items.forEach((latest, index) => {
    const first = answers.find((answer) => answer.item === index)
    if (first === undefined && !exam) return
    const item = first?.asked ?? latest
    if (item === null) return
    const given = first === undefined ? null : answerText(item, first.given)
    review.push({ item, given, right: first?.right === true, correct: correctAnswer(item) })
  })
  return {
    right: review.filter(({ right }) => right).length,
    asked: review.filter(({ given }) => given !== null).length,
    count: review.length,
    topics: topicScores(review),
    review,
    repeat: stepsToRepeat(state),
  }
}

function topicScores(review: readonly ReviewedItem[]): TopicScore[] {
  const scores = new Map<string, TopicScore>()
  for (const { item, right } of review) {
    const { id, title } = item.topic
    const known = scores.get(id) ?? { id, title, right: 0, count: 0 }
    scores.set(id, { ...known, right: known.right + (right ? 1 : 0), count: known.count + 1 })
  }
  return [...scores.values()]
}

/** Each wrong answer counts, and what an exam left unanswered. */
function stepsToRepeat({ items, answers, exam }: QuizState): QuizResult['repeat'] {
  const missed = new Map<string, number>()
  const miss = (item: QuizItem | null | undefined): void => {
    if (item == null) return
    const key = `${item.lesson}#${item.step}`
    missed.set(key, (missed.get(key) ?? 0) + 1)
  }
  for (const { item, right } of answers) if (!right) miss(items[item])
  if (exam) {
    items.forEach((item, index) => {
      if (!answers.some((answer) => answer.item === index)) miss(item)
    })
  }
  return [...missed]
    .sort(([, x], [, y]) => y - x)
    .map(([key, count]) => {
      const [lesson = '', step = ''] = key.split('#')
      return { lesson, step, missed: count }
    })
}

/** An exam is passed with so many of a hundred. */
export const PASS_PERCENT = 75

export function percentOf(right: number, count: number): number {
  return count === 0 ? 0 : Math.round((100 * right) / count)
}
