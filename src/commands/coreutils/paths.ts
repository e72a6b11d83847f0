/** basename, dirname, pwd, readlink, realpath, stat. coreutils(1) */

import { errorText } from '../../render/coreutils/strerror.ts'
import { formatTime } from '../../render/coreutils/strftime.ts'
import { lookup, lstat, readlink as readLink, realpath as realPath } from '../../sim/kernel/fs/files.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import type { CommandContext } from '../context.ts'
import { groupName, modeText, sizeOf, userName } from './attributes.ts'
import { complain, missingOperand, readOptions, type Tool } from './tool.ts'

export const basename: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'as:z', long: { multiple: 'flag', suffix: 'value' } },
    'FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...',
  )
  if (options === null) return 1
  if (options.operands.length === 0)
    return missingOperand(context, flavour, 'FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...')
  const several = options.has('a', 's', 'multiple', 'suffix')
  const suffix = options.value('s', 'suffix') ?? (several ? '' : (options.operands[1] ?? ''))
  for (const path of several ? options.operands : options.operands.slice(0, 1)) {
    const trimmed = path.replace(/\/+$/, '') || '/'
    const name = trimmed === '/' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
    context.out(
      `${suffix !== '' && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name}\n`,
    )
  }
  return 0
}

export const dirname: Tool = (context, flavour) => {
  const paths = context.argv.slice(1)
  if (paths.length === 0) return missingOperand(context, flavour, 'FILENAME')
  for (const path of paths) {
    const trimmed = path.replace(/\/+$/, '')
    const cut = trimmed.lastIndexOf('/')
    context.out(
      `${cut === -1 ? (trimmed === '' ? '/' : '.') : trimmed.slice(0, cut).replace(/\/+$/, '') || '/'}\n`,
    )
  }
  return 0
}

export const pwd: Tool = (context) => {
  context.out(`${context.process.cwd}\n`)
  return 0
}

export const readlink: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'fenmqsvz', long: { canonicalize: 'flag', 'no-newline': 'flag' } },
    '[-fnv] FILE',
  )
  if (options === null) return 1
  if (options.operands.length === 0) return missingOperand(context, flavour, '[-fnv] FILE')
  const { world, kernel, process } = context
  const follows = options.has('f', 'e', 'm', 'canonicalize')
  let status = 0
  for (const path of options.operands) {
    const result = follows ? realPath(world, kernel, process, path) : readLink(world, kernel, process, path)
    if (result.ok) context.out(`${result.value}${options.has('n', 'no-newline') ? '' : '\n'}`)
    else status = 1
  }
  return status
}

export const realpath: Tool = (context, flavour) => {
  const options = readOptions(context, flavour, { short: 'emsqLPz', long: {} }, 'FILE...')
  if (options === null) return 1
  if (options.operands.length === 0) return missingOperand(context, flavour, 'FILE...')
  let status = 0
  for (const path of options.operands) {
    const result = realPath(context.world, context.kernel, context.process, path)
    if (result.ok) context.out(`${result.value}\n`)
    else status = complain(context, `${path}: ${errorText(result.error.code)}`)
  }
  return status
}

const KINDS: Readonly<Record<Inode['kind'], string>> = {
  file: 'regular file',
  program: 'regular file',
  directory: 'directory',
  symlink: 'symbolic link',
  device: 'character special file',
  socket: 'socket',
  namespace: 'regular empty file',
}

export const stat: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'c:Lft', long: { format: 'value', printf: 'value', dereference: 'flag' } },
    '[-ltf] FILE...',
  )
  if (options === null) return 1
  if (options.operands.length === 0) return missingOperand(context, flavour, '[-ltf] FILE...')
  const { world, kernel, process } = context
  let status = 0
  for (const path of options.operands) {
    const node = (options.has('L', 'dereference') ? lookup : lstat)(world, kernel, process, path)
    if (!node.ok) {
      status = complain(
        context,
        flavour === 'gnu'
          ? `cannot statx '${path}': ${errorText(node.error.code)}`
          : `can't stat '${path}': ${errorText(node.error.code)}`,
      )
      continue
    }
    const format = options.value('c', 'format', 'printf')
    if (format === undefined) context.out(wholeStat(context, path, node.value))
    else context.out(formatStat(context, format, path, node.value) + (options.has('printf') ? '' : '\n'))
  }
  return status
}

function formatStat(context: CommandContext, format: string, path: string, node: Inode): string {
  const fields: Readonly<Record<string, string>> = {
    n: path,
    N: node.kind === 'symlink' ? `'${path}' -> '${node.target}'` : `'${path}'`,
    s: String(sizeOf(node)),
    a: node.mode.toString(8),
    A: modeText(node),
    u: String(node.uid),
    g: String(node.gid),
    U: userName(context, node.uid),
    G: groupName(context, node.gid),
    F: KINDS[node.kind],
    i: String(node.kind === 'namespace' ? node.id : 1000 + path.length),
    h: '1',
    y: formatTime('%Y-%m-%d %H:%M:%S.%N %z', node.modifiedMs),
    Y: String(Math.floor(node.modifiedMs / 1000)),
    '%': '%',
  }
  return format
    .replace(/%([A-Za-z%])/g, (whole, letter: string) => fields[letter] ?? whole)
    .replaceAll('\\n', '\n')
}

function wholeStat(context: CommandContext, path: string, node: Inode): string {
  const time = formatTime('%Y-%m-%d %H:%M:%S.%N %z', node.modifiedMs)
  const size = sizeOf(node)
  const mode = `(${node.mode.toString(8).padStart(4, '0')}/${modeText(node)})`
  const name = node.kind === 'symlink' ? `${path} -> ${node.target}` : path
  const uid = `Uid: (${String(node.uid).padStart(5)}/${userName(context, node.uid).padStart(8)})`
  const gid = `Gid: (${String(node.gid).padStart(5)}/${groupName(context, node.gid).padStart(8)})`
  return [
    `  File: ${name}`,
    `  Size: ${String(size).padEnd(10)}\tBlocks: ${String(Math.ceil(size / 512)).padEnd(10)} IO Block: 4096   ${KINDS[node.kind]}`,
    `Device: 0,50\tInode: ${String(1000 + path.length).padEnd(11)} Links: 1`,
    `Access: ${mode}  ${uid}   ${gid}`,
    `Access: ${time}`,
    `Modify: ${time}`,
    `Change: ${time}`,
    ' Birth: -',
    '',
  ].join('\n')
}
