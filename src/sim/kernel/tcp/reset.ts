/** RST for what belongs to no connection. RFC 9293 §3.10.7.1; net/ipv4/tcp_ipv4.c tcp_v4_send_reset */
import type { Ipv4Packet, TcpSegment } from '../../wire/frame.ts'
import { NO_FLAGS } from '../../wire/tcp.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { sendIpv4 } from '../sockets/ip-layer.ts'
import { advance, segmentLength } from './sequence.ts'

/** The reset that answers a packet; null for a reset. REJECT --reject-with tcp-reset sends the same. */
export function resetFor(packet: Ipv4Packet): Ipv4Packet | null {
  const segment = packet.payload
  if (segment.kind !== 'tcp' || segment.flags.rst) return null
  const answer: TcpSegment = {
    kind: 'tcp',
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequence: segment.flags.ack ? segment.acknowledgment : 0,
    acknowledgment: segment.flags.ack ? 0 : advance(segment.sequence, segmentLength(segment)),
    flags: { ...NO_FLAGS, rst: true, ack: !segment.flags.ack },
    window: 0,
    options: null,
    data: new Uint8Array(),
  }
  return {
    ...packet,
    source: packet.destination,
    destination: packet.source,
    ttl: 64,
    tos: 0,
    identification: 0,
    dontFragment: true,
    options: null,
    payload: answer,
  }
}

export function sendReset(sim: Simulation, netns: NetNamespace, packet: Ipv4Packet): void {
  const answer = resetFor(packet)
  if (answer !== null) sendIpv4(sim, netns, answer)
}
