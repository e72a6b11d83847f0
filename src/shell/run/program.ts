/** Finding a program through PATH and running it in a child, or in this process's place. execve(2), bash(1) */
import type { Redirection } from 'unbash'
import { lookup, mayAccess } from '../../sim/kernel/fs/files.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import { ExitShell } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { errorText, notFound } from '../messages.ts'
import { environmentOf, getParameter } from '../variables.ts'
import { applyRedirects, RedirectionFailed } from './redirect.ts'
import { forkProcess, groupOf, startChild, waitFor } from './subshell.ts'

export type Search =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly code: string }

export function searchProgram(shell: Interpreter, name: string): Search {
  if (name.includes('/')) {
    const node = lookup(shell.system.world, shell.kernel, shell.process, name)
    if (!node.ok) return { kind: 'refused', code: node.error.code }
    return runnable(shell, node.value)
      ? { kind: 'found', path: name }
      : { kind: 'refused', code: refusal(node.value) }
  }
  let refused: Search = { kind: 'missing' }
  for (const directory of (getParameter(shell, 'PATH') ?? '').split(':')) {
    const path = `${directory || '.'}/${name}`
    const node = lookup(shell.system.world, shell.kernel, shell.process, path)
    if (!node.ok || node.value.kind === 'directory') continue
    if (runnable(shell, node.value)) return { kind: 'found', path }
    refused = { kind: 'refused', code: 'EACCES' }
  }
  return refused
}

function runnable(shell: Interpreter, node: Inode): boolean {
  return (node.kind === 'program' || node.kind === 'file') && mayAccess(shell.process, node, 1)
}

function refusal(node: Inode): string {
  return node.kind === 'directory' ? 'EISDIR' : 'EACCES'
}

export async function runProgram(
  shell: Interpreter,
  words: readonly string[],
  redirects: readonly Redirection[],
  extra: ReadonlyMap<string, string>,
): Promise<number> {
  const env = environmentOf(shell)
  for (const [name, value] of extra) env.set(name, value)
  if (shell.mayReplace && shell.state.traps.size === 0 && shell.openSubstitutions.length === 0) {
    return replaceShell(shell, words, redirects, env)
  }
  const process = await forkProcess(shell, { ...groupOf(shell), env })
  const child = startChild(shell, process, (inner) => {
    inner.mayReplace = true
    return replaceShell(inner, words, redirects, env)
  })
  const text = shell.source === '' ? words.join(' ') : words.join(' ')
  return (await waitFor(shell, [child], text))[0]!
}

/** The process becomes the program. */
async function replaceShell(
  shell: Interpreter,
  words: readonly string[],
  redirects: readonly Redirection[],
  env: Map<string, string>,
): Promise<number> {
  try {
    await applyRedirects(shell, redirects)
  } catch (problem) {
    if (problem instanceof RedirectionFailed) return 1
    throw problem
  }
  return becomeProgram(shell, words, env)
}

export async function becomeProgram(
  shell: Interpreter,
  words: readonly string[],
  env: Map<string, string>,
): Promise<number> {
  const name = words[0]!
  const found = searchProgram(shell, name)
  if (found.kind === 'missing') {
    await shell.complain(notFound(shell, name))
    return 127
  }
  if (found.kind === 'refused') {
    await shell.complain(refusedText(shell, name, found.code))
    return found.code === 'ENOENT' || found.code === 'ENOTDIR' ? 127 : 126
  }
  shell.process.env = env
  shell.process.handlers.clear()
  const status = await shell.system.execute(shell.process, found.path, words)
  if (shell.process.exitStatus === null) throw new ExitShell(status)
  return status
}

function refusedText(shell: Interpreter, name: string, code: string): string {
  if (shell.state.dialect !== 'bash' && code === 'ENOENT') return `${name}: not found`
  return `${name}: ${errorText(code)}`
}
