/** A packet in a few words: what it is, from where to where. */

import type { IpAddress, IpPacket, TcpFlags } from '../../sim/wire/frame.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'

/** `ping request 172.17.0.2 → 172.17.0.3`. */
export function packetText(packet: IpPacket): string {
  const { from, to } = endsOf(packet)
  return `${kindOf(packet)} ${from} → ${to}`
}

/** Its two ends, with ports where it has them. */
export function endsOf({ kind, source, destination, payload }: IpPacket): { from: string; to: string } {
  const [from, to] = [addressText(source), addressText(destination)]
  if (payload.kind !== 'tcp' && payload.kind !== 'udp') return { from, to }
  const withPort = (address: string, port: number): string =>
    kind === 'ipv6' ? `[${address}]:${port}` : `${address}:${port}`
  return { from: withPort(from, payload.sourcePort), to: withPort(to, payload.destinationPort) }
}

export function addressText(address: IpAddress): string {
  return typeof address === 'number' ? formatIpv4(address) : address
}

function kindOf(packet: IpPacket): string {
  const { payload } = packet
  switch (payload.kind) {
    case 'icmp':
      return icmpText(payload.type, payload.code)
    case 'icmpv6':
      return ICMPV6[payload.type] ?? `ICMPv6 ${payload.type}`
    case 'tcp':
      return tcpText(payload.flags, payload.data.length)
    case 'udp':
      return udpText(payload.sourcePort, payload.destinationPort)
    case 'raw':
      return packet.kind === 'ipv4' && packet.fragmentOffset === 0
        ? `protocol ${packet.protocol}`
        : 'fragment'
  }
}

const ICMPV6: Readonly<Record<number, string>> = {
  1: 'error message "unreachable"',
  2: 'error message "packet too big"',
  3: 'error message "hop limit exceeded"',
  128: 'ping request',
  129: 'ping reply',
}

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  4: 'fragmentation needed',
  10: 'host prohibited',
  13: 'prohibited by a filter',
}

function icmpText(type: number, code: number): string {
  switch (type) {
    case 8:
      return 'ping request'
    case 0:
      return 'ping reply'
    case 3:
      return `error message "${UNREACHABLE[code] ?? 'unreachable'}"`
    case 5:
      return 'redirect'
    case 11:
      return 'error message "time to live exceeded"'
    default:
      return `ICMP ${type}`
  }
}

function tcpText(flags: TcpFlags, length: number): string {
  if (flags.rst) return 'TCP reset'
  if (flags.syn) return flags.ack ? 'TCP SYN-ACK' : 'TCP SYN'
  if (flags.fin) return 'TCP FIN'
  return length === 0 ? 'TCP ACK' : `TCP with ${length} bytes`
}

function udpText(from: number, to: number): string {
  if (to === 53) return 'DNS question'
  if (from === 53) return 'DNS answer'
  return to === 4789 ? 'VXLAN' : 'UDP'
}
