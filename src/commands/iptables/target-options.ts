/**
 * The targets' options: what each one takes, and the target that comes of it. iptables-extensions(8),
 * iptables/extensions/libxt_*.c, libipt_*.c. Not modelled: targets listed in `REAL_TARGETS` without an entry here.
 */
import { parseLogLevel } from '../../render/iptables/names.ts'
import type { NatRange, PortRange, RandomPorts, Target } from '../../sim/kernel/netfilter/types.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import { NotModelled, UsageError } from './errors.ts'
import { bounded, dscpClass, tosOf } from './further-matches.ts'
import type { Extension, Given } from './match-options.ts'
import { parseMark, parseNumber, parsePorts } from './values.ts'

const one = (is: string) => ({ count: 1, is })
const none = (is: string) => ({ count: 0, is })

type Options = ReadonlyMap<string, Given>

const word = (given: Options, name: string): string | undefined => given.get(name)?.args[0]

function plain(kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'TRACE' | 'NOTRACK'): Extension<Target> {
  return { options: {}, build: () => ({ kind }) }
}

/** Full names and the short ones that REJECT knows too; ip6tables has names of its own. */
const REJECT_TYPES: readonly (readonly [string, string])[] = [
  ['icmp-net-unreachable', 'net-unreach'],
  ['icmp-host-unreachable', 'host-unreach'],
  ['icmp-port-unreachable', 'port-unreach'],
  ['icmp-proto-unreachable', 'proto-unreach'],
  ['icmp-net-prohibited', 'net-prohib'],
  ['icmp-host-prohibited', 'host-prohib'],
  ['tcp-reset', 'tcp-rst'],
  ['icmp-admin-prohibited', 'admin-prohib'],
]
const REJECT6_TYPES: readonly (readonly [string, string])[] = [
  ['icmp6-no-route', 'no-route'],
  ['icmp6-adm-prohibited', 'adm-prohibited'],
  ['icmp6-addr-unreachable', 'addr-unreach'],
  ['icmp6-port-unreachable', 'port-unreach'],
  ['tcp-reset', 'tcp-reset'],
  ['icmp6-policy-fail', 'policy-fail'],
  ['icmp6-reject-route', 'reject-route'],
]

function rejectType(text: string, types: readonly (readonly [string, string])[]): string {
  const lower = text.toLowerCase()
  const found = types.find(([full, short]) => full.startsWith(lower) || short.startsWith(lower))
  if (found === undefined) throw new UsageError(`unknown reject type "${text}"`)
  return found[0]
}

function rejectFor(family: 4 | 6): Extension<Target> {
  const types = family === 4 ? REJECT_TYPES : REJECT6_TYPES
  const usual = family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'
  return {
    options: { 'reject-with': one('reject-with') },
    build(given) {
      const text = word(given, 'reject-with')
      return { kind: 'REJECT', with: text === undefined ? usual : rejectType(text, types) }
    },
  }
}

const LONGEST_PREFIX = 29
/** NF_LOG_* */
const LOG_FLAGS = [
  ['log-tcp-sequence', 1],
  ['log-tcp-options', 2],
  ['log-ip-options', 4],
  ['log-uid', 8],
  ['log-macdecode', 32],
] as const
const WARNING = 4

const log: Extension<Target> = {
  options: {
    'log-prefix': one('log-prefix'),
    'log-level': one('log-level'),
    'log-tcp-sequence': none('log-tcp-sequence'),
    'log-tcp-options': none('log-tcp-options'),
    'log-ip-options': none('log-ip-options'),
    'log-uid': none('log-uid'),
    'log-macdecode': none('log-macdecode'),
  },
  build(given) {
    const text = word(given, 'log-level')
    const level = text === undefined ? WARNING : parseLogLevel(text)
    if (level === null) throw new UsageError(`log level "${text}" unknown\n`)
    const flags = LOG_FLAGS.reduce((sum, [name, bit]) => sum + (given.has(name) ? bit : 0), 0)
    const prefix = (word(given, 'log-prefix') ?? '').slice(0, LONGEST_PREFIX)
    return { kind: 'LOG', prefix, level, ...(flags === 0 ? {} : { flags }) }
  },
}

