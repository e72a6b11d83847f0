/** findmnt(8), its tree and its list. Not modelled: JSON, fstab, polling. */
import { type TableColumn, tableText } from '../../render/util-linux/table.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { type MountEntry, mountEntries } from './mounting.ts'
import { answerUsage } from './usage.ts'

const COLUMNS: Readonly<Record<string, TableColumn & { readonly text: (one: MountEntry) => string }>> = {
  TARGET: { name: 'TARGET', text: (one) => one.target },
  SOURCE: { name: 'SOURCE', text: (one) => one.source },
  FSTYPE: { name: 'FSTYPE', text: (one) => one.type },
  OPTIONS: { name: 'OPTIONS', text: (one) => one.options },
}

export function findmnt(context: CommandContext): number {
  const long = {
    list: 'flag',
    noheadings: 'flag',
    output: 'value',
    types: 'value',
    target: 'value',
    raw: 'flag',
    kernel: 'flag',
    mountpoint: 'value',
  } as const
  const parsed = parseOptions(context.argv, { short: 'lno:t:T:rkM:', long })
  if (!parsed.ok && 'AbCcDdeFfGgHhiJNmOPpRSsUuvVWwxy'.includes(parsed.error.option))
    return notModelled(context, `findmnt -${parsed.error.option}`)
  if (!parsed.ok) return answerUsage(context, 'findmnt', parsed.error)
  const { options, operands } = parsed.value
  const value = (...names: string[]) => options.findLast((one) => names.includes(one.name))?.value
  const names = (value('o', 'output') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').toUpperCase().split(',')
  const unknown = names.find((name) => COLUMNS[name] === undefined)
  if (unknown !== undefined) {
    context.err(`findmnt: unknown column: ${unknown}\n`)
    return 1
  }
  const wanted = operands[0] ?? value('M', 'mountpoint')
  const types = value('t', 'types')?.split(',')
  const all = mountEntries(context)
  const chosen = all.filter(
    (one) =>
      (wanted === undefined || one.target === wanted || one.source === wanted) &&
      (types === undefined || types.includes(one.type)),
  )
  if (chosen.length === 0) return 1
  const isTree =
    wanted === undefined &&
    types === undefined &&
    value('l', 'list') === undefined &&
    value('r', 'raw') === undefined
  const rows = isTree ? treeRows(chosen) : chosen
  const cells = rows.map((row) => names.map((name) => COLUMNS[name]!.text(row)))
  const width = context.outIsTerminal ? context.columns : Number.MAX_SAFE_INTEGER
  const settings = {
    hasHeader: value('n', 'noheadings') === undefined,
    width,
    isRaw: value('r', 'raw') !== undefined,
  }
  context.out(
    tableText(
      names.map((name) => COLUMNS[name]!),
      cells,
      settings,
    ),
  )
  return 0
}

function treeRows(entries: readonly MountEntry[]): MountEntry[] {
  const result: MountEntry[] = []
  const add = (entry: MountEntry, first: string, below: string): void => {
    result.push({ ...entry, target: `${first}${entry.target}` })
    const children = entries.filter((one) => one !== entry && parentOf(entries, one) === entry)
    children.forEach((child, i) => {
      const isLast = i === children.length - 1
      add(child, `${below}${isLast ? '└─' : '├─'}`, `${below}${isLast ? '  ' : '│ '}`)
    })
  }
  for (const entry of entries) if (parentOf(entries, entry) === null) add(entry, '', '')
  return result
}

/** The mount just above: the longest path that holds this one. */
function parentOf(entries: readonly MountEntry[], entry: MountEntry): MountEntry | null {
  let best: MountEntry | null = null
  for (const one of entries) {
    if (one === entry || one.target === entry.target) continue
    const holds = one.target === '/' || entry.target.startsWith(`${one.target}/`)
    if (holds && (best === null || one.target.length > best.target.length)) best = one
  }
  return best
}
