/**
 * The matches' options: what each one takes, and the match that comes of it. iptables-extensions(8),
 * iptables/extensions/libxt_*.c. Not modelled: matches listed in `REAL_MATCHES` without an entry here.
 */
import { parseIcmpType, parseIcmpv6Type, parseTcpFlags } from '../../render/iptables/names.ts'
import { interfaceName } from '../../sim/kernel/netfilter/rules.ts'
import type {
  AddressRange,
  AddressType,
  ConntrackStateName,
  InterfaceName,
  Match,
  Negatable,
  PortRange,
} from '../../sim/kernel/netfilter/types.ts'
import { parseIp } from '../../sim/wire/ip-address.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import { NotModelled, UsageError } from './errors.ts'
import { FURTHER_MATCHES } from './further-matches.ts'
import { hops, length, pkttype } from './packet-matches.ts'
import { parseMark, parsePort, parsePorts } from './values.ts'

/** An option as it was given. */
export interface Given {
  readonly not: boolean
  readonly args: readonly string[]
}

/** `arguments`: how many words an option takes; the canonical name of a synonym. */
export interface Extension<T> {
  readonly options: Readonly<Record<string, { readonly count: number; readonly is: string }>>
  /** `protocol`: the rule's `-p`, 0 for none or a negated one. */
  build(given: ReadonlyMap<string, Given>, protocol: number): T
}

const one = (is: string) => ({ count: 1, is })
const none = (is: string) => ({ count: 0, is })

function negatable<T>(given: Given | undefined, read: (text: string) => T): Negatable<T> | null {
  return given === undefined ? null : { not: given.not, value: read(given.args[0] ?? '') }
}

const SYN_MASK = 0x17
const SYN_SET = 0x02

function flagBits(text: string): number {
  const bits = parseTcpFlags(text)
  if (typeof bits === 'number') return bits
  throw new UsageError(`Unknown TCP flag \`${bits}'`)
}

function tcpFlags(given: ReadonlyMap<string, Given>): Negatable<{ mask: number; set: number }> | null {
  const syn = given.get('syn')
  if (syn !== undefined) return { not: syn.not, value: { mask: SYN_MASK, set: SYN_SET } }
  const flags = given.get('tcp-flags')
  if (flags === undefined) return null
  const [maskText = '', setText = ''] = flags.args
  const mask = flagBits(maskText)
  const set = flagBits(setText)
  return { not: flags.not, value: { mask, set } }
}

function transport(kind: 'tcp' | 'udp', number: number): Extension<Match> {
  const ports = {
    sport: one('source-port'),
    'source-port': one('source-port'),
    dport: one('destination-port'),
    'destination-port': one('destination-port'),
  }
  const flags = { syn: none('syn'), 'tcp-flags': { count: 2, is: 'tcp-flags' } }
  return {
    options: kind === 'tcp' ? { ...ports, ...flags } : ports,
    build(given, protocol) {
      if (protocol !== number) throw new UsageError(`${kind.toUpperCase()} match requires '-p ${kind}'`)
      const read = (text: string) => parsePorts(text, kind)
      return {
        kind,
        sourcePorts: negatable(given.get('source-port'), read),
        destinationPorts: negatable(given.get('destination-port'), read),
        flags: tcpFlags(given),
      }
    },
  }
}

const icmp: Extension<Match> = {
  options: { 'icmp-type': one('icmp-type') },
  build(given, protocol) {
    if (protocol !== 1) throw new UsageError(`ICMP match requires '-p icmp'`)
    const type = given.get('icmp-type')
    if (type === undefined) throw new UsageError('icmp: option "--icmp-type" must be specified\n')
    const parsed = parseIcmpType(type.args[0] ?? '')
    if (parsed === null) throw new UsageError(`Unknown ICMP type \`${type.args[0]}'`)
    return { kind: 'icmp', type: { not: type.not, value: parsed } }
  },
}

const icmp6: Extension<Match> = {
  options: { 'icmpv6-type': one('icmpv6-type') },
  build(given, protocol) {
    if (protocol !== 58) throw new UsageError(`icmp6 match requires '-p icmpv6'`)
    const type = given.get('icmpv6-type')
    if (type === undefined) throw new UsageError('icmp6: option "--icmpv6-type" must be specified\n')
    const parsed = parseIcmpv6Type(type.args[0] ?? '')
    if (parsed === null) throw new UsageError(`Unknown ICMP type \`${type.args[0]}'`)
    return { kind: 'icmp6', type: { not: type.not, value: parsed } }
  },
}

const MOST_PORTS = 15

function portList(text: string, protocol: 'tcp' | 'udp'): PortRange[] {
  const words = text.split(',')
  const weight = words.reduce((sum, word) => sum + (word.includes(':') ? 2 : 1), 0)
  if (weight > MOST_PORTS) throw new UsageError('too many ports specified')
  return words.map((word) => {
    if (word.includes(':')) return parsePorts(word, protocol)
    const port = parsePort(word, protocol)
    return { from: port, to: port }
  })
}

