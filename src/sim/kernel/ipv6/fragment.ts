/** Datagrams cut by their sender, and put together again. RFC 8200 §4.5, net/ipv6/{ip6_output,reassembly}.c. */
import { nextUint32 } from '../../base/random.ts'
import type { Ipv6Packet } from '../../wire/frame.ts'
import { emitUpper, IPV6_HEADER_LENGTH, parseIpv6Payload } from '../../wire/ipv6.ts'
import { type FragmentQueue, queueOf, takePiece } from '../ip/reassembly.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

const FRAGMENT_HEADER = 8

/** Only the sender cuts; every piece but the last carries a multiple of eight bytes. */
export function fragmentsOf6(sim: Simulation, packet: Ipv6Packet, mtu: number): Ipv6Packet[] {
  const body = emitUpper(packet)
  const room = Math.max(8, (mtu - IPV6_HEADER_LENGTH - FRAGMENT_HEADER) & ~7)
  const identification = nextUint32(sim.random)
  const fragments: Ipv6Packet[] = []
  for (let at = 0; at < body.length; at += room) {
    const bytes = body.slice(at, at + room)
    const fragment = { identification, offset: at, more: at + room < body.length }
    fragments.push({ ...packet, fragment, payload: { kind: 'raw', bytes } })
  }
  return fragments
}

/** The whole packet, once its last missing piece has come. */
export function defragment6(sim: Simulation, netns: NetNamespace, packet: Ipv6Packet): Ipv6Packet | null {
  const { fragment } = packet
  if (fragment === undefined) return packet
  const key = `${packet.source} ${packet.destination} ${packet.nextHeader} ${fragment.identification}`
  const queue = queueOf(sim, netns, key)
  const bytes = emitUpper(packet)
  const done = takePiece(sim, netns, key, queue, { offset: fragment.offset, bytes, packet }, fragment.more)
  return done ? assemble(queue, queue.total ?? 0) : null
}

function assemble(queue: FragmentQueue, total: number): Ipv6Packet | null {
  const first = queue.pieces.find((piece) => piece.offset === 0)?.packet
  if (first?.kind !== 'ipv6') return null
  const bytes = new Uint8Array(total)
  for (const piece of queue.pieces) bytes.set(piece.bytes, piece.offset)
  const { payload: _payload, fragment: _fragment, ...shell } = first
  return parseIpv6Payload(shell, bytes)
}
