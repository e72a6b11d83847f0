/** Whether the matches of `further-types.ts` fit. net/netfilter/xt_{dscp,owner,connlimit,recent,string,time,u32}.c */

import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { tosOf, ttlOf } from '../../wire/ip-packet.ts'
import { emitIpv4 } from '../../wire/ipv4.ts'
import { maskOf, parseIpv4 } from '../../wire/ipv4-address.ts'
import { emitIpv6 } from '../../wire/ipv6.ts'
import { ipv6FromBytes, ipv6ToBytes } from '../../wire/ipv6-address.ts'
import { networkOf6 } from '../ipv6/prefix.ts'
import type { FurtherMatch, IdRange, RecentEntry, RecentMatch, TimeMatch, U32Test } from './further-types.ts'
import type { Scan } from './match.ts'
import type { Connection } from './types.ts'

type Kind<K extends FurtherMatch['kind']> = Extract<FurtherMatch, { kind: K }>

export function fitsFurther(scan: Scan, match: FurtherMatch): boolean {
  const packet = scan.buffer.packet
  switch (match.kind) {
    case 'tos':
      return ((tosOf(packet) & match.mask) === match.value) !== match.not
    case 'dscp':
      return (tosOf(packet) >> 2 === match.value) !== match.not
    case 'owner':
      return fitsOwner(scan, match)
    case 'connlimit':
      return fitsLimit(scan, match)
    case 'recent':
      return fitsRecent(scan, match)
    case 'string':
      return contains(bytesOf(packet), match) !== match.not
    case 'time':
      return fitsTime(scan.sim.epochMs / 1000 + scan.sim.nowUs / 1e6, match)
    case 'u32':
      return match.tests.every((test) => fitsU32(bytesOf(packet), test)) !== match.not
  }
}

function bytesOf(packet: IpPacket): Uint8Array {
  return packet.kind === 'ipv4' ? emitIpv4(packet) : emitIpv6(packet)
}

/** owner_mt: a packet without a socket fits only what is asked the other way round; the kernel's own ICMP has one without an owner. */
function fitsOwner(scan: Scan, { user, group, exists }: Kind<'owner'>): boolean {
  const { fromSocket } = scan.buffer
  const socket = fromSocket === null ? undefined : scan.netns.sockets.get(fromSocket)
  if (socket === undefined) {
    const { kind } = scan.buffer.packet.payload
    const isKernels = kind === 'icmp' || kind === 'icmpv6'
    if (exists !== null && exists.not === isKernels) return false
    return (user === null || user.not) && (group === null || group.not)
  }
  if (exists?.not === true) return false
  const process = scan.sim.kernels.get(scan.netns.host)?.processes.get(socket.owner)
  const inside = (range: IdRange, id: number): boolean => id >= range.from && id <= range.to
  if (user !== null && inside(user.value, process?.uid ?? 0) === user.not) return false
  return group === null || inside(group.value, process?.uid ?? 0) !== group.not
}

function network(address: IpAddress, length: number): IpAddress {
  return typeof address === 'number' ? (address & maskOf(length)) >>> 0 : networkOf6(address, length)
}

/** nf_conncount: flows that have come by here and still live; those that are being closed are not counted. */
function fitsLimit(scan: Scan, match: Kind<'connlimit'>): boolean {
  const { connections } = scan.netns.conntrack
  const own = scan.buffer.connection === null ? undefined : connections.get(scan.buffer.connection)
  if (own === undefined) return false
  const keyOf = ({ original }: Connection): IpAddress => network(original[match.side], match.length)
  const isOpen = (id: number): boolean => {
    const one = connections.get(id)
    if (one === undefined || (one.confirmed && one.expiresUs <= scan.sim.nowUs)) return false
    return one.tcpState !== 'TIME_WAIT' && one.tcpState !== 'CLOSE'
  }
  const kept = match.count.flows.filter((id) => id !== own.id && isOpen(id))
  match.count.flows = [...kept, own.id]
  const key = keyOf(own)
  const count = match.count.flows.filter((id) => keyOf(connections.get(id)!) === key).length
  return count > match.limit === match.above
}

const MOST_STAMPS = 20
const MOST_ADDRESSES = 100

