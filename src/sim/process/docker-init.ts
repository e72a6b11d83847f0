/**
 * docker-init (tini) as process 1 of a container run with `--init`: it starts the command, hands on signals, reaps what is
 * left over, and ends as the command ends. github.com/krallin/tini. Not modelled: a command that is not there.
 */
import type { WakeCause } from '../kernel/simulation.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import { signalProcess } from '../kernel/task/signal.ts'
import type { Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'

export interface DockerInitProgram extends Program {
  readonly kind: 'docker-init'
  readonly argv: readonly string[]
  child: number | null
}

export function dockerInitProgram(argv: readonly string[]): DockerInitProgram {
  return { kind: 'docker-init', argv, child: null }
}

const FORWARDED = [1, 2, 3, 10, 12, 15]

export function stepDockerInit(context: ProcessContext, program: DockerInitProgram, cause: WakeCause): void {
  const { sim, kernel, process } = context
  if (cause.kind === 'signal' && program.child !== null)
    signalProcess(sim, kernel, program.child, cause.signal)
  if (program.child !== null) return
  for (const signal of FORWARDED) process.handlers.add(signal)
  const child = spawnProcess(sim, kernel, process, {
    argv: [...program.argv],
    handlers: new Set(),
    program: { kind: 'command' },
  })
  child.group = child.pid
  const terminal = process.terminal === null ? undefined : kernel.terminals.get(process.terminal)
  if (terminal !== undefined) terminal.foreground = child.pid
  program.child = child.pid
  startProcess(sim, child)
}
