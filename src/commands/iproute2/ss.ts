/**
 * ss(8) of iproute2 6.1.0: TCP and UDP sockets. misc/ss.c.
 * Not modelled: other families, what TCP knows of a connection (-i), memory (-m), events, killing.
 */
import { ssText } from '../../render/iproute2/ss.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { type SocketRow, socketRows } from '../net-tools/socket-rows.ts'
import { notModelled } from '../not-modelled.ts'
import { sentence } from '../util-linux/usage.ts'
import { ALL_STATES, parseSsFilter, type SsFilter, SsFilterError, SYNTAX_ERROR } from './ss-filter.ts'
import { ssSummary } from './ss-summary.ts'
import { SS_USAGE } from './usage.ts'

const LONG: Readonly<Record<string, string>> = {
  numeric: 'n',
  resolve: 'r',
  all: 'a',
  listening: 'l',
  processes: 'p',
  threads: 'T',
  ipv4: '4',
  ipv6: '6',
  tcp: 't',
  udp: 'u',
  mptcp: 'M',
  sctp: 'S',
  dccp: 'd',
  'no-header': 'H',
  oneline: 'O',
  help: 'h',
  version: 'V',
  options: 'o',
  extended: 'e',
  memory: 'm',
  info: 'i',
  tipcinfo: 'tipcinfo',
  summary: 's',
  tos: 'tos',
  cgroup: 'cgroup',
  bpf: 'b',
  events: 'E',
  context: 'Z',
  contexts: 'z',
  unix: 'x',
  tipc: 'tipc',
  vsock: 'vsock',
  xdp: 'xdp',
  kill: 'K',
  'inet-sockopt': 'inet-sockopt',
  raw: 'w',
  packet: '0',
  net: 'N',
  family: 'f',
  query: 'A',
  socket: 'A',
  diag: 'D',
  filter: 'F',
}
const WITH_VALUE = ['net', 'family', 'query', 'socket', 'diag', 'filter']
/** `-r` names no hosts: the addresses stay. */
const MODELLED = 'nalp46tuHOhVosfAew'

export const ss: Command = (context) => {
  const parsed = parseOptions(context.argv, {
    short: 'hVnralBpPoemiszbEf:A:D:F:0460twuxdSXMvHOKTZN:',
    long: Object.fromEntries(
      Object.keys(LONG).map((name) => [name, WITH_VALUE.includes(name) ? 'value' : 'flag'] as const),
    ),
  })
  if (!parsed.ok) {
    context.err(`ss: ${sentence(parsed.error)}\n${SS_USAGE}`)
    return 255
  }
  const names = new Set<string>()
  for (const { name, value } of parsed.value.options) {
    const letter = LONG[name] ?? name
    names.add(letter)
    const asked = letter === 'A' || letter === 'f' ? selectTables(names, letter, value) : null
    if (asked !== null) return wrongTable(context, letter, asked)
  }
  return run(context, names, parsed.value.operands)
}

/** `-A tcp,udp`, `-f inet`: as if the letters had been given; else the word that is not modelled. */
function selectTables(names: Set<string>, letter: string, value: string): string | null {
  const letters: Readonly<Record<string, string>> =
    letter === 'A' ? { tcp: 't', udp: 'u', raw: 'w', inet: 'tuw', all: '' } : { inet: '4', inet6: '6' }
  for (const word of value.split(',')) {
    const known = letters[word]
    if (known === undefined) return word
    for (const one of known) names.add(one)
  }
  return null
}

const TABLES =
  'all|inet|tcp|mptcp|udp|raw|unix|unix_dgram|unix_stream|unix_seqpacket|packet|packet_raw|packet_dgram|netlink|dccp|sctp|vsock_stream|vsock_dgram|tipc|xdp'.split(
    '|',
  )
const FAMILIES = ['link', 'unix', 'netlink', 'vsock', 'tipc', 'xdp']

function wrongTable(context: CommandContext, letter: string, word: string): number {
  if ((letter === 'A' ? TABLES : FAMILIES).includes(word))
    return notModelled(context, `ss -${letter} ${word}`)
  context.err(
    letter === 'A'
      ? `ss: "${word}" is illegal socket table id\n${SS_USAGE}`
      : `ss: "${word}" is invalid family\n${SS_USAGE}`,
  )
  return 255
}

