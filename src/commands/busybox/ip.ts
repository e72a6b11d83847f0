/** busybox's `ip`: networking/ip.c, libiproute/ip_parse_common_args.c (1.35). */

import type { BusyboxFamily } from '../../render/busybox/ip.ts'
import type { Command, CommandContext } from '../context.ts'
import { GiveUp, matches, Words } from '../iproute2/words.ts'
import { busyboxAddress } from './ip-address.ts'
import { busyboxLink } from './ip-link.ts'
import { busyboxNeighbor, busyboxRule, busyboxTunnel } from './ip-neighbor.ts'
import { busyboxRoute } from './ip-route.ts'
import { IP_USAGE } from './ip-usage.ts'
import { busyboxUsage } from './usage.ts'

export interface BusyboxIp {
  readonly context: CommandContext
  readonly family: BusyboxFamily
  readonly oneline: boolean
}

const OBJECTS: readonly (readonly [string, (ip: BusyboxIp, words: Words) => number])[] = [
  ['address', busyboxAddress],
  ['route', busyboxRoute],
  ['link', busyboxLink],
  ['tunnel', busyboxTunnel],
  ['tunl', busyboxTunnel],
  ['rule', busyboxRule],
  ['neigh', busyboxNeighbor],
]

export const busyboxIp: Command = (context) => {
  try {
    return run(context)
  } catch (error) {
    if (!(error instanceof GiveUp)) throw error
    context.err(error.message.startsWith('\n') ? error.message.slice(1) : `ip: ${error.message}\n`)
    return error.status
  }
}

function run(context: CommandContext): number {
  if (context.argv[1] === '--help' && context.argv.length === 2)
    return busyboxUsage(context, 'ip', IP_USAGE, null)
  const words = new Words(context.argv.slice(1))
  let family: BusyboxFamily = null
  let oneline = false
  while (words.peek().startsWith('-')) {
    const option = words.take().replace(/^--?/, '')
    if (matches(option, 'oneline')) oneline = true
    else if (option === '4') family = 4
    else if (option === '6') family = 6
    else if (option === '0') family = 'link'
    else if (matches(option, 'family')) family = familyWord(words.take())
    else return busyboxUsage(context, 'ip', IP_USAGE, 'operands')
  }
  const name = words.take()
  for (const [known, act] of OBJECTS)
    if (matches(name, known)) return act({ context, family, oneline }, words)
  return busyboxUsage(context, 'ip', IP_USAGE, 'operands')
}

function familyWord(word: string): BusyboxFamily {
  if (word === 'inet') return 4
  if (word === 'inet6') return 6
  if (word === 'link') return 'link'
  throw new GiveUp(`invalid argument '${word}' to 'protocol family'`, 1)
}
