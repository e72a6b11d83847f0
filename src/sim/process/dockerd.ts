/**
 * The Docker daemon as far as it answers packets: the embedded DNS server at 127.0.0.11 in each container on a
 * user-defined network. One process, with sockets in the containers' namespaces. libnetwork resolver.go (20.10).
 * Not modelled: SRV records.
 */
import { shuffled } from '../base/random.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import { concat } from '../wire/bytes.ts'
import {
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  emitDns,
  parseDns,
  RCODE_NOERROR,
  RCODE_REFUSED,
  RCODE_SERVFAIL,
  reverseName,
  reverseName6,
} from '../wire/dns.ts'
import type { IpAddress } from '../wire/frame.ts'
import { createContext, type ProcessContext } from './context.ts'
import { accept, receive, send } from './tcp-stream.ts'

export interface DockerdProgram extends Program {
  readonly kind: 'dockerd'
  /** What each user-defined network knows, by the network's id. */
  networks: Map<string, NameTable>
  /** By the sandbox's id. */
  resolvers: Map<string, Resolver>
  /** Queries on their way to other servers, by the descriptor that waits for the answer. */
  pending: Map<number, PendingQuery>
  /** Connections to the servers' TCP sockets. */
  streams: Map<number, DnsStream>
}

export interface NameTable {
  readonly network: string
  /** Name → endpoint → address. */
  names: Map<string, Map<string, number>>
  /** Address → name. */
  reverse: Map<IpAddress, string>
  /** Name → endpoint → IPv6 address; without it the network has no IPv6. */
  names6?: Map<string, Map<string, string>>
}

export interface Resolver {
  readonly netns: number
  readonly udpFd: number
  readonly tcpFd: number
  /** Ids of networks, the best first. */
  networks: string[]
  /** `--link`: names of the asking container's own. */
  links: Map<string, string>
  readonly servers: readonly number[]
}

interface DnsStream {
  readonly resolver: string
  received: Uint8Array
}

interface PendingQuery {
  readonly resolver: string
  readonly from: number
  readonly fromPort: number
  /** The connection by which it came, if it was not a datagram. */
  readonly stream: number | null
  readonly query: Uint8Array
  /** Which server has been asked. */
  readonly server: number
}

export function dockerdProgram(): DockerdProgram {
  return {
    kind: 'dockerd',
    networks: new Map(),
    resolvers: new Map(),
    pending: new Map(),
    streams: new Map(),
  }
}

const TTL = 600
const MOST_SERVERS = 3
const PATIENCE_US = 4_000_000
const TYPE_A = 1
const TYPE_PTR = 12
const TYPE_MX = 15
const TYPE_AAAA = 28
/** Questions of other types go on to other servers. resolver.go `ServeDNS`; services of a swarm alone have SRV records */
const OWN_TYPES = [TYPE_A, TYPE_AAAA, TYPE_MX]

export function stepDockerd(context: ProcessContext, program: DockerdProgram, cause: WakeCause): void {
  if (cause.kind === 'timer') return askNext(context, program, cause.id)
  if (cause.kind !== 'descriptor') return
  if (program.pending.has(cause.fd)) return passAnswer(context, program, cause.fd)
  if (program.streams.has(cause.fd)) return readStream(context, program, cause.fd)
  for (const [id, resolver] of program.resolvers) {
    if (resolver.udpFd === cause.fd) answerQueries(context, program, id, resolver)
    if (resolver.tcpFd === cause.fd) acceptStreams(context, program, id, resolver)
  }
}

function namespaceOf(context: ProcessContext, resolver: Resolver): NetNamespace | undefined {
  return context.kernel.namespaces.get(resolver.netns)
}

function answerQueries(
  context: ProcessContext,
  program: DockerdProgram,
  id: string,
  resolver: Resolver,
): void {
  const { sim, kernel, process } = context
  const socket = socketOf(kernel, process, resolver.udpFd)
  const netns = namespaceOf(context, resolver)
  if (socket?.kind !== 'udp' || netns === undefined) return
  for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) {
    const query = parseDns(got.data)
    const question = query?.questions[0]
    if (query === null || query.response || question === undefined) continue
    const records = ownRecords(context, program, resolver, question)
    if (typeof got.from !== 'number') continue
    if (records !== null)
      sendUdp(sim, netns, socket, got.from, got.fromPort, emitDns(reply(query, records), false))
    else
      forward(context, program, {
        resolver: id,
        from: got.from,
        fromPort: got.fromPort,
        stream: null,
        query: got.data,
        server: 0,
      })
  }
}

