/** ls of coreutils and of busybox. ls(1) */
import {
  busyboxColumns,
  busyboxLong,
  gnuColumns,
  gnuLong,
  humanSize,
  type LongRow,
} from '../../render/coreutils/ls.ts'
import { errorText } from '../../render/coreutils/strerror.ts'
import { lookup, lstat, readdir } from '../../sim/kernel/fs/files.ts'
import { joinPath } from '../../sim/kernel/fs/tree.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { groupName, modeText, sizeOf, userName } from './attributes.ts'
import { type Flavour, type Options, readOptions, type Tool, toolName } from './tool.ts'

interface Entry {
  readonly name: string
  readonly path: string
  readonly node: Inode
}

const LONG = {
  all: 'flag',
  'almost-all': 'flag',
  directory: 'flag',
  'human-readable': 'flag',
  recursive: 'flag',
  reverse: 'flag',
  inode: 'flag',
  color: 'optional',
  classify: 'optional',
  'numeric-uid-gid': 'flag',
  size: 'flag',
  'full-time': 'flag',
  'no-group': 'flag',
  dereference: 'flag',
} as const

export const ls: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'aAlh1dRrtSFnigCxsLHpGUkoTvXcuw:QN', long: LONG },
    '[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...',
  )
  if (options === null) return flavour === 'gnu' ? 2 : 1
  for (const name of ['full-time', 's', 'size', 'x', 'Q'] as const) {
    if (options.has(name)) return notModelled(context, `ls ${name.length > 1 ? '--' : '-'}${name}`)
  }
  const paths = options.operands.length === 0 ? ['.'] : options.operands
  const files: Entry[] = []
  const folders: Entry[] = []
  let status = 0
  for (const path of paths) {
    const entry = find(context, path, options)
    if (typeof entry === 'string') status = refusePath(context, flavour, path, entry)
    else if (entry.node.kind === 'directory' && !options.has('d', 'directory')) folders.push(entry)
    else files.push(entry)
  }
  let text = show(context, flavour, options, sorted(files, options), false)
  const titled = paths.length > 1 || options.has('R', 'recursive')
  for (const folder of sorted(folders, options)) {
    text += listFolder(context, flavour, options, folder, titled, text !== '')
  }
  context.out(text)
  return status
}

/** A link on the command line is followed, unless it would be shown as a link. */
function find(context: CommandContext, path: string, options: Options): Entry | string {
  const { world, kernel, process } = context
  const showsLinks =
    options.has('l', 'd', 'F', 'n', 'o', 'g', 'directory') &&
    !options.has('L', 'H', 'dereference') &&
    !path.endsWith('/')
  const followed = lookup(world, kernel, process, path)
  const own = lstat(world, kernel, process, path)
  const node = showsLinks || !followed.ok ? own : followed
  return node.ok ? { name: path, path, node: node.value } : node.error.code
}

function refusePath(context: CommandContext, flavour: Flavour, path: string, code: string): number {
  const where = flavour === 'gnu' ? `cannot access '${path}'` : path
  context.err(`${toolName(context)}: ${where}: ${errorText(code)}\n`)
  return flavour === 'gnu' ? 2 : 1
}

function listFolder(
  context: CommandContext,
  flavour: Flavour,
  options: Options,
  folder: Entry,
  titled: boolean,
  hasBefore: boolean,
): string {
  const listed = readdir(context.world, context.kernel, context.process, folder.path)
  if (!listed.ok) {
    context.err(
      `${toolName(context)}: cannot open directory '${folder.path}': ${errorText(listed.error.code)}\n`,
    )
    return ''
  }
  const visible = listed.value
    .filter(([name]) => options.has('a', 'A', 'all', 'almost-all') || !name.startsWith('.'))
    .map(([name, node]) => ({ name, node, path: joinPath(folder.path, name) }))
  if (options.has('a', 'all')) visible.unshift(...dots(context, folder))
  const entries = sorted(visible, options)
  let text = `${hasBefore && titled ? '\n' : ''}${titled ? `${folder.name}:\n` : ''}`
  text += show(context, flavour, options, entries, true)
  if (!options.has('R', 'recursive')) return text
  for (const entry of entries) {
    if (entry.node.kind !== 'directory' || entry.name === '.' || entry.name === '..') continue
    text += listFolder(context, flavour, options, { ...entry, name: entry.path }, true, true)
  }
  return text
}

