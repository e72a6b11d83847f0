/** Back to the course map, from wherever the learner is. */
import { nextLesson } from '../../course/progress.ts'
import type { Effect } from './actions.ts'
import type { AppState } from './model.ts'

export type Step = readonly [AppState, readonly Effect[]]

export function goHome(state: AppState): Step {
  // The lesson was opened from the quiz, to read something up.
  if (state.screen === 'lesson' && state.quiz !== null) return backToQuiz(state)
  const next = nextLesson(state.marks, state.lessons)
  const selected = state.lesson === null ? state.selected : state.lessons.indexOf(next ?? state.lesson.head)
  const home: AppState = {
    ...state,
    screen: 'home',
    focus: 'main',
    selected: Math.max(0, selected),
    lesson: null,
    quiz: null,
    sandbox: null,
    side: null,
    notice: null,
    busy: null,
  }
  const left: readonly Effect[] =
    state.lesson === null ? [] : [{ kind: 'record', event: { kind: 'home-entered' } }]
  return [home, [{ kind: 'save' }, ...left, { kind: 'close' }, { kind: 'count-due' }]]
}

function backToQuiz(state: AppState): Step {
  const back: AppState = {
    ...state,
    screen: 'quiz',
    focus: 'main',
    lesson: null,
    quiz: { ...state.quiz!, shell: false },
    notice: null,
    busy: null,
  }
  return [
    back,
    [{ kind: 'save' }, { kind: 'record', event: { kind: 'home-entered' } }, { kind: 'leave-lesson' }],
  ]
}
