/**
 * Matches of iptables-nft as nft shows them: native expressions, translations of xtables matches, or `xt match`.
 * nftables src/xt.c, iptables/extensions/libxt_*.c (`xlate`).
 */
import type { Match, Negatable, PortRange } from '../../sim/kernel/netfilter/types.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { furtherExpression } from '../iptables/further-text.ts'
import { icmpTypeName, tcpFlagNames } from '../iptables/names.ts'

type Kind<K extends Match['kind']> = Extract<Match, { kind: K }>

const hex = (value: number) => `0x${value.toString(16)}`
const wide = (value: number) => `0x${value.toString(16).padStart(8, '0')}`
const isNot = (value: { readonly not: boolean }) => (value.not ? '!= ' : '')

function portExpression(
  kind: 'tcp' | 'udp',
  side: 'sport' | 'dport',
  ports: Negatable<PortRange> | null,
): string[] {
  if (ports === null) return []
  const { from, to } = ports.value
  if (from === to) return [`${kind} ${side} ${isNot(ports)}${from}`]
  if (from === 0) return [`${kind} ${side} ${ports.not ? '> ' : '<= '}${to}`]
  return [`${kind} ${side} ${isNot(ports)}${from}-${to}`]
}

const flagNames = (bits: number) => tcpFlagNames(bits).toLowerCase()

function flagExpression(flags: Kind<'tcp' | 'udp'>['flags']): string[] {
  if (flags === null) return []
  const { mask, set } = flags.value
  if (set === 0) return [`tcp flags ${flags.not ? '' : '! '}${flagNames(mask)}`]
  return [`tcp flags ${isNot(flags)}${flagNames(set)} / ${flagNames(mask)}`]
}

/** Empty for a match that asks nothing. */
export function transportExpressions(match: Kind<'tcp' | 'udp'>): string[] {
  return [
    ...flagExpression(match.flags),
    ...portExpression(match.kind, 'sport', match.sourcePorts),
    ...portExpression(match.kind, 'dport', match.destinationPorts),
  ]
}

/** nft's own names, where it has one. */
const ICMPV6_NAMES: Readonly<Record<number, string>> = {
  1: 'destination-unreachable',
  2: 'packet-too-big',
  3: 'time-exceeded',
  4: 'parameter-problem',
  128: 'echo-request',
  129: 'echo-reply',
  130: 'mld-listener-query',
  131: 'mld-listener-report',
  132: 'mld-listener-done',
  133: 'nd-router-solicit',
  134: 'nd-router-advert',
  135: 'nd-neighbor-solicit',
  136: 'nd-neighbor-advert',
  137: 'nd-redirect',
}

function icmpExpression(match: Kind<'icmp' | 'icmp6'>): string {
  const { type, code } = match.type.value
  if (match.kind === 'icmp6') {
    if (code !== null) return 'xt match icmp6'
    return `icmpv6 type ${isNot(match.type)}${ICMPV6_NAMES[type] ?? type}`
  }
  if (type === 255) return 'ip protocol icmp'
  if (code !== null) return 'xt match icmp'
  return `icmp type ${isNot(match.type)}${icmpTypeName({ type, code: null }) ?? type}`
}

function multiportExpression(match: Kind<'multiport'>, protocol: string): string {
  const words = match.ports.value.map((p) => (p.from === p.to ? String(p.from) : `${p.from}-${p.to}`))
  const set = words.length > 1 || words[0]?.includes('-') ? `{ ${words.join(', ')} }` : words[0]
  if (match.side !== 'either')
    return `${protocol} ${match.side === 'source' ? 'sport' : 'dport'} ${isNot(match.ports)}${set}`
  const pairs = words.flatMap((word) => [`0-65535 . ${word}`, `${word} . 0-65535`])
  return `${protocol} sport . ${protocol} dport ${isNot(match.ports)}{ ${pairs.join(', ')} }`
}