const full = 0xffffffff

function xmark(given: Options, name: 'MARK' | 'CONNMARK'): { value: number; mask: number } | null {
  const set = word(given, 'set-mark')
  if (set !== undefined) {
    const { value, mask } = parseMark(set, name, 'set-mark')
    return { value, mask: (mask | value) >>> 0 }
  }
  const exact = word(given, 'set-xmark')
  if (exact !== undefined) return parseMark(exact, name, 'set-xmark')
  const bits = (option: string) => {
    const text = word(given, option)
    return text === undefined ? null : parseMark(text, name, option).value
  }
  const [or, and, xor] = [bits('or-mark'), bits('and-mark'), bits('xor-mark')]
  if (or !== null) return { value: or, mask: or }
  if (and !== null) return { value: 0, mask: ~and >>> 0 }
  return xor === null ? null : { value: xor, mask: 0 }
}

const markOptions = {
  'set-mark': one('set-mark'),
  'set-xmark': one('set-xmark'),
  'or-mark': one('or-mark'),
  'and-mark': one('and-mark'),
  'xor-mark': one('xor-mark'),
}

const mark: Extension<Target> = {
  options: markOptions,
  build(given) {
    const change = xmark(given, 'MARK')
    if (change === null)
      throw new UsageError('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required')
    return { kind: 'MARK', ...change }
  },
}

const connmark: Extension<Target> = {
  options: {
    ...markOptions,
    'save-mark': none('save-mark'),
    'restore-mark': none('restore-mark'),
    mask: one('mask'),
    nfmask: one('nfmask'),
    ctmask: one('ctmask'),
  },
  build(given) {
    const change = xmark(given, 'CONNMARK')
    if (change !== null) return { kind: 'CONNMARK', operation: 'set', ...change }
    const operation = given.has('save-mark') ? 'save' : given.has('restore-mark') ? 'restore' : null
    if (operation === null) throw new UsageError('CONNMARK target: No operation specified')
    const mask = parseNumber(word(given, 'mask') ?? '') ?? full
    const one = parseNumber(word(given, 'nfmask') ?? '') ?? mask
    if (one !== (parseNumber(word(given, 'ctmask') ?? '') ?? mask))
      throw new NotModelled('iptables -j CONNMARK with two masks')
    return { kind: 'CONNMARK', operation, value: 0, mask: one }
  },
}

function randomness(given: Options): RandomPorts {
  return given.has('random-fully') ? 'fully' : given.has('random')
}

const PROTOCOLS_WITH_PORTS = [6, 17, 33, 132]

function portsFor(protocol: number): void {
  if (!PROTOCOLS_WITH_PORTS.includes(protocol))
    throw new UsageError('Need TCP, UDP, SCTP or DCCP with port specification')
}

function natPorts(text: string): PortRange {
  if (!/^\d+(-\d+)?$/.test(text)) throw new UsageError(`Port \`${text}' not valid`)
  const [low, high = low] = text.split('-').map(Number)
  const range = { from: low!, to: high! }
  if (range.to > 0xffff) throw new UsageError(`Port range \`${text}' not valid`)
  if (range.from > range.to) throw new UsageError(`Port range \`${high}' funky`)
  return range
}

