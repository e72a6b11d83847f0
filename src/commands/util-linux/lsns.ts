/** lsns(8). Not modelled: trees, owners; user, ipc, cgroup and time namespaces are one of each. */
import { commandLine, type ProcessRow } from '../../render/procps/process-row.ts'
import { type TableColumn, tableText } from '../../render/util-linux/table.ts'
import { knownNetnsId } from '../../sim/kernel/netlink/namespace.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { readProcessTable } from '../procps/process-table.ts'
import { toolVersions } from '../tool-versions.ts'
import { mayInspect, type NamespaceType, targetProcess } from './namespaces.ts'
import { answerUsage } from './usage.ts'

/** In the order of the kernel's first inode numbers, which those that are not modelled have. */
const TYPES: readonly NamespaceType[] = [
  ...(['mnt', 'net', 'time', 'cgroup', 'pid', 'user', 'uts', 'ipc'] as const),
]
const FIXED: Readonly<Record<string, number>> = {
  time: 4026531834,
  cgroup: 4026531835,
  user: 4026531837,
  ipc: 4026531839,
}

interface NamespaceRow {
  readonly type: NamespaceType
  readonly id: number
  readonly members: ProcessRow[]
}

const COLUMNS: Readonly<
  Record<string, TableColumn & { text: (one: NamespaceRow, context: CommandContext) => string }>
> = {
  NS: { name: 'NS', right: true, text: (one) => String(one.id) },
  TYPE: { name: 'TYPE', text: (one) => one.type },
  PATH: { name: 'PATH', text: (one) => `/proc/${one.members[0]!.pid}/ns/${one.type}` },
  NPROCS: { name: 'NPROCS', right: true, text: (one) => String(one.members.length) },
  PID: { name: 'PID', right: true, text: (one) => String(one.members[0]!.pid) },
  PPID: { name: 'PPID', right: true, text: (one) => String(one.members[0]!.ppid) },
  COMMAND: { name: 'COMMAND', text: (one) => commandLine(one.members[0]!) },
  UID: { name: 'UID', right: true, text: (one) => String(one.members[0]!.uid) },
  USER: { name: 'USER', text: (one) => one.members[0]!.user },
  NETNSID: { name: 'NETNSID', right: true, text: netnsId },
  NSFS: { name: 'NSFS', text: nsfsPath },
}

export function lsns(context: CommandContext): number {
  const long = {
    json: 'flag',
    list: 'flag',
    noheadings: 'flag',
    output: 'value',
    'output-all': 'flag',
    task: 'value',
    help: 'flag',
    version: 'flag',
    raw: 'flag',
    notruncate: 'flag',
    nowrap: 'flag',
    type: 'value',
    tree: 'optional',
  } as const
  const parsed = parseOptions(context.argv, { short: 'Jlno:p:rt:uWT::hV', long })
  if (!parsed.ok) return answerUsage(context, 'lsns', parsed.error)
  const values = new Map(parsed.value.options.map((one) => [one.name, one.value]))
  const has = (...names: string[]): boolean => names.some((name) => values.has(name))
  if (has('h', 'help')) return notModelled(context, 'lsns --help')
  if (has('V', 'version')) {
    context.out(`lsns from util-linux ${toolVersions(context.world).utilLinux}\n`)
    return 0
  }
  if (has('J', 'json', 'T', 'tree'))
    return notModelled(context, has('J', 'json') ? 'lsns --json' : 'lsns --tree')
  const types = parsed.value.options
    .filter((one) => one.name === 't' || one.name === 'type')
    .flatMap((one) => one.value.split(','))
  const wrong = types.find((type) => !TYPES.includes(type as NamespaceType))
  if (wrong !== undefined) return complain(context, `unknown namespace type: ${wrong}`)
  const names = columnNames(values.get('o') ?? values.get('output'), types)
  const unknown = names.find((name) => COLUMNS[name] === undefined)
  const asGiven = (values.get('o') ?? values.get('output') ?? '').split(',')
  if (unknown !== undefined) {
    const word = asGiven.find((one) => one.toUpperCase() === unknown) ?? unknown
    return complain(context, `unknown column: ${word}`)
  }
  const task = values.get('p') ?? values.get('task')
  const rows = namespaceRows(context).filter(
    (one) =>
      (types.length === 0 || types.includes(one.type)) &&
      (task === undefined || one.members.some((row) => String(row.pid) === task)),
  )
  const wanted = parsed.value.operands[0]
  const chosen = wanted === undefined ? rows : rows.filter((one) => String(one.id) === wanted)
  if (wanted !== undefined && chosen.length === 0) return complain(context, `not found namespace: ${wanted}`)
  show(context, names, chosen, { hasHeader: !has('n', 'noheadings'), isRaw: has('r', 'raw') })
  return 0
}

function complain(context: CommandContext, text: string): number {
  context.err(`lsns: ${text}\n`)
  return 1
}

function show(
  context: CommandContext,
  names: readonly string[],
  rows: readonly NamespaceRow[],
  options: { readonly hasHeader: boolean; readonly isRaw: boolean },
): void {
  const columns = names.map((name) => COLUMNS[name]!)
  const cells = rows.map((row) => columns.map((column) => column.text(row, context)))
  const width = context.outIsTerminal ? context.columns : Number.MAX_SAFE_INTEGER
  if (rows.length > 0) context.out(tableText(columns, cells, { ...options, width }))
}

function columnNames(given: string | undefined, types: readonly string[]): string[] {
  const base = types.includes('net')
    ? ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'NETNSID', 'NSFS', 'COMMAND']
    : ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'COMMAND']
  if (given === undefined) return base
  const names = given.replace(/^\+/, '').toUpperCase().split(',')
  return given.startsWith('+') ? [...base, ...names] : names
}

/** Of the processes whose ns/ may be read. */
function namespaceRows(context: CommandContext): NamespaceRow[] {
  const found = new Map<string, NamespaceRow>()
  for (const row of readProcessTable(context) ?? []) {
    const process = targetProcess(context, row.pid)
    if (process === undefined || row.state === 'Z' || !mayInspect(context.process, process)) continue
    for (const type of TYPES) {
      const id = FIXED[type] ?? row.namespaces[type as 'net' | 'mnt' | 'uts' | 'pid']
      const known = found.get(`${type} ${id}`)
      if (known === undefined) found.set(`${type} ${id}`, { type, id, members: [row] })
      else known.members.push(row)
    }
  }
  return [...found.values()].sort((x, y) => x.id - y.id)
}

function netnsId(one: NamespaceRow, context: CommandContext): string {
  if (one.type !== 'net') return ''
  const number = knownNetnsId(context.netns, one.id)
  return number === null ? 'unassigned' : String(number)
}

/** Where the namespace's file is mounted: `/run/docker/netns/…`, `/run/netns/NAME`. */
function nsfsPath(one: NamespaceRow, context: CommandContext): string {
  if (one.type !== 'net') return ''
  const mounts = context.kernel.mountNamespaces.get(context.process.mountns)?.mounts ?? []
  for (const mount of mounts) {
    const upper = context.kernel.filesystems.get(mount.filesystem)?.upper
    for (const folder of ['docker', 'netns']) {
      let node = upper?.entries.get(folder)
      if (folder === 'docker' && node?.kind === 'directory') node = node.entries.get('netns')
      if (node?.kind !== 'directory') continue
      for (const [name, entry] of node.entries)
        if (entry.kind === 'namespace' && entry.id === one.id)
          return `${mount.path}/${folder === 'docker' ? 'docker/netns' : 'netns'}/${name}`
    }
  }
  return ''
}
