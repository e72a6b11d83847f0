/**
 * nft 1.0.6, as far as it looks at what iptables-nft keeps: `nft list ruleset|tables|table|chains|chain`. nft(8).
 * Not modelled: nft's own rules (add, delete, flush …), sets, maps, JSON, handles.
 */
import { chainHeads, managedWarning, tableText } from '../../render/nft/ruleset.ts'
import { tablesOf } from '../../sim/kernel/netfilter/tables.ts'
import type { Chain, Family, Table } from '../../sim/kernel/netfilter/types.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

type FamilyName = 'ip' | 'ip6'

interface Request {
  readonly words: readonly string[]
  readonly stateless: boolean
}

const REAL_COMMANDS = [
  'add',
  'create',
  'delete',
  'describe',
  'destroy',
  'export',
  'flush',
  'get',
  'import',
  'insert',
  'monitor',
  'rename',
  'replace',
  'reset',
]
const REAL_OBJECTS = [
  'counters',
  'counter',
  'sets',
  'set',
  'maps',
  'map',
  'flowtables',
  'flowtable',
  'hooks',
  'limits',
  'meters',
  'quotas',
  'ct',
  'synproxys',
  'secmarks',
]
const HARMLESS = ['-n', '--numeric', '-t', '--terse', '-y', '-p', '-T', '-nn']

export const nft: Command = (context) => {
  const words: string[] = []
  let stateless = false
  for (const word of context.argv.slice(1)) {
    if (word === '-s' || word === '--stateless') stateless = true
    else if (word === '-v' || word === '--version') return version(context)
    else if (HARMLESS.includes(word)) continue
    else if (word.startsWith('-') && words.length === 0) return unknownOption(context, word)
    else words.push(...word.split(/\s+/).filter((part) => part !== ''))
  }
  if (words.length === 0) {
    context.err('nft: no command specified\n')
    return 1
  }
  if (!context.process.capabilities.has('NET_ADMIN')) {
    context.err('Operation not permitted (you must be root)\n')
    context.err('netlink: Error: cache initialization failed: Operation not permitted\n')
    return 1
  }
  return run(context, { words, stateless })
}

function version(context: CommandContext): number {
  context.out('nftables v1.0.6 (Lester Gooch #5)\n')
  return 0
}

function unknownOption(context: CommandContext, word: string): number {
  if (/^-[aSNuejfDiIcodVh]$|^--(handle|service|json|file|help|echo|check|debug|interactive)$/.test(word))
    return notModelled(context, `nft ${word}`)
  const text = word.startsWith('--') ? `unrecognized option '${word}'` : `invalid option -- '${word[1]}'`
  context.err(`nft: ${text}\n`)
  return 1
}

/** nft shows the line and underlines what it stumbled at; `at` counts words. */
function errorAt(context: CommandContext, words: readonly string[], at: number, text: string): number {
  const line = words.join(' ')
  const before = words.slice(0, at).join(' ').length + (at > 0 && at < words.length ? 1 : 0)
  const width = words[at]?.length ?? 1
  context.err(`Error: ${text}\n${line}\n${' '.repeat(before)}${'^'.repeat(width)}\n`)
  return 1
}

const KEYWORDS = new Set(['ruleset', 'table', 'tables', 'chain', 'chains'])
const TRAILING = 'syntax error, unexpected string, expecting end of file or newline or semicolon'

function run(context: CommandContext, request: Request): number {
  const [command = '', object = ''] = request.words
  if (REAL_COMMANDS.includes(command)) return notModelled(context, `nft ${command}`)
  if (command !== 'list') {
    const got =
      object === ''
        ? 'newline, expecting string'
        : KEYWORDS.has(object)
          ? `${object}, expecting string`
          : 'string'
    return errorAt(context, request.words, 1, `syntax error, unexpected ${got}`)
  }
  if (REAL_OBJECTS.includes(object)) return notModelled(context, `nft list ${object}`)
  switch (object) {
    case 'ruleset':
    case 'tables':
    case 'chains':
      return listAll(context, request, object)
    case 'table':
    case 'chain':
      return listOne(context, request, object)
    case '':
      return errorAt(context, request.words, 1, 'syntax error, unexpected newline')
    default:
      return errorAt(context, request.words, 1, 'syntax error, unexpected string')
  }
}

const familyNumber = (name: FamilyName): Family => (name === 'ip' ? 4 : 6)
const FAMILIES: readonly string[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']

function listAll(context: CommandContext, request: Request, object: 'ruleset' | 'tables' | 'chains'): number {
  const wanted = request.words[2]
  if (wanted !== undefined && !FAMILIES.includes(wanted)) return errorAt(context, request.words, 2, TRAILING)
  for (const family of ['ip', 'ip6'] as const) {
    if (wanted !== undefined && wanted !== family) continue
    for (const table of tablesOf(context.netns, familyNumber(family)).values())
      if (object === 'tables') context.out(`table ${family} ${table.name}\n`)
      else if (object === 'chains') context.out(chainHeads(table, { family, stateless: request.stateless }))
      else showTable(context, table, [...table.chains.values()], family, request)
  }
  return 0
}

function showTable(
  context: CommandContext,
  table: Table,
  chains: readonly Chain[],
  family: FamilyName,
  request: Request,
): void {
  const style = { family, stateless: request.stateless }
  const warning = managedWarning(table, chains, style)
  if (warning !== '') context.err(warning)
  context.out(tableText(table, chains, style))
}

/** `list table [ip] nat`, `list chain [ip] nat DOCKER` */
function listOne(context: CommandContext, request: Request, object: 'table' | 'chain'): number {
  const words = request.words
  const named = FAMILIES.includes(words[2] ?? '')
  const at = named ? 3 : 2
  const needed = object === 'table' ? at + 1 : at + 2
  if (words.length < needed)
    return errorAt(context, words, words.length, 'syntax error, unexpected newline, expecting string')
  if (words.length > needed) return errorAt(context, words, needed, TRAILING)
  const family = (named ? words[2] : 'ip') as FamilyName
  const tables =
    family === 'ip' || family === 'ip6'
      ? tablesOf(context.netns, familyNumber(family))
      : new Map<string, Table>()
  const table = [...tables.values()].find((t) => t.name === words[at])
  if (table === undefined) return errorAt(context, words, at, 'No such file or directory')
  if (object === 'table') {
    showTable(context, table, [...table.chains.values()], family, request)
    return 0
  }
  const chain = table.chains.get(words[at + 1]!)
  if (chain === undefined) return errorAt(context, words, at + 1, 'No such file or directory')
  showTable(context, table, [chain], family, request)
  return 0
}