/** `10.0.0.1`, `10.0.0.1-10.0.0.3:80-90`, `:8080`; `fd00::2`, `[fd00::2]:80`. */
function natRange(text: string, protocol: number, given: Options, family: 4 | 6): NatRange {
  const { addresses, portText } = family === 4 ? splitFour(text) : splitSix(text)
  if (portText !== null) portsFor(protocol)
  const ports = portText === null ? null : natPorts(portText)
  const persistent = given.has('persistent') ? ({ persistent: true } as const) : {}
  const rest = { ports, random: randomness(given), ...persistent }
  if (addresses === '') return { from: null, to: null, ...rest }
  const [low = '', high = low] = addresses.split('-')
  const parse = family === 4 ? parseIpv4 : parseIpv6
  const from = parse(low)
  const to = parse(high)
  if (from === null || to === null)
    throw new UsageError(`Bad ${family === 4 ? 'IP' : 'IPv6'} address "${from === null ? low : high}"`)
  return { from, to, ...rest }
}

interface SplitRange {
  readonly addresses: string
  readonly portText: string | null
}

function splitFour(text: string): SplitRange {
  const colon = text.indexOf(':')
  return colon < 0
    ? { addresses: text, portText: null }
    : { addresses: text.slice(0, colon), portText: text.slice(colon + 1) }
}

/** Ports stand behind brackets only. */
function splitSix(text: string): SplitRange {
  const parts = /^\[([^\]]*)\](?::(.*))?$/.exec(text)
  if (parts !== null) return { addresses: parts[1] ?? '', portText: parts[2] ?? null }
  return /^:\d/.test(text) ? { addresses: '', portText: text.slice(1) } : { addresses: text, portText: null }
}

const natFlags = {
  random: none('random'),
  'random-fully': none('random-fully'),
  persistent: none('persistent'),
}

function nat(kind: 'DNAT' | 'SNAT', option: string, family: 4 | 6): Extension<Target> {
  return {
    options: { [option]: one(option), ...natFlags },
    build(given, protocol) {
      const text = word(given, option)
      if (text === undefined) throw new UsageError(`${kind}: option "--${option}" must be specified\n`)
      return { kind, range: natRange(text, protocol, given, family) }
    },
  }
}

function ownAddress(kind: 'MASQUERADE' | 'REDIRECT'): Extension<Target> {
  return {
    options: { 'to-ports': one('to-ports'), random: none('random'), 'random-fully': none('random-fully') },
    build(given, protocol) {
      const text = word(given, 'to-ports')
      if (text !== undefined) portsFor(protocol)
      return { kind, ports: text === undefined ? null : natPorts(text), random: randomness(given) }
    },
  }
}

const tcpmss: Extension<Target> = {
  options: { 'set-mss': one('set-mss'), 'clamp-mss-to-pmtu': none('clamp-mss-to-pmtu') },
  build(given) {
    if (given.has('clamp-mss-to-pmtu')) return { kind: 'TCPMSS', size: 'clamp' }
    const text = word(given, 'set-mss')
    if (text === undefined) throw new UsageError('TCPMSS target: At least one parameter is required')
    const size = parsePorts(text, 'tcp').from
    return { kind: 'TCPMSS', size }
  },
}

const ct: Extension<Target> = {
  options: {
    notrack: none('notrack'),
    ...Object.fromEntries(
      ['zone', 'zone-orig', 'zone-reply', 'helper', 'timeout', 'ctevents', 'expevents'].map((name) => [
        name,
        one(name),
      ]),
    ),
  },
  build(given) {
    if (!given.has('notrack')) throw new NotModelled('iptables -j CT without --notrack')
    return { kind: 'CT' }
  },
}

/** TTL of IPv4, hop limit of IPv6. */
function hops(kind: 'TTL' | 'HL'): Extension<Target> {
  const name = kind.toLowerCase()
  return {
    options: { [`${name}-set`]: one('set'), [`${name}-dec`]: one('dec'), [`${name}-inc`]: one('inc') },
    build(given) {
      for (const operation of ['set', 'dec', 'inc'] as const) {
        const text = word(given, operation)
        if (text === undefined) continue
        return { kind, operation, value: bounded(text, kind, `${name}-${operation}`, 255) }
      }
      throw new UsageError(`${kind}: You must specify an action`)
    },
  }
}

