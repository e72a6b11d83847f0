/** Commands of a lesson that do not exist, or do not end. */
import type { CommandLine } from '../../course/lesson.ts'
import type { LineResult } from '../../course/runner.ts'
import type { Report } from './lesson.ts'

/** A command that is not there is a finding of its own. */
export function reportMissing(line: CommandLine, result: LineResult, report: Report): void {
  const missing = result.errors
    .split('\n')
    .find((text) =>
      /: (command )?not found|exists on a real host but is not modelled|there is no /.test(text),
    )
  if (
    missing !== undefined &&
    (result.status === 127 || result.status === 137 || /not modelled|not found/.test(missing))
  ) {
    report(line.line, `'${line.command}': ${missing.trim()}`)
  } else if (result.timedOut) report(line.line, `'${line.command}' does not end`)
}
