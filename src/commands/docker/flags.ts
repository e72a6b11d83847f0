/** Options of the docker command line as data, and how pflag reads them. github.com/spf13/pflag flag.go */

export type FlagType = 'bool' | 'string' | 'int' | 'list' | 'strings' | 'map' | 'other'

export interface Flag {
  readonly name: string
  readonly short: string | null
  readonly type: FlagType
  /** What stands for the value in help texts: `list`, `bytes`, `network`; empty for booleans. */
  readonly shown: string
  readonly usage: string
  /** As shown in help texts; null: not shown. */
  readonly shownDefault: string | null
  /** Returns why a value cannot be one. */
  readonly check: ((value: string) => string | null) | null
  /** Left out of help texts. */
  readonly hidden: boolean
  /** Another spelling of this option. */
  readonly standsFor?: string
}

export interface ParsedFlags {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly operands: readonly string[]
  /** `-h` where it is not an option of its own. */
  readonly help: 'none' | 'asked' | 'deprecated'
}

export type FlagResult =
  | { readonly ok: true; readonly value: ParsedFlags }
  | { readonly ok: false; readonly message: string }

interface Reading {
  readonly flags: readonly Flag[]
  readonly values: Map<string, string[]>
  readonly operands: string[]
  help: ParsedFlags['help']
}

/** `interspersed`: options may follow operands (`run`, `create` and `exec` stop at the first operand). */
export function parseFlags(
  flags: readonly Flag[],
  words: readonly string[],
  interspersed: boolean,
): FlagResult {
  const reading: Reading = { flags, values: new Map(), operands: [], help: 'none' }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') {
      reading.operands.push(...words.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      reading.operands.push(word)
      if (interspersed) continue
      reading.operands.push(...words.slice(i + 1))
      break
    }
    const used = word.startsWith('--')
      ? readLong(reading, word, words[i + 1])
      : readShort(reading, word, words[i + 1])
    if (typeof used === 'string') return { ok: false, message: used }
    if (reading.help !== 'none') break
    i += used
  }
  return { ok: true, value: { values: reading.values, operands: reading.operands, help: reading.help } }
}

/** How many further words were used, or what is wrong. */
function readLong(reading: Reading, word: string, next: string | undefined): number | string {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  if (name === '' || name.startsWith('-')) return `bad flag syntax: ${word}`
  const flag = reading.flags.find((one) => one.name === name)
  if (name === 'help') {
    reading.help = 'asked'
    return 0
  }
  if (flag === undefined) return `unknown flag: --${name}`
  if (equals >= 0) return set(reading, flag, word.slice(equals + 1)) ?? 0
  if (flag.type === 'bool') return set(reading, flag, 'true') ?? 0
  if (next === undefined) return `flag needs an argument: --${name}`
  return set(reading, flag, next) ?? 1
}

function readShort(reading: Reading, word: string, next: string | undefined): number | string {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!
    const flag = reading.flags.find((one) => one.short === letter)
    if (flag === undefined) {
      if (letter !== 'h') return `unknown shorthand flag: '${letter}' in -${word.slice(i)}`
      reading.help = 'deprecated'
      return 0
    }
    const rest = word.slice(i + 1)
    if (rest.startsWith('=')) return set(reading, flag, rest.slice(1)) ?? 0
    if (flag.type === 'bool') {
      const wrong = set(reading, flag, 'true')
      if (wrong !== null) return wrong
      continue
    }
    if (rest !== '') return set(reading, flag, rest) ?? 0
    if (next === undefined) return `flag needs an argument: '${letter}' in -${word.slice(i)}`
    return set(reading, flag, next) ?? 1
  }
  return 0
}

const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/

function set(reading: Reading, flag: Flag, value: string): string | null {
  const wrong = refusal(flag, value)
  if (wrong !== null) {
    const name = flag.short === null ? `--${flag.name}` : `-${flag.short}, --${flag.name}`
    return `invalid argument ${JSON.stringify(value)} for ${JSON.stringify(name)} flag: ${wrong}`
  }
  const name = flag.standsFor ?? flag.name
  const known = reading.values.get(name) ?? []
  const added = flag.type === 'strings' ? value.split(',') : [value]
  const isMany = flag.type === 'list' || flag.type === 'strings' || flag.type === 'map'
  reading.values.set(name, isMany ? [...known, ...added] : added)
  return null
}

function refusal(flag: Flag, value: string): string | null {
  if (flag.type === 'bool' && !BOOLEAN.test(value))
    return `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`
  if (flag.type === 'int' && !/^[+-]?\d+$/.test(value))
    return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`
  return flag.check === null ? null : flag.check(value)
}

/** What was said of the options of one call. */
export class FlagValues {
  readonly parsed: ParsedFlags
  constructor(parsed: ParsedFlags) {
    this.parsed = parsed
  }
  changed(name: string): boolean {
    return this.parsed.values.has(name)
  }
  bool(name: string): boolean {
    return /^(?:1|t)/i.test(this.text(name))
  }
  text(name: string, otherwise = ''): string {
    return this.parsed.values.get(name)?.at(-1) ?? otherwise
  }
  number(name: string, otherwise: number): number {
    return this.changed(name) ? Number(this.text(name)) : otherwise
  }
  list(name: string): readonly string[] {
    return this.parsed.values.get(name) ?? []
  }
}
