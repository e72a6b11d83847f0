/** What a program of ours is handed when it is run. A short program returns its exit status; one that waits is async. */
import type { Kernel } from '../sim/kernel/kernel.ts'
import type { NetNamespace } from '../sim/kernel/net-namespace.ts'
import type { HostName } from '../sim/kernel/simulation.ts'
import type { Process, Program } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'

export type Command = (context: CommandContext) => number | Promise<number>

export interface CommandContext {
  readonly world: World
  readonly kernel: Kernel
  readonly process: Process
  readonly netns: NetNamespace
  /** `argv[0]` is the name by which the program was called. */
  readonly argv: readonly string[]
  out(text: string): void
  err(text: string): void
  /** Waits while the reader of our stdout has not caught up; between pieces of a long output. */
  flush(): Promise<void>
  readonly columns: number
  readonly rows: number
  readonly outIsTerminal: boolean
  readonly inIsTerminal: boolean
  /** The next line of stdin without its end, or null at the end of input. */
  readLine(): Promise<string | null>
  readAll(): Promise<string>
  /** What there is to read from stdin (or another descriptor), waiting for it; null at the end. */
  readChunk(fd?: number): Promise<string | null>
  /** This process lives on as a program of `sim/process`; resolves with its exit status. */
  become(program: Program): Promise<number>
  /** Waits in virtual time until the condition holds; rejects with `Interrupted` on Ctrl-C. */
  until(condition: () => boolean): Promise<void>
  /** As `until`, but also goes on when the world's clock has come to `atUs`. */
  untilTime(condition: () => boolean, atUs: number): Promise<void>
  sleep(us: number): Promise<void>
  /** Runs another program as a child on the same descriptors; looks `argv[0]` up in PATH. */
  exec(argv: readonly string[], overrides?: ExecOverrides): Promise<number>
  /** execve(2): this process goes on as another program (`nsenter`, `chroot`, `env`); 127 without a word when there is none. */
  replace(argv: readonly string[], overrides?: Omit<ExecOverrides, 'pidns' | 'host'>): Promise<number>
  /** As `exec`, but goes on at once; null when there is no such program. Look with `until`. */
  spawn(argv: readonly string[], overrides?: ExecOverrides): RunningChild | null
  /** Path of the program that `exec` would run, or null. */
  findProgram(name: string, overrides?: ExecOverrides): string | null
  /** Joins the terminal to another process until that ends or is detached (`docker run -it`, `attach`). */
  attach(pid: number, host?: HostName, detachKeys?: string): Promise<number>
  /** The session behind the word `tutor`; null where there is none. */
  readonly tutor: TutorPort | null
}

export interface RunningChild {
  readonly pid: number
  /** null while it runs. */
  readonly status: number | null
}

/** What `tutor WORD …` asks of the session and the course; null: no such word. */
export interface TutorPort {
  run(words: readonly string[], context: CommandContext): Promise<number | null>
  /** `undo   go back to before the last command`, one a line. */
  help(columns: number): string
}

export interface ExecOverrides {
  netns?: number
  mountns?: number
  utsns?: number
  pidns?: number
  root?: string
  cwd?: string
  env?: Map<string, string>
  argv0?: string
  uid?: number
  gid?: number
  /** Without it those of the parent are kept. */
  capabilities?: Set<string>
  /** Stdin is /dev/null (`docker exec` without `-i`). */
  noInput?: boolean
  /** It has no terminal: its output comes through pipes. */
  throughPipes?: boolean
  /** Another machine than the caller's: a docker client beside its engine. */
  host?: HostName
  /** An old docker client passes the terminal's size on after the start: the shell there draws its prompt again. */
  announcesSize?: boolean
}

/** Ctrl-C, or a signal that ends the program: exit status 128 + signal. */
export class Interrupted extends Error {
  readonly signal: number
  constructor(signal = 2) {
    super(`interrupted by signal ${signal}`)
    this.signal = signal
  }
}
