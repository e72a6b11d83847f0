/** What a parsed command line does to a namespace's tables. iptables/xtables.c (do_commandx), nft.c. */
import type { ListingStyle } from '../../render/iptables/listing.ts'
import { ruleEcho, ruleLine, ruleListing, tableListing } from '../../render/iptables/listing.ts'
import { ruleText } from '../../render/iptables/rule-text.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import type { ChainRef } from '../../sim/kernel/netfilter/tables.ts'
import {
  appendRule,
  builtinHook,
  deleteChain,
  deleteRule,
  deleteRuleAt,
  findChain,
  findRule,
  flushChain,
  insertRule,
  newChain,
  references,
  renameChain,
  replaceRule,
  setPolicy,
  tablesOf,
  zeroCounters,
} from '../../sim/kernel/netfilter/tables.ts'
import type { Family, Rule, TableName } from '../../sim/kernel/netfilter/types.ts'
import { listedChains } from './chains.ts'
import type { CommandLine } from './command-line.ts'
import { TABLE_NAMES } from './command-line.ts'
import { IPTABLES_VERSION, IptablesError, UsageError } from './errors.ts'
import { complaint } from './validate.ts'

/** Where a command works, and how names of hosts are found. */
export interface Site {
  readonly program: string
  readonly netns: NetNamespace
  readonly family: Family
  readonly hostName: (address: number) => string | undefined
}

const NO_CHAIN = 'No chain/target/match by that name.'
const BAD_RULE = 'Bad rule (does a matching rule exist in that chain?).'

function refuse(text: string): never {
  throw new IptablesError(text, 1)
}

/** What nf_tables itself refuses: a transaction's error, status 4. */
function failed(site: Site, operation: string, reason: string, where: string): never {
  throw new IptablesError(
    `${site.program} ${IPTABLES_VERSION}:  ${operation} failed (${reason}): ${where}\n`,
    4,
  )
}

export function tableOf(site: Site, name: string): TableName {
  const table = TABLE_NAMES.find((known) => known === name)
  if (table !== undefined) return table
  const text = `table '${name}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.\n`
  throw new IptablesError(`${site.program} ${IPTABLES_VERSION}: ${text}`, 3)
}

/** `-i` where nothing comes in, `-o` where nothing goes out. */
export function checkDevices(line: CommandLine): void {
  if (line.command === null || !'ACDIR'.includes(line.command)) return
  if (line.output && (line.chain === 'PREROUTING' || line.chain === 'INPUT'))
    throw new UsageError(`Can't use -o with ${line.chain}\n`)
  if (line.input && (line.chain === 'POSTROUTING' || line.chain === 'OUTPUT'))
    throw new UsageError(`Can't use -i with ${line.chain}\n`)
}

/** A jump to what is neither a target nor a chain. */
function checkJump(site: Site, table: TableName, line: CommandLine): void {
  const jump = line.jump
  if (jump === null || builtinHook(table, jump) !== null) return
  if (findChain(site.netns, { table, chain: jump, family: site.family }) === undefined)
    throw new UsageError(`Chain '${jump}' does not exist`)
}

/** Everything but help and version; returns what goes to stdout. */
export function execute(site: Site, line: CommandLine): string {
  const table = tableOf(site, line.table)
  checkJump(site, table, line)
  const at: ChainRef = { table, chain: line.chain ?? '', family: site.family }
  switch (line.command) {
    case 'A':
    case 'I':
    case 'R':
    case 'C':
    case 'D':
      return editRules(site, at, line)
    case 'L':
    case 'S':
      return list(site, at, line)
    case 'N':
      if (!newChain(site.netns, at).ok) refuse('Chain already exists.')
      return ''
    case 'X':
      return removeChains(site, at, line)
    case 'F':
      return flush(site, at, line)
    case 'Z':
      return zero(site, at, line)
    case 'E':
      return rename(site, at, line.word ?? '')
    case 'P':
      return changePolicy(site, at, line.word ?? '')
    default:
      throw new UsageError('no command specified')
  }
}

const OPERATIONS = { A: 'RULE_APPEND', I: 'RULE_INSERT', R: 'RULE_REPLACE' } as const

function editRules(site: Site, at: ChainRef, line: CommandLine): string {
  const command = line.command as 'A' | 'I' | 'R' | 'C' | 'D'
  if (command === 'D' && line.position !== null) {
    deleteNumbered(site, at, line.position)
    return ''
  }
  for (const rule of line.rules) {
    if (command === 'C' || command === 'D') findOrDelete(site, at, rule, command)
    else putRule(site, at, rule, command, line.position)
  }
  return line.verbose ? line.rules.map((rule) => ruleEcho(rule, site.family)).join('') : ''
}

function deleteNumbered(site: Site, at: ChainRef, position: number): void {
  const done = deleteRuleAt(site.netns, at, position)
  if (!done.ok) refuse(done.error.code === 'ENOENT' ? NO_CHAIN : 'Index of deletion too big.')
}

function findOrDelete(site: Site, at: ChainRef, rule: Rule, command: 'C' | 'D'): void {
  const found = command === 'C' ? findRule(site.netns, at, rule) > 0 : deleteRule(site.netns, at, rule).ok
  if (!found) refuse(BAD_RULE)
}

