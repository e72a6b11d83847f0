/** Redirections: applied to the shell's own process for builtins and groups (and undone), to a child's for programs. */
import type { Redirection } from 'unbash'
import { type OpenMode, openFile } from '../../sim/kernel/fs/open.ts'
import {
  closeDescriptor,
  duplicateDescriptor,
  freeDescriptor,
  retainDescriptor,
} from '../../sim/kernel/task/descriptor.ts'
import { createPipe } from '../../sim/kernel/task/pipe.ts'
import type { Descriptor } from '../../sim/kernel/task/types.ts'
import { ExpansionError } from '../control.ts'
import { itemsText } from '../expand/items.ts'
import { expandQuoted, expandToText } from '../expand/word.ts'
import type { Interpreter } from '../interpreter.ts'
import { errorText } from '../messages.ts'
import { setVariable } from '../variables.ts'

/** A redirection that failed; it has been complained about. */
export class RedirectionFailed extends Error {}

export async function withRedirects(
  shell: Interpreter,
  redirects: readonly Redirection[],
  code: () => Promise<number>,
): Promise<number> {
  if (redirects.length === 0) return code()
  const saved = saveDescriptors(shell)
  try {
    await applyRedirects(shell, redirects)
    return await code()
  } catch (problem) {
    if (!(problem instanceof RedirectionFailed)) throw problem
    return shell.checkStatus(1)
  } finally {
    restoreDescriptors(shell, saved)
  }
}

export function saveDescriptors(shell: Interpreter): Map<number, Descriptor> {
  const saved = new Map(shell.process.descriptors)
  for (const descriptor of saved.values()) retainDescriptor(shell.kernel, descriptor)
  return saved
}

export function restoreDescriptors(shell: Interpreter, saved: ReadonlyMap<number, Descriptor>): void {
  const { kernel, process, system } = shell
  if (process.exitStatus !== null) {
    releaseAll(shell, saved)
    return
  }
  for (const fd of [...process.descriptors.keys()]) closeDescriptor(system.world, kernel, process, fd)
  for (const [fd, descriptor] of saved) process.descriptors.set(fd, descriptor)
}

/** The process has ended meanwhile: what was kept for it is let go. */
function releaseAll(shell: Interpreter, saved: ReadonlyMap<number, Descriptor>): void {
  const { kernel, process, system } = shell
  for (const [fd, descriptor] of saved) {
    process.descriptors.set(fd, descriptor)
    closeDescriptor(system.world, kernel, process, fd)
  }
}

export async function applyRedirects(shell: Interpreter, redirects: readonly Redirection[]): Promise<void> {
  for (const redirect of redirects) await applyRedirect(shell, redirect)
}

async function applyRedirect(shell: Interpreter, redirect: Redirection): Promise<void> {
  if (redirect.type === 'HereDoc') return hereDocument(shell, redirect)
  if (redirect.target === undefined)
    throw new ExpansionError("syntax error near unexpected token `newline'", 2)
  if (redirect.type === 'HereString') {
    return feed(
      shell,
      await descriptorNumber(shell, redirect, 0),
      `${await expandToText(shell, redirect.target)}\n`,
    )
  }
  const target = await expandToText(shell, redirect.target)
  const { operator } = redirect
  if (operator === '&>' || operator === '&>>') {
    await openOn(shell, 1, target, operator === '&>' ? 'write' : 'append')
    return copyTo(shell, 1, 2)
  }
  const fd = await descriptorNumber(shell, redirect, operator.startsWith('<') ? 0 : 1)
  if (operator === '>&' || operator === '<&')
    return duplicate(shell, fd, target, redirect.descriptor === undefined)
  const modes: Record<string, OpenMode> = {
    '>': 'write',
    '>|': 'write',
    '>>': 'append',
    '<': 'read',
    '<>': 'read-write',
  }
  if (operator === '>' && shell.state.options.has('C') && existsFile(shell, target)) {
    return fail(shell, `${target}: cannot overwrite existing file`)
  }
  await openOn(shell, fd, target, modes[operator]!)
}

