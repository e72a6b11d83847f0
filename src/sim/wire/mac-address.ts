/** MAC addresses as canonical lower-case text (`02:42:ac:11:00:02`). IEEE 802. */
import { BROADCAST_MAC, type Ipv4Address, type MacAddress } from './frame.ts'

/** Six groups of one or two hexadecimal digits, joined by colons or dashes. */
export function parseMac(text: string): MacAddress | null {
  const parts = text.toLowerCase().split(/[:-]/)
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/.test(part))) return null
  return parts.map((part) => part.padStart(2, '0')).join(':')
}

export function macFromBytes(bytes: Uint8Array): MacAddress {
  return Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join(':')
}

export function macToBytes(mac: MacAddress): Uint8Array {
  return Uint8Array.from(mac.split(':'), (part) => Number.parseInt(part, 16))
}

/** The group bit; broadcast counts as multicast. */
export function isMulticastMac(mac: MacAddress): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
}

export function isBroadcastMac(mac: MacAddress): boolean {
  return mac === BROADCAST_MAC
}

/** RFC 1112 §6.4: 01:00:5e and the low 23 bits of the group. */
export function multicastMacOf(group: Ipv4Address): MacAddress {
  return macFromBytes(
    Uint8Array.of(0x01, 0x00, 0x5e, (group >>> 16) & 0x7f, (group >>> 8) & 255, group & 255),
  )
}
