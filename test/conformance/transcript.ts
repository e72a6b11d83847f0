// A transcript as its commands, each with what it printed; comments and blank lines are left out.

import { normalise } from './normalise.ts'
import { completeLines, trimmedEnd, withUnixLineEnds } from './unicode.ts'

export interface RecordedCommand {
  /** The line of the scenario. */
  line: string
  /** The command whose output it is: for `!end` and `!wait` the line that started it. */
  source: string
  /** What it printed, with placeholders, and its exit status. */
  output: string[]
}

/** Docker's client prints it or not, as two of its steps race at the end of `docker run`. */
const RACE = 'error waiting for container: context canceled '

export function parseTranscript(transcript: string): RecordedCommand[] {
  const normalised = completeLines(withUnixLineEnds(normalise(transcript)))
  const commands: RecordedCommand[] = []
  const background = new Map<string, string>()
  for (const [i, line] of completeLines(withUnixLineEnds(transcript)).entries()) {
    const output = normalised[i] ?? ''
    if (/^(?:\| |2\| |\[)/.test(output) || output === '|' || output === '2|') {
      const printed = output.startsWith('| ') ? output : trimmedEnd(output)
      if (!output.endsWith(RACE)) commands.at(-1)?.output.push(printed)
    } else if (trimmedEnd(line) !== '' && !line.startsWith('#')) {
      commands.push({ line, source: sourceOf(line, background), output: [] })
    }
  }
  return commands
}

function sourceOf(line: string, background: Map<string, string>): string {
  const [verb, name = ''] = line.split(' ')
  if (verb === '!bg') background.set(name, line)
  return verb === '!end' || verb === '!wait' ? (background.get(name) ?? line) : line
}
