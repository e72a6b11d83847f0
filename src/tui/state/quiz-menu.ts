/** What the quiz offers: a mixed round, what is due, an exam, each topic. */
import type { QuizMenu, QuizOptions } from '../ports.ts'
import { DEFAULT_QUIZ } from './home-items.ts'

export const EXAM_QUESTIONS = 30
export const MOST_REVIEWED = 20

export interface QuizMenuItem {
  readonly key: string
  readonly title: string
  /** At the right edge. */
  readonly fact: string
  readonly about: string
  readonly options: QuizOptions
}

export function quizMenuItems({ due, topics }: QuizMenu): QuizMenuItem[] {
  const all = topics.reduce((sum, { questions }) => sum + questions, 0)
  return [
    {
      key: 'mixed',
      title: 'Practice, mixed',
      fact: `${DEFAULT_QUIZ.count} of ${all}`,
      about: 'Each answer gets its reason. What you get wrong comes back in the same round.',
      options: DEFAULT_QUIZ,
    },
    {
      key: 'review',
      title: 'Review what is due',
      fact: due === 0 ? 'nothing due' : `${due} due`,
      about: 'Questions you answered before, at the moment you are about to forget them.',
      options: { ...DEFAULT_QUIZ, review: true, count: MOST_REVIEWED },
    },
    {
      key: 'exam',
      title: 'Exam',
      fact: `${EXAM_QUESTIONS} questions, ${EXAM_QUESTIONS} min`,
      about: 'Against the clock, without reasons until the end. The result can be exported.',
      options: { ...DEFAULT_QUIZ, exam: true, count: EXAM_QUESTIONS },
    },
    ...topics.map(
      ({ id, title, questions, due: own, known }): QuizMenuItem => ({
        key: `topic-${id}`,
        title,
        fact: `${own > 0 ? `${own} due  ` : ''}${known}/${questions}`,
        about: `Practice on this topic: ${questions} questions, ${known} of them known.`,
        options: { ...DEFAULT_QUIZ, topic: id },
      }),
    ),
  ]
}
