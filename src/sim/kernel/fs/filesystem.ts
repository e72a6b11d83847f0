/** One file system: an overlay (upper over a frozen lower tree), a tmpfs, or a computed one. overlayfs(5) */
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { treeByName } from './catalogue.ts'
import { procRoot } from './proc.ts'
import { sysRoot } from './sys.ts'
import { device, directory, splitPath, symlink } from './tree.ts'
import type { DirectoryNode, Filesystem, Inode } from './types.ts'

export function createFilesystem(
  kernel: Kernel,
  spec: { type: Filesystem['type']; lower?: string | null; netns?: number | null; pidns?: number | null },
): Filesystem {
  const filesystem: Filesystem = {
    id: kernel.next.filesystem++,
    type: spec.type,
    lower: spec.lower ?? null,
    upper: spec.type === 'devtmpfs' ? deviceFiles() : directory(),
    deleted: new Set(),
    netns: spec.netns ?? null,
    pidns: spec.pidns ?? null,
  }
  kernel.filesystems.set(filesystem.id, filesystem)
  return filesystem
}

/** What udev and the container runtime put into /dev (runtime-spec, "Default Devices"). */
function deviceFiles(): DirectoryNode {
  return directory({
    fd: symlink('/proc/self/fd'),
    full: device('full'),
    null: device('null'),
    pts: directory(),
    random: device('random'),
    shm: directory({}, 0o1777),
    stderr: symlink('/proc/self/fd/2'),
    stdin: symlink('/proc/self/fd/0'),
    stdout: symlink('/proc/self/fd/1'),
    tty: device('tty'),
    urandom: device('random'),
    zero: device('zero'),
  })
}

/** Who looks: /proc/self is the looker's own. */
export interface Viewer {
  readonly pid: number
  readonly netns: number
}

/** The node at a path inside a file system, or undefined. Links are not followed. `isOnTheWay`: what is in it does not matter. */
export function nodeIn(
  sim: Simulation,
  kernel: Kernel,
  filesystem: Filesystem,
  path: string,
  viewer: Viewer,
  isOnTheWay = false,
): Inode | undefined {
  const parts = splitPath(path)
  if (filesystem.type === 'proc') return walk(procRoot(sim, kernel, filesystem, viewer), parts)
  if (filesystem.type === 'sysfs') return walk(sysRoot(sim, kernel, filesystem), parts)
  const upper = walk(filesystem.upper, parts)
  if (isOnTheWay && upper !== undefined) return upper
  const lower = lowerNode(filesystem, parts)
  if (upper === undefined) return lower
  if (upper.kind !== 'directory' || lower?.kind !== 'directory') return upper
  return merged(filesystem, upper, lower, parts)
}

function walk(root: Inode, parts: readonly string[]): Inode | undefined {
  let at: Inode | undefined = root
  for (const part of parts) {
    if (at?.kind !== 'directory') return undefined
    at = at.entries.get(part)
  }
  return at
}

function lowerNode(filesystem: Filesystem, parts: readonly string[]): Inode | undefined {
  if (filesystem.lower === null) return undefined
  if (filesystem.deleted.size > 0) {
    for (let n = 1; n <= parts.length; n++) {
      if (filesystem.deleted.has(`/${parts.slice(0, n).join('/')}`)) return undefined
    }
  }
  const node = walk(treeByName(filesystem.lower), parts)
  return node?.kind === 'directory' && filesystem.deleted.size > 0 ? without(filesystem, node, parts) : node
}

/** A lower directory with what was deleted left out. */
function without(filesystem: Filesystem, node: DirectoryNode, parts: readonly string[]): DirectoryNode {
  const prefix = parts.length === 0 ? '' : `/${parts.join('/')}`
  const entries = new Map<string, Inode>()
  for (const [name, child] of node.entries)
    if (!filesystem.deleted.has(`${prefix}/${name}`)) entries.set(name, child)
  return { ...node, entries }
}

function merged(
  filesystem: Filesystem,
  upper: DirectoryNode,
  lower: DirectoryNode,
  parts: readonly string[],
): DirectoryNode {
  const entries = new Map(without(filesystem, lower, parts).entries)
  for (const [name, child] of upper.entries) entries.set(name, child)
  return { ...upper, entries }
}

/** The upper directory at a path, made (copied up) as needed. */
export function upperDirectory(filesystem: Filesystem, parts: readonly string[]): DirectoryNode {
  let at = filesystem.upper
  parts.forEach((part, index) => {
    let next = at.entries.get(part)
    if (next?.kind !== 'directory') {
      const lower = lowerNode(filesystem, parts.slice(0, index + 1))
      next = directory({}, lower?.mode ?? 0o755)
      if (lower !== undefined)
        Object.assign(next, { uid: lower.uid, gid: lower.gid, modifiedMs: lower.modifiedMs })
      at.entries.set(part, next)
    }
    at = next
  })
  return at
}

/** Puts a node in place (null: takes it away), in the upper tree. */
export function placeNode(filesystem: Filesystem, path: string, node: Inode | null): void {
  const parts = splitPath(path)
  const name = parts.pop()
  if (name === undefined) return
  const parent = upperDirectory(filesystem, parts)
  const hidesLower = lowerNode(filesystem, [...parts, name]) !== undefined
  if (node === null) parent.entries.delete(name)
  else parent.entries.set(name, node)
  if (hidesLower && (node === null || node.kind === 'directory'))
    filesystem.deleted.add(normal([...parts, name]))
}

function normal(parts: readonly string[]): string {
  return `/${parts.join('/')}`
}