/** The daemon's calls on connections in the container's namespace. */
function within(context: ProcessContext, netns: NetNamespace): ProcessContext {
  return createContext(context.sim, context.kernel, context.process, netns)
}

function acceptStreams(
  context: ProcessContext,
  program: DockerdProgram,
  id: string,
  resolver: Resolver,
): void {
  const netns = namespaceOf(context, resolver)
  if (netns === undefined) return
  const { process } = context
  const home = process.netns
  for (;;) {
    process.netns = netns.id
    const socket = accept(within(context, netns), resolver.tcpFd)
    process.netns = home
    if (socket === null) return
    program.streams.set(socket.ownerFd, { resolver: id, received: new Uint8Array() })
    readStream(context, program, socket.ownerFd)
  }
}

/** Each message comes behind its length. RFC 1035 4.2.2 */
function readStream(context: ProcessContext, program: DockerdProgram, fd: number): void {
  const stream = program.streams.get(fd)
  const resolver = stream === undefined ? undefined : program.resolvers.get(stream.resolver)
  const netns = resolver === undefined ? undefined : namespaceOf(context, resolver)
  if (stream === undefined) return
  if (resolver === undefined || netns === undefined) return dropStream(context, program, fd)
  const data = receive(within(context, netns), fd)
  if (data === 'eof') return dropStream(context, program, fd)
  if (data === null) return
  stream.received = concat([stream.received, data])
  for (;;) {
    const { received } = stream
    const length = received.length < 2 ? 0xffff : (received[0]! << 8) | received[1]!
    if (received.length < length + 2) return
    stream.received = received.slice(length + 2)
    const bytes = received.slice(2, length + 2)
    const query = parseDns(bytes)
    const question = query?.questions[0]
    if (query === null || query.response || question === undefined) continue
    const records = ownRecords(context, program, resolver, question)
    const asked = { resolver: stream.resolver, from: 0, fromPort: 0, stream: fd, query: bytes, server: 0 }
    if (records === null) forward(context, program, asked)
    else giveBack(context, program, asked, emitDns(reply(query, records), false))
  }
}

function dropStream(context: ProcessContext, program: DockerdProgram, fd: number): void {
  program.streams.delete(fd)
  context.close(fd)
}

/** The answer goes the way the query came. */
function giveBack(
  context: ProcessContext,
  program: DockerdProgram,
  asked: PendingQuery,
  answer: Uint8Array,
): void {
  const resolver = program.resolvers.get(asked.resolver)
  const netns = resolver === undefined ? undefined : namespaceOf(context, resolver)
  if (resolver === undefined || netns === undefined) return
  if (asked.stream !== null) {
    if (!program.streams.has(asked.stream)) return
    const length = new Uint8Array([answer.length >> 8, answer.length & 255])
    send(within(context, netns), asked.stream, concat([length, answer]))
    return
  }
  const socket = socketOf(context.kernel, context.process, resolver.udpFd)
  if (socket?.kind === 'udp') sendUdp(context.sim, netns, socket, asked.from, asked.fromPort, answer)
}

function reply(query: DnsMessage, answers: readonly DnsRecord[], rcode = RCODE_NOERROR): DnsMessage {
  return {
    ...query,
    response: true,
    authoritative: false,
    truncated: false,
    recursionAvailable: true,
    authenticData: false,
    checkingDisabled: false,
    rcode,
    answers,
    authorities: [],
    additionals: [],
  }
}

/** Records of a name that one of the networks knows (none for another type than A and AAAA), or null. */
function ownRecords(
  context: ProcessContext,
  program: DockerdProgram,
  resolver: Resolver,
  question: DnsQuestion,
): DnsRecord[] | null {
  const name = question.name.replace(/\.$/, '')
  if (question.type === TYPE_PTR) return reverseRecords(program, resolver, question)
  if (!OWN_TYPES.includes(question.type)) return null
  const asked = resolver.links.get(name) ?? name
  const addresses = addressesOf(program, resolver, asked, question.type === TYPE_AAAA ? 6 : 4)
  if (addresses === null) return null
  if (question.type !== TYPE_A && question.type !== TYPE_AAAA) return []
  return shuffled(context.sim.random, addresses).map((address) => ({
    name: question.name,
    type: question.type,
    class: 1,
    ttl: TTL,
    data:
      typeof address === 'number'
        ? ({ kind: 'address', address } as const)
        : ({ kind: 'address6', address } as const),
  }))
}

