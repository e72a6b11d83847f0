/** What a machine's devices saw, from the trace, as a capture file that other programs read. pcap-savefile(5) */
import type { TraceEvent } from '../../sim/kernel/trace.ts'
import {
  emitPcap,
  ethernetRecord,
  LINKTYPE_ETHERNET,
  LINKTYPE_LINUX_SLL2,
  type PcapRecord,
  sll2Record,
} from '../../sim/wire/pcap.ts'
import type { World } from '../../sim/world/world.ts'
import { findPlace, isPlace } from '../place.ts'

const SNAPSHOT_LENGTH = 262_144
const TO_US = 0
const FROM_US = 4

export interface Capture {
  readonly bytes: Uint8Array
  readonly frames: number
}

/** `device` null: all of them, each frame with the number of its device (as `tcpdump -i any`). A string says what is wrong. */
export function captureOf(world: World, at: string, device: string | null): Capture | string {
  const place = findPlace(world, at)
  if (!isPlace(place)) return place.because
  const { netns } = place
  const link = device === null ? null : [...netns.links.values()].find(({ name }) => name === device)
  if (link === undefined) return `${at} has no device ${device}`
  const seen = (world.trace?.events ?? []).filter(
    (event) =>
      event.host === netns.host &&
      event.netns === netns.id &&
      (link === null || event.ifindex === link.ifindex),
  )
  const records = seen.flatMap((event) => recordOf(world, event, link === null) ?? [])
  const linkType = link === null ? LINKTYPE_LINUX_SLL2 : LINKTYPE_ETHERNET
  return { bytes: emitPcap({ linkType, snapshotLength: SNAPSHOT_LENGTH, records }), frames: records.length }
}

function recordOf(world: World, { step, atUs, ifindex }: TraceEvent, isAny: boolean): PcapRecord | null {
  if (step.kind !== 'receive' && step.kind !== 'transmit') return null
  const timeUs = world.epochMs * 1000 + atUs
  if (!isAny) return ethernetRecord(step.frame, timeUs, SNAPSHOT_LENGTH)
  const packetType = step.kind === 'receive' ? TO_US : FROM_US
  return sll2Record(step.frame, timeUs, SNAPSHOT_LENGTH, { ifindex, packetType })
}