const MULTIPORT_SIDES = { sports: 'source', dports: 'destination', ports: 'either' } as const

const multiport: Extension<Match> = {
  options: {
    sports: one('sports'),
    'source-ports': one('sports'),
    dports: one('dports'),
    'destination-ports': one('dports'),
    ports: one('ports'),
  },
  build(given, protocol) {
    if (![6, 17, 33, 132, 136].includes(protocol))
      throw new UsageError("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'")
    for (const [name, side] of Object.entries(MULTIPORT_SIDES)) {
      const ports = negatable(given.get(name), (text) => portList(text, protocol === 17 ? 'udp' : 'tcp'))
      if (ports !== null) return { kind: 'multiport', side, ports }
    }
    throw new UsageError('multiport expection an option')
  },
}

const STATES: readonly ConntrackStateName[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED']
const CTSTATES: readonly ConntrackStateName[] = [...STATES, 'SNAT', 'DNAT']

/** In the kernel they are bits: the order in which they were written is lost. */
function states(text: string, known: readonly ConntrackStateName[], option: string): ConntrackStateName[] {
  const words = text.toUpperCase().split(',')
  words.forEach((word, i) => {
    if (!(known as readonly string[]).includes(word))
      throw new UsageError(`Bad ${option} "${text.split(',').slice(i).join(',')}"`)
  })
  return CTSTATES.filter((state) => words.includes(state))
}

const CONNTRACK_MORE = (
  'ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst ctorigsrcport ctorigdstport ctreplsrcport ctrepldstport ' +
  'ctstatus ctexpire ctdir'
).split(' ')

const conntrack: Extension<Match> = {
  options: {
    ctstate: one('ctstate'),
    ...Object.fromEntries(CONNTRACK_MORE.map((name) => [name, one('more')])),
  },
  build(given) {
    if (given.has('more')) throw new NotModelled('iptables -m conntrack beyond --ctstate')
    const found = negatable(given.get('ctstate'), (text) => states(text, CTSTATES, 'ctstate'))
    if (found === null) throw new UsageError('conntrack: At least one option is required')
    return { kind: 'conntrack', states: found }
  },
}

const state: Extension<Match> = {
  options: { state: one('state') },
  build(given) {
    const found = negatable(given.get('state'), (text) => states(text, STATES, 'state'))
    if (found === null) throw new UsageError('state: option "--state" must be specified\n')
    return { kind: 'state', states: found }
  },
}

const ADDRESS_TYPES: readonly AddressType[] = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
]

function addressTypes(text: string): AddressType[] {
  const words = text.toUpperCase().split(',')
  for (const word of words)
    if (!(ADDRESS_TYPES as readonly string[]).includes(word))
      throw new UsageError(`addrtype: bad type "${text}"`)
  return ADDRESS_TYPES.filter((type) => words.includes(type))
}

const addrtype: Extension<Match> = {
  options: {
    'src-type': one('src-type'),
    'dst-type': one('dst-type'),
    'limit-iface-in': none('limit-iface-in'),
    'limit-iface-out': none('limit-iface-out'),
  },
  build(given) {
    const source = negatable(given.get('src-type'), addressTypes)
    const destination = negatable(given.get('dst-type'), addressTypes)
    if (source === null && destination === null)
      throw new UsageError('addrtype: you must specify --src-type or --dst-type')
    const limitIn = given.has('limit-iface-in')
    return { kind: 'addrtype', source, destination, limitIn, limitOut: given.has('limit-iface-out') }
  },
}

const comment: Extension<Match> = {
  options: { comment: one('comment') },
  build(given) {
    const text = given.get('comment')?.args[0]
    if (text === undefined) throw new UsageError('comment: option "--comment" must be specified\n')
    return { kind: 'comment', text }
  },
}

const PERIODS = ['second', 'minute', 'hour', 'day'] as const
const DEFAULT_BURST = 5
const FASTEST_PER_SECOND = 10_000
const PERIOD_SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const

function limitOf(text: string): { count: number; per: (typeof PERIODS)[number] } {
  const parts = /^(\d+)(?:\/([a-z]+))?$/i.exec(text)
  const word = (parts?.[2] ?? 'second').toLowerCase()
  const per = PERIODS.find((period) => period.startsWith(word))
  if (parts === null || per === undefined || Number(parts[1]) === 0)
    throw new UsageError(`bad rate "${text}"'`)
  const count = Number(parts[1])
  if (count / PERIOD_SECONDS[per] > FASTEST_PER_SECOND) throw new UsageError(`Rate too fast "${text}"`)
  return { count, per }
}

const limit: Extension<Match> = {
  options: { limit: one('limit'), 'limit-burst': one('limit-burst') },
  build(given) {
    const rate = limitOf(given.get('limit')?.args[0] ?? '3/hour')
    const burst = Number(given.get('limit-burst')?.args[0] ?? DEFAULT_BURST)
    if (!Number.isInteger(burst) || burst < 0 || burst > 10_000)
      throw new UsageError('limit: bad value for option "--limit-burst", or out of range (0-10000).\n')
    return { kind: 'limit', ...rate, burst, credit: { tokens: 0, updatedUs: -1 } }
  },
}

