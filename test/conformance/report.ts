// The verdicts about a transcript as text.

import { summary, type Verdicts } from './compare.ts'

const MOST_DIFF_LINES = 60

export interface ReportOptions {
  /** Only the last line. */
  quiet: boolean
  /** A diff of each command that does not agree. */
  verbose: boolean
}

export function report(verdicts: Verdicts, options: ReportOptions): string[] {
  return [...(options.quiet ? [] : disagreements(verdicts, options.verbose)), summary(verdicts)]
}

/** The commands that do not agree. */
export function disagreements({ commands }: Verdicts, withDiff: boolean): string[] {
  return commands.flatMap(({ command, grade, diff }) => {
    if (grade === 'agrees') return []
    const shown = withDiff ? diff.slice(0, MOST_DIFF_LINES).map((line) => `    ${line}`) : []
    return [`${grade}: ${command}`, ...shown]
  })
}
