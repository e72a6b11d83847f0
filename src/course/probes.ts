/** How many commands somebody needed to find and mend a fault: a good method needs few. */
import type { RanLine } from './verdict.ts'

/** Words to the program itself and empty lines are no probes. */
export function countProbes(ran: readonly RanLine[]): number {
  return ran.filter(({ line }) => /^\s*(?!#|tutor\b)\S/.test(line)).length
}

/** For the end of a step whose fault is found and mended. */
export function probesSentence(count: number): string {
  if (count === 0) return 'Named and mended without a command of yours.'
  return `Named and mended with ${count} ${count === 1 ? 'command' : 'commands'}.`
}
