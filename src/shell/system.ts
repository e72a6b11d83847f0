/** What the interpreter asks of the room above it (`session`): processes, waiting, running programs. */
import type { Kernel } from '../sim/kernel/kernel.ts'
import type { ProcessOverrides } from '../sim/kernel/task/process.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'
import type { ShellState } from './state.ts'

export interface TaskHandle {
  done: boolean
  status: number
}

export interface ShellSystem {
  readonly world: World
  kernelOf(process: Process): Kernel
  /** Waits in virtual time. Rejects with `Interrupted` when a signal reaches the process or it has ended. */
  until(process: Process, condition: () => boolean, atUs?: number): Promise<void>
  /** Lets others run; uses a little processor time of the world. */
  breathe(process: Process): Promise<void>
  /** A child, or null when there are too many processes. */
  fork(parent: Process, overrides?: ProcessOverrides): Process | null
  /** Runs code beside what runs already, as this process; it ends with the status the code returns. */
  start(process: Process, code: () => Promise<number>): TaskHandle
  /** Runs the program found at `path` in this process; resolves when it has ended. */
  execute(process: Process, path: string, argv: readonly string[]): Promise<number>
  /** Ends processes by `exec`, traps and the like. */
  exit(process: Process, status: number): void
  /** Remembers an interactive shell (for prompts, snapshots, completion). */
  enter(process: Process, state: ShellState): void
  leave(process: Process): void
  /** A prompt stands and a line is waited for. */
  promptShown(process: Process, prompt: string): void
  /** A line was read at a prompt and is about to be run. */
  lineRead(process: Process, line: string): void
  /** The word that no real host has. */
  runTutor(process: Process, words: readonly string[]): Promise<number>
}
