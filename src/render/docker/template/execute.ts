/** Runs a parsed template over data. text/template/exec.go */
import type { ApiStruct, ApiValue } from '../../../sim/base/api-value.ts'
import { sortedEntries } from '../json.ts'
import { functionNames, type TemplateFunction, templateFunctions } from './functions.ts'
import { TemplateError } from './lexer.ts'
import { type Node, type Operand, type Pipe, parseTemplate } from './parser.ts'
import { isStruct, printed, truth, typeName } from './values.ts'

export interface Template {
  readonly source: string
  readonly nodes: readonly Node[]
}

export interface ExecuteOptions {
  /** Go's name of the type of the data: `*formatter.ContainerContext`. */
  readonly typeName?: string
  /** `missingkey=error`: a map without the key is an error. */
  readonly strictMaps?: boolean
  /** Methods of the data that take arguments: `.Label "key"`. */
  readonly methods?: Readonly<Record<string, TemplateFunction>>
}

/** Throws a `TemplateError` with Go's whole message. */
export function compileTemplate(source: string): Template {
  try {
    return { source, nodes: parseTemplate(source, functionNames) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new TemplateError(`template: :${lineOf(source, error.at).line}: ${error.message}`, error.at)
  }
}

function lineOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at)
  return { line: before.split('\n').length, column: at - (before.lastIndexOf('\n') + 1) }
}

interface State {
  readonly template: Template
  readonly root: ApiValue
  readonly options: ExecuteOptions
  readonly variables: [string, ApiValue][]
  output: string
  /** What was looked up last is no key of its map: then nothing is printed as `<no value>`. */
  isMissing?: boolean
}

export function executeTemplate(template: Template, data: ApiValue, options: ExecuteOptions = {}): string {
  const state: State = { template, root: data, options, variables: [['$', data]], output: '' }
  walk(state, data, template.nodes)
  return state.output
}

function fail(
  state: State,
  at: { readonly at: number; readonly text: string },
  message: string,
): TemplateError {
  const { line, column } = lineOf(state.template.source, at.at)
  return new TemplateError(`template: :${line}:${column}: executing "" at <${at.text}>: ${message}`, at.at)
}

function walk(state: State, dot: ApiValue, nodes: readonly Node[]): void {
  for (const node of nodes) {
    if (node.kind === 'text') state.output += node.text
    else if (node.kind === 'action') {
      state.isMissing = false
      const value = evaluatePipe(state, dot, node.pipe)
      if (node.pipe.declares.length === 0)
        state.output += value === undefined && state.isMissing ? '<no value>' : printed(value)
    } else scoped(state, () => branch(state, dot, node))
  }
}

function scoped(state: State, run: () => void): void {
  const mark = state.variables.length
  run()
  state.variables.length = mark
}

function branch(state: State, dot: ApiValue, node: Exclude<Node, { kind: 'text' | 'action' }>): void {
  if (node.kind === 'range') return range(state, dot, node)
  const value = evaluatePipe(state, dot, node.pipe)
  if (truth(value)) walk(state, node.kind === 'with' ? value : dot, node.body)
  else walk(state, dot, node.otherwise)
}

function range(state: State, dot: ApiValue, node: Exclude<Node, { kind: 'text' | 'action' }>): void {
  const value = evaluatePipe(state, dot, { ...node.pipe, declares: [] })
  const items = itemsOf(value)
  if (items === null) throw fail(state, node.pipe, `range can't iterate over ${printed(value)}`)
  if (items.length === 0) return walk(state, dot, node.otherwise)
  const names = node.pipe.declares
  for (const [key, item] of items) {
    scoped(state, () => {
      if (names.length === 1) state.variables.push([names[0]!, item])
      if (names.length === 2) state.variables.push([names[0]!, key], [names[1]!, item])
      walk(state, item, node.body)
    })
  }
}

function itemsOf(value: ApiValue): [ApiValue, ApiValue][] | null {
  if (Array.isArray(value)) return value.map((item, i) => [i, item])
  if (value instanceof Map) return sortedEntries(value)
  return value === null ? [] : null
}

function evaluatePipe(state: State, dot: ApiValue, pipe: Pipe): ApiValue {
  let value: ApiValue
  let isFirst = true
  for (const command of pipe.commands) {
    value = evaluateCommand(state, dot, command.words, isFirst ? [] : [value])
    isFirst = false
  }
  for (const name of pipe.declares) assign(state, name, value, pipe.isAssignment)
  return value
}

function assign(state: State, name: string, value: ApiValue, isAssignment: boolean): void {
  const known = isAssignment ? state.variables.findLast(([other]) => other === name) : undefined
  if (known !== undefined) known[1] = value
  else state.variables.push([name, value])
}

