/**
 * `docker save`, `export`, `load`, `import` and `build`: what is wrong with the order. docker/cli cli/command/{image,container}.
 * Not modelled: archives and builds themselves.
 */
import { findContainer } from '../../sim/docker/create-container.ts'
import { findImage } from '../../sim/docker/images.ts'
import { lookup } from '../../sim/kernel/fs/files.ts'
import { normalizePath } from '../../sim/kernel/fs/tree.ts'
import { notModelled } from '../not-modelled.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'

function checkOutput(call: Call): void {
  const path = call.flags.text('output')
  if (path === '' && call.context.outIsTerminal)
    throw new Refused('cowardly refusing to save to a terminal. Use the -o flag or redirect')
}

const isThere = ({ context }: Call, path: string): boolean =>
  lookup(context.world, context.kernel, context.process, path).ok

export function save(call: Call): number {
  checkOutput(call)
  const unknown = call.operands.find((name) => findImage(call.engine(), name) === undefined)
  if (unknown !== undefined) throw new Refused(daemonError('reference does not exist'))
  return notModelled(call.context, call.path)
}

export function exportContainer(call: Call): number {
  checkOutput(call)
  const found = findContainer(call.engine(), call.operands[0] ?? '')
  if (!found.ok) throw new Refused(daemonError(found.error.detail))
  return notModelled(call.context, call.path)
}

export function load(call: Call): number {
  const path = call.flags.text('input')
  if (path === '' && call.context.inIsTerminal)
    throw new Refused('requested load from stdin, but stdin is empty')
  if (path !== '' && !isThere(call, path)) throw new Refused(`open ${path}: no such file or directory`)
  return notModelled(call.context, call.path)
}

export function importImage(call: Call): number {
  const [source = ''] = call.operands
  if (source !== '-' && !/^https?:\/\//.test(source) && !isThere(call, source))
    throw new Refused(`open ${source}: no such file or directory`)
  return notModelled(call.context, call.path)
}

/** The folder and the file in it are looked for before anything is built. build/context.go `GetContextFromLocalDir` */
export function build(call: Call): number {
  const { context } = call
  const [path = ''] = call.operands
  if (path === '-' || /^(?:https?|git):\/\//.test(path)) return notModelled(context, call.path)
  const unable = 'unable to prepare context: '
  if (!isThere(call, path)) throw new Refused(`${unable}path ${JSON.stringify(path)} not found`)
  const file = call.flags.text('file')
  const recipe =
    file === ''
      ? normalizePath(`${normalizePath(path, context.process.cwd)}/Dockerfile`)
      : normalizePath(file, context.process.cwd)
  if (file !== '-' && !isThere(call, recipe))
    throw new Refused(
      `${unable}unable to evaluate symlinks in Dockerfile path: lstat ${recipe}: no such file or directory`,
    )
  return notModelled(context, call.path)
}
