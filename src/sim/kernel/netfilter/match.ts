/**
 * Whether a rule fits a packet: comparisons of numbers and names only, since this runs for every rule that a
 * packet passes. iptables-extensions(8), net/netfilter/xt_*.c.
 */
import { nextUint32 } from '../../base/random.ts'
import type { IpAddress, IpPacket, Ipv6Packet, TcpFlags } from '../../wire/frame.ts'
import { ipPacketLength, protocolOf, ttlOf } from '../../wire/ip-packet.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { ipv6ToBytes, isMulticast6 } from '../../wire/ipv6-address.ts'
import { isBroadcastMac, isMulticastMac } from '../../wire/mac-address.ts'
import { containsAddress6 } from '../ipv6/prefix.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { addressTypeMatches } from './address-type.ts'
import { fitsFurther } from './further-match.ts'
import { takeToken } from './limit.ts'
import type {
  AddressRange,
  ConntrackStateName,
  Hook,
  InterfaceName,
  Match,
  Negatable,
  PortRange,
  Rule,
} from './types.ts'

/** One packet at one hook, with what the rules ask about again and again. */
export interface Scan {
  readonly sim: Simulation
  readonly netns: NetNamespace
  readonly hook: Hook
  readonly buffer: IpBuffer
  /** Names of the devices; empty for none. */
  readonly input: string
  readonly output: string
}

export function ruleMatches(scan: Scan, rule: Rule): boolean {
  const packet = scan.buffer.packet
  const { inputInterface, outputInterface, source, destination, protocol } = rule
  if (inputInterface !== null && fitsInterface(inputInterface.value, scan.input) === inputInterface.not)
    return false
  if (outputInterface !== null && fitsInterface(outputInterface.value, scan.output) === outputInterface.not)
    return false
  if (packet.kind === 'ipv6') {
    if (!fits6(packet, rule)) return false
  } else {
    if (
      source !== null &&
      ((packet.source & source.value.mask) >>> 0 === source.value.address) === source.not
    )
      return false
    if (
      destination !== null &&
      ((packet.destination & destination.value.mask) >>> 0 === destination.value.address) === destination.not
    )
      return false
    if (protocol !== null && (packet.protocol === protocol.value) === protocol.not) return false
    if (rule.fragment !== null && packet.fragmentOffset > 0 === rule.fragment.not) return false
  }
  for (let i = 0; i < rule.matches.length; i++) if (!fits(scan, rule.matches[i]!)) return false
  return true
}

function fits6(packet: Ipv6Packet, rule: Rule): boolean {
  const { source6, destination6, protocol } = rule
  if (source6 !== null && containsAddress6(source6.value, packet.source) === source6.not) return false
  if (destination6 !== null && containsAddress6(destination6.value, packet.destination) === destination6.not)
    return false
  return protocol === null || (protocolOf(packet) === protocol.value) !== protocol.not
}

function fitsInterface(wanted: InterfaceName, name: string): boolean {
  return wanted.wildcard ? name.startsWith(wanted.name) : name === wanted.name
}

function fits(scan: Scan, match: Match): boolean {
  switch (match.kind) {
    case 'tcp':
    case 'udp':
      return fitsTransport(scan.buffer.packet, match)
    case 'icmp':
    case 'icmp6':
      return fitsIcmp(scan.buffer.packet, match)
    case 'multiport':
      return fitsMultiport(scan.buffer.packet, match)
    case 'conntrack':
    case 'state':
      return fitsState(scan, match.states.value) !== match.states.not
    case 'addrtype':
      return addressTypeMatches(scan.netns, scan.buffer, match)
    case 'comment':
      return true
    case 'limit':
      return takeToken(match, scan.sim.nowUs)
    case 'mark':
      return fitsMark(scan.buffer.mark, match.mark)
    case 'connmark':
      return fitsMark(connectionOf(scan)?.mark ?? 0, match.mark)
    case 'mac':
      return (scan.buffer.frame?.source === match.source.value) !== match.source.not
    case 'length': {
      const { from, to } = match.range.value
      const length = ipPacketLength(scan.buffer.packet)
      return (length >= from && length <= to) !== match.range.not
    }
    case 'ttl':
    case 'hl':
      return fitsTtl(ttlOf(scan.buffer.packet), match)
    case 'pkttype':
      return (packetType(scan) === match.type.value) !== match.type.not
    case 'iprange':
      return fitsIpRange(scan.buffer.packet, match)
    case 'physdev':
      return fitsPhysdev(scan, match)
    case 'statistic':
      return fitsStatistic(scan.sim, match)
    default:
      return fitsFurther(scan, match)
  }
}

function fitsPort(range: Negatable<PortRange> | null, port: number): boolean {
  return range === null || (port >= range.value.from && port <= range.value.to) !== range.not
}

