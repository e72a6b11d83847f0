/**
 * What the kernel refuses of a rule: targets outside their table or hook, ports without a protocol that has them.
 * The `checkentry` of net/netfilter/xt_*.c; a jump is checked for all hooks that lead to it (nf_tables_check_loops).
 */
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import type { ChainRef } from '../../sim/kernel/netfilter/tables.ts'
import { builtinHook, tablesOf } from '../../sim/kernel/netfilter/tables.ts'
import type { Chain, Hook, Rule, TableName } from '../../sim/kernel/netfilter/types.ts'

const NAT_HOOKS: ReadonlyMap<string, readonly Hook[]> = new Map<string, readonly Hook[]>([
  ['DNAT', ['PREROUTING', 'OUTPUT']],
  ['REDIRECT', ['PREROUTING', 'OUTPUT']],
  ['SNAT', ['POSTROUTING', 'INPUT']],
  ['MASQUERADE', ['POSTROUTING']],
])
const CLAMP_HOOKS: readonly Hook[] = ['FORWARD', 'OUTPUT', 'POSTROUTING']
const TCP = 6

function isTcp(rule: Rule): boolean {
  return rule.protocol !== null && !rule.protocol.not && rule.protocol.value === TCP
}

function fitsTable(rule: Rule, table: TableName): boolean {
  const target = rule.target
  switch (target?.kind) {
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return table === 'nat'
    case 'REJECT':
      return table === 'filter' && (target.with !== 'tcp-reset' || isTcp(rule))
    case 'NOTRACK':
    case 'CT':
      return table === 'raw'
    case 'TCPMSS':
      return isTcp(rule)
    case 'TTL':
    case 'HL':
    case 'TOS':
    case 'DSCP':
      return table === 'mangle'
    default:
      return true
  }
}

const OWN_HOOKS: readonly Hook[] = ['OUTPUT', 'POSTROUTING']
const CLASS_HOOKS: readonly Hook[] = ['OUTPUT', 'FORWARD', 'POSTROUTING']

function fitsHook(rule: Rule, hook: Hook): boolean {
  if (!OWN_HOOKS.includes(hook) && rule.matches.some(({ kind }) => kind === 'owner')) return false
  const target = rule.target
  if (target === null) return true
  if (target.kind === 'TCPMSS') return target.size !== 'clamp' || CLAMP_HOOKS.includes(hook)
  if (target.kind === 'CLASSIFY') return CLASS_HOOKS.includes(hook)
  return NAT_HOOKS.get(target.kind)?.includes(hook) ?? true
}

/** Hooks from which a chain is reached. */
function hooksOf(chains: ReadonlyMap<string, Chain>, name: string, seen: ReadonlySet<string>): Hook[] {
  const own = chains.get(name)?.hook
  if (own != null) return [own]
  if (seen.has(name)) return []
  const further = new Set([...seen, name])
  const callers = [...chains.values()].filter((chain) =>
    chain.rules.some(({ target }) => target?.kind === 'chain' && target.chain === name),
  )
  return [...new Set(callers.flatMap((chain) => hooksOf(chains, chain.name, further)))]
}

function allFit(
  chains: ReadonlyMap<string, Chain>,
  rules: readonly Rule[],
  hooks: readonly Hook[],
  seen: ReadonlySet<string>,
): boolean {
  return rules.every((rule) => {
    if (hooks.some((hook) => !fitsHook(rule, hook))) return false
    if (rule.target?.kind !== 'chain' || seen.has(rule.target.chain)) return true
    const next = chains.get(rule.target.chain)
    return next === undefined || allFit(chains, next.rules, hooks, new Set([...seen, next.name]))
  })
}

/** Null: the kernel takes it; else its complaint. */
export function complaint(netns: NetNamespace, at: ChainRef, rule: Rule): string | null {
  const invalid = 'Invalid argument'
  // ip_pkt_list_tot
  if (rule.matches.some((match) => match.kind === 'recent' && match.hitCount > 20)) return invalid
  const anyNegated = rule.source?.not === true && rule.source.value.mask === 0
  if (anyNegated || !fitsTable(rule, at.table)) return invalid
  const chains = tablesOf(netns, at.family).get(at.table)?.chains ?? new Map<string, Chain>()
  if (rule.target?.kind === 'chain' && builtinHook(at.table, rule.target.chain) !== null)
    return 'No such file or directory'
  const hook = builtinHook(at.table, at.chain)
  const hooks = hook === null ? hooksOf(chains, at.chain, new Set()) : [hook]
  return allFit(chains, [rule], hooks, new Set()) ? null : invalid
}
