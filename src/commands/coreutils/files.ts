/** mkdir, rmdir, rm, cp, mv, ln, touch, chmod, chown, truncate, mktemp. coreutils(1) */
import { errorText } from '../../render/coreutils/strerror.ts'
import type { Result } from '../../sim/base/result.ts'
import {
  changeAttributes,
  lookup,
  lstat,
  mkdir as makeDirectory,
  mknod,
  readContent,
  readdir,
  rmdir as removeDirectory,
  rename,
  symlink,
  unlink,
  wallMs,
  writeFile,
} from '../../sim/kernel/fs/files.ts'
import { joinPath, splitPath } from '../../sim/kernel/fs/tree.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import type { CommandContext } from '../context.ts'
import { changedMode } from './attributes.ts'
import { complain, type Flavour, missingOperand, readOptions, type Tool } from './tool.ts'

function report(
  context: CommandContext,
  flavour: Flavour,
  what: string,
  path: string,
  result: Result<unknown>,
): number {
  if (result.ok) return 0
  const quoted = flavour === 'gnu' ? `${what} ‘${path}’` : `${busyboxVerb(what)} '${path}'`
  return complain(context, `${quoted}: ${errorText(result.error.code)}`)
}

function busyboxVerb(what: string): string {
  return what.replace(/^cannot /, "can't ").replace("can't create directory", "can't create directory")
}

/** GNU quotes with '…' in most tools, with ‘…’ in a few. */
export function plain(
  context: CommandContext,
  flavour: Flavour,
  what: string,
  path: string,
  result: Result<unknown>,
): number {
  if (result.ok) return 0
  return complain(
    context,
    `${flavour === 'gnu' ? what : busyboxVerb(what)} '${path}': ${errorText(result.error.code)}`,
  )
}

export const mkdir: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'pm:v', long: { parents: 'flag', mode: 'value', verbose: 'flag' } },
    '[-m MODE] [-p] DIRECTORY...',
  )
  if (options === null) return 1
  if (options.operands.length === 0) return missingOperand(context, flavour, '[-m MODE] [-p] DIRECTORY...')
  const { world, kernel, process } = context
  const mode = changedMode(0o755, options.value('m', 'mode') ?? '755') ?? 0o755
  let status = 0
  for (const path of options.operands) {
    const result = options.has('p', 'parents')
      ? makeParents(context, path, mode)
      : makeDirectory(world, kernel, process, path, mode)
    status |= report(context, flavour, 'cannot create directory', path, result)
  }
  return status
}

function makeParents(context: CommandContext, path: string, mode: number): Result<void> {
  const { world, kernel, process } = context
  let at = path.startsWith('/') ? '/' : ''
  let result: Result<void> = { ok: true, value: undefined }
  for (const part of splitPath(path)) {
    at = at === '' ? part : joinPath(at, part)
    const node = lookup(world, kernel, process, at)
    if (node.ok && node.value.kind === 'directory') continue
    result = makeDirectory(world, kernel, process, at, mode)
    if (!result.ok) return result
  }
  return result
}

export const rmdir: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'pv', long: { parents: 'flag' } },
    '[-p] DIRECTORY...',
  )
  if (options === null) return 1
  if (options.operands.length === 0) return missingOperand(context, flavour, '[-p] DIRECTORY...')
  let status = 0
  for (const path of options.operands) {
    const result = removeDirectory(context.world, context.kernel, context.process, path)
    if (!result.ok) {
      const text = flavour === 'gnu' ? `failed to remove '${path}'` : `'${path}'`
      status = complain(context, `${text}: ${errorText(result.error.code)}`)
    }
  }
  return status
}

