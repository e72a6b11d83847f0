/** A round of the quiz that was left, or cut short by a kill, goes on where it was. The clock of an exam did not stop. */
import type { Drawn, QuizAnswer, QuizState } from './quiz.ts'
import { makeItem, Ungenerable } from './quiz-generate.ts'
import type { QuizItem } from './quiz-item.ts'
import { QuizRound, type RoundOptions, type RoundPorts } from './quiz-round.ts'
import { readRound, type SavedRound } from './quiz-saved.ts'

/** What is wished for; without a seed, any will do. */
export type Wish = Omit<RoundOptions, 'seed'> & { readonly seed: number | null }

/** Null when there is none, when another one is wished for, or when the questions are not what they were. */
export async function reopenRound(
  text: string | null,
  wish: Wish,
  ports: RoundPorts,
): Promise<QuizRound | null> {
  const saved = readRound(text)
  if (saved === null || !isWished(saved, wish)) return null
  const drawn = drawnAgain(saved, ports)
  if (drawn === null) return null
  try {
    const state = await stateOf(saved, drawn, ports)
    const { startedAt, endsAt, answers, options } = saved
    const seeds = answers.map(({ seed }) => seed)
    const round = new QuizRound(options, ports, drawn, { state, seeds, startedAt, endsAt })
    await round.prepare()
    return round
  } catch (error) {
    if (error instanceof Ungenerable || error instanceof RangeError) return null
    throw error
  }
}

function isWished({ options }: SavedRound, wish: Wish): boolean {
  const { topic, count, exam, review, minutes, seed } = wish
  return (
    options.topic === topic &&
    options.count === count &&
    options.exam === exam &&
    options.review === review &&
    options.minutes === minutes &&
    (seed === null || options.seed === seed)
  )
}

function drawnAgain({ drawn }: SavedRound, { bank }: RoundPorts): Drawn[] | null {
  const known = new Map(bank.entries.map((entry) => [entry.id, entry]))
  const again = drawn.flatMap(([id, seed]) => {
    const entry = known.get(id)
    return entry === undefined ? [] : [{ entry, seed }]
  })
  return again.length === drawn.length ? again : null
}

/** Throws `Ungenerable`. */
async function stateOf(
  saved: SavedRound,
  drawn: readonly Drawn[],
  { services }: RoundPorts,
): Promise<QuizState> {
  const items: (QuizItem | null)[] = drawn.map(() => null)
  const answers: QuizAnswer[] = []
  for (const { item, seed, given, right, again, say } of saved.answers) {
    const { item: asked } = await makeItem(drawn[item]!.entry, seed, services)
    items[item] = asked
    answers.push({ item, asked, given, right, again, say })
  }
  const shown = saved.shown ? (answers.at(-1) ?? null) : null
  return { items, exam: saved.options.exam, queue: saved.queue, answers, shown }
}
