/** cat, head, tail, tee, tac, yes, seq, wc: they pass on what they read as it comes. coreutils(1) */

import { encodeUtf8 } from '../../sim/base/utf8.ts'
import { appendFile, writeFile } from '../../sim/kernel/fs/files.ts'
import {
  allPieces,
  complain,
  complainPath,
  type Flavour,
  linesOf,
  openSource,
  readAllText,
  readOptions,
  type Tool,
} from './tool.ts'

export const cat: Tool = async (context, flavour) => {
  const long = { number: 'flag', 'number-nonblank': 'flag', 'show-ends': 'flag', 'show-all': 'flag' } as const
  const options = readOptions(context, flavour, { short: 'nbeEvtTsAu', long }, '[-nbvteA] [FILE]...')
  if (options === null) return 1
  let failed = false
  const pieces = allPieces(context, flavour, options.operands, () => {
    failed = true
  })
  const numbers = options.has('n', 'number')
  const filled = options.has('b', 'number-nonblank')
  const marks = options.has('E', 'e', 'A', 'show-ends', 'show-all')
  const tabs = options.has('T', 't', 'A', 'show-all')
  if (!numbers && !filled && !marks && !tabs) {
    for await (const piece of pieces) {
      context.out(piece)
      await context.flush()
    }
    return failed ? 1 : 0
  }
  let count = 0
  for await (const line of linesOf(pieces)) {
    const text = (tabs ? line.replaceAll('\t', '^I') : line).replace(/\n$/, marks ? '$\n' : '\n')
    const isCounted = filled ? line !== '\n' : numbers
    context.out(isCounted ? `${String(++count).padStart(6)}\t${text}` : text)
    await context.flush()
  }
  return failed ? 1 : 0
}

/** `-5` for `-n 5`. */
function withOldCount(argv: readonly string[]): string[] {
  return argv.map((word, i) => (i === 1 && /^-\d+/.test(word) ? `-n${word.slice(1)}` : word))
}

interface Count {
  readonly unit: 'lines' | 'bytes'
  readonly count: number
  readonly sign: string
}

function readCount(text: string, unit: Count['unit']): Count | null {
  const match = /^([-+]?)(\d+)([kKMG]?)$/.exec(text)
  if (match === null) return null
  const scale = { '': 1, k: 1024, K: 1024, M: 1 << 20, G: 1 << 30 }[match[3]!] ?? 1
  return { unit, count: Number(match[2]) * scale, sign: match[1]! }
}

const COUNT_OPTIONS = {
  lines: 'value',
  bytes: 'value',
  quiet: 'flag',
  verbose: 'flag',
  follow: 'optional',
} as const