export const rm: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'rRfivd', long: { recursive: 'flag', force: 'flag', verbose: 'flag', dir: 'flag' } },
    '[-irf] FILE...',
  )
  if (options === null) return 1
  const force = options.has('f', 'force')
  if (options.operands.length === 0) return force ? 0 : missingOperand(context, flavour, '[-irf] FILE...')
  let status = 0
  for (const path of options.operands) {
    const node = lstat(context.world, context.kernel, context.process, path)
    if (!node.ok) {
      if (!force) status = plain(context, flavour, 'cannot remove', path, node)
    } else if (node.value.kind === 'directory' && !options.has('r', 'R', 'recursive')) {
      status = complain(
        context,
        flavour === 'gnu' ? `cannot remove '${path}': Is a directory` : `'${path}' is a directory`,
      )
    } else status |= removeTree(context, flavour, path, node.value)
  }
  return status
}

function removeTree(context: CommandContext, flavour: Flavour, path: string, node: Inode): number {
  const { world, kernel, process } = context
  if (node.kind !== 'directory')
    return plain(context, flavour, 'cannot remove', path, unlink(world, kernel, process, path))
  let status = 0
  const inside = readdir(world, kernel, process, path)
  if (inside.ok)
    for (const [name, child] of inside.value)
      status |= removeTree(context, flavour, joinPath(path, name), child)
  return status !== 0
    ? status
    : plain(context, flavour, 'cannot remove', path, removeDirectory(world, kernel, process, path))
}

/** Operands of cp, mv, ln: where each source goes. */
function targets(
  context: CommandContext,
  operands: readonly string[],
): { from: string; to: string }[] | null {
  const to = operands.at(-1)!
  const node = lookup(context.world, context.kernel, context.process, to)
  const intoFolder = node.ok && node.value.kind === 'directory'
  if (!intoFolder && operands.length > 2) {
    complain(context, `target '${to}' is not a directory`)
    return null
  }
  return operands
    .slice(0, -1)
    .map((from) => ({ from, to: intoFolder ? joinPath(to, splitPath(from).at(-1) ?? '') : to }))
}

function twoOperands(context: CommandContext, flavour: Flavour, operands: readonly string[]): boolean {
  if (operands.length >= 2) return true
  if (operands.length === 0) complain(context, 'missing file operand')
  else complain(context, `missing destination file operand after '${operands[0]}'`)
  if (flavour === 'gnu') context.err(`Try '${context.argv[0]} --help' for more information.\n`)
  return false
}

export const cp: Tool = (context, flavour) => {
  const long = {
    recursive: 'flag',
    archive: 'flag',
    force: 'flag',
    verbose: 'flag',
    preserve: 'optional',
    'no-clobber': 'flag',
  } as const
  const options = readOptions(
    context,
    flavour,
    { short: 'rRafvpindLP', long },
    '[-arPLHpfinlsTu] SOURCE DEST',
  )
  if (options === null || !twoOperands(context, flavour, options.operands)) return 1
  const pairs = targets(context, options.operands)
  if (pairs === null) return 1
  const deep = options.has('r', 'R', 'a', 'recursive', 'archive')
  let status = 0
  for (const { from, to } of pairs) status |= copyTree(context, flavour, from, to, deep)
  return status
}

function copyTree(
  context: CommandContext,
  flavour: Flavour,
  from: string,
  to: string,
  deep: boolean,
): number {
  const { world, kernel, process } = context
  const node = (deep ? lstat : lookup)(world, kernel, process, from)
  if (!node.ok) return plain(context, flavour, 'cannot stat', from, node)
  if (node.value.kind === 'symlink')
    return plain(
      context,
      flavour,
      'cannot create symbolic link',
      to,
      symlink(world, kernel, process, node.value.target, to),
    )
  if (node.value.kind !== 'directory') return copyFile(context, flavour, node.value, from, to)
  if (!deep)
    return complain(
      context,
      flavour === 'gnu' ? `-r not specified; omitting directory '${from}'` : `omitting directory '${from}'`,
    )
  const there = lookup(world, kernel, process, to)
  if (!there.ok) {
    const made = makeDirectory(world, kernel, process, to, node.value.mode)
    if (!made.ok) return plain(context, flavour, 'cannot create directory', to, made)
  }
  const inside = readdir(world, kernel, process, from)
  let status = 0
  if (inside.ok)
    for (const [name] of inside.value)
      status |= copyTree(context, flavour, joinPath(from, name), joinPath(to, name), deep)
  return status
}

