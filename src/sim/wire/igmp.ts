/** IGMP version 3: membership reports and queries. RFC 3376. In IPv4 they travel with a router alert (RFC 2113). */
import { read16, read32, write16, write32 } from './bytes.ts'
import { checksum, verifies } from './checksum.ts'
import type { Ipv4Address } from './frame.ts'

export const IGMP_QUERY = 0x11
export const IGMP_V3_REPORT = 0x22
/** The IPv4 option that reports carry. */
export const ROUTER_ALERT_OPTION = Uint8Array.of(0x94, 4, 0, 0)
/** 224.0.0.22: where reports are sent. */
export const ALL_IGMP_ROUTERS: Ipv4Address = 0xe0000016

export type IgmpMessage =
  | { readonly kind: 'report'; readonly records: readonly GroupRecord[] }
  | { readonly kind: 'query'; readonly group: Ipv4Address; readonly maxResponse: number }

/** RFC 3376 §4.2.12: 3 = change to include mode (leave), 4 = change to exclude mode (join). */
export interface GroupRecord {
  readonly type: number
  readonly group: Ipv4Address
}

export function emitIgmp(message: IgmpMessage): Uint8Array {
  const bytes = new Uint8Array(message.kind === 'query' ? 12 : 8 + 8 * message.records.length)
  if (message.kind === 'query') {
    bytes[0] = IGMP_QUERY
    bytes[1] = message.maxResponse
    write32(bytes, 4, message.group)
  } else {
    bytes[0] = IGMP_V3_REPORT
    write16(bytes, 6, message.records.length)
    message.records.forEach((record, i) => {
      bytes[8 + 8 * i] = record.type
      write32(bytes, 12 + 8 * i, record.group)
    })
  }
  write16(bytes, 2, checksum(bytes))
  return bytes
}

export function parseIgmp(bytes: Uint8Array): IgmpMessage | null {
  if (bytes.length < 8 || !verifies(bytes)) return null
  if (bytes[0] === IGMP_QUERY && bytes.length >= 12)
    return { kind: 'query', group: read32(bytes, 4), maxResponse: bytes[1]! }
  if (bytes[0] !== IGMP_V3_REPORT) return null
  const records: GroupRecord[] = []
  let at = 8
  for (let i = 0; i < read16(bytes, 6); i++) {
    if (at + 8 > bytes.length) return null
    records.push({ type: bytes[at]!, group: read32(bytes, at + 4) })
    at += 8 + 4 * read16(bytes, at + 2) + 4 * bytes[at + 1]!
  }
  return { kind: 'report', records }
}
