/** What the home screen offers, in its order. */

import type { LessonHead } from '../ports.ts'
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

export const DEFAULT_QUIZ = { topic: null, count: 10, exam: false, review: false } as const
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
      about: 'Ten questions; what you get wrong comes back.',
      action: { kind: 'open-quiz', options: DEFAULT_QUIZ },
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
