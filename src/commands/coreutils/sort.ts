/** sort. sort(1) */
import { writeFile } from '../../sim/kernel/fs/files.ts'
import { type Options, readAllText, readOptions, type Tool } from './tool.ts'

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

function compareVersions(x: string, y: string): number {
  const [a, b] = [x.match(/\d+|\D+/g) ?? [], y.match(/\d+|\D+/g) ?? []]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const bothNumbers = /^\d/.test(a[i]!) && /^\d/.test(b[i]!)
    const order = bothNumbers ? Number(a[i]) - Number(b[i]) : byBytes(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}
