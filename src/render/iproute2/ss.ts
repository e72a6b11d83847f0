/** `ss`: columns that share the width of the terminal. misc/ss.c render_calc_width, render (iproute2 6.1.0). */
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { serviceName } from '../services.ts'

export interface SsRow {
  readonly protocol: 'tcp' | 'udp'
  readonly family: 4 | 6
  readonly dualStack: boolean
  readonly state: string
  readonly receiveQueue: number
  readonly sendQueue: number
  readonly localAddress: IpAddress
  readonly localPort: number
  readonly remoteAddress: IpAddress
  readonly remotePort: number
  /** Timers, inode and the like, ready to be put behind. */
  readonly details: string
  readonly users: readonly { readonly name: string; readonly pid: number; readonly fd: number }[]
}

export interface SsLook {
  readonly netid: boolean
  readonly state: boolean
  readonly processes: boolean
  readonly header: boolean
  /** Ports as numbers. */
  readonly numeric: boolean
  /** Null: not a terminal, columns are as wide as what stands in them. */
  readonly columns: number | null
}

interface Column {
  readonly head: string
  readonly right: boolean
  readonly before: string
  readonly shown: boolean
  width: number
}

const STATE: Readonly<Record<string, string>> = { ESTABLISHED: 'ESTAB', 'SYN-RECEIVED': 'SYN-RECV' }

export function ssText(rows: readonly SsRow[], look: SsLook): string {
  const columns: Column[] = [
    { head: 'Netid', right: false, before: '', shown: look.netid, width: 0 },
    { head: 'State', right: false, before: ' ', shown: look.state, width: 0 },
    { head: 'Recv-Q', right: false, before: ' ', shown: true, width: 0 },
    { head: 'Send-Q', right: false, before: ' ', shown: true, width: 0 },
    { head: 'Local Address:', right: true, before: ' ', shown: true, width: 0 },
    { head: 'Port', right: false, before: '', shown: true, width: 0 },
    { head: 'Peer Address:', right: true, before: ' ', shown: true, width: 0 },
    { head: 'Port', right: false, before: '', shown: true, width: 0 },
    { head: 'Process', right: false, before: '', shown: true, width: 0 },
  ]
  const lines = rows.map((row) => cells(row, look))
  if (look.header) lines.unshift(columns.map((column) => column.head))
  const kept = columns.map((column, i) => ({ column, i })).filter(({ column }) => column.shown)
  const list = kept.map(({ column }) => column)
  const texts = lines.map((line) => kept.map(({ i }) => line[i] ?? ''))
  measure(list, texts, rows.length > 0)
  if (look.columns !== null) spread(list, look.columns)
  return texts.map((line) => lineText(list, line)).join('')
}

function cells(row: SsRow, look: SsLook): string[] {
  const users = row.users.map((one) => `("${one.name}",pid=${one.pid},fd=${one.fd})`).join(',')
  return [
    row.protocol,
    STATE[row.state] ?? row.state,
    String(row.receiveQueue),
    String(row.sendQueue),
    `${address(row, row.localAddress)}:`,
    port(row, row.localPort, look),
    `${address(row, row.remoteAddress)}:`,
    port(row, row.remotePort, look),
    (look.processes && users !== '' ? ` users:(${users})` : '') + row.details,
  ]
}

function port(row: SsRow, value: number, look: SsLook): string {
  if (value === 0) return '*'
  return (look.numeric ? undefined : serviceName(value, row.protocol)) ?? String(value)
}

function address(row: SsRow, value: IpAddress): string {
  if (typeof value === 'string') return `[${value}]`
  if (row.family === 4) return formatIpv4(value)
  if (value !== 0) return `[::ffff:${formatIpv4(value)}]`
  return row.dualStack ? '*' : '[::]'
}

/** What stands last of all is not flushed when the widths are taken, and does not count. */
function measure(columns: readonly Column[], lines: readonly (readonly string[])[], hasRows: boolean): void {
  let first = true
  columns.forEach((column, i) => {
    const counted = hasRows && i === columns.length - 1 ? lines.slice(0, -1) : lines
    const longest = Math.max(0, ...counted.map((line) => line[i]?.length ?? 0))
    column.width = first || longest === 0 ? longest : longest + column.before.length
    if (column.width > 0) first = false
  })
}

/** Columns that fit on a line share what is left of it; the last ones get the odd blanks. */
function spread(columns: readonly Column[], screen: number): void {
  let lineEnd = -1
  let length = 0
  let count = 0
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!
    column.width = Math.min(column.width, screen)
    if (column.width === 0) continue
    count++
    length += column.width
    const isLast = columns.slice(i + 1).every((one) => one.width === 0)
    if (!isLast && length < screen) continue
    if (length > screen && count > 1) {
      length -= column.width
      count--
      i--
    }
    distribute(columns, i, lineEnd, screen - length, count)
    lineEnd = i
    length = 0
    count = 0
  }
}

function distribute(
  columns: readonly Column[],
  last: number,
  before: number,
  pad: number,
  count: number,
): void {
  if (pad <= 0) return
  const spacing = Math.floor(pad / count)
  let rest = pad % count
  for (let i = last; i > before; i--) {
    const column = columns[i]!
    if (column.width === 0) continue
    column.width += spacing + (rest > 0 ? 1 : 0)
    if (rest > 0) rest--
  }
}

function lineText(columns: readonly Column[], line: readonly string[]): string {
  let text = ''
  columns.forEach((column, i) => {
    const before = i === 0 ? '' : column.before
    const cell = line[i] ?? ''
    const own = column.right
      ? before + cell.padStart(column.width - before.length)
      : (before + cell).padEnd(column.width)
    text += own
  })
  return `${text}\n`
}
