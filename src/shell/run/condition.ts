/** `[[ … ]]`, and the file and number tests that `test` and `[` share with it. bash(1) "CONDITIONAL EXPRESSIONS" */
import type { TestExpression, Word } from 'unbash'
import { fromPosix } from '../../commands/posix-regexp.ts'
import { lookup, lstat, mayAccess, textOf } from '../../sim/kernel/fs/files.ts'
import type { Inode } from '../../sim/kernel/fs/types.ts'
import { ExpansionError } from '../control.ts'
import { evaluateText } from '../expand/arithmetic.ts'
import { patternRegExp } from '../expand/pattern.ts'
import { expandItems, expandToPattern, expandToText } from '../expand/word.ts'
import type { Interpreter } from '../interpreter.ts'
import { getParameter, setArray } from '../variables.ts'

export async function evaluateTest(shell: Interpreter, node: TestExpression): Promise<boolean> {
  switch (node.type) {
    case 'TestUnary':
      return unaryTest(shell, node.operator, await expandToText(shell, node.operand))
    case 'TestBinary':
      return binary(shell, node.operator, node.left, node.right)
    case 'TestLogical': {
      for (const operand of node.operands) {
        const holds = await evaluateTest(shell, operand)
        if (holds !== (node.operator === '&&')) return holds
      }
      return node.operator === '&&'
    }
    case 'TestNot':
      return (await evaluateTest(shell, node.operand)) === (node.negations.length % 2 === 0)
    case 'TestGroup':
      return evaluateTest(shell, node.expression)
  }
}

async function binary(shell: Interpreter, operator: string, left: Word, right: Word): Promise<boolean> {
  const text = await expandToText(shell, left)
  if (operator === '=' || operator === '==' || operator === '!=') {
    return patternRegExp(await expandToPattern(shell, right)).test(text) === (operator !== '!=')
  }
  if (operator === '=~') return regExpTest(shell, text, right)
  const other = await expandToText(shell, right)
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) {
    return compareNumbers(operator, await evaluateText(shell, text), await evaluateText(shell, other))
  }
  return binaryTest(shell, operator, text, other)
}

async function regExpTest(shell: Interpreter, text: string, right: Word): Promise<boolean> {
  const items = await expandItems(shell, right, false)
  let source = ''
  for (const item of items) {
    if (item.kind === 'text')
      source += item.quoted ? item.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : item.text
  }
  let match: RegExpExecArray | null
  try {
    match = new RegExp(fromPosix(source, true), 's').exec(text)
  } catch {
    throw new ExpansionError('', 2)
  }
  setArray(shell, 'BASH_REMATCH', match === null ? [] : [...match].map((part) => part ?? ''), false)
  return match !== null
}

export function compareNumbers(operator: string, x: bigint, y: bigint): boolean {
  switch (operator) {
    case '-eq':
      return x === y
    case '-ne':
      return x !== y
    case '-lt':
      return x < y
    case '-le':
      return x <= y
    case '-gt':
      return x > y
    default:
      return x >= y
  }
}

export function binaryTest(shell: Interpreter, operator: string, left: string, right: string): boolean {
  if (operator === '<') return left < right
  if (operator === '>') return left > right
  const [x, y] = [find(shell, left), find(shell, right)]
  if (operator === '-nt') return x !== undefined && (y === undefined || x.modifiedMs > y.modifiedMs)
  if (operator === '-ot') return y !== undefined && (x === undefined || x.modifiedMs < y.modifiedMs)
  if (operator === '-ef') return x !== undefined && (x === y || left === right)
  return false
}

function find(shell: Interpreter, path: string, follow = true): Inode | undefined {
  const look = follow ? lookup : lstat
  const node = look(shell.system.world, shell.kernel, shell.process, path)
  return node.ok ? node.value : undefined
}

const KINDS: Readonly<Record<string, readonly Inode['kind'][]>> = {
  '-f': ['file', 'program', 'namespace'],
  '-d': ['directory'],
  '-S': ['socket'],
  '-c': ['device'],
}

export function unaryTest(shell: Interpreter, operator: string, text: string): boolean {
  if (operator === '-z') return text === ''
  if (operator === '-n') return text !== ''
  if (operator === '-v') return getParameter(shell, text.replace(/\[.*$/, '')) !== undefined
  if (operator === '-o') return shell.state.options.has(text)
  if (operator === '-t') return shell.process.descriptors.get(Number(text))?.kind === 'terminal'
  const node = find(shell, text, operator !== '-h' && operator !== '-L')
  if (node === undefined) return false
  if (operator === '-h' || operator === '-L') return node.kind === 'symlink'
  const kinds = KINDS[operator]
  if (kinds !== undefined) return kinds.includes(node.kind)
  switch (operator) {
    case '-e':
    case '-a':
      return true
    case '-s':
      return sizeOf(node) > 0
    case '-r':
      return mayAccess(shell.process, node, 4)
    case '-w':
      return mayAccess(shell.process, node, 2)
    case '-x':
      return mayAccess(shell.process, node, 1)
    case '-O':
      return node.uid === shell.process.uid
    default:
      return false
  }
}

function sizeOf(node: Inode): number {
  if (node.kind === 'file') return textOf(node.content).length
  return node.kind === 'program' || node.kind === 'directory' ? 4096 : 0
}
