/**
 * Tables and chains as data, and every way of editing them. A table or built-in chain comes into being when
 * something is put into it, as iptables-nft does. iptables(8), iptables/nft.c (nft_chain_builtin_find).
 */
import type { Refusal, Result } from '../../base/result.ts'
import { ok, refuse } from '../../base/result.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { needsTracking, sameRule } from './rules.ts'
import type { Chain, Family, Hook, Netfilter, Rule, Table, TableName } from './types.ts'

export const BUILTIN_CHAINS: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
}

/** Which chain is meant; family 4 unless said otherwise. */
export interface ChainRef {
  readonly table: TableName
  readonly chain: string
  readonly family?: Family
}

export function createNetfilter(): Netfilter {
  return { tables4: new Map(), tables6: new Map(), trackingRules: 0 }
}

export function tablesOf(netns: NetNamespace, family: Family = 4): Map<TableName, Table> {
  return family === 4 ? netns.netfilter.tables4 : netns.netfilter.tables6
}

export function ensureTable(netns: NetNamespace, family: Family, name: TableName): Table {
  const tables = tablesOf(netns, family)
  const existing = tables.get(name)
  if (existing !== undefined) return existing
  const table: Table = { name, chains: new Map() }
  tables.set(name, table)
  return table
}

export function builtinHook(table: TableName, chain: string): Hook | null {
  return BUILTIN_CHAINS[table].find((hook) => hook === chain) ?? null
}

function emptyChain(name: string, hook: Hook | null): Chain {
  return {
    name,
    hook,
    policy: hook === null ? null : 'ACCEPT',
    policyCounter: { packets: 0, bytes: 0 },
    rules: [],
  }
}

export function findChain(netns: NetNamespace, at: ChainRef): Chain | undefined {
  return tablesOf(netns, at.family).get(at.table)?.chains.get(at.chain)
}

/** The chain, made now if it is a built-in one; undefined for a user's chain that does not exist. */
export function ensureChain(netns: NetNamespace, at: ChainRef): Chain | undefined {
  const existing = findChain(netns, at)
  if (existing !== undefined) return existing
  const hook = builtinHook(at.table, at.chain)
  if (hook === null) return undefined
  const chain = emptyChain(hook, hook)
  ensureTable(netns, at.family ?? 4, at.table).chains.set(hook, chain)
  return chain
}

const NO_CHAIN: { readonly ok: false; readonly error: Refusal } = refuse('ENOENT')

function countTracking(netns: NetNamespace, at: ChainRef, rules: readonly Rule[], sign: 1 | -1): void {
  const count = sign * rules.filter(needsTracking).length
  const { netfilter } = netns
  if (at.family === 6) netfilter.trackingRules6 = (netfilter.trackingRules6 ?? 0) + count
  else netfilter.trackingRules += count
}

export function appendRule(netns: NetNamespace, at: ChainRef, rule: Rule): Result<void> {
  const chain = ensureChain(netns, at)
  if (chain === undefined) return NO_CHAIN
  chain.rules.push(rule)
  countTracking(netns, at, [rule], 1)
  return ok(undefined)
}

/** `position` counts from 1, as on the command line. */
export function insertRule(netns: NetNamespace, at: ChainRef, rule: Rule, position = 1): Result<void> {
  const chain = ensureChain(netns, at)
  if (chain === undefined) return NO_CHAIN
  if (position < 1 || position > chain.rules.length + 1) return refuse('E2BIG')
  chain.rules.splice(position - 1, 0, rule)
  countTracking(netns, at, [rule], 1)
  return ok(undefined)
}

/** Number of the first rule that says the same, counted from 1; 0: none. */
export function findRule(netns: NetNamespace, at: ChainRef, rule: Rule): number {
  return (findChain(netns, at)?.rules.findIndex((other) => sameRule(other, rule)) ?? -1) + 1
}

