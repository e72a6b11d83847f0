/** Building blocks of file trees: images of containers and hosts are made of these and then frozen. */
import type {
  DeviceNode,
  DirectoryNode,
  FileNode,
  Inode,
  NamespaceNode,
  ProgramNode,
  SymlinkNode,
} from './types.ts'

/** When the files of an image were made: 2026-11-23 17:00 UTC. */
export const IMAGE_TIME_MS = 1795453200000

const owner = { uid: 0, gid: 0, modifiedMs: IMAGE_TIME_MS }

export function file(content: string | Uint8Array, mode = 0o644): FileNode {
  return { kind: 'file', content, mode, ...owner }
}

export function directory(entries: Readonly<Record<string, Inode>> = {}, mode = 0o755): DirectoryNode {
  return { kind: 'directory', entries: new Map(Object.entries(entries)), mode, ...owner }
}

export function symlink(target: string): SymlinkNode {
  return { kind: 'symlink', target, mode: 0o777, ...owner }
}

export function program(name: string, size = 100_000, mode = 0o755): ProgramNode {
  return { kind: 'program', program: name, size, mode, ...owner }
}

export function device(name: DeviceNode['device']): DeviceNode {
  return { kind: 'device', device: name, mode: 0o666, ...owner }
}

export function namespaceNode(type: NamespaceNode['type'], id: number): NamespaceNode {
  return { kind: 'namespace', type, id, mode: 0o444, ...owner }
}

/** Puts a node at a path of a tree that is being built, making the directories above it. */
export function plant(root: DirectoryNode, path: string, node: Inode): void {
  const parts = splitPath(path)
  const name = parts.pop()
  if (name === undefined) return
  let at = root
  for (const part of parts) {
    let next = at.entries.get(part)
    if (next?.kind !== 'directory') {
      next = directory()
      at.entries.set(part, next)
    }
    at = next
  }
  at.entries.set(name, node)
}

/** A whole tree from `path → node`. */
export function treeOf(files: Readonly<Record<string, Inode>>): DirectoryNode {
  const root = directory()
  for (const [path, node] of Object.entries(files)) plant(root, path, node)
  return root
}

export function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

/** `/a/b/../c` → `/a/c`; relative paths hang below `base`. Symbolic links are not looked at. */
export function normalizePath(path: string, base = '/'): string {
  const parts: string[] = []
  for (const part of splitPath(path.startsWith('/') ? path : `${base}/${path}`)) {
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

export function joinPath(directoryPath: string, name: string): string {
  return directoryPath === '/' ? `/${name}` : `${directoryPath}/${name}`
}
