/**
 * Fragments put together again. RFC 791 §3.2, RFC 5722 (overlaps are refused), net/ipv4/ip_fragment.c.
 * Not modelled: the memory limit of the queues.
 */
import { enqueue } from '../../base/event-queue.ts'
import type { IpPacket, Ipv4Packet } from '../../wire/frame.ts'
import { ICMPV6_TIME_EXCEEDED } from '../../wire/icmpv6.ts'
import { emitPayload, parseIpv4Payload } from '../../wire/ipv4.ts'
import { sendIcmpv6Error } from '../ipv6/icmp-error.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { sendIcmpError } from './icmp-error.ts'

export interface FragmentQueue {
  /** By offset. */
  pieces: { readonly offset: number; readonly bytes: Uint8Array; readonly packet: IpPacket }[]
  /** Length of the whole, known from the last piece; null until it has come. */
  total: number | null
  readonly generation: number
}

type Piece = FragmentQueue['pieces'][number]

/** The whole datagram, once its last missing piece has come. */
export function defragment(sim: Simulation, netns: NetNamespace, packet: Ipv4Packet): Ipv4Packet | null {
  const key = `${packet.source} ${packet.destination} ${packet.protocol} ${packet.identification}`
  const queue = queueOf(sim, netns, key)
  const piece = { offset: packet.fragmentOffset, bytes: emitPayload(packet), packet }
  const isWhole = takePiece(sim, netns, key, queue, piece, packet.moreFragments)
  return isWhole ? assemble(queue, queue.total ?? 0) : null
}

export function queueOf(sim: Simulation, netns: NetNamespace, key: string): FragmentQueue {
  return netns.fragments.get(key) ?? startQueue(sim, netns, key)
}

/** Of either family. True: nothing is missing any more, and the queue is closed. */
export function takePiece(
  sim: Simulation,
  netns: NetNamespace,
  key: string,
  queue: FragmentQueue,
  piece: Piece,
  more: boolean,
): boolean {
  const { offset, bytes } = piece
  const end = offset + bytes.length
  if (queue.pieces.some((p) => p.offset < end && offset < p.offset + p.bytes.length)) {
    const isCopy = queue.pieces.some((p) => p.offset === offset && p.bytes.length === bytes.length)
    if (!isCopy) netns.fragments.delete(key)
    noteDrop(sim, netns, 0, 'PARSE_ERROR', piece.packet)
    return false
  }
  queue.pieces.push(piece)
  if (!more) queue.total = end
  const received = queue.pieces.reduce((sum, p) => sum + p.bytes.length, 0)
  if (queue.total === null || received < queue.total) return false
  netns.fragments.delete(key)
  return true
}

function startQueue(sim: Simulation, netns: NetNamespace, key: string): FragmentQueue {
  const queue: FragmentQueue = { pieces: [], total: null, generation: sim.queue.nextOrder }
  netns.fragments.set(key, queue)
  enqueue(sim.queue, sim.nowUs + netns.settings.fragmentTimeS * 1e6, {
    kind: 'timer',
    host: netns.host,
    netns: netns.id,
    timer: { kind: 'fragment', key, generation: queue.generation },
  })
  return queue
}

function assemble(queue: FragmentQueue, total: number): Ipv4Packet | null {
  const first = queue.pieces.find((piece) => piece.offset === 0)?.packet
  if (first?.kind !== 'ipv4') return null
  const bytes = new Uint8Array(total)
  for (const piece of queue.pieces) bytes.set(piece.bytes, piece.offset)
  const { payload: _, ...shell } = first
  return parseIpv4Payload({ ...shell, moreFragments: false, fragmentOffset: 0 }, bytes)
}

/** ip_expire: too late. The sender is told if the first piece is there. */
export function fragmentTimeout(sim: Simulation, netns: NetNamespace, key: string, generation: number): void {
  const queue = netns.fragments.get(key)
  if (queue === undefined || queue.generation !== generation) return
  netns.fragments.delete(key)
  const first = queue.pieces.find((piece) => piece.offset === 0)
  for (const piece of queue.pieces) noteDrop(sim, netns, 0, 'FRAGMENT_TIMEOUT', piece.packet)
  if (first === undefined) return
  if (first.packet.kind === 'ipv4') sendIcmpError(sim, netns, first.packet, null, 11, 1)
  else sendIcmpv6Error(sim, netns, first.packet, ICMPV6_TIME_EXCEEDED, 1)
}
