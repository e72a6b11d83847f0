/** What mount(2) and umount(2) do for the programs of both dialects. Not modelled: disks, propagation, quotas. */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import { createFilesystem, placeNode } from '../../sim/kernel/fs/filesystem.ts'
import { addMount, bindMount, removeMount } from '../../sim/kernel/fs/mount.ts'
import { mountLines } from '../../sim/kernel/fs/proc-process.ts'
import { fromRoot, resolve } from '../../sim/kernel/fs/resolve.ts'
import { file } from '../../sim/kernel/fs/tree.ts'
import type { Filesystem, MountNamespace, NamespaceNode } from '../../sim/kernel/fs/types.ts'
import { releaseNamespace } from '../../sim/kernel/netlink/references.ts'
import type { CommandContext } from '../context.ts'

export interface MountEntry {
  readonly source: string
  readonly target: string
  readonly type: string
  readonly options: string
}

/** /proc/self/mounts, as far as a process can see it from its root. */
export function mountEntries(context: CommandContext): MountEntry[] {
  const { kernel, process } = context
  return mountLines(kernel, process).flatMap((line) => {
    const [source = '', target = '', type = '', options = ''] = line.trim().split(' ')
    const isBelow = process.root === '/' || target === process.root || target.startsWith(`${process.root}/`)
    return isBelow ? [{ source, target: fromRoot(process, target), type, options }] : []
  })
}

export interface MountRequest {
  /** `tmpfs`, `proc` …; null: a bind mount. */
  readonly type: string | null
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
}

const TYPES: Readonly<Record<string, Filesystem['type']>> = {
  tmpfs: 'tmpfs',
  proc: 'proc',
  sysfs: 'sysfs',
  devtmpfs: 'devtmpfs',
  ramfs: 'tmpfs',
}

/** ENOENT: no such target; ENODEV: no such type; SOURCE: no such source. */
export function mountAt(context: CommandContext, request: MountRequest): Result<void> {
  const { world, kernel, process } = context
  const mounts = kernel.mountNamespaces.get(process.mountns)
  const target = resolve(world, kernel, process, request.target)
  if (!target.ok || target.value.node === undefined || mounts === undefined) return refuse('ENOENT')
  if (request.type === null) return bind(context, mounts, request, target.value.path)
  const type = TYPES[request.type]
  if (type === undefined) return refuse('ENODEV')
  if (!process.capabilities.has('SYS_ADMIN')) return refuse('EPERM')
  if (target.value.node.kind !== 'directory') return refuse('ENOTDIR')
  const filesystem = createFilesystem(kernel, { type, netns: process.netns, pidns: process.pidns })
  addMount(mounts, target.value.path, filesystem, { readOnly: request.readOnly })
  return ok(undefined)
}

function bind(
  context: CommandContext,
  mounts: MountNamespace,
  request: MountRequest,
  target: string,
): Result<void> {
  const { world, kernel, process } = context
  const source = resolve(world, kernel, process, request.source)
  if (!source.ok || source.value.node === undefined) return refuse('SOURCE')
  if (!process.capabilities.has('SYS_ADMIN')) return refuse('EPERM')
  if (source.value.node.kind === 'namespace') return bindNamespace(context, source.value.node, target)
  bindMount(mounts, target, mounts, source.value.path, request.readOnly)
  return ok(undefined)
}

/** A namespace that is mounted on a file lives on without processes; here the file itself stands for it. */
function bindNamespace(context: CommandContext, node: NamespaceNode, target: string): Result<void> {
  const { world, kernel, process } = context
  const found = resolve(world, kernel, { ...process, root: '/' }, target)
  if (!found.ok) return found
  placeNode(found.value.filesystem, found.value.inner, { ...node })
  return ok(undefined)
}

/** `mount -o remount,ro TARGET` */
export function remount(context: CommandContext, path: string, readOnly: boolean): Result<void> {
  const { world, kernel, process } = context
  const mounts = kernel.mountNamespaces.get(process.mountns)
  const found = resolve(world, kernel, process, path)
  if (!found.ok || mounts === undefined) return refuse('ENOENT')
  const at = mounts.mounts.findLastIndex((mount) => mount.path === found.value.path)
  if (at === -1) return refuse('EINVAL')
  if (!process.capabilities.has('SYS_ADMIN')) return refuse('EPERM')
  mounts.mounts[at] = { ...mounts.mounts[at]!, readOnly }
  return ok(undefined)
}

/** ENOENT: no such path; EINVAL: nothing is mounted there. */
export function unmount(context: CommandContext, path: string, isLazy: boolean): Result<void> {
  const { world, kernel, process } = context
  const mounts = kernel.mountNamespaces.get(process.mountns)
  const found = resolve(world, kernel, process, path)
  if (!found.ok || found.value.node === undefined || mounts === undefined) return refuse('ENOENT')
  if (!process.capabilities.has('SYS_ADMIN')) return refuse('EPERM')
  const { node, filesystem, inner } = found.value
  if (node.kind === 'namespace' && filesystem.type !== 'proc') {
    placeNode(filesystem, inner, file(''))
    if (node.type === 'net') releaseNamespace(world, kernel, node.id)
    return ok(undefined)
  }
  if (!isLazy && isBusy(context, found.value.path)) return refuse('EBUSY')
  return removeMount(mounts, found.value.path) ? ok(undefined) : refuse('EINVAL')
}

/** Somebody's directory, or another mount, is below. */
function isBusy(context: CommandContext, path: string): boolean {
  const { kernel, process } = context
  const mounts = kernel.mountNamespaces.get(process.mountns)?.mounts ?? []
  const tops = mounts.filter((mount) => mount.path === path).length
  if (tops === 0) return false
  if (mounts.some((mount) => mount.path.startsWith(`${path}/`))) return true
  return [...kernel.processes.values()].some((one) => {
    if (one.mountns !== process.mountns || one.exitStatus !== null) return false
    const at = one.root === '/' ? one.cwd : `${one.root}${one.cwd}`
    return at === path || at.startsWith(`${path}/`)
  })
}
