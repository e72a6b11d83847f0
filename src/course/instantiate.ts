/** A lesson for one learner: its `{{variables}}` drawn by seed and put in everywhere. */
import { createRandom, nextBetween } from '../sim/base/random.ts'
import type { Lesson, VariableValue } from './lesson.ts'

export type Variables = ReadonlyMap<string, string | number>

/** Same lesson, same seed: same values. Seed 1 takes the first of each list: the plain case, the document's own. */
export function drawVariables(
  choices: ReadonlyMap<string, readonly VariableValue[]>,
  seed: number,
): Map<string, string | number> {
  const random = createRandom(seed)
  const index = (list: readonly unknown[]): number =>
    seed === 1 ? 0 : nextBetween(random, 0, list.length - 1)
  const drawn = new Map<string, string | number>()
  for (const [name, list] of choices) {
    for (const [key, value] of parts(name, list[index(list)]!)) drawn.set(key, value)
  }
  // A variant may mention what else was drawn.
  return new Map([...drawn].map(([name, value]) => [name, fillIn(value, drawn)]))
}

/** A variant is as many values as it has fields: `case.cause`, `case.mend`. */
function parts(name: string, value: VariableValue): (readonly [string, string | number])[] {
  if (typeof value !== 'object') return [[name, value]]
  return Object.entries(value).map(([field, one]) => [`${name}.${field}`, one] as const)
}

export function variableNames(choices: ReadonlyMap<string, readonly VariableValue[]>): Set<string> {
  const names = [...choices].flatMap(([name, list]) => list.flatMap((value) => parts(name, value)))
  return new Set(names.map(([name]) => name))
}

export function instantiate(lesson: Lesson, seed: number): Lesson {
  const values = drawVariables(lesson.variables, seed)
  const { intro, steps } = lesson
  return { ...lesson, seed, ...fillIn({ intro, steps }, values) }
}

/** A copy in which each `{{name}}` of a known variable is its value; other braces (Go templates) stay. */
export function fillIn<T>(value: T, values: Variables): T {
  return fill(value, values) as T
}

function fill(value: unknown, values: Variables): unknown {
  if (typeof value === 'string') {
    if (!value.includes('{{')) return value
    return value.replace(/\{\{(\w[\w.-]*)\}\}/g, (whole, name: string) => String(values.get(name) ?? whole))
  }
  if (Array.isArray(value)) return value.map((one) => fill(one, values))
  if (typeof value !== 'object' || value === null || value instanceof Map) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, values)]))
}

/** Names in `{{…}}` that look like variables and are none; `end` and `else` are Go's. */
export function unknownVariables(text: string, known: ReadonlySet<string>): string[] {
  const names = [...text.matchAll(/\{\{(\w[\w.-]*)\}\}/g)].map((match) => match[1]!)
  return names.filter((name) => !known.has(name) && name !== 'end' && name !== 'else')
}
