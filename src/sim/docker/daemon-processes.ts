/** dockerd and containerd as processes of their host, and the socket on which the engine is asked. */
import { file } from '../kernel/fs/tree.ts'
import { exitProcess, reapProcess, spawnProcess } from '../kernel/task/process.ts'
import type { Process } from '../kernel/task/types.ts'
import { dockerdProgram } from '../process/dockerd.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { putOnHost } from './files.ts'
import { kernelOf } from './networks.ts'

const SOCKET = '/var/run/docker.sock'
/** Threads and short helpers (iptables, modprobe) take numbers of the same count until both daemons stand. */
const DAEMON_THREADS = 140

const PID_FILE = '/var/run/docker.pid'

/** `own`: a process that has become the daemon; else the service manager starts one. */
export function spawnDaemons(world: EngineWorld, engine: Engine, own?: Process): void {
  const kernel = kernelOf(world, engine)
  const init = kernel.processes.get(1) ?? null
  const common = { terminal: null, state: 'sleeping' } as const
  const daemon =
    own ??
    spawnProcess(world, kernel, init, {
      ...common,
      argv: ['/usr/sbin/dockerd'],
      program: dockerdProgram(),
      descriptors: new Map(),
    })
  const containerd = spawnProcess(world, kernel, daemon, {
    ...common,
    program: { kind: 'daemon' },
    argv: ['containerd', '--config', '/var/run/docker/containerd/containerd.toml', '--log-level', 'info'],
  })
  kernel.next.pid += DAEMON_THREADS
  engine.daemonPid = daemon.pid
  engine.containerdPid = containerd.pid
  putOnHost(world, engine, PID_FILE, file(String(daemon.pid), 0o644))
  const owner = { mode: 0o660, uid: 0, gid: 0, modifiedMs: world.epochMs + Math.floor(world.nowUs / 1000) }
  putOnHost(world, engine, SOCKET, { kind: 'socket', ...owner })
}

/** Who is killed leaves its file behind. */
const KILLED = 137

/** The service manager holds the socket: it stays, and who connects starts the daemon again. */
export function endDaemons(world: EngineWorld, engine: Engine, status: number): void {
  const kernel = kernelOf(world, engine)
  if (status !== KILLED) putOnHost(world, engine, PID_FILE, null)
  for (const pid of [engine.containerdPid, engine.daemonPid]) {
    const process = kernel.processes.get(pid)
    if (process === undefined) continue
    exitProcess(world, kernel, process, status)
    reapProcess(kernel, pid)
  }
}

export function removeSocket(world: EngineWorld, engine: Engine): void {
  putOnHost(world, engine, SOCKET, null)
}

export function placeSocket(world: EngineWorld, engine: Engine): void {
  const modifiedMs = world.epochMs + Math.floor(world.nowUs / 1000)
  putOnHost(world, engine, SOCKET, { kind: 'socket', mode: 0o660, uid: 0, gid: 0, modifiedMs })
}
