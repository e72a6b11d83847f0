/** chmod, chown, mktemp, truncate. coreutils(1) */
import { errorText } from '../../render/coreutils/strerror.ts'
import { nextUint32 } from '../../sim/base/random.ts'
import {
  changeAttributes,
  lookup,
  mkdir as makeDirectory,
  readContent,
  readdir,
  writeFile,
} from '../../sim/kernel/fs/files.ts'
import { joinPath } from '../../sim/kernel/fs/tree.ts'
import type { CommandContext } from '../context.ts'
import { changedMode, findAccount } from './attributes.ts'
import { plain } from './files.ts'
import { complain, type Flavour, missingOperand, readOptions, type Tool } from './tool.ts'

export const chmod: Tool = (context, flavour) => {
  const args = context.argv.slice(1).filter((word) => !/^-[RvcfRh]+$/.test(word))
  const recursive = context.argv.some((word) => /^-\w*R/.test(word))
  const [spec, ...paths] = args
  if (spec === undefined || paths.length === 0)
    return missingOperand(context, flavour, '[-Rcvf] MODE[,MODE]... FILE...')
  let status = 0
  for (const path of paths) status |= chmodTree(context, flavour, path, spec, recursive)
  return status
}

function chmodTree(
  context: CommandContext,
  flavour: Flavour,
  path: string,
  spec: string,
  recursive: boolean,
): number {
  const { world, kernel, process } = context
  const node = lookup(world, kernel, process, path)
  if (!node.ok)
    return flavour === 'gnu'
      ? plain(context, flavour, 'cannot access', path, node)
      : complain(context, `${path}: ${errorText(node.error.code)}`)
  const mode = changedMode(node.value.mode, spec)
  if (mode === null)
    return complain(context, flavour === 'gnu' ? `invalid mode: ‘${spec}’` : `invalid mode '${spec}'`)
  let status = plain(
    context,
    flavour,
    'changing permissions of',
    path,
    changeAttributes(world, kernel, process, path, { mode }),
  )
  if (!recursive || node.value.kind !== 'directory') return status
  const inside = readdir(world, kernel, process, path)
  if (inside.ok)
    for (const [name] of inside.value) status |= chmodTree(context, flavour, joinPath(path, name), spec, true)
  return status
}

export const chown: Tool = (context, flavour) => {
  const [owner, ...paths] = context.argv.slice(1).filter((word) => !/^-[RvcfhLP]+$/.test(word))
  if (owner === undefined || paths.length === 0)
    return missingOperand(context, flavour, '[-Rh] USER[:[GRP]] FILE...')
  const [user = '', group] = owner.split(/[:.]/)
  const account = /^\d+$/.test(user) ? { uid: Number(user), gid: Number(user) } : findAccount(context, user)
  if (account === null && user !== '')
    return complain(context, flavour === 'gnu' ? `invalid user: ‘${owner}’` : `unknown user ${user}`)
  let status = 0
  for (const path of paths) {
    const change = {
      ...(account === null ? {} : { uid: account.uid }),
      ...(group === undefined ? {} : { gid: Number(group) || (account?.gid ?? 0) }),
    }
    status |= plain(
      context,
      flavour,
      'cannot access',
      path,
      changeAttributes(context.world, context.kernel, context.process, path, change),
    )
  }
  return status
}

export const mktemp: Tool = (context) => {
  const args = context.argv.slice(1)
  const isFolder = args.some((word) => /^-\w*d/.test(word))
  const template = args.find((word) => !word.startsWith('-')) ?? '/tmp/tmp.XXXXXXXXXX'
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const path = template.replace(/X+$/, (run) =>
    Array.from(run, () => letters[nextUint32(context.world.random) % letters.length]).join(''),
  )
  const { world, kernel, process } = context
  const made = isFolder
    ? makeDirectory(world, kernel, process, path, 0o700)
    : writeFile(world, kernel, process, path, '', 0o600)
  if (!made.ok)
    return complain(
      context,
      `failed to create file via template ‘${template}’: ${errorText(made.error.code)}`,
    )
  context.out(`${path}\n`)
  return 0
}

export const truncate: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'cs:', long: { size: 'value' } },
    '[-c] -s SIZE FILE...',
  )
  if (options === null) return 1
  const { world, kernel, process } = context
  const size = Number(options.value('s', 'size') ?? 0)
  let status = 0
  for (const path of options.operands) {
    const old = readContent(world, kernel, process, path)
    const text = old.ok && typeof old.value === 'string' ? old.value : ''
    status |= plain(
      context,
      flavour,
      'cannot open',
      path,
      writeFile(world, kernel, process, path, text.slice(0, size).padEnd(size, '\0')),
    )
  }
  return status
}
