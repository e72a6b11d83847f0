/** A datagram cut into pieces that fit. RFC 791 §3.2, net/ipv4/ip_output.c ip_do_fragment. Options go into each piece. */
import type { Ipv4Packet } from '../../wire/frame.ts'
import { emitPayload, ipv4HeaderLength } from '../../wire/ipv4.ts'

/** Every piece but the last carries a multiple of eight bytes. A fragment may be cut again. */
export function fragmentsOf(packet: Ipv4Packet, mtu: number): Ipv4Packet[] {
  const body = emitPayload(packet)
  const room = Math.max(8, (mtu - ipv4HeaderLength(packet)) & ~7)
  const fragments: Ipv4Packet[] = []
  for (let at = 0; at < body.length; at += room) {
    const bytes = body.slice(at, at + room)
    fragments.push({
      ...packet,
      moreFragments: packet.moreFragments || at + room < body.length,
      fragmentOffset: packet.fragmentOffset + at,
      payload: { kind: 'raw', bytes },
    })
  }
  return fragments
}
