/** A round that is cut short goes on: same questions, same answers, same clock. */
import { describe, expect, it } from 'vitest'
import type { Given } from '../../src/course/judge.ts'
import { outlineOf } from '../../src/course/lesson-head.ts'
import { loadBank } from '../../src/course/quiz-bank.ts'
import type { QuizItem } from '../../src/course/quiz-item.ts'
import { reopenRound } from '../../src/course/quiz-reopen.ts'
import { openRound, type QuizRound, type RoundOptions } from '../../src/course/quiz-round.ts'
import { packFiles, services } from './helpers.ts'

const files = packFiles()
const course = outlineOf(files.lessons.map(({ text }) => text))
const { bank } = loadBank(files.quiz, course)
let now = 1_000_000
const ports = { bank, course, reviews: {}, services, now: () => now }
const OPTIONS: RoundOptions = {
  topic: 'inside',
  count: 6,
  exam: false,
  review: false,
  minutes: null,
  seed: 11,
}

function answerTo({ form }: QuizItem, right: boolean): Given {
  if (form.kind === 'typed') return { kind: 'typed', text: right ? form.answers[0]! : 'nonsense' }
  if (form.kind === 'order')
    return { kind: 'chosen', indexes: right ? form.order : [...form.order].reverse() }
  const indexes = form.choices.flatMap((choice, index) => (choice.right === right ? [index] : []))
  return { kind: 'chosen', indexes: form.several ? indexes : indexes.slice(0, 1) }
}

async function play(round: QuizRound, answers: number): Promise<void> {
  for (let i = 0; i < answers; i++) {
    const asked = round.asked()
    if (asked === null) return
    await round.answer(answerTo(asked.item, asked.again || asked.number % 2 === 0))
    await round.next()
  }
}

describe.each([
  ['practice', OPTIONS],
  ['an exam', { ...OPTIONS, exam: true, topic: null }],
])('%s', (_, options) => {
  it('goes on after any answer as if nothing had been', { timeout: 60_000 }, async () => {
    const whole = await openRound(options, ports)
    await play(whole, 30)
    await whole.complete()
    for (const cut of [0, 1, 3, 5]) {
      const first = await openRound(options, ports)
      await play(first, cut)
      const second = await reopenRound(first.saved(), { ...options, seed: null }, ports)
      expect(second?.asked()?.item).toEqual(first.asked()?.item)
      // What comes again is made when its turn comes.
      expect({ ...second?.state, items: [] }).toEqual({ ...first.state, items: [] })
      await play(second!, 30)
      await second!.complete()
      expect(second!.result()).toEqual(whole.result())
      expect(second!.reportHead().startedAt).toBe(first.startedAt)
    }
  })
})

describe('a round', () => {
  it('is another one where another is wished for, or the text is no round', async () => {
    const saved = (await openRound(OPTIONS, ports)).saved()
    const reopened = (wish: object, text: string | null = saved) =>
      reopenRound(text, { ...OPTIONS, ...wish }, ports)
    expect((await reopened({})) === null).toBe(false)
    for (const wish of [{ topic: null }, { count: 7 }, { exam: true }, { review: true }, { seed: 12 }])
      expect((await reopened(wish)) === null).toBe(true)
    for (const text of [null, '', '{}', saved.slice(0, 40), saved.replace(/"queue":\[0/, '"queue":[99')])
      expect((await reopened({}, text)) === null).toBe(true)
    const gone = { ...ports, bank: { ...bank, entries: [] } }
    expect((await reopenRound(saved, OPTIONS, gone)) === null).toBe(true)
  })

  it('tells no answer in what is saved', async () => {
    const round = await openRound({ ...OPTIONS, exam: true }, ports)
    const { item } = round.asked()!
    expect(round.saved()).not.toContain(item.ask.slice(0, 20))
    expect(round.saved()).not.toContain(item.why.slice(0, 20))
  })

  it('of an exam is over when its time has passed meanwhile, and all its questions count', async () => {
    const exam = { ...OPTIONS, exam: true, minutes: 2 }
    const first = await openRound(exam, ports)
    await play(first, 2)
    now += 60_000
    const second = await reopenRound(first.saved(), exam, ports)
    expect(second?.secondsLeft()).toBe(60)
    now += 70_000
    const third = await reopenRound(first.saved(), exam, ports)
    expect(third?.asked() === null).toBe(true)
    await third!.complete()
    expect(third!.result()).toMatchObject({ asked: 2, count: 6 })
  })

  it('makes a question when its turn comes; one that cannot be made is named and left out', async () => {
    const broken = bank.entries.map((entry, i) =>
      entry.kind === 'generated' && i % 2 === 0
        ? { ...entry, setup: [{ line: 1, place: 'host1', sign: '$' as const, command: 'false' }] }
        : entry,
    )
    const round = await openRound(
      { ...OPTIONS, topic: null, count: 40, seed: 4 },
      { ...ports, bank: { ...bank, entries: broken } },
    )
    expect(round.state.items.filter((item) => item !== null)).toHaveLength(1)
    for (let asked = round.asked(); asked !== null; asked = round.asked()) {
      await round.answer(answerTo(asked.item, true))
      await round.next()
    }
    const { count } = round.result()
    expect(round.problems.length).toBeGreaterThan(0)
    expect(count + round.problems.length).toBe(40)
  })
})
