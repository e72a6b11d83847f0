import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadCourse } from '../../src/course/load.ts'
import { askedNow, drawQuestions, type QuizState, quizReduce, startQuiz } from '../../src/course/quiz.ts'
import { loadBank } from '../../src/course/quiz-bank.ts'
import { makeItem } from '../../src/course/quiz-generate.ts'
import type { QuizItem } from '../../src/course/quiz-item.ts'
import { quizResult } from '../../src/course/quiz-result.ts'
import { packFiles, services } from './helpers.ts'

const files = packFiles()
const { bank, problems } = loadBank(files.quiz, loadCourse(files.lessons).course)

function item(n: number): QuizItem {
  const choices = ['a', 'b', 'c'].map((text, index) => ({
    text,
    right: index === n % 3,
    why: index === 0 ? 'not a' : null,
  }))
  return {
    id: `q${n}`,
    entry: `q${n}`,
    topic: { id: `t${n % 2}`, title: 'T' },
    kind: 'choice',
    ask: '?',
    exhibit: null,
    form: { kind: 'choice', several: false, choices },
    reveal: null,
    why: 'because',
    lesson: 'l',
    step: `s${n % 2}`,
  }
}

function choicesOf({ form }: QuizItem) {
  return form.kind === 'choice' ? form.choices : []
}

const chosen = (...indexes: number[]) => ({ kind: 'chosen', indexes }) as const

/** Answers right or wrong, then goes on. */
function give(state: QuizState, isRight: boolean): QuizState {
  const now = askedNow(state)!
  const index = choicesOf(now.item).findIndex((choice) => choice.right === isRight)
  return quizReduce(quizReduce(state, { kind: 'answer', given: chosen(index) }), { kind: 'next' })
}

describe('the bank', () => {
  it('reads without problems: at least 120 fixed questions, 25 generated kinds', () => {
    expect(problems).toEqual([])
    expect(bank.entries.filter((one) => one.kind === 'fixed').length).toBeGreaterThanOrEqual(120)
    expect(bank.entries.filter((one) => one.kind === 'generated').length).toBeGreaterThanOrEqual(25)
  })

  it('takes several right choices, which all have to be chosen', async () => {
    const text = `format: 1
topic: t
title: T
questions:
  - id: one
    ask: x
    right: [a, 2]
    wrong: [{ text: c }, { text: d }]
    why: y
    link: networking-types#nowhere
`
    const [entry] = loadBank([{ name: 'q.yaml', text }]).bank.entries
    const { item: made } = await makeItem(entry!, 1, services)
    const choices = choicesOf(made)
    expect(made.kind).toBe('several')
    expect(choices.filter(({ right }) => right).map((one) => one.text)).toEqual(
      expect.arrayContaining(['a', '2']),
    )
    expect(choices).toHaveLength(4)
  })

  it('says which links lead nowhere and which questions are wrong', () => {
    const text = `format: 1
topic: t
title: T
questions:
  - id: one
    ask: x
    right: a
    wrong: [{ text: a }, { text: b }]
    why: y
    link: networking-types#nowhere
  - id: two
    ask: x
    right: a
    wrong: [{ text: c }, { text: b }]
    why: y
    link: networking-types#nowhere
`
    const found = loadBank([{ name: 'q.yaml', text }], loadCourse(files.lessons).course).problems
    expect(found).toEqual([
      { file: 'q.yaml', line: 5, text: 'one: two choices are the same' },
      { file: 'q.yaml', line: 11, text: 'there is no step networking-types#nowhere' },
    ])
  })

  it('draws the same questions for the same seed, of one topic where one is asked for', () => {
    const draw = (seed: number, topic: string | null) =>
      drawQuestions(bank, { count: 8, topic, seed }).map(({ entry, seed: own }) => `${entry.id} ${own}`)
    expect(draw(3, null)).toEqual(draw(3, null))
    expect(draw(3, null)).not.toEqual(draw(4, null))
    const some = drawQuestions(bank, { count: 40, topic: 'inside', seed: 1 })
    expect(some.every(({ entry }) => entry.topic.id === 'inside')).toBe(true)
    // When all have been asked, the generated kinds come again with other worlds.
    expect(some).toHaveLength(40)
    const fixed = (list: readonly { readonly kind: string; readonly id: string }[]): Set<string> =>
      new Set(list.filter(({ kind }) => kind === 'fixed').map(({ id }) => id))
    expect(fixed(some.map(({ entry }) => entry))).toEqual(
      fixed(bank.entries.filter(({ topic }) => topic.id === 'inside')),
    )
  })

  it('has generated kinds in every topic', () => {
    const topics = bank.entries.filter((one) => one.kind === 'generated').map((one) => one.topic.id)
    expect(new Set(topics)).toEqual(new Set(bank.topics.map(({ id }) => id)))
  })

  it('shuffles choices by seed', async () => {
    const entry = bank.entries.find((one) => one.kind === 'fixed' && one.asks === 'choice')!
    const orders = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) =>
        choicesOf((await makeItem(entry, seed, services)).item)
          .map((one) => one.text)
          .join(),
      ),
    )
    expect(new Set(orders).size).toBeGreaterThan(1)
  })
})

describe('a round', () => {
  it('ends when every question was answered right, and counts first answers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        (count, answers) => {
          let state = startQuiz(Array.from({ length: count }, (_, n) => item(n)))
          let firsts = 0
          for (const right of [...answers, ...Array.from({ length: 40 }, () => true)]) {
            const now = askedNow(state)
            if (now === null) break
            if (!now.again && right) firsts++
            expect(now.number).toBeLessThanOrEqual(count)
            state = give(state, right)
          }
          expect(askedNow(state)).toBeNull()
          expect(quizResult(state)).toMatchObject({ right: firsts, asked: count })
        },
      ),
    )
  })

  it('asks a wrong one again after two others', () => {
    let state = startQuiz([0, 1, 2, 3].map(item))
    const seen: string[] = []
    for (const right of [false, true, true, true, true]) {
      const { item: one, again } = askedNow(state)!
      seen.push(`${one.id}${again ? ' again' : ''}`)
      state = give(state, right)
    }
    expect(seen).toEqual(['q0', 'q1', 'q2', 'q0 again', 'q3'])
    expect(quizResult(state).repeat).toEqual([{ lesson: 'l', step: 's0', missed: 1 }])
  })

  it('shows an answer until one goes on, and takes no second one meanwhile', () => {
    const start = startQuiz([item(1)])
    const answered = quizReduce(start, { kind: 'answer', given: chosen(0) })
    expect(answered.shown).toMatchObject({ right: false, say: 'not a' })
    expect(quizReduce(answered, { kind: 'answer', given: chosen(1) })).toBe(answered)
    expect(quizReduce(start, { kind: 'next' })).toBe(start)
    expect(askedNow(answered)).toMatchObject({ number: 1, again: false })
  })
})
