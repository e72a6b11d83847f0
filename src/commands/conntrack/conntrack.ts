/**
 * conntrack 1.4.7: lists, counts, deletes flows. conntrack(8).
 * Not modelled: events (-E), making and changing entries (-I, -U), statistics, XML.
 */
import { entryText } from '../../render/conntrack/entry.ts'
import { deleteConnection, flushConnections, listConnections } from '../../sim/kernel/netfilter/conntrack.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import type { ConntrackArguments } from './arguments.ts'
import { ConntrackError, ConntrackNotModelled, parseArguments } from './arguments.ts'
import { selects } from './filter.ts'
import { HELP } from './help.ts'

const VERSION = 'conntrack v1.4.7 (conntrack-tools)'
const HINT = "Try `conntrack -h' or 'conntrack --help' for more information."

export const conntrack: Command = (context) => {
  try {
    return run(context, parseArguments(context.argv.slice(1)))
  } catch (error) {
    if (error instanceof ConntrackNotModelled) return notModelled(context, error.message)
    if (!(error instanceof ConntrackError)) throw error
    context.err(`${VERSION}: ${error.message}\n${HINT}\n`)
    return 2
  }
}

function run(context: CommandContext, given: ConntrackArguments): number {
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
  return given.table === 'expect' ? expectations(context, given) : entries(context, given)
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
    flushConnections(netns)
    context.err(`${VERSION}: connection tracking table has been emptied.\n`)
    return 0
  }
  const chosen = all.filter((entry) => selects(given.filter, entry))
  const style = { nowUs: world.nowUs, extended: given.extended, id: given.id }
  context.out(chosen.map((entry) => entryText(entry, style)).join(''))
  if (given.command === 'D') for (const entry of chosen) deleteConnection(netns.conntrack, entry)
  const done = given.command === 'D' ? 'deleted' : 'shown'
  context.err(`${VERSION}: ${chosen.length} flow entries have been ${done}.\n`)
  return given.command === 'D' && chosen.length === 0 ? 1 : 0
}
