/**
 * One learner at one world: shells on a terminal, clock, journal, undo, saving. Headless, virtual time jumps; a screen
 * calls `advance` in step with its clock.
 */
import type { CommandContext, TutorPort } from '../commands/context.ts'
import type { Completion } from '../shell/editor/complete.ts'
import { resumeShell } from '../shell/main.ts'
import { copyState } from '../shell/state.ts'
import type { HostName, Services } from '../sim/kernel/simulation.ts'
import { typeTerminal } from '../sim/kernel/task/terminal.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { Trace } from '../sim/kernel/trace.ts'
import { cloneWorld } from '../sim/world/snapshot.ts'
import type { World } from '../sim/world/world.ts'
import { chainsOf, hasArrived, isRemote, joinedTerminals, terminalKey } from './chains.ts'
import { SessionClock } from './clock.ts'
import { completeLine } from './completion.ts'
import { Job, type JobOptions, startJob } from './job.ts'
import { defaultHost, type OpenShell, type SessionOptions } from './options.ts'
import { reviveCommands, takeUpChain } from './revive.ts'
import { Scheduler } from './scheduler.ts'
import { seatAt } from './seat.ts'
import {
  deserializeSnapshot,
  type JournalEntry,
  type Snapshot,
  serializeSnapshot,
  takeSnapshot,
} from './snapshot.ts'
import { System } from './system.ts'
import { MOST_SNAPSHOTS, TimeLine } from './time-line.ts'
import { setTutor } from './tutor.ts'
import { helpText, runTutor } from './tutor-words.ts'

export type { OpenShell, SessionOptions } from './options.ts'

/** Headless, a line that does not end by itself is interrupted after this. */
const LONGEST_LINE_US = 600_000_000

export class Session extends SessionClock {
  world: World
  scheduler: Scheduler
  system: System
  /** Words of `tutor` that the course knows: `hint`, `check`, `why`, `walk`, `map` … */
  readonly tutorWords = new Map<
    string,
    (words: readonly string[], context: CommandContext) => Promise<number> | number
  >()
  readonly tutorHelp: string[] = []
  journal: JournalEntry[] = []
  private readonly open = new Map<Process, OpenShell>()
  private readonly engineDriven = new WeakSet<Process>()
  private readonly jobs = new Set<Job>()
  private main: Job | null = null
  private readonly timeLine = new TimeLine()
  private mustRevive = false
  private listeners: ((text: string) => void)[] = []

  constructor(world: World) {
    super()
    this.world = world
    this.scheduler = new Scheduler(world)
    this.system = this.connect()
  }

  private connect(): System {
    const system = new System(this.world, this.scheduler, {
      onShellEntered: (process, state) => this.open.set(process, { process, state, prompt: null }),
      onShellLeft: (process) => this.open.delete(process),
      onPrompt: (process, prompt) => this.setPrompt(process, prompt),
      onLine: (process, line) => this.lineRead(process, line),
    })
    this.scheduler.onReady = () => this.driveReady()
    this.scheduler.onSettled = () => this.takeOutput()
    setTutor(this.world, this.tutorPort())
    return system
  }

  /** Whether the learner's screen keeps up: what it has not taken waits in the terminal, which keeps the end of it. */
  mayShow: () => boolean = () => true

  private takeOutput(): boolean {
    const taken = [...this.jobs].filter((job) => (job !== this.main || this.mayShow()) && job.take())
    for (const job of this.jobs) if (job.status !== null && job !== this.main) this.jobs.delete(job)
    return taken.length > 0
  }

  /** A line that was typed while a program ran is read without ever having been handed in: it counts as any other. */
  private lineRead(process: Process, line: string): void {
    const isOwn = this.shells.some((shell) => shell.process === process && shell.prompt !== null)
    if (isOwn && this.timeLine.hasBegun && this.isFarAhead(process)) this.note(line)
    else if (isOwn) this.remember(line)
    this.setPrompt(process, null)
  }

  /** So much was pasted that undo will not come back as far as this line: it needs no snapshot. */
  private isFarAhead(process: Process): boolean {
    const terminal = this.system.kernelOf(process).terminals.get(process.terminal ?? -1)
    const input = terminal?.input ?? ''
    let at = -1
    for (let lines = 0; lines <= MOST_SNAPSHOTS; lines++) {
      at = input.indexOf('\n', at + 1)
      if (at === -1) return false
    }
    return true
  }

  private setPrompt(process: Process, prompt: string | null): void {
    const shell = this.open.get(process)
    if (shell !== undefined) shell.prompt = prompt
  }

  private driveReady(): void {
    for (const { host, pid } of this.world.ready.splice(0)) {
      const process = this.world.kernels.get(host)?.processes.get(pid)
      if (process === undefined || process.exitStatus !== null) continue
      this.engineDriven.add(process)
      this.system.drive(process)
    }
  }

