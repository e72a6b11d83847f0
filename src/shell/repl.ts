/** The interactive loop: prompt, line (with PS2 until it is whole), run. */
import { Interrupted } from '../commands/context.ts'
import { BreakLoop, ContinueLoop, ExitShell, ExpansionError, ReturnFrom } from './control.ts'
import { readLine } from './input.ts'
import type { Interpreter } from './interpreter.ts'
import { reportDone } from './jobs.ts'
import { parseShell } from './parse.ts'
import { continuationPrompt, farewell, promptText } from './prompt.ts'
import { reportSyntax } from './run/source.ts'

/** Status with which the shell ends. `resumed`: its prompt stands there already. */
export async function interact(shell: Interpreter, resumed: boolean): Promise<number> {
  shell.where = 'interactive'
  shell.system.enter(shell.process, shell.state)
  try {
    if (resumed && shell.state.pending !== null) await resumeLine(shell)
    else if (resumed) await readAndRun(shell, promptText(shell), true)
    for (;;) {
      await reportDone(shell)
      await readAndRun(shell, promptText(shell))
    }
  } catch (problem) {
    if (!(problem instanceof ExitShell)) throw problem
    return problem.status
  } finally {
    shell.system.leave(shell.process)
  }
}

/** The rest of a line whose nested shell was open when the world was saved. */
async function resumeLine(shell: Interpreter): Promise<void> {
  const { text, waitsFor } = shell.state.pending!
  const child = shell.kernel.processes.get(waitsFor)
  await shell.until(() => child === undefined || child.exitStatus !== null)
  const terminal = shell.kernel.terminals.get(shell.process.terminal ?? -1)
  if (terminal !== undefined) terminal.foreground = shell.process.group
  const status = child?.exitStatus ?? 0
  if (child !== undefined) shell.kernel.processes.delete(waitsFor)
  shell.state.status = status
  shell.state.pending = null
  if (text.trim() !== '')
    await runLine(shell, `(exit ${status}) ${text.trimStart().startsWith('#') ? '' : text}`)
}

async function readAndRun(shell: Interpreter, prompt: string, stands = false): Promise<void> {
  try {
    shell.state.pending = null
    if (!stands) await shell.write(2, prompt)
    shell.prompt = prompt
    shell.system.promptShown(shell.process, prompt)
    const line = await readWhole(shell)
    if (line === null) return
    await runLine(shell, line)
  } catch (problem) {
    if (!(problem instanceof Interrupted) || shell.process.exitStatus !== null) throw problem
    shell.state.status = 128 + problem.signal
    shell.state.pending = null
    await shell.write(2, '\n')
  }
}

/** A whole command: asks for more while it is unfinished. */
async function readWhole(shell: Interpreter): Promise<string | null> {
  let text = await readLine(shell, 0)
  shell.prompt = ''
  if (text === null) return leave(shell)
  shell.system.lineRead(shell.process, text.replace(/\n$/, ''))
  for (;;) {
    const parsed = parseShell(text)
    if (!parsed.isIncomplete) break
    await shell.write(2, continuationPrompt(shell))
    shell.system.promptShown(shell.process, continuationPrompt(shell))
    const more = await readLine(shell, 0)
    if (more === null) break
    shell.system.lineRead(shell.process, more.replace(/\n$/, ''))
    text += more
  }
  const line = text.replace(/\n$/, '')
  if (line.trim() !== '' && shell.state.history.at(-1) !== line) shell.state.history.push(line)
  if (shell.state.history.length > 1000) shell.state.history.splice(0, shell.state.history.length - 1000)
  return line
}

/** Ctrl-D. */
async function leave(shell: Interpreter): Promise<never> {
  const bash = shell.state.dialect === 'bash'
  await shell.write(2, bash ? `${farewell(shell)}\n` : '\n')
  throw new ExitShell(shell.state.status)
}

export async function runLine(shell: Interpreter, line: string): Promise<void> {
  const { script, error } = parseShell(line)
  if (error !== null) {
    await reportSyntax(shell, line, error.message, error.line)
    shell.state.status = 2
    return
  }
  shell.frames = []
  shell.loops = 0
  shell.guarded = 0
  shell.mayReplace = false
  shell.isTop = true
  try {
    await shell.runScript(script, line)
  } catch (problem) {
    if (problem instanceof RangeError) {
      await shell.complain('cannot allocate memory')
      shell.state.status = 2
    } else if (problem instanceof ExpansionError) {
      await shell.complain(problem.message)
      shell.state.status = problem.status === 127 ? 1 : problem.status
    } else if (
      !(problem instanceof ReturnFrom || problem instanceof BreakLoop || problem instanceof ContinueLoop)
    )
      throw problem
  } finally {
    shell.isTop = false
    shell.state.pending = null
  }
}
