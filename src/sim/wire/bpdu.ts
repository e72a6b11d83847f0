/**
 * Bridge protocol data units of spanning tree, in LLC frames (DSAP and SSAP 0x42). IEEE 802.1D-1998 §9.3, IEEE 802.2.
 * An id of a bridge is text, `8000.0242ac110002`: priority and address; the smaller text is the better bridge.
 */
import { read16, write16 } from './bytes.ts'

/** Bridge group address: no bridge that runs spanning tree lets it through. */
export const BRIDGE_GROUP_MAC = '01:80:c2:00:00:00'
const LLC = [0x42, 0x42, 0x03]
const CONFIG = 0x00
const TOPOLOGY_CHANGE_NOTIFICATION = 0x80
const CONFIG_LENGTH = 35

/** Times in 1/256 s. */
export interface ConfigBpdu {
  readonly kind: 'config'
  readonly topologyChange: boolean
  readonly topologyChangeAck: boolean
  readonly root: string
  readonly rootCost: number
  readonly bridge: string
  readonly port: number
  readonly messageAge: number
  readonly maxAge: number
  readonly helloTime: number
  readonly forwardDelay: number
}

export type Bpdu = ConfigBpdu | { readonly kind: 'tcn' }

export function bridgeIdText(priority: number, mac: string): string {
  return `${priority.toString(16).padStart(4, '0')}.${mac.replaceAll(':', '')}`
}

/** With the LLC header in front. */
export function emitBpdu(bpdu: Bpdu): Uint8Array {
  if (bpdu.kind === 'tcn') return Uint8Array.from([...LLC, 0, 0, 0, TOPOLOGY_CHANGE_NOTIFICATION])
  const bytes = new Uint8Array(LLC.length + CONFIG_LENGTH)
  bytes.set([...LLC, 0, 0, 0, CONFIG], 0)
  bytes[7] = (bpdu.topologyChange ? 0x01 : 0) | (bpdu.topologyChangeAck ? 0x80 : 0)
  writeId(bytes, 8, bpdu.root)
  write16(bytes, 16, Math.floor(bpdu.rootCost / 65536))
  write16(bytes, 18, bpdu.rootCost % 65536)
  writeId(bytes, 20, bpdu.bridge)
  write16(bytes, 28, bpdu.port)
  write16(bytes, 30, bpdu.messageAge)
  write16(bytes, 32, bpdu.maxAge)
  write16(bytes, 34, bpdu.helloTime)
  write16(bytes, 36, bpdu.forwardDelay)
  return bytes
}

function writeId(bytes: Uint8Array, at: number, id: string): void {
  const digits = id.replace('.', '')
  for (let i = 0; i < 8; i++) bytes[at + i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
}

function readId(bytes: Uint8Array, at: number): string {
  let digits = ''
  for (let i = 0; i < 8; i++) digits += bytes[at + i]!.toString(16).padStart(2, '0')
  return `${digits.slice(0, 4)}.${digits.slice(4)}`
}

/** Null: not spanning tree, or not this version of it. Padding behind it does not matter. */
export function parseBpdu(bytes: Uint8Array): Bpdu | null {
  if (LLC.some((byte, i) => bytes[i] !== byte)) return null
  if (bytes[3] !== 0 || bytes[4] !== 0 || bytes[5] !== 0) return null
  if (bytes[6] === TOPOLOGY_CHANGE_NOTIFICATION) return { kind: 'tcn' }
  if (bytes[6] !== CONFIG || bytes.length < LLC.length + CONFIG_LENGTH) return null
  return {
    kind: 'config',
    topologyChange: (bytes[7]! & 0x01) !== 0,
    topologyChangeAck: (bytes[7]! & 0x80) !== 0,
    root: readId(bytes, 8),
    rootCost: read16(bytes, 16) * 65536 + read16(bytes, 18),
    bridge: readId(bytes, 20),
    port: read16(bytes, 28),
    messageAge: read16(bytes, 30),
    maxAge: read16(bytes, 32),
    helloTime: read16(bytes, 34),
    forwardDelay: read16(bytes, 36),
  }
}
