/** A question on the screen: what is asked, what may be chosen or typed, and what the answer was worth. */
import { clip } from '../screen/width.ts'
import type { QuestionState } from '../state/model.ts'
import { inline, type Line, type Span, wrapLine } from './line.ts'

const MARGIN: Span = { text: '  ' }

function paragraph(text: string, columns: number, tone?: 'strong' | 'dim'): Line[] {
  const words = inline(text.trim().replace(/\s+/g, ' '), tone)
  return wrapLine(words, columns - 4).map((line): Line => [MARGIN, ...line])
}

export function askLines({ ask, exhibit }: QuestionState, columns: number): Line[] {
  const shown = (exhibit ?? '').replace(/\n+$/, '').split('\n')
  const output =
    exhibit === null
      ? []
      : [...shown.map((text): Line => [{ text: '  │ ', tone: 'dim' }, { text: clip(text, columns - 6) }]), []]
  return [[], ...output, ...paragraph(ask, columns, 'strong'), []]
}

/** A choice; the letter chooses it, so does the digit. */
export function choiceLines(
  question: QuestionState,
  index: number,
  isSelected: boolean,
  columns: number,
): Line[] {
  if (question.form.kind !== 'choice') return []
  const tick = question.form.several ? (question.ticked.includes(index) ? '[x] ' : '[ ] ') : ''
  const pointer: Span = isSelected ? { text: '❯ ', tone: 'selected' } : MARGIN
  const letter: Span = {
    text: `${String.fromCharCode(0x61 + index)}  ${tick}`,
    tone: isSelected ? 'selected' : 'key',
  }
  const indent = 7 + tick.length
  const text = question.form.choices[index] ?? ''
  const [first = [], ...others] = wrapLine(
    inline(text, isSelected ? 'selected' : 'plain'),
    columns - indent - 2,
  )
  return [
    [MARGIN, pointer, letter, ...first],
    ...others.map((line): Line => [{ text: ' '.repeat(indent) }, ...line]),
  ]
}

export function typedLines(question: QuestionState, columns: number): Line[] {
  const { typed } = question
  const room = columns - 8
  const visible = typed.length > room ? typed.slice(-room) : typed
  const hint = question.form.kind === 'number' ? 'a number, then Enter' : 'type, then Enter'
  const rest: Line = typed === '' ? [{ text: ` ${hint}`, tone: 'dim' }] : []
  return [[MARGIN, { text: '› ', tone: 'accent' }, { text: visible }, { text: ' ', tone: 'tag' }, ...rest]]
}

export function resultLines(question: QuestionState, columns: number): Line[] {
  const { result } = question
  if (result === null) return []
  const verdict: Span = result.right
    ? { text: '✓ Right.', tone: 'good' }
    : { text: '✗ Not right.', tone: 'bad' }
  const said = result.say === null ? [] : [[], ...paragraph(result.say, columns)]
  const correct =
    result.correct === null || result.right
      ? []
      : [[], ...paragraph(`The answer: ${result.correct}`, columns)]
  const why = result.why === null ? [] : [[], ...paragraph(result.why, columns)]
  return [
    ...paragraph(`Your answer: ${result.answer}`, columns, 'dim'),
    [],
    [MARGIN, verdict],
    ...said,
    ...correct,
    ...why,
  ]
}
