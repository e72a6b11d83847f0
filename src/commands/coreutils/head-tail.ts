/** head and tail. coreutils(1) */
import type { CommandContext } from '../context.ts'
import {
  complain,
  type Flavour,
  linesOf,
  type Options,
  openSource,
  readAllText,
  readOptions,
  type Tool,
} from './tool.ts'

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

interface Extent {
  readonly options: Options
  readonly count: Count
  readonly paths: readonly string[]
  /** Each file's name above its lines. */
  readonly titled: boolean
}

/** What both tools take; null: it was complained about. */
function readExtent(context: CommandContext, flavour: Flavour, short: string): Extent | null {
  const scoped = { ...context, argv: withOldCount(context.argv) }
  const options = readOptions(scoped, flavour, { short, long: COUNT_OPTIONS }, '[OPTIONS] [FILE]...')
  if (options === null) return null
  const unit = options.last('n', 'lines', 'c', 'bytes')?.match(/^[cb]/) ? 'bytes' : 'lines'
  const given = options.value('n', 'c', 'lines', 'bytes') ?? '10'
  const count = readCount(given, unit)
  if (count === null) {
    complain(context, `invalid number of ${unit}: ‘${given}’`)
    return null
  }
  const paths = options.operands.length === 0 ? ['-'] : options.operands
  const titled = (paths.length > 1 || options.has('v', 'verbose')) && !options.has('q', 'quiet')
  return { options, count, paths, titled }
}

export const head: Tool = async (context, flavour) => {
  const extent = readExtent(context, flavour, 'n:c:qv')
  if (extent === null) return 1
  let failed = false
  let first = true
  for (const path of extent.paths) {
    const source = openSource(context, flavour, path)
    if (source === null) {
      failed = true
      continue
    }
    if (extent.titled) context.out(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`)
    first = false
    await copyHead(context, source.pieces(), extent.count)
  }
  return failed ? 1 : 0
}

async function copyHead(
  context: CommandContext,
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
  const extent = readExtent(context, flavour, 'n:c:qvfFs:')
  if (extent === null) return 1
  const { options, paths } = extent
  let status = 0
  let first = true
  for (const path of paths) {
    const { text, failed } = await readAllText(context, flavour, [path])
    if (failed) {
      status = 1
      continue
    }
    if (extent.titled) context.out(`${first ? '' : '\n'}==> ${path} <==\n`)
    first = false
    context.out(tailOf(text, extent.count))
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

async function follow(context: CommandContext, flavour: Flavour, path: string): Promise<void> {
  let { length } = (await readAllText(context, flavour, [path])).text
  for (;;) {
    await context.sleep(1_000_000)
    const { text } = await readAllText(context, flavour, [path])
    if (text.length < length) length = 0
    if (text.length > length) context.out(text.slice(length))
    length = text.length
  }
}
