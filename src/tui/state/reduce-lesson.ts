/** The lesson screen: steps, goals, hints, scrolling. */

import type { StepView, TaskView } from '../ports.ts'
import { documentRows } from '../text/lesson-lines.ts'
import type { Action, Effect } from './actions.ts'
import { goHome, type Step } from './go-home.ts'
import { type AppState, currentTask, isStepDone, isTaskDone, type LessonState, type Note } from './model.ts'
import { askTask, reduceQuestion } from './reduce-question.ts'

export function reduceLesson(state: AppState, action: Action): Step {
  const { lesson } = state
  if (lesson === null) return [state, []]
  switch (action.kind) {
    case 'step':
      return stepArrived(state, lesson, action.view, action.entered)
    case 'document':
      return [
        withLesson(state, {
          document: action.lines,
          scroll: clampScroll(state, action.lines, lesson.scroll),
        }),
        [],
      ]
    case 'switch-focus':
      return [{ ...state, focus: state.focus === 'shell' ? 'main' : 'shell', notice: null }, []]
    case 'prompt':
      return [state, [{ kind: 'save' }, { kind: 'check' }, { kind: 'look' }]]
    case 'check':
      return [{ ...state, notice: { tone: 'plain', text: 'Looked again.' } }, [{ kind: 'check' }]]
    case 'shell-ended':
      return [{ ...state, focus: 'main' }, []]
    case 'next-step':
      return nextStep(state, lesson)
    case 'previous-step':
      return lesson.step === 0 ? [state, []] : goTo(state, lesson, lesson.step - 1)
    case 'scroll':
      return [{ ...withLesson(state, { scroll: scrolled(state, lesson, action.by) }), notice: null }, []]
    case 'scroll-shell':
      return [state, [{ kind: 'scroll-shell', pages: action.pages }]]
    case 'hint':
      return askHint(state, lesson)
    case 'solution':
      return withTask(state, (task) => [
        state,
        [{ kind: 'solution', task: task.id }, noteHelp(state, 'solution-shown', task)],
      ])
    case 'note':
      return noted(state, lesson, action.note)
    case 'reset':
      return [
        {
          ...state,
          confirm: { ask: 'Take the world back to the beginning of this step?', effect: 'reset-step' },
        },
        [],
      ]
    case 'ask':
      return ask(state)
    case 'unbound':
      return [{ ...state, notice: { tone: 'plain', text: 'Press Ctrl-O to type in the shell.' } }, []]
    default:
      return reduceQuestion(state, action)
  }
}

export function withLesson(state: AppState, change: Partial<LessonState>): AppState {
  return state.lesson === null ? state : { ...state, lesson: { ...state.lesson, ...change } }
}

function stepArrived(state: AppState, lesson: LessonState, view: StepView, entered: boolean): Step {
  const place = { lesson: lesson.head.id, step: view.id }
  const fresh: Partial<LessonState> = entered
    ? { step: view.index, view, notes: [], scroll: 0, question: null, document: [] }
    : { view }
  const next: AppState = { ...withLesson(state, fresh), busy: null }
  const effects: Effect[] = []
  if (entered) effects.push({ kind: 'record', event: { kind: 'step-entered', ...place } })
  const won = view.tasks.filter(
    (task) => task.done && !state.marks.tasks.has(`${place.lesson}/${place.step}/${task.id}`),
  )
  for (const task of won)
    effects.push({ kind: 'record', event: { kind: 'task-done', ...place, task: task.id } })
  effects.push(...stepDoneEffects(next, view))
  if (entered || sameProse(lesson.view, view) === false) effects.push({ kind: 'render' })
  if (entered) effects.push({ kind: 'save' }, { kind: 'look' })
  return [announce(next, won), effects]
}

/** A step is done when its tasks are; one without tasks, when the learner goes on. */
export function stepDoneEffects(state: AppState, view: StepView): Effect[] {
  const lesson = state.lesson!.head.id
  const isNew = !state.marks.steps.has(`${lesson}/${view.id}`)
  const all = view.tasks.length > 0 && view.tasks.every((task) => isTaskDone(state, task))
  return isNew && all ? [{ kind: 'record', event: { kind: 'step-done', lesson, step: view.id } }] : []
}

function announce(state: AppState, won: readonly TaskView[]): AppState {
  const goal = won.find((task) => task.kind === 'goal')
  if (goal === undefined) return state
  return { ...state, notice: { tone: 'good', text: isStepDone(state) ? doneText(state) : 'Goal reached.' } }
}

