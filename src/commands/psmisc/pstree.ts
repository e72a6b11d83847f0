/** pstree(1) of psmisc and of busybox. Not modelled: colours, namespaces, uid changes, VT100 lines, numbers of threads. */
import type { ProcessRow } from '../../render/procps/process-row.ts'
import { type TreeProcess, treeText } from '../../render/psmisc/pstree.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { readProcessTable } from '../procps/process-table.ts'
import { toolVersions } from '../tool-versions.ts'
import { sentence } from '../util-linux/usage.ts'
import { PSTREE_USAGE } from './usage.ts'

export function pstree(context: CommandContext): number {
  const long = {
    arguments: 'flag',
    ascii: 'flag',
    'compact-not': 'flag',
    long: 'flag',
    'numeric-sort': 'flag',
    'show-pids': 'flag',
    'show-parents': 'flag',
    'hide-threads': 'flag',
    unicode: 'flag',
    version: 'flag',
    'show-pgids': 'flag',
  } as const
  const parsed = parseOptions(context.argv, { short: 'aAcC:gGhH:lnN:psStTuUVZ', long })
  if (!parsed.ok) {
    context.err(`pstree: ${sentence(parsed.error)}\n${PSTREE_USAGE}`)
    return 1
  }
  const names = new Set(parsed.value.options.map((one) => one.name))
  const has = (...wanted: string[]): boolean => wanted.some((name) => names.has(name))
  if (has('V', 'version')) {
    context.err(`pstree (PSmisc) ${toolVersions(context.world).psmisc}\n`)
    return 0
  }
  const unmodelled = ['C', 'g', 'G', 'N', 'S', 'u', 'Z', 'show-pgids'].find((name) => names.has(name))
  if (unmodelled !== undefined) return notModelled(context, `pstree -${unmodelled}`)
  return show(context, parsed.value.operands[0], {
    arguments: has('a', 'arguments'),
    pids: has('p', 'show-pids'),
    numeric: has('n', 'numeric-sort'),
    compact: !has('c', 'compact-not', 'p', 'show-pids'),
    unicode: has('U', 'unicode'),
    hideThreads: has('T', 'hide-threads', 'p', 'show-pids'),
    width: has('l', 'long') || !context.outIsTerminal ? (context.outIsTerminal ? 1e9 : 132) : context.columns,
  })
}

interface Style {
  readonly arguments: boolean
  readonly pids: boolean
  readonly numeric: boolean
  readonly compact: boolean
  readonly unicode: boolean
  readonly hideThreads: boolean
  readonly width: number
}

function show(context: CommandContext, which: string | undefined, style: Style): number {
  const rows = readProcessTable(context) ?? []
  const roots =
    which === undefined || /^\d+$/.test(which)
      ? rows.filter((row) => row.pid === Number(which ?? 1))
      : rows.filter((row) => row.user === which && rows.find((one) => one.pid === row.ppid)?.user !== which)
  if (which !== undefined && !/^\d+$/.test(which) && roots.length === 0) {
    context.err(`No such user name: ${which}\n`)
    return 1
  }
  const byPid = new Map(rows.map((row) => [row.pid, row]))
  const settings = {
    ...style,
    vertical: style.arguments,
    threadLabel: (process: TreeProcess) => byPid.get(process.pid)?.comm ?? '',
  }
  roots.forEach((root, i) => {
    context.out(`${i > 0 ? '\n' : ''}${treeText(treeOf(rows, root, style), settings)}`)
  })
  return 0
}

function treeOf(rows: readonly ProcessRow[], row: ProcessRow, style: Style): TreeProcess {
  const children = rows
    .filter((one) => one.ppid === row.pid)
    .sort((x, y) => (style.numeric || x.comm === y.comm ? x.pid - y.pid : x.comm < y.comm ? -1 : 1))
    .map((child) => treeOf(rows, child, style))
  const number = style.pids ? (style.arguments ? `,${row.pid}` : `(${row.pid})`) : ''
  const words = style.arguments && row.argv.length > 1 ? ` ${row.argv.slice(1).join(' ')}` : ''
  return { pid: row.pid, label: `${row.comm}${number}${words}`, threads: row.threads, children }
}

export function busyboxPstree(context: CommandContext): number {
  const usage =
    'Usage: pstree [-p] [PID|USER]\n\nDisplay process tree, optionally start from USER or PID\n\n\t-p\tShow pids\n'
  const parsed = parseOptions(context.argv, { short: 'p', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'pstree', usage, parsed.error)
  if (parsed.value.options.some((one) => one.name === 'help'))
    return busyboxUsage(context, 'pstree', usage, null)
  const pids = parsed.value.options.length > 0
  const style = { arguments: false, numeric: false, unicode: false, hideThreads: true, pids, compact: !pids }
  return show(context, parsed.value.operands[0], {
    ...style,
    width: context.outIsTerminal ? context.columns : 132,
  })
}
