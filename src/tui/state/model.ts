/** All that the screen shows, as plain data; changed by `reduce` alone. */

import type { LessonHead } from '../../course/lesson-head.ts'
import type { Marks } from '../../course/progress.ts'
import type {
  AnswerForm,
  AnswerResult,
  QuizMenu,
  QuizOptions,
  QuizOutcome,
  QuizQuestion,
  SideKind,
  Size,
  StepLink,
  StepView,
  TaskView,
  WorldChoice,
} from '../ports.ts'

export interface AppState {
  readonly size: Size
  readonly screen: 'home' | 'lesson' | 'quiz' | 'sandbox'
  readonly focus: 'main' | 'shell'
  readonly lessons: readonly LessonHead[]
  readonly marks: Marks
  /** Row of the home list. */
  readonly selected: number
  readonly lesson: LessonState | null
  readonly quiz: QuizState | null
  readonly sandbox: WorldChoice | null
  /** Questions that are due for review; null: not yet known. */
  readonly due: number | null
  /** The pane that explains the world, while it is open. */
  readonly side: SideState | null
  readonly help: boolean
  readonly confirm: Confirm | null
  readonly notice: Notice | null
  /** What is being waited for: "Building the world". */
  readonly busy: string | null
}

export interface SideState {
  readonly kind: SideKind
  readonly text: string
  readonly scroll: number
  /** Of the packet walk. */
  readonly packet: number | null
  /** Of the glossary. */
  readonly word: string
}

export interface Confirm {
  readonly ask: string
  readonly effect: 'reset-step' | 'reset-sandbox' | 'finish-quiz'
}

export interface Notice {
  readonly tone: 'good' | 'bad' | 'plain'
  readonly text: string
}

export interface LessonState {
  readonly head: LessonHead
  readonly step: number
  /** Null until its world stands. */
  readonly view: StepView | null
  /** Hints, solutions and other things said at this step, below the prose. */
  readonly notes: readonly Note[]
  /** The prose as lines for `documentWidth` columns. */
  readonly document: readonly string[]
  readonly scroll: number
  readonly question: QuestionState | null
}

export type Note =
  | { readonly kind: 'hint'; readonly number: number; readonly text: string }
  | { readonly kind: 'solution'; readonly lines: readonly string[] }
  | { readonly kind: 'reason'; readonly ask: string; readonly text: string }

/** A question that is being answered, in a lesson or in the quiz. */
export interface QuestionState {
  /** The lesson's task; empty in the quiz. */
  readonly task: string
  readonly ask: string
  readonly form: AnswerForm
  readonly exhibit: string | null
  /** What is typed, for text and numbers. */
  readonly typed: string
  /** Which are ticked, where several may be right; in which order, where they are to be put in one. */
  readonly ticked: readonly number[]
  readonly highlighted: number
  readonly waiting: boolean
  /** Lines of the exhibit, or of what is said after the answer, that are above the window. */
  readonly scroll: number
  readonly result: ShownResult | null
}

/** What a list offers: choices, or steps to be put in their order. */
export function choicesOf(form: AnswerForm): readonly string[] {
  if (form.kind === 'choice') return form.choices
  return form.kind === 'order' ? form.steps : []
}

export interface ShownResult extends AnswerResult {
  readonly answer: string
  readonly correct: string | null
  /** What the world shows. */
  readonly reveal: string | null
  /** The step that teaches it. */
  readonly link: StepLink | null
}

export interface QuizState {
  readonly options: QuizOptions
  readonly question: QuizQuestion | null
  readonly asked: QuestionState | null
  readonly right: number
  readonly wrong: number
  readonly outcome: QuizOutcome | null
  /** What there is to be asked; null: a round is on. */
  readonly menu: QuizMenu | null
  readonly selected: number
  /** The round was chosen from the menu. */
  readonly fromMenu: boolean
  /** Null: no clock runs. */
  readonly secondsLeft: number | null
  /** The question's shell stands. */
  readonly shell: boolean
  /** Of the result. */
  readonly scroll: number
}

/** Smaller than this, a sentence says so. */
export const LEAST: Size = { columns: 60, rows: 15 }

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < LEAST.columns || rows < LEAST.rows
}

export function initialState(
  size: Size,
  lessons: readonly LessonHead[],
  marks: Marks,
  selected: number,
): AppState {
  return {
    size,
    screen: 'home',
    focus: 'main',
    lessons,
    marks,
    selected,
    lesson: null,
    quiz: null,
    sandbox: null,
    due: null,
    side: null,
    help: false,
    confirm: null,
    notice: null,
    busy: null,
  }
}

/** Tasks that were done once stay done, whatever the world looks like now. */
export function isTaskDone(state: AppState, task: { readonly id: string; readonly done: boolean }): boolean {
  const { lesson } = state
  if (task.done || lesson?.view == null) return task.done
  return state.marks.tasks.has(`${lesson.head.id}/${lesson.view.id}/${task.id}`)
}

/** The first task that is still open. */
export function currentTask(state: AppState): TaskView | null {
  return state.lesson?.view?.tasks.find((task) => !isTaskDone(state, task)) ?? null
}

export function isStepDone(state: AppState): boolean {
  return state.lesson?.view != null && currentTask(state) === null
}