const tos: Extension<Target> = {
  options: {
    'set-tos': one('set-tos'),
    'and-tos': one('and-tos'),
    'or-tos': one('or-tos'),
    'xor-tos': one('xor-tos'),
  },
  build(given) {
    const set = word(given, 'set-tos')
    if (set !== undefined) return { kind: 'TOS', ...tosOf(set, 0x3f) }
    const bits = (name: string) => {
      const text = word(given, name)
      return text === undefined ? null : bounded(text, 'TOS', name, 255)
    }
    const [or, and, xor] = [bits('or-tos'), bits('and-tos'), bits('xor-tos')]
    if (or !== null) return { kind: 'TOS', value: or, mask: or }
    if (and !== null) return { kind: 'TOS', value: 0, mask: ~and & 255 }
    if (xor !== null) return { kind: 'TOS', value: xor, mask: 0 }
    throw new UsageError('TOS: An action is required')
  },
}

const dscp: Extension<Target> = {
  options: { 'set-dscp': one('set-dscp'), 'set-dscp-class': one('set-dscp-class') },
  build(given) {
    const number = word(given, 'set-dscp')
    if (number !== undefined) return { kind: 'DSCP', value: bounded(number, 'DSCP', 'set-dscp', 63) }
    const named = word(given, 'set-dscp-class')
    if (named === undefined) throw new UsageError('DSCP target: Parameter --set-dscp is required')
    return { kind: 'DSCP', value: dscpClass(named) }
  },
}

const classify: Extension<Target> = {
  options: { 'set-class': one('set-class') },
  build(given) {
    const text = word(given, 'set-class')
    if (text === undefined) throw new UsageError('CLASSIFY: option "--set-class" must be specified\n')
    const parts = /^([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})$/.exec(text)
    if (parts === null) throw new UsageError(`Bad class value "${text}"`)
    return { kind: 'CLASSIFY', major: Number.parseInt(parts[1]!, 16), minor: Number.parseInt(parts[2]!, 16) }
  },
}

export function targetsOf(family: 4 | 6): ReadonlyMap<string, Extension<Target>> {
  return family === 4 ? TARGETS4 : TARGETS6
}

const COMMON: readonly (readonly [string, Extension<Target>])[] = [
  ['ACCEPT', plain('ACCEPT')],
  ['DROP', plain('DROP')],
  ['RETURN', plain('RETURN')],
  ['TRACE', plain('TRACE')],
  ['NOTRACK', plain('NOTRACK')],
  ['CT', ct],
  ['LOG', log],
  ['MARK', mark],
  ['CONNMARK', connmark],
  ['MASQUERADE', ownAddress('MASQUERADE')],
  ['REDIRECT', ownAddress('REDIRECT')],
  ['TCPMSS', tcpmss],
  ['TOS', tos],
  ['DSCP', dscp],
  ['CLASSIFY', classify],
]
const of = (family: 4 | 6): ReadonlyMap<string, Extension<Target>> =>
  new Map([
    ...COMMON,
    ['DNAT', nat('DNAT', 'to-destination', family)],
    ['SNAT', nat('SNAT', 'to-source', family)],
    ['REJECT', rejectFor(family)],
    family === 4 ? ['TTL', hops('TTL')] : ['HL', hops('HL')],
  ])
const TARGETS4 = of(4)
const TARGETS6 = of(6)

/** Targets that a real host has and this one has not. */
export const REAL_TARGETS: ReadonlySet<string> = new Set(
  (
    'AUDIT CHECKSUM CLUSTERIP CONNSECMARK ECN HMARK IDLETIMER LED NETMAP NFLOG NFQUEUE QUEUE ' +
    'RATEEST SECMARK SET SYNPROXY TCPOPTSTRIP TEE TPROXY'
  ).split(' '),
)
