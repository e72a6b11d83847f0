/**
 * Columns as Go's text/tabwriter makes them: a cell ends with a tab, a column is a block of consecutive lines that have
 * such a cell, the last cell of a line belongs to no column. Not modelled: flags (all of Docker's writers have none).
 */

export interface TabSettings {
  readonly minimumWidth: number
  readonly padding: number
}

/** What docker's tables use. */
export const tableSettings: TabSettings = { minimumWidth: 10, padding: 3 }

export function alignColumns(text: string, settings: TabSettings = tableSettings): string {
  if (text === '') return ''
  const lines = text.split('\n').map((line) => line.split('\t'))
  const output: string[] = []
  format(lines, settings, [], 0, lines.length, output)
  return output.join('\n')
}

function format(
  lines: readonly string[][],
  settings: TabSettings,
  widths: readonly number[],
  from: number,
  to: number,
  output: string[],
): void {
  const column = widths.length
  let start = from
  for (let at = from; at < to; at++) {
    if (!hasCell(lines[at]!, column)) continue
    writeLines(lines, widths, start, at, output)
    start = at
    let width = settings.minimumWidth
    while (at < to && hasCell(lines[at]!, column)) {
      width = Math.max(width, lengthOf(lines[at]![column]!) + settings.padding)
      at++
    }
    format(lines, settings, [...widths, width], start, at, output)
    start = at
  }
  writeLines(lines, widths, start, to, output)
}

function hasCell(line: readonly string[], column: number): boolean {
  return column < line.length - 1
}

function writeLines(
  lines: readonly string[][],
  widths: readonly number[],
  from: number,
  to: number,
  output: string[],
): void {
  for (const line of lines.slice(from, to)) {
    output.push(
      line
        .map((cell, i) =>
          i < widths.length ? cell + ' '.repeat(Math.max(0, widths[i]! - lengthOf(cell))) : cell,
        )
        .join(''),
    )
  }
}

/** In characters, as utf8.RuneCount counts. */
function lengthOf(text: string): number {
  return [...text].length
}
