// Holds two outputs of one command against each other, line by line or as sets.

import { extend, formOf, type Pair, pairsOf, type Renaming } from './placeholders.ts'

export type Grade = 'agrees' | 'other identity' | 'differs'

/** Lines in order: their placeholders decide which stands for which from here on. */
export function gradeInOrder(
  real: readonly string[],
  simulated: readonly string[],
  renaming: Renaming,
): { grade: Grade; renaming: Renaming } {
  if (!sameForms(real.map(formOf), simulated.map(formOf))) return { grade: 'differs', renaming }
  const pairs: Pair[] = real.flatMap((line, i) => pairsOf(line, simulated[i] ?? ''))
  const extended = extend(renaming, pairs)
  return extended ? { grade: 'agrees', renaming: extended } : { grade: 'other identity', renaming }
}

/** Items in any order: they must fit the renaming, but do not decide it. */
export function gradeAsSet(real: readonly string[], simulated: readonly string[], renaming: Renaming): Grade {
  if (!sameForms(real.map(formOf).sort(), simulated.map(formOf).sort())) return 'differs'
  const items = (lines: readonly string[]) => lines.map((line) => ({ line, form: formOf(line) }))
  return canPair(items(real), items(simulated), renaming, { steps: 0 }) ? 'agrees' : 'other identity'
}

function sameForms(real: readonly string[], simulated: readonly string[]): boolean {
  return real.length === simulated.length && real.every((form, i) => form === simulated[i])
}

interface Item {
  line: string
  form: string
}

const MOST_STEPS = 3000

/** Is there a pairing that keeps the renaming? Depth first, given up after some thousand steps. */
function canPair(
  real: readonly Item[],
  simulated: readonly Item[],
  renaming: Renaming,
  tried: { steps: number },
): boolean {
  const [first, ...rest] = real
  if (first === undefined) return true
  tried.steps += 1
  return simulated.some((other, i) => {
    if (first.form !== other.form || tried.steps >= MOST_STEPS) return false
    const extended = extend(renaming, pairsOf(first.line, other.line))
    return extended !== undefined && canPair(rest, simulated.toSpliced(i, 1), extended, tried)
  })
}
