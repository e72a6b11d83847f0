/** Names for addresses, as the tools ask for them unless told `-n`: /etc/hosts, then the name server. gethostbyaddr(3) */
import { createContext } from '../../sim/process/context.ts'
import { startReverseLookup, stepLookup } from '../../sim/process/host-lookup.ts'
import type { CommandContext } from '../context.ts'

export type Names = ReadonlyMap<number, string>

export async function namesOf(context: CommandContext, addresses: Iterable<number>): Promise<Names> {
  const names = new Map<number, string>()
  const { world, kernel, process, netns } = context
  const caller = createContext(world, kernel, process, netns)
  for (const address of new Set(addresses)) {
    const lookup = startReverseLookup(caller, address)
    if (!stepLookup(caller, lookup)) await context.until(() => stepLookup(caller, lookup))
    if (lookup.outcome?.kind === 'name') names.set(address, lookup.outcome.name.replace(/\.$/, ''))
  }
  return names
}