function stateExpression(match: Kind<'conntrack' | 'state'>): string {
  const { not, value } = match.states
  const nat = value.filter((state) => state === 'SNAT' || state === 'DNAT')
  const words = nat.length > 0 ? nat : value
  const list = words.map((state) => state.toLowerCase()).join(',')
  return nat.length > 0 ? `ct status ${list}` : `ct state ${not ? '! ' : ''}${list}`
}

function addrtypeExpression(match: Kind<'addrtype'>): string {
  const side = match.source ?? match.destination
  const name = match.source !== null ? 'saddr' : 'daddr'
  const device = match.limitIn ? ' . iif' : match.limitOut ? ' . oif' : ''
  if (side === null) return ''
  return `fib ${name}${device} type ${isNot(side)}${side.value.map((type) => type.toLowerCase()).join(',')}`
}

function limitExpression(match: Kind<'limit'>): string {
  return `limit rate ${match.count}/${match.per}${match.burst === 5 ? '' : ` burst ${match.burst} packets`}`
}

function markExpression(match: Kind<'mark' | 'connmark'>): string {
  const { value, mask } = match.mark.value
  const masked = mask === 0xffffffff ? '' : `& ${wide(mask)} `
  const equals = mask === 0xffffffff ? '' : '== '
  return `meta mark ${masked}${match.mark.not ? '!= ' : equals}${wide(value)}`
}

function connmarkExpression(match: Kind<'mark' | 'connmark'>): string {
  const { value, mask } = match.mark.value
  const masked = mask === 0xffffffff ? '' : `and ${hex(mask)} `
  const equals = mask === 0xffffffff ? '' : '== '
  return `ct mark ${masked}${match.mark.not ? '!= ' : equals}${hex(value)}`
}

function rangeExpressions(match: Kind<'iprange'>): string {
  const one = (name: string, r: Kind<'iprange'>['source']) =>
    r === null
      ? []
      : [
          `${typeof r.value.from === 'string' ? 'ip6' : 'ip'} ${name} ${isNot(r)}${formatIp(r.value.from)}-${formatIp(r.value.to)}`,
        ]
  return [...one('saddr', match.source), ...one('daddr', match.destination)].join(' ')
}

function statisticExpression(match: Kind<'statistic'>): string {
  if (match.mode === 'nth') return `numgen inc mod ${match.every} ${match.not ? '!= ' : ''}${match.packet}`
  const bound = Math.round(match.probability * 0x80000000)
  return `meta random & 2147483647 ${match.not ? '>=' : '<'} ${bound}`
}

/** `protocol`: name of the rule's protocol. */
export function matchExpression(match: Match, protocol: string): string {
  switch (match.kind) {
    case 'tcp':
    case 'udp':
      return transportExpressions(match).join(' ')
    case 'icmp':
    case 'icmp6':
      return icmpExpression(match)
    case 'multiport':
      return multiportExpression(match, protocol)
    case 'conntrack':
    case 'state':
      return stateExpression(match)
    case 'addrtype':
      return addrtypeExpression(match)
    case 'comment':
      return ''
    case 'limit':
      return limitExpression(match)
    case 'mark':
      return markExpression(match)
    case 'connmark':
      return connmarkExpression(match)
    case 'mac':
      return `ether saddr ${isNot(match.source)}${match.source.value}`
    case 'length': {
      const { from, to } = match.range.value
      return `meta length ${isNot(match.range)}${from === to ? from : `${from}-${to}`}`
    }
    case 'ttl':
    case 'hl':
      return `xt match ${match.kind}`
    case 'pkttype':
      return `meta pkttype ${isNot(match.type)}${match.type.value === 'unicast' ? 'host' : match.type.value}`
    case 'iprange':
      return rangeExpressions(match)
    case 'physdev':
      return 'xt match physdev'
    case 'statistic':
      return statisticExpression(match)
    default:
      return furtherExpression(match)
  }
}

/** Whether nft has it as an expression of its own; what has not makes it warn. */
export function isNative(match: Match): boolean {
  if (match.kind === 'tcp' || match.kind === 'udp') return transportExpressions(match).length > 0
  return match.kind === 'limit' || match.kind === 'mark'
}
