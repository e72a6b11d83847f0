/**
 * Names to addresses and back as the C library does it: /etc/hosts first, then the servers of /etc/resolv.conf, five
 * seconds each, two rounds. getaddrinfo(3), getnameinfo(3), resolv.conf(5), hosts(5).
 * Not modelled: nsswitch.conf, IPv6 transport, TCP after truncation.
 */
import { nextUint32 } from '../base/random.ts'
import { readFile } from '../kernel/fs/files.ts'
import { lookupIp } from '../kernel/sockets/ip-layer.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { connectUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import {
  type DnsMessage,
  dnsQuery,
  emitDns,
  parseDns,
  RCODE_NXDOMAIN,
  reverseName,
  reverseName6,
} from '../wire/dns.ts'
import type { IpAddress } from '../wire/frame.ts'
import { familyOf, parseIp } from '../wire/ip-address.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import type { ProcessContext } from './context.ts'

const TIMEOUT_US = 5_000_000
const ATTEMPTS = 2
const DNS_PORT = 53
/** Timer id of lookups: programs use smaller ones. */
export const LOOKUP_TIMER = 900

export type LookupOutcome =
  | FoundAddresses
  | { readonly kind: 'name'; readonly name: string }
  /** Does not exist; exists without an address; nobody answered. getaddrinfo's EAI_NONAME, EAI_NODATA, EAI_AGAIN. */
  | { readonly kind: 'failed'; readonly reason: 'NONAME' | 'NODATA' | 'AGAIN' }

export interface FoundAddresses {
  readonly kind: 'addresses'
  readonly addresses: readonly number[]
  /** For who asked for them too: all addresses, in the order in which they are tried (RFC 6724). */
  readonly all?: readonly IpAddress[]
  readonly name: string
  /** The device behind a `%`. */
  readonly zone?: string | null
}

/** Which addresses a program can use. */
export type Families = 4 | 6 | 'any'

export interface Lookup {
  readonly families: Families
  readonly types: readonly number[]
  /** Names to try in turn, after the search list. */
  candidates: string[]
  servers: number[]
  server: number
  attempt: number
  fd: number | null
  /** Query id by record type. */
  ids: number[]
  replies: (DnsMessage | null)[]
  deadlineUs: number
  /** A name that exists without an address was met. */
  noData: boolean
  outcome: LookupOutcome | null
}

export interface ResolverConfig {
  readonly servers: number[]
  readonly search: string[]
  readonly ndots: number
}

export function readResolverConfig(
  context: Pick<ProcessContext, 'sim' | 'kernel' | 'process'>,
): ResolverConfig {
  const file = readFile(context.sim, context.kernel, context.process, '/etc/resolv.conf')
  const servers: number[] = []
  let search: string[] = []
  let ndots = 1
  for (const line of (file.ok ? file.value : '').split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/)
    const address = word === 'nameserver' ? parseIpv4(rest[0] ?? '') : null
    if (address !== null && servers.length < 3) servers.push(address)
    if (word === 'search' || word === 'domain') search = rest.filter((name) => name !== '.')
    if (word === 'options')
      for (const option of rest) if (option.startsWith('ndots:')) ndots = Number(option.slice(6)) || 0
  }
  return { servers: servers.length > 0 ? servers : [0x7f000001], search, ndots }
}

export interface HostsLine {
  readonly address: string
  readonly names: readonly string[]
}

export function readHosts(context: ProcessContext): HostsLine[] {
  const file = readFile(context.sim, context.kernel, context.process, '/etc/hosts')
  const lines: HostsLine[] = []
  for (const line of (file.ok ? file.value : '').split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address !== undefined && address !== '' && names.length > 0) lines.push({ address, names })
  }
  return lines
}

/** The order in which a name is tried: as it is first if it has enough dots. resolv.conf(5) */
export function searchCandidates(name: string, config: ResolverConfig): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const dots = name.split('.').length - 1
  const extended = config.search.map((domain) => `${name}.${domain.replace(/\.$/, '')}`)
  return dots >= config.ndots ? [name, ...extended] : [...extended, name]
}