function dots(context: CommandContext, folder: Entry): Entry[] {
  const up = lookup(context.world, context.kernel, context.process, joinPath(folder.path, '..'))
  return [
    { ...folder, name: '.' },
    { name: '..', path: joinPath(folder.path, '..'), node: up.ok ? up.value : folder.node },
  ]
}

function sorted(entries: readonly Entry[], options: Options): Entry[] {
  const list = [...entries]
  if (options.has('U')) return list
  const byName = (x: Entry, y: Entry): number => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0)
  if (options.has('t')) list.sort((x, y) => y.node.modifiedMs - x.node.modifiedMs || byName(x, y))
  else if (options.has('S')) list.sort((x, y) => sizeOf(y.node) - sizeOf(x.node) || byName(x, y))
  else list.sort(byName)
  return options.has('r', 'reverse') ? list.reverse() : list
}

function show(
  context: CommandContext,
  flavour: Flavour,
  options: Options,
  entries: readonly Entry[],
  isFolder: boolean,
): string {
  const nowMs = context.world.epochMs + context.world.nowUs / 1000
  if (options.has('l', 'n', 'g', 'o', 'numeric-uid-gid')) {
    const rows = entries.map((entry) => longRow(context, options, entry))
    const total = isFolder ? `total ${totalOf(entries, options)}\n` : ''
    return total + (flavour === 'gnu' ? gnuLong(rows, nowMs) : busyboxLong(rows, nowMs))
  }
  const names = entries.map((entry) => decorated(entry, options))
  const columns = options.last('1', 'C') !== '1' && (context.outIsTerminal || options.has('C'))
  if (!columns) return names.map((name) => `${name}\n`).join('')
  const width = Number(options.value('w') ?? context.columns)
  return flavour === 'gnu' ? gnuColumns(names, width) : busyboxColumns(names, width)
}

function decorated(entry: Entry, options: Options): string {
  const inode = options.has('i', 'inode') ? `${inodeNumber(entry)} ` : ''
  if (!options.has('F', 'p', 'classify')) return inode + entry.name
  const { kind } = entry.node
  if (kind === 'directory') return `${inode}${entry.name}/`
  if (options.has('p') && !options.has('F')) return inode + entry.name
  const mark = kind === 'symlink' ? '@' : kind === 'socket' ? '=' : (entry.node.mode & 0o111) !== 0 ? '*' : ''
  return inode + entry.name + mark
}

function inodeNumber(entry: Entry): number {
  if (entry.node.kind === 'namespace') return entry.node.id
  let hash = 7
  for (const c of entry.path) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) & 0xfffff
  return 1000 + hash
}

function longRow(context: CommandContext, options: Options, entry: Entry): LongRow {
  const { node } = entry
  const numeric = options.has('n', 'numeric-uid-gid')
  const size = sizeOf(node)
  const target = node.kind === 'symlink' ? ` -> ${node.target}` : ''
  return {
    mode: modeText(node),
    links:
      node.kind === 'directory'
        ? 2 + [...node.entries.values()].filter((one) => one.kind === 'directory').length
        : 1,
    user: numeric ? String(node.uid) : userName(context, node.uid),
    group: numeric ? String(node.gid) : groupName(context, node.gid),
    size:
      node.kind === 'device' ? '1, 3' : options.has('h', 'human-readable') ? humanSize(size) : String(size),
    modifiedMs: node.modifiedMs,
    name: decorated(entry, options) + target,
  }
}

/** In blocks of 1 KiB; computed files and links take none. */
function totalOf(entries: readonly Entry[], options: Options): string {
  let blocks = 0
  for (const { node } of entries) {
    if (
      node.kind === 'directory' &&
      node.modifiedMs > 0 &&
      Object.getOwnPropertyDescriptor(node, 'entries')?.get === undefined
    )
      blocks += 4
    else if (node.kind === 'program') blocks += Math.ceil(node.size / 4096) * 4
    else if (node.kind === 'file' && !('size' in node)) blocks += Math.ceil(node.content.length / 4096) * 4
  }
  return options.has('h', 'human-readable') ? humanSize(blocks * 1024) : String(blocks)
}
