import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lessonMark, marksOf, NO_MARKS, nextLesson, placeIn } from '../../src/course/progress.ts'
import { layoutOf, shellSize } from '../../src/tui/layout.ts'
import type { QuizOutcome, StepView } from '../../src/tui/ports.ts'
import type { Action, Effect } from '../../src/tui/state/actions.ts'
import { contextOf, KEYMAP } from '../../src/tui/state/keymap.ts'
import { destinationOf } from '../../src/tui/state/keys-to-actions.ts'
import { type AppState, initialState } from '../../src/tui/state/model.ts'
import { reduce } from '../../src/tui/state/reduce.ts'
import { bottomRule, statusLine, titleLine, topRule } from '../../src/tui/text/chrome-lines.ts'
import { lineWidth } from '../../src/tui/text/line.ts'
import { HEADS } from './fake-tutor.ts'

const VIEW: StepView = {
  id: 'look',
  title: 'Look',
  index: 0,
  count: 3,
  intro: null,
  blocks: [{ kind: 'prose', markdown: 'text' }],
  tasks: [
    { kind: 'goal', id: 'g', label: 'A goal', done: false, because: 'Not yet.' },
    {
      kind: 'question',
      id: 'q',
      ask: 'What?',
      done: false,
      form: { kind: 'choice', several: false, choices: ['x', 'y'] },
    },
  ],
}

const OUTCOME: QuizOutcome = {
  mode: 'practice',
  right: 1,
  asked: 2,
  count: 2,
  passed: null,
  topics: [],
  repeat: [],
  review: [],
}

const home = initialState({ columns: 80, rows: 24 }, HEADS, NO_MARKS, 0)

function play(state: AppState, ...actions: Action[]): { state: AppState; effects: Effect[] } {
  const effects: Effect[] = []
  for (const action of actions) {
    const [next, more] = reduce(state, action)
    state = next
    effects.push(...more)
  }
  return { state, effects }
}

const opened = play(
  home,
  { kind: 'open-lesson', id: 'networks' },
  { kind: 'step', view: VIEW, entered: true },
)

describe('reduce', () => {
  it('opens a lesson and notes where the learner is', () => {
    expect(opened.state.screen).toBe('lesson')
    expect(opened.effects).toContainEqual({ kind: 'open-lesson', id: 'networks', step: 0 })
    expect(opened.effects).toContainEqual({
      kind: 'record',
      event: { kind: 'step-entered', lesson: 'networks', step: 'look' },
    })
  })

  it('records a goal once, and the step when all its tasks are done', () => {
    const won: StepView = { ...VIEW, tasks: VIEW.tasks.map((task) => ({ ...task, done: true })) }
    const { effects, state } = play(opened.state, { kind: 'step', view: won, entered: false })
    const kinds = effects.flatMap((effect) => (effect.kind === 'record' ? [effect.event.kind] : []))
    expect(kinds).toEqual(['task-done', 'task-done', 'step-done'])
    const marks = marksOf([
      { at: 1, kind: 'task-done', lesson: 'networks', step: 'look', task: 'g' },
      { at: 2, kind: 'task-done', lesson: 'networks', step: 'look', task: 'q' },
      { at: 3, kind: 'step-done', lesson: 'networks', step: 'look' },
    ])
    const again = play({ ...state, marks }, { kind: 'step', view: won, entered: false })
    expect(again.effects.filter((effect) => effect.kind === 'record')).toEqual([])
  })

  it('asks before it takes a world back', () => {
    const asked = play(opened.state, { kind: 'reset' })
    expect(contextOf(asked.state)).toBe('confirm')
    expect(play(asked.state, { kind: 'no' }).effects).toEqual([])
    expect(play(asked.state, { kind: 'yes' }).effects).toEqual([{ kind: 'reset-step' }])
  })

  it('says what failed, and goes home when nothing is there to be seen', () => {
    const opening = play(home, { kind: 'open-lesson', id: 'networks' })
    const failed = play(opening.state, { kind: 'failed', text: 'No world.' })
    expect(failed.state).toMatchObject({ screen: 'home', notice: { tone: 'bad', text: 'No world.' } })
    expect(play(opened.state, { kind: 'failed', text: 'x' }).state.screen).toBe('lesson')
  })

  it('survives any order of actions, and every line fits the screen', () => {
    const action = fc.oneof(
      fc.constantFrom<Action>(
        ...Object.values(KEYMAP).flatMap((bindings) => bindings.map((binding) => binding.action)),
        { kind: 'step', view: VIEW, entered: true },
        { kind: 'step', view: VIEW, entered: false },
        { kind: 'document', lines: ['a', 'b'] },
        { kind: 'highlight', index: 1 },
        { kind: 'choose', index: 1 },
        { kind: 'type', text: '漢x' },
        { kind: 'open-lesson', id: 'bridge' },
        {
          kind: 'answered',
          answer: 'x',
          correct: null,
          result: { right: true, settled: true, say: null, why: 'so' },
        },
        {
          kind: 'answered',
          answer: 'x',
          correct: null,
          result: { right: false, settled: false, say: 'no', why: null },
        },
        { kind: 'note', note: { kind: 'hint', number: 1, text: 'h' } },
        { kind: 'note', note: null },
        { kind: 'quiz-question', question: null, outcome: OUTCOME },
        { kind: 'shell-ended' },
        { kind: 'prompt' },
        { kind: 'failed', text: 'A long sentence about what could not be done in this very world.' },
      ),
      fc.record({
        kind: fc.constant('resize' as const),
        size: fc.record({ columns: fc.integer({ min: 1, max: 220 }), rows: fc.integer({ min: 1, max: 70 }) }),
      }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const { state } = play(home, ...actions)
        const { columns, rows } = state.size
        if (columns >= 60 && rows >= 15) {
          for (const line of [titleLine(state), topRule(state), bottomRule(state), statusLine(state)]) {
            expect(lineWidth(line)).toBeLessThanOrEqual(columns)
          }
        }
        const { main, shell } = layoutOf(state)
        for (const rect of [main, shell]) {
          if (rect === null || columns < 60 || rows < 15) continue
          expect(rect.x + rect.columns).toBeLessThanOrEqual(columns)
          expect(rect.y + rect.rows).toBeLessThanOrEqual(rows)
        }
        expect(shellSize(state).columns).toBeGreaterThan(0)
      }),
    )
  })
})

