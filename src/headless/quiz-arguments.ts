/** The flags of `quiz`. */

export interface QuizRequest {
  readonly kind: 'quiz'
  readonly topic: string | null
  readonly count: number
  readonly exam: boolean
  readonly review: boolean
  readonly minutes: number | null
  readonly exportTo: string | null
  readonly seed: number | null
  readonly json: boolean
}

export const QUIZ_FLAGS = {
  '--topic': 'value',
  '--count': 'value',
  '--exam': 'switch',
  '--review': 'switch',
  '--minutes': 'value',
  '--export': 'value',
  '--seed': 'value',
  '--json': 'switch',
} as const

export const QUIZ_USAGE = `  quiz [--topic T] [--count N]          practice: wrong answers come back, each gets its reason
  quiz --review                         what is due, at the moment you are about to forget it
  quiz --exam [--minutes N] [--count N] against the clock, reasons at the end
       --export FILE                    the result as Markdown, or as JSON when FILE ends in .json
       --seed N                         the same questions again
       --json                           questions and answers as JSON lines, for scripts
`

const COUNTS = { exam: 30, review: 20, practice: 10 } as const

/** A sentence when it makes no sense. `wholeNumber` reads one from 1 on, or gives a sentence. */
export function readQuizFlags(
  flags: ReadonlyMap<string, string>,
  wholeNumber: (name: string, fallback: number, least: number) => number | string,
): QuizRequest | string {
  const exam = flags.has('--exam')
  const review = flags.has('--review')
  if (exam && review) return "'--exam' and '--review' do not go together."
  if (flags.has('--minutes') && !exam) return "'--minutes' goes with '--exam'."
  const count = wholeNumber('--count', exam ? COUNTS.exam : review ? COUNTS.review : COUNTS.practice, 1)
  const minutes = wholeNumber('--minutes', 0, 1)
  const seed = wholeNumber('--seed', -1, 0)
  for (const one of [count, minutes, seed]) if (typeof one === 'string') return one
  return {
    kind: 'quiz',
    topic: flags.get('--topic') ?? null,
    count: count as number,
    exam,
    review,
    minutes: flags.has('--minutes') ? (minutes as number) : null,
    exportTo: flags.get('--export') ?? null,
    seed: flags.has('--seed') ? (seed as number) : null,
    json: flags.has('--json'),
  }
}
