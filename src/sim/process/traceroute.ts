/**
 * traceroute: datagrams (or echo requests) with a growing time to live; who complains is a hop. traceroute(8) of Debian
 * sends sixteen at once, busybox one after another. RFC 792, RFC 1393.
 * Not modelled: MTU discovery, AS look-ups.
 */
import { receiveRaw, sendRaw, sourceFor } from '../kernel/raw/raw.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { sendUdp } from '../kernel/udp/udp.ts'
import type { Icmpv6Message, IpAddress, Ipv4Packet, Ipv6Packet } from '../wire/frame.ts'
import {
  echo6,
  echoIdentifier6,
  echoSequence6,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_TIME_EXCEEDED,
} from '../wire/icmpv6.ts'
import { quotedPacket6 } from '../wire/icmpv6-error.ts'
import { familyOf } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, startReverseLookup, stepLookup } from './host-lookup.ts'
import { collectStreams, sendStream, streamOf } from './traceroute-tcp.ts'

const FIRST_PORT = 33434
const TIMER = 1

export interface TracerouteOptions {
  readonly dialect: 'linux' | 'busybox'
  readonly target: string
  readonly numeric: boolean
  readonly probes: number
  readonly firstHop: number
  readonly hops: number
  readonly waitUs: number
  readonly icmp: boolean
  readonly size: number
  readonly device: string | null
  readonly source: IpAddress | null
  /** -4, -6 */
  readonly family?: 4 | 6
  /** -p: the first port of datagrams, the only one of TCP. */
  readonly port?: number
  /** -T: SYNs; who answers at all is there. */
  readonly tcp?: boolean
  readonly dontFragment?: boolean
  readonly tos?: number
  /** -N: how many at once. */
  readonly together?: number
}

export interface Probe {
  readonly hop: number
  readonly sentUs: number
  address: IpAddress | null
  rttUs: number
  /** `!H`, `!N`, `!X` … or empty. */
  mark: string
  done: boolean
  /** The destination, or nobody can get further. */
  final: boolean
  /** -T: its own socket. */
  tcpFd?: number
}

export interface TracerouteProgram extends Program {
  readonly kind: 'traceroute'
  readonly options: TracerouteOptions
  lookup: Lookup | null
  reverse: Lookup | null
  names: Map<IpAddress, string | null>
  fd: number | null
  icmpFd: number | null
  destination: IpAddress
  identifier: number
  probes: Probe[]
  printed: number
}

export function tracerouteProgram(options: TracerouteOptions): TracerouteProgram {
  return {
    kind: 'traceroute',
    options,
    lookup: null,
    reverse: null,
    names: new Map(),
    fd: null,
    icmpFd: null,
    destination: 0,
    identifier: 0,
    probes: [],
    printed: 0,
  }
}

export function stepTraceroute(context: ProcessContext, program: TracerouteProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(130)
  program.lookup ??= startLookup(context, program.options.target, [1, 28], program.options.family ?? 'any')
  if (program.icmpFd === null) {
    if (!stepLookup(context, program.lookup) || !open(context, program)) return
  }
  receive(context, program)
  if (program.options.tcp) collectStreams(context, program)
  expire(context, program)
  print(context, program)
  if (!context.ended) sendMore(context, program)
}

function say(context: ProcessContext, program: TracerouteProgram, kind: string, data: object, fd = 1): void {
  context.emit({ program: 'traceroute', kind, options: program.options, ...data }, fd)
}

function open(context: ProcessContext, program: TracerouteProgram): boolean {
  const { sim, kernel, process, netns } = context
  const { options } = program
  const outcome = program.lookup?.outcome
  if (outcome?.kind !== 'addresses') {
    say(context, program, 'unresolved', { reason: outcome?.kind === 'failed' ? outcome.reason : 'NONAME' }, 2)
    context.exit(options.dialect === 'linux' ? 2 : 1)
    return false
  }
  program.destination = outcome.all?.[0] ?? outcome.addresses[0] ?? 0
  const family = familyOf(program.destination)
  const source = sourceFor(netns, program.destination, null, options.source ?? 0)
  if (!source.ok && options.dialect === 'busybox') return refuse(context, program, source.error.code)
  say(context, program, 'start', { destination: program.destination, size: packetSize(program) })
  if (!source.ok) return refuse(context, program, source.error.code)
  const device = deviceOf(context, options.device)
  if (device === undefined) return refuse(context, program, 'SO_BINDTODEVICE')
  const icmp = openSocket(sim, kernel, process, {
    device,
    kind: 'raw',
    family,
    protocol: family === 4 ? 1 : 58,
  })
  program.icmpFd = icmp.ownerFd
  program.identifier = (process.pids.get(process.pidns) ?? process.pid) & 0xffff
  if (!options.icmp && !options.tcp)
    program.fd = openSocket(sim, kernel, process, { kind: 'udp', family, device }).ownerFd
  return true
}

