/**
 * Process 1 of a container and the processes of `docker exec`: namespaces, mounts, environment, capabilities, descriptors.
 * moby daemon/oci_linux.go, runc libcontainer/{rootfs,init}_linux.go. Not modelled: user, ipc, cgroup and time namespaces.
 */
import { ok, type Result, refuse } from '../base/result.ts'
import { lookup, readFileAt } from '../kernel/fs/files.ts'
import { createFilesystem } from '../kernel/fs/filesystem.ts'
import { addMount, bindMount, createMountNamespace } from '../kernel/fs/mount.ts'
import { resolve } from '../kernel/fs/resolve.ts'
import type { MountNamespace } from '../kernel/fs/types.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { createPipe } from '../kernel/task/pipe.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import { createTerminal } from '../kernel/task/terminal.ts'
import type { Descriptor, Process } from '../kernel/task/types.ts'
import { dockerInitProgram } from '../process/docker-init.ts'
import { grantedCapabilities } from './capabilities.ts'
import type { Bind, Container } from './container.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { daemonProcess, makeFolders } from './files.ts'
import { kernelOf } from './networks.ts'
import { populateVolume } from './volumes.ts'

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What runs in the namespaces of a container. */
export interface Execution {
  readonly argv: readonly string[]
  readonly env: Map<string, string>
  readonly cwd: string
  readonly uid: number
  readonly gid: number
  readonly capabilities: Set<string>
}

export function containerArgv(container: Container): string[] {
  return [...(container.config.entrypoint ?? []), ...(container.config.command ?? [])]
}

