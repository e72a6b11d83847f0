/** A program started from outside the world: on a terminal of its own, or with stdout and stderr apart. */

import type { TaskHandle } from '../shell/system.ts'
import type { HostName } from '../sim/kernel/simulation.ts'
import { createPipe, readPipe } from '../sim/kernel/task/pipe.ts'
import { createTerminal, typeTerminal } from '../sim/kernel/task/terminal.ts'
import type { Descriptor, Process } from '../sim/kernel/task/types.ts'
import type { Session } from './session.ts'

export interface JobOptions {
  /** null: no terminal; stdin is empty, stdout and stderr are kept apart. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null
  readonly cwd?: string
  readonly env?: ReadonlyMap<string, string>
}

/** Of what was written long ago only this much is kept. */
const KEPT_OUTPUT = 1 << 22

export class Job {
  readonly host: HostName
  readonly pid: number
  readonly terminal: number | null
  /** What it has written, in the order in which a user sees it; of very much the end. */
  text = ''
  /** How much it has written in all. */
  written = 0
  stdout = ''
  stderr = ''
  onOutput: ((text: string) => void) | null = null
  private readonly session: Session
  private handle: TaskHandle
  private readonly pipes: readonly number[]

  constructor(session: Session, process: Process, handle: TaskHandle, pipes: readonly number[]) {
    this.session = session
    this.host = process.host
    this.pid = process.pid
    this.terminal = process.terminal
    this.handle = handle
    this.pipes = pipes
  }

  output(): string {
    this.take()
    return this.text
  }

  get status(): number | null {
    return this.handle.done ? this.handle.status : null
  }

  type(text: string, echo = true): void {
    if (this.terminal !== null) typeTerminal(this.session.world, this.kernel(), this.terminal, text, echo)
  }

  interrupt(): void {
    this.type('\x03')
  }

  resize(columns: number, rows: number): void {
    const terminal = this.terminal === null ? undefined : this.kernel().terminals.get(this.terminal)
    if (terminal !== undefined) Object.assign(terminal, { columns, rows })
  }

  /** Until nothing has been printed for so long, or it has ended; at most `limitUs`. */
  async waitUntilIdle(quietUs: number, limitUs = 10_000_000): Promise<void> {
    const end = this.session.world.nowUs + limitUs
    while (this.status === null && this.session.world.nowUs < end) {
      this.take()
      const { written } = this
      await this.session.advance(quietUs, () => this.status !== null)
      this.take()
      if (this.written === written) return
    }
  }

  private kernel() {
    return this.session.world.kernels.get(this.host)!
  }

  /** Takes over what was written; true when there was something. */
  take(): boolean {
    const { world } = this.session
    const kernel = this.kernel()
    let had = false
    const terminal = this.terminal === null ? undefined : kernel.terminals.get(this.terminal)
    if (terminal !== undefined && terminal.output !== '') {
      const text = terminal.output
      terminal.output = ''
      this.note(text, null)
      had = true
    }
    this.pipes.forEach((pipe, index) => {
      for (;;) {
        const text = readPipe(world, kernel, pipe)
        if (text === null || text === 'end') return
        this.note(text, index === 0 ? 'stdout' : 'stderr')
        had = true
      }
    })
    return had
  }

  note(text: string, stream: 'stdout' | 'stderr' | null): void {
    this.written += text.length
    this.text += text
    if (this.text.length > 2 * KEPT_OUTPUT) this.text = this.text.slice(-KEPT_OUTPUT)
    if (stream !== null) this[stream] += text
    this.onOutput?.(text)
  }

  /** The world was replaced: the same process there, driven anew. */
  rebind(handle: TaskHandle): void {
    this.handle = handle
  }
}

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  ['HOME', '/root'],
  ['USER', 'root'],
  ['LOGNAME', 'root'],
  ['SHELL', '/bin/bash'],
  ['TERM', 'xterm'],
  ['LANG', 'C.UTF-8'],
]

/** Null: the machine has too many processes already. */
export function startJob(
  session: Session,
  host: HostName,
  argv: readonly string[],
  options: JobOptions,
): Job {
  const { world, system } = session
  const kernel = world.kernels.get(host)
  if (kernel === undefined) throw new RangeError(`no host '${host}' in this world`)
  const init = kernel.processes.get(1) ?? [...kernel.processes.values()][0]!
  const terminal =
    options.terminal === null ? null : createTerminal(kernel, options.terminal.columns, options.terminal.rows)
  const pipes = terminal === null ? [createPipe(kernel), createPipe(kernel)] : []
  for (const pipe of pipes) pipe.readers++
  const descriptors = new Map<number, Descriptor>()
  for (const fd of [0, 1, 2]) {
    if (terminal !== null) descriptors.set(fd, { kind: 'terminal', terminal: terminal.id })
    else
      descriptors.set(
        fd,
        fd === 0 ? { kind: 'null' } : { kind: 'pipe', pipe: pipes[fd - 1]!.id, end: 'write' },
      )
  }
  const env = new Map([...ENVIRONMENT, ...(options.env ?? [])])
  const process = system.fork(init, {
    argv: [...argv],
    descriptors,
    env,
    group: -1,
    cwd: options.cwd ?? '/root',
    terminal: terminal?.id ?? null,
    program: null,
    state: 'running',
    ignored: new Set(),
    handlers: new Set(),
  })
  if (process === null) throw new RangeError('too many processes')
  if (terminal !== null) terminal.foreground = process.group
  const handle = system.start(process, async () => {
    const path = system.findProgram(process, argv[0] ?? '')
    return path === null ? 127 : system.execute(process, path, argv)
  })
  return new Job(
    session,
    process,
    handle,
    pipes.map((pipe) => pipe.id),
  )
}
