/**
 * ICMP errors find the socket that sent the quoted packet. icmp(7), net/ipv4/icmp.c icmp_err_convert; udp_err,
 * tcp_v4_err (RFC 1122 §4.2.3.9: soft and hard errors).
 */
import type { IcmpMessage, Icmpv6Message, IpPacket } from '../../wire/frame.ts'
import { ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE } from '../../wire/icmp.ts'
import {
  ICMPV6_PACKET_TOO_BIG,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_TIME_EXCEEDED,
  ICMPV6_UNREACHABLE,
} from '../../wire/icmpv6.ts'
import { errorParameter6, quotedPacket6 } from '../../wire/icmpv6-error.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { tcpIcmpError } from '../tcp/icmp-error.ts'
import { failSocket } from './wake.ts'

interface Converted {
  readonly code: string
  /** Reported to connected UDP sockets; the others only to whoever asked for them (`IP_RECVERR`). */
  readonly fatal: boolean
}

const UNREACHABLE: readonly Converted[] = [
  { code: 'ENETUNREACH', fatal: false },
  { code: 'EHOSTUNREACH', fatal: false },
  { code: 'ENOPROTOOPT', fatal: true },
  { code: 'ECONNREFUSED', fatal: true },
  { code: 'EMSGSIZE', fatal: false },
  { code: 'EOPNOTSUPP', fatal: false },
  { code: 'ENETUNREACH', fatal: true },
  { code: 'EHOSTDOWN', fatal: true },
  { code: 'ENONET', fatal: true },
  { code: 'ENETUNREACH', fatal: true },
  { code: 'EHOSTUNREACH', fatal: true },
  { code: 'ENETUNREACH', fatal: false },
  { code: 'EHOSTUNREACH', fatal: false },
  { code: 'EHOSTUNREACH', fatal: true },
  { code: 'EHOSTUNREACH', fatal: true },
  { code: 'EHOSTUNREACH', fatal: true },
]

export function convertIcmpError(icmp: IcmpMessage): Converted | null {
  if (icmp.type === ICMP_TIME_EXCEEDED) return { code: 'EHOSTUNREACH', fatal: false }
  return icmp.type === ICMP_UNREACHABLE ? (UNREACHABLE[icmp.code] ?? null) : null
}

/** By code of "destination unreachable". RFC 4443 §3.1, icmpv6_err_convert */
const UNREACHABLE6: readonly Converted[] = [
  { code: 'ENETUNREACH', fatal: false },
  { code: 'EACCES', fatal: true },
  { code: 'EHOSTUNREACH', fatal: false },
  { code: 'EHOSTUNREACH', fatal: false },
  { code: 'ECONNREFUSED', fatal: true },
  { code: 'EACCES', fatal: true },
  { code: 'EACCES', fatal: true },
]

export function convertIcmpv6Error(message: Icmpv6Message): Converted | null {
  switch (message.type) {
    case ICMPV6_UNREACHABLE:
      return UNREACHABLE6[message.code] ?? null
    case ICMPV6_PACKET_TOO_BIG:
      return { code: 'EMSGSIZE', fatal: false }
    case ICMPV6_TIME_EXCEEDED:
      return { code: 'EHOSTUNREACH', fatal: false }
    case ICMPV6_PARAMETER_PROBLEM:
      return { code: 'EPROTO', fatal: true }
    default:
      return null
  }
}

/** `packet`: the ICMP packet as it arrived (or as the kernel made it for itself). */
export function deliverIcmpError(sim: Simulation, netns: NetNamespace, packet: IpPacket): void {
  const told = toldBy(packet)
  if (told === null) return
  const { original, converted, mtu } = told
  if (original.payload.kind === 'udp') udpError(sim, netns, original, converted)
  if (original.payload.kind === 'tcp') tcpIcmpError(sim, netns, original, converted.code, mtu)
}

interface Told {
  readonly original: IpPacket
  readonly converted: Converted
  readonly mtu: number | null
}

function toldBy(packet: IpPacket): Told | null {
  const message = packet.payload
  if (message.kind === 'icmp') {
    const converted = convertIcmpError(message)
    if (message.original === null || converted === null) return null
    return { original: message.original, converted, mtu: message.code === 4 ? message.mtu : null }
  }
  if (message.kind !== 'icmpv6') return null
  const original = quotedPacket6(message)
  const converted = convertIcmpv6Error(message)
  if (original === null || converted === null) return null
  const mtu = message.type === ICMPV6_PACKET_TOO_BIG ? errorParameter6(message) : null
  return { original, converted, mtu }
}

function udpError(sim: Simulation, netns: NetNamespace, original: IpPacket, error: Converted): void {
  const udp = original.payload
  if (udp.kind !== 'udp' || !error.fatal) return
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'udp' || socket.remotePort === 0) continue
    if (socket.localPort !== udp.sourcePort || socket.remotePort !== udp.destinationPort) continue
    if (socket.remoteAddress !== original.destination) continue
    failSocket(sim, netns, socket, error.code)
  }
}
