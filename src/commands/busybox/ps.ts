/** busybox ps (FEATURE_DESKTOP). procps/ps.c of busybox. Not modelled: threads. */
import { commandLine, type ProcessRow, statLetters } from '../../render/procps/process-row.ts'
import { wallMs } from '../../sim/kernel/fs/files.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { readProcessTable } from '../procps/process-table.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: ps [-o COL1,COL2=HEADER] [-T]

Show list of processes

	-o COL1,COL2=HEADER	Select columns for display
	-T			Show threads
`

interface Column {
  readonly header: string
  readonly width: number
  readonly left?: boolean
  readonly text: (row: ProcessRow, nowMs: number) => string
}

/** As the program lists them when it complains. */
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { header: 'USER', width: 8, left: true, text: (row) => row.user },
  group: { header: 'GROUP', width: 8, left: true, text: (row) => row.group },
  comm: { header: 'COMMAND', width: 16, left: true, text: (row) => row.comm },
  args: {
    header: 'COMMAND',
    width: 8191,
    left: true,
    text: (row) => (row.argv.length > 0 ? commandLine(row) : `[${row.comm}]`),
  },
  pid: { header: 'PID', width: 5, text: (row) => String(row.pid) },
  ppid: { header: 'PPID', width: 5, text: (row) => String(row.ppid) },
  pgid: { header: 'PGID', width: 5, text: (row) => String(row.pgid) },
  etime: { header: 'ELAPSED', width: 7, text: (row, now) => shortTime((now - row.startedMs) / 1000) },
  nice: { header: 'NI', width: 5, text: () => '0' },
  rgroup: { header: 'RGROUP', width: 8, left: true, text: (row) => row.group },
  ruser: { header: 'RUSER', width: 8, left: true, text: (row) => row.user },
  time: { header: 'TIME', width: 5, text: () => '0:00' },
  tty: {
    header: 'TT',
    width: 6,
    left: true,
    text: (row) => (row.tty === null ? '?' : `136,${row.tty.slice(4)}`),
  },
  vsz: { header: 'VSZ', width: 4, text: (row) => fourCharacters(row.vsz) },
  sid: { header: 'SID', width: 5, text: (row) => String(row.sid) },
  stat: { header: 'STAT', width: 4, left: true, text: (row) => statLetters(row).replace(/[sl]/g, '') },
  rss: { header: 'RSS', width: 4, text: (row) => fourCharacters(row.rss) },
}

export function busyboxPs(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'o:aAdefl', long: { help: 'flag' } })
  if (!parsed.ok && parsed.error.option === 'T') return notModelled(context, 'ps -T')
  if (!parsed.ok) return busyboxUsage(context, 'ps', USAGE, parsed.error)
  if (parsed.value.options.some((one) => one.name === 'help')) return busyboxUsage(context, 'ps', USAGE, null)
  const given = parsed.value.options.filter((one) => one.name === 'o').map((one) => one.value)
  const columns = chosenColumns(given.length > 0 ? given : ['pid,user,time,args'])
  if (typeof columns === 'string') {
    const known = Object.keys(COLUMNS).join(',')
    context.err(`ps: bad -o argument '${columns}', supported arguments: ${known}\n`)
    return 1
  }
  const nowMs = wallMs(context.world)
  const width = context.outIsTerminal ? context.columns - 1 : 8191
  const lines = (readProcessTable(context) ?? []).map((row) =>
    lineOf(columns, (one) => one.column.text(row, nowMs), false),
  )
  const hasHeader = columns.some((one) => one.header !== '')
  for (const line of hasHeader ? [lineOf(columns, (one) => one.header, true), ...lines] : lines)
    context.out(`${line.slice(0, width)}\n`)
  return 0
}

interface Chosen {
  readonly column: Column
  readonly header: string
}

function chosenColumns(given: readonly string[]): Chosen[] | string {
  const chosen: Chosen[] = []
  for (const word of given.flatMap(splitColumns)) {
    const [name = '', header] = word.split(/=(.*)/s)
    const column = COLUMNS[name]
    if (column === undefined) return name
    chosen.push({ column, header: header ?? column.header })
  }
  return chosen
}

/** A heading of one's own goes on to the end of the word. */
function splitColumns(text: string): string[] {
  const equals = text.indexOf('=')
  if (equals === -1) return text.split(',')
  const names = text.slice(0, equals).split(',')
  const last = `${names.pop()}${text.slice(equals)}`
  return [...names, last]
}

function lineOf(columns: readonly Chosen[], textOf: (one: Chosen) => string, isHeader: boolean): string {
  return columns
    .map((one, i) => {
      const width = Math.max(one.column.width, one.header.length)
      const text = textOf(one).slice(0, width)
      if (i === columns.length - 1 && (isHeader || one.column.left)) return text
      return isHeader || one.column.left ? text.padEnd(width) : text.padStart(width)
    })
    .join(' ')
}

/** `5:07`, hours as `3h02`, days as `2d04`. */
function shortTime(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds))
  const two = (value: number): string => String(value).padStart(2, '0')
  if (total < 6000) return `${Math.floor(total / 60)}:${two(total % 60)}`
  if (total < 360000) return `${Math.floor(total / 3600)}h${two(Math.floor(total / 60) % 60)}`
  return `${Math.floor(total / 86400)}d${two(Math.floor(total / 3600) % 24)}`
}

/** KiB in four characters: `720`, `4404`, `20m`, `1.3g`. */
export function fourCharacters(kib: number): string {
  if (kib < 10000) return String(kib)
  const mib = kib / 1024
  if (mib < 9.95) return `${mib.toFixed(1)}m`
  if (mib < 1000) return `${Math.round(mib)}m`
  return `${(mib / 1024).toFixed(1)}g`
}
