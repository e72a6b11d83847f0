/** `:`, `break`, `continue`, `return`, `exit`, `eval`, `source`, `exec`, `shift`. */
import { readFile } from '../../sim/kernel/fs/files.ts'
import { BreakLoop, ContinueLoop, ExitShell, ExpansionError, ReturnFrom } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { errorText } from '../messages.ts'
import { farewell } from '../prompt.ts'
import { becomeProgram, searchProgram } from '../run/program.ts'
import { environmentOf } from '../variables.ts'

export function nothing(): number {
  return 0
}

export function refuse(): number {
  return 1
}

async function loopLevels(shell: Interpreter, words: readonly string[]): Promise<number> {
  if (shell.loops === 0) {
    if (shell.state.dialect === 'bash') {
      await shell.complain(`${words[0]}: only meaningful in a \`for', \`while', or \`until' loop`)
    }
    return 0
  }
  const levels = Number(words[1] ?? 1)
  return Math.min(shell.loops, Math.max(1, levels || 1))
}

export async function breakLoop(shell: Interpreter, words: readonly string[]): Promise<number> {
  const levels = await loopLevels(shell, words)
  if (levels > 0) throw new BreakLoop(levels)
  return 0
}

export async function continueLoop(shell: Interpreter, words: readonly string[]): Promise<number> {
  const levels = await loopLevels(shell, words)
  if (levels > 0) throw new ContinueLoop(levels)
  return 0
}

async function statusOf(shell: Interpreter, words: readonly string[]): Promise<number> {
  const text = words[1]
  if (text === undefined) return shell.state.status
  if (/^-?\d+$/.test(text)) return Number(text) & 255
  const message =
    shell.state.dialect === 'bash'
      ? `${words[0]}: ${text}: numeric argument required`
      : `${words[0]}: Illegal number: ${text}`
  await shell.complain(
    shell.state.dialect === 'ash'
      ? `${words[0]}: line 0: Illegal number: ${text}`.replace(' line 0:', '')
      : message,
  )
  return 2
}

export async function exit(shell: Interpreter, words: readonly string[]): Promise<number> {
  const stopped = shell.state.jobs.some((job) => job.state === 'stopped')
  if (shell.where === 'interactive' && stopped && !shell.warnedOfJobs) {
    shell.warnedOfJobs = true
    await shell.write(2, 'There are stopped jobs.\n')
    return 1
  }
  if (shell.where === 'interactive' && shell.state.interactive && shell.state.dialect === 'bash')
    await shell.write(2, `${farewell(shell)}\n`)
  throw new ExitShell(await statusOf(shell, words))
}

export async function returnFrom(shell: Interpreter, words: readonly string[]): Promise<number> {
  if (shell.frames.length === 0 && shell.sourcing === 0 && shell.state.dialect === 'bash') {
    await shell.complain("return: can only `return' from a function or sourced script")
    return 2
  }
  throw new ReturnFrom(await statusOf(shell, words))
}

export function evalText(shell: Interpreter, words: readonly string[]): Promise<number> | number {
  const text = words.slice(words[1] === '--' ? 2 : 1).join(' ')
  return text.trim() === '' ? 0 : shell.runText(text)
}

export async function source(shell: Interpreter, words: readonly string[]): Promise<number> {
  const path = words[1]
  if (path === undefined) {
    await shell.complain(`${words[0]}: filename argument required`)
    await shell.write(2, `${words[0]}: usage: ${words[0]} filename [arguments]\n`)
    return 2
  }
  const found = path.includes('/') ? null : searchProgram(shell, path)
  const at = found?.kind === 'found' ? found.path : path
  const text = readFile(shell.system.world, shell.kernel, shell.process, at)
  if (!text.ok) {
    await shell.complain(
      shell.state.dialect === 'bash'
        ? `${path}: ${errorText(text.error.code)}`
        : `${words[0]}: can't open '${path}': ${errorText(text.error.code)}`,
    )
    return shell.state.dialect === 'bash' ? 1 : 2
  }
  return runSourced(shell, text.value, words.slice(2))
}

/** Files that read themselves end here; bash itself would run out of stack. */
const DEEPEST_SOURCE = 500

async function runSourced(shell: Interpreter, text: string, args: readonly string[]): Promise<number> {
  const { positional } = shell.state
  if (shell.sourcing >= DEEPEST_SOURCE)
    throw new ExpansionError(`.: maximum source nesting level exceeded (${DEEPEST_SOURCE})`)
  if (args.length > 0) shell.state.positional = [...args]
  shell.sourcing++
  try {
    return await shell.runText(text)
  } catch (problem) {
    if (problem instanceof ReturnFrom) return problem.status
    throw problem
  } finally {
    shell.sourcing--
    if (args.length > 0) shell.state.positional = positional
  }
}

export async function execProgram(shell: Interpreter, words: readonly string[]): Promise<number> {
  const args = words.slice(1)
  if (args.length === 0) return 0
  const status = await becomeProgram(shell, args, environmentOf(shell))
  if (!shell.state.interactive) throw new ExitShell(status)
  return status
}

export async function shift(shell: Interpreter, words: readonly string[]): Promise<number> {
  const count = Number(words[1] ?? 1)
  if (count > shell.state.positional.length) {
    if (shell.state.dialect !== 'bash') await shell.complain("shift: can't shift that many")
    return 1
  }
  shell.state.positional = shell.state.positional.slice(count)
  return 0
}
