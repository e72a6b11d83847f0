/** A packet on its way through one host: what Linux keeps in `struct sk_buff`. include/linux/skbuff.h */
import type { Frame, IpPacket, Ipv4Packet } from '../wire/frame.ts'
import type { ConntrackStateName } from './netfilter/types.ts'

export interface PacketBuffer<P extends IpPacket = Ipv4Packet> {
  /** Replaced, never changed, when a packet is rewritten. */
  packet: P
  /** ifindex of the devices it comes and goes by; null where it has none (yet). */
  input: number | null
  output: number | null
  /** Bridge ports, where it is bridged (`-m physdev`). */
  physInput: number | null
  physOutput: number | null
  mark: number
  /** Number of its connection, null: not tracked. */
  connection: number | null
  connectionState: ConntrackStateName | null
  direction: 'original' | 'reply' | null
  /** The frame it came in. */
  frame: Frame | null
  /** Socket that sent it. */
  fromSocket: number | null
}

/** Of either family: what the packet filter and sockets look at. */
export type IpBuffer = PacketBuffer<IpPacket>

export function createBuffer<P extends IpPacket>(
  packet: P,
  input: number | null,
  frame: Frame | null,
): PacketBuffer<P> {
  return {
    packet,
    input,
    output: null,
    physInput: null,
    physOutput: null,
    mark: 0,
    connection: null,
    connectionState: null,
    direction: null,
    frame,
    fromSocket: null,
  }
}