function existsFile(shell: Interpreter, path: string): boolean {
  const opened = openFile(shell.system.world, shell.kernel, shell.process, path, 'read')
  return opened.ok && opened.value.kind === 'file'
}

async function descriptorNumber(shell: Interpreter, redirect: Redirection, usual: number): Promise<number> {
  const { descriptor } = redirect
  if (descriptor === undefined) return usual
  if (descriptor.type === 'FileDescriptor') return descriptor.value
  const fd = freeDescriptor(shell.process, 10)
  setVariable(shell, descriptor.name, String(fd))
  return fd
}

async function openOn(shell: Interpreter, fd: number, path: string, mode: OpenMode): Promise<void> {
  const { system, kernel, process } = shell
  const opened = openFile(system.world, kernel, process, path, mode)
  if (!opened.ok) return fail(shell, openComplaint(shell, path, mode, opened.error.code))
  duplicateDescriptor(system.world, kernel, process, opened.value, fd)
}

function openComplaint(shell: Interpreter, path: string, mode: OpenMode, code: string): string {
  if (shell.state.dialect === 'bash') return `${path}: ${errorText(code)}`
  const what = mode === 'read' ? "can't open" : "can't create"
  const reason =
    code === 'ENOENT' ? (mode === 'read' ? 'no such file' : 'nonexistent directory') : errorText(code)
  return shell.state.dialect === 'ash'
    ? `${what} ${path}: ${reason}`
    : `${what.replace("can't", 'cannot')} ${path}: ${dashReason(code, mode)}`
}

function dashReason(code: string, mode: OpenMode): string {
  if (code !== 'ENOENT') return errorText(code)
  return mode === 'read' ? 'No such file' : 'Directory nonexistent'
}

async function fail(shell: Interpreter, message: string): Promise<never> {
  await shell.complain(message)
  throw new RedirectionFailed(message)
}

async function duplicate(shell: Interpreter, fd: number, target: string, isBare: boolean): Promise<void> {
  const { system, kernel, process } = shell
  if (target === '-') return closeDescriptor(system.world, kernel, process, fd)
  const source = /^(\d+)(-?)$/.exec(target)
  if (source === null) {
    if (!isBare || fd !== 1) return fail(shell, `${target}: ambiguous redirect`)
    await openOn(shell, 1, target, 'write')
    return copyTo(shell, 1, 2)
  }
  const from = Number(source[1])
  if (!process.descriptors.has(from)) return fail(shell, badDescriptor(shell, from))
  copyTo(shell, from, fd)
  if (source[2] === '-') closeDescriptor(system.world, kernel, process, from)
}

function badDescriptor(shell: Interpreter, fd: number): string {
  return shell.state.dialect === 'ash' ? `dup2(${fd},1): Bad file descriptor` : `${fd}: Bad file descriptor`
}

function copyTo(shell: Interpreter, from: number, to: number): void {
  const { system, kernel, process } = shell
  const descriptor = process.descriptors.get(from)
  if (descriptor !== undefined && from !== to)
    duplicateDescriptor(system.world, kernel, process, descriptor, to)
}

type HereDoc = Extract<Redirection, { type: 'HereDoc' }>

async function hereDocument(shell: Interpreter, redirect: HereDoc): Promise<void> {
  const { body, delimiter } = redirect
  const parts = body.parts as Parameters<typeof expandQuoted>[1] | undefined
  const isPlain = delimiter?.quoted === true || parts === undefined
  let text = isPlain ? body.text : itemsText(await expandQuoted(shell, parts))
  if (redirect.operator === '<<-') text = text.replace(/^\t+/gm, '')
  await feed(shell, await descriptorNumber(shell, redirect, 0), text)
}

/** A pipe that already holds the text and has no writer. */
async function feed(shell: Interpreter, fd: number, text: string): Promise<void> {
  const { system, kernel, process } = shell
  const pipe = createPipe(kernel)
  duplicateDescriptor(system.world, kernel, process, { kind: 'pipe', pipe: pipe.id, end: 'read' }, fd)
  if (text !== '') pipe.chunks.push(text)
  pipe.length += text.length
}
