// Placeholders of two transcripts need not be the same, but must stand for each other one to one.

import { suited } from './unicode.ts'

const PLACEHOLDER =
  /N\d{3}x*|vethx\d{6}|ma:c0:00:00:\d\d:\d\d|(?:fe80|ff02)::mac:\d{4}|mac\d{9}|\bP\d{4}\b|ino\d{7}|name_\d{4}/g

export type Pair = readonly [real: string, simulated: string]

/** Which placeholder stands for which, seen from both sides. */
export interface Renaming {
  forth: ReadonlyMap<string, string>
  back: ReadonlyMap<string, string>
}

export const NO_RENAMING: Renaming = { forth: new Map(), back: new Map() }

/** The form of a line: the line without what its placeholders stand for. */
export function formOf(line: string): string {
  return line.replace(suited(PLACEHOLDER, line), '\0')
}

/** The placeholders of two lines of the same form, side by side. */
export function pairsOf(real: string, simulated: string): Pair[] {
  const left = placeholders(real)
  const right = placeholders(simulated)
  return left.slice(0, right.length).map((name, i) => [name, right[i] ?? ''] as const)
}

function placeholders(line: string): string[] {
  return (line.match(suited(PLACEHOLDER, line)) ?? []).map((name) => name.replace(/x+$/, ''))
}

/** The renaming extended by these pairs, or undefined when they contradict it. */
export function extend(renaming: Renaming, pairs: readonly Pair[]): Renaming | undefined {
  const forth = new Map(renaming.forth)
  const back = new Map(renaming.back)
  for (const [real, simulated] of pairs) {
    if ((forth.get(real) ?? simulated) !== simulated || (back.get(simulated) ?? real) !== real)
      return undefined
    forth.set(real, simulated)
    back.set(simulated, real)
  }
  return { forth, back }
}
