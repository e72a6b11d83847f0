/** Output as a terminal shows it: a tab goes on to the next eighth column. */
import { textWidth } from '../screen/width.ts'

export function withoutTabs(line: string): string {
  let result = ''
  for (const char of line) result += char === '\t' ? ' '.repeat(8 - (textWidth(result) % 8)) : char
  return result
}
