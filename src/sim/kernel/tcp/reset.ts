/** RST for what belongs to no connection. RFC 9293 §3.10.7.1; net/ipv4/tcp_ipv4.c tcp_v4_send_reset */
import type { IpPacket, TcpSegment } from '../../wire/frame.ts'
import { NO_FLAGS } from '../../wire/tcp.ts'
import { isLinkLocal6 } from '../ipv6/fib.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { sendIpv4, sendIpv6 } from '../sockets/ip-layer.ts'
import { advance, segmentLength } from './sequence.ts'

/** The reset that answers a packet; null for a reset. REJECT --reject-with tcp-reset sends the same. */
export function resetFor<P extends IpPacket>(packet: P): P | null {
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
  const { source, destination } = packet
  if (packet.kind === 'ipv4') {
    const header = { ttl: 64, tos: 0, identification: 0, dontFragment: true, options: null }
    return { ...packet, ...header, source: destination, destination: source, payload: answer }
  }
  return { ...packet, hopLimit: 64, source: destination, destination: source, payload: answer }
}

/** `input`: the device it came in by, which an answer to a link-local address leaves by. */
export function sendReset(
  sim: Simulation,
  netns: NetNamespace,
  packet: IpPacket,
  input: number | null = null,
): void {
  const answer = resetFor(packet)
  if (answer === null) return
  if (answer.kind === 'ipv4') sendIpv4(sim, netns, answer)
  else sendIpv6(sim, netns, answer, { device: isLinkLocal6(answer.destination) ? input : null })
}
