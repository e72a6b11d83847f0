import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hardSteps,
  lessonMark,
  marksOf,
  nextLesson,
  percentDone,
  placeIn,
} from '../../src/course/progress.ts'
import {
  formatProgress,
  mergeEvents,
  PROGRESS_FORMAT,
  type ProgressEvent,
  parseProgress,
} from '../../src/course/progress-file.ts'

const name = fc.constantFrom('a', 'b')
const event: fc.Arbitrary<ProgressEvent> = fc.record({
  id: fc.uuid(),
  at: fc.integer({ min: 0, max: 30 }),
  kind: fc.constantFrom(
    ...['step-done', 'task-done', 'answer', 'solution-shown', 'hint', 'step-entered', 'home-entered'],
    ...['quiz-answer', 'reset'],
  ),
  lesson: fc.option(name, { nil: null, freq: 8 }),
  step: name,
  task: name,
  question: name,
  right: fc.boolean(),
  again: fc.boolean(),
})
const events = fc.uniqueArray(event, { maxLength: 25, selector: ({ id }) => id })
const meaning = (list: readonly ProgressEvent[]) => marksOf(mergeEvents(list))

describe('progress of two copies', () => {
  it('merges to the same, whoever merges and in whatever order', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (all, copies) => {
        // Which of three copies has which event.
        const having = all.map((one) => ({ one, copies: copies.next().value ?? 7 }))
        const of = (bit: number) => having.flatMap((has) => (has.copies & bit ? [has.one] : []))
        const [x, y, z] = [of(1), of(2), of(4)]
        expect(mergeEvents(x, x)).toEqual(mergeEvents(x))
        expect(mergeEvents(x, y)).toEqual(mergeEvents(y, x))
        expect(mergeEvents(mergeEvents(x, y), z)).toEqual(mergeEvents(x, mergeEvents(y, z)))
      }),
    )
  })

  it('leaves out only what means nothing any more', () => {
    const inOrder = (list: readonly ProgressEvent[]) =>
      [...list].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    fc.assert(
      fc.property(events, (x) => {
        expect(meaning(x)).toEqual(marksOf(inOrder(x)))
      }),
      { numRuns: 1000 },
    )
  })

  it('goes through a file', () => {
    fc.assert(
      fc.property(events, (x) => {
        const merged = mergeEvents(x)
        expect(parseProgress(formatProgress(merged))).toEqual({ kind: 'events', events: merged })
      }),
    )
  })
})

describe('older and newer files', () => {
  const old = [
    { id: '1', at: 1, kind: 'step-done', lesson: 'a', step: 's' },
    { id: '2', at: 2, kind: 'quiz-answer', question: 'q', right: false },
  ]

  it('carries format 1 over', () => {
    const parsed = parseProgress(JSON.stringify({ format: 1, events: old }))
    expect(parsed.kind === 'events' && parsed.events).toEqual([old[0], { ...old[1], again: false }])
    expect(marksOf(parsed.kind === 'events' ? parsed.events : []).steps).toEqual(new Set(['a/s']))
  })

  it('refuses what is newer, and what is none', () => {
    const format = PROGRESS_FORMAT + 1
    expect(parseProgress(JSON.stringify({ format, events: [] }))).toEqual({ kind: 'newer', format })
    for (const text of ['', 'x', 'null', '{"format": 0, "events": []}', '{"format": 1, "events": [1]}'])
      expect(parseProgress(text)).toEqual({ kind: 'damaged' })
  })
})

describe('the way through the course', () => {
  const lessons = [
    { id: 'a', steps: ['one', 'two'] },
    { id: 'b', steps: ['three'] },
  ]
  const done = (lesson: string, step: string, at = 1) => ({ at, kind: 'step-done', lesson, step })

  it('goes on where it was left, then with the first lesson that is not done', () => {
    expect(nextLesson(marksOf([]), lessons)?.id).toBe('a')
    const begun = marksOf([{ at: 1, kind: 'step-entered', lesson: 'b', step: 'three' }])
    expect(nextLesson(begun, lessons)?.id).toBe('b')
    const first = marksOf([done('a', 'one'), done('a', 'two')])
    expect(nextLesson(first, lessons)?.id).toBe('b')
    expect(placeIn(marksOf([done('a', 'one')]), lessons[0]!)).toBe(1)
  })

  it('counts', () => {
    expect(percentDone(marksOf([done('a', 'one')]), lessons)).toBe(33)
    expect(percentDone(marksOf([done('a', 'one'), done('a', 'two'), done('b', 'three')]), lessons)).toBe(100)
  })

  it('knows what went hard, until it is forgotten', () => {
    const wrong = { at: 1, kind: 'answer', lesson: 'b', step: 'three', right: false }
    const all = [wrong, done('b', 'three')]
    expect(lessonMark(marksOf(all), lessons[1]!)).toBe('mastered')
    expect(lessonMark(marksOf([wrong, ...all]), lessons[1]!)).toBe('done')
    expect(hardSteps(marksOf([wrong, ...all]), lessons[1]!)).toEqual(['three'])
    const forgotten = marksOf([wrong, ...all, { at: 2, kind: 'reset', lesson: 'b' }])
    expect(lessonMark(forgotten, lessons[1]!)).toBe('open')
    expect(hardSteps(forgotten, lessons[1]!)).toEqual([])
  })
})
