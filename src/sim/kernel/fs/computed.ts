/**
 * Nodes whose content is asked for at each look: /proc and /sys. They are never stored in a world.
 */
import type { Result } from '../../base/result.ts'
import type { DirectoryNode, FileNode, Inode, SymlinkNode } from './types.ts'

export interface ComputedFile extends FileNode {
  /** What a write does; without it the file is read-only. */
  readonly write?: (text: string) => Result<void>
  /** Shown by `ls -l`: sysfs says 4096, proc 0. */
  readonly size: number
  /** Reading fails (`carrier` of a device that is down). */
  readonly readError?: string
}

/** A link that leads to a node that has no path (`/proc/PID/ns/net`). */
export interface MagicLink extends SymlinkNode {
  readonly leadsTo: Inode | null
}

const owner = { uid: 0, gid: 0 }

export function computedFile(
  read: () => string,
  options: {
    write?: ((text: string) => Result<void>) | undefined
    size?: number
    mode?: number
    atMs?: number
  } = {},
): ComputedFile {
  return {
    kind: 'file',
    mode: options.mode ?? (options.write === undefined ? 0o444 : 0o644),
    ...owner,
    modifiedMs: options.atMs ?? 0,
    get content() {
      return read()
    },
    size: options.size ?? 0,
    ...(options.write === undefined ? {} : { write: options.write }),
  }
}

export function computedDirectory(list: () => Map<string, Inode>, atMs = 0, mode = 0o555): DirectoryNode {
  return {
    kind: 'directory',
    mode,
    ...owner,
    modifiedMs: atMs,
    get entries() {
      return list()
    },
  }
}

export function computedLink(target: string, atMs = 0): SymlinkNode {
  return { kind: 'symlink', target, mode: 0o777, ...owner, modifiedMs: atMs }
}

export function magicLink(target: string, leadsTo: Inode | null, atMs = 0): MagicLink {
  return { ...computedLink(target, atMs), leadsTo }
}

export function isComputed(node: Inode): node is ComputedFile {
  return node.kind === 'file' && 'size' in node
}

export function isMagic(node: Inode): node is MagicLink {
  return node.kind === 'symlink' && 'leadsTo' in node
}
