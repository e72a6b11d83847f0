/**
 * The packets of a trace: events that are about the same packet, from where it was made to where it ended. A packet is
 * known by what only NAT may change; each rewrite joins what it looked like before to what it looks like after.
 */
import type { TraceEvent } from '../../sim/kernel/trace.ts'
import { type ArpPacket, type Frame, type IpPacket, PROTOCOL_IGMP } from '../../sim/wire/frame.ts'

export interface TracedPacket {
  /** As it was when it was first seen. */
  readonly first: IpPacket
  readonly events: TraceEvent[]
  /** Requests for a MAC address that it had to wait for. */
  readonly asked: { readonly after: TraceEvent; readonly arp: ArpPacket }[]
}

/** In the order in which they were first seen. The kernels' own housekeeping is left out. */
export function packetsOf(events: readonly TraceEvent[]): TracedPacket[] {
  const packets: TracedPacket[] = []
  const known = new Map<string, TracedPacket>()
  const latest = new Map<string, TracedPacket>()
  for (const event of events) {
    const packet = packetIn(event)
    if (packet === null) {
      noteRequest(event, latest)
      continue
    }
    const key = keyOf(packet)
    let found = known.get(key)
    if (found === undefined) {
      found = { first: packet, events: [], asked: [] }
      packets.push(found)
      known.set(key, found)
    }
    found.events.push(event)
    latest.set(`${event.host}/${event.netns}`, found)
    if (event.step.kind === 'rewrite') known.set(keyOf(event.step.after), found)
  }
  return packets
}

export function packetIn({ step }: TraceEvent): IpPacket | null {
  switch (step.kind) {
    case 'receive':
    case 'transmit':
    case 'bridge':
      return asPacket(step.frame.payload)
    case 'drop':
      return asPacket('etherType' in step.packet ? step.packet.payload : step.packet)
    case 'rewrite':
      return step.before
    default:
      return asPacket(step.packet)
  }
}

/** Neighbour discovery and reports of who listens to which group are the kernels' own talk. */
function asPacket(payload: Frame['payload']): IpPacket | null {
  if (payload.kind === 'ipv4') return payload.protocol === PROTOCOL_IGMP ? null : payload
  if (payload.kind !== 'ipv6') return null
  const inner = payload.payload
  return inner.kind === 'icmpv6' && inner.type >= 130 ? null : payload
}

/** What stays the same from device to device. */
function keyOf(packet: IpPacket): string {
  const where = packet.kind === 'ipv4' ? `${packet.identification} ${packet.fragmentOffset}` : ''
  return [packet.source, packet.destination, packet.payload.kind, where, inside(packet)].join(' ')
}

function inside({ payload }: IpPacket): string {
  switch (payload.kind) {
    case 'icmp':
      return `${payload.type} ${payload.code} ${payload.identifier} ${payload.sequence}`
    case 'icmpv6':
      return `${payload.type} ${payload.code} ${payload.body.join()}`
    case 'udp':
      return `${payload.sourcePort} ${payload.destinationPort} ${payload.data.length}`
    case 'tcp': {
      const { sourcePort, destinationPort, sequence, acknowledgment, data } = payload
      return `${sourcePort} ${destinationPort} ${sequence} ${acknowledgment} ${data.length}`
    }
    case 'raw':
      return `${payload.bytes.length}`
  }
}

/** The one who asks for an address has a packet that waits for the answer. */
function noteRequest(event: TraceEvent, latest: ReadonlyMap<string, TracedPacket>): void {
  const { step } = event
  if (step.kind !== 'transmit' || step.frame.payload.kind !== 'arp') return
  const arp = step.frame.payload
  if (arp.operation !== 'request') return
  const waiting = latest.get(`${event.host}/${event.netns}`)
  const last = waiting?.events.at(-1)
  if (waiting === undefined || last === undefined) return
  if (last.step.kind === 'transmit' || last.step.kind === 'receive' || last.step.kind === 'bridge') return
  const isKnown = waiting.asked.some(({ arp: { targetIp } }) => targetIp === arp.targetIp)
  if (!isKnown) waiting.asked.push({ after: last, arp })
}
