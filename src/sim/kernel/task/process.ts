/** Making and ending processes. fork(2), exit(2), pid_namespaces(7), kernel/exit.c */
import { enqueue } from '../../base/event-queue.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { closeDescriptor, retainDescriptor } from './descriptor.ts'
import type { PidNamespace, Process } from './types.ts'

export type ProcessOverrides = Partial<Omit<Process, 'pid' | 'host' | 'pids'>>

/**
 * A child of `parent`, with copies of what it inherits; without a parent, the first process of a kernel. With another
 * `pidns` the process is a member of that namespace and of all above it. Descriptors are shared with the parent
 * unless given.
 */
export function spawnProcess(
  sim: Simulation,
  kernel: Kernel,
  parent: Process | null,
  overrides: ProcessOverrides = {},
): Process {
  const pidns = overrides.pidns ?? parent?.pidns ?? firstKey(kernel.pidNamespaces)
  const pids = allocatePids(kernel, pidns)
  const pid = pids.get(firstKey(kernel.pidNamespaces)) ?? kernel.next.pid++
  const process: Process = {
    pid,
    ppid: parent?.pid ?? 0,
    host: kernel.host,
    pids,
    argv: parent === null ? [] : [...parent.argv],
    env: new Map(parent?.env),
    cwd: parent?.cwd ?? '/',
    root: parent?.root ?? '/',
    netns: parent?.netns ?? kernel.initialNetns,
    mountns: parent?.mountns ?? firstKey(kernel.mountNamespaces),
    utsns: parent?.utsns ?? firstKey(kernel.utsNamespaces),
    pidns,
    uid: parent?.uid ?? 0,
    capabilities: new Set(parent?.capabilities),
    descriptors: new Map(overrides.descriptors ?? parent?.descriptors),
    terminal: parent?.terminal ?? null,
    group: parent?.group ?? pid,
    handlers: new Set(),
    ignored: new Set(parent?.ignored),
    startedUs: sim.nowUs,
    state: 'running',
    frozen: false,
    exitStatus: null,
    program: null,
    signals: [],
    nextTimer: 1,
  }
  if (parent?.gid !== undefined && overrides.uid === undefined) process.gid = parent.gid
  const { descriptors: _given, ...rest } = overrides
  Object.assign(process, rest)
  for (const descriptor of process.descriptors.values()) retainDescriptor(kernel, descriptor)
  kernel.processes.set(pid, process)
  return process
}

function firstKey(map: ReadonlyMap<number, unknown>): number {
  for (const key of map.keys()) return key
  return 0
}

function allocatePids(kernel: Kernel, pidns: number): Map<number, number> {
  const chain: PidNamespace[] = []
  for (let id: number | null = pidns; id !== null; ) {
    const namespace = kernel.pidNamespaces.get(id)
    if (namespace === undefined) break
    chain.unshift(namespace)
    id = namespace.parent
  }
  const pids = new Map<number, number>()
  for (const namespace of chain) pids.set(namespace.id, nextPid(kernel, namespace))
  return pids
}

/** The number of the outermost namespace is the kernel's own count. */
function nextPid(kernel: Kernel, namespace: PidNamespace): number {
  return namespace.parent === null ? kernel.next.pid++ : namespace.next++
}

/** Queues the start of a process: its program's first step, or the session's runner. */
export function startProcess(sim: Simulation, process: Process): void {
  const event = { kind: 'wake', host: process.host, pid: process.pid, cause: { kind: 'start' } } as const
  enqueue(sim.queue, sim.nowUs, event)
}

/** Ends a process: it becomes a zombie until it is reaped; the 'exited' event tells engine and parent. */
export function exitProcess(sim: Simulation, kernel: Kernel, process: Process, status: number): void {
  if (process.exitStatus !== null) return
  process.exitStatus = status
  process.state = 'zombie'
  process.program = null
  for (const fd of [...process.descriptors.keys()]) closeDescriptor(sim, kernel, process, fd)
  adoptChildren(kernel, process)
  enqueue(sim.queue, sim.nowUs, { kind: 'exited', host: kernel.host, pid: process.pid, status })
  tellParent(sim, kernel, process.ppid)
  if (isInit(process)) endNamespace(sim, kernel, process)
}

const SIGCHLD = 17

/** Programs that look after children of their own. */
function tellParent(sim: Simulation, kernel: Kernel, ppid: number): void {
  const parent = kernel.processes.get(ppid)
  if (parent?.program == null || parent.program.kind === 'command' || !parent.handlers.has(SIGCHLD)) return
  const cause = { kind: 'signal', signal: SIGCHLD } as const
  enqueue(sim.queue, sim.nowUs, { kind: 'wake', host: kernel.host, pid: ppid, cause })
}

/** pid 1 of its pid namespace: signals without a handler do not reach it, and its end ends the namespace. */
export function isInit(process: Process): boolean {
  return process.pids.get(process.pidns) === 1
}

function adoptChildren(kernel: Kernel, process: Process): void {
  const init = [...kernel.processes.values()].find((one) => one.pidns === process.pidns && isInit(one))
  const parent = init === undefined || init === process ? 1 : init.pid
  for (const child of kernel.processes.values()) {
    if (child.ppid !== process.pid) continue
    child.ppid = parent
    if (child.state === 'zombie') kernel.processes.delete(child.pid)
  }
}

function endNamespace(sim: Simulation, kernel: Kernel, init: Process): void {
  for (const process of [...kernel.processes.values()]) {
    if (process !== init && process.pids.has(init.pidns)) {
      exitProcess(sim, kernel, process, 137)
      kernel.processes.delete(process.pid)
    }
  }
}

/** wait(2): takes a zombie out of the table; null while it lives. */
export function reapProcess(kernel: Kernel, pid: number): number | null {
  const process = kernel.processes.get(pid)
  if (process === undefined) return 0
  if (process.exitStatus === null) return null
  kernel.processes.delete(pid)
  return process.exitStatus
}

/** After an 'exited' event: what nobody waits for (parent gone, or init) leaves the table. */
export function reapOrphan(kernel: Kernel, pid: number): void {
  const process = kernel.processes.get(pid)
  if (process === undefined || process.exitStatus === null) return
  const parent = kernel.processes.get(process.ppid)
  if (parent === undefined || parent.pid === 1 || isInit(parent)) kernel.processes.delete(pid)
}

/** The process with this number as `viewer` sees it (its pid namespace). */
export function findProcess(kernel: Kernel, pidns: number, number: number): Process | undefined {
  for (const process of kernel.processes.values()) {
    if (process.pids.get(pidns) === number) return process
  }
  return undefined
}

/** Processes that `pidns` can see, by their number there. */
export function visibleProcesses(kernel: Kernel, pidns: number): { number: number; process: Process }[] {
  const result: { number: number; process: Process }[] = []
  for (const process of kernel.processes.values()) {
    const number = process.pids.get(pidns)
    if (number !== undefined) result.push({ number, process })
  }
  return result.sort((x, y) => x.number - y.number)
}
