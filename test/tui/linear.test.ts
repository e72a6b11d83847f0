/** The course without a screen. */
import { describe, expect, it } from 'vitest'
import { marksOf, type NotedEvent } from '../../src/course/progress.ts'
import { reviewsOf } from '../../src/course/reviews.ts'
import { type LinearRequest, runLinear } from '../../src/tui/linear/linear.ts'
import { fakeTutor, HEADS } from './fake-tutor.ts'

async function session(lines: readonly string[], request: LinearRequest = { kind: 'course' }, asked = true) {
  const events: NotedEvent[] = []
  const left = [...lines]
  const files = new Map<string, string>()
  let out = ''
  let errors = ''
  const status = await runLinear({
    lessons: HEADS,
    progress: {
      marks: () => marksOf(events),
      record: (event) => void events.push({ ...event, at: events.length }),
      reviews: () => reviewsOf(events),
    },
    writeFile: (name, text) => {
      files.set(name, text)
      return `/here/${name}`
    },
    snapshots: { load: () => null, save() {}, remove() {} },
    loadTutor: async () => fakeTutor(),
    notice: null,
    request,
    asked,
    io: {
      next: async () => left.shift() ?? null,
      print: (text) => void (out += text),
      complain: (text) => void (errors += text),
    },
  })
  return { status, out, errors, events, files }
}

describe('the course line by line', () => {
  it('goes through a lesson', async () => {
    const { out, events, status } = await session([
      '1',
      ':answer a',
      ':answer b',
      ':next',
      'docker run web',
      ':hint',
      ':answer 16',
      ':home',
      'quit',
    ])
    expect(status).toBe(0)
    for (const text of [
      'Lesson: Three networks',
      'b) bridge',
      'Not right.',
      'Right.',
      'docker run web: done\n',
      'Done: A container called web runs',
      'Try docker run.',
      'Step done.',
    ]) {
      expect(out).toContain(text)
    }
    expect(out).not.toMatch(/\u001b/)
    expect(events.filter((event) => event.kind === 'step-done')).toHaveLength(2)
    expect(events.filter((event) => event.kind === 'hint')).toMatchObject([{ step: 'start' }])
  })

  it('opens a sandbox', async () => {
    const { out } = await session(['ls', ':home', 'quit'], {
      kind: 'sandbox',
      world: 'linux',
      engine: '20.10',
      seed: 1,
    })
    expect(out).toContain('ls: done\n')
  })

  it('asks the quiz', async () => {
    const { out } = await session(['quiz', 'x', 'b', '7', 'quit'])
    expect(out).toContain('Type a letter from a to b.')
    expect(out).toContain('1 of 2 right at the first try (50 %).')
  })

  it('says what to do when there is neither a terminal nor input', async () => {
    const { status, errors } = await session([], { kind: 'course' }, false)
    expect(status).toBe(1)
    expect(errors).toContain('--linear')
  })
})
