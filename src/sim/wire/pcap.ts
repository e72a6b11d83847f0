/**
 * Capture files: the classic libpcap format (pcap-savefile(5)), little-endian with microseconds as tcpdump on x86
 * writes it, and the header of the "any" device (LINKTYPE_LINUX_SLL2).
 */
import { concat, read32, write16, write32 } from './bytes.ts'
import type { Frame } from './frame.ts'
import { emitFrame, emitFramePayload } from './frame-codec.ts'
import { macToBytes } from './mac-address.ts'

export const LINKTYPE_ETHERNET = 1
export const LINKTYPE_LINUX_SLL2 = 276
const MAGIC = 0xa1b2c3d4
const FILE_HEADER_LENGTH = 24
const RECORD_HEADER_LENGTH = 16

export interface PcapRecord {
  /** Microseconds since 1970 UTC. */
  readonly timeUs: number
  readonly bytes: Uint8Array
  /** Length on the wire; more than `bytes` holds if the snapshot was shorter. */
  readonly length: number
}

export interface PcapFile {
  readonly linkType: number
  readonly snapshotLength: number
  readonly records: readonly PcapRecord[]
}

function swapped(value: number): number {
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0
}

function write32le(bytes: Uint8Array, at: number, value: number): void {
  write32(bytes, at, swapped(value >>> 0))
}

export function emitPcapHeader(linkType: number, snapshotLength: number): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER_LENGTH)
  write32le(bytes, 0, MAGIC)
  write32le(bytes, 4, 2 | (4 << 16))
  write32le(bytes, 16, snapshotLength)
  write32le(bytes, 20, linkType)
  return bytes
}

export function emitPcapRecord(record: PcapRecord): Uint8Array {
  const header = new Uint8Array(RECORD_HEADER_LENGTH)
  write32le(header, 0, Math.floor(record.timeUs / 1e6))
  write32le(header, 4, record.timeUs % 1e6)
  write32le(header, 8, record.bytes.length)
  write32le(header, 12, record.length)
  return concat([header, record.bytes])
}

export function emitPcap(file: PcapFile): Uint8Array {
  return concat([emitPcapHeader(file.linkType, file.snapshotLength), ...file.records.map(emitPcapRecord)])
}

/** Either byte order; null if it is no capture file. A last record that was cut off is left out. */
export function parsePcap(bytes: Uint8Array): PcapFile | null {
  if (bytes.length < FILE_HEADER_LENGTH) return null
  const big = read32(bytes, 0) === MAGIC
  const read = (at: number): number => (big ? read32(bytes, at) : swapped(read32(bytes, at)))
  if (read(0) !== MAGIC) return null
  const records: PcapRecord[] = []
  let at = FILE_HEADER_LENGTH
  while (at + RECORD_HEADER_LENGTH <= bytes.length) {
    const captured = read(at + 8)
    const start = at + RECORD_HEADER_LENGTH
    if (start + captured > bytes.length) break
    const timeUs = read(at) * 1e6 + read(at + 4)
    records.push({ timeUs, bytes: bytes.slice(start, start + captured), length: read(at + 12) })
    at = start + captured
  }
  return { linkType: read(20), snapshotLength: read(16), records }
}

/** The bytes of a frame as a capture on one Ethernet device holds them. */
export function ethernetRecord(frame: Frame, timeUs: number, snapshotLength: number): PcapRecord {
  const bytes = emitFrame(frame)
  return { timeUs, bytes: bytes.subarray(0, snapshotLength), length: bytes.length }
}

/** SLL2: protocol, ifindex, ARPHRD_ETHER, packet type (0 to us … 4 from us), the sender's address. */
export function sll2Record(
  frame: Frame,
  timeUs: number,
  snapshotLength: number,
  where: { readonly ifindex: number; readonly packetType: number },
): PcapRecord {
  const header = new Uint8Array(20)
  write16(header, 0, frame.etherType)
  write32(header, 4, where.ifindex)
  write16(header, 8, 1)
  header[10] = where.packetType
  header[11] = 6
  header.set(macToBytes(frame.source), 12)
  const bytes = concat([header, emitFramePayload(frame)])
  return { timeUs, bytes: bytes.subarray(0, snapshotLength), length: bytes.length }
}
