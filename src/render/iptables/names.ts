/**
 * Numbers that iptables words: protocols (/etc/protocols), ICMP types, TCP flags, log levels, REJECT's kinds.
 * libxtables/xtoptions.c, extensions/libxt_icmp.h, libipt_REJECT.c, xt_LOG.
 */

const PROTOCOLS: readonly (readonly [number, string])[] = [
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipencap'],
  [6, 'tcp'],
  [8, 'egp'],
  [12, 'pup'],
  [17, 'udp'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [132, 'sctp'],
  [136, 'udplite'],
]
const NAME_OF_PROTOCOL = new Map(PROTOCOLS)
const PROTOCOL_OF_NAME = new Map(PROTOCOLS.map(([number, name]) => [name, number]))

export function protocolName(number: number): string {
  return NAME_OF_PROTOCOL.get(number) ?? String(number)
}

const KNOWN_WITHOUT_FILE = new Set([6, 132, 17, 136, 1, 58, 50, 51])

/** As `-v` echoes it: only names that iptables knows without /etc/protocols (xtables_chain_protos). */
export function shortProtocolName(number: number): string {
  return KNOWN_WITHOUT_FILE.has(number) ? protocolName(number) : String(number)
}

/** Null: no such protocol. 0: all. */
export function protocolNumber(name: string): number | null {
  const lower = name.toLowerCase()
  if (lower === 'all') return 0
  if (lower === 'icmpv6' || lower === 'icmp6') return 58
  if (/^\d+$/.test(lower)) return Number(lower) <= 255 ? Number(lower) : null
  return PROTOCOL_OF_NAME.get(lower) ?? null
}

export interface IcmpType {
  readonly type: number
  readonly code: number | null
}

const ANY_ICMP = 255

const ICMP_TYPES: readonly (readonly [string, number, number | null])[] = [
  ['any', ANY_ICMP, null],
  ['echo-reply', 0, null],
  ['destination-unreachable', 3, null],
  ['network-unreachable', 3, 0],
  ['host-unreachable', 3, 1],
  ['protocol-unreachable', 3, 2],
  ['port-unreachable', 3, 3],
  ['fragmentation-needed', 3, 4],
  ['source-route-failed', 3, 5],
  ['network-unknown', 3, 6],
  ['host-unknown', 3, 7],
  ['network-prohibited', 3, 9],
  ['host-prohibited', 3, 10],
  ['TOS-network-unreachable', 3, 11],
  ['TOS-host-unreachable', 3, 12],
  ['communication-prohibited', 3, 13],
  ['host-precedence-violation', 3, 14],
  ['precedence-cutoff', 3, 15],
  ['source-quench', 4, null],
  ['redirect', 5, null],
  ['network-redirect', 5, 0],
  ['host-redirect', 5, 1],
  ['TOS-network-redirect', 5, 2],
  ['TOS-host-redirect', 5, 3],
  ['echo-request', 8, null],
  ['router-advertisement', 9, null],
  ['router-solicitation', 10, null],
  ['time-exceeded', 11, null],
  ['ttl-zero-during-transit', 11, 0],
  ['ttl-zero-during-reassembly', 11, 1],
  ['parameter-problem', 12, null],
  ['ip-header-bad', 12, 0],
  ['required-option-missing', 12, 1],
  ['timestamp-request', 13, null],
  ['timestamp-reply', 14, null],
  ['address-mask-request', 17, null],
  ['address-mask-reply', 18, null],
]
const ICMP_ALIASES: ReadonlyMap<string, string> = new Map([
  ['ping', 'echo-request'],
  ['pong', 'echo-reply'],
  ['ttl-exceeded', 'time-exceeded'],
])

export function icmpTypeName(wanted: IcmpType): string | undefined {
  return ICMP_TYPES.find(([, type, code]) => type === wanted.type && code === wanted.code)?.[0]
}

/** A name or an unambiguous beginning of one, `8`, `3/4`. Null: unknown. */
export function parseIcmpType(text: string): IcmpType | null {
  return parseType(text, ICMP_TYPES, ICMP_ALIASES)
}

type Types = readonly (readonly [string, number, number | null])[]

function parseType(text: string, types: Types, aliases: ReadonlyMap<string, string>): IcmpType | null {
  const numbers = /^(\d+)(?:\/(\d+))?$/.exec(text)
  if (numbers !== null) {
    const type = Number(numbers[1])
    const code = numbers[2] === undefined ? null : Number(numbers[2])
    return type > 255 || (code ?? 0) > 255 ? null : { type, code }
  }
  const name = aliases.get(text.toLowerCase()) ?? text.toLowerCase()
  const exact = types.filter(([n]) => n.toLowerCase() === name)
  const found = exact.length > 0 ? exact : types.filter(([n]) => n.toLowerCase().startsWith(name))
  const only = found[0]
  return found.length === 1 && only !== undefined ? { type: only[1], code: only[2] } : null
}

/** extensions/libxt_icmp.h icmpv6_codes */
const ICMPV6_TYPES: Types = [
  ['destination-unreachable', 1, null],
  ['no-route', 1, 0],
  ['communication-prohibited', 1, 1],
  ['beyond-scope', 1, 2],
  ['address-unreachable', 1, 3],
  ['port-unreachable', 1, 4],
  ['failed-policy', 1, 5],
  ['reject-route', 1, 6],
  ['packet-too-big', 2, null],
  ['time-exceeded', 3, null],
  ['ttl-zero-during-transit', 3, 0],
  ['ttl-zero-during-reassembly', 3, 1],
  ['parameter-problem', 4, null],
  ['bad-header', 4, 0],
  ['unknown-header-type', 4, 1],
  ['unknown-option', 4, 2],
  ['echo-request', 128, null],
  ['echo-reply', 129, null],
  ['router-solicitation', 133, null],
  ['router-advertisement', 134, null],
  ['neighbour-solicitation', 135, null],
  ['neighbour-advertisement', 136, null],
  ['redirect', 137, null],
]
const ICMPV6_ALIASES: ReadonlyMap<string, string> = new Map([
  ['ping', 'echo-request'],
  ['pong', 'echo-reply'],
  ['ttl-exceeded', 'time-exceeded'],
  ['neighbor-solicitation', 'neighbour-solicitation'],
  ['neighbor-advertisement', 'neighbour-advertisement'],
])

export function icmpv6TypeName(wanted: IcmpType): string | undefined {
  return ICMPV6_TYPES.find(([, type, code]) => type === wanted.type && code === wanted.code)?.[0]
}

export function parseIcmpv6Type(text: string): IcmpType | null {
  return parseType(text, ICMPV6_TYPES, ICMPV6_ALIASES)
}

const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const
const ALL_FLAGS = 0x3f

export function tcpFlagNames(bits: number): string {
  return TCP_FLAGS.filter((_, i) => (bits & (1 << i)) !== 0).join(',') || 'NONE'
}

/** The bits, or the word that is no flag. */
export function parseTcpFlags(text: string): number | string {
  let bits = 0
  for (const word of text.toUpperCase().split(',')) {
    const at = (TCP_FLAGS as readonly string[]).indexOf(word)
    if (word === 'ALL') bits |= ALL_FLAGS
    else if (at >= 0) bits |= 1 << at
    else if (word !== 'NONE') return word
  }
  return bits
}

const LOG_LEVELS = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'] as const
const LOG_ALIASES: ReadonlyMap<string, string> = new Map([
  ['err', 'error'],
  ['warning', 'warn'],
  ['panic', 'emerg'],
])

export function logLevelName(level: number): string {
  return LOG_LEVELS[level] ?? String(level)
}

export function parseLogLevel(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) <= 7 ? Number(text) : null
  const lower = text.toLowerCase()
  const at = (LOG_LEVELS as readonly string[]).indexOf(LOG_ALIASES.get(lower) ?? lower)
  return at < 0 ? null : at
}
