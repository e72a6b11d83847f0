/** Mounts and mount namespaces. mount_namespaces(7), proc_pid_mountinfo(5) */
import type { Kernel } from '../kernel.ts'
import { joinPath } from './tree.ts'
import type { Filesystem, Mount, MountNamespace } from './types.ts'

/** `filesystem` becomes the root. */
export function createMountNamespace(kernel: Kernel, filesystem: Filesystem): MountNamespace {
  const id = kernel.next.inode++
  const root: Mount = { path: '/', filesystem: filesystem.id, subpath: '/', readOnly: false }
  const namespace: MountNamespace = { id, mounts: [root] }
  kernel.mountNamespaces.set(id, namespace)
  return namespace
}

/** unshare(CLONE_NEWNS): the same mounts from here on apart. */
export function copyMountNamespace(kernel: Kernel, source: MountNamespace): MountNamespace {
  const id = kernel.next.inode++
  const namespace: MountNamespace = { id, mounts: [...source.mounts] }
  kernel.mountNamespaces.set(id, namespace)
  return namespace
}

export function addMount(
  namespace: MountNamespace,
  path: string,
  filesystem: Filesystem,
  options: { subpath?: string; readOnly?: boolean } = {},
): void {
  namespace.mounts.push({
    path,
    filesystem: filesystem.id,
    subpath: options.subpath ?? '/',
    readOnly: options.readOnly ?? false,
  })
}

/** `mount --bind from to` across mount namespaces: what stands at `from` there appears at `to` here, with all below. */
export function bindMount(
  namespace: MountNamespace,
  to: string,
  source: MountNamespace,
  from: string,
  readOnly = false,
): void {
  const { mount, inner } = locate(source, from)
  namespace.mounts.push({ path: to, filesystem: mount.filesystem, subpath: inner, readOnly })
  const below = from === '/' ? '/' : `${from}/`
  for (const one of source.mounts.slice()) {
    if (one.path === '/' || one.path === from || !one.path.startsWith(below)) continue
    if (namespace === source && one.path.startsWith(to)) continue
    namespace.mounts.push({ ...one, path: `${to === '/' ? '' : to}/${one.path.slice(below.length)}` })
  }
}

/** Takes the topmost mount at a path away; false when there is none. */
export function removeMount(namespace: MountNamespace, path: string): boolean {
  const index = namespace.mounts.findLastIndex((mount) => mount.path === path)
  if (index <= 0) return false
  namespace.mounts.splice(index, 1)
  return true
}

/** The mount that covers an absolute path without links, and the path inside its file system. */
export function locate(namespace: MountNamespace, path: string): { mount: Mount; inner: string } {
  let best = namespace.mounts[0]!
  for (const mount of namespace.mounts) {
    const covers = mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`)
    if (covers && mount.path.length >= best.path.length) best = mount
  }
  const rest = best.path === '/' ? path : path.slice(best.path.length)
  const inner =
    best.subpath === '/' ? rest || '/' : rest === '' || rest === '/' ? best.subpath : best.subpath + rest
  return { mount: best, inner }
}

/** Names of mount points directly below a directory that its file system need not have itself. */
export function mountsBelow(namespace: MountNamespace, path: string): string[] {
  return namespace.mounts
    .map((mount) => mount.path)
    .filter(
      (at) =>
        at !== '/' && at.startsWith(joinPath(path, '')) && !at.slice(joinPath(path, '').length).includes('/'),
    )
    .map((at) => at.slice(joinPath(path, '').length))
    .filter((name) => name !== '')
}
