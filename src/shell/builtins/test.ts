/** `test` and `[`. test(1p): what the number of arguments means, then `!`, `-a`, `-o`, parentheses. */
import { ExpansionError } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { binaryTest, compareNumbers, unaryTest } from '../run/condition.ts'

const UNARY = new Set([
  '-e',
  '-a',
  '-f',
  '-d',
  '-h',
  '-L',
  '-S',
  '-p',
  '-c',
  '-b',
  '-s',
  '-r',
  '-w',
  '-x',
  '-O',
  '-G',
  '-g',
  '-u',
  '-k',
  '-z',
  '-n',
  '-t',
  '-v',
  '-o',
])
const BINARY = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
])

class TestError extends Error {}

export async function test(shell: Interpreter, words: readonly string[]): Promise<number> {
  const name = words[0]!
  const args = words.slice(1)
  if (name === '[') {
    if (args.pop() !== ']') {
      await shell.complain(shell.state.dialect === 'bash' ? "[: missing `]'" : '[: missing ]')
      return 2
    }
  }
  try {
    return evaluate(shell, args) ? 0 : 1
  } catch (problem) {
    if (!(problem instanceof TestError || problem instanceof ExpansionError)) throw problem
    await shell.complain(`${name}: ${problem.message}`)
    return 2
  }
}

function evaluate(shell: Interpreter, args: readonly string[]): boolean {
  const [x, y, z] = args
  switch (args.length) {
    case 0:
      return false
    case 1:
      return x !== ''
    case 2:
      if (x === '!') return y === ''
      if (UNARY.has(x!)) return unaryTest(shell, x!, y!)
      throw new TestError(`${x}: unary operator expected`)
    case 3:
      if (BINARY.has(y!)) return compare(shell, x!, y!, z!)
      if (x === '!') return !evaluate(shell, args.slice(1))
      if (x === '(' && z === ')') return y !== ''
  }
  if (args.length === 4 && x === '!') return !evaluate(shell, args.slice(1))
  const reader = { args, at: 0 }
  const holds = either(shell, reader)
  if (reader.at < args.length) {
    throw new TestError(args.length === 3 ? `${y}: binary operator expected` : 'too many arguments')
  }
  return holds
}

interface Reader {
  readonly args: readonly string[]
  at: number
}

function either(shell: Interpreter, reader: Reader): boolean {
  let holds = both(shell, reader)
  while (reader.args[reader.at] === '-o') {
    reader.at++
    const right = both(shell, reader)
    holds = holds || right
  }
  return holds
}

function both(shell: Interpreter, reader: Reader): boolean {
  let holds = one(shell, reader)
  while (reader.args[reader.at] === '-a') {
    reader.at++
    const right = one(shell, reader)
    holds = holds && right
  }
  return holds
}

function one(shell: Interpreter, reader: Reader): boolean {
  const word = reader.args[reader.at]
  if (word === undefined) throw new TestError('argument expected')
  if (word === '!') {
    reader.at++
    return !one(shell, reader)
  }
  if (word === '(') {
    reader.at++
    const holds = either(shell, reader)
    if (reader.args[reader.at++] !== ')') throw new TestError("`)' expected")
    return holds
  }
  const operator = reader.args[reader.at + 1]
  if (operator !== undefined && BINARY.has(operator) && reader.at + 2 < reader.args.length) {
    reader.at += 3
    return compare(shell, word, operator, reader.args[reader.at - 1]!)
  }
  if (UNARY.has(word) && operator !== undefined) {
    reader.at += 2
    return unaryTest(shell, word, operator)
  }
  reader.at++
  return word !== ''
}

function compare(shell: Interpreter, left: string, operator: string, right: string): boolean {
  if (operator === '=' || operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(operator))
    return compareNumbers(operator, number(shell, left), number(shell, right))
  return binaryTest(shell, operator, left, right)
}

function number(shell: Interpreter, text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) {
    throw new TestError(
      shell.state.dialect === 'bash'
        ? `${text}: integer expression expected`
        : shell.state.dialect === 'ash'
          ? `${text}: bad number`
          : `Illegal number: ${text}`,
    )
  }
  return BigInt(text.trim().replace(/^\+/, ''))
}
