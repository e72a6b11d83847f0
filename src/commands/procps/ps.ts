/** ps(1) of procps-ng. Not modelled: threads, security contexts, processor time and memory (see process-table.ts). */
import type { ProcessRow } from '../../render/procps/process-row.ts'
import { psText } from '../../render/procps/ps.ts'
import { psColumn } from '../../render/procps/ps-columns.ts'
import { wallMs } from '../../sim/kernel/fs/files.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { readProcessTable } from './process-table.ts'
import { type PsOptions, parsePs } from './ps-options.ts'
import { inOrder } from './ps-order.ts'

const USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`

const STYLES: Readonly<Record<PsOptions['style'], string>> = {
  plain: 'pid tname time ucmd',
  bsd: 'pid tname stat bsdtime args',
  '-f': 'UID pid ppid c stime tname time cmd',
  '-F': 'UID pid ppid c sz rss psr stime tname time cmd',
  '-l': 'f s uid pid ppid c opri ni addr sz wchan tname time ucmd',
  '-j': 'pid pgid sid tname time ucmd',
  u: 'user pid pcpu pmem vsz rss tname stat start_time bsdtime args',
  l: 'f uid pid ppid pri ni vsz rss wchan stat tname bsdtime args',
  j: 'ppid pid pgid sid tname tpgid stat uid bsdtime args',
}

export function ps(context: CommandContext): number {
  const options = parsePs(context.argv)
  if ('kind' in options) return answerProblem(context, options)
  const columns = chosenColumns(options)
  if (typeof columns === 'string') {
    context.err(`error: unknown user-defined format specifier "${columns}"\n${USAGE}`)
    return 1
  }
  const table = readProcessTable(context)
  if (table === null) {
    context.err('Error, do this: mount -t proc proc /proc\n')
    return 1
  }
  const chosen = table.filter((row) => isChosen(options, row, table) !== options.deselect)
  const text = psText({
    columns,
    rows: inOrder(chosen, options),
    nowMs: wallMs(context.world),
    width: widthOf(context, options),
    hasHeader: options.headers,
  })
  context.out(text)
  return chosen.length > 0 ? 0 : 1
}

function answerProblem(
  context: CommandContext,
  problem: Exclude<ReturnType<typeof parsePs>, PsOptions>,
): number {
  switch (problem.kind) {
    case 'unmodelled':
      return notModelled(context, `ps ${problem.option}`)
    case 'help':
      context.out(USAGE)
      return 0
    case 'version':
      context.out(`ps from procps-ng ${toolVersions(context.world).procps}\n`)
      return 0
    case 'error':
      context.err(`error: ${problem.text}\n${USAGE}`)
      return 1
  }
}

/** The name of a format that there is not, instead of columns. */
function chosenColumns(options: PsOptions) {
  const style = options.style === 'plain' && options.isBsd ? 'bsd' : options.style
  const words = options.formats.length > 0 ? options.formats : STYLES[style].split(' ')
  const columns = []
  for (const word of words) {
    const [name = '', heading] = word.split(/=(.*)/s)
    const column = psColumn(name)
    if (column === undefined) return name
    columns.push({ column, header: heading ?? column.header })
  }
  return columns
}

function widthOf(context: CommandContext, options: PsOptions): number {
  if (!context.outIsTerminal || options.wide > 1) return 131072
  return options.wide === 1 ? Math.max(132, context.columns) : context.columns
}

function isChosen(options: PsOptions, row: ProcessRow, table: readonly ProcessRow[]): boolean {
  const { pids, ppids, names, users, ttys, sids, select } = options
  const lists = pids.length + ppids.length + names.length + users.length + ttys.length + sids.length
  if (pids.includes(row.pid) || ppids.includes(row.ppid) || sids.includes(row.sid)) return true
  if (names.includes(row.comm) || users.includes(row.user) || users.includes(String(row.uid))) return true
  if (ttys.some((tty) => row.tty === tty.replace(/^\/dev\//, '') || row.tty === `pts/${tty}`)) return true
  if (select.has('-e') || (select.has('a') && select.has('x'))) return runs(select, row)
  if (select.has('-d')) return !row.isLeader
  if (select.has('-a')) return row.tty !== null && !row.isLeader
  if (select.has('a')) return row.tty !== null && runs(select, row)
  const self = table.find((one) => one.state === 'R')
  if (select.has('x')) return row.uid === self?.uid && runs(select, row)
  if (lists > 0 && !select.has('T') && !select.has('-T') && !select.has('r')) return false
  return row.tty === (self?.tty ?? null) && row.uid === (self?.uid ?? 0) && runs(select, row)
}

function runs(select: ReadonlySet<string>, row: ProcessRow): boolean {
  return !select.has('r') || row.state === 'R'
}
