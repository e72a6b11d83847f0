/** Frames to bytes and back. Ethernet II: IEEE 802.3 clause 3 without preamble and frame check sequence; 802.1Q tags. */
import { ARP_LENGTH, emitArp, parseArp } from './arp.ts'
import { read16, write16 } from './bytes.ts'
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_VLAN,
  type Frame,
  type VlanTag,
} from './frame.ts'
import { emitIpv4, packetLength, parseIpv4Packet } from './ipv4.ts'
import { emitIpv6, ipv6PacketLength, parseIpv6Packet } from './ipv6.ts'
import { macFromBytes, macToBytes } from './mac-address.ts'

export { packetLength } from './ipv4.ts'

export const ETHERNET_HEADER_LENGTH = 14

/** Bytes of the frame as device counters count them, without emitting. */
export function frameLength(frame: Frame): number {
  return ETHERNET_HEADER_LENGTH + framePayloadLength(frame)
}

export function framePayloadLength(frame: Frame): number {
  const payload = frame.payload
  switch (payload.kind) {
    case 'ipv4':
      return packetLength(payload)
    case 'arp':
      return ARP_LENGTH
    case 'ipv6':
      return ipv6PacketLength(payload)
    default:
      return payload.bytes.length
  }
}

export function emitFramePayload(frame: Frame): Uint8Array {
  const payload = frame.payload
  switch (payload.kind) {
    case 'ipv4':
      return emitIpv4(payload)
    case 'arp':
      return emitArp(payload)
    case 'ipv6':
      return emitIpv6(payload)
    default:
      return payload.bytes
  }
}

/** With its tags, which `frameLength` does not count. */
export function emitFrame(frame: Frame): Uint8Array {
  const payload = emitFramePayload(frame)
  const tags = tagsOf(frame.vlan)
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + 4 * tags.length + payload.length)
  bytes.set(macToBytes(frame.destination), 0)
  bytes.set(macToBytes(frame.source), 6)
  let at = 12
  for (const tag of tags) {
    write16(bytes, at, ETHERTYPE_VLAN)
    write16(bytes, at + 2, (tag.priority << 13) | tag.vid)
    at += 4
  }
  write16(bytes, at, frame.etherType)
  bytes.set(payload, at + 2)
  return bytes
}

function tagsOf(outermost: VlanTag | undefined): VlanTag[] {
  const tags: VlanTag[] = []
  for (let tag = outermost; tag !== undefined; tag = tag.inner) tags.push(tag)
  return tags
}

function parsePayload(etherType: number, bytes: Uint8Array): Frame['payload'] {
  const parsed =
    etherType === ETHERTYPE_IPV4
      ? parseIpv4Packet(bytes)
      : etherType === ETHERTYPE_ARP
        ? parseArp(bytes)
        : etherType === ETHERTYPE_IPV6
          ? parseIpv6Packet(bytes)
          : null
  return parsed ?? { kind: 'raw', bytes: bytes.slice() }
}

/** A payload that no parser knows stays raw. Fewer than 14 bytes are not a frame: a bug, so it throws. */
export function parseFrame(bytes: Uint8Array): Frame {
  if (bytes.length < ETHERNET_HEADER_LENGTH) throw new Error(`a frame of ${bytes.length} bytes`)
  let at = 12
  const tags: number[] = []
  while (read16(bytes, at) === ETHERTYPE_VLAN && bytes.length >= at + 6) {
    tags.push(read16(bytes, at + 2))
    at += 4
  }
  const etherType = read16(bytes, at)
  const vlan = tags.reduceRight<VlanTag | undefined>(
    (inner, tci) => ({ vid: tci & 0xfff, priority: tci >>> 13, ...(inner === undefined ? {} : { inner }) }),
    undefined,
  )
  return {
    destination: macFromBytes(bytes.subarray(0, 6)),
    source: macFromBytes(bytes.subarray(6, 12)),
    etherType,
    payload: parsePayload(etherType, bytes.subarray(at + 2)),
    ...(vlan === undefined ? {} : { vlan }),
  }
}