function putRule(
  site: Site,
  at: ChainRef,
  rule: Rule,
  command: 'A' | 'I' | 'R',
  position: number | null,
): void {
  const { netns } = site
  const exists = findChain(netns, at) !== undefined
  if (!exists && (command === 'R' || builtinHook(at.table, at.chain) === null)) refuse(NO_CHAIN)
  const length = findChain(netns, at)?.rules.length ?? 0
  if (command === 'R' && (position ?? 0) > length) refuse('Index of replacement too big.')
  if (command === 'I' && (position ?? 1) > length + 1) refuse('Index of insertion too big.')
  const reason = complaint(netns, at, rule)
  if (reason !== null) failed(site, OPERATIONS[command], reason, `rule in chain ${at.chain}`)
  if (command === 'A') appendRule(netns, at, rule)
  else if (command === 'I') insertRule(netns, at, rule, position ?? 1)
  else replaceRule(netns, at, position ?? 1, rule)
}

function list(site: Site, at: ChainRef, line: CommandLine): string {
  const chains = listedChains(site.netns, site.family, at.table)
  const shown = line.chain === null ? chains : chains.filter(({ chain }) => chain.name === line.chain)
  if (shown.length === 0) {
    const text = `chain \`${line.chain}' in table \`${at.table}' is incompatible, use 'nft' tool.\n`
    throw new IptablesError(`${site.program} ${IPTABLES_VERSION}: ${text}`, 1)
  }
  const style: ListingStyle = { ...line, family: site.family, hostName: site.hostName }
  const text = line.position === null ? whole(line, shown, style) : single(line, shown, style)
  if (line.alsoZero) zero(site, at, line)
  return text
}

type Shown = ReturnType<typeof listedChains>

function whole(line: CommandLine, shown: Shown, style: ListingStyle): string {
  return line.command === 'S' ? ruleListing(shown, line.verbose) : tableListing(shown, style)
}

function single(line: CommandLine, shown: Shown, style: ListingStyle): string {
  const chain = shown[0]!.chain
  const rule = chain.rules[line.position! - 1]
  if (rule === undefined) return ''
  if (line.command === 'S') return `${ruleText(chain.name, rule, line.verbose)}\n`
  return ruleLine(rule, line.position!, style)
}

/** Without a name: all of the user's chains or, as one transaction, none; and built-in ones that are empty. */
function removeChains(site: Site, at: ChainRef, line: CommandLine): string {
  const { netns, family } = site
  const busy = (chain: string, rules: number) => rules > 0 || references(netns, { ...at, chain }) > 0
  if (line.chain === null) {
    const users = listedChains(netns, family, at.table).filter(({ chain }) => chain.hook === null)
    for (const { chain } of users)
      if (busy(chain.name, chain.rules.length))
        failed(site, 'CHAIN_DEL', 'Device or resource busy', `chain ${chain.name}`)
    for (const { chain } of users) deleteChain(netns, { ...at, chain: chain.name })
    forgetEmptyBuiltins(site, at.table)
    return line.verbose ? users.map(({ chain }) => `Deleting chain \`${chain.name}'\n`).join('') : ''
  }
  const chain = findChain(netns, at)
  // A base chain may go too while it is as if it had never been touched.
  if (chain?.policy === 'DROP' && chain.rules.length === 0) refuse('Directory not empty.')
  const done = deleteChain(netns, at)
  if (!done.ok && done.error.code === 'EBUSY')
    failed(site, 'CHAIN_DEL', 'Device or resource busy', `chain ${at.chain}`)
  if (!done.ok) refuse(NO_CHAIN)
  return line.verbose ? `Deleting chain \`${at.chain}'\n` : ''
}

function forgetEmptyBuiltins(site: Site, table: TableName): void {
  const chains = tablesOf(site.netns, site.family).get(table)?.chains
  for (const chain of [...(chains?.values() ?? [])])
    if (chain.hook !== null && chain.policy === 'ACCEPT' && chain.rules.length === 0)
      chains?.delete(chain.name)
}

/** The named chain, or all that are shown. */
function chosen(site: Site, at: ChainRef, line: CommandLine): string[] {
  const names = listedChains(site.netns, site.family, at.table).map(({ chain }) => chain.name)
  if (line.chain === null) return names
  if (!names.includes(line.chain)) refuse(NO_CHAIN)
  return [line.chain]
}

function flush(site: Site, at: ChainRef, line: CommandLine): string {
  const names = chosen(site, at, line)
  for (const chain of names) flushChain(site.netns, { ...at, chain })
  return line.verbose ? names.map((name) => `Flushing chain \`${name}'\n`).join('') : ''
}

function zero(site: Site, at: ChainRef, line: CommandLine): string {
  const names = chosen(site, at, line)
  for (const chain of names) {
    const found = findChain(site.netns, { ...at, chain })
    if (found !== undefined) zeroCounters(found, line.position)
  }
  return line.verbose && !line.alsoZero ? names.map((name) => `Zeroing chain \`${name}'\n`).join('') : ''
}

function rename(site: Site, at: ChainRef, name: string): string {
  const done = renameChain(site.netns, at, name)
  if (!done.ok) refuse(done.error.code === 'EEXIST' ? 'File exists.' : NO_CHAIN)
  return ''
}

function changePolicy(site: Site, at: ChainRef, policy: string): string {
  if (builtinHook(at.table, at.chain) === null) refuse('Bad built-in chain name.')
  if (policy !== 'ACCEPT' && policy !== 'DROP') refuse("Bad policy name. Run `dmesg' for more information.")
  if (at.table === 'nat' && policy === 'DROP')
    throw new UsageError(
      '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n',
    )
  setPolicy(site.netns, at, policy)
  return ''
}