function tablesOf(program: DockerdProgram, resolver: Resolver): NameTable[] {
  return resolver.networks.map((id) => program.networks.get(id)).filter((table) => table !== undefined)
}

/**
 * `db`, or `db.app` where `app` is the network. A name that has an IPv4 address alone is known on a network without
 * IPv6; on one with it the question goes on to other servers. libnetwork network.go `ResolveName` (ipv6Miss)
 */
function addressesOf(
  program: DockerdProgram,
  resolver: Resolver,
  asked: string,
  family: 4 | 6,
): IpAddress[] | null {
  const name = asked.toLowerCase()
  for (const table of tablesOf(program, resolver)) {
    const suffix = `.${table.network.toLowerCase()}`
    const find = <T>(names: Map<string, T>): T | undefined =>
      names.get(name) ?? (name.endsWith(suffix) ? names.get(name.slice(0, -suffix.length)) : undefined)
    const found = find<Map<string, IpAddress>>(family === 6 ? (table.names6 ?? new Map()) : table.names)
    if (found !== undefined && found.size > 0) return [...new Set(found.values())]
    if (family === 6 && table.names6 === undefined && find(table.names) !== undefined) return []
  }
  return null
}

function reverseRecords(
  program: DockerdProgram,
  resolver: Resolver,
  question: DnsQuestion,
): DnsRecord[] | null {
  for (const table of tablesOf(program, resolver)) {
    for (const [address, name] of table.reverse) {
      const own = typeof address === 'number' ? reverseName(address) : reverseName6(address)
      if (own !== question.name.replace(/\.$/, '')) continue
      const data = { kind: 'name', name: `${name}.${table.network}` } as const
      return [{ name: question.name, type: TYPE_PTR, class: 1, ttl: TTL, data }]
    }
  }
  return null
}

/** Asks the next of the host's servers, from the container's own namespace. */
function forward(context: ProcessContext, program: DockerdProgram, pending: PendingQuery): void {
  const resolver = program.resolvers.get(pending.resolver)
  const netns = resolver === undefined ? undefined : namespaceOf(context, resolver)
  const server = resolver?.servers[pending.server]
  if (resolver === undefined || netns === undefined) return
  if (server === undefined || pending.server >= MOST_SERVERS) return failed(context, program, pending)
  const { sim, kernel, process } = context
  const home = process.netns
  process.netns = netns.id
  const socket = openSocket(sim, kernel, process, { kind: 'udp' })
  process.netns = home
  program.pending.set(socket.ownerFd, pending)
  if (sendUdp(sim, netns, socket, server, 53, pending.query).ok) context.setTimer(PATIENCE_US, socket.ownerFd)
  else askNext(context, program, socket.ownerFd)
}

function askNext(context: ProcessContext, program: DockerdProgram, fd: number): void {
  const pending = program.pending.get(fd)
  if (pending === undefined) return
  program.pending.delete(fd)
  context.close(fd)
  forward(context, program, { ...pending, server: pending.server + 1 })
}

/** Nobody could be asked: SERVFAIL. */
function failed(context: ProcessContext, program: DockerdProgram, pending: PendingQuery): void {
  const query = parseDns(pending.query)
  if (query !== null) giveBack(context, program, pending, emitDns(reply(query, [], RCODE_SERVFAIL)))
}

/** SERVFAIL and REFUSED send the query to the next server; anything else is the answer. */
function passAnswer(context: ProcessContext, program: DockerdProgram, fd: number): void {
  const pending = program.pending.get(fd)
  const socket = socketOf(context.kernel, context.process, fd)
  const resolver = pending === undefined ? undefined : program.resolvers.get(pending.resolver)
  if (pending === undefined || socket?.kind !== 'udp') return
  const got = receiveUdp(socket)
  const answer = got === null ? null : parseDns(got.data)
  const mayAsk = resolver !== undefined && pending.server + 1 < resolver.servers.length
  if (answer === null || (mayAsk && (answer.rcode === RCODE_SERVFAIL || answer.rcode === RCODE_REFUSED)))
    return askNext(context, program, fd)
  program.pending.delete(fd)
  context.close(fd)
  if (got !== null) giveBack(context, program, pending, got.data)
}
