/**
 * ICMP errors find the socket that sent the quoted packet. icmp(7), net/ipv4/icmp.c icmp_err_convert; udp_err,
 * tcp_v4_err (RFC 1122 §4.2.3.9: soft and hard errors).
 */
import type { IcmpMessage, Ipv4Packet } from '../../wire/frame.ts'
import { ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE } from '../../wire/icmp.ts'
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

/** `packet`: the ICMP packet as it arrived (or as the kernel made it for itself). */
export function deliverIcmpError(sim: Simulation, netns: NetNamespace, packet: Ipv4Packet): void {
  if (packet.payload.kind !== 'icmp' || packet.payload.original === null) return
  const converted = convertIcmpError(packet.payload)
  if (converted === null) return
  const original = packet.payload.original
  if (original.payload.kind === 'udp') udpError(sim, netns, original, converted)
  if (original.payload.kind === 'tcp')
    tcpIcmpError(sim, netns, original, converted.code, packet.payload.code === 4 ? packet.payload.mtu : null)
}

function udpError(sim: Simulation, netns: NetNamespace, original: Ipv4Packet, error: Converted): void {
  const udp = original.payload
  if (udp.kind !== 'udp' || !error.fatal) return
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'udp' || socket.remotePort === 0) continue
    if (socket.localPort !== udp.sourcePort || socket.remotePort !== udp.destinationPort) continue
    if (socket.remoteAddress !== original.destination) continue
    failSocket(sim, netns, socket, error.code)
  }
}