/** undefined: there is no such device. */
function deviceOf(context: ProcessContext, name: string | null): number | null | undefined {
  if (name === null) return null
  for (const link of context.netns.links.values()) if (link.name === name) return link.ifindex
  return undefined
}

function refuse(context: ProcessContext, program: TracerouteProgram, error: string): false {
  say(context, program, 'refused', { error, destination: program.destination }, 2)
  context.exit(1)
  return false
}

function sendMore(context: ProcessContext, program: TracerouteProgram): void {
  const { options, probes } = program
  const most = options.probes * (options.hops - options.firstHop + 1)
  const together = options.together ?? (options.dialect === 'linux' ? 16 : 1)
  while (probes.length < most && !context.ended) {
    if (probes.filter((probe) => !probe.done).length >= together) return
    if (probes.some((probe) => probe.final) && hopOf(program, probes.length) > firstFinalHop(program)) return
    if (options.dialect === 'busybox' && program.printed < probes.length) return
    sendProbe(context, program)
  }
}

function hopOf(program: TracerouteProgram, index: number): number {
  return program.options.firstHop + Math.floor(index / program.options.probes)
}

function firstFinalHop(program: TracerouteProgram): number {
  return Math.min(...program.probes.filter((probe) => probe.final).map((probe) => probe.hop))
}

function sendProbe(context: ProcessContext, program: TracerouteProgram): void {
  const { sim, kernel, process, netns } = context
  const { options, probes } = program
  const index = probes.length
  const hop = hopOf(program, index)
  probes.push({ hop, sentUs: sim.nowUs, address: null, rttUs: 0, mark: '', done: false, final: false })
  context.setTimer(options.waitUs, TIMER)
  const isSix = typeof program.destination === 'string'
  const data = new Uint8Array(Math.max(0, packetSize(program) - (isSix ? 48 : 28)))
  let sent: { readonly ok: boolean; readonly error?: { readonly code: string } } | null = null
  const udp = program.fd === null ? undefined : socketOf(kernel, process, program.fd)
  if (udp?.kind === 'udp') {
    udp.ttl = hop
    udp.dontFragment = options.dontFragment ?? false
    udp.tos = options.tos ?? 0
    sent = sendUdp(sim, netns, udp, program.destination, firstPort(program) + index, data)
  }
  const raw = program.icmpFd === null ? undefined : socketOf(kernel, process, program.icmpFd)
  if (options.icmp && raw?.kind === 'raw') {
    raw.ttl = hop
    const { identifier } = program
    const echo4 = {
      kind: 'icmp',
      type: 8,
      code: 0,
      identifier,
      sequence: index + 1,
      mtu: 0,
      original: null,
      data,
    } as const
    const echo = isSix ? echo6(ICMPV6_ECHO_REQUEST, identifier, index + 1, data) : echo4
    sent = sendRaw(sim, netns, raw, program.destination, echo, {
      dontFragment: options.dontFragment ?? false,
    })
  }
  if (options.tcp) sent = sendStream(context, program, index, hop)
  if (sent !== null && !sent.ok && sent.error !== undefined && sent.error.code !== 'EPERM')
    refuse(context, program, sent.error.code)
}

function firstPort(program: TracerouteProgram): number {
  return program.options.port ?? FIRST_PORT
}

function receive(context: ProcessContext, program: TracerouteProgram): void {
  const raw = program.icmpFd === null ? undefined : socketOf(context.kernel, context.process, program.icmpFd)
  if (raw?.kind !== 'raw') return
  for (let got = receiveRaw(raw); got !== null; got = receiveRaw(raw)) {
    const { packet } = got
    const index =
      packet.kind === 'ipv4' ? indexOf(context, program, packet) : index6Of(context, program, packet)
    const probe = index === null ? undefined : program.probes[index]
    const message = packet.payload
    if (probe === undefined || probe.done) continue
    if (message.kind !== 'icmp' && message.kind !== 'icmpv6') continue
    const { type, code } = message
    probe.done = true
    probe.address = packet.source
    probe.rttUs = got.atUs - probe.sentUs
    probe.final = type !== (packet.kind === 'ipv4' ? 11 : ICMPV6_TIME_EXCEEDED)
    if (packet.kind === 'ipv6') probe.mark = type === 1 && code !== 4 ? (MARKS6[code] ?? `!<${code}>`) : ''
    else probe.mark = type === 3 && code !== 3 ? (MARKS[code] ?? `!<${code}>`) : ''
  }
}

const MARKS: Readonly<Record<number, string>> = {
  0: '!N',
  1: '!H',
  2: '!P',
  4: '!F',
  5: '!S',
  9: '!X',
  10: '!X',
  13: '!X',
}

