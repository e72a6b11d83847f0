/**
 * Chains as iptables shows them: the built-in ones in their order, whether they exist in the kernel or not, then the
 * user's by name. iptables/nft.c (nft_xt_fake_builtin_chains), nft-cache.c.
 */
import type { ListedChain } from '../../render/iptables/listing.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { BUILTIN_CHAINS, tablesOf } from '../../sim/kernel/netfilter/tables.ts'
import type { Chain, Family, TableName } from '../../sim/kernel/netfilter/types.ts'

function byName(x: Chain, y: Chain): number {
  return x.name < y.name ? -1 : x.name > y.name ? 1 : 0
}

function countReferences(chains: readonly Chain[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const chain of chains)
    for (const { target } of chain.rules)
      if (target?.kind === 'chain') counts.set(target.chain, (counts.get(target.chain) ?? 0) + 1)
  return counts
}

export function listedChains(netns: NetNamespace, family: Family, table: TableName): ListedChain[] {
  const chains = [...(tablesOf(netns, family).get(table)?.chains.values() ?? [])]
  const counts = countReferences(chains)
  const builtin = BUILTIN_CHAINS[table].map(
    (hook): Chain =>
      chains.find((chain) => chain.name === hook) ?? {
        name: hook,
        hook,
        policy: 'ACCEPT',
        policyCounter: { packets: 0, bytes: 0 },
        rules: [],
      },
  )
  const users = chains.filter((chain) => chain.hook === null).sort(byName)
  return [...builtin, ...users].map((chain) => ({ chain, references: counts.get(chain.name) ?? 0 }))
}

/** As iptables-save goes through them; only tables that exist. */
const SAVE_ORDER: readonly TableName[] = ['mangle', 'security', 'raw', 'filter', 'nat']

export function existingTables(netns: NetNamespace, family: Family): TableName[] {
  const tables = tablesOf(netns, family)
  return SAVE_ORDER.filter((name) => tables.has(name))
}
