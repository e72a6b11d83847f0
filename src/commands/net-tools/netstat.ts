/** netstat(8) of net-tools 2.10 and of busybox 1.35: netstat.c */
import { NETSTAT_HEAD, shortText } from '../../render/net-tools/ifconfig.ts'
import { internetText, type NetstatLook, type NetstatRow, unixText } from '../../render/net-tools/netstat.ts'
import { routesText } from '../../render/net-tools/route.ts'
import { NETSTAT_USAGE as BUSYBOX_USAGE } from '../busybox/ip-usage.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { sentence } from '../util-linux/usage.ts'
import { allInterfaces } from './interfaces.ts'
import { routeLines } from './route-lines.ts'
import { type SocketRow, socketRows } from './socket-rows.ts'
import { NETSTAT_USAGE } from './usage.ts'

/** Long names whose letter is modelled or said to be missing below. */
const MORE_LONG: Readonly<Record<string, string>> = {
  groups: 'g',
  statistics: 's',
  masquerade: 'M',
  verbose: 'v',
  'numeric-hosts': 'n',
  'numeric-ports': 'n',
  'numeric-users': 'n',
  symbolic: 'N',
  timers: 'o',
  continuous: 'c',
  fib: 'F',
  cache: 'C',
  context: 'Z',
  udplite: 'U',
  sctp: 'S',
  bluetooth: '2',
  l2cap: '2',
  rfcomm: 'f',
  ax25: 'ax25',
  ipx: 'ipx',
  netrom: 'netrom',
  ddp: 'ddp',
  x25: 'x25',
}

interface Wish extends NetstatLook {
  readonly protocols: ReadonlySet<string>
  readonly family: 4 | 6 | null
}

export const netstat: Command = (context) => {
  const parsed = parseOptions(context.argv, {
    short: '46A:CFMacdeghilnNoprsStuUvVWwZ2fx',
    long: {
      all: 'flag',
      listening: 'flag',
      numeric: 'flag',
      programs: 'flag',
      route: 'flag',
      interfaces: 'flag',
      tcp: 'flag',
      udp: 'flag',
      raw: 'flag',
      unix: 'flag',
      extend: 'flag',
      wide: 'flag',
      help: 'flag',
      version: 'flag',
      ...Object.fromEntries(Object.keys(MORE_LONG).map((name) => [name, 'flag'] as const)),
    },
  })
  if (!parsed.ok) {
    const [families = '', usage = ''] = NETSTAT_USAGE.split(/^(?=usage:)/m)
    // The families go to stdout, which is written late unless it is a terminal.
    context.err(`netstat: ${sentence(parsed.error)}\n`)
    if (context.outIsTerminal) context.out(families)
    context.err(usage)
    if (!context.outIsTerminal) context.out(families)
    return 3
  }
  const names = new Set(parsed.value.options.map(({ name }) => letterOf(name)))
  if (names.has('h')) {
    context.err(NETSTAT_USAGE)
    return 0
  }
  if (names.has('V')) {
    context.out('net-tools 2.10\n')
    return 0
  }
  for (const missing of [
    's',
    'g',
    'M',
    'C',
    'c',
    'S',
    'Z',
    'U',
    '2',
    'f',
    'o',
    'N',
    'ax25',
    'ipx',
    'netrom',
    'ddp',
    'x25',
  ])
    if (names.has(missing))
      return notModelled(context, `netstat ${missing.length > 1 ? '--' : '-'}${missing}`)
  if (names.has('r')) {
    context.out(
      routesText(routeLines(context), { dialect: 'net-tools', numeric: names.has('n'), columns: 'mss' }),
    )
    return 0
  }
  if (names.has('i')) {
    const list = allInterfaces(context).filter((one) => (one.row.up || names.has('a')) && !one.isAlias)
    context.out(NETSTAT_HEAD + list.map(shortText).join(''))
    return 0
  }
  return sockets(context, wishOf(names, 'net-tools'))
}

const LETTER: Readonly<Record<string, string>> = {
  all: 'a',
  listening: 'l',
  numeric: 'n',
  programs: 'p',
  route: 'r',
  interfaces: 'i',
  tcp: 't',
  udp: 'u',
  raw: 'w',
  unix: 'x',
  extend: 'e',
  wide: 'W',
  help: 'h',
  version: 'V',
}

function letterOf(name: string): string {
  return LETTER[name] ?? MORE_LONG[name] ?? name
}

export const busyboxNetstat: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'laentuwxrWp', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'netstat', BUSYBOX_USAGE, parsed.error)
  const names = new Set(parsed.value.options.map(({ name }) => name))
  if (names.has('help')) return busyboxUsage(context, 'netstat', BUSYBOX_USAGE, null)
  if (names.has('r')) {
    context.out(
      routesText(routeLines(context), { dialect: 'busybox', numeric: names.has('n'), columns: 'mss' }),
    )
    return 0
  }
  return sockets(context, wishOf(names, 'busybox'))
}

function wishOf(names: ReadonlySet<string>, dialect: NetstatLook['dialect']): Wish {
  const chosen = ['t', 'u', 'w', 'x'].filter((name) => names.has(name))
  return {
    dialect,
    which: names.has('a') ? 'all' : names.has('l') ? 'listening' : 'connected',
    programs: names.has('p'),
    protocols: new Set(chosen.length === 0 ? ['t', 'u', 'w', 'x'] : chosen),
    family: names.has('4') ? 4 : names.has('6') ? 6 : null,
  }
}

function sockets(context: CommandContext, wish: Wish): number {
  const { protocols } = wish
  if (protocols.has('t') || protocols.has('u') || protocols.has('w')) {
    const rows = socketRows(context).filter((row) => selects(row, wish))
    const tcp = rows.filter((row) => row.protocol === 'tcp')
    const udp = rows.filter((row) => row.protocol === 'udp')
    context.out(
      internetText(
        [...tcp, ...udp].map((row) => shown(row, wish)),
        wish,
      ),
    )
  }
  if (protocols.has('x')) context.out(unixText(wish))
  return 0
}

function selects(row: SocketRow, wish: Wish): boolean {
  if (!wish.protocols.has(row.protocol === 'tcp' ? 't' : 'u')) return false
  if (wish.family !== null && row.family !== wish.family) return false
  const isServer = row.state === 'LISTEN' || row.state === 'UNCONN'
  return wish.which === 'all' || isServer === (wish.which === 'listening')
}

function shown(row: SocketRow, wish: Wish): NetstatRow {
  const first = row.users[row.users.length - 1]
  const name = wish.dialect === 'busybox' || first === undefined ? first?.name : programName(first.title)
  return { ...row, user: wish.programs ? (first === undefined ? '-' : `${first.pid}/${name}`) : null }
}

/** net-tools shows the command line's first word without its folder, and what a program calls itself as it is. */
function programName(title: string): string {
  if (/^[^/\s]+: /.test(title)) return title
  const word = title.split(' ')[0] ?? ''
  return word.slice(word.lastIndexOf('/') + 1)
}
