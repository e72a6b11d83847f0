/** Names for addresses, as the tools ask for them unless told `-n`: /etc/hosts, then the name server. gethostbyaddr(3) */
import { createContext } from '../../sim/process/context.ts'
import { startLookup, startReverseLookup, stepLookup } from '../../sim/process/host-lookup.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
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

/** The address of a host as gethostbyname(3) finds it, or what herror(3) says of it. */
export async function hostAddress(context: CommandContext, word: string): Promise<number | string> {
  const address = parseIpv4(word)
  if (address !== null) return address
  if (/^[\d.]+$/.test(word)) return `${word}: Unknown host\n`
  const { world, kernel, process, netns } = context
  const caller = createContext(world, kernel, process, netns)
  const lookup = startLookup(caller, word, [1])
  if (!stepLookup(caller, lookup)) await context.until(() => stepLookup(caller, lookup))
  const outcome = lookup.outcome
  if (outcome?.kind === 'addresses' && outcome.addresses[0] !== undefined) return outcome.addresses[0]
  const reason = outcome?.kind === 'failed' ? outcome.reason : 'NONAME'
  const sentence = {
    NONAME: 'Unknown host',
    NODATA: 'No address associated with name',
    AGAIN: 'Host name lookup failure',
  }
  return `${word}: ${sentence[reason]}\n`
}
