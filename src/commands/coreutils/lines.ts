/** uniq, cut, rev: line by line as they come. coreutils(1) */
import type { CommandContext } from '../context.ts'
import {
  allPieces,
  complain,
  type Flavour,
  linesOf,
  type Options,
  readOptions,
  type Tool,
  toolName,
} from './tool.ts'

export const uniq: Tool = async (context, flavour) => {
  const long = {
    count: 'flag',
    repeated: 'flag',
    unique: 'flag',
    'ignore-case': 'flag',
    'skip-fields': 'value',
  } as const
  const options = readOptions(
    context,
    flavour,
    { short: 'cduif:s:w:', long },
    '[-cduiz] [-f,s,w N] [FILE [OUTFILE]]',
  )
  if (options === null) return 1
  const keyOf = uniqKey(options)
  let failed = false
  const pieces = allPieces(context, flavour, options.operands.slice(0, 1), () => {
    failed = true
  })
  let current: string | null = null
  let count = 0
  for await (const line of linesOf(pieces)) {
    const text = line.replace(/\n$/, '')
    if (current !== null && keyOf(current) === keyOf(text)) {
      count++
      continue
    }
    if (current !== null) context.out(uniqLine(options, current, count))
    await context.flush()
    current = text
    count = 1
  }
  if (current !== null) context.out(uniqLine(options, current, count))
  return failed ? 1 : 0
}

/** What two lines must share to count as one. */
function uniqKey(options: Options): (line: string) => string {
  const skip = Number(options.value('f', 'skip-fields') ?? 0)
  const fields = new RegExp(`^(?:\\s*\\S+){0,${skip}}`)
  return (line) => {
    const text = skip > 0 ? line.replace(fields, '') : line
    return options.has('i', 'ignore-case') ? text.toLowerCase() : text
  }
}

function uniqLine(options: Options, line: string, count: number): string {
  if (options.has('d', 'repeated') && count < 2) return ''
  if (options.has('u', 'unique') && count > 1) return ''
  return options.has('c', 'count') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`
}

const CUT_LONG = {
  delimiter: 'value',
  fields: 'value',
  characters: 'value',
  bytes: 'value',
  'only-delimited': 'flag',
  complement: 'flag',
  'output-delimiter': 'value',
} as const

export const cut: Tool = async (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'd:f:c:b:sn', long: CUT_LONG },
    '[OPTIONS] [FILE]...',
  )
  if (options === null) return 1
  const plan = readCut(context, flavour, options)
  if (plan === null) return 1
  let failed = false
  const pieces = allPieces(context, flavour, options.operands, () => {
    failed = true
  })
  for await (const line of linesOf(pieces)) {
    const text = cutLine(plan, line.replace(/\n$/, ''))
    if (text !== null) context.out(`${text}\n`)
    await context.flush()
  }
  return failed ? 1 : 0
}

interface CutPlan {
  readonly wants: (number: number) => boolean
  /** Null: by character. */
  readonly delimiter: string | null
  readonly joint: string
  readonly onlyDelimited: boolean
}

/** Null: it was complained about. */
function readCut(context: CommandContext, flavour: Flavour, options: Options): CutPlan | null {
  const hint = flavour === 'gnu' ? "Try 'cut --help' for more information.\n" : ''
  const list = options.value('f', 'fields', 'c', 'characters', 'b', 'bytes')
  if (list === undefined) {
    const wanted = flavour === 'gnu' ? 'you must specify' : 'expected'
    context.err(`${toolName(context)}: ${wanted} a list of bytes, characters, or fields\n${hint}`)
    return null
  }
  const ranges = parseRanges(list)
  if (ranges === null) {
    complain(context, `invalid field value ‘${list}’`)
    return null
  }
  const delimiter = options.value('d', 'delimiter') ?? '\t'
  const byField = options.has('f', 'fields')
  if (byField && [...delimiter].length > 1) {
    context.err("cut: the delimiter must be a single character\nTry 'cut --help' for more information.\n")
    return null
  }
  return {
    wants: (number) =>
      ranges.some(([from, to]) => number >= from && number <= to) !== options.has('complement'),
    delimiter: byField ? delimiter : null,
    joint: options.value('output-delimiter') ?? delimiter,
    onlyDelimited: options.has('s', 'only-delimited'),
  }
}

/** Null: the line is left out. */
function cutLine({ wants, delimiter, joint, onlyDelimited }: CutPlan, line: string): string | null {
  const chosen = (parts: readonly string[]): string[] => parts.filter((_, i) => wants(i + 1))
  if (delimiter === null) return chosen([...line]).join('')
  if (line.includes(delimiter)) return chosen(line.split(delimiter)).join(joint)
  return onlyDelimited ? null : line
}

function parseRanges(list: string): [number, number][] | null {
  const ranges: [number, number][] = []
  for (const part of list.split(',')) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part.trim())
    if (match === null || part === '' || part === '-') return null
    const from = match[1] === '' ? 1 : Number(match[1])
    const to = match[2] === '' ? from : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    ranges.push([from, to])
  }
  return ranges
}

export const rev: Tool = async (context, flavour) => {
  for await (const line of linesOf(allPieces(context, flavour, context.argv.slice(1), () => {}))) {
    context.out(`${[...line.replace(/\n$/, '')].reverse().join('')}\n`)
    await context.flush()
  }
  return 0
}
