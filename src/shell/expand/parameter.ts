/** `${name…}` with all its operators. bash(1) "Parameter Expansion" */
import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash'
import { ExpansionError } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { elementsOf, getElement, getParameter, isName, setElement, setVariable } from '../variables.ts'
import { evaluateText } from './arithmetic.ts'
import { type Item, literal, quoted, splittable } from './items.ts'
import { patternRegExp, patternSource } from './pattern.ts'
import { expandItems, expandToPattern, expandToText, listItems } from './word.ts'

export async function expandParameter(
  shell: Interpreter,
  part: ParameterExpansionPart,
  isQuoted: boolean,
  split: boolean,
): Promise<Item[]> {
  const one = (text: string): Item[] => [isQuoted ? quoted(text) : split ? splittable(text) : literal(text)]
  const names = namesExpansion(shell, part)
  if (names !== null) return listItems(shell, names, '@', isQuoted, split)
  const list = listSign(part)
  if (list !== null) return expandList(shell, part, list, isQuoted, split)
  let value = await parameterValue(shell, part)
  if (part.prefix === '#') {
    if (value === undefined) shell.refuseUnset(part.parameter)
    return one(String([...(value ?? '')].length))
  }
  if (part.prefix === '!') value = value === undefined ? undefined : getParameter(shell, value)
  const { operation } = part
  if (operation?.type === 'Default') return expandDefault(shell, part, operation, value, isQuoted, split)
  if (value === undefined) shell.refuseUnset(part.parameter)
  if (operation === undefined) return one(value ?? '')
  return one(await applyOperation(shell, operation, value ?? '', part))
}

/** `${!prefix*}` and `${!array[@]}`. */
function namesExpansion(shell: Interpreter, part: ParameterExpansionPart): string[] | null {
  if (part.prefix !== '!') return null
  if (part.operation?.type === 'Names') {
    return [...shell.state.variables.keys()].filter((name) => name.startsWith(part.parameter)).sort()
  }
  const index = part.index?.text
  return index === '@' || index === '*' ? elementsOf(shell, part.parameter).keys : null
}

function listSign(part: ParameterExpansionPart): '@' | '*' | null {
  if (part.parameter === '@' || part.parameter === '*') return part.parameter
  const index = part.index?.text
  return index === '@' || index === '*' ? index : null
}

async function expandList(
  shell: Interpreter,
  part: ParameterExpansionPart,
  sign: '@' | '*',
  isQuoted: boolean,
  split: boolean,
): Promise<Item[]> {
  let { values } = elementsOf(shell, part.parameter)
  const { operation } = part
  if (part.prefix === '#') return [quoted(String(values.length))]
  if (operation?.type === 'Default') {
    const joined = values.length === 0 ? undefined : values.join(' ')
    const usesList = operation.operator.endsWith('+') === (joined === undefined || joined === '')
    if (!usesList || values.length === 0)
      return expandDefault(shell, part, operation, joined, isQuoted, split)
    return operation.operator.endsWith('+') ? [] : listItems(shell, values, sign, isQuoted, split)
  }
  if (operation?.type === 'Slice') values = await sliceList(shell, values, operation, part.parameter)
  else if (operation !== undefined) {
    const changed: string[] = []
    for (const value of values) changed.push(await applyOperation(shell, operation, value, part))
    values = changed
  }
  return listItems(shell, values, sign, isQuoted, split)
}

type Slice = Extract<ParameterOperation, { type: 'Slice' }>

/** Positional parameters count from 1; 0 is the shell's name. */
async function sliceList(
  shell: Interpreter,
  values: string[],
  slice: Slice,
  name: string,
): Promise<string[]> {
  const isPositional = name === '@' || name === '*'
  const all = isPositional ? [shell.state.name, ...values] : values
  const offset = Number(await evaluateText(shell, await expandToText(shell, slice.offset)))
  const start = offset < 0 ? Math.max(0, all.length + offset) : offset
  if (slice.length === undefined) return all.slice(start)
  return all.slice(start, start + Number(await evaluateText(shell, await expandToText(shell, slice.length))))
}

async function parameterValue(shell: Interpreter, part: ParameterExpansionPart): Promise<string | undefined> {
  if (part.index === undefined) return getParameter(shell, part.parameter)
  const index = await expandToText(shell, part.index)
  const isMap = shell.state.variables.get(part.parameter)?.kind === 'map'
  const number = isMap ? 0 : Number(await evaluateText(shell, index))
  return getElement(shell, part.parameter, index, () => number)
}

type Default = Extract<ParameterOperation, { type: 'Default' }>