describe('keys', () => {
  const key = (name: string, text = name) => ({ kind: 'key', name, text }) as const

  it('types in the shell what means something elsewhere', () => {
    const shell: AppState = { ...opened.state, focus: 'shell' }
    for (const name of ['?', 'q', 'h', 'n', 'tab', 'ctrl+c', 'ctrl+z', 'ctrl+d', 'escape', 'enter']) {
      expect(destinationOf(shell, key(name, 'x')), name).toEqual({ to: 'shell', event: key(name, 'x') })
    }
    expect(destinationOf(shell, key('ctrl+o'))).toEqual({ to: 'reduce', action: { kind: 'switch-focus' } })
    const paste = { kind: 'paste', text: 'a\nb' } as const
    expect(destinationOf(shell, paste)).toEqual({ to: 'shell', event: paste })
  })

  it('chooses by letter, and leaves j and k to the list', () => {
    const asked = play(opened.state, { kind: 'ask' }).state
    expect(destinationOf(asked, key('b'))).toEqual({ to: 'reduce', action: { kind: 'choose', index: 1 } })
    expect(destinationOf(asked, key('j'))).toEqual({ to: 'list', text: 'j' })
    expect(destinationOf(asked, key('2'))).toEqual({ to: 'list', text: '2' })
  })

  it('has no key twice in one place', () => {
    for (const [context, bindings] of Object.entries(KEYMAP)) {
      const keys = bindings.flatMap((binding) => binding.keys)
      expect(keys.length, context).toBe(new Set(keys).size)
    }
  })
})

describe('marks', () => {
  const [first, second] = HEADS as [(typeof HEADS)[0], (typeof HEADS)[0]]
  it('add up to what is done, where to go on, and forget on reset', () => {
    const events = [
      ...first.steps.map((step, at) => ({ at, kind: 'step-done', lesson: first.id, step })),
      { at: 9, kind: 'step-entered', lesson: second.id, step: 'two' },
    ]
    const marks = marksOf(events)
    expect(lessonMark(marks, first)).toBe('mastered')
    expect(lessonMark(marks, second)).toBe('begun')
    expect(nextLesson(marks, HEADS)).toBe(second)
    expect(placeIn(marks, second)).toBe(1)
    const reset = marksOf([...events, { at: 10, kind: 'reset', lesson: first.id }])
    expect(lessonMark(reset, first)).toBe('open')
    expect(lessonMark(reset, second)).toBe('begun')
    expect(marksOf([...events, { at: 10, kind: 'reset', lesson: null }])).toEqual(NO_MARKS)
  })
})
