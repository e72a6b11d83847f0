/** Frames to bytes and back. Ethernet II: IEEE 802.3 clause 3 without preamble and frame check sequence. */
import { ARP_LENGTH, emitArp, parseArp } from './arp.ts'
import { read16, write16 } from './bytes.ts'
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, type Frame } from './frame.ts'
import { emitIpv4, packetLength, parseIpv4Packet } from './ipv4.ts'
import { emitIpv6, ipv6PacketLength, parseIpv6Packet } from './ipv6.ts'
import { macFromBytes, macToBytes } from './mac-address.ts'

export { packetLength } from './ipv4.ts'

export const ETHERNET_HEADER_LENGTH = 14

/** Bytes of the frame as device counters count them, without emitting. */
export function frameLength(frame: Frame): number {
  return ETHERNET_HEADER_LENGTH + framePayloadLength(frame)
}

function framePayloadLength(frame: Frame): number {
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

export function emitFrame(frame: Frame): Uint8Array {
  const payload = emitFramePayload(frame)
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + payload.length)
  bytes.set(macToBytes(frame.destination), 0)
  bytes.set(macToBytes(frame.source), 6)
  write16(bytes, 12, frame.etherType)
  bytes.set(payload, ETHERNET_HEADER_LENGTH)
  return bytes
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
  const etherType = read16(bytes, 12)
  return {
    destination: macFromBytes(bytes.subarray(0, 6)),
    source: macFromBytes(bytes.subarray(6, 12)),
    etherType,
    payload: parsePayload(etherType, bytes.subarray(ETHERNET_HEADER_LENGTH)),
  }
}
