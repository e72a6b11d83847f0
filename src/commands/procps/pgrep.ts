/** pgrep(1) and pkill(1) of procps-ng. Not modelled: `--nslist`, `--cgroup`, `-O`, `-F`. */

import { errorText } from '../../render/coreutils/strerror.ts'
import { commandLine, type ProcessRow } from '../../render/procps/process-row.ts'
import type { CommandContext } from '../context.ts'
import { type OptionTable, type ParsedOptions, parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { sentence } from '../util-linux/usage.ts'
import { readProcessTable } from './process-table.ts'
import { parseSignal, sendSignal } from './signals.ts'

const TABLE: OptionTable = {
  short: 'ad:fg:G:ilnoO:P:s:t:u:U:vxF:Lr:cwhVeA',
  long: {
    ...{ delimiter: 'value', 'list-name': 'flag', 'list-full': 'flag', inverse: 'flag', count: 'flag' },
    ...{
      full: 'flag',
      'ignore-case': 'flag',
      newest: 'flag',
      oldest: 'flag',
      parent: 'value',
      exact: 'flag',
    },
    ...{ euid: 'value', uid: 'value', terminal: 'value', pgroup: 'value', session: 'value', signal: 'value' },
    ...{ echo: 'flag', help: 'flag', version: 'flag', ns: 'value', nslist: 'value', cgroup: 'value' },
    ...{
      older: 'value',
      pidfile: 'value',
      lightweight: 'flag',
      group: 'value',
      logpidfile: 'flag',
      'ignore-ancestors': 'flag',
      runstates: 'value',
    },
  },
}
const LETTERS: Readonly<Record<string, string>> = {
  ...{ delimiter: 'd', 'list-name': 'l', 'list-full': 'a', inverse: 'v', count: 'c', full: 'f', newest: 'n' },
  ...{ 'ignore-case': 'i', oldest: 'o', parent: 'P', exact: 'x', euid: 'u', uid: 'U', terminal: 't' },
  ...{
    pgroup: 'g',
    session: 's',
    echo: 'e',
    help: 'h',
    version: 'V',
    'ignore-ancestors': 'A',
    runstates: 'r',
  },
  ...{ older: 'O', pidfile: 'F', lightweight: 'w', group: 'G', logpidfile: 'L' },
}

export function pgrep(context: CommandContext): number {
  return search(context, 'pgrep', 15)
}

export function pkill(context: CommandContext): number {
  const at = context.argv.findIndex((word, i) => i > 0 && isSignalWord(word))
  if (at === -1) return search(context, 'pkill', 15)
  const signal = parseSignal(context.argv[at]!.slice(1))!
  return search({ ...context, argv: context.argv.filter((_word, i) => i !== at) }, 'pkill', signal)
}

/** `-9`, `-HUP`, `-SIGTERM` */
function isSignalWord(word: string): boolean {
  return /^-(\d+|[A-Z][A-Z0-9]+)$/.test(word) && parseSignal(word.slice(1)) !== null
}

function search(context: CommandContext, name: string, given: number): number {
  const parsed = parseOptions(context.argv, TABLE)
  if (!parsed.ok) {
    context.err(`${name}: ${sentence(parsed.error)}\nTry \`${name} --help' for more information.\n`)
    return 2
  }
  const options = new Map(parsed.value.options.map((one) => [LETTERS[one.name] ?? one.name, one.value]))
  if (options.has('V')) {
    context.out(`${name} from procps-ng ${toolVersions(context.world).procps}\n`)
    return 0
  }
  for (const letter of ['O', 'F', 'nslist', 'cgroup', 'h'])
    if (options.has(letter)) return notModelled(context, `${name} ${letter.length > 1 ? '--' : '-'}${letter}`)
  if (parsed.value.operands.length > 1) {
    context.err(`${name}: only one pattern can be provided\nTry \`${name} --help' for more information.\n`)
    return 2
  }
  const found = chosen(context, name, options, parsed.value)
  if (typeof found === 'number') return found
  const signal = options.has('signal') ? parseSignal(options.get('signal')!) : given
  if (signal === null) {
    context.err(`${name}: invalid argument ${options.get('signal')}\n`)
    return 2
  }
  return name === 'pkill' ? send(context, options, found, signal) : show(context, options, found)
}

/** The rows that fit; a number: an exit status after a complaint. */
function chosen(
  context: CommandContext,
  name: string,
  options: ReadonlyMap<string, string>,
  { operands }: ParsedOptions,
): ProcessRow[] | number {
  const criteria = ['P', 'u', 'U', 't', 'g', 'G', 's', 'r', 'ns'].filter((letter) => options.has(letter))
  if (operands.length === 0 && criteria.length === 0) {
    context.err(`${name}: no matching criteria specified\nTry \`${name} --help' for more information.\n`)
    return 2
  }
  const pattern = patternOf(operands[0] ?? '', options)
  if (pattern === null) {
    context.err(`${name}: Unmatched ( or \\(\n`)
    return 2
  }
  const table = readProcessTable(context) ?? []
  const self = context.process.pids.get(context.process.pidns)
  const target = table.find((one) => String(one.pid) === options.get('ns'))
  const fits = (row: ProcessRow): boolean =>
    pattern.test(options.has('f') ? commandLine(row) : row.comm) &&
    isListed(options, 'P', [row.ppid]) &&
    isListed(options, 'u', [row.uid, row.user]) &&
    isListed(options, 'U', [row.uid, row.user]) &&
    isListed(options, 't', [row.tty ?? '-']) &&
    isListed(options, 'g', [row.pgid]) &&
    isListed(options, 's', [row.sid]) &&
    isListed(options, 'G', [row.uid, row.group]) &&
    (!options.has('r') || options.get('r')!.includes(row.state)) &&
    (target === undefined || row.namespaces.net === target.namespaces.net)
  const rows = table.filter((row) => row.pid !== self && fits(row) !== options.has('v'))
  if (options.has('n')) return rows.slice(-1)
  return options.has('o') ? rows.slice(0, 1) : rows
}

function patternOf(text: string, options: ReadonlyMap<string, string>): RegExp | null {
  try {
    return new RegExp(options.has('x') ? `^(${text})$` : text, options.has('i') ? 'i' : '')
  } catch {
    return null
  }
}

function isListed(
  options: ReadonlyMap<string, string>,
  letter: string,
  values: readonly (string | number)[],
): boolean {
  const given = options.get(letter)?.split(',')
  return given === undefined || values.some((value) => given.includes(String(value)))
}

function show(
  context: CommandContext,
  options: ReadonlyMap<string, string>,
  rows: readonly ProcessRow[],
): number {
  if (options.has('c')) context.out(`${rows.length}\n`)
  else if (rows.length > 0) {
    const words = rows.map((row) => {
      if (options.has('a')) return `${row.pid} ${commandLine(row)}`
      return options.has('l')
        ? `${row.pid} ${options.has('f') ? commandLine(row) : row.comm}`
        : String(row.pid)
    })
    context.out(`${words.join(options.get('d') ?? '\n')}\n`)
  }
  return rows.length > 0 ? 0 : 1
}

function send(
  context: CommandContext,
  options: ReadonlyMap<string, string>,
  rows: readonly ProcessRow[],
  signal: number,
): number {
  let reached = 0
  for (const row of rows) {
    const result = sendSignal(context, row.pid, signal)
    if (result === 'ok') reached++
    else context.err(`pkill: killing pid ${row.pid} failed: ${errorText(result)}\n`)
    if (result === 'ok' && options.has('e')) context.out(`${row.comm} killed (pid ${row.pid})\n`)
  }
  if (options.has('c')) context.out(`${rows.length}\n`)
  return reached > 0 ? 0 : 1
}
