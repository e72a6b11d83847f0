/** A world of one machine without a network: enough for shells, files and processes. */
import { openSession, type Session } from '../../src/session/session.ts'
import { createQueue } from '../../src/sim/base/event-queue.ts'
import { createRandom } from '../../src/sim/base/random.ts'
import { busyboxTree } from '../../src/sim/kernel/fs/busybox-tree.ts'
import { registerTree } from '../../src/sim/kernel/fs/catalogue.ts'
import { createFilesystem } from '../../src/sim/kernel/fs/filesystem.ts'
import { addMount, createMountNamespace } from '../../src/sim/kernel/fs/mount.ts'
import { debianTree } from '../../src/sim/kernel/fs/packages.ts'
import type { Kernel } from '../../src/sim/kernel/kernel.ts'
import { createNamespace } from '../../src/sim/kernel/netlink/namespace.ts'
import { spawnProcess } from '../../src/sim/kernel/task/process.ts'
import type { World } from '../../src/sim/world/world.ts'

registerTree('test:debian', () => debianTree(['procps', 'jq']))
registerTree('test:busybox', busyboxTree)

export function smallWorld(tree = 'test:debian'): World {
  const world: World = {
    format: 2,
    name: 'test',
    engineProfile: '20.10',
    seed: 1,
    nowUs: 0,
    epochMs: Date.UTC(2026, 10, 23, 17, 30),
    random: createRandom(1),
    queue: createQueue(),
    kernels: new Map(),
    cables: new Map(),
    engines: new Map(),
    ready: [],
    trace: null,
    services: { word: () => '' },
  }
  const kernel: Kernel = {
    host: 'host1',
    profile: 'test',
    features: {
      linkKinds: new Set(),
      brNetfilter: false,
      fallbackTunnels: false,
      defaultQdisc: 'noqueue',
      release: '6.1.0',
    },
    namespaces: new Map(),
    initialNetns: 100,
    mountNamespaces: new Map(),
    utsNamespaces: new Map([[4, { id: 4, hostname: 'host1' }]]),
    pidNamespaces: new Map([[5, { id: 5, parent: null, next: 2 }]]),
    filesystems: new Map(),
    processes: new Map(),
    pipes: new Map(),
    terminals: new Map(),
    containerLogs: new Map(),
    next: { inode: 100, pid: 1, filesystem: 1, pipe: 1, terminal: 0, socket: 1 },
    log: [],
  }
  world.kernels.set('host1', kernel)
  createNamespace(world, kernel)
  const mounts = createMountNamespace(kernel, createFilesystem(kernel, { type: 'overlay', lower: tree }))
  addMount(mounts, '/proc', createFilesystem(kernel, { type: 'proc', pidns: 5 }))
  addMount(mounts, '/sys', createFilesystem(kernel, { type: 'sysfs', netns: 100 }))
  addMount(mounts, '/dev', createFilesystem(kernel, { type: 'devtmpfs' }))
  addMount(mounts, '/tmp', createFilesystem(kernel, { type: 'tmpfs' }))
  spawnProcess(world, kernel, null, { argv: ['/sbin/init'], state: 'sleeping' })
  return world
}

export function smallSession(
  options: { interactive?: boolean; tree?: string; argv?: string[] } = {},
): Session {
  const { tree, ...rest } = options
  return openSession(smallWorld(tree), { interactive: false, ...rest })
}

export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
}

export async function runScript(script: string, argv: readonly string[] = ['bash', '-c']): Promise<Ran> {
  const session = smallSession()
  const job = session.start('host1', [...argv, script], { terminal: null, cwd: '/tmp' })
  const status = await session.waitFor(job)
  return { stdout: job.stdout, stderr: job.stderr, status }
}
