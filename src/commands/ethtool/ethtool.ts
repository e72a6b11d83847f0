/** ethtool(8) 6.1: settings, driver (`-i`), statistics (`-S`). Not modelled: everything that hardware would answer. */

import { driverText, settingsText, statisticsText } from '../../render/ethtool/ethtool.ts'
import { errorText } from '../../render/iproute2/errno.ts'
import { describeLink } from '../../sim/kernel/netlink/dump.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

const NOT_FOUND = 96

export const ethtool: Command = (context) => {
  const [, first, second] = context.argv
  if (first === '--version') {
    context.out('ethtool version 6.1\n')
    return 0
  }
  if (first === '-h' || first === '--help') return notModelled(context, 'ethtool --help')
  if (first === undefined) return badSyntax(context)
  if (!first.startsWith('-')) return settings(context, first)
  const isStatistics = first === '-S' || first === '--statistics'
  const isDriver = first === '-i' || first === '--driver'
  if (!isStatistics && !isDriver) return notModelled(context, `ethtool ${first}`)
  if (second === undefined) return badSyntax(context)
  return isDriver ? driver(context, second) : statistics(context, second)
}

function badSyntax(context: CommandContext): number {
  context.err('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n')
  return 1
}

function fail(context: CommandContext, text: string, code: string, status: number): number {
  context.err(`${text}: ${errorText(code)}\n`)
  return status
}

function statistics(context: CommandContext, name: string): number {
  const link = findLink(context.netns, name)
  if (link === undefined) return fail(context, 'Cannot get stats strings information', 'ENODEV', NOT_FOUND)
  if (link.kind !== 'veth') {
    context.err('no stats available\n')
    return 94
  }
  context.out(statisticsText(link.peer.ifindex))
  return 0
}

function driver(context: CommandContext, name: string): number {
  const link = findLink(context.netns, name)
  if (link === undefined) return fail(context, 'Cannot get driver information', 'ENODEV', 71)
  if (link.kind === 'physical') return notModelled(context, 'ethtool -i of a card')
  const text = driverText(link.kind, context.kernel.features.release)
  if (text === null) return fail(context, 'Cannot get driver information', 'EOPNOTSUPP', 71)
  context.out(text)
  return 0
}

function settings(context: CommandContext, name: string): number {
  const link = findLink(context.netns, name)
  if (link === undefined) {
    // Asked five times, for each part of the settings.
    context.err(
      'netlink error: no device matches name (offset 24)\nnetlink error: No such device\n'.repeat(5),
    )
    context.out('No data available\n')
    return 75
  }
  if (link.kind === 'physical') return notModelled(context, 'ethtool of a card')
  context.out(settingsText(describeLink(context.world, context.netns, link)))
  return 0
}
