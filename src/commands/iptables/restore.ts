/**
 * iptables-restore and ip6tables-restore 1.8.9 over nf_tables: a whole table, or nothing of it.
 * iptables-restore(8), iptables/xtables-restore.c, xshared.c (add_param_to_argv).
 */
import { clone } from '../../sim/base/clone.ts'
import { readFile } from '../../sim/kernel/fs/files.ts'
import {
  builtinHook,
  ensureChain,
  ensureTable,
  findChain,
  flushChain,
  newChain,
  tablesOf,
} from '../../sim/kernel/netfilter/tables.ts'
import type { Counter, TableName } from '../../sim/kernel/netfilter/types.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { parseCommandLine, TABLE_NAMES } from './command-line.ts'
import { IPTABLES_VERSION, IptablesError, NotModelled, UsageError, usageText } from './errors.ts'
import type { Site } from './execute.ts'
import { checkDevices, execute } from './execute.ts'
import { mayEdit, programName, siteOf } from './iptables.ts'

interface RestoreOptions {
  flush: boolean
  counters: boolean
  test: boolean
  only: string | null
  file: string | null
}

const HELP = `Usage: PROGRAM [-c] [-v] [-V] [-t] [-h] [-n] [-T table] [-M command] [-4] [-6] [file]
	   [ --counters ]
	   [ --verbose ]
	   [ --version]
	   [ --test ]
	   [ --help ]
	   [ --noflush ]
	   [ --table=<TABLE> ]
	   [ --modprobe=<command> ]
	   [ --ipv4 ]
	   [ --ipv6 ]
`

const LONG: ReadonlyMap<string, string> = new Map([
  ['--noflush', '-n'],
  ['--counters', '-c'],
  ['--test', '-t'],
  ['--verbose', '-v'],
  ['--version', '-V'],
  ['--help', '-h'],
  ['--table', '-T'],
  ['--wait', '-w'],
  ['--ipv4', '-4'],
  ['--ipv6', '-6'],
])

export const iptablesRestore: Command = async (context) => {
  const program = programName(context)
  const words = context.argv.slice(1).map((word) => LONG.get(word) ?? word)
  if (words.includes('-V')) {
    context.out(`${program} ${IPTABLES_VERSION}\n`)
    return 0
  }
  if (words.includes('-h')) {
    context.err(HELP.replace('PROGRAM', program))
    return 0
  }
  const options = parseOptions(context, program, words)
  if (options === null) return 1
  const text = await readInput(context, options.file)
  if (text === null) return 1
  if (!mayEdit(context)) return 4
  return restore(context, { ...siteOf(context), program }, text, options)
}

function parseOptions(
  context: CommandContext,
  program: string,
  words: readonly string[],
): RestoreOptions | null {
  const options: RestoreOptions = { flush: true, counters: false, test: false, only: null, file: null }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '-n') options.flush = false
    else if (word === '-c') options.counters = true
    else if (word === '-t') options.test = true
    else if (word === '-T') options.only = words[++i] ?? null
    else if (word.startsWith('--table=')) options.only = word.slice('--table='.length)
    else if (['-v', '-w', '-4', '-6'].includes(word)) continue
    else if (word.startsWith('-')) {
      const text = word.startsWith('--') ? `unrecognized option '${word}'` : `invalid option -- '${word[1]}'`
      context.err(`${program}: ${text}\nTry \`${program} -h' for more information.\n`)
      return null
    } else options.file = word
  }
  return options
}

async function readInput(context: CommandContext, file: string | null): Promise<string | null> {
  if (file === null) return context.readAll()
  const found = readFile(context.world, context.kernel, context.process, file)
  if (found.ok) return found.value
  context.err(`Can't open ${file}: No such file or directory\n`)
  return null
}

interface Restoring {
  readonly site: Site
  readonly options: RestoreOptions
  table: TableName | null
  /** The table named is not the one asked for by `-T`. */
  skipping: boolean
}

function restore(context: CommandContext, site: Site, text: string, options: RestoreOptions): number {
  const netns = site.netns
  let saved = clone(netns.netfilter)
  const state: Restoring = { site, options, table: null, skipping: false }
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [index, line] of lines.entries()) {
    const status = tryLine(context, state, line, index + 1)
    if (status !== 0) {
      netns.netfilter = saved
      return status
    }
    if (line === 'COMMIT' && !options.test) saved = clone(netns.netfilter)
  }
  const open = state.table !== null
  if (open || options.test) netns.netfilter = saved
  if (!open) return 0
  context.err(`${site.program}: COMMIT expected at line ${lines.length + 1}\n`)
  return 1
}