/** Starts a look-up; `outcome` may be there at once. `types`: record types asked for, at the same time. */
export function startLookup(
  context: ProcessContext,
  name: string,
  types: readonly number[] = [1, 28],
  families: Families = 4,
): Lookup {
  const lookup = emptyLookup(types, families)
  lookup.outcome = numericOrHosts(context, name, families)
  if (lookup.outcome === null) begin(context, lookup, searchCandidates(name, readResolverConfig(context)))
  return lookup
}

/** The name of an address. */
export function startReverseLookup(context: ProcessContext, address: IpAddress): Lookup {
  const lookup = emptyLookup([12])
  for (const line of readHosts(context)) {
    const name = line.names[0]
    if (name !== undefined && parseIp(line.address) === address) lookup.outcome = { kind: 'name', name }
    if (lookup.outcome !== null) return lookup
  }
  begin(context, lookup, [typeof address === 'number' ? reverseName(address) : reverseName6(address)])
  return lookup
}

function emptyLookup(types: readonly number[], families: Families = 4): Lookup {
  return {
    families,
    types,
    candidates: [],
    servers: [],
    server: 0,
    attempt: 0,
    fd: null,
    ids: [],
    replies: [],
    deadlineUs: 0,
    noData: false,
    outcome: null,
  }
}

function numericOrHosts(context: ProcessContext, name: string, families: Families): LookupOutcome | null {
  const number = parseIpv4(name) ?? shortIpv4(name)
  if (number !== null && families !== 6) return found(context, [number], name)
  const [text = '', zone = null] = name.split('%')
  const six = families === 4 ? null : parseIpv6(text)
  if (six !== null) return found(context, [six], name, zone)
  if (number !== null) return { kind: 'failed', reason: 'NONAME' }
  if (name === '' || parseIpv6(name) !== null || /[^A-Za-z0-9._-]/.test(name))
    return { kind: 'failed', reason: 'NONAME' }
  const wanted = name.toLowerCase().replace(/\.$/, '')
  const addresses: IpAddress[] = []
  let canonical: string | null = null
  for (const line of readHosts(context)) {
    if (!line.names.some((known) => known.toLowerCase() === wanted)) continue
    const address = parseIp(line.address)
    if (address === null || (families !== 'any' && familyOf(address) !== families)) continue
    canonical ??= line.names[0] ?? name
    if (!addresses.includes(address)) addresses.push(address)
  }
  return addresses.length > 0 ? found(context, addresses, canonical ?? name) : null
}

function found(
  context: ProcessContext,
  addresses: readonly IpAddress[],
  name: string,
  zone: string | null = null,
): FoundAddresses {
  const { netns } = context
  const isUsable = (address: IpAddress): boolean => lookupIp(netns, { destination: address }).ok
  const rank = (address: IpAddress): number =>
    (isUsable(address) ? 0 : 2) + (typeof address === 'string' ? 0 : 1)
  const all = addresses.length < 2 ? addresses : [...addresses].sort((x, y) => rank(x) - rank(y))
  const four = all.filter((address) => typeof address === 'number')
  return { kind: 'addresses', addresses: four, all, name, zone }
}

/** inet_aton(3) takes fewer parts: `127.1`, `1`. */
function shortIpv4(text: string): number | null {
  if (!/^\d+(\.\d+){0,2}$/.test(text)) return null
  const parts = text.split('.').map(Number)
  const last = parts.pop() ?? 0
  if (parts.some((part) => part > 255) || last >= 256 ** (4 - parts.length)) return null
  return parts.reduce((sum, part, i) => sum + part * 256 ** (3 - i), 0) + last
}

function begin(context: ProcessContext, lookup: Lookup, candidates: string[]): void {
  lookup.candidates = candidates
  lookup.servers = readResolverConfig(context).servers
  ask(context, lookup)
}

function closeLookup(context: ProcessContext, lookup: Lookup): void {
  if (lookup.fd !== null) context.close(lookup.fd)
  lookup.fd = null
}

