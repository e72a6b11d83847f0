/** Proves the generated kinds of the quiz: over many seeds exactly one choice is right in the world. */

import type { Problem } from '../../course/lesson.ts'
import type { Bank, GeneratedEntry } from '../../course/quiz-bank.ts'
import { generateItem, holdsFor, Ungenerable } from '../../course/quiz-generate.ts'
import type { ProofOptions } from './lesson.ts'

export async function proveBank(bank: Bank, options: ProofOptions): Promise<Problem[]> {
  const found: Problem[] = []
  for (const entry of bank.entries) {
    if (entry.kind !== 'generated') continue
    for (let seed = 1; seed <= options.seeds; seed++) {
      const text = await proveEntry(entry, seed, options)
      if (text === null) continue
      found.push({ file: entry.file, line: entry.line, text: `${text} (seed ${seed})` })
      break
    }
  }
  return found
}

async function proveEntry(
  entry: GeneratedEntry,
  seed: number,
  options: ProofOptions,
): Promise<string | null> {
  try {
    const { item, world, values } = await generateItem(entry, seed, options.services)
    if (entry.holds === null) return null
    for (const { text, right } of item.choices) {
      const holds = await holdsFor(entry, values, text, world)
      if (holds !== right) return `'${text}' ${right ? 'does not hold' : 'holds too'} in the world`
    }
    return null
  } catch (error) {
    if (error instanceof Ungenerable || error instanceof RangeError) return error.message
    throw error
  }
}
