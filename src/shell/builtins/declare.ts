/** `export`, `local`, `readonly`, `declare`, `unset`, `let`. */
import { evaluateText } from '../expand/arithmetic.ts'
import { quoteForReuse } from '../expand/parameter.ts'
import type { Interpreter } from '../interpreter.ts'
import { copyVariable, textVariable, type Variable } from '../state.ts'
import { elementsOf, isName, scalar, setElement, setVariable, unsetVariable } from '../variables.ts'

interface Flags {
  readonly on: Set<string>
  readonly off: Set<string>
  readonly names: string[]
}

function readFlags(words: readonly string[]): Flags {
  const flags: Flags = { on: new Set(), off: new Set(), names: [] }
  let isEnd = false
  for (const word of words.slice(1)) {
    if (word === '--' && !isEnd) isEnd = true
    else if (!isEnd && /^[-+][a-zA-Z]+$/.test(word))
      for (const c of word.slice(1)) (word[0] === '-' ? flags.on : flags.off).add(c)
    else flags.names.push(word)
  }
  return flags
}

/** `name`, `name=value`, `name+=value`, `name[i]=value`; false when it is no name. */
async function assignText(shell: Interpreter, builtin: string, text: string): Promise<string | null> {
  const match = /^([A-Za-z_]\w*)(?:\[(.*)\])?(?:(\+?)=(.*))?$/s.exec(text)
  if (match === null) {
    await shell.complain(`${builtin}: \`${text}': not a valid identifier`)
    return null
  }
  const [, name, index, plus, value] = match as unknown as [string, string, string?, string?, string?]
  if (value === undefined) return name
  if (index !== undefined) {
    const isMap = shell.state.variables.get(name)?.kind === 'map'
    setElement(shell, name, index, value, isMap ? 0 : Number(await evaluateText(shell, index)))
    return name
  }
  const old = shell.state.variables.get(name)
  const integer = old?.integer ? String(await evaluateText(shell, value)) : value
  setVariable(shell, name, plus === '+' ? (scalar(old) ?? '') + value : integer)
  return name
}

export async function exportNames(shell: Interpreter, words: readonly string[]): Promise<number> {
  const flags = readFlags(words)
  if (flags.names.length === 0) return listExported(shell)
  let status = 0
  for (const text of flags.names) {
    const name = await assignText(shell, 'export', text)
    if (name === null) status = 1
    else variableOf(shell, name).exported = !flags.on.has('n')
  }
  return status
}

function variableOf(shell: Interpreter, name: string): Variable {
  let variable = shell.state.variables.get(name)
  if (variable === undefined) {
    variable = textVariable('')
    shell.state.variables.set(name, variable)
  }
  return variable
}

async function listExported(shell: Interpreter): Promise<number> {
  const names = [...shell.state.variables].filter(([, variable]) => variable.exported).map(([name]) => name)
  const isBash = shell.state.dialect === 'bash'
  for (const name of names.sort()) {
    const value = scalar(shell.state.variables.get(name)) ?? ''
    await shell.write(
      1,
      isBash ? `declare -x ${name}="${escapeDouble(value)}"\n` : `export ${name}=${quoteForReuse(value)}\n`,
    )
  }
  return 0
}