function fitsTransport(packet: IpPacket, match: Extract<Match, { kind: 'tcp' | 'udp' }>): boolean {
  const payload = packet.payload
  if (payload.kind !== match.kind) return false
  if (!fitsPort(match.sourcePorts, payload.sourcePort)) return false
  if (!fitsPort(match.destinationPorts, payload.destinationPort)) return false
  if (match.flags === null || payload.kind !== 'tcp') return true
  const { mask, set } = match.flags.value
  return ((flagBits(payload.flags) & mask) === set) !== match.flags.not
}

function flagBits(flags: TcpFlags): number {
  return (
    (flags.fin ? 1 : 0) |
    (flags.syn ? 2 : 0) |
    (flags.rst ? 4 : 0) |
    (flags.psh ? 8 : 0) |
    (flags.ack ? 16 : 0) |
    (flags.urg ? 32 : 0)
  )
}

function fitsIcmp(packet: IpPacket, match: Extract<Match, { kind: 'icmp' | 'icmp6' }>): boolean {
  if (packet.payload.kind !== (match.kind === 'icmp' ? 'icmp' : 'icmpv6')) return false
  const { type, code } = match.type.value
  const same =
    (match.kind === 'icmp' && type === 255) ||
    (packet.payload.type === type && (code === null || packet.payload.code === code))
  return same !== match.type.not
}

function fitsMultiport(packet: IpPacket, match: Extract<Match, { kind: 'multiport' }>): boolean {
  const payload = packet.payload
  if (payload.kind !== 'tcp' && payload.kind !== 'udp') return false
  const { sourcePort, destinationPort } = payload
  const inside = (port: number) => match.ports.value.some((r) => port >= r.from && port <= r.to)
  const found =
    (match.side !== 'destination' && inside(sourcePort)) ||
    (match.side !== 'source' && inside(destinationPort))
  return found !== match.ports.not
}

function connectionOf(scan: Scan) {
  return scan.buffer.connection === null
    ? undefined
    : scan.netns.conntrack.connections.get(scan.buffer.connection)
}

function fitsState(scan: Scan, states: readonly ConntrackStateName[]): boolean {
  if (states.includes(scan.buffer.connectionState ?? 'INVALID')) return true
  if (!states.includes('SNAT') && !states.includes('DNAT')) return false
  const connection = connectionOf(scan)
  if (connection === undefined) return false
  return (
    (connection.sourceNat && states.includes('SNAT')) ||
    (connection.destinationNat && states.includes('DNAT'))
  )
}

function fitsMark(
  mark: number,
  wanted: Negatable<{ readonly value: number; readonly mask: number }>,
): boolean {
  return ((mark & wanted.value.mask) >>> 0 === wanted.value.value) !== wanted.not
}

function fitsIpRange(packet: IpPacket, match: Extract<Match, { kind: 'iprange' }>): boolean {
  const { source, destination } = match
  const inside = (address: IpAddress, r: AddressRange) =>
    compareAddresses(address, r.from) >= 0 && compareAddresses(address, r.to) <= 0
  if (source !== null && inside(packet.source, source.value) === source.not) return false
  return destination === null || inside(packet.destination, destination.value) !== destination.not
}

function fitsTtl(ttl: number, match: Extract<Match, { kind: 'ttl' | 'hl' }>): boolean {
  if (match.comparison === 'lt') return ttl < match.value
  if (match.comparison === 'gt') return ttl > match.value
  return (ttl === match.value) !== match.not
}

/** As the frame was addressed; what this host sends itself is told by its destination. */
function packetType(scan: Scan): 'unicast' | 'broadcast' | 'multicast' {
  const { frame, packet } = scan.buffer
  const mac = frame?.destination
  if (mac !== undefined)
    return isBroadcastMac(mac) ? 'broadcast' : isMulticastMac(mac) ? 'multicast' : 'unicast'
  const { destination } = packet
  if (destination === 0xffffffff) return 'broadcast'
  const isGroup = typeof destination === 'string' ? isMulticast6(destination) : isMulticast(destination)
  return isGroup ? 'multicast' : 'unicast'
}

/** Of one family; by value. */
function compareAddresses(x: IpAddress, y: IpAddress): number {
  if (typeof x === 'number' && typeof y === 'number') return x - y
  const a = ipv6ToBytes(String(x))
  const b = ipv6ToBytes(String(y))
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}

function fitsPhysdev(scan: Scan, match: Extract<Match, { kind: 'physdev' }>): boolean {
  const { physInput, physOutput } = scan.buffer
  const nameOf = (ifindex: number | null) =>
    ifindex === null ? '' : (scan.netns.links.get(ifindex)?.name ?? '')
  if (match.isBridged && (physInput === null || physOutput === null)) return false
  if (match.input !== null && fitsInterface(match.input.value, nameOf(physInput)) === match.input.not)
    return false
  return match.output === null || fitsInterface(match.output.value, nameOf(physOutput)) !== match.output.not
}

function fitsStatistic(sim: Simulation, match: Extract<Match, { kind: 'statistic' }>): boolean {
  if (match.mode === 'random') return nextUint32(sim.random) / 0x100000000 < match.probability !== match.not
  const hit = match.count.value === match.packet
  match.count.value = (match.count.value + 1) % match.every
  return hit !== match.not
}
