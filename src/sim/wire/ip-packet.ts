/** What packets of either family have in common. */
import type { IpPacket } from './frame.ts'
import { packetLength } from './ipv4.ts'
import { ipv6PacketLength, upperProtocol } from './ipv6.ts'

export function protocolOf(packet: IpPacket): number {
  return packet.kind === 'ipv4' ? packet.protocol : upperProtocol(packet)
}

export function ipPacketLength(packet: IpPacket): number {
  return packet.kind === 'ipv4' ? packetLength(packet) : ipv6PacketLength(packet)
}

export function ttlOf(packet: IpPacket): number {
  return packet.kind === 'ipv4' ? packet.ttl : packet.hopLimit
}

export function tosOf(packet: IpPacket): number {
  return packet.kind === 'ipv4' ? packet.tos : (packet.trafficClass ?? 0)
}

/** Not the first piece of a datagram: there are no ports in it. */
export function isLaterFragment(packet: IpPacket): boolean {
  return packet.kind === 'ipv4' ? packet.fragmentOffset > 0 : (packet.fragment?.offset ?? 0) > 0
}