function escapeDouble(value: string): string {
  return value.replace(/["\\$`]/g, '\\$&')
}

export async function readonly(shell: Interpreter, words: readonly string[]): Promise<number> {
  let status = 0
  for (const text of readFlags(words).names) {
    const name = await assignText(shell, 'readonly', text)
    if (name === null) status = 1
    else variableOf(shell, name).readonly = true
  }
  return status
}

export async function local(shell: Interpreter, words: readonly string[]): Promise<number> {
  if (shell.frames.length === 0) {
    await shell.complain(
      shell.state.dialect === 'bash' ? 'local: can only be used in a function' : 'local: not in a function',
    )
    return 1
  }
  return declareIn(shell, words, true)
}

export function declare(shell: Interpreter, words: readonly string[]): Promise<number> {
  return declareIn(shell, words, shell.frames.length > 0 && !words.some((word) => /^-\w*g/.test(word)))
}

async function declareIn(shell: Interpreter, words: readonly string[], isLocal: boolean): Promise<number> {
  const flags = readFlags(words)
  if (flags.on.has('f') || flags.on.has('F')) return listFunctions(shell, flags)
  if (flags.names.length === 0 || flags.on.has('p')) return listVariables(shell, flags.names)
  let status = 0
  for (const text of flags.names) {
    const name = /^\w+/.exec(text)?.[0] ?? ''
    if (isLocal && isName(name)) hide(shell, name)
    prepare(shell, name, flags)
    if ((await assignText(shell, words[0]!, text)) === null) status = 1
    const variable = shell.state.variables.get(name)
    if (variable !== undefined) setFlags(variable, flags)
  }
  return status
}

/** Before the value: `-a`, `-A`, `-i` change how it is stored. */
function prepare(shell: Interpreter, name: string, flags: Flags): void {
  const old = shell.state.variables.get(name)
  if (flags.on.has('A') && old?.kind !== 'map') {
    shell.state.variables.set(name, { ...textVariable(''), kind: 'map', value: new Map<string, string>() })
  } else if (flags.on.has('a') && (old === undefined || old.kind === 'text')) {
    shell.state.variables.set(name, { ...textVariable(''), kind: 'array', value: new Map<number, string>() })
  } else if (flags.on.has('i')) variableOf(shell, name).integer = true
}

function setFlags(variable: Variable, flags: Flags): void {
  if (flags.on.has('x')) variable.exported = true
  if (flags.off.has('x')) variable.exported = false
  if (flags.on.has('r')) variable.readonly = true
}

function hide(shell: Interpreter, name: string): void {
  const frame = shell.frames.at(-1)!
  if (frame.saved.has(name)) return
  const old = shell.state.variables.get(name)
  frame.saved.set(name, old === undefined ? undefined : copyVariable(old))
  shell.state.variables.delete(name)
}

async function listFunctions(shell: Interpreter, flags: Flags): Promise<number> {
  const names = flags.names.length > 0 ? flags.names : [...shell.state.functions.keys()].sort()
  let status = 0
  for (const name of names) {
    const body = shell.state.functions.get(name)
    if (body === undefined) status = 1
    else await shell.write(1, flags.on.has('F') ? `declare -f ${name}\n` : `${name} () \n${body}\n`)
  }
  return status
}

async function listVariables(shell: Interpreter, names: readonly string[]): Promise<number> {
  let status = 0
  for (const name of names.length > 0 ? names : [...shell.state.variables.keys()].sort()) {
    const variable = shell.state.variables.get(name)
    if (variable === undefined) {
      await shell.complain(`declare: ${name}: not found`)
      status = 1
    } else await shell.write(1, `declare ${describe(shell, name, variable)}\n`)
  }
  return status
}

function describe(shell: Interpreter, name: string, variable: Variable): string {
  const letters = `${variable.kind === 'array' ? 'a' : ''}${variable.kind === 'map' ? 'A' : ''}${variable.integer ? 'i' : ''}${variable.readonly ? 'r' : ''}${variable.exported ? 'x' : ''}`
  const flags = letters === '' ? '--' : `-${letters}`
  if (typeof variable.value === 'string') return `${flags} ${name}="${escapeDouble(variable.value)}"`
  const { keys, values } = elementsOf(shell, name)
  const inside = keys.map((key, i) => `[${key}]="${escapeDouble(values[i]!)}"`).join(' ')
  return `${flags} ${name}=(${inside}${variable.kind === 'map' && keys.length > 0 ? ' ' : ''})`
}

export async function unset(shell: Interpreter, words: readonly string[]): Promise<number> {
  const flags = readFlags(words)
  for (const name of flags.names) {
    const element = /^(\w+)\[(.*)\]$/.exec(name)
    if (element !== null) await unsetElement(shell, element[1]!, element[2]!)
    else if (flags.on.has('f') || (!flags.on.has('v') && !shell.state.variables.has(name)))
      shell.state.functions.delete(name)
    else unsetVariable(shell, name)
  }
  return 0
}

async function unsetElement(shell: Interpreter, name: string, index: string): Promise<void> {
  const variable = shell.state.variables.get(name)
  if (variable === undefined || typeof variable.value === 'string') return
  if (variable.kind === 'map') (variable.value as Map<string, string>).delete(index)
  else (variable.value as Map<number, string>).delete(Number(await evaluateText(shell, index)))
}

export async function letNumbers(shell: Interpreter, words: readonly string[]): Promise<number> {
  let last = 0n
  for (const text of words.slice(1)) last = await evaluateText(shell, text)
  return last === 0n ? 1 : 0
}