/** By code of ICMPv6's destination unreachable. */
const MARKS6: Readonly<Record<number, string>> = { 0: '!N', 1: '!X', 2: '!S', 3: '!H' }

function packetSize(program: TracerouteProgram): number {
  const { size, dialect } = program.options
  // Debian's sends 40 bytes of data whatever the header's length.
  return typeof program.destination === 'string' && dialect === 'linux' && size === 60 ? 80 : size
}

function index6Of(context: ProcessContext, program: TracerouteProgram, packet: Ipv6Packet): number | null {
  const message = packet.payload
  if (message.kind !== 'icmpv6') return null
  const { identifier } = program
  const own = (echo: Icmpv6Message): number | null =>
    echoIdentifier6(echo) === identifier ? echoSequence6(echo) - 1 : null
  if (message.type === ICMPV6_ECHO_REPLY) return own(message)
  const quoted = quotedPacket6(message)?.payload
  if (quoted?.kind === 'icmpv6') return own(quoted)
  if (quoted?.kind === 'tcp') return streamOf(context, program, quoted.sourcePort)
  const udp = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (quoted?.kind !== 'udp' || udp?.kind !== 'udp' || quoted.sourcePort !== udp.localPort) return null
  return quoted.destinationPort - firstPort(program)
}

/** Which probe a message is about: by the port, or by the sequence number. */
function indexOf(context: ProcessContext, program: TracerouteProgram, packet: Ipv4Packet): number | null {
  const icmp = packet.payload
  if (icmp.kind !== 'icmp') return null
  if (icmp.type === 0) return icmp.identifier === program.identifier ? icmp.sequence - 1 : null
  const quoted = icmp.original?.payload
  if (quoted?.kind === 'icmp') return quoted.identifier === program.identifier ? quoted.sequence - 1 : null
  if (quoted?.kind === 'tcp') return streamOf(context, program, quoted.sourcePort)
  const udp = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (quoted?.kind !== 'udp' || udp?.kind !== 'udp' || quoted.sourcePort !== udp.localPort) return null
  return quoted.destinationPort - firstPort(program)
}

/** Debian's waits no longer than ten times what a farther hop took, once one has answered. */
function expire(context: ProcessContext, program: TracerouteProgram): void {
  const { options, probes } = program
  const now = context.sim.nowUs
  for (const [index, probe] of probes.entries()) {
    if (probe.done) continue
    let limit = options.waitUs
    if (options.dialect === 'linux') {
      const here = probes.find((other) => other.hop === probe.hop && other.address !== null)
      const near = probes.slice(index + 1).find((other) => other.address !== null)
      if (here !== undefined) limit = Math.min(limit, 3 * here.rttUs)
      else if (near !== undefined) limit = Math.min(limit, 10 * near.rttUs)
    }
    if (now - probe.sentUs >= limit) probe.done = true
    else if (limit < options.waitUs) context.setTimer(limit - (now - probe.sentUs), TIMER)
  }
}

/** Probes in order; a new address may have to be looked up first. */
function print(context: ProcessContext, program: TracerouteProgram): void {
  const { options, probes } = program
  for (let probe = probes[program.printed]; probe?.done; probe = probes[program.printed]) {
    const first = program.printed % options.probes === 0
    const previous = first ? null : lastAddress(program)
    const changed = probe.address !== null && probe.address !== previous
    if (changed && !nameReady(context, program, probe.address ?? 0)) return
    const name = probe.address === null ? null : (program.names.get(probe.address) ?? null)
    const last = (program.printed + 1) % options.probes === 0
    const { hop, address, rttUs, mark } = probe
    say(context, program, 'probe', { hop, address, name, changed, rttUs, mark, first, last })
    program.printed++
    if (last && hopEnds(program, probe.hop)) return context.exit(0)
  }
}

function lastAddress(program: TracerouteProgram): IpAddress | null {
  const start = program.printed - (program.printed % program.options.probes)
  for (let i = program.printed - 1; i >= start; i--) {
    const address = program.probes[i]?.address ?? null
    if (address !== null) return address
  }
  return null
}

function hopEnds(program: TracerouteProgram, hop: number): boolean {
  return hop >= program.options.hops || program.probes.some((probe) => probe.hop === hop && probe.final)
}

function nameReady(context: ProcessContext, program: TracerouteProgram, address: IpAddress): boolean {
  if (program.options.numeric || program.names.has(address)) return true
  program.reverse ??= startReverseLookup(context, address)
  if (!stepLookup(context, program.reverse)) return false
  const outcome = program.reverse.outcome
  program.names.set(address, outcome?.kind === 'name' ? outcome.name : null)
  program.reverse = null
  return true
}
