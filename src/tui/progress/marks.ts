/**
 * What the events of a progress file add up to: steps and tasks done, where the learner left off in each lesson, how
 * the quiz went. A reset forgets what came before it.
 */
import type { LessonHead } from '../ports.ts'

export interface ProgressEvent {
  readonly at: number
  readonly kind: string
  readonly [field: string]: unknown
}

export interface Marks {
  /** `lesson/step`. */
  readonly steps: ReadonlySet<string>
  /** `lesson/step/task`. */
  readonly tasks: ReadonlySet<string>
  /** The step that was last open, by lesson. */
  readonly places: ReadonlyMap<string, string>
  /** The lesson that was last open. */
  readonly last: string | null
  /** The lesson that is open: the learner has not gone back to the map since. */
  readonly inside: string | null
  readonly quizRight: number
  readonly quizAsked: number
  /** Questions of the quiz whose last answer was wrong. */
  readonly missed: ReadonlySet<string>
}

export const NO_MARKS: Marks = {
  steps: new Set(),
  tasks: new Set(),
  places: new Map(),
  last: null,
  inside: null,
  quizRight: 0,
  quizAsked: 0,
  missed: new Set(),
}

export function marksOf(events: readonly ProgressEvent[]): Marks {
  const steps = new Set<string>()
  const tasks = new Set<string>()
  const places = new Map<string, string>()
  let last: string | null = null
  let inside: string | null = null
  const missed = new Set<string>()
  let quizRight = 0
  let quizAsked = 0
  for (const event of events) {
    const lesson = String(event['lesson'] ?? '')
    const place = `${lesson}/${String(event['step'] ?? '')}`
    if (event.kind === 'step-done') steps.add(place)
    else if (event.kind === 'task-done') tasks.add(`${place}/${String(event['task'] ?? '')}`)
    else if (event.kind === 'step-entered') {
      places.set(lesson, String(event['step'] ?? ''))
      last = lesson
      inside = lesson
    } else if (event.kind === 'home-entered') inside = null
    else if (event.kind === 'quiz-answer') {
      quizAsked += 1
      const question = String(event['question'] ?? '')
      if (event['right'] === true) {
        quizRight += 1
        missed.delete(question)
      } else missed.add(question)
    } else if (event.kind === 'reset') {
      const whole = event['lesson'] === undefined || event['lesson'] === null
      forget(steps, whole ? '' : `${lesson}/`)
      forget(tasks, whole ? '' : `${lesson}/`)
      if (whole) places.clear()
      else places.delete(lesson)
      if (whole || last === lesson) last = null
      if (whole || inside === lesson) inside = null
      if (whole) quizRight = quizAsked = 0
      if (whole) missed.clear()
    }
  }
  return { steps, tasks, places, last, inside, quizRight, quizAsked, missed }
}

function forget(marks: Set<string>, prefix: string): void {
  for (const mark of marks) if (mark.startsWith(prefix)) marks.delete(mark)
}

export type LessonMark = 'done' | 'begun' | 'open'

export function doneSteps(marks: Marks, head: LessonHead): number {
  return head.steps.filter((step) => marks.steps.has(`${head.id}/${step}`)).length
}

export function lessonMark(marks: Marks, head: LessonHead): LessonMark {
  const done = doneSteps(marks, head)
  if (done === head.steps.length && done > 0) return 'done'
  return done > 0 || marks.places.has(head.id) ? 'begun' : 'open'
}

/** Where to go on: the lesson that was last open if it is not done, else the first that is not done. */
export function nextLesson(marks: Marks, lessons: readonly LessonHead[]): LessonHead | null {
  const last = lessons.find((head) => head.id === marks.last)
  if (last !== undefined && lessonMark(marks, last) !== 'done') return last
  return lessons.find((head) => lessonMark(marks, head) !== 'done') ?? null
}

/** The step at which a lesson opens. */
export function placeIn(marks: Marks, head: LessonHead): number {
  const place = head.steps.indexOf(marks.places.get(head.id) ?? '')
  if (place >= 0) return place
  const open = head.steps.findIndex((step) => !marks.steps.has(`${head.id}/${step}`))
  return Math.max(0, open)
}
