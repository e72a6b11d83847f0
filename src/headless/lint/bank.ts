/** Proves the generated kinds of the quiz: over many seeds exactly one choice is right in the world. */

import type { Problem } from '../../course/lesson.ts'
import type { GeneratedEntry } from '../../course/quiz-bank.ts'
import { generateItem, holdsFor, Ungenerable } from '../../course/quiz-generate.ts'
import type { QuizItem } from '../../course/quiz-item.ts'
import { sameAnswer } from '../../course/same-answer.ts'
import type { ProofOptions } from '../lint.ts'

export async function proveEntryOverSeeds(entry: GeneratedEntry, options: ProofOptions): Promise<Problem[]> {
  for (let seed = 1; seed <= options.seeds; seed++) {
    const text = await proveEntry(entry, seed, options)
    if (text !== null) return [{ file: entry.file, line: entry.line, text: `${text} (seed ${seed})` }]
  }
  return []
}

async function proveEntry(
  entry: GeneratedEntry,
  seed: number,
  options: ProofOptions,
): Promise<string | null> {
  try {
    const { item, world, values } = await generateItem(entry, seed, options.services)
    if (entry.holds === null) return null
    for (const { text, right } of claimsOf(item)) {
      const holds = await holdsFor(entry, values, text, world)
      if (holds !== right) return `'${text}' ${right ? 'does not hold' : 'holds too'} in the world`
    }
    return null
  } catch (error) {
    if (error instanceof Ungenerable || error instanceof RangeError) return error.message
    throw error
  }
}

/** What the question says about the world: its choices, or what is taken for right or for a known mistake when typed. */
export function claimsOf({ form }: QuizItem): { readonly text: string; readonly right: boolean }[] {
  switch (form.kind) {
    case 'choice':
      return form.choices.map(({ text, right }) => ({ text, right }))
    case 'typed': {
      const mistakes = form.mistakes.flatMap(({ when }) => (when.kind === 'equals' ? [when.text] : []))
      return [
        ...form.answers.slice(0, 1).map((text) => ({ text, right: true })),
        ...mistakes
          .filter((text) => !form.answers.some((answer) => sameAnswer(form.accepts, text, answer)))
          .map((text) => ({ text, right: false })),
      ]
    }
    case 'order':
      return []
  }
}
