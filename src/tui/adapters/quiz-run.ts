/** A round of the quiz: questions drawn from the bank, those of generated kinds made with worlds of their own. */
import {
  askedNow,
  correctAnswer,
  drawQuestions,
  type QuizState,
  quizReduce,
  quizResult,
  startQuiz,
} from '../../course/quiz.ts'
import type { Bank } from '../../course/quiz-bank.ts'
import { makeItem } from '../../course/quiz-generate.ts'
import { services } from '../../session/services.ts'
import type { QuizOptions, QuizRun } from '../ports.ts'
import type { QuizSource } from './course-files.ts'

/** Throws a sentence when there is nothing to ask. */
export async function openQuizRun(
  { course, bank }: QuizSource,
  options: QuizOptions,
  missed: ReadonlySet<string>,
  seed: number,
): Promise<QuizRun> {
  const { topic, count } = options
  if (topic !== null && !bank.topics.some(({ id }) => id === topic)) {
    throw new Error(`There is no topic '${topic}'; there are ${bank.topics.map(({ id }) => id).join(', ')}.`)
  }
  const due = bank.entries.filter(({ id }) => missed.has(id))
  const asked: Bank = options.review && due.length > 0 ? { ...bank, entries: due } : bank
  const drawn = drawQuestions(asked, { count, topic, seed })
  if (drawn.length === 0) throw new Error('There are no questions yet.')
  const items = []
  for (const { entry, seed: own } of drawn) items.push(await makeItem(entry, own, services))
  let state: QuizState = startQuiz(items)
  const title = ({ lesson, step }: { lesson: string; step: string }): string => {
    const found = course.lessons.find(({ id }) => id === lesson)
    const at = found?.steps.find(({ id }) => id === step)
    return at === undefined ? (found?.title ?? lesson) : at.title
  }
  return {
    async next() {
      if (state.shown !== null) state = quizReduce(state, { kind: 'next' })
      const now = askedNow(state)
      if (now === null) return null
      const { item, number, again } = now
      const choices = item.choices.map(({ text }) => text)
      const several = item.choices.filter(({ right }) => right).length > 1
      return {
        id: item.id.replace(/\?.*$/, ''),
        number,
        count: now.count,
        topic: item.topic,
        again,
        ask: item.ask,
        exhibit: item.exhibit,
        form: { kind: 'choice', several, choices },
      }
    },
    async answer(answer) {
      const item = askedNow(state)!.item
      state = quizReduce(state, { kind: 'answer', chosen: answer.kind === 'chosen' ? answer.indexes : [] })
      const { right = false, say = null } = state.shown ?? {}
      return { right, settled: true, say, why: item.why, correct: correctAnswer(item) }
    },
    outcome() {
      const { right, asked: count, repeat } = quizResult(state)
      return { right, asked: count, repeat: repeat.map((ref) => ({ lesson: ref.lesson, title: title(ref) })) }
    },
  }
}
