/**
 * conntrack 1.4.7: lists, counts, makes, changes, deletes and watches flows. conntrack(8).
 * Not modelled: XML, expectations, zones.
 */
import { entryText } from '../../render/conntrack/entry.ts'
import { deleteConnection, flushConnections, listConnections } from '../../sim/kernel/netfilter/conntrack.ts'
import { publishConnection } from '../../sim/kernel/netfilter/conntrack-events.ts'
import { selects } from '../../sim/kernel/netfilter/entry-filter.ts'
import { conntrackEventsProgram } from '../../sim/process/conntrack-events.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import type { ConntrackArguments } from './arguments.ts'
import { ConntrackError, ConntrackNotModelled, parseArguments, VERSION } from './arguments.ts'
import { createEntry, getEntry, updateEntries } from './change.ts'
import { HELP } from './help.ts'

const HINT = "Try `conntrack -h' or 'conntrack --help' for more information."

export const conntrack: Command = async (context) => {
  try {
    return await run(context, parseArguments(context.argv.slice(1)))
  } catch (error) {
    if (error instanceof ConntrackNotModelled) return notModelled(context, error.message)
    if (!(error instanceof ConntrackError)) throw error
    context.err(`${VERSION}: ${error.message}\n${HINT}\n`)
    return 2
  }
}

function run(context: CommandContext, given: ConntrackArguments): number | Promise<number> {
  if (given.command === null || given.command === 'h') {
    context.out(HELP)
    return 0
  }
  if (given.command === 'V') {
    context.out(`${VERSION}\n`)
    return 0
  }
  if (!context.process.capabilities.has('NET_ADMIN')) {
    context.err(
      `${VERSION}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`,
    )
    return 1
  }
  if (given.command === 'S') return statistics(context)
  if (given.table === 'expect') return expectations(context, given)
  switch (given.command) {
    case 'E': {
      const { filter, events, extended, id, timestamp } = given
      return context.become(
        conntrackEventsProgram({ filter, kinds: events, style: { extended, id, timestamp } }),
      )
    }
    case 'I':
      return createEntry(context, given)
    case 'U':
      return updateEntries(context, given)
    case 'G':
      return getEntry(context, given)
    default:
      return entries(context, given)
  }
}

/** Of what the kernel counts only packets that fit no flow happen here; all are counted on the first processor. */
function statistics(context: CommandContext): number {
  const names = ['insert', 'insert_failed', 'drop', 'early_drop', 'error', 'search_restart']
  const rest = [...names, 'clash_resolve', 'chaintoolong'].map((name) => `${name}=0 `).join('')
  const lines = [0, 1].map((cpu) => {
    const invalid = cpu === 0 ? (context.netns.conntrack.invalid ?? 0) : 0
    return `cpu=${String(cpu).padEnd(4)}\tfound=0 invalid=${invalid} ${rest}\n`
  })
  context.out(lines.join(''))
  return 0
}

/** No helper is modelled, so nothing is ever expected. */
function expectations(context: CommandContext, given: ConntrackArguments): number {
  if (given.command === 'C') context.out('0\n')
  else if (given.command === 'F') context.err(`${VERSION}: expectation table has been emptied.\n`)
  else context.err(`${VERSION}: 0 expectations have been ${given.command === 'L' ? 'shown' : 'deleted'}.\n`)
  return given.command === 'D' ? 1 : 0
}

function entries(context: CommandContext, given: ConntrackArguments): number {
  const { world, netns } = context
  const all = listConnections(world, netns)
  if (given.command === 'C') {
    context.out(`${all.length}\n`)
    return 0
  }
  if (given.command === 'F') {
    for (const entry of all)
      publishConnection(world, netns, 'DESTROY', entry, { isUser: true, isOver: false })
    flushConnections(netns)
    context.err(`${VERSION}: connection tracking table has been emptied.\n`)
    return 0
  }
  const chosen = all.filter((entry) => selects(given.filter, entry))
  const style = { nowUs: world.nowUs, extended: given.extended, id: given.id }
  context.out(chosen.map((entry) => entryText(entry, style)).join(''))
  if (given.command === 'D')
    for (const entry of chosen) {
      publishConnection(world, netns, 'DESTROY', entry, { isUser: true, isOver: false })
      deleteConnection(netns.conntrack, entry)
    }
  const done = given.command === 'D' ? 'deleted' : 'shown'
  context.err(`${VERSION}: ${chosen.length} flow entries have been ${done}.\n`)
  return given.command === 'D' && chosen.length === 0 ? 1 : 0
}
