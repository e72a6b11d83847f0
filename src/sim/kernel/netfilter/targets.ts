/**
 * What a matching rule does to a packet. A target ends the table (`ACCEPT`, `DROP`), or lets the packet go on to
 * the next rule. net/netfilter/xt_{MARK,CONNMARK,LOG,TCPMSS,nat,MASQUERADE,REDIRECT}.c.
 */

import type { IpPacket } from '../../wire/frame.ts'
import { tosOf, ttlOf } from '../../wire/ip-packet.ts'
import { logPacket } from './log.ts'
import type { Scan } from './match.ts'
import { rangeOf, setUpNat, sideOfHook } from './nat.ts'
import { reject } from './reject.ts'
import { withSegmentSize } from './rewrite.ts'
import type { Target, Verdict } from './types.ts'

const IPV4_AND_TCP_HEADER = 40
const IPV6_AND_TCP_HEADER = 60

/** `null`: go on with the next rule. Jumps and RETURN are the chain walk's own matter. */
export function applyTarget(scan: Scan, target: Target): Verdict | null {
  switch (target.kind) {
    case 'ACCEPT':
    case 'DROP':
      return target.kind
    case 'REJECT':
      reject(scan, target.with)
      return 'DROP'
    case 'LOG':
      logPacket(scan, target.prefix, target.flags ?? 0)
      return null
    case 'TTL':
    case 'HL':
      scan.buffer.packet = withHops(scan.buffer.packet, target.operation, target.value)
      return null
    case 'TOS':
      scan.buffer.packet = withTos(scan.buffer.packet, (tos) => (tos & ~target.mask) ^ target.value)
      return null
    case 'DSCP':
      scan.buffer.packet = withTos(scan.buffer.packet, (tos) => (tos & 3) | (target.value << 2))
      return null
    case 'CLASSIFY':
      return null
    case 'MARK':
      scan.buffer.mark = ((scan.buffer.mark & ~target.mask) ^ target.value) >>> 0
      return null
    case 'CONNMARK':
      changeConnectionMark(scan, target)
      return null
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
      return applyNat(scan, target)
    case 'TCPMSS':
      clampSegmentSize(scan, target.size)
      return null
    case 'NOTRACK':
    case 'CT':
      if (scan.buffer.connectionState === null) scan.buffer.connectionState = 'UNTRACKED'
      return null
    case 'TRACE':
    case 'RETURN':
    case 'chain':
      return null
  }
}

/** Between 0 and 255. */
function withHops(packet: IpPacket, operation: 'set' | 'dec' | 'inc', value: number): IpPacket {
  const old = ttlOf(packet)
  const wanted = operation === 'set' ? value : operation === 'dec' ? old - value : old + value
  const hops = Math.min(255, Math.max(0, wanted))
  return packet.kind === 'ipv4' ? { ...packet, ttl: hops } : { ...packet, hopLimit: hops }
}

function withTos(packet: IpPacket, change: (tos: number) => number): IpPacket {
  const tos = change(tosOf(packet)) & 255
  return packet.kind === 'ipv4' ? { ...packet, tos } : { ...packet, trafficClass: tos }
}

function changeConnectionMark(scan: Scan, target: Extract<Target, { kind: 'CONNMARK' }>): void {
  const buffer = scan.buffer
  const connection = scan.netns.conntrack.connections.get(buffer.connection ?? -1)
  if (connection === undefined) return
  const { value, mask, operation } = target
  if (operation === 'set') connection.mark = ((connection.mark & ~mask) ^ value) >>> 0
  else if (operation === 'save') connection.mark = ((connection.mark & ~mask) ^ (buffer.mark & mask)) >>> 0
  else buffer.mark = ((buffer.mark & ~mask) ^ (connection.mark & mask)) >>> 0
}

function applyNat(scan: Scan, target: Target): Verdict {
  const { sim, netns, hook, buffer } = scan
  const connection = netns.conntrack.connections.get(buffer.connection ?? -1)
  if (connection === undefined) return 'ACCEPT'
  const range = rangeOf(netns, hook, buffer, target)
  if (range === null) return 'DROP'
  setUpNat(sim, netns, connection, sideOfHook(hook), range)
  if (target.kind === 'MASQUERADE') connection.masqueradeIfindex = buffer.output
  return 'ACCEPT'
}

function clampSegmentSize(scan: Scan, size: number | 'clamp'): void {
  const mtu = scan.netns.links.get(scan.buffer.output ?? 0)?.mtu ?? 1500
  const headers = scan.buffer.packet.kind === 'ipv4' ? IPV4_AND_TCP_HEADER : IPV6_AND_TCP_HEADER
  const wanted = size === 'clamp' ? mtu - headers : size
  scan.buffer.packet = withSegmentSize(scan.buffer.packet, wanted)
}
