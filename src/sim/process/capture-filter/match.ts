/** Does a frame pass a filter? libpcap gencode.c: ports never match fragments, a load beyond the end never matches. */

import { type Frame, type Ipv4Packet, type Ipv6Packet, PROTOCOL_ICMPV6 } from '../../wire/frame.ts'
import { emitFrame, frameLength } from '../../wire/frame-codec.ts'
import { isLaterFragment } from '../../wire/ip-packet.ts'
import { ipv4HeaderLength } from '../../wire/ipv4.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { isBroadcastMac, isMulticastMac } from '../../wire/mac-address.ts'
import type { Arithmetic, Filter, Side } from './types.ts'

export function matches(filter: Filter, frame: Frame): boolean {
  const { payload } = frame
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, frame) && matches(filter.right, frame)
    case 'or':
      return matches(filter.left, frame) || matches(filter.right, frame)
    case 'not':
      return !matches(filter.of, frame)
    case 'ethertype':
      return frame.etherType === filter.value
    case 'llc':
      return isLlc(frame, filter.sap)
    case 'vlan':
      return frame.vlan !== undefined && (filter.vid === null || frame.vlan.vid === filter.vid)
    case 'ip-protocol':
      return protocolOf(frame, filter.version) === filter.value
    case 'host':
      return bySide(filter.side, ipv4Pair(frame, filter.layer), (address) => address === filter.address)
    case 'host6':
      return bySide(
        filter.side,
        payload.kind === 'ipv6' ? [payload.source, payload.destination] : null,
        (address) => address === filter.address,
      )
    case 'named-host':
      return false
    case 'net':
      return bySide(
        filter.side,
        ipv4Pair(frame, null),
        (address) => (address & filter.mask) >>> 0 === filter.address,
      )
    case 'port':
      return portMatches(filter, frame)
    case 'mac':
      return bySide(filter.side, [frame.source, frame.destination], (mac) => mac === filter.mac)
    case 'group':
      return groupMatches(filter, frame)
    default:
      return relationHolds(filter, frame)
  }
}

/** The type field of such a frame is its length. */
function isLlc(frame: Frame, sap: number | null): boolean {
  if (frame.etherType > 1500 || frame.payload.kind !== 'raw') return false
  return sap === null || frame.payload.bytes[0] === sap
}

function bySide<T>(side: Side, pair: readonly [T, T] | null, test: (value: T) => boolean): boolean {
  if (pair === null) return false
  if (side === 'source') return test(pair[0])
  if (side === 'destination') return test(pair[1])
  return side === 'both' ? test(pair[0]) && test(pair[1]) : test(pair[0]) || test(pair[1])
}

function ipv4Pair(frame: Frame, layer: 'ip' | 'arp' | null): readonly [number, number] | null {
  const { payload } = frame
  if (payload.kind === 'ipv4' && layer !== 'arp') return [payload.source, payload.destination]
  if (payload.kind === 'arp' && layer !== 'ip') return [payload.senderIp, payload.targetIp]
  return null
}

function protocolOf(frame: Frame, version: 4 | 6 | null): number | null {
  const { payload } = frame
  if (payload.kind === 'ipv4' && version !== 6) return payload.protocol
  if (payload.kind !== 'ipv6' || version === 4) return null
  return payload.payload.kind === 'icmpv6' && payload.nextHeader !== 0 ? PROTOCOL_ICMPV6 : payload.nextHeader
}

function portMatches(filter: Extract<Filter, { kind: 'port' }>, frame: Frame): boolean {
  const packet = frame.payload
  if ((packet.kind !== 'ipv4' && packet.kind !== 'ipv6') || isLaterFragment(packet)) return false
  const inside = packet.payload
  if (inside.kind !== 'tcp' && inside.kind !== 'udp') return false
  const protocol = packet.kind === 'ipv4' ? packet.protocol : packet.nextHeader
  if (filter.protocol !== null && filter.protocol !== protocol) return false
  const inRange = (port: number): boolean => port >= filter.low && port <= filter.high
  return bySide(filter.side, [inside.sourcePort, inside.destinationPort], inRange)
}

function groupMatches(filter: Extract<Filter, { kind: 'group' }>, frame: Frame): boolean {
  if (filter.layer === 'ether')
    return filter.cast === 'broadcast' ? isBroadcastMac(frame.destination) : isMulticastMac(frame.destination)
  if (frame.payload.kind !== 'ipv4') return false
  const { destination } = frame.payload
  return filter.cast === 'multicast'
    ? isMulticast(destination)
    : destination === 0xffffffff || destination === 0
}

function relationHolds(filter: Extract<Filter, { kind: 'relation' }>, frame: Frame): boolean {
  const left = evaluate(filter.left, frame)
  const right = evaluate(filter.right, frame)
  if (left === null || right === null) return false
  switch (filter.operator) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    default:
      return left >= right
  }
}

function evaluate(arithmetic: Arithmetic, frame: Frame): number | null {
  switch (arithmetic.kind) {
    case 'number':
      return arithmetic.value
    case 'length':
      return frameLength(frame)
    case 'load':
      return load(arithmetic, frame)
    default:
      return combine(arithmetic.operator, evaluate(arithmetic.left, frame), evaluate(arithmetic.right, frame))
  }
}

function combine(operator: string, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null
  const results: Readonly<Record<string, () => number>> = {
    '&': () => left & right,
    '|': () => left | right,
    '^': () => left ^ right,
    '<<': () => left << right,
    '>>': () => left >>> right,
    '+': () => left + right,
    '-': () => left - right,
    '*': () => Math.imul(left, right),
    '/': () => (right === 0 ? 0 : Math.floor(left / right)),
    '%': () => (right === 0 ? 0 : left % right),
  }
  return (results[operator]?.() ?? 0) >>> 0
}

/** Where a protocol's header begins; null if the frame has none. */
function startOf(protocol: string, frame: Frame): number | null {
  const { payload } = frame
  if (protocol === 'ether') return 0
  if (protocol === 'ip') return payload.kind === 'ipv4' ? 14 : null
  if (protocol === 'arp') return payload.kind === 'arp' ? 14 : null
  if (protocol === 'ip6') return payload.kind === 'ipv6' ? 14 : null
  if (payload.kind === 'ipv6') return protocol === 'icmp6' ? startOfIcmpv6(payload) : null
  if (payload.kind !== 'ipv4' || payload.fragmentOffset > 0) return null
  return protocolNumber(protocol) === payload.protocol ? 14 + ipv4HeaderLength(payload as Ipv4Packet) : null
}

function startOfIcmpv6(packet: Ipv6Packet): number | null {
  return packet.payload.kind === 'icmpv6' && packet.nextHeader !== 0 ? 54 : null
}

function protocolNumber(name: string): number {
  return { icmp: 1, igmp: 2, tcp: 6, udp: 17 }[name] ?? -1
}

function load(node: Extract<Arithmetic, { kind: 'load' }>, frame: Frame): number | null {
  const start = startOf(node.protocol, frame)
  const offset = evaluate(node.offset, frame)
  if (start === null || offset === null) return null
  const bytes = emitFrame(frame)
  let value = 0
  for (let i = 0; i < node.size; i++) {
    const byte = bytes[start + offset + i]
    if (byte === undefined) return null
    value = value * 256 + byte
  }
  return value
}