  /** Opens the learner's shell. */
  openShell(options: SessionOptions = {}): void {
    const host = options.host ?? defaultHost(this.world)
    const terminal = { columns: options.columns ?? 80, rows: options.rows ?? 24 }
    const kernel = this.world.kernels.get(host)
    if (kernel === undefined) throw new RangeError(`no host '${host}' in this world`)
    const { argv, cwd, env } = seatAt(kernel)
    this.main = this.start(host, options.argv ?? argv, { terminal, cwd, env })
    this.main.onOutput = (text) => this.emit(text)
  }

  start(host: HostName, argv: readonly string[], options: JobOptions): Job {
    const job = startJob(this, host, argv, options)
    this.jobs.add(job)
    return job
  }

  /** `bash -c LINE` (the host's own shell) as root in its home. */
  startLine(host: HostName, line: string, terminal: JobOptions['terminal']): Job {
    const { argv, cwd, env } = seatAt(this.world.kernels.get(host)!)
    return this.start(host, [argv[0] ?? 'sh', '-c', line], { terminal, cwd, env })
  }

  onOutput(listener: (text: string) => void): () => void {
    this.listeners.push(listener)
    return () => {
      this.listeners = this.listeners.filter((one) => one !== listener)
    }
  }

  private emit(text: string): void {
    for (const listener of this.listeners) listener(text)
  }

  /** Shells on the learner's terminal, the innermost last. */
  get shells(): OpenShell[] {
    const from = this.main === null ? null : terminalKey(this.main.host, this.main.terminal)
    const terminals = from === null ? new Set<string>() : joinedTerminals(this.world, from)
    return [...this.open.values()].filter(({ process }) =>
      terminals.has(terminalKey(process.host, process.terminal)),
    )
  }

  private processOf(host: HostName, pid: number): Process | undefined {
    return this.world.kernels.get(host)?.processes.get(pid)
  }

  /** The shell that waits for a line, or null. */
  get current(): OpenShell | null {
    const innermost = this.shells.findLast((shell) => shell.prompt !== null)
    if (innermost === undefined) return null
    const { host, terminal } = innermost.process
    return hasArrived(this.world, host, terminal) ? innermost : null
  }

  get isAtPrompt(): boolean {
    return this.current !== null
  }

  get hasEnded(): boolean {
    return this.main !== null && this.main.status !== null
  }

  prompt(): string {
    return this.current?.prompt ?? ''
  }

  /** Waits until a prompt stands (or the last shell has ended). */
  async waitForPrompt(limitUs = LONGEST_LINE_US): Promise<boolean> {
    // After a jump a prompt stands at once; what was cut short begins anew only when time goes on.
    if (await this.untilPrompt(0)) return true
    this.revive()
    return this.untilPrompt(limitUs)
  }

  private untilPrompt(limitUs: number): Promise<boolean> {
    return this.go(() => this.isAtPrompt || this.hasEnded, limitUs)
  }

  /** Without echo the line goes straight to the terminal of the shell that waits: whoever passes it on would show it. */
  private typeLine(text: string, echo: boolean): void {
    const process = this.current?.process
    if (echo || process === undefined || process.terminal === null) this.main?.type(text, echo)
    else if (isRemote(this.world, process.host, process.terminal)) {
      // It goes over the network and is shown already.
      this.system.kernelOf(process).terminals.get(process.terminal)!.unechoed = text.length
      this.main?.type(text, false)
    } else typeTerminal(this.world, this.system.kernelOf(process), process.terminal, text, false)
  }

  /** Hands a line to the shell that waits for one. `echo`: the terminal shows it, as if typed. */
  submit(line: string, echo = true): void {
    this.remember(line)
    if (!this.timeLine.isTravelling) this.revive()
    this.typeLine(`${line}\n`, echo)
    const shell = this.current
    if (shell !== null) shell.prompt = null
  }

  private remember(line: string): void {
    const now = this.snapshot()
    if (now !== null && this.timeLine.remember(now, line)) this.note(line)
  }

  private note(line: string): void {
    this.journal.push({ atUs: this.world.nowUs, prompt: this.prompt(), line })
  }

  /** What Tab offers for a line at the prompt that stands. */
  complete(line: string, cursor: number): Completion {
    const shell = this.current
    if (shell === null) return { start: cursor, candidates: [] }
    const { process, state } = shell
    const kernel = this.system.kernelOf(process)
    const tutorWords = ['help', 'redo', 'reset', 'undo', ...this.tutorWords.keys()]
    return completeLine({ world: this.world, kernel, process, state, tutorWords }, line, cursor)
  }

  /** Runs a line to its end on the learner's shell; its exit status. */
  async run(line: string): Promise<number> {
    if (!this.isAtPrompt) await this.waitForPrompt()
    const shell = this.current
    this.submit(line)
    if (!(await this.untilPrompt(LONGEST_LINE_US))) {
      this.interrupt()
      await this.waitForPrompt(10_000_000)
    }
    this.main?.take()
    return this.hasEnded ? (this.main?.status ?? 0) : ((this.current ?? shell)?.state.status ?? 0)
  }

  type(text: string, echo = true): void {
    this.main?.type(text, echo)
  }
  interrupt(): void {
    this.main?.interrupt()
  }
  resize(columns: number, rows: number): void {
    this.main?.resize(columns, rows)
  }

