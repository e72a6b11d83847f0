/** sort, uniq, cut, nl, rev, paste-lite: tools on lines. coreutils(1) */
import { writeFile } from '../../sim/kernel/fs/files.ts'
import {
  allPieces,
  complain,
  linesOf,
  type Options,
  readAllText,
  readOptions,
  type Tool,
  toolName,
} from './tool.ts'

interface Key {
  readonly from: number
  readonly fromCharacter: number
  readonly to: number | null
  readonly flags: string
}

const SORT_LONG = {
  'numeric-sort': 'flag',
  reverse: 'flag',
  unique: 'flag',
  key: 'value',
  'field-separator': 'value',
  'human-numeric-sort': 'flag',
  'version-sort': 'flag',
  'ignore-case': 'flag',
  output: 'value',
  stable: 'flag',
  'ignore-leading-blanks': 'flag',
  'random-sort': 'flag',
} as const

export const sort: Tool = async (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'nruk:t:bdfghiMo:sVczR', long: SORT_LONG },
    '[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...',
  )
  if (options === null) return 2
  const { text, failed } = await readAllText(context, flavour, options.operands)
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const sorted = sortLines(lines, options)
  const result = sorted.map((line) => `${line}\n`).join('')
  const output = options.value('o', 'output')
  if (output !== undefined) writeFile(context.world, context.kernel, context.process, output, result)
  else context.out(result)
  return failed ? 2 : 0
}

function sortLines(lines: string[], options: Options): string[] {
  const flags = globalFlags(options)
  const keys = options.values('k', 'key').map(parseKey)
  const separator = options.value('t', 'field-separator')
  const compare = (x: string, y: string): number => {
    for (const key of keys) {
      const own = key.flags === '' ? flags : key.flags
      const order = compareBy(keyText(x, key, separator), keyText(y, key, separator), own)
      if (order !== 0) return own.includes('r') ? -order : order
    }
    if (keys.length === 0) {
      const order = compareBy(x, y, flags)
      if (order !== 0) return flags.includes('r') ? -order : order
    }
    if (options.has('s', 'stable') || options.has('u', 'unique')) return 0
    const order = byBytes(x, y)
    return flags.includes('r') ? -order : order
  }
  const sorted = [...lines].sort(compare)
  return options.has('u', 'unique')
    ? sorted.filter((line, i) => i === 0 || compare(sorted[i - 1]!, line) !== 0)
    : sorted
}

function globalFlags(options: Options): string {
  const names: [string, string][] = [
    ['n', 'numeric-sort'],
    ['r', 'reverse'],
    ['f', 'ignore-case'],
    ['V', 'version-sort'],
    ['h', 'human-numeric-sort'],
    ['b', 'ignore-leading-blanks'],
    ['g', 'g'],
    ['M', 'M'],
    ['d', 'd'],
  ]
  return names
    .filter(([short, long]) => options.has(short, long))
    .map(([short]) => short)
    .join('')
}

function parseKey(text: string): Key {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?$/.exec(text)
  if (match === null) return { from: 1, fromCharacter: 1, to: null, flags: '' }
  return {
    from: Number(match[1]),
    fromCharacter: Number(match[2] ?? 1),
    to: match[4] === undefined ? null : Number(match[4]),
    flags: (match[3] ?? '') + (match[5] ?? ''),
  }
}

function keyText(line: string, key: Key, separator: string | undefined): string {
  const fields = separator === undefined ? (line.match(/[ \t]*[^ \t]+/g) ?? []) : line.split(separator)
  const part = fields.slice(key.from - 1, key.to ?? undefined).join(separator ?? '')
  const text = part.slice(key.fromCharacter - 1)
  return key.flags.includes('b') ? text.trimStart() : text
}

function byBytes(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}

const UNITS = ' KMGTPE'

function compareBy(x: string, y: string, flags: string): number {
  if (flags.includes('n') || flags.includes('g')) return leading(x) - leading(y)
  if (flags.includes('h')) return human(x) - human(y)
  if (flags.includes('V')) return compareVersions(x, y)
  if (flags.includes('f')) return byBytes(x.toUpperCase(), y.toUpperCase())
  return byBytes(x, y)
}

function leading(text: string): number {
  return Number(/^\s*-?\d*\.?\d*/.exec(text)?.[0] ?? 0) || 0
}

function human(text: string): number {
  const match = /^\s*(-?[\d.]+)([KMGTPE]?)/.exec(text)
  return match === null ? 0 : Number(match[1]) * 1024 ** Math.max(0, UNITS.indexOf(match[2] || ' '))
}

export function compareVersions(x: string, y: string): number {
  const [a, b] = [x.match(/\d+|\D+/g) ?? [], y.match(/\d+|\D+/g) ?? []]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const bothNumbers = /^\d/.test(a[i]!) && /^\d/.test(b[i]!)
    const order = bothNumbers ? Number(a[i]) - Number(b[i]) : byBytes(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

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
  const skip = Number(options.value('f', 'skip-fields') ?? 0)
  const keyOf = (line: string): string => {
    const text = skip > 0 ? line.replace(new RegExp(`^(?:\\s*\\S+){0,${skip}}`), '') : line
    return options.has('i', 'ignore-case') ? text.toLowerCase() : text
  }
  let current: string | null = null
  let count = 0
  let failed = false
  const show = (): void => {
    if (current === null) return
    if (options.has('d', 'repeated') && count < 2) return
    if (options.has('u', 'unique') && count > 1) return
    context.out(options.has('c', 'count') ? `${String(count).padStart(7)} ${current}\n` : `${current}\n`)
  }
  for await (const line of linesOf(
    allPieces(context, flavour, options.operands.slice(0, 1), () => {
      failed = true
    }),
  )) {
    const text = line.replace(/\n$/, '')
    if (current !== null && keyOf(current) === keyOf(text)) {
      count++
      continue
    }
    show()
    await context.flush()
    current = text
    count = 1
  }
  show()
  return failed ? 1 : 0
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
  const list = options.value('f', 'fields', 'c', 'characters', 'b', 'bytes')
  if (list === undefined) {
    const message =
      flavour === 'gnu'
        ? 'you must specify a list of bytes, characters, or fields'
        : 'expected a list of bytes, characters, or fields'
    context.err(
      `${toolName(context)}: ${message}\n${flavour === 'gnu' ? "Try 'cut --help' for more information.\n" : ''}`,
    )
    return 1
  }
  const ranges = parseRanges(list)
  if (ranges === null) return complain(context, `invalid field value ‘${list}’`)
  const byField = options.has('f', 'fields')
  const delimiter = options.value('d', 'delimiter') ?? '\t'
  if (byField && [...delimiter].length > 1) {
    context.err("cut: the delimiter must be a single character\nTry 'cut --help' for more information.\n")
    return 1
  }
  const joint = options.value('output-delimiter') ?? delimiter
  const wants = (n: number): boolean =>
    ranges.some(([from, to]) => n >= from && n <= to) !== options.has('complement')
  let failed = false
  for await (const line of linesOf(
    allPieces(context, flavour, options.operands, () => {
      failed = true
    }),
  )) {
    const text = line.replace(/\n$/, '')
    if (!byField) context.out(`${[...text].filter((_, i) => wants(i + 1)).join('')}\n`)
    else if (text.includes(delimiter))
      context.out(
        `${text
          .split(delimiter)
          .filter((_, i) => wants(i + 1))
          .join(joint)}\n`,
      )
    else if (!options.has('s', 'only-delimited')) context.out(`${text}\n`)
    await context.flush()
  }
  return failed ? 1 : 0
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
