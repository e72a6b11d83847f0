/** conntrack's command line: one command, filters, protocol's own options after `-p`. conntrack-tools 1.4.7 src/conntrack.c. */

import type { AddressFilter, EntryFilter, NumberField } from '../../sim/kernel/netfilter/entry-filter.ts'
import { emptyFilter } from '../../sim/kernel/netfilter/entry-filter.ts'
import type { ConntrackEventKind } from '../../sim/kernel/netfilter/types.ts'
import { maskOf, parseIpv4 } from '../../sim/wire/ipv4-address.ts'

export const VERSION = 'conntrack v1.4.7 (conntrack-tools)'

export class ConntrackError extends Error {}
export class ConntrackNotModelled extends Error {}

export type ConntrackCommand = 'L' | 'D' | 'F' | 'C' | 'V' | 'h' | 'E' | 'I' | 'U' | 'G' | 'S'

export interface ConntrackArguments {
  command: ConntrackCommand | null
  table: 'conntrack' | 'expect'
  filter: EntryFilter
  extended: boolean
  id: boolean
  timestamp: boolean
  /** `-e` */
  events: readonly ConntrackEventKind[]
  /** `-t`, seconds. */
  timeout: number | null
}

const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['--dump', 'L'],
  ['--delete', 'D'],
  ['--flush', 'F'],
  ['--count', 'C'],
  ['--version', 'V'],
  ['--help', 'h'],
  ['--get', 'G'],
  ['--create', 'I'],
  ['--add', 'A'],
  ['--update', 'U'],
  ['--event', 'E'],
  ['--stats', 'S'],
  ['--load-file', 'R'],
])

/** Canonical names of the options that take a value. */
const WITH_VALUE: ReadonlyMap<string, string> = new Map([
  ['-s', 's'],
  ['--src', 's'],
  ['--orig-src', 's'],
  ['-d', 'd'],
  ['--dst', 'd'],
  ['--orig-dst', 'd'],
  ['-r', 'r'],
  ['--reply-src', 'r'],
  ['-q', 'q'],
  ['--reply-dst', 'q'],
  ['-p', 'p'],
  ['--protonum', 'p'],
  ['--proto', 'p'],
  ['-f', 'f'],
  ['--family', 'f'],
  ['-o', 'o'],
  ['--output', 'o'],
  ['-m', 'm'],
  ['--mark', 'm'],
  ['-u', 'u'],
  ['--status', 'u'],
  ['-t', 't'],
  ['--timeout', 't'],
  ['-b', 'b'],
  ['-e', 'e'],
  ['--event-mask', 'e'],
  ['--buffer-size', 'b'],
])

/** Real options that are missing here. */
const UNMODELLED: ReadonlySet<string> = new Set([
  ...['-c', '--secmark', '-l', '--label', '--label-add', '--label-del', '-w', '--zone', '--orig-zone'],
  ...[
    '--reply-zone',
    '--tuple-src',
    '--tuple-dst',
    '--mask-src',
    '--mask-dst',
    '-i',
    '--id',
    '-a',
    '--nat-range',
  ],
])

const NAT_SIDES: ReadonlyMap<string, 'source' | 'destination' | 'any'> = new Map([
  ['-n', 'source'],
  ['--src-nat', 'source'],
  ['-g', 'destination'],
  ['--dst-nat', 'destination'],
  ['-j', 'any'],
  ['--any-nat', 'any'],
])

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['tcp', 6],
  ['udp', 17],
  ['dccp', 33],
  ['gre', 47],
  ['icmpv6', 58],
  ['sctp', 132],
  ['udplite', 136],
])
const PORT_OPTIONS: ReadonlyMap<string, NumberField> = new Map([
  ['--sport', 'sport'],
  ['--orig-port-src', 'sport'],
  ['--dport', 'dport'],
  ['--orig-port-dst', 'dport'],
  ['--reply-port-src', 'reply-port-src'],
  ['--reply-port-dst', 'reply-port-dst'],
])
const ICMP_OPTIONS: ReadonlyMap<string, NumberField> = new Map([
  ['--icmp-type', 'icmp-type'],
  ['--icmp-code', 'icmp-code'],
  ['--icmp-id', 'icmp-id'],
])
const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'LISTEN',
]
const STATUSES = [
  'ASSURED',
  'SEEN_REPLY',
  'UNSET',
  'FIXED_TIMEOUT',
  'EXPECTED',
  'OFFLOAD',
  'UNREPLIED',
  'SRC_NAT',
  'DST_NAT',
  'CONFIRMED',
]
const OUTPUTS = ['xml', 'save', 'extended', 'timestamp', 'id', 'ktimestamp', 'labels', 'userspace']

interface Parser {
  readonly words: readonly string[]
  at: number
  readonly result: ConntrackArguments
}

export function parseArguments(words: readonly string[]): ConntrackArguments {
  const result: ConntrackArguments = {
    command: null,
    table: 'conntrack',
    filter: emptyFilter(),
    extended: false,
    id: false,
    timestamp: false,
    events: ['NEW', 'UPDATE', 'DESTROY'],
    timeout: null,
  }
  const parser: Parser = { words, at: 0, result }
  while (parser.at < words.length) parseWord(parser, words[parser.at++]!)
  return result
}

function nextValue(parser: Parser): string | null {
  const next = parser.words[parser.at]
  if (next === undefined || next.startsWith('-')) return null
  parser.at++
  return next
}