export const head: Tool = async (context, flavour) => {
  const scoped = { ...context, argv: withOldCount(context.argv) }
  const options = readOptions(
    scoped,
    flavour,
    { short: 'n:c:qv', long: COUNT_OPTIONS },
    '[OPTIONS] [FILE]...',
  )
  if (options === null) return 1
  const unit = options.last('n', 'lines', 'c', 'bytes')?.match(/^[cb]/) ? 'bytes' : 'lines'
  const given = options.value('n', 'c', 'lines', 'bytes') ?? '10'
  const count = readCount(given, unit)
  if (count === null) return complain(context, `invalid number of ${unit}: ‘${given}’`)
  const paths = options.operands.length === 0 ? ['-'] : options.operands
  const titled = (paths.length > 1 || options.has('v', 'verbose')) && !options.has('q', 'quiet')
  let failed = false
  let first = true
  for (const path of paths) {
    const source = openSource(context, flavour, path)
    if (source === null) {
      failed = true
      continue
    }
    if (titled) context.out(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`)
    first = false
    await copyHead(context, source.pieces(), count)
  }
  return failed ? 1 : 0
}

async function copyHead(
  context: Parameters<Tool>[0],
  pieces: AsyncGenerator<string>,
  count: Count,
): Promise<void> {
  if (count.sign === '-') {
    const lines: string[] = []
    for await (const line of linesOf(pieces)) lines.push(line)
    context.out(lines.slice(0, Math.max(0, lines.length - count.count)).join(''))
    return
  }
  if (count.count === 0) return
  let left = count.count
  if (count.unit === 'bytes') {
    for await (const piece of pieces) {
      context.out(piece.slice(0, left))
      left -= piece.length
      if (left <= 0) return
      await context.flush()
    }
    return
  }
  for await (const line of linesOf(pieces)) {
    context.out(line)
    await context.flush()
    if (--left === 0) return
  }
}

export const tail: Tool = async (context, flavour) => {
  const scoped = { ...context, argv: withOldCount(context.argv) }
  const options = readOptions(
    scoped,
    flavour,
    { short: 'n:c:qvfFs:', long: COUNT_OPTIONS },
    '[OPTIONS] [FILE]...',
  )
  if (options === null) return 1
  const unit = options.last('n', 'lines', 'c', 'bytes')?.match(/^[cb]/) ? 'bytes' : 'lines'
  const given = options.value('n', 'c', 'lines', 'bytes') ?? '10'
  const count = readCount(given, unit)
  if (count === null) return complain(context, `invalid number of ${unit}: ‘${given}’`)
  const paths = options.operands.length === 0 ? ['-'] : options.operands
  const titled = (paths.length > 1 || options.has('v', 'verbose')) && !options.has('q', 'quiet')
  let status = 0
  let first = true
  for (const path of paths) {
    const { text, failed } = await readAllText(context, flavour, [path])
    if (failed) {
      status = 1
      continue
    }
    if (titled) context.out(`${first ? '' : '\n'}==> ${path} <==\n`)
    first = false
    context.out(tailOf(text, count))
  }
  if (options.has('f', 'F', 'follow') && paths[0] !== '-') await follow(context, flavour, paths[0]!)
  return status
}

function tailOf(text: string, { unit, count, sign }: Count): string {
  if (unit === 'bytes')
    return sign === '+' ? text.slice(Math.max(0, count - 1)) : text.slice(Math.max(0, text.length - count))
  const lines = text.split('\n')
  const last = lines.pop()!
  const whole = lines.map((line) => `${line}\n`).concat(last === '' ? [] : [last])
  return (
    sign === '+' ? whole.slice(Math.max(0, count - 1)) : whole.slice(Math.max(0, whole.length - count))
  ).join('')
}

async function follow(context: Parameters<Tool>[0], flavour: Flavour, path: string): Promise<void> {
  let { length } = (await readAllText(context, flavour, [path])).text
  for (;;) {
    await context.sleep(1_000_000)
    const { text } = await readAllText(context, flavour, [path])
    if (text.length < length) length = 0
    if (text.length > length) context.out(text.slice(length))
    length = text.length
  }
}

export const tee: Tool = async (context, flavour) => {
  const options = readOptions(context, flavour, { short: 'aip', long: { append: 'flag' } }, '[-ai] [FILE]...')
  if (options === null) return 1
  const { world, kernel, process } = context
  let status = 0
  const files = options.operands.filter((path) => {
    const opened = options.has('a', 'append')
      ? appendFile(world, kernel, process, path, '')
      : writeFile(world, kernel, process, path, '')
    if (!opened.ok) status = complainPath(context, 'gnu', path, opened.error.code)
    return opened.ok
  })
  for (let piece = await context.readChunk(); piece !== null; piece = await context.readChunk()) {
    for (const path of files) appendFile(world, kernel, process, path, piece)
    context.out(piece)
    await context.flush()
  }
  return status
}

export const tac: Tool = async (context, flavour) => {
  const { text, failed } = await readAllText(context, flavour, context.argv.slice(1))
  const lines = text.split(/(?<=\n)/)
  context.out(lines.reverse().join(''))
  return failed ? 1 : 0
}

export const yes: Tool = async (context) => {
  const line = `${context.argv.length > 1 ? context.argv.slice(1).join(' ') : 'y'}\n`
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)))
  for (;;) {
    context.out(block)
    await context.flush()
    await context.sleep(100)
  }
}

export const seq: Tool = async (context, flavour) => {
  const args = context.argv.slice(1)
  let separator = '\n'
  let width = 0
  while (/^-[sw]/.test(args[0] ?? '')) {
    const word = args.shift()!
    if (word.startsWith('-w')) width = 1
    else separator = word.length > 2 ? word.slice(2) : (args.shift() ?? '')
  }
  const bad = args.find((word) => !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(word))
  if (bad !== undefined) {
    if (flavour === 'busybox') return complain(context, `invalid number '${bad}'`)
    context.err(`seq: invalid floating point argument: ‘${bad}’\nTry 'seq --help' for more information.\n`)
    return 1
  }
  if (args.length === 0) {
    context.err(`seq: missing operand\nTry 'seq --help' for more information.\n`)
    return 1
  }
  const numbers = args.map(Number)
  const [from, by, to] =
    numbers.length === 1
      ? [1, 1, numbers[0]!]
      : numbers.length === 2
        ? [numbers[0]!, 1, numbers[1]!]
        : (numbers as [number, number, number])
  const digits = Math.max(0, ...args.map((word) => word.split('.')[1]?.length ?? 0))
  if (width > 0) width = Math.max(from.toFixed(digits).length, to.toFixed(digits).length)
  const count = by === 0 ? Number.POSITIVE_INFINITY : Math.floor((to - from) / by + 1e-9) + 1
  for (let n = 0; n < count; n++) {
    const text = (from + n * by).toFixed(digits).padStart(width, '0')
    context.out(n === 0 ? text : separator + text)
    if (n % 64 === 63) {
      await context.flush()
      if (n % 8192 === 8191) await context.sleep(100)
    }
  }
  if (count > 0) context.out('\n')
  return 0
}

export const wc: Tool = async (context, flavour) => {
  const long = {
    lines: 'flag',
    words: 'flag',
    bytes: 'flag',
    chars: 'flag',
    'max-line-length': 'flag',
  } as const
  const options = readOptions(context, flavour, { short: 'lwcmL', long }, '[-cmlwL] [FILE]...')
  if (options === null) return 1
  const wanted = (['l', 'w', 'm', 'c', 'L'] as const).filter((letter) =>
    options.has(letter, { l: 'lines', w: 'words', m: 'chars', c: 'bytes', L: 'max-line-length' }[letter]),
  )
  const columns = wanted.length === 0 ? (['l', 'w', 'c'] as const) : wanted
  const rows: { name: string; counts: number[] }[] = []
  let status = 0
  for (const path of options.operands.length === 0 ? ['-'] : options.operands) {
    const { text, failed } = await readAllText(context, flavour, [path])
    if (failed) status = 1
    else
      rows.push({
        name: path === '-' && options.operands.length === 0 ? '' : path,
        counts: columns.map((letter) => measure(text, letter)),
      })
  }
  if (rows.length > 1) {
    rows.push({
      name: 'total',
      counts: columns.map((_, i) => rows.reduce((sum, row) => sum + row.counts[i]!, 0)),
    })
  }
  const isStdin = options.operands.length === 0
  const width = numberWidth(rows, columns.length, isStdin, flavour)
  for (const { name, counts } of rows) {
    const numbers = counts.map((count) => String(count).padStart(width)).join(' ')
    context.out(`${numbers}${name === '' ? '' : ` ${name}`}\n`)
  }
  return status
}

function measure(text: string, letter: 'l' | 'w' | 'c' | 'm' | 'L'): number {
  if (letter === 'l') return text.split('\n').length - 1
  if (letter === 'w') return text.split(/\s+/).filter((word) => word !== '').length
  if (letter === 'c') return encodeUtf8(text).length
  if (letter === 'm') return [...text].length
  return Math.max(0, ...text.split('\n').map((line) => line.length))
}

/** GNU: as wide as the largest size (7 for a pipe); busybox: 9, or just the number. */
function numberWidth(
  rows: { counts: number[] }[],
  columns: number,
  isStdin: boolean,
  flavour: Flavour,
): number {
  if (columns === 1 && rows.length <= 1) return 1
  if (flavour === 'busybox') return 9
  const largest = Math.max(1, ...rows.flatMap((row) => row.counts.map((count) => String(count).length)))
  return isStdin ? Math.max(7, largest) : largest
}