export function deleteRuleAt(netns: NetNamespace, at: ChainRef, position: number): Result<void> {
  const chain = findChain(netns, at)
  if (chain === undefined) return NO_CHAIN
  if (position < 1 || position > chain.rules.length) return refuse('E2BIG')
  countTracking(netns, at, chain.rules.splice(position - 1, 1), -1)
  return ok(undefined)
}

/** Deletes the first rule that says the same. */
export function deleteRule(netns: NetNamespace, at: ChainRef, rule: Rule): Result<void> {
  if (findChain(netns, at) === undefined) return NO_CHAIN
  const position = findRule(netns, at, rule)
  return position === 0 ? refuse('ESRCH') : deleteRuleAt(netns, at, position)
}

export function replaceRule(netns: NetNamespace, at: ChainRef, position: number, rule: Rule): Result<void> {
  const deleted = deleteRuleAt(netns, at, position)
  return deleted.ok ? insertRule(netns, at, rule, position) : deleted
}

export function newChain(netns: NetNamespace, at: ChainRef): Result<void> {
  if (builtinHook(at.table, at.chain) !== null || findChain(netns, at) !== undefined) return refuse('EEXIST')
  ensureTable(netns, at.family ?? 4, at.table).chains.set(at.chain, emptyChain(at.chain, null))
  return ok(undefined)
}

/** Rules of the table that jump to the chain. */
export function references(netns: NetNamespace, at: ChainRef): number {
  let count = 0
  const table = tablesOf(netns, at.family).get(at.table)
  for (const chain of table?.chains.values() ?? [])
    for (const rule of chain.rules)
      if (rule.target?.kind === 'chain' && rule.target.chain === at.chain) count++
  return count
}

export function deleteChain(netns: NetNamespace, at: ChainRef): Result<void> {
  const chain = findChain(netns, at)
  if (chain === undefined) return NO_CHAIN
  if (chain.rules.length > 0 || references(netns, at) > 0) return refuse('EBUSY')
  tablesOf(netns, at.family).get(at.table)?.chains.delete(at.chain)
  return ok(undefined)
}

export function flushChain(netns: NetNamespace, at: ChainRef): Result<void> {
  const chain = findChain(netns, at)
  if (chain === undefined) return builtinHook(at.table, at.chain) === null ? NO_CHAIN : ok(undefined)
  countTracking(netns, at, chain.rules, -1)
  chain.rules = []
  return ok(undefined)
}

export function setPolicy(netns: NetNamespace, at: ChainRef, policy: 'ACCEPT' | 'DROP'): Result<void> {
  const chain = ensureChain(netns, at)
  if (chain === undefined || chain.hook === null) return NO_CHAIN
  chain.policy = policy
  return ok(undefined)
}

/** Rules that jump there follow; the chain keeps its place in the table. */
export function renameChain(netns: NetNamespace, at: ChainRef, name: string): Result<void> {
  const table = tablesOf(netns, at.family).get(at.table)
  const chain = table?.chains.get(at.chain)
  if (table === undefined || chain === undefined || chain.hook !== null) return NO_CHAIN
  if (table.chains.has(name) || builtinHook(at.table, name) !== null) return refuse('EEXIST')
  table.chains = new Map(
    [...table.chains].map(([key, value]) => (key === at.chain ? [name, { ...value, name }] : [key, value])),
  )
  for (const other of table.chains.values()) {
    other.rules = other.rules.map((rule) =>
      rule.target?.kind === 'chain' && rule.target.chain === at.chain
        ? { ...rule, target: { ...rule.target, chain: name } }
        : rule,
    )
  }
  return ok(undefined)
}

export function zeroCounters(chain: Chain, position: number | null = null): void {
  chain.rules.forEach((rule, index) => {
    if (position === null || index === position - 1) rule.counter = { packets: 0, bytes: 0 }
  })
  if (position === null) chain.policyCounter = { packets: 0, bytes: 0 }
}
