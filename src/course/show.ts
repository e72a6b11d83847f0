/** What the learner is to look at: output of commands, made from the world as it stands. */

import type { World } from '../sim/world/world.ts'
import { formatCommandLine } from './command-line.ts'
import type { CommandLine } from './lesson.ts'
import { createRunner, sessionOnCopy } from './runner.ts'

/** Each line as it would be typed, and below it what it prints; on a copy of the world. */
export async function showText(lines: readonly CommandLine[], world: World): Promise<string> {
  const runner = createRunner(sessionOnCopy(world), 0)
  const parts: string[] = []
  for (const line of lines) {
    const { output, errors } = await runner.run(line)
    parts.push(`${formatCommandLine(line)}\n${trimEnds(output + errors)}`)
  }
  return parts.join('\n\n').trimEnd()
}

function trimEnds(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()
}
