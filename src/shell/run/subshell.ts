/** `( … )` and other code in a child process; waiting for children in the foreground. */
import type { Subshell } from 'unbash'
import { Interrupted } from '../../commands/context.ts'
import type { ProcessOverrides } from '../../sim/kernel/task/process.ts'
import { signalNumber } from '../../sim/kernel/task/signal.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import { BreakLoop, ContinueLoop, ExitShell, ExpansionError, ReturnFrom } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { addJob, reportStopped } from '../jobs.ts'
import type { TaskHandle } from '../system.ts'
import { runList } from './node.ts'

export interface Child {
  readonly process: Process
  readonly handle: TaskHandle
}

/** fork(2); complains and ends the command when there are too many processes. */
export async function forkProcess(shell: Interpreter, overrides: ProcessOverrides = {}): Promise<Process> {
  const child = shell.system.fork(shell.process, { ignored: inheritedIgnored(shell), ...overrides })
  if (child !== null) return child
  const reason = 'Resource temporarily unavailable'
  const message = shell.state.dialect === 'bash' ? `fork: retry: ${reason}` : `can't fork: ${reason}`
  // A shell that talks to somebody gives the line up, not itself.
  if (shell.state.interactive && shell.parent === null)
    throw new ExpansionError(message.replace('retry: ', ''), 254)
  await shell.complain(message.replace('retry: ', ''))
  throw new ExitShell(254)
}

/** What an interactive shell ignores for itself its children do not; what `trap ''` ignores they do. */
function inheritedIgnored(shell: Interpreter): Set<number> {
  if (!shell.state.interactive) return new Set(shell.process.ignored)
  const names = [...shell.state.traps].filter(([, code]) => code === '').map(([name]) => name)
  return new Set(names.map((name) => signalNumber(name) ?? 0))
}

/** Runs code as a child with a copy of the shell's state. */
export function startChild(
  shell: Interpreter,
  process: Process,
  code: (child: Interpreter) => Promise<number>,
): Child {
  const child = shell.fork(process)
  return { process, handle: shell.system.start(process, () => runToStatus(child, () => code(child))) }
}

/** What code ends with, whatever way out it takes. */
export async function runToStatus(shell: Interpreter, code: () => Promise<number>): Promise<number> {
  try {
    return await finishWithTrap(shell, await code())
  } catch (problem) {
    if (problem instanceof ExitShell) return finishWithTrap(shell, problem.status)
    if (problem instanceof ReturnFrom) return problem.status
    if (problem instanceof BreakLoop || problem instanceof ContinueLoop) return shell.state.status
    if (problem instanceof Interrupted) return 128 + problem.signal
    // The machine's own limits: texts too long, calls too deep.
    if (problem instanceof RangeError) {
      await shell.complain('cannot allocate memory')
      return 2
    }
    if (problem instanceof ExpansionError) {
      await shell.complain(problem.message)
      return problem.status
    }
    throw problem
  }
}

async function finishWithTrap(shell: Interpreter, status: number): Promise<number> {
  const code = shell.state.traps.get('EXIT')
  if (code === undefined || shell.process.exitStatus !== null) return status
  shell.state.traps.delete('EXIT')
  shell.state.status = status
  try {
    await shell.runText(code)
    return status
  } catch (problem) {
    if (problem instanceof ExitShell) return problem.status
    throw problem
  }
}

export async function runSubshell(shell: Interpreter, node: Subshell): Promise<number> {
  const process = await forkProcess(shell, groupOf(shell))
  const child = startChild(shell, process, (inner) => {
    inner.mayReplace = true
    return runList(inner, node.body)
  })
  return (await waitFor(shell, [child], 'subshell'))[0]!
}

/** An interactive shell gives each foreground job a process group of its own. */
export function groupOf(shell: Interpreter): ProcessOverrides {
  return shell.state.interactive ? { group: -1 } : {}
}

/** Waits for children in the foreground; their statuses. */
export async function waitFor(
  shell: Interpreter,
  children: readonly Child[],
  text: string,
): Promise<number[]> {
  const { kernel, process } = shell
  const terminal = process.terminal === null ? undefined : kernel.terminals.get(process.terminal)
  const hasControl = shell.state.interactive && terminal !== undefined
  if (hasControl) terminal.foreground = children[0]!.process.group
  if (shell.state.pending !== null) shell.state.pending.waitsFor = children.at(-1)!.process.pid
  const isOver = (child: Child): boolean => child.handle.done
  const isStopped = (child: Child): boolean => child.process.state === 'stopped'
  let interrupted: Interrupted | null = null
  try {
    while (!children.every((child) => isOver(child) || (shell.state.interactive && isStopped(child)))) {
      try {
        await shell.until(() => children.every((c) => isOver(c) || (shell.state.interactive && isStopped(c))))
      } catch (problem) {
        if (!(problem instanceof Interrupted) || process.exitStatus !== null) throw problem
        interrupted = problem
      }
    }
  } finally {
    if (hasControl) terminal.foreground = process.group
  }
  if (children.some((child) => !isOver(child))) return stopped(shell, children, text)
  const statuses = children.map((child) => child.handle.status)
  if (interrupted !== null && statuses.includes(130)) throw interrupted
  if (shell.state.interactive && statuses.at(-1) === 130) throw new Interrupted(2)
  return statuses
}

async function stopped(shell: Interpreter, children: readonly Child[], text: string): Promise<number[]> {
  const job = addJob(shell, children, text, 'stopped')
  await reportStopped(shell, job)
  return children.map(() => 148)
}
