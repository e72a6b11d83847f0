/**
 * How far a learner is: what the events of a progress file (`progress-file.ts`) add up to. Pure; events of two copies
 * of the program are merged before, so nothing is lost. A reset forgets what came before it.
 */

export interface NotedEvent {
  readonly at: number
  readonly kind: string
  readonly [field: string]: unknown
}

/** What progress needs to know of a lesson. */
export interface Outline {
  readonly id: string
  /** Ids of its steps, in order. */
  readonly steps: readonly string[]
}

export interface Marks {
  /** `lesson/step`. */
  readonly steps: ReadonlySet<string>
  /** `lesson/step/task`. */
  readonly tasks: ReadonlySet<string>
  /** How hard a step went: wrong answers, and two for a solution that was shown; by `lesson/step`. */
  readonly effort: ReadonlyMap<string, number>
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
  effort: new Map(),
  places: new Map(),
  last: null,
  inside: null,
  quizRight: 0,
  quizAsked: 0,
  missed: new Set(),
}

interface Tally {
  readonly steps: Set<string>
  readonly tasks: Set<string>
  readonly effort: Map<string, number>
  readonly places: Map<string, string>
  readonly missed: Set<string>
  last: string | null
  inside: string | null
  quizRight: number
  quizAsked: number
}

export function marksOf(events: readonly NotedEvent[]): Marks {
  const tally: Tally = {
    ...{ steps: new Set(), tasks: new Set(), effort: new Map(), places: new Map(), missed: new Set() },
    ...{ last: null, inside: null, quizRight: 0, quizAsked: 0 },
  }
  for (const event of events) add(tally, event)
  return tally
}

const text = (value: unknown): string => String(value ?? '')

function add(tally: Tally, event: NotedEvent): void {
  const lesson = text(event['lesson'])
  const step = text(event['step'])
  const place = `${lesson}/${step}`
  switch (event.kind) {
    case 'step-done':
      return void tally.steps.add(place)
    case 'task-done':
      return void tally.tasks.add(`${place}/${text(event['task'])}`)
    case 'answer':
      return event['right'] === true ? undefined : strain(tally, place, 1)
    case 'solution-shown':
      return strain(tally, place, 2)
    case 'step-entered':
      tally.places.set(lesson, step)
      tally.last = tally.inside = lesson
      return
    case 'home-entered':
      tally.inside = null
      return
    case 'quiz-answer':
      return answered(tally, text(event['question']), event['right'] === true)
    case 'reset':
      return forget(tally, lesson)
  }
}

function strain({ effort }: Tally, place: string, by: number): void {
  effort.set(place, (effort.get(place) ?? 0) + by)
}

function answered(tally: Tally, question: string, right: boolean): void {
  tally.quizAsked += 1
  if (right) tally.quizRight += 1
  if (right) tally.missed.delete(question)
  else tally.missed.add(question)
}

/** A lesson, or (empty) everything. */
function forget(tally: Tally, lesson: string): void {
  const isAll = lesson === ''
  const prefix = isAll ? '' : `${lesson}/`
  for (const marks of [tally.steps, tally.tasks, tally.effort])
    for (const mark of marks.keys()) if (mark.startsWith(prefix)) marks.delete(mark)
  if (isAll) tally.places.clear()
  else tally.places.delete(lesson)
  if (isAll || tally.last === lesson) tally.last = null
  if (isAll || tally.inside === lesson) tally.inside = null
  if (!isAll) return
  tally.quizRight = tally.quizAsked = 0
  tally.missed.clear()
}

/** `mastered`: done, and no step of it went hard. */
export type LessonMark = 'mastered' | 'done' | 'begun' | 'open'

export function doneSteps(marks: Marks, { id, steps }: Outline): number {
  return steps.filter((step) => marks.steps.has(`${id}/${step}`)).length
}

export function lessonMark(marks: Marks, outline: Outline): LessonMark {
  const done = doneSteps(marks, outline)
  if (done === outline.steps.length && done > 0)
    return hardSteps(marks, outline).length === 0 ? 'mastered' : 'done'
  return done > 0 || marks.places.has(outline.id) ? 'begun' : 'open'
}

export function isDone(marks: Marks, outline: Outline): boolean {
  return outline.steps.length > 0 && doneSteps(marks, outline) === outline.steps.length
}

const HARD = 2

/** Steps worth coming back to: two wrong answers, or a solution that was shown. */
export function hardSteps(marks: Marks, { id, steps }: Outline): string[] {
  return steps.filter((step) => (marks.effort.get(`${id}/${step}`) ?? 0) >= HARD)
}

/** Where to go on: the lesson that was last open if it is not done, else the first that is not done. */
export function nextLesson<T extends Outline>(marks: Marks, lessons: readonly T[]): T | null {
  const last = lessons.find(({ id }) => id === marks.last)
  if (last !== undefined && !isDone(marks, last)) return last
  return lessons.find((one) => !isDone(marks, one)) ?? null
}

/** The step at which a lesson opens. */
export function placeIn(marks: Marks, { id, steps }: Outline): number {
  const place = steps.indexOf(marks.places.get(id) ?? '')
  if (place >= 0) return place
  return Math.max(
    0,
    steps.findIndex((step) => !marks.steps.has(`${id}/${step}`)),
  )
}

/** Steps done of all steps, in percent, rounded down: 100 is all of it. */
export function percentDone(marks: Marks, lessons: readonly Outline[]): number {
  const all = lessons.reduce((sum, { steps }) => sum + steps.length, 0)
  const done = lessons.reduce((sum, one) => sum + doneSteps(marks, one), 0)
  return all === 0 ? 0 : Math.floor((100 * done) / all)
}
