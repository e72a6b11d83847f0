/** A simple command: assignments, words, redirections; then a function, a builtin or a program. bash(1) */
import type { Assignment, Command, CommandArgument, Word } from 'unbash'
import { builtins, specialBuiltins } from '../builtins/table.ts'
import { ExpansionError } from '../control.ts'
import { evaluateText } from '../expand/arithmetic.ts'
import { expandToText, expandWords } from '../expand/word.ts'
import type { Interpreter } from '../interpreter.ts'
import { copyVariable, type Variable } from '../state.ts'
import { scalar, setArray, setElement, setVariable } from '../variables.ts'
import { expandAlias } from './alias.ts'
import { callFunction } from './function.ts'
import { runProgram } from './program.ts'
import {
  applyRedirects,
  RedirectionFailed,
  restoreDescriptors,
  saveDescriptors,
  withRedirects,
} from './redirect.ts'
import { closeSubstitutions } from './substitution.ts'
import { traceCommand } from './trace.ts'

const DECLARING = new Set(['export', 'local', 'declare', 'typeset', 'readonly'])

export async function runSimple(shell: Interpreter, node: Command): Promise<number> {
  try {
    return shell.checkStatus(await execute(shell, node))
  } catch (problem) {
    if (!(problem instanceof ExpansionError) || shell.where !== 'interactive') throw problem
    await shell.complain(problem.message)
    return shell.checkStatus(problem.status)
  } finally {
    if (shell.openSubstitutions.length > 0) closeSubstitutions(shell)
  }
}

async function execute(shell: Interpreter, given: Command): Promise<number> {
  const node = expandAlias(shell, given)
  shell.substitutionStatus = 0
  const assignments = node.prefix.filter((one): one is Assignment => one.type === 'Assignment')
  const words = node.name === undefined ? [] : await commandWords(shell, node.name, node.args)
  if (words.length === 0) return assignOnly(shell, node, assignments)
  const [name] = words as [string, ...string[]]
  await traceCommand(shell, words)
  shell.lastWord = words.at(-1)!
  if (shell.state.functions.has(name)) {
    return withAssignments(shell, assignments, () =>
      withRedirects(shell, node.redirects, () => callFunction(shell, words)),
    )
  }
  const builtin = builtins.get(name)
  if (builtin === undefined)
    return runProgram(shell, words, node.redirects, await environment(shell, assignments))
  if (name === 'exec') return runExec(shell, node, words)
  const run = (): Promise<number> => withRedirects(shell, node.redirects, async () => builtin(shell, words))
  if (specialBuiltins.has(name)) {
    await assignAll(shell, assignments)
    return run()
  }
  return withAssignments(shell, assignments, run)
}

/** `exec` alone keeps its redirections; with a command the shell becomes it. */
async function runExec(shell: Interpreter, node: Command, words: string[]): Promise<number> {
  const saved = saveDescriptors(shell)
  try {
    await applyRedirects(shell, node.redirects)
  } catch (problem) {
    restoreDescriptors(shell, saved)
    if (!(problem instanceof RedirectionFailed)) throw problem
    return 1
  }
  for (const descriptor of saved.values()) releaseCopy(shell, descriptor)
  return builtins.get('exec')!(shell, words)
}

function releaseCopy(shell: Interpreter, descriptor: Parameters<typeof isPipe>[0]): void {
  if (!isPipe(descriptor)) return
  const pipe = shell.kernel.pipes.get(descriptor.pipe)
  if (pipe === undefined) return
  if (descriptor.end === 'read') pipe.readers--
  else pipe.writers--
}

function isPipe(descriptor: {
  kind: string
}): descriptor is { kind: 'pipe'; pipe: number; end: 'read' | 'write' } {
  return descriptor.kind === 'pipe'
}

async function commandWords(
  shell: Interpreter,
  name: Word,
  args: readonly CommandArgument[],
): Promise<string[]> {
  const words = await expandWords(shell, [name])
  const declares = words.length === 1 && DECLARING.has(words[0]!)
  for (const argument of args) {
    if (argument.type === 'Word') words.push(...(await expandWords(shell, [argument])))
    else words.push(await declarationText(shell, argument, declares))
  }
  return words
}

