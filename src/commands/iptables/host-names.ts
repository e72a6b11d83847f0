/**
 * Names for the addresses of a listing: /etc/hosts, then the name server, one address after the other; networks are
 * asked for too. `-n` is there to avoid just this. libxtables/xtables.c (xtables_ipaddr_to_anyname).
 */
import type { ListedChain } from '../../render/iptables/listing.ts'
import { createContext } from '../../sim/process/context.ts'
import { startReverseLookup, stepLookup } from '../../sim/process/host-lookup.ts'
import type { CommandContext } from '../context.ts'

function addressesOf(chains: readonly ListedChain[]): Set<number> {
  const found = new Set<number>()
  for (const { chain } of chains)
    for (const rule of chain.rules)
      for (const side of [rule.source, rule.destination])
        if (side !== null && side.value.mask !== 0) found.add(side.value.address)
  return found
}

export async function lookUpNames(
  context: CommandContext,
  chains: readonly ListedChain[],
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  const { world, kernel, process, netns } = context
  const caller = createContext(world, kernel, process, netns)
  for (const address of addressesOf(chains)) {
    const lookup = startReverseLookup(caller, address)
    if (!stepLookup(caller, lookup)) await context.until(() => stepLookup(caller, lookup))
    if (lookup.outcome?.kind === 'name') names.set(address, lookup.outcome.name.replace(/\.$/, ''))
  }
  return names
}
