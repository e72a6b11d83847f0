/** Variables and special parameters of a shell. bash(1) "PARAMETERS" */
import { ExpansionError } from './control.ts'
import type { Interpreter } from './interpreter.ts'
import { textVariable, type Variable } from './state.ts'

/** The value of a name, a number or a special parameter; undefined when unset. */
export function getParameter(shell: Interpreter, name: string): string | undefined {
  const { state } = shell
  if (/^\d+$/.test(name)) return name === '0' ? state.name : state.positional[Number(name) - 1]
  switch (name) {
    case '?':
      return String(state.status)
    case '#':
      return String(state.positional.length)
    case '$':
      return String(shell.shellPid())
    case '!':
      return state.lastBackground === null ? undefined : String(state.lastBackground)
    case '@':
    case '*':
      return state.positional.length === 0
        ? undefined
        : state.positional.join(name === '*' ? separator(shell) : ' ')
    case '-':
      return `${[...state.options].filter((one) => one.length === 1).join('')}hB${state.interactive ? 'i' : ''}`
    case '_':
      return shell.lastWord
  }
  return getDynamic(shell, name) ?? scalar(state.variables.get(name))
}

/** Variables that change by themselves, from the world's clock and seed. */
function getDynamic(shell: Interpreter, name: string): string | undefined {
  const { state, system } = shell
  if (!DYNAMIC.has(name)) return undefined
  const world = system.world
  switch (name) {
    case 'PWD':
      return shell.process.cwd
    case 'RANDOM':
      state.random = (Math.imul(state.random, 1103515245) + 12345 + world.seed) & 0x7fffffff
      return String((state.random >>> 8) & 0x7fff)
    case 'SECONDS':
      return String(Math.floor((world.nowUs - shell.process.startedUs) / 1e6))
    case 'EPOCHSECONDS':
      return String(Math.floor((world.epochMs + world.nowUs / 1000) / 1000))
    case 'LINENO':
      return String(shell.line)
    case 'PPID':
      return String(shell.parentPid())
    case 'BASHPID':
      return String(shell.ownPid())
    case 'UID':
    case 'EUID':
      return String(shell.process.uid)
    case 'HOSTNAME':
      return state.variables.has('HOSTNAME')
        ? undefined
        : shell.kernel.utsNamespaces.get(shell.process.utsns)?.hostname
  }
  return undefined
}

const DYNAMIC = new Set([
  'PWD',
  'RANDOM',
  'SECONDS',
  'EPOCHSECONDS',
  'LINENO',
  'PPID',
  'BASHPID',
  'UID',
  'EUID',
  'HOSTNAME',
])

export function separator(shell: Interpreter): string {
  const ifs = scalar(shell.state.variables.get('IFS'))
  return ifs === undefined ? ' ' : ifs.slice(0, 1)
}

export function scalar(variable: Variable | undefined): string | undefined {
  if (variable === undefined) return undefined
  if (typeof variable.value === 'string') return variable.value
  return variable.kind === 'array' ? (variable.value as Map<number, string>).get(0) : undefined
}

/** Throws for read-only variables. */
/** What a variable may hold before memory is said to be at its end. */
const LONGEST_VALUE = 1 << 26

export function setVariable(shell: Interpreter, name: string, value: string): void {
  if (value.length > LONGEST_VALUE)
    throw new ExpansionError(`xrealloc: cannot allocate ${value.length} bytes`, 2)
  const old = shell.state.variables.get(name)
  if (old?.readonly) throw new ExpansionError(`${name}: readonly variable`)
  if (old === undefined) {
    shell.state.variables.set(name, { ...textVariable(value), exported: shell.state.options.has('a') })
  } else if (old.kind === 'array') (old.value as Map<number, string>).set(0, value)
  else old.value = value
}

export function setElement(
  shell: Interpreter,
  name: string,
  index: string,
  value: string,
  isNumber: number,
): void {
  const variable = arrayOf(shell, name)
  if (variable.kind === 'map') (variable.value as Map<string, string>).set(index, value)
  else
    (variable.value as Map<number, string>).set(
      isNumber < 0 ? arrayEnd(variable) + isNumber : isNumber,
      value,
    )
}

export function arrayEnd(variable: Variable): number {
  return Math.max(-1, ...(variable.value as Map<number, string>).keys()) + 1
}

function arrayOf(shell: Interpreter, name: string): Variable {
  const old = shell.state.variables.get(name)
  if (old?.readonly) throw new ExpansionError(`${name}: readonly variable`)
  if (old !== undefined && old.kind !== 'text') return old
  const value = new Map<number, string>()
  if (old !== undefined) value.set(0, old.value as string)
  const variable: Variable = { ...(old ?? textVariable('')), kind: 'array', value }
  shell.state.variables.set(name, variable)
  return variable
}

export function setArray(shell: Interpreter, name: string, values: readonly string[], append: boolean): void {
  const variable = arrayOf(shell, name)
  const map = variable.value as Map<number, string>
  if (!append) map.clear()
  let next = append ? arrayEnd(variable) : 0
  for (const value of values) map.set(next++, value)
}

/** All values of an array, sorted by index; of a scalar, its one value. */
export function elementsOf(shell: Interpreter, name: string): { keys: string[]; values: string[] } {
  if (name === '@' || name === '*') {
    return { keys: shell.state.positional.map((_, i) => String(i + 1)), values: [...shell.state.positional] }
  }
  const variable = shell.state.variables.get(name)
  if (variable === undefined || typeof variable.value === 'string') {
    const value = getParameter(shell, name)
    return value === undefined ? { keys: [], values: [] } : { keys: ['0'], values: [value] }
  }
  const entries = [...(variable.value as Map<string | number, string>)]
  if (variable.kind === 'array') entries.sort(([x], [y]) => Number(x) - Number(y))
  return { keys: entries.map(([key]) => String(key)), values: entries.map(([, value]) => value) }
}

export function getElement(
  shell: Interpreter,
  name: string,
  index: string,
  number: () => number,
): string | undefined {
  const variable = shell.state.variables.get(name)
  if (variable?.kind === 'map') return (variable.value as Map<string, string>).get(index)
  const at = number()
  if (variable === undefined || typeof variable.value === 'string')
    return at === 0 ? getParameter(shell, name) : undefined
  const map = variable.value as Map<number, string>
  return map.get(at < 0 ? arrayEnd(variable) + at : at)
}

export function unsetVariable(shell: Interpreter, name: string): void {
  const old = shell.state.variables.get(name)
  if (old?.readonly) throw new ExpansionError(`${name}: cannot unset: readonly variable`)
  shell.state.variables.delete(name)
}

/** What a child gets as its environment. */
export function environmentOf(shell: Interpreter): Map<string, string> {
  const env = new Map<string, string>()
  for (const [name, variable] of shell.state.variables) {
    const value = name === 'PWD' ? shell.process.cwd : scalar(variable)
    if (variable.exported && value !== undefined) env.set(name, value)
  }
  return env
}

export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
}
