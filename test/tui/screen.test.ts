/** The whole screen on a terminal that is an emulator, with a tutor that has no world. */
import { afterEach, describe, expect, it } from 'vitest'
import { marksOf, type NotedEvent } from '../../src/course/progress.ts'
import { reviewsOf } from '../../src/course/reviews.ts'
import { type BootOptions, boot } from '../../src/tui/boot.ts'
import { DEFAULT_QUIZ } from '../../src/tui/state/home-items.ts'
import { fakeTutor, HEADS } from './fake-tutor.ts'
import { VirtualTerminal } from './virtual-terminal.ts'

const events: NotedEvent[] = []
const saved = new Map<string, string>()
const files = new Map<string, string>()

async function start(columns: number, rows: number, change: Partial<BootOptions> = {}) {
  const terminal = new VirtualTerminal(columns, rows)
  const tutor = fakeTutor()
  await boot({
    device: terminal,
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
    snapshots: {
      load: (name) => saved.get(name) ?? null,
      save: (name, text) => void saved.set(name, text),
      remove: (name) => void saved.delete(name),
    },
    open: null,
    notice: null,
    loadTutor: async () => tutor,
    describe: (error) => `broken: ${String(error)}\n`,
    ...change,
  })
  return { terminal, tutor }
}

afterEach(() => {
  events.length = 0
  saved.clear()
  files.clear()
})

describe.each([
  [80, 24],
  [120, 36],
  [160, 50],
])('at %i×%i', (columns, rows) => {
  it('goes through a lesson: question wrong and right, goal, next step, home, back at the same place', async () => {
    const { terminal, tutor } = await start(columns, rows)
    await terminal.until('Three networks that were always there')
    await terminal.until('HOME')
    terminal.type('\r')
    await terminal.until('Docker makes three networks')
    terminal.type('a')
    await terminal.until('❯ a  host')
    terminal.type('\r')
    await terminal.until('✗ Not right.')
    await terminal.until('That is another one.')
    terminal.type('\r')
    await terminal.until('❯ a  host')
    terminal.type('b')
    await terminal.until('✓ Right.')
    terminal.type('\r')
    await terminal.until('It is the default.')
    terminal.type('n')
    await terminal.until('Start one')
    terminal.type('\u000f')
    await terminal.until('SHELL')
    terminal.type('docker run web\r')
    await terminal.until('docker run web: done')
    await terminal.until('Goal reached.')
    expect(tutor.shells[0]!.lines).toEqual(['docker run web'])
    terminal.type('\u000fq')
    const home = await terminal.until('HOME')
    expect(home).toContain('1/3 steps')
    terminal.type('1')
    const back = await terminal.until('Start one')
    expect(back).toContain('✓')
    terminal.type('\u000f')
    await terminal.until('docker run web: done')
  })

  it('goes through a quiz', async () => {
    const { terminal } = await start(columns, rows, {
      open: { kind: 'open-quiz', options: { ...DEFAULT_QUIZ, count: 2 } },
    })
    await terminal.until('Which network is the default?')
    terminal.type('2')
    await terminal.until('✓ Right.')
    terminal.type('\r')
    await terminal.until('15: eth0@if16')
    terminal.type('7\r')
    await terminal.until('✗ Not right.')
    await terminal.until('The answer: bridge')
    terminal.type('\r')
    await terminal.until('1 of 2 right at the first try (50 %)')
  })
})

describe('the quiz', () => {
  const quiz = (more: object) => ({ kind: 'open-quiz', options: { ...DEFAULT_QUIZ, ...more } }) as const

  it('has a menu: rounds, what is due, topics', async () => {
    const { terminal } = await start(80, 24)
    terminal.type('3')
    const menu = await terminal.until('Practice, mixed')
    expect(menu).toContain('3 due')
    expect(menu).toContain('30 questions, 30 min')
    terminal.type('4')
    await terminal.until('Which network is the default?')
    terminal.type('\u001b')
    await terminal.until('Practice, mixed')
  })

  it('opens the step that teaches an answer, and comes back', async () => {
    const { terminal } = await start(80, 24, { open: quiz({ count: 2 }) })
    await terminal.until('Which network is the default?')
    terminal.type('a')
    await terminal.until('✗ Not right.')
    terminal.type('o')
    await terminal.until('LESSON')
    terminal.type('q')
    await terminal.until('✗ Not right.')
    terminal.type('\r')
    await terminal.until('15: eth0@if16')
  })

  it('is silent in an exam, shows the clock, and gives the result as a file', async () => {
    const { terminal } = await start(80, 24, { open: quiz({ exam: true, exportTo: 'x.json' }) })
    expect(await terminal.until('Which network is the default?')).toContain('1:00 left')
    terminal.type('\u000e')
    await terminal.until('15: eth0@if16')
    terminal.type('16\r')
    expect(await terminal.until('Which network is the default?')).not.toContain('Right')
    terminal.type('\u001b')
    await terminal.until('Hand it in? Open questions count as wrong.')
    terminal.type('y')
    const result = await terminal.until('1 of 2 right')
    expect(result).toContain('Not passed')
    expect(files.get('x.json')).toBe('the result')
    terminal.type('m')
    await terminal.until('/here/result.md')
    expect(events.filter(({ kind }) => kind === 'quiz-answer' || kind === 'exam')).toMatchObject([
      { kind: 'quiz-answer', right: true, again: false },
      { kind: 'exam', right: 1, count: 2 },
    ])
  })
})

