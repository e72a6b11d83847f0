/** ip(8) of iproute2: global options, then an object. ip/ip.c */

import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { readContent } from './batch.ts'
import { type Ip, type IpOptions, openNamed } from './environment.ts'
import { ipAddress } from './ip-address.ts'
import { ipLink } from './ip-link.ts'
import { ipMaddress } from './ip-maddress.ts'
import { ipMonitor } from './ip-monitor.ts'
import { ipNeighbor } from './ip-neighbor.ts'
import { ipNetns } from './ip-netns.ts'
import { ipRoute } from './ip-route.ts'
import { ipRule } from './ip-rule.ts'
import { IP_USAGE } from './usage.ts'
import { GiveUp, matches, Words } from './words.ts'

type IpObject = (ip: Ip, words: Words) => number | Promise<number>

const missingObject =
  (name: string): IpObject =>
  (ip) =>
    notModelled(ip.context, `ip ${name}`)

/** In this order: the first whose beginning is given is meant. */
const OBJECTS: readonly (readonly [string, IpObject])[] = [
  ['address', ipAddress],
  ['addrlabel', missingObject('addrlabel')],
  ['maddress', ipMaddress],
  ['route', ipRoute],
  ['rule', ipRule],
  ['neighbor', ipNeighbor],
  ['neighbour', ipNeighbor],
  ['ntable', missingObject('ntable')],
  ['ntbl', missingObject('ntable')],
  ['link', ipLink],
  ...[
    'l2tp',
    'fou',
    'ila',
    'macsec',
    'tunnel',
    'tunl',
    'tuntap',
    'tap',
    'token',
    'tcpmetrics',
    'tcp_metrics',
  ].map((name) => [name, missingObject(name)] as const),
  ['monitor', ipMonitor],
  ...['xfrm', 'mroute', 'mrule'].map((name) => [name, missingObject(name)] as const),
  ['netns', ipNetns],
  ...['netconf', 'vrf', 'sr', 'nexthop', 'mptcp', 'ioam'].map((name) => [name, missingObject(name)] as const),
  [
    'help',
    () => {
      throw new GiveUp(IP_USAGE, 255)
    },
  ],
  ['stats', missingObject('stats')],
]

interface Global {
  options: { -readonly [K in keyof IpOptions]: IpOptions[K] }
  netns: string | null
  batch: string | null
  force: boolean
  version: boolean
}

export const ip: Command = async (context) => {
  try {
    const words = new Words(context.argv.slice(1))
    const global = readOptions(words)
    if (global.version) {
      context.out('ip utility, iproute2-6.1.0, libbpf 1.1.2\n')
      return 0
    }
    const netns = global.netns === null ? context.netns : openNamed(context, global.netns)
    const one: Ip = { context, netns, options: global.options }
    if (global.batch !== null) return await runBatch(one, global.batch, global.force, runObject)
    if (!words.more) throw new GiveUp(IP_USAGE, 255)
    return await runObject(one, words)
  } catch (error) {
    return gaveUp(context, error)
  }
}

export function gaveUp(context: CommandContext, error: unknown): number {
  if (!(error instanceof GiveUp)) throw error
  context.err(error.message)
  return error.status
}

async function runObject(one: Ip, words: Words): Promise<number> {
  const name = words.take()
  for (const [known, run] of OBJECTS) if (matches(name, known)) return run(one, words)
  throw new GiveUp(`Object "${name}" is unknown, try "ip help".\n`, 1)
}

/** Lines of a file as commands; the first that fails ends it unless `-force` was given. lib/utils.c do_batch */
export async function runBatch(
  one: Ip,
  file: string,
  force: boolean,
  run: (one: Ip, words: Words) => Promise<number>,
): Promise<number> {
  const text = await readContent(one.context, file)
  let status = 0
  for (const [i, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/)
    if (words[0] === '') continue
    const result = await run(one, new Words(words)).catch((error) => gaveUp(one.context, error))
    if (result === 0) continue
    one.context.err(`Command failed ${file}:${i + 1}\n`)
    status = 1
    if (!force) break
  }
  return status
}

function readOptions(words: Words): Global {
  const global: Global = {
    options: {
      family: null,
      brief: false,
      details: false,
      statistics: 0,
      all: false,
      json: false,
      pretty: false,
      oneline: false,
      color: false,
    },
    netns: null,
    batch: null,
    force: false,
    version: false,
  }
  while (words.more && words.peek().startsWith('-')) {
    const word = words.take()
    if (word === '--') break
    readOption(global, word.startsWith('--') ? word.slice(1) : word, word, words)
  }
  return global
}

function readOption(global: Global, option: string, word: string, words: Words): void {
  const { options } = global
  const name = option.slice(1)
  if (matches(name, 'loops')) words.value()
  else if (matches(name, 'family')) options.family = familyWord(words.value())
  else if (name === '4') options.family = 4
  else if (name === '6') options.family = 6
  else if (name === '0') options.family = 'link'
  else if (name === 'M' || name === 'B') options.family = 'link'
  else if (matches(name, 'human-readable') || matches(name, 'iec')) return
  else if (matches(name, 'stats', 'statistics')) options.statistics++
  else if (matches(name, 'details')) options.details = true
  else if (matches(name, 'resolve')) return
  else if (matches(name, 'oneline')) options.oneline = true
  else if (matches(name, 'timestamp')) options.timestamp = 'long'
  else if (matches(name, 'tshort')) options.timestamp = 'short'
  else if (matches(name, 'Version')) global.version = true
  else if (matches(name, 'force')) global.force = true
  else if (matches(name, 'batch')) global.batch = words.value()
  else if (matches(name, 'brief')) options.brief = true
  else if (matches(name, 'json')) options.json = true
  else if (matches(name, 'pretty')) options.pretty = true
  else if (matches(name, 'rcvbuf')) words.value()
  else if (matches(name.split('=')[0] ?? '', 'color')) options.color = colorWord(name, word)
  else if (matches(name, 'help')) throw new GiveUp(IP_USAGE, 255)
  else if (matches(name, 'netns')) global.netns = words.more ? words.take() : '(null)'
  else if (matches(name, 'Numeric')) return
  else if (matches(name, 'all')) options.all = true
  else throw new GiveUp(`Option "${word}" is unknown, try "ip -help".\n`, 255)
}

function familyWord(word: string): IpOptions['family'] {
  if (word === 'inet') return 4
  if (word === 'inet6') return 6
  if (word === 'link') return 'link'
  throw new GiveUp(`Error: argument "${word}" is wrong: invalid protocol family\n`, 255)
}

function colorWord(name: string, word: string): boolean {
  const choice = name.split('=')[1] ?? 'always'
  if (!['always', 'auto', 'never'].includes(choice)) {
    throw new GiveUp(`Option "${word}" is unknown, try "ip -help".\n`, 255)
  }
  return choice === 'always'
}
