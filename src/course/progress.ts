/**
 * How far a learner is, as plain data: lesson → step → tasks done, answers, hints used, and where they left off. Two
 * values merge into one in which nothing is lost, in whatever order (each field only grows, or the later one counts).
 */

import { tasksOf } from './begin-step.ts'
import type { Lesson, Step } from './lesson.ts'
import type { Course } from './load.ts'

export const PROGRESS_FORMAT = 1

export interface Progress {
  readonly format: typeof PROGRESS_FORMAT
  readonly lessons: { readonly [lesson: string]: LessonProgress }
  /** Answers in the quiz, by question. */
  readonly quiz: { readonly [question: string]: readonly GivenAnswer[] }
}

export interface LessonProgress {
  readonly place: Place | null
  readonly steps: { readonly [step: string]: StepProgress }
}

export interface Place {
  readonly step: string
  readonly at: number
}

export interface StepProgress {
  /** By task. */
  readonly tasks: { readonly [task: string]: TaskProgress }
}

export interface TaskProgress {
  readonly doneAt: number | null
  readonly answers: readonly GivenAnswer[]
  /** How many rungs of the ladder were shown. */
  readonly hints: number
  readonly solutionShown: boolean
}

export interface GivenAnswer {
  readonly at: number
  readonly right: boolean
  readonly given: string
}

export const NO_PROGRESS: Progress = { format: PROGRESS_FORMAT, lessons: {}, quiz: {} }
const NEW_LESSON: LessonProgress = { place: null, steps: {} }
const NEW_STEP: StepProgress = { tasks: {} }
const NEW_TASK: TaskProgress = { doneAt: null, answers: [], hints: 0, solutionShown: false }

export type ProgressChange =
  | { readonly kind: 'entered'; readonly lesson: string; readonly step: string; readonly at: number }
  | {
      readonly kind: 'done'
      readonly lesson: string
      readonly step: string
      readonly task: string
      readonly at: number
    }
  | {
      readonly kind: 'answered'
      readonly lesson: string
      readonly step: string
      readonly task: string
      readonly answer: GivenAnswer
    }
  | {
      readonly kind: 'hinted'
      readonly lesson: string
      readonly step: string
      readonly task: string
      readonly rungs: number
    }
  | { readonly kind: 'solution-shown'; readonly lesson: string; readonly step: string; readonly task: string }
  | { readonly kind: 'quiz'; readonly question: string; readonly answer: GivenAnswer }

export function noteProgress(progress: Progress, change: ProgressChange): Progress {
  return mergeProgress(progress, asProgress(change))
}

/** The progress of somebody who did nothing but this. */
function asProgress(change: ProgressChange): Progress {
  if (change.kind === 'quiz') return { ...NO_PROGRESS, quiz: { [change.question]: [change.answer] } }
  if (change.kind === 'entered') {
    const { step, at } = change
    return { ...NO_PROGRESS, lessons: { [change.lesson]: { place: { step, at }, steps: {} } } }
  }
  const step: StepProgress = { tasks: { [change.task]: asTask(change) } }
  return { ...NO_PROGRESS, lessons: { [change.lesson]: { place: null, steps: { [change.step]: step } } } }
}

function asTask(change: Exclude<ProgressChange, { kind: 'quiz' | 'entered' }>): TaskProgress {
  switch (change.kind) {
    case 'done':
      return { ...NEW_TASK, doneAt: change.at }
    case 'answered':
      return { ...NEW_TASK, answers: [change.answer], doneAt: change.answer.right ? change.answer.at : null }
    case 'hinted':
      return { ...NEW_TASK, hints: change.rungs }
    case 'solution-shown':
      return { ...NEW_TASK, solutionShown: true }
  }
}

export function mergeProgress(x: Progress, y: Progress): Progress {
  return {
    format: PROGRESS_FORMAT,
    lessons: mergeRecords(x.lessons, y.lessons, mergeLesson),
    quiz: mergeRecords(x.quiz, y.quiz, mergeAnswers),
  }
}

