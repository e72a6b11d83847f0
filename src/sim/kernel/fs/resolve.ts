/** From a path to its node, link by link. path_resolution(7) */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import type { Process } from '../task/types.ts'
import { isMagic } from './computed.ts'
import { nodeIn } from './filesystem.ts'
import { locate } from './mount.ts'
import { joinPath, normalizePath, splitPath } from './tree.ts'
import type { Filesystem, Inode, Mount } from './types.ts'

/** Where a path led: `path` is absolute in the mount namespace, `inner` in the file system. */
export interface Found {
  readonly path: string
  readonly inner: string
  readonly mount: Mount
  readonly filesystem: Filesystem
  /** undefined: the directory above exists, the name in it does not. */
  readonly node: Inode | undefined
}

const MOST_LINKS = 40

/** `follow`: whether a link at the very end is followed. */
export function resolve(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  follow = true,
): Result<Found> {
  if (path === '') return refuse('ENOENT')
  const root = process.root === '/' ? '' : process.root
  let todo = splitPath(path.startsWith('/') ? path : joinPath(process.cwd, path))
  let at = root
  let links = 0
  let found = step(sim, kernel, process, at || '/', todo.length > 0)
  if (found === null) return refuse('ENOENT')
  while (todo.length > 0) {
    const [name, ...rest] = todo as [string, ...string[]]
    todo = rest
    if (found.node === undefined) return refuse('ENOENT')
    if (found.node.kind !== 'directory') return refuse('ENOTDIR')
    at = name === '..' ? parentOf(at, root) : `${at}/${name}`
    found = step(sim, kernel, process, at || '/', todo.length > 0)
    if (found === null) return refuse('ENOENT')
    const node: Inode | undefined = found.node
    if (node?.kind !== 'symlink' || (todo.length === 0 && !follow)) continue
    if (isMagic(node) && node.leadsTo !== null) {
      found = { ...found, node: node.leadsTo }
      continue
    }
    if (++links > MOST_LINKS) return refuse('ELOOP')
    todo = [...splitPath(node.target), ...todo]
    at = node.target.startsWith('/') ? root : parentOf(at, root)
    found = step(sim, kernel, process, at || '/', todo.length > 0)
    if (found === null) return refuse('ENOENT')
  }
  if (path.endsWith('/') && found.node !== undefined && found.node.kind !== 'directory')
    return refuse('ENOTDIR')
  return ok(found)
}

function parentOf(path: string, root: string): string {
  if (path === root || path === '') return root
  return path.slice(0, path.lastIndexOf('/'))
}

function step(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  isOnTheWay: boolean,
): Found | null {
  const namespace = kernel.mountNamespaces.get(process.mountns)
  if (namespace === undefined) return null
  const { mount, inner } = locate(namespace, path)
  const filesystem = kernel.filesystems.get(mount.filesystem)
  if (filesystem === undefined) return null
  const node = nodeIn(sim, kernel, filesystem, inner, process, isOnTheWay)
  return { path: normalizePath(path), inner: normalizePath(inner), mount, filesystem, node }
}

/** A path in the mount namespace as the process names it (below its root). */
export function fromRoot(process: Process, path: string): string {
  if (process.root === '/') return path
  if (path === process.root) return '/'
  return path.startsWith(`${process.root}/`) ? path.slice(process.root.length) : path
}
