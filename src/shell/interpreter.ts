/**
 * One running shell (or subshell): walks the tree of a script. The work is spread over `run/` and `expand/`; this class
 * holds what they share.
 */
import type { ParsedScript, Statement } from 'unbash'
import { Interrupted } from '../commands/context.ts'
import type { Kernel } from '../sim/kernel/kernel.ts'
import { writeDescriptor } from '../sim/kernel/task/descriptor.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import { ExitShell, ExpansionError } from './control.ts'
import { complain } from './messages.ts'
import { lineOf } from './parse.ts'
import { startBackground } from './run/background.ts'
import { runNode } from './run/node.ts'
import type { Child } from './run/subshell.ts'
import { processSubstitution, substitute } from './run/substitution.ts'
import { forkState, type ShellState, type Variable } from './state.ts'
import type { ShellSystem } from './system.ts'

/** Statements between two looks at signals and the clock. */
const BREATH = 256

export interface Frame {
  /** Variables that `local` hides, to be put back. */
  readonly saved: Map<string, Variable | undefined>
  readonly positional: string[]
  readonly name: string
}

export class Interpreter {
  readonly system: ShellSystem
  process: Process
  state: ShellState
  /** Source that positions refer to, for line numbers. */
  source = ''
  line = 1
  lastWord = ''
  /** Functions that are running, innermost last. */
  frames: Frame[] = []
  /** Inside a condition, where `set -e` does not end the shell. */
  guarded = 0
  loops = 0
  /** Descriptors lent by `<( … )`, closed after the command. */
  openSubstitutions: number[] = []
  /** What runs in each job, as long as this interpreter lives. */
  readonly children = new Map<number, readonly Child[]>()
  /** The next simple command may take this process's place (`sh -c`, a stage of a pipe). */
  mayReplace = false
  /** Not the first shell of its process tree: `$$` is the parent's. */
  readonly parent: Interpreter | null
  /** Status of the last command substitution, which is the status of a bare assignment. */
  substitutionStatus = 0
  /** `$0` and line as error messages have them; null for an interactive shell. */
  where: 'interactive' | 'script' | 'command' = 'command'
  /** The line's own list, not something nested in it: what follows can be told as text (`state.pending`). */
  isTop = false
  /** The prompt that stands while a line is read; a change of the terminal's size draws it again (ash). */
  prompt = ''
  warnedOfJobs = false
  /** How many `source` are running. */
  sourcing = 0
  optionIndex = { word: 1, letter: 1 }
  private steps = 0

  constructor(system: ShellSystem, process: Process, state: ShellState, parent: Interpreter | null = null) {
    this.system = system
    this.process = process
    this.state = state
    this.parent = parent
  }

  get kernel(): Kernel {
    return this.system.kernelOf(this.process)
  }

  /** A copy for a subshell that runs in another process. */
  fork(process: Process): Interpreter {
    const child = new Interpreter(this.system, process, forkState(this.state), this)
    child.source = this.source
    child.line = this.line
    child.frames = [...this.frames]
    child.where = this.where === 'interactive' ? 'interactive' : this.where
    child.guarded = this.guarded
    return child
  }

  shellPid(): number {
    return this.parent === null ? this.ownPid() : this.parent.shellPid()
  }

  ownPid(): number {
    return this.process.pids.get(this.process.pidns) ?? this.process.pid
  }

  parentPid(): number {
    const top = this.parent === null ? this.process : this.topProcess()
    return this.kernel.processes.get(top.ppid)?.pids.get(top.pidns) ?? 0
  }

  private topProcess(): Process {
    return this.parent === null ? this.process : this.parent.topProcess()
  }

  /** Before each command: signals, and a breath now and then. */
  async tick(): Promise<void> {
    if (this.process.exitStatus !== null) throw new ExitShell(this.process.exitStatus)
    while (this.process.signals.length > 0) await this.onSignal(this.process.signals.shift()!)
    if (++this.steps % BREATH === 0) await this.pause(() => this.system.breathe(this.process))
  }