function tryLine(context: CommandContext, state: Restoring, line: string, number: number): number {
  const program = state.site.program
  try {
    if (restoreLine(state, line, number)) return 0
    context.err(`${program}: line ${number} failed\n`)
    return 1
  } catch (error) {
    if (error instanceof NotModelled) return notModelled(context, error.message)
    if (error instanceof UsageError) {
      context.err(usageText(program, error, number))
      return 2
    }
    if (!(error instanceof IptablesError)) throw error
    context.err(error.status === 1 ? `${program}: line ${number} failed: ${error.text}\n` : error.text)
    return error.status
  }
}

/** False: the line makes no sense here. */
function restoreLine(state: Restoring, line: string, number: number): boolean {
  if (line === '' || line.startsWith('#')) return true
  if (state.table === null) return line.startsWith('*') && openTable(state, line.slice(1).trim(), number)
  if (line === 'COMMIT') {
    state.table = null
    return true
  }
  if (state.skipping) return true
  if (line.startsWith(':')) return restoreChain(state, state.table, line.slice(1))
  return restoreRule(state, state.table, line)
}

function openTable(state: Restoring, name: string, number: number): boolean {
  const { site, options } = state
  const table = TABLE_NAMES.find((known) => known === name)
  if (table === undefined)
    throw new UsageError(`${site.program}: line ${number} table name '${name}' invalid`)
  state.table = table
  state.skipping = options.only !== null && options.only !== table
  if (options.flush && !state.skipping) emptyTable(site, table)
  return true
}

function emptyTable(site: Site, table: TableName): void {
  const chains = tablesOf(site.netns, site.family).get(table)?.chains
  for (const chain of [...(chains?.keys() ?? [])]) {
    flushChain(site.netns, { table, chain, family: site.family })
    chains?.delete(chain)
  }
  ensureTable(site.netns, site.family, table)
}

/** `FORWARD DROP [0:0]`, `DOCKER - [0:0]` */
function restoreChain(state: Restoring, table: TableName, text: string): boolean {
  const { site, options } = state
  const [name = '', policy = '', counts] = text.split(/\s+/)
  const at = { table, chain: name, family: site.family }
  if (builtinHook(table, name) === null) {
    if (findChain(site.netns, at) === undefined) newChain(site.netns, at)
    else flushChain(site.netns, at)
    return true
  }
  const chain = ensureChain(site.netns, at)
  if (chain === undefined) return false
  if (!['ACCEPT', 'DROP', '-'].includes(policy)) throw new IptablesError('Bad policy name.', 1)
  if (policy !== '-') chain.policy = policy === 'DROP' ? 'DROP' : 'ACCEPT'
  if (options.counters) chain.policyCounter = parseCounters(counts ?? '') ?? chain.policyCounter
  return true
}

function parseCounters(text: string): Counter | null {
  const found = /^\[(\d+):(\d+)\]$/.exec(text)
  return found === null ? null : { packets: Number(found[1]), bytes: Number(found[2]) }
}

function restoreRule(state: Restoring, table: TableName, line: string): boolean {
  const { site, options } = state
  const counted = /^(\[\d+:\d+\])\s*(.*)$/.exec(line)
  const counter = counted === null ? null : parseCounters(counted[1]!)
  const words = splitWords(counted === null ? line : counted[2]!)
  const parsed = parseCommandLine(words, site.family)
  if (words.includes('-t')) throw new UsageError('The -t option cannot be used in iptables-restore.\n')
  if (parsed.command === null) throw new UsageError('no command specified')
  checkDevices(parsed)
  if (options.counters && counter !== null) for (const rule of parsed.rules) rule.counter = { ...counter }
  execute(site, { ...parsed, table })
  return true
}

/** Blanks part words; double quotes hold them together, a backslash takes the next sign as it is. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let inQuotes = false
  for (let i = 0; i < line.length; i++) {
    const sign = line[i]!
    if (sign === '\\' && inQuotes && i + 1 < line.length) word = (word ?? '') + line[++i]
    else if (sign === '"') {
      inQuotes = !inQuotes
      word ??= ''
    } else if (!inQuotes && (sign === ' ' || sign === '\t')) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + sign
  }
  if (word !== null) words.push(word)
  return words
}
