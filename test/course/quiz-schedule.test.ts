import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  mergeReviews,
  NO_REVIEWS,
  noteReview,
  type Reviews,
  readReviews,
  reviewsOf,
} from '../../src/course/reviews.ts'
import { dueQuestions, nextDue, scheduleOf } from '../../src/course/schedule.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 0, 1)
const at = (day: number, right: boolean, again = false) => ({ at: START + day * DAY, right, again })

const answer = fc.record({ at: fc.integer({ min: 0, max: 50 }), right: fc.boolean(), again: fc.boolean() })
const reviews: fc.Arbitrary<Reviews> = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), answer), { maxLength: 12 })
  .map((list) => list.reduce((all, [question, one]) => noteReview(all, question, one), NO_REVIEWS))

describe('reviews', () => {
  it('merge in any order, and lose nothing', () => {
    fc.assert(
      fc.property(reviews, reviews, reviews, (x, y, z) => {
        expect(mergeReviews(x, y)).toEqual(mergeReviews(y, x))
        expect(mergeReviews(mergeReviews(x, y), z)).toEqual(mergeReviews(x, mergeReviews(y, z)))
        expect(mergeReviews(x, x)).toEqual(x)
        for (const [question, answers] of Object.entries(x)) {
          expect(mergeReviews(x, y)[question]).toEqual(expect.arrayContaining([...answers]))
        }
        expect(readReviews(JSON.parse(JSON.stringify(x)))).toEqual(x)
      }),
    )
  })

  it('are read from the events of a progress file; a reset of all forgets them', () => {
    const events = [
      { at: 1, kind: 'quiz-answer', question: 'a', right: false },
      { at: 2, kind: 'quiz-answer', question: 'a', right: true, again: true },
      { at: 3, kind: 'step-done', lesson: 'x', step: 'y' },
    ]
    expect(reviewsOf(events)).toEqual({
      a: [
        { at: 1, right: false, again: false },
        { at: 2, right: true, again: true },
      ],
    })
    expect(reviewsOf([...events, { at: 4, kind: 'reset', lesson: 'x' }])).not.toEqual({})
    expect(reviewsOf([...events, { at: 4, kind: 'reset', lesson: null }])).toEqual({})
  })

  it('survive what is no reviews', () => {
    for (const value of [null, 7, [], { a: 1 }, { a: [{ at: 'x' }, null] }])
      expect(Object.values(readReviews(value)).flat()).toEqual([])
  })
})

describe('the schedule', () => {
  it('is silent about what was never answered', () => {
    expect(scheduleOf([])).toBeNull()
    expect(dueQuestions({ a: [] }, START)).toEqual([])
  })

  it('brings back at once what was wrong, and later what was right, at growing distances', () => {
    expect(scheduleOf([at(0, false)])?.due).toBe(START)
    const distances: number[] = []
    const given = [at(0, true)]
    for (let i = 0; i < 5; i++) {
      const due = scheduleOf(given)!.due
      distances.push(due - given.at(-1)!.at)
      given.push({ at: due, right: true, again: false })
    }
    expect(distances[0]).toBeGreaterThanOrEqual(DAY)
    for (let i = 1; i < distances.length; i++) expect(distances[i]!).toBeGreaterThan(distances[i - 1]!)
  })

  it('asks sooner for what was right only after it had been told', () => {
    const known = scheduleOf([at(0, true)])!.due
    const told = scheduleOf([at(0, false), at(0.001, true, true)])!.due
    expect(told).toBeGreaterThan(START)
    expect(told).toBeLessThanOrEqual(known)
  })

  it('puts the longest overdue first, and says when the next one comes', () => {
    const all: Reviews = { late: [at(0, false)], later: [at(1, false)], fine: [at(2, true)] }
    expect(dueQuestions(all, START + 2 * DAY)).toEqual(['late', 'later'])
    expect(nextDue(all, START + 2 * DAY)).toBe(scheduleOf(all['fine']!)!.due)
  })
})
