/**
 * Capture filters from text. pcap-filter(7), libpcap grammar.y: "and" and "or" bind equally and to the left, an
 * identifier without qualifiers takes those of the one before it.
 * Not modelled: mpls, gateway, wlan.
 */
import { maskOf, parseIpv4 } from '../../wire/ipv4-address.ts'
import { parseIpv6 } from '../../wire/ipv6-address.ts'
import { parseMac } from '../../wire/mac-address.ts'
import { parseArithmetic } from './arithmetic.ts'
import { type Filter, FilterError, type Side } from './types.ts'

export interface Tokens {
  readonly words: readonly string[]
  at: number
}

const PORT_NAMES: Readonly<Record<string, number>> = {
  ssh: 22,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  http: 80,
  https: 443,
  'http-alt': 8080,
  vxlan: 4789,
}

/** Null: an empty filter lets everything through. */
export function parseFilter(text: string): Filter | null {
  const words = tokenize(text)
  if (words.length === 0) return null
  const tokens: Tokens = { words, at: 0 }
  const parser = { tokens, last: { protocol: null, side: 'either', type: 'host' } as Qualifiers }
  const filter = parseExpression(parser)
  if (tokens.at < words.length) syntaxError()
  return filter
}

interface Qualifiers {
  protocol: string | null
  side: Side
  type: string
}

interface Parser {
  readonly tokens: Tokens
  last: Qualifiers
}

export function syntaxError(): never {
  throw new FilterError("can't parse filter expression: syntax error")
}

function tokenize(text: string): string[] {
  const pattern = /\s+|(&&|\|\||[<>!=]=|<<|>>|[()[\]!&|+*/<>=^%])|([A-Za-z0-9_.:/-]+|\\[a-z0-9]+)/gy
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) syntaxError()
    const word = match[1] ?? match[2]
    if (word !== undefined) words.push(word.replace(/^\\/, ''))
    at = pattern.lastIndex
  }
  return words
}

function peek(parser: Parser): string | undefined {
  return parser.tokens.words[parser.tokens.at]
}

function parseExpression(parser: Parser): Filter {
  let left = parseTerm(parser)
  for (;;) {
    const word = peek(parser)
    const kind = word === 'and' || word === '&&' ? 'and' : word === 'or' || word === '||' ? 'or' : null
    if (kind === null) return left
    parser.tokens.at++
    left = { kind, left, right: parseTerm(parser) }
  }
}

function parseTerm(parser: Parser): Filter {
  const word = peek(parser)
  if (word === undefined) syntaxError()
  if (word === 'not' || word === '!') {
    parser.tokens.at++
    return { kind: 'not', of: parseTerm(parser) }
  }
  const relation = tryRelation(parser)
  if (relation !== null) return relation
  if (word !== '(') return parsePrimitive(parser)
  parser.tokens.at++
  const inner = parseExpression(parser)
  if (peek(parser) !== ')') syntaxError()
  parser.tokens.at++
  return inner
}

const RELATIONS = new Set(['=', '==', '!=', '<', '>', '<=', '>='])

function tryRelation(parser: Parser): Filter | null {
  const start = parser.tokens.at
  const left = parseArithmetic(parser.tokens)
  const operator = peek(parser)
  if (left !== null && operator !== undefined && RELATIONS.has(operator)) {
    parser.tokens.at++
    const right = parseArithmetic(parser.tokens)
    if (right === null) syntaxError()
    return { kind: 'relation', operator: operator === '==' ? '=' : operator, left, right }
  }
  parser.tokens.at = start
  return null
}

const ETHERTYPES: Readonly<Record<string, number>> = { ip: 0x0800, arp: 0x0806, rarp: 0x8035, ip6: 0x86dd }
const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  icmp6: 58,
  sctp: 132,
}
/** Service access points of IEEE 802.2; null: any. */
const LLC_PROTOCOLS: Readonly<Record<string, number | null>> = {
  llc: null,
  stp: 0x42,
  netbeui: 0xf0,
  iso: 0xfe,
}
const TYPES = new Set(['host', 'net', 'port', 'portrange', 'proto'])

function protocolFilter(name: string): Filter | null {
  const sap = LLC_PROTOCOLS[name]
  if (sap !== undefined) return { kind: 'llc', sap }
  const ethertype = ETHERTYPES[name]
  if (ethertype !== undefined) return { kind: 'ethertype', value: ethertype }
  const value = IP_PROTOCOLS[name]
  if (value === undefined) return null
  const version = name === 'icmp' || name === 'igmp' ? 4 : name === 'icmp6' ? 6 : null
  return { kind: 'ip-protocol', value, version }
}

/** `[proto] [dir] [type] id`. */
function parsePrimitive(parser: Parser): Filter {
  const { tokens } = parser
  const first = tokens.words[tokens.at]!
  if (first === 'less' || first === 'greater') return lengthPrimitive(parser, first)
  if (first === 'vlan') return vlanPrimitive(parser)
  const isProtocol = protocolFilter(first) !== null || first === 'ether' || first === 'link'
  const protocol = isProtocol ? first : null
  if (isProtocol) tokens.at++
  if (peek(parser) === 'broadcast' || peek(parser) === 'multicast') return groupPrimitive(parser, protocol)
  const side = parseSide(parser)
  const word = peek(parser)
  const type = word !== undefined && TYPES.has(word) ? word : null
  if (type !== null) tokens.at++
  // A bare word stands for more of what went before; there must be something.
  if (tokens.at === 0 && !isProtocol && side === null) syntaxError()
  if (isProtocol && side === null && type === null) {
    const next = peek(parser)
    const alone = next === undefined || ['and', 'or', '&&', '||', ')'].includes(next)
    const filter = protocolFilter(first)
    if (alone && filter !== null) return filter
    syntaxError()
  }
  const qualifiers: Qualifiers =
    protocol === null && side === null && type === null
      ? parser.last
      : { protocol, side: side ?? 'either', type: type ?? 'host' }
  parser.last = qualifiers
  return identifier(parser, qualifiers)
}

