/**
 * A frame of which a short snapshot length (-s) left too little: what can still be said, and `[|PROTOCOL]` where it ends.
 * tcpdump print.c (nd_print_trunc) and the printers. Not modelled: what is cut inside of an application's data.
 */
import type { Frame, Ipv4Packet, Ipv6Packet, TcpSegment } from '../../sim/wire/frame.ts'
import { framePayloadLength } from '../../sim/wire/frame-codec.ts'
import { ipv4HeaderLength } from '../../sim/wire/ipv4.ts'
import { ipv4Head, pair, type Style, wordIpv4 } from './network.ts'

const ARP_LENGTH = 28
const IPV4_LENGTH = 20
const IPV6_LENGTH = 40
const TCP_LENGTH = 20
const UDP_LENGTH = 8
const ICMP_LENGTH = 8
/** An error up to the ports of the datagram that it is about. */
const ICMP_ERROR_LENGTH = 32
const DNS_LENGTH = 12

/** `available`: bytes of the packet behind the link's header. Null: enough is there to word all of it. */
export function wordCut(frame: Frame, style: Style, named: boolean, available: number): string | null {
  if (available >= framePayloadLength(frame)) return null
  const { payload } = frame
  const name = (text: string): string => (named && available > 0 ? text : '')
  if (payload.kind === 'arp') return available < ARP_LENGTH ? ' [|arp]' : null
  if (payload.kind === 'ipv6') {
    if (available < IPV6_LENGTH) return ' [|ip6]'
    const inside = insideIpv6(payload, available - IPV6_LENGTH)
    return inside === null ? null : name('IP6 ') + inside
  }
  if (payload.kind !== 'ipv4') return null
  if (available < IPV4_LENGTH) return `${name('IP ')} [|ip]`
  const inside = insideIpv4(payload, style, available - ipv4HeaderLength(payload))
  return inside === null ? null : name('IP ') + ipv4Head(payload, style) + inside
}

function insideIpv6(packet: Ipv6Packet, available: number): string | null {
  if (packet.payload.kind !== 'icmpv6' || available >= ICMP_LENGTH) return null
  const what = packet.nextHeader === 0 ? 'hbhopt' : 'icmp6'
  return `${packet.source} > ${packet.destination}:  [|${what}]`
}

function insideIpv4(packet: Ipv4Packet, style: Style, available: number): string | null {
  if (packet.fragmentOffset > 0) return null
  const inner = packet.payload
  const ends = `${pair(packet, style)}: `
  switch (inner.kind) {
    case 'icmp': {
      const needed = inner.original === null ? ICMP_LENGTH : ICMP_ERROR_LENGTH
      return available < needed ? `${ends} [|icmp]` : null
    }
    case 'tcp':
      if (available < 4) return `${ends}[|tcp]`
      return tcpText(inner, whole(packet, style), available)
    case 'udp':
      if (available < 4) return `${ends} [|udp]`
      return udpText(whole(packet, style), available)
    default:
      return null
  }
}

/** As it would be worded if nothing were missing, without the IP header. */
function whole(packet: Ipv4Packet, style: Style): string {
  return wordIpv4(packet, { ...style, verbosity: 0 })
}

const upTo = (text: string, mark: string): string => text.slice(0, text.indexOf(mark) + mark.length)

function udpText(text: string, available: number): string | null {
  const ends = upTo(text, ': ')
  if (available < UDP_LENGTH) return `${ends} [|udp]`
  const rest = text.slice(ends.length)
  if (rest.startsWith('UDP, ') || rest.startsWith('VXLAN')) return null
  if (available < UDP_LENGTH + DNS_LENGTH) return `${ends} [|domain]`
  return `${ends}${rest.split(' ')[0]} [|domain]`
}

function tcpText(tcp: TcpSegment, text: string, available: number): string | null {
  if (available < TCP_LENGTH) return `${upTo(text, ': ')} [|tcp]`
  const mark = ', options ['
  const at = text.indexOf(mark)
  if (at < 0 || tcp.options === null) return null
  const from = at + mark.length
  const words = text.slice(from, text.indexOf(']', from)).split(',')
  let left = available - TCP_LENGTH
  let shown = ''
  for (const word of words) {
    const length = optionLength(word)
    // Of longer options kind and length come first; what is missing then is closed by another sign.
    if (left < Math.min(length, 2)) return `${text.slice(0, from)}${shown} [|tcp]`
    if (left < length) return `${text.slice(0, from)}${shown}${word.split(' ')[0]} [|tcp]>`
    shown += `${word},`
    left -= length
  }
  return null
}

function optionLength(word: string): number {
  if (word === 'nop' || word === 'eol') return 1
  if (word === 'sackOK') return 2
  if (word.startsWith('mss')) return 4
  return word.startsWith('wscale') ? 3 : 10
}
