/** Screens and panes as Ink draws them. */
import { render } from 'ink-testing-library'
import { describe, expect, it, vi } from 'vitest'
import { NO_MARKS } from '../../src/course/progress.ts'
import { firstFrame } from '../../src/tui/first-frame.ts'
import type { Action } from '../../src/tui/state/actions.ts'
import { type AppState, initialState } from '../../src/tui/state/model.ts'
import { openQuestion } from '../../src/tui/state/reduce-question.ts'
import { Screen } from '../../src/tui/views/app.tsx'
import { Home } from '../../src/tui/views/home.tsx'
import { Question } from '../../src/tui/views/question.tsx'
import { HEADS } from './fake-tutor.ts'

const plain = (frame: string | undefined): string => (frame ?? '').replace(/\u001b\[[0-9;]*m/g, '')
const trimmed = (text: string): string[] =>
  plain(text)
    .split('\n')
    .map((row) => row.trimEnd())
const home = (columns: number, rows: number): AppState => initialState({ columns, rows }, HEADS, NO_MARKS, 0)

describe('the course map', () => {
  it('is the same in the first frame, without Ink', () => {
    for (const [columns, rows] of [
      [100, 24],
      [80, 24],
      [100, 36],
      [60, 15],
    ] as const) {
      const state = home(columns, rows)
      const { lastFrame } = render(<Screen state={state} dispatch={() => {}} />)
      expect(trimmed(firstFrame(state)), `${columns}×${rows}`).toEqual(trimmed(lastFrame()!))
    }
  })

  it('moves with arrows and opens with Enter and digits', async () => {
    const dispatch = vi.fn<(action: Action) => void>()
    const { stdin } = render(<Home state={home(100, 30)} dispatch={dispatch} />)
    await Promise.resolve()
    stdin.write('\u001b[B')
    expect(dispatch).toHaveBeenLastCalledWith({ kind: 'highlight', index: 1 })
    await vi.waitFor(() => {
      stdin.write('\r')
      expect(dispatch).toHaveBeenLastCalledWith({ kind: 'choose', index: 1 })
    })
    stdin.write('1')
    expect(dispatch).toHaveBeenLastCalledWith({ kind: 'choose', index: 0 })
  })
})

describe('a question', () => {
  const dispatch = vi.fn<(action: Action) => void>()
  const props = { columns: 50, rows: 20, focused: true, dispatch }

  it('shows choices with letters, and wraps long ones', () => {
    const question = openQuestion('q', {
      ask: 'Where does the *host* end of `web` hang?',
      form: {
        kind: 'choice',
        several: false,
        choices: [
          'in a port of docker0',
          'on the physical network card, where all the other cables of the host are',
        ],
      },
    })
    const { lastFrame } = render(<Question question={question} {...props} />)
    expect(plain(lastFrame())).toContain(
      [
        '  Where does the host end of web hang?',
        '',
        '  ❯ a  in a port of docker0',
        '    b  on the physical network card, where all',
        '       the other cables of the host are',
      ].join('\n'),
    )
  })

  it('shows ticks where several may be right, and what is typed', () => {
    const several = openQuestion('q', {
      ask: 'Which?',
      form: { kind: 'choice', several: true, choices: ['x', 'y'] },
    })
    expect(plain(render(<Question question={{ ...several, ticked: [1] }} {...props} />).lastFrame())).toMatch(
      /❯ a {2}\[ \] x\n {4}b {2}\[x\] y/,
    )
    const number = openQuestion('q', { ask: 'Which?', form: { kind: 'number' } })
    expect(
      plain(render(<Question question={{ ...number, typed: '16' }} {...props} />).lastFrame()),
    ).toContain('› 16')
  })

  it('says what an answer was worth, in words', () => {
    const question = openQuestion('q', { ask: 'Which?', form: { kind: 'number' } })
    const result = {
      right: false,
      settled: false,
      say: 'One more.',
      why: 'Because.',
      answer: '15',
      correct: '16',
      reveal: '15: eth0@if16',
      link: { lesson: 'inside', step: 'read-ip-addr', title: 'Inside: Read ip addr' },
    }
    const frame = plain(render(<Question question={{ ...question, result }} {...props} />).lastFrame())
    for (const text of [
      'Your answer: 15',
      '✗ Not right.',
      'One more.',
      'The answer: 16',
      'Because.',
      '│ 15: eth0',
      'Inside: Read',
    ]) {
      expect(frame).toContain(text)
    }
  })
})