  /** What the learner's terminal has shown so far. */
  output(): string {
    return this.main?.output() ?? ''
  }

  /** What undo comes back to and what is saved; null while no prompt stands. */
  snapshot(): Snapshot | null {
    if (this.main === null || !this.isAtPrompt) return null
    this.main.take()
    const main = { host: this.main.host, pid: this.main.pid }
    const isEngines = (process: Process): boolean => this.engineDriven.has(process)
    return takeSnapshot(this.world, this.open.values(), isEngines, this.journal, main)
  }

  serialize(): string | null {
    const now = this.snapshot()
    return now === null ? null : serializeSnapshot(now)
  }

  /** The line that was undone; null: nothing to undo. */
  undo(): string | null {
    return this.travel(
      (now) => this.timeLine.back(now),
      (now) => now.journal.at(-1)?.line,
    )
  }

  redo(): string | null {
    return this.travel(
      (now) => this.timeLine.forward(now),
      (_now, target) => target.journal.at(-1)?.line,
    )
  }

  reset(): boolean {
    return (
      this.travel(
        (now) => this.timeLine.beginning(now),
        () => '',
      ) !== null
    )
  }

  private travel(
    find: (now: Snapshot) => Snapshot | null,
    name: (now: Snapshot, target: Snapshot) => string | undefined,
  ): string | null {
    const now = this.timeLine.departure ?? this.snapshot()
    const target = now === null ? null : find(now)
    if (now === null || target === null) return null
    this.restore(target)
    return name(now, target) ?? ''
  }

  /** Gives the running tasks up and goes on in a copy of the snapshot's world. */
  private restore(snapshot: Snapshot): void {
    this.timeLine.arrive()
    this.scheduler.abandon()
    const traced = this.world.trace !== null
    this.world = cloneWorld(snapshot.world, traced)
    this.scheduler = new Scheduler(this.world)
    this.open.clear()
    this.system = this.connect()
    this.journal = [...snapshot.journal]
    for (const job of this.jobs) if (job !== this.main) this.jobs.delete(job)
    this.takeUp(snapshot)
  }

  private takeUp(snapshot: Snapshot): void {
    for (const { host, pid, state, isEngines } of snapshot.shells) {
      const process = this.processOf(host, pid)
      if (process === undefined) continue
      const copy = copyState(state)
      const code = (): Promise<number> => resumeShell(this.system, process, copy)
      this.open.set(process, { process, state: copy, prompt: null })
      if (isEngines) {
        this.engineDriven.add(process)
        this.scheduler.start(async () => void (await this.system.finish(process, code)))
      } else this.takeUpChild(process, this.system.start(process, code))
    }
    for (const chain of snapshot.chains) takeUpChain(this.system, chain)
    this.mustRevive = true
  }

  private takeUpChild(process: Process, handle: ReturnType<System['start']>): void {
    if (this.main === null) return
    if (process.pid === this.main.pid && process.host === this.main.host) this.main.rebind(handle)
  }

  /** Scripts of containers that ran when the world was copied begin anew, but only when time goes on. */
  protected revive(): void {
    if (!this.mustRevive) return
    this.mustRevive = false
    reviveCommands(this.world, (process) => this.open.has(process) || this.isClient(process))
  }

  private isClient(process: Process): boolean {
    return chainsOf(this.world).some((chain) => chain.host === process.host && chain.pid === process.pid)
  }

  private tutorPort(): TutorPort {
    return {
      run: (words, context) => runTutor(this, words, context),
      help: (columns) => helpText(this.tutorHelp, columns),
    }
  }

  /** After a jump: what was done, and the prompt that stands there now. The task that asked does not come back. */
  announce(text: string): void {
    this.main?.note(text, null)
    this.showPrompt()
  }

  /** Nothing to go back to: the line counts as any other. */
  stay(): void {
    this.timeLine.arrive()
  }

  private showPrompt(): void {
    const { scheduler } = this
    scheduler.start(async () => {
      await Promise.resolve()
      await Promise.resolve()
      scheduler.start(async () => {
        this.main?.note(this.prompt(), null)
      })
    })
  }

  /** A saved session in a new world. */
  static restoreFrom(text: string, services: Services, trace: Trace | null = null): Session {
    const snapshot = deserializeSnapshot(text, services, trace)
    const session = new Session(snapshot.world)
    const process = snapshot.world.kernels.get(snapshot.main.host)?.processes.get(snapshot.main.pid)
    if (process === undefined) throw new SyntaxError('the saved session has no shell')
    session.main = new Job(session, process, { done: false, status: 0 }, [])
    session.main.onOutput = (output) => session.emit(output)
    session.jobs.add(session.main)
    session.journal = [...snapshot.journal]
    session.takeUp(snapshot)
    return session
  }
}

export function openSession(world: World, options: SessionOptions = {}): Session {
  const session = new Session(world)
  if (options.interactive !== false) session.openShell(options)
  return session
}
