/**
 * The command line of iptables: one command, and the options of a rule in any order, each word meaning what it means
 * at its place (`!` before an option, options of a match after `-m`). iptables(8), iptables/xshared.c (do_parse).
 */
import type { Rule, TableName } from '../../sim/kernel/netfilter/types.ts'
import { NotModelled, UsageError } from './errors.ts'
import type { Given } from './match-options.ts'
import type { RuleDraft } from './rule-draft.ts'
import { finishDraft, loadMatch, loadProtocolMatch, newDraft, setJump, setProtocol } from './rule-draft.ts'

export type CommandLetter =
  | 'A'
  | 'C'
  | 'D'
  | 'I'
  | 'R'
  | 'L'
  | 'S'
  | 'F'
  | 'Z'
  | 'N'
  | 'X'
  | 'E'
  | 'P'
  | 'V'
  | 'h'

export interface CommandLine {
  readonly command: CommandLetter | null
  /** `-L … -Z` */
  readonly alsoZero: boolean
  readonly table: string
  readonly chain: string | null
  /** Rule number, new name or policy, by the command. */
  readonly position: number | null
  readonly word: string | null
  readonly rules: Rule[]
  readonly jump: string | null
  readonly input: boolean
  readonly output: boolean
  readonly numeric: boolean
  readonly verbose: boolean
  readonly exact: boolean
  readonly lineNumbers: boolean
  readonly warnings: string
}

/** Long names by short ones, with how an argument follows: none, needed, wanted. */
const OPTIONS: readonly (readonly [string, string, 'none' | 'needed' | 'wanted'])[] = [
  ['A', 'append', 'needed'],
  ['C', 'check', 'needed'],
  ['D', 'delete', 'needed'],
  ['I', 'insert', 'needed'],
  ['R', 'replace', 'needed'],
  ['L', 'list', 'wanted'],
  ['S', 'list-rules', 'wanted'],
  ['F', 'flush', 'wanted'],
  ['Z', 'zero', 'wanted'],
  ['N', 'new-chain', 'needed'],
  ['X', 'delete-chain', 'wanted'],
  ['E', 'rename-chain', 'needed'],
  ['P', 'policy', 'needed'],
  ['V', 'version', 'none'],
  ['h', 'help', 'wanted'],
  ['t', 'table', 'needed'],
  ['p', 'protocol', 'needed'],
  ['p', 'proto', 'needed'],
  ['s', 'source', 'needed'],
  ['s', 'src', 'needed'],
  ['d', 'destination', 'needed'],
  ['d', 'dst', 'needed'],
  ['i', 'in-interface', 'needed'],
  ['o', 'out-interface', 'needed'],
  ['j', 'jump', 'needed'],
  ['g', 'goto', 'needed'],
  ['m', 'match', 'needed'],
  ['f', 'fragments', 'none'],
  ['n', 'numeric', 'none'],
  ['v', 'verbose', 'none'],
  ['x', 'exact', 'none'],
  ['0', 'line-numbers', 'none'],
  ['w', 'wait', 'wanted'],
  ['W', 'wait-interval', 'wanted'],
  ['c', 'set-counters', 'needed'],
  ['M', 'modprobe', 'needed'],
  ['4', 'ipv4', 'none'],
  ['6', 'ipv6', 'none'],
]
const COMMANDS = 'ACDIRLSFZNXEPVh'
const POSITIVE_ONLY = 'ACDIRLSFZNXEPVhtjgmnvx0wWcM46'

interface Parser {
  readonly words: readonly string[]
  at: number
  not: boolean
  readonly draft: RuleDraft
  line: { -readonly [K in keyof CommandLine]: CommandLine[K] }
}

export function parseCommandLine(words: readonly string[], family: 4 | 6): CommandLine {
  const parser: Parser = { words, at: 0, not: false, draft: newDraft(family), line: emptyLine() }
  while (parser.at < words.length) parseWord(parser, words[parser.at++]!)
  if (parser.not) throw new UsageError('nothing appropriate following !')
  const { line, draft } = parser
  line.jump = draft.target === null ? (draft.jump?.to ?? null) : null
  line.input = draft.input !== null
  line.output = draft.output !== null
  if (line.command !== null && 'ACDIR'.includes(line.command) && line.position === null)
    line.rules = finishDraft(draft)
  else if (line.command === 'I' || line.command === 'R') line.rules = finishDraft(draft)
  return line
}

function emptyLine(): Parser['line'] {
  return {
    command: null,
    alsoZero: false,
    table: 'filter',
    chain: null,
    position: null,
    word: null,
    rules: [],
    jump: null,
    input: false,
    output: false,
    numeric: false,
    verbose: false,
    exact: false,
    lineNumbers: false,
    warnings: '',
  }
}

