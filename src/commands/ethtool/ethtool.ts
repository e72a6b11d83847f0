/**
 * ethtool(8) 6.1: settings, driver, statistics, offloads; what only hardware can answer is refused as devices without
 * hardware refuse it. Not modelled: cards, --json, and what changes a card.
 */

import {
  changesText,
  driverText,
  featuresText,
  settingsText,
  statisticsText,
  timeStampsText,
} from '../../render/ethtool/ethtool.ts'
import { errorText } from '../../render/iproute2/errno.ts'
import { listFeatures, setFeatures } from '../../sim/kernel/link/features.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import { describeLink } from '../../sim/kernel/netlink/dump.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { refusalOf } from './refusals.ts'

const NOT_FOUND = 96
const NO_DEVICE = 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\n'

type Action = (context: CommandContext, name: string, words: readonly string[]) => number

const ACTIONS: readonly (readonly [names: readonly string[], action: Action])[] = [
  [['-S', '--statistics'], statistics],
  [['-i', '--driver'], driver],
  [['-k', '--show-features', '--show-offload'], features],
  [['-K', '--features', '--offload'], changeFeatures],
  [['-P', '--show-permaddr'], permanentAddress],
  [['-l', '--show-channels'], channels],
  [['-T', '--show-time-stamping'], timeStamps],
  [['-s', '--change'], change],
]
/** Real, and meant for cards. */
const MISSING = new Set([
  '--',
  ...[
    '-h',
    '--help',
    '--json',
    '--debug',
    '--all',
    '-I',
    '--include-statistics',
    '--monitor',
    '-Q'.toLowerCase(),
  ],
  ...[
    '-E',
    '--change-eeprom',
    '-N',
    '-U',
    '--config-nfc',
    '--config-ntuple',
    '-w',
    '--get-dump',
    '-W',
    '--set-dump',
  ],
  ...['-X', '--set-rxfh-indir', '--rxfh', '-L', '--set-channels', '--get-phy-tunable', '--set-phy-tunable'],
  ...['--get-tunable', '--set-tunable', '--reset', '--set-priv-flags', '--set-eee', '--phy-statistics'],
  ...['--per-queue', '--cable-test', '--cable-test-tdr', '--set-fec', '--set-module', '--show-module'],
  ...[
    '-f',
    '--flash',
    '-C',
    '--coalesce',
    '--set-plca-cfg',
    '--get-plca-cfg',
    '--get-plca-status',
    '--show-mm',
  ],
])

export const ethtool: Command = (context) => {
  const [, first, second, ...words] = context.argv
  if (first === '--version') {
    context.out('ethtool version 6.1\n')
    return 0
  }
  if (first === undefined) return badSyntax(context)
  if (!first.startsWith('-')) return settings(context, first)
  const action = ACTIONS.find(([names]) => names.includes(first))?.[1]
  const refusal = refusalOf(first)
  if (action === undefined && refusal === null && MISSING.has(first))
    return notModelled(context, `ethtool ${first}`)
  if (second === undefined || (action === undefined && refusal === null)) return badSyntax(context)
  if (action !== undefined) return action(context, second, words)
  const link = findLink(context.netns, second)
  if (link?.kind === 'physical') return notModelled(context, `ethtool ${first} of a card`)
  if (refusal === null) return badSyntax(context)
  context.err(link === undefined ? refusal.noDevice : refusal.unsupported(link.kind))
  return refusal.status
}

function badSyntax(context: CommandContext): number {
  context.err('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n')
  return 1
}

function fail(context: CommandContext, text: string, code: string, status: number): number {
  context.err(`${text}: ${errorText(code)}\n`)
  return status
}