  /** Does what waits, and lets a trap run when a signal comes. */
  async pause(wait: () => Promise<void>): Promise<void> {
    try {
      await wait()
    } catch (problem) {
      if (!(problem instanceof Interrupted) || this.process.exitStatus !== null) throw problem
      await this.onSignal(problem.signal)
    }
  }

  /** Waits for a condition; traps run meanwhile; without a trap the signal ends the wait. */
  async until(condition: () => boolean, atUs?: number): Promise<void> {
    while (!condition()) await this.pause(() => this.system.until(this.process, condition, atUs))
  }

  async onSignal(signal: number): Promise<void> {
    if (signal === 28) return this.redraw()
    const { signalName } = await import('../sim/kernel/task/signal.ts')
    const code = this.state.traps.get(signalName(signal))
    if (code === undefined) throw new Interrupted(signal)
    if (code === '') return
    const { status } = this.state
    await this.runText(code)
    this.state.status = status
  }

  private async redraw(): Promise<void> {
    if (this.state.dialect === 'ash') await this.write(2, this.prompt)
  }

  async runScript(script: ParsedScript, source: string): Promise<number> {
    const { source: outer } = this
    this.source = source
    try {
      return await this.runStatements(script.commands)
    } finally {
      this.source = outer
    }
  }

  /** `eval`, traps, sourced files. */
  async runText(text: string): Promise<number> {
    const { runSource } = await import('./run/source.ts')
    return runSource(this, text)
  }

  async runStatements(statements: readonly Statement[]): Promise<number> {
    const replace = this.mayReplace
    for (const [index, statement] of statements.entries()) {
      this.mayReplace = replace && index === statements.length - 1
      await this.runStatement(statement)
    }
    return this.state.status
  }

  private async runStatement(statement: Statement): Promise<void> {
    await this.tick()
    if (this.parent === null || this.source !== '') this.line = lineOf(this.source, statement.pos)
    const { isTop } = this
    if (isTop) this.notePending(statement.command.end)
    this.isTop = isTop && statement.command.type === 'AndOr'
    try {
      await this.runOne(statement)
    } finally {
      this.isTop = isTop
    }
  }

  notePending(from: number): void {
    this.state.pending = { text: this.source.slice(from), waitsFor: 0 }
  }

  private async runOne(statement: Statement): Promise<void> {
    if (statement.background === true) this.state.status = await startBackground(this, statement)
    else this.state.status = await runNode(this, statement.command)
  }

  /** `set -e`. */
  checkStatus(status: number): number {
    this.state.status = status
    if (status !== 0 && this.guarded === 0 && this.state.options.has('e')) throw new ExitShell(status)
    return status
  }

  /** A condition: its failure is an answer, not an error. */
  async guard<T>(code: () => Promise<T>): Promise<T> {
    this.guarded++
    try {
      return await code()
    } finally {
      this.guarded--
    }
  }

  substitute(script: ParsedScript | undefined): Promise<string> {
    return substitute(this, script)
  }

  processSubstitution(operator: '<' | '>', script: ParsedScript | undefined): Promise<string> {
    return processSubstitution(this, operator, script)
  }

  /** `set -u`. */
  refuseUnset(name: string): void {
    if (!this.state.options.has('u') || name === '@' || name === '*') return
    throw new ExpansionError(`${name}: unbound variable`, this.state.dialect === 'bash' ? 127 : 2)
  }

  /** Writes to a descriptor of this process, waiting while a pipe is full. */
  async write(fd: number, text: string): Promise<boolean> {
    if (text === '') return true
    for (;;) {
      const { world } = this.system
      const written = writeDescriptor(world, this.kernel, this.process, fd, text)
      if (written === 'ok') return true
      const descriptor = this.process.descriptors.get(fd)
      if (written === 'broken') {
        if (descriptor?.kind === 'pipe') throw new ExitShell(141)
        return false
      }
      const pipe = descriptor?.kind === 'pipe' ? descriptor.pipe : -1
      await this.until(() => {
        const one = this.kernel.pipes.get(pipe)
        return one === undefined || one.readers === 0 || one.length < one.capacity
      })
    }
  }

  async complain(message: string): Promise<void> {
    await this.write(2, complain(this, message))
  }
}
