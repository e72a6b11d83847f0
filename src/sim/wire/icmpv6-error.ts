/** ICMPv6 errors: as much of the packet as fits into 1,280 bytes, behind an MTU or pointer. RFC 4443 §3. */
import { read32, write32 } from './bytes.ts'
import { type Icmpv6Message, type Ipv6Packet, PROTOCOL_ICMPV6 } from './frame.ts'
import { ICMPV6_ECHO_REQUEST, isIcmpv6Error } from './icmpv6.ts'
import { emitIpv6, parseQuotedIpv6 } from './ipv6.ts'

/** The least MTU, less the error's own headers. */
const LONGEST_QUOTE = 1280 - 40 - 8

/** `parameter`: the MTU of "packet too big", the pointer of a parameter problem. */
export function icmpv6Error(type: number, code: number, parameter: number, about: Ipv6Packet): Icmpv6Message {
  const quote = emitIpv6(about).subarray(0, LONGEST_QUOTE)
  const body = new Uint8Array(4 + quote.length)
  write32(body, 0, parameter)
  body.set(quote, 4)
  return { kind: 'icmpv6', type, code, body }
}

export function errorParameter6(message: Icmpv6Message): number {
  return message.body.length < 4 ? 0 : read32(message.body, 0)
}

/** What an error is about; null for what is no error. */
export function quotedPacket6(message: Icmpv6Message): Ipv6Packet | null {
  return isIcmpv6Error(message.type) ? parseQuotedIpv6(message.body.subarray(4)) : null
}

/** The echo request an error is about, also where only its first fragment is quoted. */
export function quotedEcho6(message: Icmpv6Message): Icmpv6Message | null {
  const quoted = quotedPacket6(message)
  if (quoted === null) return null
  const { payload, fragment, nextHeader } = quoted
  if (payload.kind === 'icmpv6') return payload.type === ICMPV6_ECHO_REQUEST ? payload : null
  const isFirst = payload.kind === 'raw' && fragment?.offset === 0 && nextHeader === PROTOCOL_ICMPV6
  if (!isFirst || payload.bytes.length < 8 || payload.bytes[0] !== ICMPV6_ECHO_REQUEST) return null
  const code = payload.bytes[1] ?? 0
  return { kind: 'icmpv6', type: ICMPV6_ECHO_REQUEST, code, body: payload.bytes.subarray(4) }
}

/** The same error with another packet in it; its length stays. */
export function withQuote6(message: Icmpv6Message, about: Ipv6Packet): Icmpv6Message {
  const body = message.body.slice()
  body.set(emitIpv6(about).subarray(0, body.length - 4), 4)
  return { ...message, body }
}