async function expandDefault(
  shell: Interpreter,
  part: ParameterExpansionPart,
  operation: Default,
  value: string | undefined,
  isQuoted: boolean,
  split: boolean,
): Promise<Item[]> {
  const one = (text: string): Item[] => [isQuoted ? quoted(text) : split ? splittable(text) : literal(text)]
  const isMissing = value === undefined || (operation.operator.startsWith(':') && value === '')
  const kind = operation.operator.slice(-1)
  if (kind === '+') return isMissing ? one('') : operandItems(shell, operation.operand, isQuoted, split)
  if (!isMissing) return one(value)
  if (kind === '-') return operandItems(shell, operation.operand, isQuoted, split)
  const text = await expandToText(shell, operation.operand)
  if (kind === '?')
    throw new ExpansionError(`${part.parameter}: ${text || defaultComplaint(operation.operator)}`, 127)
  await assignDefault(shell, part, text)
  return one(text)
}

function defaultComplaint(operator: string): string {
  return operator.startsWith(':') ? 'parameter null or not set' : 'parameter not set'
}

async function assignDefault(shell: Interpreter, part: ParameterExpansionPart, text: string): Promise<void> {
  if (!isName(part.parameter)) throw new ExpansionError(`$${part.parameter}: cannot assign in this way`)
  if (part.index === undefined) return setVariable(shell, part.parameter, text)
  const index = await expandToText(shell, part.index)
  setElement(shell, part.parameter, index, text, Number(await evaluateText(shell, index)))
}

async function operandItems(
  shell: Interpreter,
  word: Word,
  isQuoted: boolean,
  split: boolean,
): Promise<Item[]> {
  const items = await expandItems(shell, word, split)
  if (isQuoted) return items.map((item) => (item.kind === 'break' ? item : quoted(item.text)))
  if (!split) return items
  return items.map((item) => (item.kind === 'text' && !item.quoted ? splittable(item.text) : item))
}

async function applyOperation(
  shell: Interpreter,
  operation: ParameterOperation,
  value: string,
  part: ParameterExpansionPart,
): Promise<string> {
  switch (operation.type) {
    case 'Remove':
      return remove(operation.operator, value, await expandToPattern(shell, operation.operand))
    case 'Replace': {
      const pattern = await expandToPattern(shell, operation.pattern)
      return replace(operation.operator, value, pattern, await expandToText(shell, operation.replacement))
    }
    case 'Slice':
      return sliceText(shell, value, operation)
    case 'CaseModification': {
      const pattern = operation.operand === undefined ? '?' : await expandToPattern(shell, operation.operand)
      return changeCase(operation.operator, value, pattern || '?')
    }
    case 'Transform':
      return transform((await expandToText(shell, operation.operand)).trim(), value)
    default:
      throw new ExpansionError(`${part.text}: bad substitution`)
  }
}

function remove(operator: string, value: string, pattern: string): string {
  const source = patternSource(pattern, false, operator.length === 2)
  if (operator.startsWith('#')) return value.replace(new RegExp(`^(?:${source})`, 's'), '')
  const regExp = patternRegExp(pattern)
  const starts = Array.from({ length: value.length + 1 }, (_, i) => i)
  const order = operator === '%%' ? starts : starts.reverse()
  const start = order.find((i) => regExp.test(value.slice(i)))
  return start === undefined ? value : value.slice(0, start)
}

function replace(operator: string, value: string, pattern: string, replacement: string): string {
  if (pattern === '')
    return operator === '/#' ? replacement + value : operator === '/%' ? value + replacement : value
  const source = patternSource(pattern)
  const anchored = operator === '/#' ? `^(?:${source})` : operator === '/%' ? `(?:${source})$` : source
  const regExp = new RegExp(anchored, operator === '//' ? 'gs' : 's')
  return value.replace(regExp, (match) => (match === '' && operator === '//' ? '' : replacement))
}

async function sliceText(shell: Interpreter, value: string, slice: Slice): Promise<string> {
  const characters = [...value]
  const offset = Number(await evaluateText(shell, await expandToText(shell, slice.offset)))
  const start = offset < 0 ? characters.length + offset : offset
  if (start < 0 || start > characters.length) return ''
  if (slice.length === undefined) return characters.slice(start).join('')
  const length = Number(await evaluateText(shell, await expandToText(shell, slice.length)))
  const end = length < 0 ? characters.length + length : start + length
  if (end < start) throw new ExpansionError(`${length}: substring expression < 0`)
  return characters.slice(start, end).join('')
}

function changeCase(operator: string, value: string, pattern: string): string {
  const regExp = patternRegExp(pattern)
  const toUpper = operator.startsWith('^')
  const change = (c: string): string => (regExp.test(c) ? (toUpper ? c.toUpperCase() : c.toLowerCase()) : c)
  const characters = [...value]
  if (operator.length === 2) return characters.map(change).join('')
  return characters.map((c, i) => (i === 0 ? change(c) : c)).join('')
}

function transform(operator: string, value: string): string {
  switch (operator) {
    case 'U':
      return value.toUpperCase()
    case 'L':
      return value.toLowerCase()
    case 'u':
      return value.slice(0, 1).toUpperCase() + value.slice(1)
    case 'Q':
      return quoteForReuse(value)
    case 'E':
      return value.replace(/\\n/g, '\n').replace(/\\t/g, '\t')
    default:
      return value
  }
}

/** As the shell could read it back: `'it'\''s'`. */
export function quoteForReuse(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
