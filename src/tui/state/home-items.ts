/** What the home screen offers, in its order. */

import type { LessonHead } from '../../course/lesson-head.ts'
import type { Action } from './actions.ts'
import type { AppState } from './model.ts'

export interface HomeItem {
  readonly key: string
  readonly title: string
  /** Null: not a lesson. */
  readonly lesson: LessonHead | null
  readonly about: string
  readonly action: Action
}

export const DEFAULT_QUIZ = {
  topic: null,
  count: 10,
  exam: false,
  review: false,
  minutes: null,
  exportTo: null,
  seed: null,
} as const
export const DEFAULT_SANDBOX = { world: 'linux', engine: '20.10', seed: 1 } as const

export function homeItems(state: Pick<AppState, 'lessons'>): HomeItem[] {
  const lessons = state.lessons.map(
    (head): HomeItem => ({
      key: head.id,
      title: head.title,
      lesson: head,
      about: head.section,
      action: { kind: 'open-lesson', id: head.id },
    }),
  )
  return [
    ...lessons,
    {
      key: 'quiz',
      title: 'Quiz',
      lesson: null,
      about: 'Practice by topic, an exam against the clock, and a review of what is due.',
      action: { kind: 'open-quiz-menu' },
    },
    {
      key: 'sandbox',
      title: 'Sandbox',
      lesson: null,
      about: 'A Linux host with Docker, a client and the internet. No tasks: try anything.',
      action: { kind: 'open-sandbox', choice: DEFAULT_SANDBOX },
    },
  ]
}
