/** Files: inodes, file systems, mounts. What /proc and /sys hold is computed at each read (`fs/proc.ts`, `fs/sys.ts`). */

export type Inode =
  | FileNode
  | DirectoryNode
  | SymlinkNode
  | DeviceNode
  | ProgramNode
  | SocketNode
  | NamespaceNode

export interface InodeBase {
  mode: number
  uid: number
  gid: number
  /** Milliseconds since 1970 UTC. */
  modifiedMs: number
}
/** Text, or bytes where they are not text. */
export interface FileNode extends InodeBase {
  readonly kind: 'file'
  content: string | Uint8Array
}
export interface DirectoryNode extends InodeBase {
  readonly kind: 'directory'
  entries: Map<string, Inode>
}
export interface SymlinkNode extends InodeBase {
  readonly kind: 'symlink'
  target: string
}
export interface DeviceNode extends InodeBase {
  readonly kind: 'device'
  readonly device: 'null' | 'zero' | 'random' | 'tty' | 'full'
}
/** An executable: `program` names its implementation in `commands` (`iproute2/ip`, `busybox`, `docker`). */
export interface ProgramNode extends InodeBase {
  readonly kind: 'program'
  readonly program: string
  readonly size: number
}
export interface SocketNode extends InodeBase {
  readonly kind: 'socket'
}
/** A file of nsfs: `/proc/PID/ns/net`, or what is bind-mounted at `/run/netns/NAME`, `/run/docker/netns/ID`. */
export interface NamespaceNode extends InodeBase {
  readonly kind: 'namespace'
  readonly type: 'net' | 'mnt' | 'uts' | 'pid'
  readonly id: number
}

/** `lower` is an image's tree: shared, frozen, found by name in the catalogue and not part of a snapshot. */
export interface Filesystem {
  readonly id: number
  readonly type: 'overlay' | 'tmpfs' | 'proc' | 'sysfs' | 'devtmpfs'
  readonly lower: string | null
  /** What differs from `lower`: a tree of its own; a name in `deleted` (full path) hides the lower one. */
  upper: DirectoryNode
  deleted: Set<string>
  /** sysfs shows the network namespace, proc the pid namespace, in which it was mounted. */
  readonly netns: number | null
  readonly pidns: number | null
}

export interface MountNamespace {
  readonly id: number
  mounts: Mount[]
}

export interface Mount {
  /** Absolute path in the namespace, `/` for the root. */
  readonly path: string
  readonly filesystem: number
  /** Path inside the file system that appears there (bind mounts). */
  readonly subpath: string
  readonly readOnly: boolean
}
