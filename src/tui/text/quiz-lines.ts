/** How a round of the quiz stands and how it ended. */
import type { QuizOutcome } from '../ports.ts'
import type { QuizState } from '../state/model.ts'
import { inline, type Line, wrapLine } from './line.ts'

export function scoreLine({ question, right, wrong }: QuizState): Line {
  const again =
    question?.again === true ? [{ text: '  again, you had this one wrong', tone: 'accent' } as const] : []
  return [
    { text: `  ${question?.topic ?? ''}`, tone: 'dim' },
    { text: `   ✓ ${right}`, tone: 'good' },
    { text: `  ✗ ${wrong}`, tone: 'bad' },
    ...again,
  ]
}

export function outcomeLines({ right, asked, repeat }: QuizOutcome, columns: number): Line[] {
  const share = asked === 0 ? 0 : Math.round((100 * right) / asked)
  const head: Line[] = [
    [],
    [{ text: '  Result', tone: 'heading' }],
    [],
    [{ text: `  ${right} of ${asked} right at the first try (${share} %)`, tone: 'strong' }],
    [],
  ]
  if (repeat.length === 0) return [...head, [{ text: '  Nothing to repeat.', tone: 'good' }]]
  const items = repeat.flatMap(({ lesson, title }) => {
    const where = lesson === null ? '' : `  (lesson ${lesson})`
    return wrapLine(inline(`${title}${where}`), columns - 8, [{ text: '    ' }]).map(
      (line, i): Line => [{ text: i === 0 ? '  • ' : '' }, ...line],
    )
  })
  return [...head, [{ text: '  To repeat', tone: 'heading' }], [], ...items]
}