function lengthPrimitive(parser: Parser, word: string): Filter {
  const value = Number(parser.tokens.words[parser.tokens.at + 1])
  if (!Number.isInteger(value)) syntaxError()
  parser.tokens.at += 2
  const operator = word === 'less' ? '<=' : '>='
  return { kind: 'relation', operator, left: { kind: 'length' }, right: { kind: 'number', value } }
}

/** `vlan [id]` */
function vlanPrimitive(parser: Parser): Filter {
  parser.tokens.at++
  const word = peek(parser)
  if (word === undefined || !/^\d+$/.test(word)) return { kind: 'vlan', vid: null }
  parser.tokens.at++
  return { kind: 'vlan', vid: Number(word) }
}

function groupPrimitive(parser: Parser, protocol: string | null): Filter {
  const cast = peek(parser) as 'broadcast' | 'multicast'
  parser.tokens.at++
  return { kind: 'group', layer: protocol === 'ip' ? 'ip' : 'ether', cast }
}

function parseSide(parser: Parser): Side | null {
  const { tokens } = parser
  const [word, joint, other] = tokens.words.slice(tokens.at, tokens.at + 3)
  if (word !== 'src' && word !== 'dst') return null
  if ((joint === 'or' || joint === 'and') && (other === 'dst' || other === 'src') && other !== word) {
    tokens.at += 3
    return joint === 'or' ? 'either' : 'both'
  }
  tokens.at++
  return word === 'src' ? 'source' : 'destination'
}

function identifier(parser: Parser, { protocol, side, type }: Qualifiers): Filter {
  const word = peek(parser)
  if (word === undefined || !/^[A-Za-z0-9]/.test(word) || word === 'and' || word === 'or') syntaxError()
  parser.tokens.at++
  if (type === 'port' || type === 'portrange') return portFilter(word, side, protocol, type)
  if (type === 'net') return netFilter(parser, word, side)
  if (type === 'proto') return protoFilter(word, protocol)
  const mac = parseMac(word)
  if (protocol === 'ether' || mac !== null) {
    if (mac === null) throw new FilterError(`unknown ether host '${word}'`)
    return { kind: 'mac', side, mac }
  }
  const layer = protocol === 'arp' || protocol === 'ip' ? protocol : null
  const address = parseIpv4(word)
  if (address !== null) return { kind: 'host', side, address, layer }
  const address6 = parseIpv6(word)
  if (address6 !== null) return { kind: 'host6', side, address: address6 }
  if (word.includes('/')) return netFilter(parser, word, side)
  return { kind: 'named-host', side, name: word, layer }
}

function portFilter(word: string, side: Side, protocol: string | null, type: string): Filter {
  const [from = '', to = from] = type === 'portrange' ? word.split('-') : [word]
  const number = (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : PORT_NAMES[text]
    if (value === undefined || value > 65535)
      throw new FilterError(
        value === undefined ? `unknown port '${text}'` : `illegal port number ${value} > 65535`,
      )
    return value
  }
  const number6 = protocol === null ? null : (IP_PROTOCOLS[protocol] ?? null)
  return { kind: 'port', side, low: number(from), high: number(to), protocol: number6 }
}

/** `172.17`, `172.17.0.0/16`, `172.17.0.0 mask 255.255.0.0`. */
function netFilter(parser: Parser, word: string, side: Side): Filter {
  const [text = '', length] = word.split('/')
  const parts = text.split('.')
  const address = parseIpv4([...parts, ...Array(4).fill('0')].slice(0, 4).join('.'))
  if (address === null || parts.length > 4) throw new FilterError(`unknown network '${word}'`)
  if (length !== undefined && Number(length) > 32) throw new FilterError('mask length must be <= 32')
  let mask = maskOf(length === undefined ? parts.length * 8 : Number(length))
  if (peek(parser) === 'mask') {
    mask = parseIpv4(parser.tokens.words[parser.tokens.at + 1] ?? '') ?? syntaxError()
    parser.tokens.at += 2
  }
  if ((address & ~mask) !== 0) throw new FilterError(`non-network bits set in "${word}"`)
  return { kind: 'net', side, address, mask }
}

function protoFilter(word: string, protocol: string | null): Filter {
  const value = /^\d+$/.test(word) ? Number(word) : IP_PROTOCOLS[word]
  if (protocol === 'ether') {
    const ethertype = ETHERTYPES[word] ?? value
    if (ethertype !== undefined && ethertype <= 255) return { kind: 'llc', sap: ethertype }
    if (ethertype === undefined) throw new FilterError(`unknown ether proto '${word}'`)
    return { kind: 'ethertype', value: ethertype }
  }
  if (value === undefined) throw new FilterError(`unknown ip proto '${word}'`)
  return { kind: 'ip-protocol', value, version: protocol === 'ip' ? 4 : protocol === 'ip6' ? 6 : null }
}