export function doneText(state: AppState): string {
  const { view } = state.lesson!
  const isLast = view !== null && view.index === view.count - 1
  const key = state.focus === 'shell' ? 'Ctrl-O, then n' : 'n'
  const done = view?.probes ?? (isLast ? 'Lesson done!' : 'Step done.')
  return `${done} ${key}: ${isLast ? 'to the course map' : 'the next one'}.`
}

function sameProse(a: StepView | null, b: StepView): boolean {
  return a !== null && JSON.stringify(a.blocks) === JSON.stringify(b.blocks)
}

function nextStep(state: AppState, lesson: LessonState): Step {
  const { view } = lesson
  if (view === null) return [state, []]
  const leave: Effect[] =
    view.tasks.length === 0
      ? [{ kind: 'record', event: { kind: 'step-done', lesson: lesson.head.id, step: view.id } }]
      : []
  if (view.index === view.count - 1) {
    const [home, effects] = goHome(state)
    return [home, [...leave, ...effects]]
  }
  const [next, effects] = goTo(state, lesson, view.index + 1)
  const skipped = view.tasks.length > 0 && !isStepDone(state)
  const notice = skipped ? ({ tone: 'plain', text: 'Skipped. p brings you back to it.' } as const) : null
  return [{ ...next, notice }, [...leave, ...effects]]
}

function goTo(state: AppState, lesson: LessonState, step: number): Step {
  if (lesson.view === null) return [state, []]
  return [{ ...state, notice: null, busy: 'Making the step ready' }, [{ kind: 'enter-step', step }]]
}

function clampScroll(state: AppState, lines: readonly string[], scroll: number): number {
  return Math.max(0, Math.min(scroll, lines.length - documentRows(state)))
}

function scrolled(state: AppState, lesson: LessonState, by: (Action & { kind: 'scroll' })['by']): number {
  const page = Math.max(1, documentRows(state) - 2)
  const target = {
    'line-up': lesson.scroll - 1,
    'line-down': lesson.scroll + 1,
    'page-up': lesson.scroll - page,
    'page-down': lesson.scroll + page,
    top: 0,
    bottom: lesson.document.length,
  }[by]
  return clampScroll(state, lesson.document, target)
}

function withTask(state: AppState, then: (task: TaskView) => Step): Step {
  const task = currentTask(state) ?? state.lesson?.view?.tasks[0]
  if (task === undefined) return [{ ...state, notice: { tone: 'plain', text: 'This step has no task.' } }, []]
  return then(task)
}

/** What helped counts when it is asked what to repeat. */
function noteHelp({ lesson }: AppState, kind: 'hint' | 'solution-shown', task: TaskView): Effect {
  return {
    kind: 'record',
    event: { kind, lesson: lesson?.head.id ?? '', step: lesson?.view?.id ?? '', task: task.id },
  }
}

function askHint(state: AppState, lesson: LessonState): Step {
  const number = lesson.notes.filter((note) => note.kind === 'hint').length + 1
  return withTask(state, (task) => [
    state,
    [{ kind: 'hint', task: task.id, number }, noteHelp(state, 'hint', task)],
  ])
}

function noted(state: AppState, lesson: LessonState, note: Note | null): Step {
  if (note === null) {
    return [{ ...state, notice: { tone: 'plain', text: 'No more hints. s shows a solution.' } }, []]
  }
  const isKnown = lesson.notes.some((old) => JSON.stringify(old) === JSON.stringify(note))
  const notes = isKnown ? lesson.notes : [...lesson.notes, note]
  // To the end, where it will stand.
  return [
    { ...withLesson(state, { notes, scroll: Number.MAX_SAFE_INTEGER }), notice: null },
    [{ kind: 'render' }],
  ]
}

function ask(state: AppState): Step {
  const view = state.lesson?.view
  if (view == null) return [state, []]
  const questions = view.tasks.filter((task) => task.kind === 'question')
  const open = questions.find((task) => !isTaskDone(state, task))
  const question = open ?? questions[0]
  if (question !== undefined && (open !== undefined || !isStepDone(state))) return askTask(state, question)
  if (isStepDone(state)) return nextStep(state, state.lesson!)
  return [
    { ...state, notice: { tone: 'plain', text: 'No question here: reach the goals in the shell (Ctrl-O).' } },
    [],
  ]
}
