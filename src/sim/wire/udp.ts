/** User datagrams. RFC 768. */
import { read16, write16 } from './bytes.ts'
import { checksum, pseudoHeader, verifies } from './checksum.ts'
import { type IpAddress, PROTOCOL_UDP, type UdpDatagram } from './frame.ts'

export const UDP_HEADER_LENGTH = 8

export function emitUdp(udp: UdpDatagram, source: IpAddress, destination: IpAddress): Uint8Array {
  const length = UDP_HEADER_LENGTH + udp.data.length
  const bytes = new Uint8Array(length)
  write16(bytes, 0, udp.sourcePort)
  write16(bytes, 2, udp.destinationPort)
  write16(bytes, 4, length)
  bytes.set(udp.data, UDP_HEADER_LENGTH)
  // An all-zero checksum means "none", so a sum of zero is sent as its other form.
  write16(bytes, 6, checksum(bytes, pseudoHeader(source, destination, PROTOCOL_UDP, length)) || 0xffff)
  return bytes
}

/** `source` and `destination` null: the checksum is not looked at. Bytes beyond the length field are dropped. */
export function parseUdp(
  bytes: Uint8Array,
  source: IpAddress | null,
  destination: IpAddress | null,
): UdpDatagram | null {
  if (bytes.length < UDP_HEADER_LENGTH) return null
  const length = read16(bytes, 4)
  if (length < UDP_HEADER_LENGTH) return null
  if (source !== null && destination !== null) {
    if (length > bytes.length) return null
    const seed = pseudoHeader(source, destination, PROTOCOL_UDP, length)
    if (read16(bytes, 6) !== 0 && !verifies(bytes.subarray(0, length), seed)) return null
  }
  return {
    kind: 'udp',
    sourcePort: read16(bytes, 0),
    destinationPort: read16(bytes, 2),
    data: bytes.slice(UDP_HEADER_LENGTH, length),
  }
}
