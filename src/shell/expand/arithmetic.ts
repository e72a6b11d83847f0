/** `$(( ))`, `(( ))`, array indexes: 64-bit whole numbers. bash(1) "ARITHMETIC EVALUATION" */

import type { ArithmeticExpression, ArithmeticWord } from 'unbash'
import { parse } from 'unbash'
import { ExpansionError } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { getElement, getParameter, setElement, setVariable } from '../variables.ts'
import { expandToText } from './word.ts'

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value)

export async function evaluateArithmetic(
  shell: Interpreter,
  expression: ArithmeticExpression | undefined,
  text = '',
): Promise<bigint> {
  if (expression === undefined) return 0n
  try {
    return wrap(await evaluate(shell, expression, 0))
  } catch (problem) {
    if (!(problem instanceof ExpansionError) || !/^(division|exponent|attempted)/.test(problem.message))
      throw problem
    throw new ExpansionError(`${text.trim()}: ${problem.message}`)
  }
}

/** A text as an expression: what a variable holds, what `let` and an index are given. */
export async function evaluateText(shell: Interpreter, text: string, depth = 0): Promise<bigint> {
  const trimmed = text.trim()
  if (trimmed === '') return 0n
  const number = parseNumber(trimmed)
  if (number !== null) return number
  if (depth > 100)
    throw new ExpansionError(`${trimmed}: expression recursion level exceeded (error token is "${trimmed}")`)
  const statement = parse(`((${trimmed}))`).commands[0]?.command
  if (statement?.type !== 'ArithmeticCommand' || statement.expression === undefined)
    throw syntaxError(trimmed)
  return wrap(await evaluate(shell, statement.expression, depth + 1))
}

function syntaxError(text: string): ExpansionError {
  const token = /[^\w\s]*\s*$/.exec(text)?.[0] || text
  return new ExpansionError(`${text}: syntax error: operand expected (error token is "${token}")`)
}

export function parseNumber(text: string): bigint | null {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return BigInt(text)
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`)
  if (/^\d+$/.test(text)) {
    if (text.length > 1 && text.startsWith('0')) {
      throw new ExpansionError(`${text}: value too great for base (error token is "${text}")`)
    }
    return wrap(BigInt(text))
  }
  const based = /^(\d+)#([0-9a-zA-Z@_]+)$/.exec(text)
  return based === null ? null : parseBased(Number(based[1]), based[2]!)
}

function parseBased(base: number, digits: string): bigint {
  const order = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_'
  let value = 0n
  for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
    value = value * BigInt(base) + BigInt(order.indexOf(digit))
  }
  return value
}

async function evaluate(shell: Interpreter, node: ArithmeticExpression, depth: number): Promise<bigint> {
  switch (node.type) {
    case 'ArithmeticWord':
      return valueOfWord(shell, node, depth)
    case 'ArithmeticGroup':
      return evaluate(shell, node.expression, depth)
    case 'ArithmeticCommandExpansion':
      return evaluateText(shell, await shell.substitute(node.script), depth)
    case 'ArithmeticTernary':
      return (await evaluate(shell, node.test, depth)) !== 0n
        ? evaluate(shell, node.consequent, depth)
        : evaluate(shell, node.alternate, depth)
    case 'ArithmeticUnary':
      return unary(shell, node, depth)
    case 'ArithmeticBinary':
      return binary(shell, node, depth)
  }
}

async function wordText(shell: Interpreter, node: ArithmeticWord): Promise<string> {
  if (node.parts === undefined) {
    if (!/[$`"'\\]/.test(node.value)) return node.value
    const word = parse(`: ${node.value}`).commands[0]?.command
    const first = word?.type === 'Command' ? word.suffix[0] : undefined
    return first?.type === 'Word' ? expandToText(shell, first) : node.value
  }
  return expandToText(shell, { ...node, type: 'Word', text: node.value })
}

async function valueOfWord(shell: Interpreter, node: ArithmeticWord, depth: number): Promise<bigint> {
  const text = await wordText(shell, node)
  const number = parseNumber(text)
  if (number !== null) return number
  const target = targetOf(text)
  if (target === null) return node.parts === undefined ? fail(text) : evaluateText(shell, text, depth + 1)
  const value = await read(shell, target)
  if (value === undefined && shell.state.options.has('u'))
    throw new ExpansionError(`${target.name}: unbound variable`)
  return evaluateText(shell, value ?? '', depth + 1)
}