function markMatch(kind: 'mark' | 'connmark'): Extension<Match> {
  return {
    options: { mark: one('mark') },
    build(given) {
      const mark = negatable(given.get('mark'), (text) => parseMark(text, kind, 'mark'))
      if (mark === null) throw new UsageError(`${kind}: option "--mark" must be specified\n`)
      return { kind, mark }
    },
  }
}

const mac: Extension<Match> = {
  options: { 'mac-source': one('mac-source') },
  build(given) {
    const source = negatable(given.get('mac-source'), (text) => {
      const parsed = parseMac(text)
      if (parsed === null) throw new UsageError('Invalid MAC address specified.')
      return parsed
    })
    if (source === null) throw new UsageError('mac: option "--mac-source" must be specified\n')
    return { kind: 'mac', source }
  },
}

function addressRange(option: string): (text: string) => AddressRange {
  return (text) => {
    const [low = '', high = low] = text.split('-')
    const from = parseIp(low)
    const to = parseIp(high)
    if (from === null || to === null || typeof from !== typeof to)
      throw new UsageError(`iprange: Bad value for "--${option}" option: "${text}"`)
    return { from, to }
  }
}

const iprange: Extension<Match> = {
  options: { 'src-range': one('src-range'), 'dst-range': one('dst-range') },
  build(given) {
    const source = negatable(given.get('src-range'), addressRange('src-range'))
    const destination = negatable(given.get('dst-range'), addressRange('dst-range'))
    if (source === null && destination === null)
      throw new UsageError("iprange match: You must specify `--src-range' or `--dst-range'")
    return { kind: 'iprange', source, destination }
  },
}

const physdev: Extension<Match> = {
  options: {
    'physdev-in': one('physdev-in'),
    'physdev-out': one('physdev-out'),
    'physdev-is-bridged': none('physdev-is-bridged'),
  },
  build(given) {
    const input: Negatable<InterfaceName> | null = negatable(given.get('physdev-in'), interfaceName)
    const output: Negatable<InterfaceName> | null = negatable(given.get('physdev-out'), interfaceName)
    const isBridged = given.has('physdev-is-bridged')
    if (input === null && output === null && !isBridged)
      throw new UsageError('PHYSDEV: no physdev option specified')
    return { kind: 'physdev', input, output, isBridged }
  },
}

const statistic: Extension<Match> = {
  options: { mode: one('mode'), probability: one('probability'), every: one('every'), packet: one('packet') },
  build(given) {
    const mode = given.get('mode')?.args[0] ?? 'random'
    if (mode === 'random') return randomStatistic(given.get('probability'))
    if (mode !== 'nth') throw new UsageError(`Bad mode "${mode}"`)
    const every = Number(given.get('every')?.args[0])
    if (!given.has('every') || !given.has('packet'))
      throw new UsageError('--every and --packet must be specified when using nth mode')
    const packet = Number(given.get('packet')?.args[0])
    if (packet >= every) throw new UsageError('the --packet p must be 0 <= p <= n-1')
    return { kind: 'statistic', mode, every, packet, not: given.get('every')!.not, count: { value: 0 } }
  },
}

function randomStatistic(given: Given | undefined): Match {
  if (given === undefined) throw new UsageError('--probability must be specified when using random mode')
  const probability = Number(given.args[0])
  if (!(probability >= 0 && probability <= 1))
    throw new UsageError(`bad value for option "--probability", or out of range (0-1)`)
  return { kind: 'statistic', mode: 'random', probability, not: given.not }
}

export const MATCHES: ReadonlyMap<string, Extension<Match>> = new Map<string, Extension<Match>>([
  ...FURTHER_MATCHES,
  ['tcp', transport('tcp', 6)],
  ['udp', transport('udp', 17)],
  ['icmp', icmp],
  ['icmp6', icmp6],
  ['multiport', multiport],
  ['conntrack', conntrack],
  ['state', state],
  ['addrtype', addrtype],
  ['comment', comment],
  ['limit', limit],
  ['mark', markMatch('mark')],
  ['connmark', markMatch('connmark')],
  ['mac', mac],
  ['iprange', iprange],
  ['length', length],
  ['ttl', hops('ttl')],
  ['hl', hops('hl')],
  ['pkttype', pkttype],
  ['physdev', physdev],
  ['statistic', statistic],
])

/** Matches that a real host has and this one has not. */
export const REAL_MATCHES: ReadonlySet<string> = new Set(
  (
    'ah bpf cgroup cluster connbytes connlabel cpu dccp devgroup ecn esp hashlimit helper ' +
    'ipv6header ipvs nfacct osf policy quota rateest realm rpfilter sctp set socket ' +
    'srh tcpmss frag rt mh hbh dst eui64'
  ).split(' '),
)
