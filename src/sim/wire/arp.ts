/** Address resolution for IPv4 over Ethernet. RFC 826. */
import { read16, read32, write16, write32 } from './bytes.ts'
import type { ArpPacket } from './frame.ts'
import { macFromBytes, macToBytes } from './mac-address.ts'

export const ARP_LENGTH = 28

export function emitArp(arp: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(ARP_LENGTH)
  write16(bytes, 0, 1)
  write16(bytes, 2, 0x0800)
  bytes[4] = 6
  bytes[5] = 4
  write16(bytes, 6, arp.operation === 'request' ? 1 : 2)
  bytes.set(macToBytes(arp.senderMac), 8)
  write32(bytes, 14, arp.senderIp)
  bytes.set(macToBytes(arp.targetMac), 18)
  write32(bytes, 24, arp.targetIp)
  return bytes
}

/** Null for other hardware, other protocols and operations beyond request and reply. */
export function parseArp(bytes: Uint8Array): ArpPacket | null {
  if (bytes.length < ARP_LENGTH || read32(bytes, 0) !== 0x00010800 || read16(bytes, 4) !== 0x0604) return null
  const operation = read16(bytes, 6)
  if (operation !== 1 && operation !== 2) return null
  return {
    kind: 'arp',
    operation: operation === 1 ? 'request' : 'reply',
    senderMac: macFromBytes(bytes.subarray(8)),
    senderIp: read32(bytes, 14),
    targetMac: macFromBytes(bytes.subarray(18)),
    targetIp: read32(bytes, 24),
  }
}
