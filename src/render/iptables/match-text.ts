/**
 * Matches as iptables words them: as options (`-S`, iptables-save) and as remarks in a listing (`-L`).
 * iptables/extensions/libxt_*.c, `save` and `print`.
 */
import type { AddressRange, Match, Negatable, PortRange } from '../../sim/kernel/netfilter/types.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { serviceName } from '../services.ts'
import { furtherOptions, furtherRemark } from './further-text.ts'
import { icmpTypeName, icmpv6TypeName, tcpFlagNames } from './names.ts'

type Kind<K extends Match['kind']> = Extract<Match, { kind: K }>

export function hex(value: number): string {
  return `0x${value.toString(16)}`
}

/** Anything but letters, digits, `_` and `-` is put in quotes. xtables_save_string */
export function quoted(text: string): string {
  if (/^[A-Za-z0-9_-]*$/.test(text)) return text
  return `"${text.replace(/["\\']/g, (c) => `\\${c}`)}"`
}

const option = (not: boolean, name: string, value: string) => `${not ? '! ' : ''}--${name} ${value}`

function portOption(name: string, range: Negatable<PortRange> | null): string[] {
  if (range === null) return []
  const { from, to } = range.value
  return [option(range.not, name, from === to ? String(from) : `${from}:${to}`)]
}

function flagOption(flags: Kind<'tcp' | 'udp'>['flags']): string[] {
  if (flags === null) return []
  return [
    option(flags.not, 'tcp-flags', `${tcpFlagNames(flags.value.mask)} ${tcpFlagNames(flags.value.set)}`),
  ]
}