/** A status: there is no such device, or it is a card. */
function withoutHardware(context: CommandContext, name: string, option: string, status = 1): Link | number {
  const link = findLink(context.netns, name)
  if (link === undefined) {
    context.err(NO_DEVICE)
    return status
  }
  return link.kind === 'physical' ? notModelled(context, `ethtool ${option} of a card`) : link
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

function features(context: CommandContext, name: string): number {
  const link = withoutHardware(context, name, '-k')
  if (typeof link === 'number') return link
  const list = listFeatures(link)
  if (list === null) return notModelled(context, `ethtool -k of ${link.kind}`)
  context.out(featuresText(name, list))
  return 0
}

function changeFeatures(context: CommandContext, name: string, words: readonly string[]): number {
  if (words.length === 0) {
    context.err('Could not change any device features\n')
    return 1
  }
  const wishes: { name: string; on: boolean }[] = []
  for (let i = 0; i < words.length; i += 2) {
    const state = words[i + 1]
    if (state !== 'on' && state !== 'off') {
      context.err(
        `ethtool (-K): flag '${state ?? '(null)'}' for parameter '(null)' is not followed by 'on' or 'off'\n`,
      )
      return 1
    }
    wishes.push({ name: words[i] ?? '', on: state === 'on' })
  }
  const link = withoutHardware(context, name, '-K', 92)
  if (typeof link === 'number') return link
  if (listFeatures(link) === null) return notModelled(context, `ethtool -K of ${link.kind}`)
  const changed = setFeatures(link, wishes)
  if (!changed.ok) {
    context.err('netlink error: bit name not found (offset 52)\nnetlink error: Operation not supported\n')
    return 92
  }
  context.out(changesText(changed.value))
  return 0
}

function permanentAddress(context: CommandContext, name: string): number {
  const link = findLink(context.netns, name)
  if (link === undefined) {
    context.err('netlink error: No such device\n')
    return 1
  }
  context.out(`Permanent address: ${link.kind === 'physical' ? link.mac : 'not set'}\n`)
  return 0
}

/** Only veth has some: one pair in use, one for each processor at most. */
function channels(context: CommandContext, name: string): number {
  const link = withoutHardware(context, name, '-l')
  if (typeof link === 'number') return link
  if (link.kind !== 'veth') return unsupported(context, 1)
  const part = (count: number): string => `RX:\t\t${count}\nTX:\t\t${count}\nOther:\t\tn/a\nCombined:\tn/a\n`
  context.out(
    `Channel parameters for ${name}:\nPre-set maximums:\n${part(2)}Current hardware settings:\n${part(1)}`,
  )
  return 0
}

function unsupported(context: CommandContext, status: number): number {
  context.err('netlink error: Operation not supported\n')
  return status
}

function timeStamps(context: CommandContext, name: string): number {
  const link = withoutHardware(context, name, '-T')
  if (typeof link === 'number') return link
  context.out(timeStampsText(name, link.kind === 'loopback' || link.kind === 'veth'))
  return 0
}

const SETTINGS = [
  ...['speed', 'lanes', 'duplex', 'port', 'mdix', 'autoneg', 'advertise', 'phyad', 'xcvr', 'wol', 'sopass'],
  ...['msglvl', 'master-slave'],
]

function change(context: CommandContext, name: string, words: readonly string[]): number {
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i] ?? ''
    const problem = !SETTINGS.includes(word)
      ? `unknown parameter '${word}'`
      : words[i + 1] === undefined
        ? `no value for parameter '${word}'`
        : null
    if (problem !== null) {
      context.err(`ethtool (-s): ${problem}\n`)
      return 1
    }
  }
  const link = withoutHardware(context, name, '-s', 75)
  if (typeof link === 'number') return link
  return words.length === 0 ? 0 : unsupported(context, 75)
}

function settings(context: CommandContext, name: string): number {
  const link = findLink(context.netns, name)
  if (link === undefined) {
    // Asked five times, for each part of the settings.
    context.err(NO_DEVICE.repeat(5))
    context.out('No data available\n')
    return 75
  }
  if (link.kind === 'physical') return notModelled(context, 'ethtool of a card')
  context.out(settingsText(describeLink(context.world, context.netns, link)))
  return 0
}
