/**
 * ICMPv6: echo (RFC 4443), neighbour and router discovery (RFC 4861), multicast listener reports of version 2
 * (RFC 3810). Errors quote a packet: `icmpv6-error.ts`.
 */
import { read16, write16 } from './bytes.ts'
import { checksum, pseudoHeader6, verifies } from './checksum.ts'
import { type Icmpv6Message, type Ipv6Address, type MacAddress, PROTOCOL_ICMPV6 } from './frame.ts'
import { ipv6FromBytes, ipv6ToBytes } from './ipv6-address.ts'
import { macFromBytes, macToBytes } from './mac-address.ts'

export const ICMPV6_UNREACHABLE = 1
export const ICMPV6_PACKET_TOO_BIG = 2
export const ICMPV6_TIME_EXCEEDED = 3
export const ICMPV6_PARAMETER_PROBLEM = 4
export const ICMPV6_ECHO_REQUEST = 128
export const ICMPV6_ECHO_REPLY = 129
export const ICMPV6_ROUTER_SOLICITATION = 133
export const ICMPV6_ROUTER_ADVERTISEMENT = 134
export const ICMPV6_NEIGHBOR_SOLICITATION = 135
export const ICMPV6_NEIGHBOR_ADVERTISEMENT = 136
export const ICMPV6_LISTENER_REPORT_V2 = 143

/** Addresses as 16 bytes each: the checksum covers them. */
export function emitIcmpv6(message: Icmpv6Message, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + message.body.length)
  bytes[0] = message.type
  bytes[1] = message.code
  bytes.set(message.body, 4)
  write16(bytes, 2, checksum(bytes, pseudoHeader6(source, destination, PROTOCOL_ICMPV6, bytes.length)))
  return bytes
}

/** Addresses null: the checksum is not looked at. */
export function parseIcmpv6(
  bytes: Uint8Array,
  source: Uint8Array | null,
  destination: Uint8Array | null,
): Icmpv6Message | null {
  if (bytes.length < 4) return null
  if (source !== null && destination !== null)
    if (!verifies(bytes, pseudoHeader6(source, destination, PROTOCOL_ICMPV6, bytes.length))) return null
  return { kind: 'icmpv6', type: bytes[0]!, code: bytes[1]!, body: bytes.slice(4) }
}

/** RFC 4443 §2.1: errors have types below 128. */
export function isIcmpv6Error(type: number): boolean {
  return type < 128
}

/** RFC 4443 §4.1. `type`: request or reply. */
export function echo6(type: number, identifier: number, sequence: number, data: Uint8Array): Icmpv6Message {
  const body = new Uint8Array(4 + data.length)
  write16(body, 0, identifier)
  write16(body, 2, sequence)
  body.set(data, 4)
  return { kind: 'icmpv6', type, code: 0, body }
}

export function echoIdentifier6(message: Icmpv6Message): number {
  return message.body.length < 2 ? 0 : read16(message.body, 0)
}

export function echoSequence6(message: Icmpv6Message): number {
  return message.body.length < 4 ? 0 : read16(message.body, 2)
}

/** Source or target link-layer address among the options. */
export function linkLayerAddress(message: Icmpv6Message, option: 1 | 2): MacAddress | null {
  const { body } = message
  const isRouter = message.type === ICMPV6_ROUTER_SOLICITATION ? 4 : 12
  let at = message.type >= ICMPV6_NEIGHBOR_SOLICITATION ? 20 : isRouter
  while (at + 8 <= body.length) {
    const length = body[at + 1]! * 8
    if (length === 0) return null
    if (body[at] === option) return macFromBytes(body.subarray(at + 2, at + 8))
    at += length
  }
  return null
}

function linkLayerOption(type: number, mac: MacAddress | null): number[] {
  return mac === null ? [] : [type, 1, ...macToBytes(mac)]
}

/** RFC 4861 §4.1. `mac` null: sent from the unspecified address. */
export function routerSolicitation(mac: MacAddress | null): Icmpv6Message {
  const body = Uint8Array.from([0, 0, 0, 0, ...linkLayerOption(1, mac)])
  return { kind: 'icmpv6', type: ICMPV6_ROUTER_SOLICITATION, code: 0, body }
}

/** RFC 4861 §4.3. `mac` null: duplicate address detection; Linux then adds a nonce (RFC 7527). */
export function neighborSolicitation(
  target: Ipv6Address,
  mac: MacAddress | null,
  nonce: Uint8Array | null = null,
): Icmpv6Message {
  const nonceOption = nonce === null ? [] : [14, 1, ...nonce.subarray(0, 6)]
  const body = Uint8Array.from([
    0,
    0,
    0,
    0,
    ...ipv6ToBytes(target),
    ...linkLayerOption(1, mac),
    ...nonceOption,
  ])
  return { kind: 'icmpv6', type: ICMPV6_NEIGHBOR_SOLICITATION, code: 0, body }
}

/** RFC 4861 §4.4. */
export function neighborAdvertisement(
  target: Ipv6Address,
  mac: MacAddress,
  flags: { readonly router: boolean; readonly solicited: boolean; readonly override: boolean },
): Icmpv6Message {
  const bits = (flags.router ? 0x80 : 0) | (flags.solicited ? 0x40 : 0) | (flags.override ? 0x20 : 0)
  const body = Uint8Array.from([bits, 0, 0, 0, ...ipv6ToBytes(target), ...linkLayerOption(2, mac)])
  return { kind: 'icmpv6', type: ICMPV6_NEIGHBOR_ADVERTISEMENT, code: 0, body }
}

/** Whom a neighbour solicitation or advertisement is about. */
export function neighborTarget(message: Icmpv6Message): Ipv6Address | null {
  return message.body.length < 20 ? null : ipv6FromBytes(message.body.subarray(4, 20))
}

/** RFC 3810 §5.2.12: 3 = change to include mode (leave), 4 = change to exclude mode (join). */
export interface ListenerRecord {
  readonly type: number
  readonly group: Ipv6Address
}

export function listenerReport(records: readonly ListenerRecord[]): Icmpv6Message {
  const body = [0, 0, records.length >>> 8, records.length & 255]
  for (const record of records) body.push(record.type, 0, 0, 0, ...ipv6ToBytes(record.group))
  return { kind: 'icmpv6', type: ICMPV6_LISTENER_REPORT_V2, code: 0, body: Uint8Array.from(body) }
}

export function listenerRecords(message: Icmpv6Message): ListenerRecord[] {
  const records: ListenerRecord[] = []
  const body = message.body
  for (let at = 4; at + 20 <= body.length; ) {
    const sources = (body[at + 2]! << 8) | body[at + 3]!
    records.push({ type: body[at]!, group: ipv6FromBytes(body.subarray(at + 4, at + 20)) })
    at += 20 + 16 * sources + 4 * body[at + 1]!
  }
  return records
}
