/** Answers computed from the world: what a command prints on a copy of it. */
import type { World } from '../sim/world/world.ts'
import type { Choice, QuestionForm, Source } from './lesson.ts'
import { runOnCopy } from './runner.ts'

/** The last line that is not empty, trimmed; empty when the command prints nothing or fails to end. */
export async function computeAnswer(source: Source, world: World): Promise<string> {
  if (source.kind === 'fixed') return source.value
  const { output } = await runOnCopy(world, source.command)
  const lines = output.split('\n').map((line) => line.trim())
  return lines.findLast((line) => line !== '') ?? ''
}

export interface OpenChoice {
  readonly text: string
  readonly right: boolean
  readonly why: string | null
}

/** Choices in words. Wrong ones that equal a right one, or each other, or are empty in this world, drop out. */
export async function computeChoices(choices: readonly Choice[], world: World): Promise<OpenChoice[]> {
  const all: OpenChoice[] = []
  for (const { text, right, why } of choices) all.push({ text: await computeAnswer(text, world), right, why })
  const seen = new Set(all.filter((one) => one.right).map((one) => one.text))
  return all.filter((one) => {
    if (one.right) return true
    if (one.text === '' || seen.has(one.text)) return false
    seen.add(one.text)
    return true
  })
}

/** Choices without a look at the world; for forms whose choices are all fixed. */
export function fixedChoices(form: QuestionForm): OpenChoice[] | null {
  if ('answer' in form) return null
  const result: OpenChoice[] = []
  for (const { text, right, why } of form.choices) {
    if (text.kind !== 'fixed') return null
    result.push({ text: text.value, right, why })
  }
  return result
}
