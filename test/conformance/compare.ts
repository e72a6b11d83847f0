// Holds a simulated transcript against the recording of the same scenario. Both are normalised first; after
// that a command agrees when its exit status and all its output lines agree. A command whose lines agree
// while its placeholders contradict the rest of the transcript is an `other identity`, counted apart.

import { type Grade, gradeAsSet, gradeInOrder } from './matching.ts'
import { isUnordered, itemsOf, settled } from './order.ts'
import { NO_RENAMING } from './placeholders.ts'
import { parseTranscript, type RecordedCommand } from './transcript.ts'
import { words } from './unicode.ts'
import { unifiedDiff } from './unified-diff.ts'

export interface Verdict {
  /** The line of the scenario. */
  command: string
  grade: Grade
  /** A unified diff of the outputs; empty when the command agrees. */
  diff: string[]
}

export interface Verdicts {
  commands: Verdict[]
  agreed: number
  /** How many more agree but for identities. */
  otherIdentity: number
}

const LOST = ['(this command is missing, or out of place, in the simulated transcript)']

export function compare(real: string, simulated: string): Verdicts {
  const pairs = pairCommands(parseTranscript(real), parseTranscript(simulated))
  const grades = gradeAll(pairs)
  const commands = pairs.map(({ line, real, simulated }, i): Verdict => {
    const grade = grades[i] ?? 'differs'
    return { command: line, grade, diff: grade === 'agrees' ? [] : unifiedDiff(real, simulated) }
  })
  const count = (grade: Grade) => grades.filter((given) => given === grade).length
  return { commands, agreed: count('agrees'), otherIdentity: count('other identity') }
}

export function summary({ commands, agreed, otherIdentity }: Verdicts): string {
  const more = otherIdentity > 0 ? `, ${otherIdentity} more but for identities` : ''
  return `${agreed} of ${commands.length} commands agree${more}`
}

interface CommandPair {
  line: string
  source: string
  real: readonly string[]
  simulated: readonly string[]
}

/** Each recorded command beside the same one simulated; one that is missing does not spoil the rest. */
function pairCommands(
  real: readonly RecordedCommand[],
  simulated: readonly RecordedCommand[],
): CommandPair[] {
  const lines = simulated.map(({ line }) => words(line).join(' '))
  let next = 0
  return real.map(({ line, source, output }) => {
    const at = lines.indexOf(words(line).join(' '), next)
    if (at >= 0) next = at + 1
    return { line, source, real: output, simulated: simulated[at]?.output ?? LOST }
  })
}

/** Ordered output first: it decides which placeholder stands for which. */
function gradeAll(pairs: readonly CommandPair[]): Grade[] {
  const grades: Grade[] = []
  let renaming = NO_RENAMING
  for (const [i, { source, real, simulated }] of pairs.entries()) {
    if (isUnordered(source)) continue
    const graded = gradeInOrder(settled(real, source), settled(simulated, source), renaming)
    grades[i] = graded.grade
    renaming = graded.renaming
  }
  for (const [i, { source, real, simulated }] of pairs.entries()) {
    if (!isUnordered(source)) continue
    const items = (lines: readonly string[]) => itemsOf(settled(lines, source), source)
    grades[i] = gradeAsSet(items(real), items(simulated), renaming)
  }
  return grades
}
