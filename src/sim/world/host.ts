/** Switches a machine on: kernel, first namespaces, mounts, process 1. What it is stands in its profile. */
import { createFilesystem, placeNode } from '../kernel/fs/filesystem.ts'
import { addMount, createMountNamespace } from '../kernel/fs/mount.ts'
import { directory, file } from '../kernel/fs/tree.ts'
import type { Kernel, KernelFeatures } from '../kernel/kernel.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import { setLinkUp } from '../kernel/netlink/link.ts'
import { createNamespace } from '../kernel/netlink/namespace.ts'
import { spawnProcess } from '../kernel/task/process.ts'
import type { World } from './world.ts'

/** What a machine is: kernel features, its file tree (programs included), its first process. */
export interface HostProfile {
  readonly name: string
  readonly features: KernelFeatures
  /** Name of the tree in the catalogue of file trees. */
  readonly tree: string
  readonly init: readonly string[]
}

/** Inode numbers of namespaces start where a booted Linux has used up its first ones. */
const FIRST_INODE = 4026531834
const FIRST_NETNS_INODE = 4026532008
const SECOND_PID = 2

/** A kernel with one process in one namespace of each kind; files that differ from the tree are written by `files`. */
export function bootHost(
  world: World,
  name: string,
  profile: HostProfile,
  files: Record<string, string>,
): Kernel {
  const kernel: Kernel = {
    host: name,
    profile: profile.name,
    features: profile.features,
    namespaces: new Map(),
    initialNetns: FIRST_NETNS_INODE,
    mountNamespaces: new Map(),
    utsNamespaces: new Map([[FIRST_INODE + 4, { id: FIRST_INODE + 4, hostname: name }]]),
    pidNamespaces: new Map([[FIRST_INODE + 2, { id: FIRST_INODE + 2, parent: null, next: SECOND_PID }]]),
    filesystems: new Map(),
    processes: new Map(),
    pipes: new Map(),
    terminals: new Map(),
    containerLogs: new Map(),
    next: { inode: FIRST_NETNS_INODE, pid: 1, filesystem: 1, pipe: 1, terminal: 0, socket: 20_000 },
    log: [],
  }
  world.kernels.set(name, kernel)
  const netns = createNamespace(world, kernel)
  kernel.next.inode = FIRST_NETNS_INODE + 100
  mountRoot(kernel, profile.tree, { '/etc/hostname': `${name}\n`, ...files })
  spawnProcess(world, kernel, null, {
    argv: [...profile.init],
    capabilities: new Set(ALL_CAPABILITIES),
    env: new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]),
    state: 'sleeping',
  })
  setLinkUp(world, netns, netns.links.get(1)!)
  return kernel
}

export function initialNetns(kernel: Kernel): NetNamespace {
  return kernel.namespaces.get(kernel.initialNetns)!
}

/** capabilities(7), as far as networking and namespaces ask for them. */
export const ALL_CAPABILITIES = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE'],
  ...[
    'NET_BROADCAST',
    'NET_ADMIN',
    'NET_RAW',
    'SYS_MODULE',
    'SYS_CHROOT',
    'SYS_PTRACE',
    'SYS_ADMIN',
    'SYS_BOOT',
  ],
  ...['SYS_NICE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'AUDIT_WRITE', 'SETFCAP', 'SYSLOG'],
]

/** A root from the tree, then what the kernel and the boot scripts mount. */
function mountRoot(kernel: Kernel, tree: string, files: Record<string, string>): void {
  const root = createFilesystem(kernel, { type: 'overlay', lower: tree })
  for (const [path, content] of Object.entries(files)) placeNode(root, path, file(content))
  const namespace = createMountNamespace(kernel, root)
  const [pidns] = kernel.pidNamespaces.keys()
  addMount(namespace, '/proc', createFilesystem(kernel, { type: 'proc', pidns: pidns! }))
  addMount(namespace, '/sys', createFilesystem(kernel, { type: 'sysfs', netns: kernel.initialNetns }))
  addMount(namespace, '/dev', createFilesystem(kernel, { type: 'devtmpfs' }))
  const run = createFilesystem(kernel, { type: 'tmpfs' })
  // The recorded machines have the folder from the start; elsewhere `ip netns add` makes it.
  if (kernel.profile === 'lab') placeNode(run, '/netns', directory())
  addMount(namespace, '/run', run)
  addMount(namespace, '/tmp', createFilesystem(kernel, { type: 'tmpfs' }))
}