function fail(text: string): never {
  throw syntaxError(text)
}

interface Target {
  readonly name: string
  readonly index: string | null
}

function targetOf(text: string): Target | null {
  const match = /^([A-Za-z_]\w*)(?:\[(.*)\])?$/s.exec(text)
  return match === null ? null : { name: match[1]!, index: match[2] ?? null }
}

async function read(shell: Interpreter, target: Target): Promise<string | undefined> {
  if (target.index === null) return getParameter(shell, target.name)
  const number = Number(await evaluateText(shell, target.index, 1).catch(() => 0n))
  return getElement(shell, target.name, target.index, () => number)
}

async function assign(shell: Interpreter, node: ArithmeticExpression, value: bigint): Promise<bigint> {
  const target = node.type === 'ArithmeticWord' ? targetOf(node.value) : null
  if (target === null) throw new ExpansionError('attempted assignment to non-variable')
  const text = String(wrap(value))
  if (target.index === null) setVariable(shell, target.name, text)
  else setElement(shell, target.name, target.index, text, Number(await evaluateText(shell, target.index, 1)))
  return wrap(value)
}

type Unary = Extract<ArithmeticExpression, { type: 'ArithmeticUnary' }>

async function unary(shell: Interpreter, node: Unary, depth: number): Promise<bigint> {
  const value = await evaluate(shell, node.operand, depth)
  switch (node.operator) {
    case '-':
      return -value
    case '+':
      return value
    case '!':
      return value === 0n ? 1n : 0n
    case '~':
      return ~value
    default: {
      const changed = node.operator === '++' ? value + 1n : value - 1n
      await assign(shell, node.operand, changed)
      return node.prefix ? changed : value
    }
  }
}

type Binary = Extract<ArithmeticExpression, { type: 'ArithmeticBinary' }>

async function binary(shell: Interpreter, node: Binary, depth: number): Promise<bigint> {
  const { operator } = node
  if (operator === '=') return assign(shell, node.left, await evaluate(shell, node.right, depth))
  const left = await evaluate(shell, node.left, depth)
  if (operator === '&&') return left !== 0n && (await evaluate(shell, node.right, depth)) !== 0n ? 1n : 0n
  if (operator === '||') return left !== 0n || (await evaluate(shell, node.right, depth)) !== 0n ? 1n : 0n
  const right = await evaluate(shell, node.right, depth)
  if (/^(<<|>>|[-+*/%&|^])=$/.test(operator)) {
    return assign(shell, node.left, compute(operator.slice(0, -1), left, right))
  }
  return compute(operator, left, right)
}

function compute(operator: string, x: bigint, y: bigint): bigint {
  const truth = (value: boolean): bigint => (value ? 1n : 0n)
  switch (operator) {
    case '+':
      return wrap(x + y)
    case '-':
      return wrap(x - y)
    case '*':
      return wrap(x * y)
    case '/':
    case '%':
      if (y === 0n) throw new ExpansionError('division by 0 (error token is "0")')
      return operator === '/' ? x / y : x % y
    case '**':
      if (y < 0n) throw new ExpansionError('exponent less than 0 (error token is "-1")')
      return power(x, y)
    case '<<':
      return wrap(x << (y & 63n))
    case '>>':
      return x >> (y & 63n)
    case '&':
      return x & y
    case '|':
      return x | y
    case '^':
      return x ^ y
    case '<':
      return truth(x < y)
    case '>':
      return truth(x > y)
    case '<=':
      return truth(x <= y)
    case '>=':
      return truth(x >= y)
    case '==':
      return truth(x === y)
    case '!=':
      return truth(x !== y)
    case ',':
      return y
    default:
      throw new ExpansionError(`syntax error: invalid arithmetic operator (error token is "${operator}")`)
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = base
  for (let n = exponent; n > 0n; n >>= 1n) {
    if (n & 1n) result = wrap(result * factor)
    factor = wrap(factor * factor)
  }
  return result
}