describe('a round that was cut short', () => {
  const open = { kind: 'open-quiz', options: { ...DEFAULT_QUIZ, count: 2 } } as const

  it('goes on at the question it was at, with what was answered; one that was left does not', async () => {
    const first = await start(80, 24, { open })
    await first.terminal.until('Which network is the default?')
    first.terminal.type('2')
    await first.terminal.until('✓ Right.')
    first.terminal.type('\r')
    await first.terminal.until('15: eth0@if16')
    first.terminal.type('\u0003')

    const second = (await start(80, 24, { open })).terminal
    const again = await second.until('15: eth0@if16')
    expect(again).toContain('question 2 of 2')
    expect(again).toContain('The round goes on where you left it.')
    second.type('16\r')
    await second.until('✓ Right.')
    second.type('\r')
    await second.until('2 of 2 right')
    expect(saved.size).toBe(0)

    const third = (await start(80, 24, { open })).terminal
    await third.until('Which network is the default?')
    expect(saved.size).toBe(1)
    third.type('\u001b')
    await third.until('HOME')
    expect(saved.size).toBe(0)
  })
})

describe('the screen', () => {
  it('takes keys that come all at once', async () => {
    const { terminal } = await start(100, 30)
    terminal.type('\u001b[B\u001b[B\u001b[B\u001b[A\u001b[A\r')
    await terminal.until('2  A switch made of software')
    await terminal.until('LESSON')
    await terminal.until('Docker makes three networks')
    terminal.type('a\u001b[B\r')
    await terminal.until('✓ Right.')
  })

  it('types a question mark in the shell and opens the help elsewhere', async () => {
    const { terminal } = await start(120, 36, { open: { kind: 'open-lesson', id: 'networks' } })
    await terminal.until('Docker makes three networks')
    terminal.type('?')
    await terminal.until('Course map')
    const help = await terminal.until('HELP')
    expect(help).not.toContain('host1:~#')
    terminal.type('\u001b')
    await terminal.until('host1:~#')
    terminal.type('\u000f')
    await terminal.until('SHELL')
    terminal.type('echo ?')
    await terminal.until('host1:~# echo ?')
  })

  it('says that the window is too small, and comes back', async () => {
    const { terminal } = await start(100, 30)
    await terminal.until('HOME')
    terminal.resize(50, 12)
    await terminal.until('This window is too small.')
    terminal.resize(100, 30)
    await terminal.until('HOME')
  })

  it('keeps keys that are typed before the shell stands', async () => {
    const { terminal } = await start(100, 30, {
      open: { kind: 'open-sandbox', choice: { world: 'linux', engine: '20.10', seed: 1 } },
    })
    terminal.type('ls')
    await terminal.until('host1:~# ls')
  })

  it('gives the terminal back on quitting, on failure and around a stop', async () => {
    const quit = (await start(100, 30)).terminal
    await quit.until('HOME')
    quit.type('q')
    expect(quit.ended).toBe(0)
    expect(quit.written.join('')).toContain('\u001b[?1049l')
    expect(quit.rawModes).toEqual([true, false])

    const failed = (await start(100, 30)).terminal
    failed.fail(new Error('oh'))
    expect(failed.ended).toBe(70)
    expect(failed.written.at(-1)).toContain('broken: Error: oh')
    expect(failed.rawModes).toEqual([true, false])

    const stopped = (await start(100, 30)).terminal
    await stopped.until('HOME')
    stopped.type('\u001a')
    expect(stopped.rawModes).toEqual([true, false, true])
    await stopped.until('HOME')
  })

  it('writes a few bytes for a key, and nothing while the terminal takes nothing', async () => {
    const { terminal } = await start(120, 36, { open: { kind: 'open-lesson', id: 'networks' } })
    await terminal.until('Docker makes three networks')
    terminal.type('\u000f')
    await terminal.until('SHELL')
    await new Promise((resolve) => setTimeout(resolve, 40))
    terminal.written.length = 0
    terminal.type('x')
    await terminal.until('host1:~# x')
    expect(terminal.written.join('').length).toBeLessThan(120)
    terminal.accepts = false
    terminal.type('y')
    await terminal.until('host1:~# xy')
    terminal.written.length = 0
    terminal.type('z')
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(terminal.written).toEqual([])
    terminal.drain()
    await terminal.until('host1:~# xyz')
  })
})
