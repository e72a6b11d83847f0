/** The network layer of a capture's line: Ethernet, ARP, IPv4, IPv6. tcpdump print-{ether,arp,ip,ip6}.c */
import type { ArpPacket, Frame, IpAddress, Ipv4Packet, Ipv6Packet, VlanTag } from '../../sim/wire/frame.ts'
import { NULL_MAC } from '../../sim/wire/frame.ts'
import { frameLength, packetLength } from '../../sim/wire/frame-codec.ts'
import { payloadLength } from '../../sim/wire/ipv4.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { ipv6PacketLength, upperLength } from '../../sim/wire/ipv6.ts'
import { wordCut } from './cut.ts'
import { wordIcmp } from './icmp.ts'
import { wordIcmpv6 } from './icmpv6.ts'
import { wordIgmp } from './igmp.ts'
import { wordLlc, wordStp } from './stp.ts'
import { wordTcp } from './tcp.ts'
import { wordUdp } from './udp.ts'

export interface Style {
  readonly numeric: boolean
  readonly verbosity: number
  readonly quick: boolean
  readonly linkLevel: boolean
  readonly base: { readonly sequence: number; readonly acknowledgment: number } | null
  readonly names: ReadonlyMap<number, string>
  /** Bytes behind the link's header that were captured at most; unset: all. */
  readonly available?: number
}

export function hostName(style: Style, address: IpAddress): string {
  if (typeof address === 'string') return address
  return style.names.get(address) ?? formatIpv4(address)
}

const ETHERTYPES: Readonly<Record<number, string>> = {
  2048: 'IPv4',
  2054: 'ARP',
  34525: 'IPv6',
  33024: '802.1Q',
}

export function wordEthernet(frame: Frame, style: Style): string {
  if (!style.linkLevel) return wordNetwork(frame, style, true)
  const addresses = `${frame.source} > ${frame.destination}`
  const stp = wordStp(frame, style.verbosity)
  if (stp !== null) return `${addresses}, ${wordLlc(frame, stp)}`
  const tags = tagsOf(frame)
  const network = wordNetwork(frame, style, false)
  const length = frameLength(frame) + 4 * tags.length
  if (tags.length === 0) return `${addresses}, ${etherType(frame, style)}, length ${length}: ${network}`
  const outer = style.quick ? '802.1Q' : 'ethertype 802.1Q (0x8100)'
  const words = tags.map((tag) => `vlan ${tag.vid}, p ${tag.priority}`).join(', ethertype 802.1Q (0x8100), ')
  const inner = `ethertype ${etherName(frame.etherType) ?? 'Unknown'} (${hexType(frame.etherType)})`
  return `${addresses}, ${outer}, length ${length}: ${words}, ${inner}, ${network}`
}

function tagsOf(frame: Frame): VlanTag[] {
  const tags: VlanTag[] = []
  for (let tag = frame.vlan; tag !== undefined; tag = tag.inner) tags.push(tag)
  return tags
}

const etherName = (type: number): string | undefined => ETHERTYPES[type]
const hexType = (type: number): string => `0x${type.toString(16).padStart(4, '0')}`

export function etherType(frame: Frame, style: Style): string {
  const type = hexType(frame.etherType)
  const name = etherName(frame.etherType)
  if (style.quick) return name ?? type
  return `ethertype ${name ?? 'Unknown'} (${type})`
}

/** `named`: with the protocol's name in front, as when no link header was shown. */
export function wordNetwork(frame: Frame, style: Style, named: boolean): string {
  const cut = style.available === undefined ? null : wordCut(frame, style, named, style.available)
  if (cut !== null) return cut
  const { payload } = frame
  switch (payload.kind) {
    case 'arp':
      return `${named ? 'ARP, ' : ''}${arp(payload, style)}`
    case 'ipv4':
      return `${named ? 'IP ' : ''}${wordIpv4(payload, style)}`
    case 'ipv6':
      return `${named ? 'IP6 ' : ''}${ipv6(payload, style)}`
    default:
      return wordStp(frame, style.verbosity) ?? unknown(frame, named)
  }
}

function unknown(frame: Frame, named: boolean): string {
  if (!named) return ''
  return `${frame.source} > ${frame.destination}, ethertype Unknown (${hexType(frame.etherType)}), length ${frameLength(frame)}: `
}

function arp(packet: ArpPacket, style: Style): string {
  const verbose = style.verbosity > 0 ? 'Ethernet (len 6), IPv4 (len 4), ' : ''
  if (packet.operation === 'reply')
    return `${verbose}Reply ${hostName(style, packet.senderIp)} is-at ${packet.senderMac}, length 28`
  const known = packet.targetMac === NULL_MAC ? '' : ` (${packet.targetMac})`
  return `${verbose}Request who-has ${hostName(style, packet.targetIp)}${known} tell ${hostName(style, packet.senderIp)}, length 28`
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  50: 'ESP',
  47: 'GRE',
  4: 'IPIP',
}