/** Sends the questions to the current server; a server that cannot be reached is passed over. */
function ask(context: ProcessContext, lookup: Lookup): void {
  const { sim, kernel, process, netns } = context
  const server = lookup.servers[lookup.server]
  const name = lookup.candidates[0]
  if (server === undefined || name === undefined) return
  const socket = openSocket(sim, kernel, process, { kind: 'udp' })
  lookup.fd = socket.ownerFd
  lookup.ids = lookup.types.map(() => nextUint32(sim.random) & 0xffff)
  lookup.replies = lookup.types.map(() => null)
  if (!connectUdp(sim, netns, socket, server, DNS_PORT).ok) return nextServer(context, lookup)
  for (const [i, type] of lookup.types.entries()) {
    const query = emitDns(dnsQuery(lookup.ids[i]!, name, type))
    if (!sendUdp(sim, netns, socket, server, DNS_PORT, query).ok) return nextServer(context, lookup)
  }
  lookup.deadlineUs = sim.nowUs + TIMEOUT_US
  context.setTimer(TIMEOUT_US, LOOKUP_TIMER)
}

function nextServer(context: ProcessContext, lookup: Lookup): void {
  closeLookup(context, lookup)
  lookup.server++
  if (lookup.server >= lookup.servers.length) {
    lookup.server = 0
    lookup.attempt++
  }
  if (lookup.attempt < ATTEMPTS) ask(context, lookup)
  else lookup.outcome = { kind: 'failed', reason: 'AGAIN' }
}

/** To be called on every wake while `outcome` is null; true when there is one. */
export function stepLookup(context: ProcessContext, lookup: Lookup): boolean {
  if (lookup.outcome !== null) return true
  const socket = lookup.fd === null ? undefined : socketOf(context.kernel, context.process, lookup.fd)
  if (socket?.kind !== 'udp') return false
  if (takeError(socket) !== null) nextServer(context, lookup)
  else {
    for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) take(lookup, got.data)
    if (lookup.replies.every((reply) => reply !== null)) conclude(context, lookup)
    else if (context.sim.nowUs >= lookup.deadlineUs) nextServer(context, lookup)
  }
  return lookup.outcome !== null
}

function take(lookup: Lookup, data: Uint8Array): void {
  const message = parseDns(data)
  if (message === null || !message.response) return
  const index = lookup.ids.indexOf(message.id)
  if (index >= 0) lookup.replies[index] = message
}

function conclude(context: ProcessContext, lookup: Lookup): void {
  const replies = lookup.replies as DnsMessage[]
  if (replies.some((reply) => reply.rcode !== 0 && reply.rcode !== RCODE_NXDOMAIN))
    return nextServer(context, lookup)
  closeLookup(context, lookup)
  const outcome = answerOf(context, lookup, replies)
  if (outcome !== null) {
    lookup.outcome = outcome
    return
  }
  if (replies.some((reply) => reply.rcode === 0)) lookup.noData = true
  lookup.candidates.shift()
  if (lookup.candidates.length === 0)
    lookup.outcome = { kind: 'failed', reason: lookup.noData ? 'NODATA' : 'NONAME' }
  else {
    lookup.server = 0
    lookup.attempt = 0
    ask(context, lookup)
  }
}

function answerOf(
  context: ProcessContext,
  lookup: Lookup,
  replies: readonly DnsMessage[],
): LookupOutcome | null {
  const addresses: IpAddress[] = []
  const { families } = lookup
  for (const record of replies.flatMap((reply) => reply.answers)) {
    const { data } = record
    if (data.kind === 'address' && record.type === 1 && families !== 6) addresses.push(data.address)
    if (data.kind === 'address6' && families !== 4) addresses.push(data.address)
    if (record.data.kind === 'name' && record.type === 12 && lookup.types.includes(12))
      return { kind: 'name', name: record.data.name }
  }
  const name = lookup.candidates[0] ?? ''
  return addresses.length > 0 ? found(context, addresses, name) : null
}