function mergeRecords<T>(
  x: { readonly [key: string]: T },
  y: { readonly [key: string]: T },
  merge: (x: T, y: T) => T,
): { [key: string]: T } {
  const merged = new Map(Object.entries(x))
  for (const [key, value] of Object.entries(y)) {
    const own = merged.get(key)
    merged.set(key, own === undefined ? value : merge(own, value))
  }
  return Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function mergeLesson(x: LessonProgress, y: LessonProgress): LessonProgress {
  return { place: laterPlace(x.place, y.place), steps: mergeRecords(x.steps, y.steps, mergeStep) }
}

function laterPlace(x: Place | null, y: Place | null): Place | null {
  if (x === null || y === null) return x ?? y
  if (x.at !== y.at) return x.at > y.at ? x : y
  return x.step >= y.step ? x : y
}

function mergeStep(x: StepProgress, y: StepProgress): StepProgress {
  return { tasks: mergeRecords(x.tasks, y.tasks, mergeTask) }
}

function mergeTask(x: TaskProgress, y: TaskProgress): TaskProgress {
  return {
    doneAt: x.doneAt === null || y.doneAt === null ? (x.doneAt ?? y.doneAt) : Math.min(x.doneAt, y.doneAt),
    answers: mergeAnswers(x.answers, y.answers),
    hints: Math.max(x.hints, y.hints),
    solutionShown: x.solutionShown || y.solutionShown,
  }
}

/** The same answer at the same moment is one. */
function mergeAnswers(x: readonly GivenAnswer[], y: readonly GivenAnswer[]): readonly GivenAnswer[] {
  const key = ({ at, right, given }: GivenAnswer): string =>
    `${String(at).padStart(16, '0')} ${right ? 1 : 0} ${given}`
  const all = new Map([...x, ...y].map((answer) => [key(answer), answer]))
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, answer]) => answer)
}

export function taskProgress(progress: Progress, lesson: string, step: string, task: string): TaskProgress {
  return ((progress.lessons[lesson] ?? NEW_LESSON).steps[step] ?? NEW_STEP).tasks[task] ?? NEW_TASK
}

export function isStepDone(progress: Progress, lesson: Lesson, step: Step): boolean {
  return tasksOf(step).every(({ id }) => taskProgress(progress, lesson.id, step.id, id).doneAt !== null)
}

export function isLessonDone(progress: Progress, lesson: Lesson): boolean {
  return lesson.steps.every((step) => isStepDone(progress, lesson, step))
}

export interface StepRef {
  readonly lesson: string
  readonly step: string
}

/** The first step that is not done, in a lesson whose requirements are; null when all is done. */
export function nextStep(progress: Progress, course: Course): StepRef | null {
  const done = new Set(course.lessons.filter((one) => isLessonDone(progress, one)).map((one) => one.id))
  const open = course.lessons.filter((one) => !done.has(one.id))
  const lesson = open.find((one) => one.requires.every((id) => done.has(id))) ?? open[0]
  const step = lesson?.steps.find((one) => !isStepDone(progress, lesson, one))
  return lesson === undefined || step === undefined ? null : { lesson: lesson.id, step: step.id }
}

/** Steps that went hard: two wrong answers, a shown solution, or the whole ladder of hints. Hardest first. */
export function stepsToRepeat(progress: Progress, course: Course): StepRef[] {
  const found: { ref: StepRef; weight: number }[] = []
  for (const lesson of course.lessons) {
    for (const step of lesson.steps) {
      let weight = 0
      for (const task of tasksOf(step))
        weight += effort(taskProgress(progress, lesson.id, step.id, task.id), task.hints.length)
      if (weight >= 2) found.push({ ref: { lesson: lesson.id, step: step.id }, weight })
    }
  }
  return found.sort((x, y) => y.weight - x.weight).map(({ ref }) => ref)
}

function effort({ answers, hints, solutionShown }: TaskProgress, rungs: number): number {
  const wrong = answers.filter((answer) => !answer.right).length
  return wrong + (solutionShown ? 2 : 0) + (rungs > 0 && hints >= rungs ? 2 : 0)
}

/** Null for what is no progress of this format. */
export function readProgress(value: unknown): Progress | null {
  const progress = value as Progress | null
  if (typeof progress !== 'object' || progress === null || progress.format !== PROGRESS_FORMAT) return null
  if (typeof progress.lessons !== 'object' || typeof progress.quiz !== 'object') return null
  return progress
}
