/** Frames in UDP datagrams. RFC 7348 §5. Not modelled: group policy and generic protocol extensions. */
import { concat, read32, write32 } from './bytes.ts'
import type { Frame } from './frame.ts'
import { ETHERNET_HEADER_LENGTH, emitFrame, parseFrame } from './frame-codec.ts'

export const VXLAN_HEADER_LENGTH = 8
/** What IANA assigned, and what Linux takes unless it is told. */
export const VXLAN_PORT = 4789
export const LINUX_VXLAN_PORT = 8472
/** Outer IPv4 and UDP headers, VXLAN header, inner Ethernet header. */
export const VXLAN_OVERHEAD = 50
/** The I flag: the network identifier is valid. */
const VALID_VNI = 0x08

export interface VxlanPacket {
  readonly vni: number
  readonly frame: Frame
}

export function emitVxlan(packet: VxlanPacket): Uint8Array {
  const header = new Uint8Array(VXLAN_HEADER_LENGTH)
  header[0] = VALID_VNI
  write32(header, 4, packet.vni * 256)
  return concat([header, emitFrame(packet.frame)])
}

export function parseVxlan(bytes: Uint8Array): VxlanPacket | null {
  if (bytes.length < VXLAN_HEADER_LENGTH + ETHERNET_HEADER_LENGTH) return null
  if ((bytes[0]! & VALID_VNI) === 0) return null
  return { vni: read32(bytes, 4) >>> 8, frame: parseFrame(bytes.subarray(VXLAN_HEADER_LENGTH)) }
}
