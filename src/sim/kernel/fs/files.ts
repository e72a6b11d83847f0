/** What programs do with files; each call as the process sees its file system. open(2), stat(2), mkdir(2), unlink(2) … */

import { ok, type Result, refuse } from '../../base/result.ts'
import { decodeUtf8 } from '../../base/utf8.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import type { Process } from '../task/types.ts'
import { isComputed } from './computed.ts'
import { placeNode } from './filesystem.ts'
import { mountsBelow } from './mount.ts'
import { type Found, fromRoot, resolve } from './resolve.ts'
import { directory, file, symlink as linkNode } from './tree.ts'
import type { FileNode, Inode } from './types.ts'

/** The node a path leads to, links followed. */
export function lookup(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<Inode> {
  return nodeOf(resolve(sim, kernel, process, path, true))
}

/** As `lookup`, but a link at the end is not followed. */
export function lstat(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<Inode> {
  return nodeOf(resolve(sim, kernel, process, path, false))
}

function nodeOf(found: Result<Found>): Result<Inode> {
  if (!found.ok) return found
  return found.value.node === undefined ? refuse('ENOENT') : ok(found.value.node)
}

export function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : decodeUtf8(content)
}

/** The whole file as text. */
export function readFile(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<string> {
  const node = lookup(sim, kernel, process, path)
  if (!node.ok) return node
  if (!mayAccess(process, node.value, 4)) return refuse('EACCES')
  return readNode(node.value)
}

function readNode(node: Inode): Result<string> {
  switch (node.kind) {
    case 'file':
      if (isComputed(node) && node.readError !== undefined) return refuse(node.readError)
      return ok(textOf(node.content))
    case 'directory':
      return refuse('EISDIR')
    case 'program':
      return ok(`\x7fELF\x02\x01\x01${'\0'.repeat(9)}`)
    case 'device':
      return ok(node.device === 'zero' || node.device === 'random' ? '\0'.repeat(4096) : '')
    case 'namespace':
      return refuse('EINVAL')
    case 'socket':
      return refuse('ENXIO')
    case 'symlink':
      return refuse('ELOOP')
  }
}

/** For descriptors: the path was resolved and allowed at open. */
export function readFileAt(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<string> {
  const node = lookup(sim, kernel, process, path)
  return node.ok ? readNode(node.value) : node
}

/** The bytes or text as stored; for programs that read captures. */
export function readContent(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
): Result<string | Uint8Array> {
  const node = lookup(sim, kernel, process, path)
  if (!node.ok) return node
  return node.value.kind === 'file' ? ok(node.value.content) : readNode(node.value)
}

/** Creates or replaces; in /proc and /sys it is the kernel that answers. */
export function writeFile(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Result<void> {
  const found = resolve(sim, kernel, process, path, true)
  if (!found.ok) return found
  const { node, mount, filesystem, inner } = found.value
  if (node !== undefined) {
    const refused = refusedWrite(process, node)
    if (refused !== null) return refuse(refused)
    if (node.kind === 'device') return node.device === 'full' ? refuse('ENOSPC') : ok(undefined)
    if (node.kind === 'file' && isComputed(node)) return writeComputed(process, mount.readOnly, node, content)
  }
  if (mount.readOnly) return refuse('EROFS')
  if (filesystem.type === 'proc' || filesystem.type === 'sysfs')
    return refuse(node === undefined ? 'ENOENT' : 'EACCES')
  placeNode(filesystem, inner, fileLike(sim, process, node, content, mode))
  return ok(undefined)
}

function writeComputed(
  process: Process,
  readOnly: boolean,
  node: Extract<Inode, { kind: 'file' }>,
  content: string | Uint8Array,
): Result<void> {
  if (readOnly) return refuse('EROFS')
  if (!isComputed(node) || node.write === undefined || process.uid !== 0) return refuse('EACCES')
  return node.write(textOf(content))
}

function refusedWrite(process: Process, node: Inode): string | null {
  if (node.kind === 'directory') return 'EISDIR'
  if (node.kind === 'program') return 'ETXTBSY'
  if (node.kind === 'socket') return 'ENXIO'
  if (node.kind === 'namespace') return 'EPERM'
  return mayAccess(process, node, 2) ? null : 'EACCES'
}

function fileLike(
  sim: Simulation,
  process: Process,
  old: Inode | undefined,
  content: string | Uint8Array,
  mode: number | undefined,
): FileNode {
  const base = old ?? { mode: 0o644, uid: process.uid, gid: groupOf(process) }
  return {
    ...file(content),
    mode: mode ?? base.mode,
    uid: base.uid,
    gid: base.gid,
    modifiedMs: wallMs(sim),
  }
}

export function wallMs(sim: Simulation): number {
  return sim.epochMs + Math.floor(sim.nowUs / 1000)
}

export function appendFile(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  text: string,
): Result<void> {
  const node = lookup(sim, kernel, process, path)
  const isPlain = node.ok && node.value.kind === 'file' && !isComputed(node.value)
  const old = isPlain && node.value.kind === 'file' ? textOf(node.value.content) : ''
  return writeFile(sim, kernel, process, path, old + text)
}

/** Names and nodes, sorted by name as byte strings are; mount points included. */
export function readdir(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
): Result<[string, Inode][]> {
  const found = resolve(sim, kernel, process, path, true)
  if (!found.ok) return found
  const node = found.value.node
  if (node === undefined) return refuse('ENOENT')
  if (node.kind !== 'directory') return refuse('ENOTDIR')
  if (!mayAccess(process, node, 4)) return refuse('EACCES')
  const entries = new Map(node.entries)
  const namespace = kernel.mountNamespaces.get(process.mountns)
  if (namespace !== undefined) {
    for (const name of mountsBelow(namespace, found.value.path))
      if (!entries.has(name)) entries.set(name, directory())
  }
  return ok([...entries].sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)))
}

export function readlink(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<string> {
  const node = lstat(sim, kernel, process, path)
  if (!node.ok) return node
  return node.value.kind === 'symlink' ? ok(node.value.target) : refuse('EINVAL')
}

/** The path without links, as the process names it; the last name need not exist. */
export function realpath(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<string> {
  const found = resolve(sim, kernel, process, path, true)
  return found.ok ? ok(fromRoot(process, found.value.path)) : found
}

function groupOf(process: Process): number {
  return process.gid ?? process.uid
}

/** 4 read, 2 write, 1 execute; root may read and write anything. */
export function mayAccess(process: Process, node: Inode, want: 1 | 2 | 4): boolean {
  if (process.uid === 0) return want !== 1 || node.kind === 'directory' || (node.mode & 0o111) !== 0
  const shift = node.uid === process.uid ? 6 : node.gid === groupOf(process) ? 3 : 0
  return ((node.mode >> shift) & want) !== 0
}

/** A new name: refuses what exists, a missing directory above, and where nothing can be written. */
function create(sim: Simulation, kernel: Kernel, process: Process, path: string, node: Inode): Result<void> {
  const found = resolve(sim, kernel, process, path.replace(/\/+$/, '') || '/', false)
  if (!found.ok) return found
  if (found.value.node !== undefined) return refuse('EEXIST')
  const parent = resolve(sim, kernel, process, parentPath(path), true)
  if (!parent.ok) return parent
  if (parent.value.node?.kind !== 'directory') return refuse('ENOENT')
  const refused = refusedChange(process, found.value, parent.value.node)
  if (refused !== null) return refuse(refused)
  placeNode(found.value.filesystem, found.value.inner, {
    ...node,
    uid: process.uid,
    gid: groupOf(process),
    modifiedMs: wallMs(sim),
  })
  return ok(undefined)
}

function refusedChange(process: Process, found: Found, parent: Inode): string | null {
  if (found.filesystem.type === 'proc') return 'ENOENT'
  if (found.filesystem.type === 'sysfs') return 'EPERM'
  if (found.mount.readOnly) return 'EROFS'
  return mayAccess(process, parent, 2) ? null : 'EACCES'
}

function parentPath(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  const cut = trimmed.lastIndexOf('/')
  return cut === -1 ? '.' : trimmed.slice(0, cut) || '/'
}

export function mkdir(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  mode = 0o755,
): Result<void> {
  return create(sim, kernel, process, path, directory({}, mode))
}

export function symlink(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  target: string,
  path: string,
): Result<void> {
  return create(sim, kernel, process, path, linkNode(target))
}

/** Any other new node (sockets, nsfs files, programs). */
export function mknod(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  node: Inode,
): Result<void> {
  return create(sim, kernel, process, path, node)
}

export function unlink(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<void> {
  return take(sim, kernel, process, path, false)
}

/** Only an empty directory. */
export function rmdir(sim: Simulation, kernel: Kernel, process: Process, path: string): Result<void> {
  const inside = readdir(sim, kernel, process, path)
  if (!inside.ok) return inside
  if (inside.value.length > 0) return refuse('ENOTEMPTY')
  return take(sim, kernel, process, path, true)
}

function take(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  wantsDirectory: boolean,
): Result<void> {
  const found = resolve(sim, kernel, process, path, false)
  if (!found.ok) return found
  const { node, filesystem, inner } = found.value
  if (node === undefined) return refuse('ENOENT')
  if ((node.kind === 'directory') !== wantsDirectory) return refuse(wantsDirectory ? 'ENOTDIR' : 'EISDIR')
  const parent = lookup(sim, kernel, process, parentPath(path))
  const refused = refusedChange(process, found.value, parent.ok ? parent.value : node)
  if (refused !== null) return refuse(refused === 'ENOENT' ? 'EPERM' : refused)
  if (isMountPoint(kernel, process, found.value.path)) return refuse('EBUSY')
  placeNode(filesystem, inner, null)
  return ok(undefined)
}

function isMountPoint(kernel: Kernel, process: Process, path: string): boolean {
  return kernel.mountNamespaces.get(process.mountns)?.mounts.some((mount) => mount.path === path) ?? false
}

/** rename(2): an existing file at the new name is replaced. */
export function rename(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  from: string,
  to: string,
): Result<void> {
  const node = lstat(sim, kernel, process, from)
  if (!node.ok) return node
  const target = resolve(sim, kernel, process, to, false)
  if (!target.ok) return target
  if (target.value.node?.kind === 'directory' && target.value.node.entries.size > 0)
    return refuse('ENOTEMPTY')
  if (target.value.mount.readOnly) return refuse('EROFS')
  const moved = node.value
  const gone = take(sim, kernel, process, from, moved.kind === 'directory')
  if (!gone.ok) return gone
  placeNode(target.value.filesystem, target.value.inner, thawed(moved))
  return ok(undefined)
}

/** A copy that may be changed: image trees are frozen. */
function thawed(node: Inode): Inode {
  if (node.kind !== 'directory') return { ...node }
  const entries = new Map<string, Inode>()
  for (const [name, child] of node.entries) entries.set(name, thawed(child))
  return { ...node, entries }
}

/** chmod(2), chown(2), utimes(2). */
export function changeAttributes(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  change: { mode?: number; uid?: number; gid?: number; modifiedMs?: number },
): Result<void> {
  const found = resolve(sim, kernel, process, path, true)
  if (!found.ok) return found
  const { node, filesystem, inner, mount } = found.value
  if (node === undefined) return refuse('ENOENT')
  if (process.uid !== 0 && node.uid !== process.uid) return refuse('EPERM')
  if (mount.readOnly) return refuse('EROFS')
  if (filesystem.type === 'proc' || filesystem.type === 'sysfs') return refuse('EPERM')
  placeNode(filesystem, inner, { ...thawed(node), ...change } as Inode)
  return ok(undefined)
}
