/**
 * `docker cp`: files between a container, running or not, and the caller's own. docker/cli cli/command/container/cp.go,
 * moby daemon/archive.go, pkg/archive/copy.go (20.10). Not modelled: tar streams (`-`).
 */
import { clone } from '../../sim/base/clone.ts'
import type { Result } from '../../sim/base/result.ts'
import type { Container } from '../../sim/docker/container.ts'
import { logContainer } from '../../sim/docker/events.ts'
import { nodeIn, placeNode } from '../../sim/kernel/fs/filesystem.ts'
import { createMountNamespace } from '../../sim/kernel/fs/mount.ts'
import { type Found, resolve } from '../../sim/kernel/fs/resolve.ts'
import { normalizePath } from '../../sim/kernel/fs/tree.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import { notModelled } from '../not-modelled.ts'
import { containerOrError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'

interface Place {
  readonly container: Container | null
  readonly path: string
}

export function copy(call: Call): number {
  const [from = '', to = ''] = call.operands
  if (from === '') throw new Refused('source can not be empty')
  if (to === '') throw new Refused('destination can not be empty')
  const [source, target] = [placeOf(call, from), placeOf(call, to)]
  if (source.container !== null && target.container !== null)
    throw new Refused('copying between containers is not supported')
  if (source.container === null && target.container === null)
    throw new Refused('must specify at least one container source')
  if (source.path === '-' || target.path === '-') return notModelled(call.context, 'docker cp -')
  const reading = viewOf(call, source)
  const writing = viewOf(call, target)
  try {
    copyOver(call, reading, source, writing, target)
    if (source.container !== null) logContainer(call.world, call.engine(), source.container, 'archive-path')
    if (target.container !== null) logContainer(call.world, call.engine(), target.container, 'extract-to-dir')
  } finally {
    for (const view of [reading, writing])
      if (view.borrowed !== null) view.kernel.mountNamespaces.delete(view.borrowed)
  }
  return 0
}

/** `NAME:PATH`; what begins with `/` or `.` is a path of the caller's own. cp.go `splitCpArg` */
function placeOf(call: Call, text: string): Place {
  const colon = text.indexOf(':')
  if (text.startsWith('/') || text.startsWith('.') || colon <= 0) return { container: null, path: text }
  return {
    container: containerOrError(call, text.slice(0, colon)),
    path: text.slice(colon + 1),
  }
}

/** Whose files: the caller's, those of the running container, or a stopped container's layer for the time being. */
interface View {
  readonly kernel: Kernel
  readonly process: Process
  readonly borrowed: number | null
}

function viewOf(call: Call, place: Place): View {
  const { context } = call
  if (place.container === null) return { kernel: context.kernel, process: context.process, borrowed: null }
  const kernel = kernelOfEngine(context, call.engine())
  const look = { ...context.process, root: '/', cwd: '/', uid: 0 }
  if (place.container.state.pid !== 0)
    return { kernel, process: { ...look, mountns: place.container.state.mountns }, borrowed: null }
  const layer = kernel.filesystems.get(place.container.filesystem)
  if (layer === undefined) throw new Refused(`Error: No such container:path: ${place.path}`)
  const { id } = createMountNamespace(kernel, layer)
  return { kernel, process: { ...look, mountns: id }, borrowed: id }
}

function copyOver(call: Call, reading: View, source: Place, writing: View, target: Place): void {
  const found = find(call, reading, source)
  if (!found.ok || found.value.node === undefined) throw missing(source)
  const tree = copied(call, reading, found.value)
  const there = find(call, writing, target)
  const name = normalizePath(source.path).split('/').pop() ?? ''
  const contentOnly = /(^|\/)\.$/.test(source.path)
  if (!there.ok) throw noDirectory(target)
  const { node } = there.value
  if (node?.kind === 'directory') {
    if (contentOnly && tree.kind === 'directory') return merge(there.value, there.value.inner, tree)
    return merge(there.value, `${there.value.inner.replace(/\/$/, '')}/${name}`, tree)
  }
  if (target.path.endsWith('/') && node === undefined && tree.kind !== 'directory') throw noDirectory(target)
  if (node !== undefined && tree.kind === 'directory') throw new Refused('cannot copy directory')
  merge(there.value, there.value.inner, tree)
}

function find(call: Call, view: View, place: Place): Result<Found> {
  const path = place.path === '' ? '/' : place.path.replace(/(.)\/+$/, '$1')
  return resolve(call.world, view.kernel, view.process, path, true)
}

function missing(place: Place): Refused {
  if (place.container !== null)
    return new Refused(`Error: No such container:path: ${place.container.name}:${place.path}`)
  return new Refused(`lstat ${sourcePath(place)}: no such file or directory`)
}

/** The folder of the path, a slash, its last word: two slashes at the top. pkg/archive/copy.go `ResolveHostSourcePath` */
function sourcePath({ path }: Place): string {
  return /^\/[^/]+$/.test(path) ? `/${path}` : path
}

function noDirectory(place: Place): Refused {
  if (place.container === null) {
    const parent = normalizePath(place.path, '/').split('/').slice(0, -1).join('/') || '/'
    return new Refused(`invalid output path: directory "${parent}" does not exist`)
  }
  return new Refused(`Error: No such container:path: ${place.container.name}:${place.path}`)
}

/** The node with all that is below it, as it is seen now. */
function copied(call: Call, view: View, found: Found): Inode {
  const node = nodeIn(call.world, view.kernel, found.filesystem, found.inner, view.process)
  if (node?.kind !== 'directory') return clone(node ?? found.node!)
  const entries = new Map<string, Inode>()
  for (const name of node.entries.keys()) {
    const path = `${found.path === '/' ? '' : found.path}/${name}`
    const child = resolve(call.world, view.kernel, view.process, path, false)
    if (child.ok && child.value.node !== undefined) entries.set(name, copied(call, view, child.value))
  }
  return { ...node, entries }
}

/** Directories are filled, files replaced. */
function merge(at: Found, inner: string, tree: Inode): void {
  if (tree.kind !== 'directory') return placeNode(at.filesystem, inner, tree)
  if (inner !== '/' && !hasDirectory(at, inner))
    placeNode(at.filesystem, inner, { ...tree, entries: new Map() })
  for (const [name, child] of tree.entries) merge(at, `${inner === '/' ? '' : inner}/${name}`, child)
}

function hasDirectory(at: Found, inner: string): boolean {
  return at.inner === inner && at.node?.kind === 'directory'
}
