/**
 * mtr in report mode: echo requests (or datagrams) with a growing time to live, round after round, and what of it came
 * back from each hop. mtr(8), mtr 0.95 ui/net.c. Not modelled: TCP and SCTP probes, IPv6, the curses display.
 */
import { receiveRaw, sendRaw, sourceFor } from '../kernel/raw/raw.ts'
import type { Row, WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import type { Ipv4Packet } from '../wire/frame.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, startReverseLookup, stepLookup } from './host-lookup.ts'

export type MtrFormat = 'report' | 'json' | 'csv' | 'xml' | 'raw'

export interface MtrOptions {
  readonly target: string
  readonly format: MtrFormat
  readonly wide: boolean
  readonly numeric: boolean
  readonly showIps: boolean
  readonly cycles: number
  readonly intervalUs: number
  readonly graceUs: number
  readonly firstTtl: number
  readonly maxTtl: number
  readonly maxUnknown: number
  readonly size: number
  readonly udp: boolean
  readonly fields: string
  readonly tos: number
  readonly source: number | null
}

export interface MtrHop {
  addresses: number[]
  sent: number
  received: number
  /** Sent, not answered, and not given up on yet. */
  transit: number
  failed: boolean
  rtts: number[]
  name: string | null
}

export interface MtrProgram extends Program {
  readonly kind: 'mtr'
  readonly options: MtrOptions
  lookup: Lookup | null
  reverse: Lookup | null
  named: number
  fd: number | null
  udpFd: number | null
  destination: number
  identifier: number
  startedUs: number
  hops: MtrHop[]
  /** Which TTL is next, how many rounds are done, how many hops a round has. */
  at: number
  rounds: number
  hosts: number
  nextUs: number
  probes: { hop: number; sentUs: number; done: boolean }[]
  graceUntilUs: number | null
}

export interface MtrRow extends Row {
  readonly program: 'mtr'
  readonly kind: 'unresolved' | 'report' | 'send' | 'answer'
  readonly options: MtrOptions
  readonly reason: string
  readonly hops: readonly MtrHop[]
  readonly hostName: string
  readonly startSeconds: number
  /** Of one probe (`--raw`). */
  readonly hop: number
  readonly address: number
  readonly sequence: number
  readonly rttUs: number
}

const TIMER = 1
const FIRST_SEQUENCE = 33000

export function mtrProgram(options: MtrOptions): MtrProgram {
  return {
    kind: 'mtr',
    options,
    lookup: null,
    reverse: null,
    named: 0,
    fd: null,
    udpFd: null,
    destination: 0,
    identifier: 0,
    startedUs: 0,
    hops: [],
    at: options.firstTtl,
    rounds: 0,
    hosts: 10,
    nextUs: 0,
    probes: [],
    graceUntilUs: null,
  }
}

export function stepMtr(context: ProcessContext, program: MtrProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(128 + cause.signal)
  program.lookup ??= startLookup(context, program.options.target)
  if (program.fd === null && (!stepLookup(context, program.lookup) || !open(context, program))) return
  receive(context, program)
  const now = context.sim.nowUs
  if (program.graceUntilUs !== null) {
    if (now >= program.graceUntilUs) report(context, program)
    return
  }
  if (now < program.nextUs) return
  sendProbe(context, program)
  if (context.ended) return
  if (program.rounds >= program.options.cycles) {
    program.graceUntilUs = now + program.options.graceUs
    context.setTimer(program.options.graceUs, TIMER)
    return
  }
  const pause = Math.round(program.options.intervalUs / Math.max(1, program.hosts))
  program.nextUs = now + pause
  context.setTimer(pause, TIMER)
}

function say(context: ProcessContext, program: MtrProgram, data: Partial<MtrRow>, fd = 1): void {
  const { sim, kernel, process } = context
  context.emit<MtrRow>(
    {
      program: 'mtr',
      kind: 'report',
      options: program.options,
      reason: '',
      hops: [],
      hostName: kernel.utsNamespaces.get(process.utsns)?.hostname ?? kernel.host,
      startSeconds: Math.floor((sim.epochMs + program.startedUs / 1000) / 1000),
      hop: 0,
      address: 0,
      sequence: 0,
      rttUs: 0,
      ...data,
    },
    fd,
  )
}

function open(context: ProcessContext, program: MtrProgram): boolean {
  const { sim, kernel, process, netns } = context
  const outcome = program.lookup?.outcome
  const address = outcome?.kind === 'addresses' ? outcome.addresses[0] : undefined
  if (typeof address !== 'number') {
    say(
      context,
      program,
      { kind: 'unresolved', reason: outcome?.kind === 'failed' ? outcome.reason : 'NONAME' },
      2,
    )
    context.exit(0)
    return false
  }
  program.destination = address
  program.startedUs = sim.nowUs
  program.fd = openSocket(sim, kernel, process, { kind: 'raw', protocol: 1 }).ownerFd
  if (program.options.udp)
    program.udpFd = openSocket(sim, kernel, process, { kind: 'raw', protocol: 17 }).ownerFd
  program.identifier = (process.pids.get(process.pidns) ?? process.pid) & 0xffff
  const source = sourceFor(netns, address, null, program.options.source ?? 0)
  if (source.ok) return true
  say(context, program, { kind: 'unresolved', reason: source.error.code }, 2)
  context.exit(1)
  return false
}

function hopAt(program: MtrProgram, ttl: number): MtrHop {
  const index = ttl - 1
  while (program.hops.length <= index)
    program.hops.push({
      addresses: [],
      sent: 0,
      received: 0,
      transit: 0,
      failed: false,
      rtts: [],
      name: null,
    })
  return program.hops[index] as MtrHop
}

/** net_send_batch: one hop farther, or the next round once the destination is met. */
function sendProbe(context: ProcessContext, program: MtrProgram): void {
  const { options, at } = program
  send(context, program, at)
  let unknown = 0
  let isReached = false
  for (let ttl = options.firstTtl; ttl < at; ttl++) {
    const hop = hopAt(program, ttl)
    if (hop.addresses.length === 0) unknown++
    if (hop.addresses.includes(program.destination)) isReached = true
  }
  if (at < options.maxTtl && unknown <= options.maxUnknown && !isReached) {
    program.at++
    return
  }
  program.hosts = at - options.firstTtl + 1
  program.at = options.firstTtl
  program.rounds++
}

function send(context: ProcessContext, program: MtrProgram, ttl: number): void {
  const { sim, kernel, process, netns } = context
  const { options, identifier } = program
  const hop = hopAt(program, ttl)
  const index = program.probes.length
  program.probes.push({ hop: ttl, sentUs: sim.nowUs, done: false })
  hop.sent++
  hop.transit++
  const data = new Uint8Array(Math.max(0, options.size - 28))
  const raw = socketOf(kernel, process, (options.udp ? program.udpFd : program.fd) ?? -1)
  if (raw?.kind !== 'raw') return
  raw.ttl = ttl
  raw.tos = options.tos
  const sequence = FIRST_SEQUENCE + index
  const payload = options.udp
    ? ({ kind: 'udp', sourcePort: identifier | 0x8000, destinationPort: sequence, data } as const)
    : ({
        kind: 'icmp',
        type: 8,
        code: 0,
        identifier,
        sequence,
        mtu: 0,
        original: null,
        data,
      } as const)
  const source = options.source === null ? {} : { source: options.source }
  sendRaw(sim, netns, raw, program.destination, payload, { dontFragment: false, ...source })
  if (options.format === 'raw') say(context, program, { kind: 'send', hop: ttl - 1, sequence })
}

function receive(context: ProcessContext, program: MtrProgram): void {
  const { kernel, process } = context
  const udp = program.udpFd === null ? undefined : socketOf(kernel, process, program.udpFd)
  if (udp?.kind === 'raw') udp.received.length = 0
  const raw = program.fd === null ? undefined : socketOf(kernel, process, program.fd)
  if (raw?.kind !== 'raw') return
  for (let got = receiveRaw(raw); got !== null; got = receiveRaw(raw)) {
    if (got.packet.kind === 'ipv4') answered(context, program, got.packet, got.atUs)
  }
}

function answered(context: ProcessContext, program: MtrProgram, packet: Ipv4Packet, atUs: number): void {
  const icmp = packet.payload
  if (icmp.kind !== 'icmp') return
  const sequence = sequenceOf(program, packet)
  const probe = sequence === null ? undefined : program.probes[sequence - FIRST_SEQUENCE]
  if (probe === undefined || probe.done || sequence === null) return
  probe.done = true
  const hop = hopAt(program, probe.hop)
  if (!hop.addresses.includes(packet.source)) hop.addresses.push(packet.source)
  hop.received++
  hop.transit--
  hop.failed = icmp.type === 3 && icmp.code !== 3
  const rttUs = atUs - probe.sentUs
  hop.rtts.push(rttUs)
  if (program.options.format === 'raw')
    say(context, program, { kind: 'answer', hop: probe.hop - 1, address: packet.source, sequence, rttUs })
}

function sequenceOf(program: MtrProgram, packet: Ipv4Packet): number | null {
  const icmp = packet.payload
  if (icmp.kind !== 'icmp') return null
  if (icmp.type === 0) return icmp.identifier === program.identifier ? icmp.sequence : null
  const quoted = icmp.original?.payload
  if (quoted?.kind === 'icmp' && quoted.identifier === program.identifier) return quoted.sequence
  if (quoted?.kind === 'udp' && quoted.sourcePort === (program.identifier | 0x8000))
    return quoted.destinationPort
  return null
}

/** net_max: up to the destination, to whoever said that it goes no further, or one behind the last that is known. */
function shownHops(program: MtrProgram): MtrHop[] {
  let most = 0
  for (const [i, hop] of program.hops.entries()) {
    if (hop.addresses.includes(program.destination) || hop.failed) {
      most = i + 1
      break
    }
    if (hop.addresses.length > 0) most = i + 2
  }
  const first = program.options.firstTtl - 1
  return program.hops.slice(
    first,
    Math.max(first, Math.min(most, program.options.maxTtl, program.hops.length)),
  )
}

/** Names are looked up, then all is told at once. */
function report(context: ProcessContext, program: MtrProgram): void {
  const hops = shownHops(program)
  while (!program.options.numeric && program.named < hops.length) {
    const hop = hops[program.named]
    const address = hop?.addresses[0]
    if (hop !== undefined && address !== undefined) {
      program.reverse ??= startReverseLookup(context, address)
      if (!stepLookup(context, program.reverse)) return
      if (program.reverse.outcome?.kind === 'name') hop.name = program.reverse.outcome.name
      program.reverse = null
    }
    program.named++
  }
  if (program.options.format !== 'raw') say(context, program, { kind: 'report', hops })
  context.exit(0)
}
