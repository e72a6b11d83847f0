/** The quiz's menu, how a round of it stands, and how it ended. */
import type { QuizOutcome } from '../ports.ts'
import { clip } from '../screen/width.ts'
import type { AppState, QuizState } from '../state/model.ts'
import { type QuizMenuItem, quizMenuItems } from '../state/quiz-menu.ts'
import { inline, type Line, type Span, spread, wrapLine } from './line.ts'
import { quizColumns } from './question-lines.ts'

const KIND_WORDS: Readonly<Record<string, string>> = {
  several: 'all that are right',
  order: 'put them in their order',
  predict: 'predict, then see',
  find: 'find it in the shell',
  cause: 'name the cause',
  number: 'a number',
  text: 'type it',
}

export function scoreLine({ question, options, right, wrong }: QuizState): Line {
  const kind = KIND_WORDS[question?.kind ?? '']
  const score: Span[] = options.exam
    ? []
    : [
        { text: `   ✓ ${right}`, tone: 'good' },
        { text: `  ✗ ${wrong}`, tone: 'bad' },
      ]
  const again =
    question?.again === true ? [{ text: '  again, you had this one wrong', tone: 'accent' } as const] : []
  return [
    { text: `  ${question?.topic ?? ''}`, tone: 'dim' },
    ...(kind === undefined ? [] : [{ text: ` · ${kind}`, tone: 'accent' } as const]),
    ...score,
    ...again,
  ]
}

export function menuIntro(columns: number): Line[] {
  return [
    [],
    ...wrapLine(inline('Quiz', 'heading'), columns - 4, []).map((line): Line => [{ text: '  ' }, ...line]),
    [],
  ]
}

export function menuItemLine(item: QuizMenuItem, index: number, isSelected: boolean, columns: number): Line {
  const left: Line = [
    { text: '  ' },
    isSelected ? { text: '❯ ', tone: 'selected' } : { text: '  ' },
    { text: `${index + 1}`.padStart(2), tone: 'dim' },
    { text: '  ' },
    { text: clip(item.title, columns - 36), tone: isSelected ? 'selected' : 'plain' },
  ]
  return spread(left, [{ text: item.fact, tone: 'dim' }], columns - 2)
}

export function menuAbout({ menu, selected }: QuizState, columns: number): Line[] {
  const item = menu === null ? undefined : quizMenuItems(menu)[selected]
  if (item === undefined) return []
  return [
    [],
    ...wrapLine(inline(item.about, 'dim'), columns - 6).map((line): Line => [{ text: '    ' }, ...line]),
  ]
}

/** The result with everything below it, for a window to scroll over. */
export function resultDocument(state: AppState): Line[] {
  const outcome = state.quiz?.outcome
  return outcome == null ? [] : outcomeLines(outcome, quizColumns(state))
}

export function outcomeLines(outcome: QuizOutcome, columns: number): Line[] {
  const { right, count, asked, passed } = outcome
  const share = count === 0 ? 0 : Math.round((100 * right) / count)
  const first = passed === null ? ' at the first try' : ''
  const score: Line = [{ text: `  ${right} of ${count} right${first} (${share} %)`, tone: 'strong' }]
  const verdict: Line[] =
    passed === null
      ? []
      : [
          passed
            ? [{ text: '  ✓ Passed.', tone: 'good' }]
            : [{ text: '  ✗ Not passed; 75 % are needed.', tone: 'bad' }],
        ]
  const left = count - asked
  const open: Line[] =
    left === 0 ? [] : [[{ text: `  ${left} ${left === 1 ? 'was' : 'were'} not answered.`, tone: 'dim' }]]
  return [
    [],
    [{ text: '  Result', tone: 'heading' }],
    [],
    score,
    ...verdict,
    ...open,
    [],
    ...topicLines(outcome, columns),
    ...repeatLines(outcome, columns),
    [],
    ...reviewLines(outcome, columns),
  ]
}

function topicLines({ topics }: QuizOutcome, columns: number): Line[] {
  if (topics.length < 2) return []
  const rows = topics.map(({ title, right, count }): Line => {
    const bar = `${'█'.repeat(Math.round((10 * right) / Math.max(1, count)))}`.padEnd(10, '░')
    return spread(
      [{ text: `  ${clip(title, columns - 28)}` }],
      [
        { text: `${bar} `, tone: right === count ? 'good' : 'plain' },
        { text: `${right}/${count}`.padStart(6), tone: 'dim' },
      ],
      Math.min(columns - 2, 76),
    )
  })
  return [[{ text: '  By topic', tone: 'heading' }], ...rows, []]
}

function repeatLines({ repeat }: QuizOutcome, columns: number): Line[] {
  if (repeat.length === 0) return [[{ text: '  Nothing to repeat.', tone: 'good' }]]
  const items = repeat.flatMap(({ title }, i) => {
    const mark: Span = i < 9 ? { text: `  ${i + 1}  `, tone: 'key' } : { text: '  •  ' }
    return wrapLine(inline(title), columns - 8).map(
      (line, row): Line => [row === 0 ? mark : { text: '     ' }, ...line],
    )
  })
  return [[{ text: '  To repeat (the digit opens it)', tone: 'heading' }], ...items]
}

function reviewLines({ review }: QuizOutcome, columns: number): Line[] {
  const lines = review.flatMap(({ ask, right, given, correct, why, link }, i): Line[] => {
    const mark: Span = right ? { text: '✓', tone: 'good' } : { text: '✗', tone: 'bad' }
    const text = (words: string, tone?: 'dim'): Line[] =>
      wrapLine(inline(words.trim().replace(/\s+/g, ' '), tone), columns - 9).map(
        (line): Line => [{ text: '       ' }, ...line],
      )
    const [first = [], ...others] = wrapLine(inline(ask.trim().replace(/\s+/g, ' ')), columns - 9)
    return [
      [{ text: `${i + 1}`.padStart(4), tone: 'dim' }, { text: ' ' }, mark, { text: ' ' }, ...first],
      ...others.map((line): Line => [{ text: '       ' }, ...line]),
      ...text(given === null ? 'Not answered.' : `Your answer: ${given}`, 'dim'),
      ...(right ? [] : text(`The answer: ${correct}`)),
      ...text(why),
      ...text(link.title, 'dim'),
      [],
    ]
  })
  return [[{ text: '  The questions', tone: 'heading' }], [], ...lines]
}