function copyFile(context: CommandContext, flavour: Flavour, node: Inode, from: string, to: string): number {
  const { world, kernel, process } = context
  if (node.kind === 'program') {
    unlink(world, kernel, process, to)
    return plain(
      context,
      flavour,
      'cannot create regular file',
      to,
      mknod(world, kernel, process, to, { ...node }),
    )
  }
  const content = readContent(world, kernel, process, from)
  if (!content.ok) return plain(context, flavour, 'cannot open', from, content)
  const isNew = !lookup(world, kernel, process, to).ok
  return plain(
    context,
    flavour,
    'cannot create regular file',
    to,
    writeFile(world, kernel, process, to, content.value, isNew ? node.mode : undefined),
  )
}

export const mv: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'finvT', long: { force: 'flag', verbose: 'flag', 'no-clobber': 'flag' } },
    '[-finT] SOURCE DEST',
  )
  if (options === null || !twoOperands(context, flavour, options.operands)) return 1
  let status = 0
  for (const { from, to } of targets(context, options.operands) ?? []) {
    const exists = lstat(context.world, context.kernel, context.process, from)
    if (!exists.ok)
      status |= plain(context, flavour, flavour === 'gnu' ? 'cannot stat' : "can't rename", from, exists)
    else
      status |= plain(
        context,
        flavour,
        'cannot move',
        from,
        rename(context.world, context.kernel, context.process, from, to),
      )
  }
  return status
}

export const ln: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'sfnTvr', long: { symbolic: 'flag', force: 'flag', 'no-dereference': 'flag', verbose: 'flag' } },
    '[-sfnbtv] [-S SUF] TARGET... LINK|DIR',
  )
  if (options === null) return 1
  const { world, kernel, process } = context
  if (options.operands.length === 0)
    return missingOperand(context, flavour, '[-sfnbtv] [-S SUF] TARGET... LINK|DIR')
  const operands = options.operands.length === 1 ? [...options.operands, '.'] : options.operands
  let status = 0
  for (const { from, to } of targets(context, operands) ?? []) {
    if (options.has('f', 'force')) unlink(world, kernel, process, to)
    if (options.has('s', 'symbolic'))
      status |= linkReport(context, flavour, 'symbolic link', to, symlink(world, kernel, process, from, to))
    else {
      const node = lookup(world, kernel, process, from)
      if (!node.ok) status |= plain(context, flavour, 'failed to access', from, node)
      else
        status |= linkReport(
          context,
          flavour,
          'hard link',
          to,
          mknod(world, kernel, process, to, { ...node.value }),
        )
    }
  }
  return status
}

function linkReport(
  context: CommandContext,
  flavour: Flavour,
  kind: string,
  to: string,
  result: Result<void>,
): number {
  if (result.ok) return 0
  return complain(
    context,
    flavour === 'gnu'
      ? `failed to create ${kind} '${to}': ${errorText(result.error.code)}`
      : `${to}: ${errorText(result.error.code)}`,
  )
}

export const touch: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'camd:t:r:h', long: { 'no-create': 'flag', date: 'value', reference: 'value' } },
    '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...',
  )
  if (options === null) return 1
  if (options.operands.length === 0)
    return missingOperand(context, flavour, '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...')
  const { world, kernel, process } = context
  let status = 0
  for (const path of options.operands) {
    const node = lookup(world, kernel, process, path)
    if (!node.ok && options.has('c', 'no-create')) continue
    const result = node.ok
      ? changeAttributes(world, kernel, process, path, { modifiedMs: wallMs(world) })
      : writeFile(world, kernel, process, path, '')
    if (!result.ok) {
      const text = flavour === 'gnu' ? `cannot touch '${path}'` : path
      status = complain(context, `${text}: ${errorText(result.error.code)}`)
    }
  }
  return status
}
