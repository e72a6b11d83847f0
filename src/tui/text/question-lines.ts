/**
 * A question on the screen: what is asked, what may be chosen or typed, and what the answer was worth. What does not
 * fit is behind a window: output of the world above the question, and all that is said after the answer.
 */
import { layoutOf } from '../layout.ts'
import type { AnswerForm } from '../ports.ts'
import { type AppState, choicesOf, type QuestionState } from '../state/model.ts'
import { inline, type Line, type Span, wrapLine } from './line.ts'
import { withoutTabs } from './tabs.ts'

const MARGIN: Span = { text: '  ' }
/** Wider, lines would fall apart. */
const MOST_COLUMNS = 92
/** So much of the output is to be seen at least. */
const LEAST_EXHIBIT = 4

function paragraph(text: string, columns: number, tone?: 'strong' | 'dim'): Line[] {
  const words = inline(text.trim().replace(/\s+/g, ' '), tone)
  return wrapLine(words, columns - 4).map((line): Line => [MARGIN, ...line])
}

/** Output keeps its columns; a line that is too long goes on below. */
function outputLines(text: string, columns: number): Line[] {
  const room = Math.max(10, columns - 6)
  return text
    .replace(/\n+$/, '')
    .split('\n')
    .map(withoutTabs)
    .flatMap((line): Line[] => {
      const pieces = [line.slice(0, room)]
      for (let at = room; at < line.length; at += room - 4)
        pieces.push(`    ${line.slice(at, at + room - 4)}`)
      return pieces.map((piece): Line => [{ text: '  │ ', tone: 'dim' }, { text: piece }])
    })
}

function formLines(question: QuestionState, columns: number): number {
  const rows = choicesOf(question.form).map((_, i) => choiceLines(question, i, false, columns).length)
  return rows.length === 0 ? 1 : rows.reduce((sum, count) => sum + count, 0)
}

/** The rows that a question has, and its columns. */
function paneOf(state: AppState): { columns: number; rows: number } {
  const { main, body } = layoutOf({ ...state, focus: 'main', help: false })
  const { columns, rows } = main ?? body
  return { columns: Math.min(columns, MOST_COLUMNS), rows: state.screen === 'quiz' ? rows - 1 : rows }
}

export function quizColumns(state: AppState): number {
  return paneOf(state).columns
}

export function windowRows(state: AppState): number {
  const { rows, columns } = paneOf(state)
  const { outcome = null, asked = null } = state.quiz ?? {}
  if (state.screen !== 'quiz' || outcome !== null || asked === null || asked.result !== null) return rows
  return exhibitRows(asked, columns, rows)
}

/** How far a question can be scrolled. */
export function lastScroll(state: AppState, question: QuestionState): number {
  const { rows, columns } = paneOf(state)
  if (question.result !== null) return Math.max(0, resultLines(question, columns).length - rows)
  const { exhibit } = question
  if (exhibit === null) return 0
  const lines = outputLines(exhibit, columns).length
  const room = exhibitRows(question, columns, rows)
  return lines <= room ? 0 : lines - room + 1
}

function exhibitRows(question: QuestionState, columns: number, rows: number): number {
  const asked = paragraph(question.ask, columns, 'strong').length
  return Math.max(LEAST_EXHIBIT, rows - asked - formLines(question, columns) - 3)
}

/** A window over lines that are too many; its last row says where the rest is. */
export function windowed(lines: readonly Line[], rows: number, scroll: number): Line[] {
  if (lines.length <= rows) return [...lines]
  const room = Math.max(1, rows - 1)
  const from = Math.min(scroll, lines.length - room)
  const more = lines.length - from - room
  const where = more > 0 ? `▼ ${more} more ${more === 1 ? 'line' : 'lines'}: PgDn` : '▲ PgUp'
  return [...lines.slice(from, from + room), [{ text: `  ${where}`, tone: 'accent' }]]
}

export function askLines(question: QuestionState, columns: number, rows = 1000): Line[] {
  const { ask, exhibit, scroll } = question
  const room = exhibitRows(question, columns, rows)
  const output = exhibit === null ? [] : [...windowed(outputLines(exhibit, columns), room, scroll), []]
  return [[], ...output, ...paragraph(ask, columns, 'strong'), []]
}

/** What stands before a choice: whether it is ticked, or in which place it comes. */
function tickOf({ form, ticked }: QuestionState, index: number): string {
  if (form.kind === 'order') return `[${ticked.includes(index) ? ticked.indexOf(index) + 1 : ' '}] `
  if (form.kind !== 'choice' || !form.several) return ''
  return ticked.includes(index) ? '[x] ' : '[ ] '
}

/** A choice; the letter chooses it, so does the digit. */
export function choiceLines(
  question: QuestionState,
  index: number,
  isSelected: boolean,
  columns: number,
): Line[] {
  const tick = tickOf(question, index)
  const pointer: Span = isSelected ? { text: '❯ ', tone: 'selected' } : MARGIN
  const letter: Span = {
    text: `${String.fromCharCode(0x61 + index)}  ${tick}`,
    tone: isSelected ? 'selected' : 'key',
  }
  const indent = 7 + tick.length
  const text = choicesOf(question.form)[index] ?? ''
  const [first = [], ...others] = wrapLine(
    inline(text, isSelected ? 'selected' : 'plain'),
    columns - indent - 2,
  )
  return [
    [MARGIN, pointer, letter, ...first],
    ...others.map((line): Line => [{ text: ' '.repeat(indent) }, ...line]),
  ]
}

const TYPED_HINTS: Readonly<Partial<Record<AnswerForm['kind'], string>>> = { number: 'a number, then Enter' }

export function typedLines(question: QuestionState, columns: number): Line[] {
  const { typed } = question
  const room = columns - 8
  const visible = typed.length > room ? typed.slice(-room) : typed
  const hint = TYPED_HINTS[question.form.kind] ?? 'type, then Enter'
  const rest: Line = typed === '' ? [{ text: ` ${hint}`, tone: 'dim' }] : []
  return [[MARGIN, { text: '› ', tone: 'accent' }, { text: visible }, { text: ' ', tone: 'tag' }, ...rest]]
}

const AGAIN = 'Enter asks again. Esc goes back to the text: there `h` gives a hint.'

export function resultLines(question: QuestionState, columns: number): Line[] {
  const { result } = question
  if (result === null) return []
  const { right, say, why, reveal, link } = result
  const verdict: Span = right ? { text: '✓ Right.', tone: 'good' } : { text: '✗ Not right.', tone: 'bad' }
  const correct = result.correct === null || right ? null : `The answer: ${result.correct}`
  // In a lesson it is asked again until it is right.
  const again = right || result.settled || correct !== null ? null : AGAIN
  const parts = [say, correct, why, again].flatMap((text) =>
    text === null ? [] : [[], ...paragraph(text, columns)],
  )
  const shown = reveal === null ? [] : [[], ...outputLines(reveal, columns)]
  const read = link === null ? [] : [[], ...paragraph(`Read it up (o): ${link.title}`, columns, 'dim')]
  return [
    [],
    ...paragraph(question.ask, columns, 'dim'),
    [],
    ...paragraph(`Your answer: ${result.answer}`, columns, 'dim'),
    [],
    [MARGIN, verdict],
    ...parts,
    ...shown,
    ...read,
  ]
}
