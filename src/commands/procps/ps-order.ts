/** The order of ps: by number, by `--sort`, or as a forest. procps-ng src/ps/sortformat.c, display.c */
import type { ProcessRow } from '../../render/procps/process-row.ts'
import type { PsOptions } from './ps-options.ts'

export interface OrderedRow {
  readonly row: ProcessRow
  readonly indent: string
}

export function inOrder(rows: readonly ProcessRow[], options: PsOptions): OrderedRow[] {
  const sorted = [...rows].sort((x, y) => compare(x, y, options.sort) || x.pid - y.pid)
  if (options.forest === null) return sorted.map((row) => ({ row, indent: '' }))
  const result: OrderedRow[] = []
  const shown = new Set(rows.map((row) => row.pid))
  if (options.forest === 'set in') {
    for (const row of sorted) if (!shown.has(row.ppid)) addSetIn(result, sorted, row, '')
    return result
  }
  for (const row of sorted) if (!shown.has(row.ppid) || row.ppid === 1) addDrawn(result, sorted, row, '', '')
  return result
}

function addSetIn(result: OrderedRow[], rows: readonly ProcessRow[], row: ProcessRow, indent: string): void {
  result.push({ row, indent })
  for (const child of rows) if (child.ppid === row.pid) addSetIn(result, rows, child, `${indent}  `)
}

/** What has come to init stands at the margin. */
function addDrawn(
  result: OrderedRow[],
  rows: readonly ProcessRow[],
  row: ProcessRow,
  indent: string,
  below: string,
): void {
  result.push({ row, indent })
  if (row.pid === 1) return
  const children = rows.filter((one) => one.ppid === row.pid)
  children.forEach((child, i) => {
    const isLast = i === children.length - 1
    addDrawn(result, rows, child, `${below} \\_ `, below + (isLast ? '    ' : ' |  '))
  })
}

const KEYS: Readonly<Record<string, (row: ProcessRow) => string | number>> = {
  pid: (row) => row.pid,
  ppid: (row) => row.ppid,
  pgid: (row) => row.pgid,
  sid: (row) => row.sid,
  user: (row) => row.user,
  uid: (row) => row.uid,
  comm: (row) => row.comm,
  ucmd: (row) => row.comm,
  args: (row) => row.argv.join(' '),
  cmd: (row) => row.argv.join(' '),
  command: (row) => row.argv.join(' '),
  tty: (row) => row.tty ?? '',
  tname: (row) => row.tty ?? '',
  rss: (row) => row.rss,
  vsz: (row) => row.vsz,
  pmem: (row) => row.rss,
  '%mem': (row) => row.rss,
  start_time: (row) => row.startedMs,
  start: (row) => row.startedMs,
  stat: (row) => row.state,
}

/** `-KEY` the other way round. */
function compare(x: ProcessRow, y: ProcessRow, keys: readonly string[]): number {
  for (const key of keys) {
    const read = KEYS[key.replace(/^[-+]/, '')]
    if (read === undefined) continue
    const [left, right] = [read(x), read(y)]
    if (left !== right) return left < right === key.startsWith('-') ? 1 : -1
  }
  return 0
}