export function wordIpv4(packet: Ipv4Packet, style: Style): string {
  const head = ipv4Head(packet, style)
  if (packet.fragmentOffset > 0) return `${head}${pair(packet, style)}: ${laterFragment(packet, style)}`
  const inner = packet.payload
  if (inner.kind === 'tcp') return `${head}${wordTcp(packet, inner, style)}`
  if (inner.kind === 'udp') return `${head}${wordUdp(packet, inner, style)}`
  if (inner.kind === 'icmp') return `${head}${pair(packet, style)}: ${wordIcmp(inner, style)}`
  if (packet.protocol === 2) return `${head}${pair(packet, style)}: ${wordIgmp(inner.bytes, style)}`
  if (packet.moreFragments) return `${head}${firstFragment(packet, inner.bytes, style)}`
  const name = PROTOCOLS[packet.protocol]
  return `${head}${pair(packet, style)}: ${name === undefined ? ` ip-proto-${packet.protocol} ${inner.bytes.length}` : `${name}, length ${inner.bytes.length}`}`
}

export function pair(packet: Ipv4Packet, style: Style): string {
  return `${hostName(style, packet.source)} > ${hostName(style, packet.destination)}`
}

/** The header of the next protocol is in the first fragment only. */
function laterFragment(packet: Ipv4Packet, style: Style): string {
  const name = style.numeric ? undefined : PROTOCOLS[packet.protocol]?.toLowerCase()
  return name ?? `ip-proto-${packet.protocol}`
}

function firstFragment(packet: Ipv4Packet, bytes: Uint8Array, style: Style): string {
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  const type = bytes[0]
  if (packet.protocol === 1 && (type === 8 || type === 0)) {
    const echo = `echo ${type === 8 ? 'request' : 'reply'}, id ${word(4)}, seq ${word(6)}`
    return `${pair(packet, style)}: ICMP ${echo}, length ${payloadLength(packet)}`
  }
  if (packet.protocol === 17) {
    const from = `${hostName(style, packet.source)}.${word(0)}`
    const to = `${hostName(style, packet.destination)}.${word(2)}`
    return `${from} > ${to}: UDP, length ${word(4) - 8}`
  }
  const name = PROTOCOLS[packet.protocol] ?? `ip-proto-${packet.protocol}`
  return `${pair(packet, style)}: ${name}, length ${payloadLength(packet)}`
}

/** With -v. */
export function ipv4Head(packet: Ipv4Packet, style: Style): string {
  return style.verbosity > 0 ? `(${ipv4Header(packet)})\n    ` : ''
}

function ipv4Header(packet: Ipv4Packet): string {
  const flags = packet.dontFragment ? 'DF' : packet.moreFragments ? '+' : 'none'
  const protocol = `${PROTOCOLS[packet.protocol] ?? 'unknown'} (${packet.protocol})`
  const options = packet.options === null ? '' : `, options (RA)`
  return `tos 0x${packet.tos.toString(16)}, ttl ${packet.ttl}, id ${packet.identification}, offset ${packet.fragmentOffset}, flags [${flags}], proto ${protocol}, length ${packetLength(packet)}${options}`
}

const NEXT_HEADERS: Readonly<Record<number, string>> = {
  0: 'Options (0)',
  6: 'TCP (6)',
  17: 'UDP (17)',
  44: 'Fragment (44)',
  58: 'ICMPv6 (58)',
  59: 'No next header (59)',
}

/** print-ip6.c: traffic class and flow label are said where there are any. */
function ipv6Header(packet: Ipv6Packet): string {
  const next = packet.fragment === undefined ? packet.nextHeader : 44
  const tos = packet.trafficClass ?? 0
  const label = packet.flowLabel ?? 0
  const parts = [
    ...(tos === 0 ? [] : [`class 0x${tos.toString(16).padStart(2, '0')}`]),
    ...(label === 0 ? [] : [`flowlabel 0x${label.toString(16).padStart(5, '0')}`]),
    `hlim ${packet.hopLimit}`,
    `next-header ${NEXT_HEADERS[next] ?? `unknown (${next})`} payload length: ${ipv6PacketLength(packet) - 40}`,
  ]
  return `(${parts.join(', ')}) `
}

function fragmentText(packet: Ipv6Packet): string {
  if (packet.fragment === undefined) return ''
  const { offset, identification, more } = packet.fragment
  if (offset !== 0) return `frag (${offset}|${upperLength(packet)})`
  return `frag (0x${identification.toString(16).padStart(8, '0')}:0|${upperLength(packet)})${more ? ' ' : ''}`
}

function ipv6(packet: Ipv6Packet, style: Style): string {
  const head = style.verbosity > 0 ? ipv6Header(packet) : ''
  const inner = packet.payload
  if (inner.kind === 'tcp') return head + wordTcp(packet, inner, style)
  if (inner.kind === 'udp') return head + wordUdp(packet, inner, style)
  const alert = style.verbosity > 0 ? 'HBH (rtalert: 0x0000) (padn) ' : 'HBH '
  const hopByHop = packet.nextHeader === 0 ? alert : ''
  const text = inner.kind === 'icmpv6' ? wordIcmpv6(inner, style) : rawText(packet, inner.bytes)
  return `${head}${packet.source} > ${packet.destination}: ${hopByHop}${text}`
}

function rawText(packet: Ipv6Packet, bytes: Uint8Array): string {
  const fragment = fragmentText(packet)
  if (packet.fragment !== undefined && packet.fragment.offset !== 0) return fragment
  const type = bytes[0]
  if (packet.nextHeader === 58 && packet.fragment !== undefined && (type === 128 || type === 129)) {
    const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    return `${fragment}ICMP6, echo ${type === 128 ? 'request' : 'reply'}, id ${word(4)}, seq ${word(6)}, length ${bytes.length}`
  }
  return `${fragment}ip-proto-${packet.nextHeader} ${bytes.length}`
}