/** `export a=$b`: no splitting; an array value is passed on in a form that `declare` reads. */
async function declarationText(
  shell: Interpreter,
  assignment: Assignment,
  declares: boolean,
): Promise<string> {
  const { value } = assignment
  const sign = assignment.append ? '+=' : '='
  const name =
    assignment.index === undefined ? assignment.name : `${assignment.name}[${assignment.index.text}]`
  if (value.type === 'ArrayValue') {
    if (declares) await assign(shell, { ...assignment, append: assignment.append })
    return assignment.name
  }
  return `${name}${sign}${await expandToText(shell, value)}`
}

async function assignOnly(
  shell: Interpreter,
  node: Command,
  assignments: readonly Assignment[],
): Promise<number> {
  await assignAll(shell, assignments)
  if (shell.state.options.has('x') && assignments.length > 0) {
    await traceCommand(
      shell,
      assignments.map((one) => `${one.name}=${scalar(shell.state.variables.get(one.name)) ?? ''}`),
    )
  }
  if (node.redirects.length > 0)
    return withRedirects(shell, node.redirects, async () => shell.substitutionStatus)
  return shell.substitutionStatus
}

async function assignAll(shell: Interpreter, assignments: readonly Assignment[]): Promise<void> {
  for (const assignment of assignments) await assign(shell, assignment)
}

export async function assign(shell: Interpreter, node: Assignment): Promise<void> {
  const { name, value, append } = node
  if (value.type === 'ArrayValue') return assignArray(shell, node)
  let text = await expandToText(shell, value)
  const old = shell.state.variables.get(name)
  if (old?.integer) text = String(await evaluateText(shell, append ? `${scalar(old) || 0}+(${text})` : text))
  else if (append && node.index === undefined) text = (scalar(old) ?? '') + text
  if (node.index === undefined) return setVariable(shell, name, text)
  const index = await expandToText(shell, node.index)
  const isMap = old?.kind === 'map'
  setElement(shell, name, index, text, isMap ? 0 : Number(await evaluateText(shell, index)))
}

async function assignArray(shell: Interpreter, node: Assignment): Promise<void> {
  const { value, name } = node
  if (value.type !== 'ArrayValue') return
  const keyed = value.elements.map((word) => /^\[(.*?)\]=/s.exec(word.text))
  if (keyed.some((match) => match !== null)) return assignKeyed(shell, node)
  setArray(shell, name, await expandWords(shell, value.elements), node.append === true)
}

async function assignKeyed(shell: Interpreter, node: Assignment): Promise<void> {
  if (node.value.type !== 'ArrayValue') return
  if (node.append !== true && shell.state.variables.get(node.name)?.kind !== 'map')
    setArray(shell, node.name, [], false)
  const isMap = shell.state.variables.get(node.name)?.kind === 'map'
  let next = 0
  for (const word of node.value.elements) {
    const text = await expandToText(shell, word)
    const match = /^\[(.*?)\]=(.*)$/s.exec(text)
    const number = match === null ? next : isMap ? 0 : Number(await evaluateText(shell, match[1]!))
    setElement(shell, node.name, match?.[1] ?? String(next), match?.[2] ?? text, number)
    next = number + 1
  }
}

/** Assignments before a command hold for it alone. */
async function withAssignments(
  shell: Interpreter,
  assignments: readonly Assignment[],
  code: () => Promise<number>,
): Promise<number> {
  if (assignments.length === 0) return code()
  const saved = new Map<string, Variable | undefined>()
  for (const { name } of assignments) {
    const old = shell.state.variables.get(name)
    saved.set(name, old === undefined ? undefined : copyVariable(old))
  }
  await assignAll(shell, assignments)
  for (const name of saved.keys()) shell.state.variables.get(name)!.exported = true
  try {
    return await code()
  } finally {
    restoreVariables(shell, saved)
  }
}

export function restoreVariables(shell: Interpreter, saved: ReadonlyMap<string, Variable | undefined>): void {
  for (const [name, old] of saved) {
    if (old === undefined) shell.state.variables.delete(name)
    else shell.state.variables.set(name, old)
  }
}

async function environment(
  shell: Interpreter,
  assignments: readonly Assignment[],
): Promise<Map<string, string>> {
  const extra = new Map<string, string>()
  for (const { name, value, append } of assignments) {
    if (value.type === 'ArrayValue') continue
    const text = await expandToText(shell, value)
    extra.set(name, append ? (scalar(shell.state.variables.get(name)) ?? '') + text : text)
  }
  return extra
}
