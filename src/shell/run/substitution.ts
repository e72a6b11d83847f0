/** `$( … )`, backquotes, `<( … )`. bash(1) "Command Substitution", "Process Substitution" */
import type { ParsedScript } from 'unbash'
import { closeDescriptor, duplicateDescriptor, freeDescriptor } from '../../sim/kernel/task/descriptor.ts'
import { createPipe } from '../../sim/kernel/task/pipe.ts'
import { ExpansionError } from '../control.ts'
import { readPiece } from '../input.ts'
import type { Interpreter } from '../interpreter.ts'
import { forkProcess, startChild } from './subshell.ts'

/** Most text a substitution may yield. */
const MOST = 16 << 20

export async function substitute(shell: Interpreter, script: ParsedScript | undefined): Promise<string> {
  if (script === undefined || script.commands.length === 0) return fileSubstitution()
  if (script.errors !== undefined && script.errors.length > 0) throw new ExpansionError('bad substitution')
  const pipe = createPipe(shell.kernel)
  const descriptors = new Map(shell.process.descriptors)
  descriptors.set(1, { kind: 'pipe', pipe: pipe.id, end: 'write' })
  const process = await forkProcess(shell, { descriptors })
  const { world } = shell.system
  const fd = freeDescriptor(shell.process, 60)
  duplicateDescriptor(world, shell.kernel, shell.process, { kind: 'pipe', pipe: pipe.id, end: 'read' }, fd)
  const child = startChild(shell, process, (inner) => {
    inner.mayReplace = true
    inner.guarded = 0
    return inner.runScript(script, script.source ?? inner.source)
  })
  let text = ''
  try {
    for (let piece = await readPiece(shell, fd); piece !== null; piece = await readPiece(shell, fd)) {
      text += piece
      if (text.length > MOST) break
    }
  } finally {
    closeDescriptor(world, shell.kernel, shell.process, fd)
  }
  await shell.until(() => child.handle.done)
  shell.substitutionStatus = child.handle.status
  shell.state.status = child.handle.status
  return text.replaceAll('\0', '').replace(/\n+$/, '')
}

function fileSubstitution(): string {
  return ''
}

/** A descriptor by its path; the process beside goes on by itself. */
export async function processSubstitution(
  shell: Interpreter,
  operator: '<' | '>',
  script: ParsedScript | undefined,
): Promise<string> {
  if (script === undefined) throw new ExpansionError('bad substitution')
  const pipe = createPipe(shell.kernel)
  const descriptors = new Map(shell.process.descriptors)
  const inner = operator === '<' ? 'write' : 'read'
  descriptors.set(operator === '<' ? 1 : 0, { kind: 'pipe', pipe: pipe.id, end: inner })
  const process = await forkProcess(shell, { descriptors })
  let fd = 63
  while (shell.process.descriptors.has(fd)) fd--
  const outer = operator === '<' ? 'read' : 'write'
  const { world } = shell.system
  duplicateDescriptor(world, shell.kernel, shell.process, { kind: 'pipe', pipe: pipe.id, end: outer }, fd)
  startChild(shell, process, (child) => {
    child.mayReplace = true
    return child.runScript(script, script.source ?? child.source)
  })
  shell.openSubstitutions.push(fd)
  return `/dev/fd/${fd}`
}

/** After the command: the ends that were lent to it are closed. */
export function closeSubstitutions(shell: Interpreter): void {
  for (const fd of shell.openSubstitutions.splice(0)) {
    closeDescriptor(shell.system.world, shell.kernel, shell.process, fd)
  }
}