/** PATH, HOSTNAME, TERM with a terminal, what was given, HOME. moby container/env.go, daemon `CreateDaemonEnvironment` */
export function environment(
  container: Container,
  home: string,
  extra: readonly string[],
  tty: boolean,
  linked: readonly string[] = [],
): Map<string, string> {
  const env = new Map([
    ['PATH', DEFAULT_PATH],
    ['HOSTNAME', container.config.hostname],
  ])
  if (tty) env.set('TERM', 'xterm')
  for (const pair of [...linked, ...container.config.env, ...extra]) {
    const equals = pair.indexOf('=')
    if (equals > 0) env.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  if (!env.has('HOME')) env.set('HOME', home)
  return env
}

/** Somebody to look with: in the container's mounts, as root. */
function looker(daemon: Process, mountns: number, cwd: string): Process {
  return { ...daemon, mountns, root: '/', cwd, uid: 0 }
}

interface User {
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/** `root`, `1000`, `nginx:nginx`: looked up in the container's /etc/passwd and /etc/group. runc libcontainer/user */
export function findUser(
  world: EngineWorld,
  kernel: Kernel,
  daemon: Process,
  mountns: number,
  spec: string,
): Result<User> {
  const [name = '', group = ''] = spec.split(':')
  const entry = (file: string, wanted: string): string[] | undefined => {
    const text = readFileAt(world, kernel, looker(daemon, mountns, '/'), file)
    const lines = text.ok ? text.value.split('\n').map((line) => line.split(':')) : []
    return lines.find((fields) => fields[0] === wanted || fields[2] === wanted)
  }
  const wanted = name === '' ? '0' : name
  const user = entry('/etc/passwd', wanted)
  if (user === undefined && !/^\d+$/.test(wanted))
    return refuse('USER', `unable to find user ${name}: no matching entries in passwd file`)
  const known = group === '' ? undefined : entry('/etc/group', group)
  if (group !== '' && known === undefined && !/^\d+$/.test(group))
    return refuse('USER', `unable to find group ${group}: no matching entries in group file`)
  // Who is not in the files is of group 0.
  const gid = group === '' ? Number(user?.[3] ?? 0) : Number(known?.[2] ?? group)
  if (user !== undefined) return ok({ uid: Number(user[2]), gid, home: user[5] || '/' })
  return ok({ uid: Number(wanted), gid, home: wanted === '0' ? '/root' : '/' })
}

/** The program that `execvp` would find, or why not: exit status 127 or 126 and runc's words. */
export function findProgram(
  world: EngineWorld,
  kernel: Kernel,
  daemon: Process,
  mountns: number,
  execution: Pick<Execution, 'argv' | 'env' | 'cwd'>,
): Result<string> {
  const name = execution.argv[0] ?? ''
  const look = looker(daemon, mountns, execution.cwd)
  if (name.includes('/')) {
    const node = lookup(world, kernel, look, name)
    if (!node.ok) return refuse('127', `exec: "${name}": stat ${name}: no such file or directory`)
    return isExecutable(node.value) ? ok(name) : refuse('126', `exec: "${name}": permission denied`)
  }
  for (const folder of (execution.env.get('PATH') ?? '').split(':')) {
    const path = `${folder}/${name}`
    const node = lookup(world, kernel, look, path)
    if (node.ok && isExecutable(node.value)) return ok(path)
  }
  return refuse('127', `exec: "${name}": executable file not found in $PATH`)
}

function isExecutable(node: { readonly kind: string; readonly mode: number }): boolean {
  return (node.kind === 'program' || node.kind === 'file') && (node.mode & 0o111) !== 0
}

/** Root from the image and the container's layer, /proc, /sys, /dev, volumes. */
export function mountContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  netns: number,
  pidns: number,
): MountNamespace {
  const kernel = kernelOf(world, engine)
  const { privileged, readOnly } = container.hostConfig
  const root = kernel.filesystems.get(container.filesystem)!
  const mounts = createMountNamespace(kernel, root)
  if (readOnly) mounts.mounts = mounts.mounts.map((mount) => ({ ...mount, readOnly: true }))
  const proc = createFilesystem(kernel, { type: 'proc', pidns })
  addMount(mounts, '/proc', proc)
  if (!privileged) addMount(mounts, '/proc/sys', proc, { subpath: '/sys', readOnly: true })
  addMount(mounts, '/sys', createFilesystem(kernel, { type: 'sysfs', netns }), { readOnly: !privileged })
  addMount(mounts, '/dev', createFilesystem(kernel, { type: 'devtmpfs' }))
  const memory = (container.hostConfig.mounts ?? []).filter((one) => one.type === 'tmpfs')
  for (const path of [...Object.keys(container.hostConfig.tmpfs), ...memory.map((one) => one.target)])
    addMount(mounts, path, createFilesystem(kernel, { type: 'tmpfs' }))
  shareNetworkFiles(engine, container, mounts)
  const daemon = daemonProcess(world, engine)
  if (daemon !== undefined)
    for (const bind of container.hostConfig.binds) mountBind(world, engine, mounts, daemon, container, bind)
  return mounts
}

/** `--network container:X`: hosts, hostname and resolv.conf are those of X. */
function shareNetworkFiles(engine: Engine, container: Container, mounts: MountNamespace): void {
  const mode = container.hostConfig.networkMode
  const other = mode.startsWith('container:')
    ? engine.containers.get(mode.slice('container:'.length))
    : undefined
  if (other === undefined) return
  for (const path of ['/etc/resolv.conf', '/etc/hostname', '/etc/hosts'])
    mounts.mounts.push({ path, filesystem: other.filesystem, subpath: path, readOnly: false })
}

function mountBind(
  world: EngineWorld,
  engine: Engine,
  mounts: MountNamespace,
  daemon: Process,
  container: Container,
  bind: Bind,
): void {
  const kernel = kernelOf(world, engine)
  const readOnly = bind.mode.split(',').includes('ro')
  const target = realTarget(world, kernel, looker(daemon, mounts.id, '/'), bind.destination)
  if (bind.volume !== null) {
    const filesystem = kernel.filesystems.get(engine.volumes.get(bind.volume)?.filesystem ?? -1)
    populateVolume(world, engine, container, bind, target)
    if (filesystem !== undefined) addMount(mounts, target, filesystem, { readOnly })
    return
  }
  const host = kernel.mountNamespaces.get(daemon.mountns)
  const source = resolve(world, kernel, daemon, bind.source, true)
  if (!source.ok || source.value.node === undefined) makeFolders(world, kernel, daemon, bind.source)
  const path = source.ok ? source.value.path : bind.source
  if (host !== undefined) bindMount(mounts, target, host, path, readOnly)
}

/** Where the destination really is in the container; directories are made as runc makes them. */
function realTarget(world: EngineWorld, kernel: Kernel, look: Process, path: string): string {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/'
  makeFolders(world, kernel, look, parent)
  const found = resolve(world, kernel, look, path, true)
  if (!found.ok) return path
  if (found.value.node === undefined) makeFolders(world, kernel, look, found.value.path)
  return found.value.path
}

/** Descriptors 0 to 2: a terminal, or a pipe for stdin and the log for output. */
function standardStreams(
  kernel: Kernel,
  container: Container,
): {
  readonly terminal: number | null
  readonly map: Map<number, Descriptor>
  readonly stdin: number | null
} {
  if (container.config.tty) {
    const terminal = createTerminal(kernel, 80, 24, container.id).id
    const descriptor: Descriptor = { kind: 'terminal', terminal }
    return { terminal, map: new Map([0, 1, 2].map((fd) => [fd, descriptor])), stdin: null }
  }
  const stdin = container.config.openStdin ? createPipe(kernel).id : null
  const map = new Map<number, Descriptor>([
    [0, stdin === null ? { kind: 'null' } : { kind: 'pipe', pipe: stdin, end: 'read' }],
    [1, { kind: 'log', container: container.id, stream: 'stdout' }],
    [2, { kind: 'log', container: container.id, stream: 'stderr' }],
  ])
  return { terminal: null, map, stdin }
}

export interface Namespaces {
  readonly netns: number
  readonly mountns: number
  readonly utsns: number
  readonly pidns: number
}

/** Threads of the shim and of runc take numbers of the same count before the container's process does. */
const START_THREADS = 26

/** Spawns the shim and process 1; the event loop starts it. */
export function startInit(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  namespaces: Namespaces,
  execution: Execution,
): Process {
  const kernel = kernelOf(world, engine)
  const streams = standardStreams(kernel, container)
  const isInit = container.hostConfig.init
  const shimDescriptors = new Map<number, Descriptor>()
  if (streams.stdin !== null) shimDescriptors.set(3, { kind: 'pipe', pipe: streams.stdin, end: 'write' })
  const shim = spawnProcess(world, kernel, kernel.processes.get(1) ?? null, {
    argv: [
      '/usr/bin/containerd-shim-runc-v2',
      ...[
        '-namespace',
        'moby',
        '-id',
        container.id,
        '-address',
        '/var/run/docker/containerd/containerd.sock',
      ],
    ],
    program: { kind: 'daemon' },
    state: 'sleeping',
    terminal: null,
    descriptors: shimDescriptors,
  })
  kernel.next.pid += START_THREADS
  const process = spawnProcess(world, kernel, shim, {
    ...namespaces,
    argv: isInit ? ['/sbin/docker-init', '--', ...execution.argv] : [...execution.argv],
    env: execution.env,
    cwd: execution.cwd,
    root: '/',
    uid: execution.uid,
    gid: execution.gid,
    capabilities: execution.capabilities,
    descriptors: streams.map,
    terminal: streams.terminal,
    program: isInit ? dockerInitProgram(execution.argv) : { kind: 'command' },
  })
  process.group = process.pid
  const terminal = streams.terminal === null ? undefined : kernel.terminals.get(streams.terminal)
  if (terminal !== undefined) terminal.foreground = process.pid
  container.state.shim = shim.pid
  startProcess(world, process)
  return process
}

export function executionOf(
  container: Container,
  user: User,
  argv: readonly string[],
  options: {
    readonly env?: readonly string[]
    /** What links tell. */
    readonly linked?: readonly string[]
    readonly cwd?: string
    readonly tty: boolean
    readonly privileged?: boolean
  },
): Execution {
  const { privileged, capAdd, capDrop } = container.hostConfig
  const granted = grantedCapabilities(privileged || options.privileged === true, capAdd, capDrop)
  return {
    argv,
    env: environment(container, user.home, options.env ?? [], options.tty, options.linked),
    cwd: options.cwd || container.config.workingDir || '/',
    uid: user.uid,
    gid: user.gid,
    capabilities: user.uid === 0 ? granted : new Set(),
  }
}