function parseWord(parser: Parser, word: string): void {
  if (word === '!') {
    if (parser.not) throw new UsageError('multiple consecutive ! not allowed')
    parser.not = true
    return
  }
  if (word.startsWith('--') && word.length > 2) parseLong(parser, word.slice(2))
  else if (word.startsWith('-') && word.length > 1) parseShort(parser, word.slice(1))
  else throw new UsageError(`Bad argument \`${word}'`, true)
}

/** `-nvL`: letters without an argument may share a word; the rest of the word is the argument of one that has. */
function parseShort(parser: Parser, letters: string): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]!
    const option = letter === '0' ? undefined : OPTIONS.find(([short]) => short === letter)
    if (option === undefined) throw new UsageError(`unknown option "-${letters.slice(i)}"`)
    if (option[2] === 'none') {
      apply(parser, letter, `-${letter}`, null)
      continue
    }
    const rest = letters.slice(i + 1)
    apply(
      parser,
      letter,
      `-${letter}`,
      argumentOf(parser, option[2], rest === '' ? null : rest, `-${letter}`),
    )
    return
  }
}

function argumentOf(
  parser: Parser,
  need: 'needed' | 'wanted',
  inline: string | null,
  shown: string,
): string | null {
  if (inline !== null) return inline
  const next = parser.words[parser.at]
  if (need === 'wanted') return nextValue(parser)
  if (next === undefined) throw new UsageError(`option "${shown}" requires an argument`)
  parser.at++
  return next
}

/** The next word if it is no option. */
function nextValue(parser: Parser): string | null {
  const next = parser.words[parser.at]
  if (next === undefined || next.startsWith('-') || next === '!') return null
  parser.at++
  return next
}

/** Options of matches and targets come first; any name may be cut short where it stays unambiguous. */
function parseLong(parser: Parser, text: string): void {
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  const inline = equals < 0 ? null : text.slice(equals + 1)
  if (parseExtension(parser, name, inline)) return
  const exact = OPTIONS.find(([, long]) => long === name)
  const option = exact ?? onlyOne(OPTIONS.filter(([, long]) => long.startsWith(name)))
  if (option === undefined) {
    if (loadProtocolMatch(parser.draft)) {
      if (parseExtension(parser, name, inline)) return
      parser.draft.matches.pop()
    }
    throw new UsageError(`unknown option "--${name}"`)
  }
  const value = option[2] === 'none' ? null : argumentOf(parser, option[2], inline, `--${option[1]}`)
  apply(parser, option[0], `--${option[1]}`, value)
}

function onlyOne<T extends readonly [string, ...unknown[]]>(found: readonly T[]): T | undefined {
  return new Set(found.map(([short]) => short)).size === 1 ? found[0] : undefined
}

/** Whether one of the loaded extensions takes it. */
function parseExtension(parser: Parser, name: string, inline: string | null): boolean {
  const { matches, target } = parser.draft
  const loaded = [...(target === null ? [] : [target]), ...[...matches].reverse()]
  const whole = loaded.find(({ extension }) => Object.hasOwn(extension.options, name))
  const holder = whole ?? loaded.find(({ extension }) => optionNamed(extension.options, name) !== undefined)
  if (holder === undefined) return false
  if (whole === undefined && OPTIONS.some(([, long]) => long === name)) return false
  const { count, is } = optionNamed(holder.extension.options, name)!
  if (holder.given.has(is)) throw new UsageError(`Only one \`--${is}' allowed`)
  const args: string[] = inline === null ? [] : [inline]
  while (args.length < count) {
    const next = parser.words[parser.at]
    if (next === undefined || (args.length > 0 && next.startsWith('-')))
      throw new UsageError(
        args.length > 0 ? `--${name} requires two args.` : `option "--${name}" requires an argument`,
      )
    args.push(next)
    parser.at++
  }
  holder.given.set(is, { not: parser.not, args } satisfies Given)
  parser.not = false
  return true
}

type OptionTable = Readonly<Record<string, { readonly count: number; readonly is: string }>>

function optionNamed(options: OptionTable, name: string): OptionTable[string] | undefined {
  if (Object.hasOwn(options, name)) return options[name]
  const found = Object.keys(options).filter((key) => key.startsWith(name))
  return new Set(found.map((key) => options[key]!.is)).size === 1 ? options[found[0]!] : undefined
}

function apply(parser: Parser, letter: string, shown: string, value: string | null): void {
  if (parser.not && POSITIVE_ONLY.includes(letter)) throw new UsageError(`cannot have ! before ${shown}`)
  if (COMMANDS.includes(letter)) applyCommand(parser, letter as CommandLetter, value)
  else applyOption(parser, letter, value)
  parser.not = false
}

