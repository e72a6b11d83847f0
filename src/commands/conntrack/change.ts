/** conntrack -I and -U: flows made and changed by hand. conntrack(8), src/conntrack.c. Not modelled: NAT of a new flow, status flags but ASSURED and SEEN_REPLY. */
import { entryText } from '../../render/conntrack/entry.ts'
import { listConnections } from '../../sim/kernel/netfilter/conntrack.ts'
import { publishConnection } from '../../sim/kernel/netfilter/conntrack-events.ts'
import { type EntryFilter, selects } from '../../sim/kernel/netfilter/entry-filter.ts'
import { invertTuple, keyOfTuple } from '../../sim/kernel/netfilter/tuple.ts'
import type { Connection, TcpTrackingState, Tuple } from '../../sim/kernel/netfilter/types.ts'
import type { CommandContext } from '../context.ts'
import { type ConntrackArguments, ConntrackError, VERSION } from './arguments.ts'

const SECOND = 1_000_000
const BY_USER = { isUser: true, isOver: false }

function need(isGiven: boolean, option: string): void {
  if (!isGiven) throw new ConntrackError(`You need to supply the \`--${option}' option for this command`)
}

export function createEntry(context: CommandContext, given: ConntrackArguments): number {
  const { filter, timeout } = given
  need(filter.protocol !== null, 'protonum')
  need(timeout !== null, 'timeout')
  need(filter.source !== null, 'orig-src')
  need(filter.destination !== null, 'orig-dst')
  if (filter.protocol === 6) need(filter.state !== null, 'state')
  if (filter.protocol === 1) need(filter.numbers['icmp-type'] !== undefined, 'icmp-type')
  const { world, netns } = context
  const original = tupleOf(filter)
  const reply = invertTuple(original) ?? { ...original }
  const table = netns.conntrack
  if (table.byTuple.has(keyOfTuple(original))) {
    context.err(`${VERSION}: Operation failed: Such conntrack exists, try -U to update\n`)
    return 1
  }
  const entry: Connection = {
    id: table.nextId++,
    original,
    reply,
    confirmed: true,
    seenReply: filter.status.includes('SEEN_REPLY'),
    assured: filter.status.includes('ASSURED'),
    sourceNat: false,
    destinationNat: false,
    natDone: { source: true, destination: true },
    tcpState: filter.protocol === 6 ? (filter.state as TcpTrackingState) : null,
    mark: filter.mark?.address ?? 0,
    createdUs: world.nowUs,
    expiresUs: world.nowUs + (timeout ?? 0) * SECOND,
    masqueradeIfindex: null,
    counters: null,
  }
  table.connections.set(entry.id, entry)
  table.byTuple.set(keyOfTuple(reply), entry.id * 2 + 1)
  table.byTuple.set(keyOfTuple(original), entry.id * 2)
  publishConnection(world, netns, 'NEW', entry, BY_USER)
  context.err(`${VERSION}: 1 flow entries have been created.\n`)
  return 0
}

function tupleOf({ protocol, source, destination, numbers }: EntryFilter): Tuple {
  return {
    protocol: protocol ?? 0,
    source: source?.address ?? 0,
    destination: destination?.address ?? 0,
    sourcePort: numbers.sport ?? numbers['icmp-id'] ?? 0,
    destinationPort: numbers.dport ?? numbers['icmp-id'] ?? 0,
    icmpType: numbers['icmp-type'] ?? 0,
    icmpCode: numbers['icmp-code'] ?? 0,
  }
}

/** A mark, a status and a timeout say what becomes of the flows that the rest selects. */
export function updateEntries(context: CommandContext, given: ConntrackArguments): number {
  const { world, netns } = context
  const { mark, status } = given.filter
  const wanted: EntryFilter = { ...given.filter, mark: null, status: [] }
  const chosen = listConnections(world, netns).filter((entry) => selects(wanted, entry))
  for (const entry of chosen) {
    if (mark !== null) entry.mark = ((entry.mark & ~mark.mask) | mark.address) >>> 0
    if (status.includes('ASSURED')) entry.assured = true
    if (given.timeout !== null) entry.expiresUs = world.nowUs + given.timeout * SECOND
    publishConnection(world, netns, 'UPDATE', entry, BY_USER)
    context.out(entryText(entry, { nowUs: world.nowUs, extended: given.extended, id: given.id, uses: 2 }))
  }
  context.err(`${VERSION}: ${chosen.length} flow entries have been updated.\n`)
  return chosen.length === 0 ? 1 : 0
}

export function getEntry(context: CommandContext, given: ConntrackArguments): number {
  const { world, netns } = context
  need(given.filter.protocol !== null, 'protonum')
  const found = listConnections(world, netns).find((entry) => selects(given.filter, entry))
  if (found === undefined) {
    context.err(`${VERSION}: Operation failed: such conntrack doesn't exist\n`)
    return 1
  }
  context.out(entryText(found, { nowUs: world.nowUs, extended: given.extended, id: given.id, uses: 2 }))
  context.err(`${VERSION}: 1 flow entries have been shown.\n`)
  return 0
}
