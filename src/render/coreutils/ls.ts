/** How ls lays names out: one a line, in columns as wide as the terminal, or long. coreutils/src/ls.c, busybox/coreutils/ls.c */
import { formatTime } from './strftime.ts'

export interface LongRow {
  readonly mode: string
  readonly links: number
  readonly user: string
  readonly group: string
  readonly size: string
  readonly modifiedMs: number
  /** With ` -> target`. */
  readonly name: string
}

/** GNU: column-major, as many columns as fit, tabs where they reach the next column. */
export function gnuColumns(names: readonly string[], width: number): string {
  if (names.length === 0) return ''
  const lengths = names.map((name) => [...name].length)
  const { columns, widths } = gnuLayout(lengths, width)
  const rows = Math.ceil(names.length / columns)
  let text = ''
  for (let row = 0; row < rows; row++) {
    let at = 0
    for (let column = 0, i = row; i < names.length; column++, i += rows) {
      text += names[i]
      if (i + rows >= names.length) break
      const start = widths.slice(0, column).reduce((sum, one) => sum + one, 0)
      at = start + lengths[i]!
      text += indent(at, start + widths[column]!)
    }
    text += '\n'
  }
  return text
}

const GAP = 2
const LEAST = 3

function gnuLayout(lengths: readonly number[], width: number): { columns: number; widths: number[] } {
  const most = Math.max(1, Math.min(lengths.length, Math.floor(width / LEAST)))
  for (let columns = most; columns > 1; columns--) {
    const rows = Math.ceil(lengths.length / columns)
    const widths = new Array<number>(columns).fill(LEAST)
    lengths.forEach((length, i) => {
      const column = Math.floor(i / rows)
      const wanted = length + (column === columns - 1 ? 0 : GAP)
      if (wanted > widths[column]!) widths[column] = wanted
    })
    if (widths.reduce((sum, one) => sum + one, 0) < width) return { columns, widths }
  }
  return { columns: 1, widths: [0] }
}

/** Tab stops every 8 columns. */
function indent(from: number, to: number): string {
  let text = ''
  let at = from
  while (at < to) {
    if (Math.floor(to / 8) > Math.floor((at + 1) / 8)) {
      text += '\t'
      at += 8 - (at % 8)
    } else {
      text += ' '
      at++
    }
  }
  return text
}

/** busybox: all columns as wide as the longest name and two more. */
export function busyboxColumns(names: readonly string[], width: number): string {
  if (names.length === 0) return ''
  const column = Math.max(...names.map((name) => [...name].length)) + GAP
  const columns = Math.max(1, Math.floor(width / column))
  const rows = Math.ceil(names.length / columns)
  let text = ''
  for (let row = 0; row < rows; row++) {
    for (let i = row; i < names.length; i += rows) {
      text += i + rows < names.length ? names[i]!.padEnd(column) : names[i]
    }
    text += '\n'
  }
  return text
}

const HALF_YEAR_MS = (365.2425 / 2) * 86_400_000

export function listTime(modifiedMs: number, nowMs: number): string {
  const isRecent = modifiedMs > nowMs - HALF_YEAR_MS && modifiedMs <= nowMs
  return formatTime(isRecent ? '%b %e %H:%M' : '%b %e  %Y', modifiedMs)
}

export function gnuLong(rows: readonly LongRow[], nowMs: number): string {
  const width = (pick: (row: LongRow) => string): number =>
    Math.max(0, ...rows.map((row) => pick(row).length))
  const [links, user, group, size] = [
    width((r) => String(r.links)),
    width((r) => r.user),
    width((r) => r.group),
    width((r) => r.size),
  ]
  return rows
    .map((row) =>
      [
        row.mode,
        String(row.links).padStart(links),
        row.user.padEnd(user),
        row.group.padEnd(group),
        row.size.padStart(size),
        listTime(row.modifiedMs, nowMs),
        row.name,
      ].join(' '),
    )
    .map((line) => `${line}\n`)
    .join('')
}

export function busyboxLong(rows: readonly LongRow[], nowMs: number): string {
  return rows
    .map((row) => {
      const owners = `${row.user.padEnd(8)} ${row.group.padEnd(8)}`
      return `${row.mode} ${String(row.links).padStart(4)} ${owners} ${row.size.padStart(9)} ${listTime(row.modifiedMs, nowMs)} ${row.name}\n`
    })
    .join('')
}

export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes)
  let value = bytes
  let unit = -1
  while (value >= 1024) {
    value /= 1024
    unit++
  }
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${'KMGTP'[unit]}`
}