function applyCommand(parser: Parser, letter: CommandLetter, value: string | null): void {
  const line = parser.line
  const zeroToo = (line.command === 'L' && letter === 'Z') || (line.command === 'Z' && letter === 'L')
  if (line.command !== null && !zeroToo) throw new UsageError(`Cannot use -${letter} with -${line.command}`)
  if (zeroToo) line.alsoZero = true
  line.command = zeroToo ? 'L' : letter
  line.chain = value ?? line.chain
  if (letter === 'N') checkNewName(value ?? '')
  if (letter === 'E' || letter === 'P') {
    line.word = nextValue(parser)
    if (line.word === null)
      throw new UsageError(
        letter === 'E' ? '-E requires old-chain-name and new-chain-name' : '-P requires a chain and a policy',
      )
    if (letter === 'E') checkNewName(line.word)
  }
  if ('DIRLSZ'.includes(letter) && line.chain !== null) {
    const number = nextValue(parser)
    if (number !== null) line.position = ruleNumber(number)
    else if (letter === 'R') throw new UsageError('-R requires a rule number')
  }
}

function ruleNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0
  if (value === 0) throw new UsageError(`Invalid rule number \`${text}'`)
  return value
}

const TARGET_NAMES = [
  'ACCEPT',
  'DROP',
  'RETURN',
  'QUEUE',
  'REJECT',
  'LOG',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
]
const LONGEST_NAME = 28

function checkNewName(name: string): void {
  if (name.startsWith('-') || name.startsWith('!'))
    throw new UsageError(`chain name not allowed to start with \`${name[0]}'`)
  if (TARGET_NAMES.includes(name)) throw new UsageError('chain name may not clash with target name')
  if (name.length > LONGEST_NAME)
    throw new UsageError(`chain name \`${name}' too long (must be under 29 chars)`)
  if (/\s/.test(name)) throw new UsageError(`Invalid chain name \`${name}'`)
}

const LONGEST_DEVICE = 15

function checkDevice(parser: Parser, name: string): void {
  if (name.length > LONGEST_DEVICE)
    throw new UsageError(`interface name \`${name}' must be shorter than IFNAMSIZ (15)`)
  if (/[ /]/.test(name))
    parser.line.warnings += `Warning: weird character in interface \`${name}' ('/' and ' ' are not allowed by the kernel).\n`
}

function once(letter: string, before: unknown): void {
  if (before !== null) throw new UsageError(`multiple -${letter} flags not allowed`)
}

function applyOption(parser: Parser, letter: string, value: string | null): void {
  const { draft, line, not } = parser
  const text = value ?? ''
  switch (letter) {
    case 't':
      line.table = text
      return
    case 'p':
      once('p', draft.protocol)
      setProtocol(draft, not, text)
      return
    case 's':
      once('s', draft.sources)
      draft.sources = { not, value: text }
      return
    case 'd':
      once('d', draft.destinations)
      draft.destinations = { not, value: text }
      return
    case 'i':
      once('i', draft.input)
      checkDevice(parser, text)
      draft.input = { not, value: text }
      return
    case 'o':
      once('o', draft.output)
      checkDevice(parser, text)
      draft.output = { not, value: text }
      return
    case 'f':
      draft.fragment = { not, value: true }
      return
    case 'm':
      loadMatch(draft, text)
      return
    case 'j':
    case 'g':
      setJump(draft, text, letter === 'g')
      return
    default:
      applyFlag(parser, letter, text)
  }
}

function applyFlag(parser: Parser, letter: string, text: string): void {
  const { line, draft } = parser
  if (letter === 'n') line.numeric = true
  else if (letter === 'v') line.verbose = true
  else if (letter === 'x') line.exact = true
  else if (letter === '0') line.lineNumbers = true
  else if (letter === 'c') setCounters(parser, draft, text)
  else if (letter === 'M') throw new NotModelled('iptables --modprobe')
}

function setCounters(parser: Parser, draft: RuleDraft, packets: string): void {
  const bytes = nextValue(parser)
  if (bytes === null) throw new UsageError('-c requires packet and byte counter')
  if (!/^\d+$/.test(packets)) throw new UsageError('-c packet counter not numeric')
  if (!/^\d+$/.test(bytes)) throw new UsageError('-c byte counter not numeric')
  draft.counters = { packets: Number(packets), bytes: Number(bytes) }
}

export const TABLE_NAMES: readonly TableName[] = ['filter', 'nat', 'mangle', 'raw', 'security']
