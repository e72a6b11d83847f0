/** A command starts another program: same descriptors, other namespaces where it says so. */
import type { ExecOverrides, RunningChild } from '../commands/context.ts'
import type { TaskHandle } from '../shell/system.ts'
import { createPipe } from '../sim/kernel/task/pipe.ts'
import type { ProcessOverrides } from '../sim/kernel/task/process.ts'
import { signalProcess } from '../sim/kernel/task/signal.ts'
import { createTerminal } from '../sim/kernel/task/terminal.ts'
import type { Descriptor, Process } from '../sim/kernel/task/types.ts'
import { joinStreams } from './attach.ts'
import { noteChain } from './chains.ts'
import { overridden } from './command-context.ts'
import type { System } from './system.ts'

/** 127 without a word when there is no such program: who asks words it (`findProgram`). */
export async function execChild(
  system: System,
  parent: Process,
  argv: readonly string[],
  overrides: ExecOverrides = {},
): Promise<number> {
  if (overrides.host !== undefined && overrides.host !== parent.host)
    return execElsewhere(system, parent, argv, overrides)
  if (overrides.throughPipes === true) return execThroughPipes(system, parent, argv, overrides)
  const started = startChild(system, parent, argv, overrides)
  if (started === null) return 127
  const { child, handle } = started
  const forget = noteChain(system.world, parent, child)
  if (overrides.announcesSize === true) announceSize(system, child)
  const restore = ignoreKeys(parent)
  try {
    await system.scheduler.until(() => handle.done)
  } finally {
    forget()
    restore()
  }
  return handle.status
}

/** SIGINT, SIGQUIT and SIGTSTP are the child's affair: the real tools become it (execve) or stand by. */
function ignoreKeys(parent: Process): () => void {
  const before = new Set(parent.ignored)
  for (const signal of [2, 3, 20]) parent.ignored.add(signal)
  return () => {
    parent.ignored = before
  }
}

function startChild(
  system: System,
  parent: Process,
  argv: readonly string[],
  overrides: ExecOverrides,
): { child: Process; handle: TaskHandle } | null {
  const path = system.findProgram(overridden(parent, overrides), argv[0] ?? '')
  if (path === null) return null
  const descriptors = new Map(parent.descriptors)
  if (overrides.noInput) descriptors.set(0, { kind: 'null' })
  const child = system.fork(parent, { ...processOverrides(argv, overrides), descriptors })
  return child === null
    ? null
    : { child, handle: system.start(child, () => system.execute(child, path, argv)) }
}

export function spawnChild(
  system: System,
  parent: Process,
  argv: readonly string[],
  overrides: ExecOverrides = {},
): RunningChild | null {
  const started = startChild(system, parent, argv, overrides)
  if (started === null) return null
  const { child, handle } = started
  return {
    pid: child.pid,
    get status() {
      return handle.done ? handle.status : null
    },
  }
}

/** The process becomes the program; what it had caught is caught no more. */
export async function replaceProgram(
  system: System,
  process: Process,
  argv: readonly string[],
  overrides: Omit<ExecOverrides, 'pidns' | 'host'> = {},
): Promise<number> {
  const path = system.findProgram(overridden(process, overrides), argv[0] ?? '')
  if (path === null) return 127
  const { argv: _argv, ...changes } = processOverrides(argv, overrides)
  Object.assign(process, changes)
  process.handlers.clear()
  return system.execute(process, path, [overrides.argv0 ?? argv[0]!, ...argv.slice(1)])
}

function processOverrides(argv: readonly string[], overrides: ExecOverrides): ProcessOverrides {
  const {
    argv0: _argv0,
    host: _host,
    announcesSize: _size,
    noInput: _input,
    throughPipes: _pipes,
    ...rest
  } = overrides
  return { ...rest, argv: [...argv] }
}

/** An old docker client tells the terminal's size when the program runs already: SIGWINCH. */
export function announceSize(system: System, child: Process): void {
  if (system.world.engineProfile !== '20.10') return
  const at = system.world.nowUs + 5000
  system.scheduler.start(async () => {
    await system.scheduler.until(() => system.world.nowUs >= at, at)
    if (child.exitStatus === null) signalProcess(system.world, system.kernelOf(child), child.pid, 28)
  })
}

/** A program without a terminal: what it prints comes through pipes, as from `docker exec` without `-t`. */
async function execThroughPipes(
  system: System,
  parent: Process,
  argv: readonly string[],
  overrides: ExecOverrides,
): Promise<number> {
  const path = system.findProgram(overridden(parent, overrides), argv[0] ?? '')
  if (path === null) return 127
  const kernel = system.kernelOf(parent)
  const output = (): Descriptor => ({ kind: 'pipe', pipe: createPipe(kernel).id, end: 'write' })
  const streams = new Map<number, Descriptor>([
    [1, output()],
    [2, output()],
  ])
  const input: Descriptor = overrides.noInput
    ? { kind: 'null' }
    : (parent.descriptors.get(0) ?? { kind: 'null' })
  const child = system.fork(parent, {
    ...processOverrides(argv, overrides),
    descriptors: new Map([[0, input], ...streams]),
    terminal: null,
  })
  if (child === null) return 126
  const join = joinStreams(system, parent, child, streams)
  const handle = system.start(child, () => system.execute(child, path, argv))
  await join(() => handle.done)
  return handle.status
}

/** On another machine (a docker client beside its engine): streams of its own there, joined to ours. */
async function execElsewhere(
  system: System,
  parent: Process,
  argv: readonly string[],
  overrides: ExecOverrides,
): Promise<number> {
  const kernel = system.world.kernels.get(overrides.host!)
  const ours = parent.descriptors.get(0)
  if (kernel === undefined) return 126
  const terminal =
    parent.terminal === null ? undefined : system.kernelOf(parent).terminals.get(parent.terminal)
  const isTerminal =
    overrides.throughPipes !== true &&
    ours?.kind === 'terminal' &&
    parent.descriptors.get(1)?.kind === 'terminal'
  const there = isTerminal ? createTerminal(kernel, terminal?.columns ?? 80, terminal?.rows ?? 24).id : null
  const descriptors = new Map<number, Descriptor>()
  for (const fd of [0, 1, 2]) {
    if (there !== null) descriptors.set(fd, { kind: 'terminal', terminal: there })
    else
      descriptors.set(
        fd,
        fd === 0 && overrides.noInput
          ? { kind: 'null' }
          : { kind: 'pipe', pipe: createPipe(kernel).id, end: fd === 0 ? 'read' : 'write' },
      )
  }
  const init = kernel.processes.get(1) ?? null
  const child = system.fork(
    init ?? parent,
    { ...processOverrides(argv, overrides), descriptors, terminal: there, group: -1 },
    kernel,
  )
  const path = child === null ? null : system.findProgram(child, argv[0] ?? '')
  if (child === null || path === null) return 127
  if (there !== null) kernel.terminals.get(there)!.foreground = child.group
  const streams = joinStreams(system, parent, child, descriptors)
  const handle = system.start(child, () => system.execute(child, path, argv))
  if (overrides.announcesSize === true) announceSize(system, child)
  const forget = noteChain(system.world, parent, child)
  try {
    await streams(() => handle.done)
  } finally {
    forget()
  }
  if (there !== null) kernel.terminals.delete(there)
  return handle.status
}
