/** The filter language of ss(8): states, ports, addresses, and, or, not, brackets. misc/ssfilter.y, misc/ss.c parse_hostcond */

import { servicePort } from '../../render/services.ts'
import { networkOf } from '../../sim/wire/ipv4-address.ts'
import type { SocketRow } from '../net-tools/socket-rows.ts'
import { tryPrefix } from './words.ts'

/** What ss says before it gives up; `usage`: with its usage text. */
export class SsFilterError extends Error {
  readonly kind: 'usage' | 'address' | 'state' | 'unmodelled'
  constructor(text: string, kind: SsFilterError['kind']) {
    super(text)
    this.kind = kind
  }
}

export type SocketTest = (row: SocketRow) => boolean

export interface SsFilter {
  /** Null: those that the options mean. */
  readonly states: ReadonlySet<string> | null
  readonly test: SocketTest
}

const TCP_STATES: Readonly<Record<string, string>> = {
  established: 'ESTABLISHED',
  'syn-sent': 'SYN-SENT',
  'syn-recv': 'SYN-RECEIVED',
  'fin-wait-1': 'FIN-WAIT-1',
  'fin-wait-2': 'FIN-WAIT-2',
  'time-wait': 'TIME-WAIT',
  closed: 'UNCONN',
  unconnected: 'UNCONN',
  'close-wait': 'CLOSE-WAIT',
  'last-ack': 'LAST-ACK',
  listening: 'LISTEN',
  closing: 'CLOSING',
}
export const ALL_STATES: ReadonlySet<string> = new Set(Object.values(TCP_STATES))
const except = (...gone: string[]): Set<string> =>
  new Set([...ALL_STATES].filter((state) => !gone.includes(state)))
const GROUPS: Readonly<Record<string, ReadonlySet<string>>> = {
  all: ALL_STATES,
  connected: except('UNCONN', 'LISTEN'),
  synchronized: except('UNCONN', 'LISTEN', 'SYN-SENT'),
  bucket: new Set(['SYN-RECEIVED', 'TIME-WAIT']),
  big: except('SYN-RECEIVED', 'TIME-WAIT'),
}

function statesOf(word: string): ReadonlySet<string> {
  const one = TCP_STATES[word]
  const states = GROUPS[word] ?? (one === undefined ? undefined : new Set([one]))
  if (states === undefined) throw new SsFilterError(`ss: wrong state name: ${word}\n`, 'state')
  return states
}

export function parseSsFilter(operands: readonly string[]): SsFilter {
  const words = operands.flatMap((word) => word.split(/\s+|([()])/)).filter((word) => word)
  let states: Set<string> | null = null
  while (words[0] === 'state' || /^excl(u|ud|ude)?$/.test(words[0] ?? '')) {
    const isState = words.shift() === 'state'
    const named = statesOf(words.shift() ?? '')
    if (isState) states = new Set([...(states ?? []), ...named])
    else states = new Set([...(states ?? ALL_STATES)].filter((state) => !named.has(state)))
  }
  const test = words.length === 0 ? () => true : parseOr(words)
  if (words.length > 0) throw syntaxError()
  return { states, test }
}

export const SYNTAX_ERROR = 'ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n'

const syntaxError = (): SsFilterError => new SsFilterError(SYNTAX_ERROR, 'usage')

function parseOr(words: string[]): SocketTest {
  const left = parseAnd(words)
  if (!['or', '|', '||'].includes(words[0] ?? '')) return left
  words.shift()
  const right = parseOr(words)
  return (row) => left(row) || right(row)
}

function parseAnd(words: string[]): SocketTest {
  const left = parseNot(words)
  if (words.length === 0 || ['or', '|', '||', ')'].includes(words[0]!)) return left
  if (['and', '&', '&&'].includes(words[0]!)) words.shift()
  const right = parseAnd(words)
  return (row) => left(row) && right(row)
}

function parseNot(words: string[]): SocketTest {
  if (words[0] === 'not' || words[0] === '!') {
    words.shift()
    const inner = parseNot(words)
    return (row) => !inner(row)
  }
  if (words[0] !== '(') return parseCondition(words)
  words.shift()
  const inner = parseOr(words)
  if (words.shift() !== ')') throw syntaxError()
  return inner
}

const OPERATORS: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  '=': (x, y) => x === y,
  '==': (x, y) => x === y,
  eq: (x, y) => x === y,
  '!=': (x, y) => x !== y,
  ne: (x, y) => x !== y,
  neq: (x, y) => x !== y,
  '>=': (x, y) => x >= y,
  ge: (x, y) => x >= y,
  geq: (x, y) => x >= y,
  '<=': (x, y) => x <= y,
  le: (x, y) => x <= y,
  leq: (x, y) => x <= y,
  '>': (x, y) => x > y,
  gt: (x, y) => x > y,
  '<': (x, y) => x < y,
  lt: (x, y) => x < y,
}

function parseCondition(words: string[]): SocketTest {
  const word = words.shift()
  if (word === undefined) throw syntaxError()
  if (word === 'sport' || word === 'dport') {
    const compare = OPERATORS[words.shift() ?? '']
    const text = words.shift()
    if (compare === undefined || text === undefined) throw syntaxError()
    const port = portOf(text.replace(/^.*:/, ''))
    return (row) => compare(word === 'sport' ? row.localPort : row.remotePort, port)
  }
  if (['dev', 'fwmark', 'cgroup', 'autobound'].includes(word)) {
    throw new SsFilterError(`ss with the filter ${word}`, 'unmodelled')
  }
  const isSource = word === 'src'
  if (!isSource && word !== 'dst') return hostTest(word, false)
  const isNot = ['!=', 'ne', 'neq'].includes(words[0] ?? '')
  if (OPERATORS[words[0] ?? ''] !== undefined) words.shift()
  const text = words.shift()
  if (text === undefined) throw syntaxError()
  const inner = hostTest(text, isSource)
  return (row) => inner(row) !== isNot
}

function portOf(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : (servicePort(text, 'tcp') ?? servicePort(text, 'udp'))
  if (port !== undefined) return port
  throw new SsFilterError(
    `Error: "${text}" does not look like a port.\nCannot parse dst/src address.\n`,
    'address',
  )
}

/** ADDRESS, ADDRESS/LENGTH, ADDRESS:PORT, :PORT, *:PORT. */
function hostTest(text: string, isSource: boolean): SocketTest {
  const at = text.lastIndexOf(':')
  const host = at < 0 ? text : text.slice(0, at)
  const portText = at < 0 ? '' : text.slice(at + 1)
  const port = portText === '' || portText === '*' ? null : portOf(portText)
  const any = host === '' || host === '*'
  const prefix = any ? null : tryPrefix(host)
  if (!any && prefix === null) {
    throw new SsFilterError(
      `Error: an inet prefix is expected rather than "${host}".\nCannot parse dst/src address.\n`,
      'address',
    )
  }
  return (row) => {
    const address = isSource ? row.localAddress : row.remoteAddress
    if (port !== null && (isSource ? row.localPort : row.remotePort) !== port) return false
    if (prefix === null) return true
    if (typeof address === 'string') return false
    return networkOf(address, prefix.length) === networkOf(prefix.address, prefix.length)
  }
}