function evaluateCommand(
  state: State,
  dot: ApiValue,
  words: readonly Operand[],
  last: readonly ApiValue[],
): ApiValue {
  const [first, ...rest] = words as [Operand, ...Operand[]]
  const values = (): ApiValue[] => [...rest.map((word) => evaluate(state, dot, word)), ...last]
  const text = words.map((word) => word.text).join(' ')
  if (first.kind === 'function')
    return call(state, { ...first, text }, templateFunctions[first.name]!, values())
  if (first.kind === 'field' && first.names.length === 1 && dot === state.root) {
    const method = state.options.methods?.[first.names[0]!]
    if (method !== undefined) return call(state, first, method, values())
  }
  if (rest.length > 0 || last.length > 0) {
    if (first.kind === 'field' || first.kind === 'variable' || first.kind === 'chain') {
      evaluate(state, dot, first)
      const name = first.names.at(-1) ?? first.text
      throw fail(state, first, `${name} has arguments but cannot be invoked as function`)
    }
    throw fail(state, first, `can't give argument to non-function ${first.text}`)
  }
  return evaluate(state, dot, first)
}

function call(
  state: State,
  at: Operand & { kind: 'function' | 'field' },
  run: TemplateFunction,
  values: ApiValue[],
): ApiValue {
  try {
    // What JSON gave is looked at again as it was written: a number is the text of its digits.
    const isText = state.options.strictMaps === true && at.kind === 'function' && at.name === 'len'
    return run(...(isText ? values.map((one) => (typeof one === 'number' ? String(one) : one)) : values))
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TemplateError) throw error
    const name = at.kind === 'function' ? at.name : at.names[0]!
    throw fail(state, at, `error calling ${name}: ${error.message}`)
  }
}

function evaluate(state: State, dot: ApiValue, operand: Operand): ApiValue {
  switch (operand.kind) {
    case 'dot':
      return dot
    case 'nil':
      return undefined
    case 'constant':
      return operand.value
    case 'field':
      return fields(state, dot, operand.names, operand)
    case 'variable': {
      const known = state.variables.findLast(([name]) => name === operand.name)
      if (known === undefined) throw new TemplateError(`undefined variable "${operand.name}"`, operand.at)
      return fields(state, known[1], operand.names, operand)
    }
    case 'chain':
      return fields(state, evaluate(state, dot, operand.base), operand.names, operand)
    case 'pipe':
      return evaluatePipe(state, dot, operand.pipe)
    case 'function':
      return call(state, operand, templateFunctions[operand.name]!, [])
  }
}

function fields(
  state: State,
  start: ApiValue,
  names: readonly string[],
  at: { readonly at: number; readonly text: string },
): ApiValue {
  return names.reduce<ApiValue>((value, name) => field(state, value, name, at), start)
}

function field(
  state: State,
  value: ApiValue,
  name: string,
  at: { readonly at: number; readonly text: string },
): ApiValue {
  if (value instanceof Map) {
    if (value.has(name)) return value.get(name)
    if (state.options.strictMaps === true) throw fail(state, at, `map has no entry for key "${name}"`)
    state.isMissing = true
    return undefined
  }
  if (isStruct(value)) return structField(state, value, name, at)
  if (value === null || value === undefined)
    throw fail(state, at, `nil pointer evaluating interface {}.${name}`)
  const type = state.options.strictMaps === true ? 'interface {}' : typeName(value)
  throw fail(state, at, `can't evaluate field ${name} in type ${type}`)
}

/** Fields that JSON leaves out have their type's zero value all the same: most are strings. */
const POINTERS = new Set(['Health', 'Healthcheck', 'StopTimeout', 'Init', 'SizeRw', 'SizeRootFs'])
const MAPS = new Set(['ExposedPorts', 'Tmpfs', 'Sysctls', 'AuxiliaryAddresses'])

function zeroOf(name: string): ApiValue {
  if (POINTERS.has(name)) return undefined
  return MAPS.has(name) ? new Map() : ''
}

/** Fields that JSON calls otherwise. */
const GO_NAMES = new Map([['APIVersion', 'ApiVersion']])

function structField(
  state: State,
  value: ApiStruct,
  name: string,
  at: { readonly at: number; readonly text: string },
): ApiValue {
  const field = GO_NAMES.get(name)
  if (field !== undefined && Object.hasOwn(value, field)) return value[field]
  if (Object.hasOwn(value, name)) return value[name] === undefined ? zeroOf(name) : value[name]
  const type = value === state.root ? (state.options.typeName ?? 'struct') : 'struct'
  throw fail(state, at, `can't evaluate field ${name} in type ${type}`)
}
