/** Command lines of lessons: `vm$ docker ps`, `web# ip addr`; the same prompts as in scenarios. */
import type { CommandLine } from './lesson.ts'

const PROMPT = /^([A-Za-z0-9_.{}-]+)([$#]) (.+)$/

export function parseCommandLine(text: string, line: number): CommandLine | null {
  const match = PROMPT.exec(text.trim())
  if (match === null) return null
  return { line, place: match[1]!, sign: match[2] as '$' | '#', command: match[3]! }
}

export function formatCommandLine(command: CommandLine): string {
  return `${command.place}${command.sign} ${command.command}`
}