function marked(mark: Kind<'mark' | 'connmark'>['mark']): string {
  const { value, mask } = mark.value
  return mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`
}

function icmpOption(match: Kind<'icmp' | 'icmp6'>): string {
  const { type, code } = match.type.value
  if (match.kind === 'icmp6')
    return option(match.type.not, 'icmpv6-type', code === null ? String(type) : `${type}/${code}`)
  const text = type === 255 ? 'any' : code === null ? String(type) : `${type}/${code}`
  return option(match.type.not, 'icmp-type', text)
}

function portList(ports: readonly PortRange[], word: (port: number) => string): string {
  return ports.map((p) => (p.from === p.to ? word(p.from) : `${word(p.from)}:${word(p.to)}`)).join(',')
}

const STATE_ORDER = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'] as const

function stateList(match: Kind<'conntrack' | 'state'>): string {
  return STATE_ORDER.filter((state) => match.states.value.includes(state)).join(',')
}

function rate(match: Kind<'limit'>): string {
  return `${match.count}/${match.per === 'second' ? 'sec' : match.per === 'minute' ? 'min' : match.per}`
}

const range = (r: AddressRange) => `${formatIp(r.from)}-${formatIp(r.to)}`
const device = (d: { readonly name: string; readonly wildcard: boolean }) =>
  d.wildcard ? `${d.name}+` : d.name

function addrtypeOptions(match: Kind<'addrtype'>): string[] {
  const { source, destination } = match
  return [
    ...(source === null ? [] : [option(source.not, 'src-type', source.value.join(','))]),
    ...(destination === null ? [] : [option(destination.not, 'dst-type', destination.value.join(','))]),
    ...(match.limitIn ? ['--limit-iface-in'] : []),
    ...(match.limitOut ? ['--limit-iface-out'] : []),
  ]
}

function physdevOptions(match: Kind<'physdev'>): string[] {
  const { input, output } = match
  return [
    ...(input === null ? [] : [option(input.not, 'physdev-in', device(input.value))]),
    ...(output === null ? [] : [option(output.not, 'physdev-out', device(output.value))]),
    ...(match.isBridged ? ['--physdev-is-bridged'] : []),
  ]
}

function statisticOptions(match: Kind<'statistic'>): string[] {
  if (match.mode === 'random')
    return ['--mode random', option(match.not, 'probability', match.probability.toFixed(11))]
  return ['--mode nth', option(match.not, 'every', String(match.every)), `--packet ${match.packet}`]
}

const SIDE_OPTIONS = { source: 'sports', destination: 'dports', either: 'ports' } as const

function optionsOf(match: Match): string[] {
  switch (match.kind) {
    case 'tcp':
    case 'udp':
      return [
        ...portOption('sport', match.sourcePorts),
        ...portOption('dport', match.destinationPorts),
        ...flagOption(match.flags),
      ]
    case 'icmp':
    case 'icmp6':
      return [icmpOption(match)]
    case 'multiport':
      return [option(match.ports.not, SIDE_OPTIONS[match.side], portList(match.ports.value, String))]
    case 'conntrack':
      return [option(match.states.not, 'ctstate', stateList(match))]
    case 'state':
      return [option(match.states.not, 'state', stateList(match))]
    case 'addrtype':
      return addrtypeOptions(match)
    case 'comment':
      return [`--comment ${quoted(match.text)}`]
    case 'limit':
      return [`--limit ${rate(match)}`, ...(match.burst === 5 ? [] : [`--limit-burst ${match.burst}`])]
    case 'mark':
    case 'connmark':
      return [option(match.mark.not, 'mark', marked(match.mark))]
    case 'mac':
      return [option(match.source.not, 'mac-source', match.source.value)]
    case 'length': {
      const { from, to } = match.range.value
      return [option(match.range.not, 'length', from === to ? String(from) : `${from}:${to}`)]
    }
    case 'ttl':
    case 'hl':
      return [option(match.not, `${match.kind}-${match.comparison}`, String(match.value))]
    case 'pkttype':
      return [option(match.type.not, 'pkt-type', match.type.value)]
    case 'iprange':
      return [
        ...(match.source === null ? [] : [option(match.source.not, 'src-range', range(match.source.value))]),
        ...(match.destination === null
          ? []
          : [option(match.destination.not, 'dst-range', range(match.destination.value))]),
      ]
    case 'physdev':
      return physdevOptions(match)
    case 'statistic':
      return statisticOptions(match)
    default:
      return furtherOptions(match)
  }
}

/** `-m tcp --dport 80` */
export function matchOptions(match: Match): string {
  return ['-m', match.kind, ...optionsOf(match)].join(' ')
}

type Word = (port: number) => string

function listedPorts(name: 'spt' | 'dpt', ports: Negatable<PortRange> | null, word: Word): string[] {
  if (ports === null) return []
  const { from, to } = ports.value
  const not = ports.not ? '!' : ''
  return [from === to ? `${name}:${not}${word(from)}` : `${name}s:${not}${word(from)}:${word(to)}`]
}

function listedFlags(flags: Kind<'tcp' | 'udp'>['flags'], numeric: boolean): string[] {
  if (flags === null) return []
  const word = (bits: number) =>
    numeric ? `0x${bits.toString(16).toUpperCase().padStart(2, '0')}` : tcpFlagNames(bits)
  return [`flags:${flags.not ? '!' : ''}${word(flags.value.mask)}/${word(flags.value.set)}`]
}

function portWord(protocol: 'tcp' | 'udp', numeric: boolean): Word {
  return (port) => (numeric ? String(port) : (serviceName(port, protocol) ?? String(port)))
}

function listedTransport(match: Kind<'tcp' | 'udp'>, numeric: boolean): string {
  const word = portWord(match.kind, numeric)
  return [
    match.kind,
    ...listedPorts('spt', match.sourcePorts, word),
    ...listedPorts('dpt', match.destinationPorts, word),
    ...listedFlags(match.flags, numeric),
  ].join(' ')
}

function listedIcmp(match: Kind<'icmp' | 'icmp6'>, numeric: boolean): string {
  if (match.kind === 'icmp6') return listedIcmp6(match, numeric)
  const { type, code } = match.type.value
  const name = numeric ? undefined : icmpTypeName(match.type.value)
  const not = match.type.not ? '!' : ''
  if (name !== undefined) return `icmp ${not}${name}`
  const text = `type ${type}${code === null ? '' : ` code ${code}`}`
  return match.type.not ? `icmp !${text}` : `icmp${text}`
}

function listedIcmp6(match: Kind<'icmp' | 'icmp6'>, numeric: boolean): string {
  const { type, code } = match.type.value
  const name = numeric ? undefined : icmpv6TypeName(match.type.value)
  const not = match.type.not ? '!' : ''
  if (name !== undefined) return `ipv6-icmp ${not}${name}`
  const text = `type ${type}${code === null ? '' : ` code ${code}`}`
  return match.type.not ? `ipv6-icmp !${text}` : `ipv6-icmp${text}`
}

function listedAddrtype(match: Kind<'addrtype'>): string {
  const side = (name: string, types: Kind<'addrtype'>['source']) =>
    types === null ? '' : ` ${name} ${types.not ? '!' : ''}${types.value.join(',')}`
  const limits = `${match.limitIn ? ' limit-in' : ''}${match.limitOut ? ' limit-out' : ''}`
  return `ADDRTYPE match${side('src-type', match.source)}${side('dst-type', match.destination)}${limits}`
}

function listedStatistic(match: Kind<'statistic'>): string {
  const not = match.not ? '! ' : ''
  if (match.mode === 'random')
    return `statistic mode random ${not}probability ${match.probability.toFixed(11)}`
  return `statistic mode nth ${not}every ${match.every}${match.packet === 0 ? '' : ` packet ${match.packet}`}`
}

function listedRanges(match: Kind<'iprange'>): string {
  const one = (name: string, r: Kind<'iprange'>['source']) =>
    r === null ? [] : [`${name} IP range ${r.not ? '! ' : ''}${range(r.value)}`]
  return [...one('source', match.source), ...one('destination', match.destination)].join(' ')
}

/** What a listing says of a match after the addresses. `protocol`: whose port names count for multiport. */
export function matchRemark(match: Match, numeric: boolean, protocol: 'tcp' | 'udp'): string {
  switch (match.kind) {
    case 'tcp':
    case 'udp':
      return listedTransport(match, numeric)
    case 'icmp':
    case 'icmp6':
      return listedIcmp(match, numeric)
    case 'multiport': {
      const ports = portList(match.ports.value, portWord(protocol, numeric))
      return `multiport ${SIDE_OPTIONS[match.side]} ${match.ports.not ? ' !' : ''}${ports}`
    }
    case 'conntrack':
      return `${match.states.not ? '! ' : ''}ctstate ${stateList(match)}`
    case 'state':
      return `${match.states.not ? '! ' : ''}state ${stateList(match)}`
    case 'addrtype':
      return listedAddrtype(match)
    case 'comment':
      return `/* ${match.text} */`
    case 'limit':
      return `limit: avg ${rate(match)} burst ${match.burst}`
    case 'mark':
      return `mark match ${match.mark.not ? '! ' : ''}${marked(match.mark)}`
    case 'connmark':
      return `connmark match ${match.mark.not ? '! ' : ' '}${marked(match.mark)}`
    case 'mac':
      return `MAC ${match.source.not ? '! ' : ''}${match.source.value}`
    case 'length': {
      const { from, to } = match.range.value
      return `length ${match.range.not ? '!' : ''}${from === to ? from : `${from}:${to}`}`
    }
    case 'ttl':
    case 'hl': {
      const signs = { eq: match.not ? '!=' : '==', lt: '<', gt: '>' }
      return `${match.kind.toUpperCase()} match ${match.kind.toUpperCase()} ${signs[match.comparison]} ${match.value}`
    }
    case 'pkttype':
      return `PKTTYPE ${match.type.not ? '!= ' : '= '}${match.type.value}`
    case 'iprange':
      return listedRanges(match)
    case 'physdev':
      return `PHYSDEV match ${physdevOptions(match).join(' ')}`
    case 'statistic':
      return listedStatistic(match)
    default:
      return furtherRemark(match, numeric)
  }
}