function maskedAddress(address: IpAddress, mask: string): string {
  if (typeof address === 'number') return String((address & (parseIpv4(mask) ?? 0xffffffff)) >>> 0)
  const bits = ipv6ToBytes(mask)
  return ipv6FromBytes(ipv6ToBytes(address).map((byte, i) => byte & (bits[i] ?? 255)))
}

/** recent_mt */
function fitsRecent(scan: Scan, match: RecentMatch): boolean {
  const { packet, input } = scan.buffer
  const address = match.side === 'dest' ? packet.destination : packet.source
  const lists = (scan.netns.netfilter.recent ??= new Map<string, Map<string, RecentEntry>>())
  const list = lists.get(match.name) ?? new Map<string, RecentEntry>()
  lists.set(match.name, list)
  const key = maskedAddress(address, match.mask)
  const ttl = ttlOf(packet) + (input === null ? 1 : 0)
  const now = scan.sim.nowUs / 1e6
  const found = list.get(key)
  const entry = found !== undefined && match.ttl && found.ttl !== ttl ? undefined : found
  if (entry === undefined) {
    if (match.operation !== 'set') return match.not
    if (list.size >= MOST_ADDRESSES) list.delete([...list.keys()][0]!)
    list.set(key, { ttl, stamps: [now] })
    return !match.not
  }
  if (match.operation === 'remove') {
    list.delete(key)
    return !match.not
  }
  const recent = entry.stamps.filter((at) => match.seconds === 0 || at + match.seconds >= now).length
  const isHit = match.operation === 'set' || recent >= Math.max(1, match.hitCount)
  if (match.reap) entry.stamps = entry.stamps.filter((at) => at + match.seconds >= now)
  const fits = isHit !== match.not
  if (match.operation === 'set' || (match.operation === 'update' && fits)) {
    entry.ttl = ttl
    entry.stamps = [...entry.stamps, now].slice(-MOST_STAMPS)
  }
  return fits
}

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

/** Offsets count from the IP header. */
function contains(bytes: Uint8Array, match: Kind<'string'>): boolean {
  const pattern = match.ignoreCase ? match.bytes.map(lower) : match.bytes
  const last = Math.min(match.to, bytes.length - pattern.length)
  for (let at = match.from; at <= last; at++) {
    const fits = pattern.every((byte, i) => {
      const there = bytes[at + i]!
      return (match.ignoreCase ? lower(there) : there) === byte
    })
    if (fits) return true
  }
  return false
}

const DAY = 86_400

/** time_mt; the kernel's time zone is UTC here. */
function fitsTime(now: number, match: TimeMatch): boolean {
  if (now < match.dateStart || now > match.dateStop) return false
  const ofDay = Math.floor(now) % DAY
  let day = now
  if (match.dayStart < match.dayStop) {
    if (ofDay < match.dayStart || ofDay > match.dayStop) return false
  } else {
    if (ofDay < match.dayStart && ofDay > match.dayStop) return false
    // After midnight the day on which it began counts.
    if (match.contiguous && ofDay <= match.dayStop) day -= DAY
  }
  const { monthDay, weekDay } = dateOf(Math.floor(day / DAY))
  if (match.weekDays.length > 0 && !match.weekDays.includes(weekDay)) return false
  return match.monthDays.length === 0 || match.monthDays.includes(monthDay)
}

/** Of a day counted from 1970-01-01, a Thursday. */
function dateOf(days: number): { monthDay: number; weekDay: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const ofEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * ofYear + 2) / 153)
  return { monthDay: ofYear - Math.floor((153 * month + 2) / 5) + 1, weekDay: ((days + 3) % 7) + 1 }
}

/** u32_match_it: four bytes at a place; `@` moves the place by what was found. */
function fitsU32(bytes: Uint8Array, { steps, ranges }: U32Test): boolean {
  let base = 0
  let value: number | null = null
  const read = (at: number): number | null =>
    at + 4 > bytes.length ? null : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
  for (const { operation, number } of steps) {
    if (operation === 'start') value = read(base + number)
    else if (value === null) return false
    else if (operation === '&') value = (value & number) >>> 0
    else if (operation === '<<') value = (value << number) >>> 0
    else if (operation === '>>') value = value >>> number
    else {
      base += value
      value = read(base + number)
    }
    if (value === null) return false
  }
  return value !== null && ranges.some(({ from, to }) => value >= from && value <= to)
}
