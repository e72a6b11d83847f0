/** The quiz for scripts: JSON lines out and in. */
import { describe, expect, it } from 'vitest'
import { quizJson } from '../../src/headless/quiz-json.ts'
import { packFiles, services } from '../course/helpers.ts'

const BANK = `format: 1
topic: t
title: Topic
questions:
  - { id: one, ask: One?, right: a, wrong: [{ text: b, why: No b. }], why: So., link: "closer-look#pull-the-plug" }
  - { id: two, kind: number, ask: Two?, answer: 1500, why: So., link: "closer-look#pull-the-plug" }
  - { id: three, kind: order, ask: Order?, steps: [x, y, z], why: So., link: "closer-look#pull-the-plug" }
  - { id: bad, kind: order, ask: x, why: y, link: "closer-look#pull-the-plug" }
generated:
  - id: four
    kind: find
    world: linux
    engine: "20.10"
    accepts: container
    ask: What runs?
    setup: ["host1$ docker run -d --name web busybox sleep 1d"]
    answer: { from: "host1$ docker ps --format '{{.Names}}'" }
    holds: "host1$ docker inspect {{choice}}"
    why: So.
    link: closer-look#pull-the-plug
`

interface Message {
  readonly type: string
  readonly [field: string]: unknown
}

type Reply = (question: Message) => object | string | null

async function play(options: object, ...replies: Reply[]) {
  const out: Message[] = []
  const events: Record<string, unknown>[] = []
  const lessons = packFiles().lessons
  const left = [...replies]
  const last = (): Message => out.findLast(({ type }) => type === 'question')!
  await quizJson(
    { topic: null, count: 4, exam: false, review: false, minutes: null, seed: 1, ...options },
    {
      files: { lessons, quiz: [{ name: 'q.yaml', text: BANK }] },
      reviews: {},
      services,
      now: () => 1000,
      next: async () => {
        const reply = left.length > 1 ? left.shift()! : left[0]
        const value = reply?.(last()) ?? null
        return value === null || typeof value === 'string' ? value : JSON.stringify(value)
      },
      print: (text) =>
        void out.push(
          ...text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Message),
        ),
      record: (event) => void events.push({ ...event }),
    },
  )
  return { out, events, types: out.map(({ type }) => type) }
}

const keyOf = (question: Message, text: string): string =>
  (question['choices'] as { key: string; text: string }[]).find((one) => one.text === text)!.key

const right: Reply = (question) => {
  if (question['kind'] === 'choice') return { answer: keyOf(question, 'a') }
  if (question['kind'] === 'number') return { answer: '1 500' }
  if (question['kind'] === 'find') return { answer: 'WEB' }
  return { answer: ['x', 'y', 'z'].map((text) => keyOf(question, text)) }
}

describe('quiz --json', () => {
  it('asks, answers with reasons, and ends with a result', async () => {
    const { out, types, events } = await play({}, right)
    expect(types).toEqual(['quiz', 'problem', ...Array(4).fill(['question', 'answer']).flat(), 'result'])
    expect(out[1]).toMatchObject({ file: 'q.yaml', line: 8 })
    expect(out.find(({ type }) => type === 'answer')).toMatchObject({
      right: true,
      why: 'So.',
      step: 'pull-the-plug',
    })
    expect(out.at(-1)).toMatchObject({ complete: true, right: 4, count: 4, percent: 100 })
    expect(events).toHaveLength(4)
    expect(events[0]).toMatchObject({ kind: 'quiz-answer', right: true, again: false })
  })

  it('names what it does not understand, and goes on', async () => {
    const { out } = await play(
      {},
      () => 'nonsense',
      () => ({ answer: { no: 1 } }),
      () => ({ run: 'ls' }),
      right,
    )
    expect(out.filter(({ type }) => type === 'error').length).toBeGreaterThanOrEqual(2)
    expect(out.at(-1)).toMatchObject({ complete: true })
  })

  it('runs commands in the world of a question', async () => {
    let ran = false
    const { out } = await play({}, (question) => {
      if (question['shell'] === null || ran) return right(question)
      ran = true
      return { run: 'docker ps -q | wc -l' }
    })
    expect(out.find(({ type }) => type === 'output')).toMatchObject({ status: 0, stdout: '1\n' })
  })

  it('is silent in an exam, takes skips, and counts what was left open', async () => {
    const { out, events } = await play(
      { exam: true, minutes: 5 },
      () => ({ skip: true }),
      right,
      () => ({ finish: true }),
    )
    expect(out[0]).toMatchObject({ mode: 'exam', seconds: 300 })
    expect(out.some(({ type }) => type === 'answer')).toBe(false)
    expect(out.filter(({ type }) => type === 'noted')).toHaveLength(1)
    expect(out.at(-1)).toMatchObject({ right: 1, count: 4, passed: false })
    expect(events.at(-1)).toMatchObject({ kind: 'exam' })
  })

  it('ends where the input ends, and says when nothing is due', async () => {
    expect((await play({}, () => null)).out.at(-1)).toMatchObject({ type: 'result', complete: false })
    const nothing = await play({ review: true }, right)
    expect(nothing.out.at(-1)).toMatchObject({ type: 'error' })
    expect((await play({ topic: 'x' }, right)).out.at(-1)!['text']).toContain("no topic 'x'")
  })
})