function run(context: CommandContext, names: ReadonlySet<string>, operands: readonly string[]): number {
  if (names.has('h') || names.has('V')) {
    context.out(names.has('h') ? SS_USAGE : 'ss utility, iproute2-6.1.0, libbpf 1.1.2\n')
    return 0
  }
  const filter = readFilter(context, names, operands)
  if (typeof filter === 'number') return filter
  const unmodelled = [...names].find((name) => !MODELLED.includes(name))
  if (unmodelled !== undefined)
    return notModelled(context, `ss ${unmodelled.length > 1 ? '--' : '-'}${unmodelled}`)
  if (names.has('s')) {
    context.out(ssSummary(context))
    return 0
  }
  return list(context, names, filter)
}

function readFilter(
  context: CommandContext,
  names: ReadonlySet<string>,
  operands: readonly string[],
): SsFilter | number {
  try {
    return parseSsFilter(operands)
  } catch (error) {
    if (!(error instanceof SsFilterError)) throw error
    if (error.kind === 'unmodelled') return notModelled(context, error.message)
    // A word that is no address means nothing to Unix sockets.
    const isAddress = error.kind === 'address' && !names.has('x')
    const text = error.kind === 'address' && !isAddress ? SYNTAX_ERROR : error.message
    context.err(error.kind === 'state' || isAddress ? text : text + SS_USAGE)
    return isAddress ? 1 : 255
  }
}

function list(context: CommandContext, names: ReadonlySet<string>, filter: SsFilter): number {
  const states = filter.states ?? statesByOptions(names)
  const tables = ['t', 'u', 'w'].filter((letter) => names.has(letter))
  // Without a table chosen all are asked for, also those that the recorded kernel lacks.
  if (tables.length === 0 && context.kernel.features.containerized === true)
    context.err('RTNETLINK answers: Invalid argument\n')
  const rows = socketRows(context).filter(
    (row) => states.has(row.state) && selects(row, names, tables) && filter.test(row),
  )
  // Asked anew for each row, and once more.
  if (names.has('e') && context.kernel.features.containerized === true)
    context.err('Failed to find cgroup2 mount\n'.repeat(rows.length + 1))
  context.out(
    ssText(
      rows.map((row) => ({ ...row, details: detailsOf(context, names, row) })),
      {
        netid: tables.length !== 1,
        state: states.size > 1,
        processes: names.has('p'),
        header: !names.has('H'),
        numeric: names.has('n'),
        columns: context.outIsTerminal ? context.columns : null,
      },
    ),
  )
  return 0
}

function statesByOptions(names: ReadonlySet<string>): ReadonlySet<string> {
  if (names.has('a')) return ALL_STATES
  if (names.has('l')) return new Set(['LISTEN', 'UNCONN'])
  return new Set(
    [...ALL_STATES].filter((state) => !['LISTEN', 'UNCONN', 'TIME-WAIT', 'SYN-RECEIVED'].includes(state)),
  )
}

function selects(row: SocketRow, names: ReadonlySet<string>, tables: readonly string[]): boolean {
  if (tables.length > 0 && !tables.includes(row.protocol === 'tcp' ? 't' : 'u')) return false
  return names.has('4') === names.has('6') || names.has(String(row.family))
}

function detailsOf(context: CommandContext, names: ReadonlySet<string>, row: SocketRow): string {
  let text = ''
  if (names.has('o')) text += timerText(context, row)
  if (!names.has('e')) return text
  if (row.uid !== 0) text += ` uid:${row.uid}`
  text += ` ino:${row.users.length > 0 ? row.inode : 0} sk:${row.id.toString(16)}`
  return `${text}${context.kernel.features.containerized === true ? ' cgroup:unreachable:1' : ''} <->`
}

/** How long a closed connection is still kept. Retransmission timers are not shown. */
function timerText(context: CommandContext, row: SocketRow): string {
  if (row.state !== 'TIME-WAIT') return ''
  const { world, netns } = context
  const timer = world.queue.heap.find(
    ({ event }) =>
      event.kind === 'timer' &&
      event.netns === netns.id &&
      event.timer.kind === 'tcp-time-wait' &&
      event.timer.socket === row.id,
  )
  if (timer === undefined) return ''
  const seconds = Math.max(0, Math.floor((timer.atUs - world.nowUs) / 1_000_000))
  return ` timer:(timewait,${seconds >= 60 ? `${Math.floor(seconds / 60)}min` : `${seconds}sec`},0)`
}
