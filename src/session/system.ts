/** Processes of a world as the shell and the commands see them: fork, run a program, wait, end. */
import { type CommandContext, Interrupted } from '../commands/context.ts'
import type { ShellState } from '../shell/state.ts'
import type { ShellSystem, TaskHandle } from '../shell/system.ts'
import { lookup } from '../sim/kernel/fs/files.ts'
import { commandName } from '../sim/kernel/fs/proc-process.ts'
import type { Kernel } from '../sim/kernel/kernel.ts'
import { exitProcess, type ProcessOverrides, spawnProcess } from '../sim/kernel/task/process.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'
import { createCommandContext } from './command-context.ts'
import { runProgramFile } from './programs.ts'
import type { Scheduler } from './scheduler.ts'

/** Live processes that shells have forked on one machine (`ulimit -u`); more and fork(2) says EAGAIN. */
const MOST_PROCESSES = 256

/** Processor time of a breath: what a busy loop costs in the world's time. */
const BREATH_US = 500

/** What it takes a program to be loaded and begin. */
const EXEC_US = 1000

export interface SystemListener {
  onShellEntered(process: Process, state: ShellState): void
  onShellLeft(process: Process): void
  onPrompt(process: Process, prompt: string): void
  onLine(process: Process, line: string): void
}

export class System implements ShellSystem {
  readonly world: World
  readonly scheduler: Scheduler
  private readonly listener: SystemListener
  private readonly forked = new WeakSet<Process>()

  constructor(world: World, scheduler: Scheduler, listener: SystemListener) {
    this.world = world
    this.scheduler = scheduler
    this.listener = listener
  }

  kernelOf(process: Process): Kernel {
    return this.world.kernels.get(process.host)!
  }

  async until(process: Process, condition: () => boolean, atUs?: number): Promise<void> {
    const isHeld = (): boolean => process.frozen || process.state === 'stopped'
    const isCalled = (): boolean => process.exitStatus !== null || (process.signals.length > 0 && !isHeld())
    await this.scheduler.until(() => isCalled() || (!isHeld() && condition()), atUs)
    if (process.exitStatus !== null) throw new Interrupted(Math.max(1, process.exitStatus - 128))
    if (process.signals.length > 0) throw new Interrupted(process.signals.shift()!)
  }

  async breathe(process: Process): Promise<void> {
    const { turnEventLoop } = await import('./scheduler.ts')
    const end = this.world.nowUs + BREATH_US
    await turnEventLoop()
    await this.until(process, () => this.world.nowUs >= end, end)
  }

  fork(parent: Process, overrides: ProcessOverrides = {}, kernel = this.kernelOf(parent)): Process | null {
    if (this.forkedOn(kernel) >= MOST_PROCESSES) return null
    const process = spawnProcess(this.world, kernel, kernel.host === parent.host ? parent : null, overrides)
    if (process.group === -1) process.group = process.pid
    this.forked.add(process)
    return process
  }

  /** Daemons and the first processes of containers do not count. */
  private forkedOn(kernel: Kernel): number {
    if (kernel.processes.size < MOST_PROCESSES) return 0
    let count = 0
    for (const process of kernel.processes.values()) if (this.forked.has(process)) count++
    return count
  }

  start(process: Process, code: () => Promise<number>): TaskHandle {
    const handle: TaskHandle = { done: false, status: 0 }
    this.scheduler.start(async () => {
      const status = await this.finish(process, code)
      this.kernelOf(process).processes.delete(process.pid)
      handle.status = status
      handle.done = true
    })
    return handle
  }

  /** Runs code as a process and ends the process with its status. */
  async finish(process: Process, code: () => Promise<number>): Promise<number> {
    let status: number
    try {
      status = await code()
    } catch (problem) {
      if (!(problem instanceof Interrupted)) throw problem
      status = 128 + problem.signal
    }
    this.exit(process, status & 255)
    return process.exitStatus ?? status
  }

  exit(process: Process, status: number): void {
    exitProcess(this.world, this.kernelOf(process), process, status)
  }

  async execute(process: Process, path: string, argv: readonly string[]): Promise<number> {
    process.argv = [...argv]
    const end = this.world.nowUs + EXEC_US
    await this.until(process, () => this.world.nowUs >= end, end)
    const node = lookup(this.world, this.kernelOf(process), process, path)
    if (!node.ok) return 127
    return runProgramFile(this, process, path, node.value)
  }

  /** Drives a process that the engine (or a restored session) left in `world.ready`. */
  drive(process: Process): void {
    this.scheduler.start(async () => {
      await this.finish(process, async () => {
        const path = this.findProgram(process, process.argv[0] ?? '')
        return path === null ? 127 : this.execute(process, path, process.argv)
      })
    })
  }

  /** Looks a name up in the PATH of a process. */
  findProgram(process: Process, name: string): string | null {
    const kernel = this.kernelOf(process)
    const usable = (path: string): boolean => {
      const node = lookup(this.world, kernel, process, path)
      return (
        node.ok &&
        (node.value.kind === 'program' || node.value.kind === 'file') &&
        (node.value.mode & 0o111) !== 0
      )
    }
    if (name.includes('/')) return usable(name) ? name : null
    const path = process.env.get('PATH') ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    return (
      path
        .split(':')
        .map((folder) => `${folder || '.'}/${name}`)
        .find(usable) ?? null
    )
  }

  enter(process: Process, state: ShellState): void {
    this.listener.onShellEntered(process, state)
  }

  leave(process: Process): void {
    if (!this.scheduler.isAbandoned) this.listener.onShellLeft(process)
  }

  promptShown(process: Process, prompt: string): void {
    this.listener.onPrompt(process, prompt)
  }

  lineRead(process: Process, line: string): void {
    this.listener.onLine(process, line)
  }

  async runTutor(process: Process, words: readonly string[]): Promise<number> {
    const context = createCommandContext(this, process, words)
    return (await context.tutor?.run(words.slice(1), context)) ?? unknownWord(context, words)
  }

  /** For messages. */
  nameOf(process: Process): string {
    return commandName(process)
  }
}

function unknownWord(context: CommandContext, words: readonly string[]): number {
  const known = context.tutor?.help(context.columns) ?? ''
  context.err(`tutor: '${words[1] ?? ''}' is no word of mine\n${known}`)
  return 2
}
