/** The table of ps: a column that is overfull pushes the next ones, which catch up when they can. procps-ng src/ps/output.c */
import type { ProcessRow } from './process-row.ts'
import type { PsColumn } from './ps-columns.ts'

export interface PsTable {
  readonly columns: readonly { readonly column: PsColumn; readonly header: string }[]
  readonly rows: readonly { readonly row: ProcessRow; readonly indent: string }[]
  readonly nowMs: number
  readonly width: number
  readonly hasHeader: boolean
}

export function psText(table: PsTable): string {
  const lines = table.rows.map(({ row, indent }) =>
    lineOf(table, ({ column }) =>
      column.open ? indent + column.text(row, table.nowMs) : column.text(row, table.nowMs),
    ),
  )
  const shows = table.hasHeader && table.columns.some(({ header }) => header !== '')
  if (shows) lines.unshift(lineOf(table, ({ header }) => header))
  return lines.map((line) => `${line}\n`).join('')
}

function lineOf(table: PsTable, textOf: (one: PsTable['columns'][number]) => string): string {
  let line = ''
  let due = 0
  table.columns.forEach((one, i) => {
    const isLast = i === table.columns.length - 1
    const width =
      one.header === one.column.header ? one.column.width : Math.max(one.column.width, one.header.length)
    let text = textOf(one)
    if (one.column.open && !isLast) text = text.slice(0, width)
    const pad = one.column.left ? 0 : Math.max(0, width - text.length)
    line = line.padEnd(Math.max(line.length + (i === 0 ? 0 : 1), due + pad)) + text
    due += width + 1
  })
  return line.slice(0, table.width)
}