function parseWord(parser: Parser, word: string): void {
  const command = /^-[LDFCVhGIAUESR]$/.test(word) ? word[1]! : COMMANDS.get(word)
  if (command !== undefined) {
    setCommand(parser, command)
    return
  }
  const side = NAT_SIDES.get(word)
  if (side !== undefined) {
    const text = nextValue(parser)
    parser.result.filter.nat = { side, address: text === null ? null : addressOf(text).address }
    return
  }
  if (word === '-z' || word === '--zero') return
  const [name, inline] = word.startsWith('--') ? word.split('=') : [word]
  if (UNMODELLED.has(name!)) throw new ConntrackNotModelled(`conntrack ${name}`)
  if (WITH_VALUE.has(name!)) applyOption(parser, WITH_VALUE.get(name!)!, inline ?? argumentOf(parser, name!))
  else if (!protocolOption(parser, name!, inline)) throw new ConntrackError(`unknown option \`${word}'`)
}

function argumentOf(parser: Parser, name: string): string {
  const value = parser.words[parser.at++]
  if (value === undefined) throw new ConntrackError(`option \`${name}' requires an argument`)
  return value
}

function setCommand(parser: Parser, letter: string): void {
  const { result } = parser
  if (result.command !== null) throw new ConntrackError('Invalid commands combination')
  if (!'LDFCVhEIUGS'.includes(letter)) throw new ConntrackNotModelled(`conntrack -${letter}`)
  result.command = letter as ConntrackCommand
  const table = 'LDFCEIUGS'.includes(letter) ? nextValue(parser) : null
  if (table === 'expect') result.table = 'expect'
  else if (table === 'dying' || table === 'unconfirmed')
    throw new ConntrackNotModelled(`conntrack -${letter} ${table}`)
  else if (table !== null && table !== 'conntrack') throw new ConntrackError(`unknown type \`${table}'`)
}

function addressOf(text: string): AddressFilter {
  const [host = '', length] = text.split('/')
  const address = parseIpv4(host)
  const bits = length === undefined ? 32 : Number(length)
  if (address === null) throw new ConntrackError(`Invalid IP address \`${text}'`)
  if (!Number.isInteger(bits) || bits < 0 || bits > 32)
    throw new ConntrackError(`Invalid netmask \`${length}'`)
  return { address, mask: maskOf(bits) }
}

function applyOption(parser: Parser, letter: string, value: string): void {
  const { filter } = parser.result
  switch (letter) {
    case 's':
      filter.source = addressOf(value)
      return
    case 'd':
      filter.destination = addressOf(value)
      return
    case 'r':
      filter.replySource = addressOf(value)
      return
    case 'q':
      filter.replyDestination = addressOf(value)
      return
    case 'p':
      filter.protocol = protocolOf(value)
      return
    case 'f':
      if (value !== 'ipv4' && value !== 'ipv6') throw new ConntrackError(`\`${value}' unsupported protocol`)
      filter.family = value === 'ipv4' ? 4 : 6
      return
    case 'm':
      filter.mark = markOf(value)
      return
    case 'u':
      filter.status = listOf(value, STATUSES)
      return
    case 't':
      parser.result.timeout = Number(value)
      return
    case 'e':
      parser.result.events = eventsOf(value)
      return
    case 'o':
      setOutput(parser, listOf(value, OUTPUTS))
  }
}

function protocolOf(text: string): number {
  const number = PROTOCOLS.get(text.toLowerCase()) ?? (/^[1-9]\d*$/.test(text) ? Number(text) : null)
  if (number === null || number > 255) throw new ConntrackError(`\`${text}' unsupported protocol`)
  return number
}

function markOf(text: string): AddressFilter {
  const [value = '', mask] = text.split('/')
  return { address: Number(value) >>> 0, mask: mask === undefined ? 0xffffffff : Number(mask) >>> 0 }
}

function listOf(text: string, known: readonly string[]): string[] {
  const words = text.split(',')
  for (const word of words) if (!known.includes(word)) throw new ConntrackError(`Bad parameter \`${word}'`)
  return words
}

/** `ALL`, `NEW`, `UPDATES`, `DESTROY`. */
function eventsOf(text: string): readonly ConntrackEventKind[] {
  const kinds = listOf(text.toUpperCase(), ['ALL', 'NEW', 'UPDATES', 'DESTROY'])
  if (kinds.includes('ALL')) return ['NEW', 'UPDATE', 'DESTROY']
  return kinds.map((word) => (word === 'UPDATES' ? 'UPDATE' : (word as ConntrackEventKind)))
}

function setOutput(parser: Parser, types: readonly string[]): void {
  for (const type of types)
    if (type === 'xml' || type === 'save') throw new ConntrackNotModelled(`conntrack -o ${type}`)
  parser.result.extended ||= types.includes('extended')
  parser.result.id ||= types.includes('id')
  parser.result.timestamp ||= types.includes('timestamp')
}

const PORT_PROTOCOLS = [6, 17, 33, 132, 136]

/** Whether it is an option of the protocol that was named. */
function protocolOption(parser: Parser, name: string, inline: string | undefined): boolean {
  const { filter } = parser.result
  const protocol = filter.protocol ?? 0
  if (protocol === 6 && name === '--state') {
    const state = inline ?? argumentOf(parser, name)
    if (!TCP_STATES.includes(state)) throw new ConntrackError(`unknown TCP state \`${state}'`)
    filter.state = state
    return true
  }
  const options = PORT_PROTOCOLS.includes(protocol) ? PORT_OPTIONS : protocol === 1 ? ICMP_OPTIONS : null
  const field = options?.get(name)
  if (field === undefined) return false
  filter.numbers[field] = Number(inline ?? argumentOf(parser, name))
  return true
}
