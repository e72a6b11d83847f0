/** tcpdump: a packet socket, a filter, rows or a capture file. tcpdump(1), pcap(3) */
import { readContent, writeFile } from '../kernel/fs/files.ts'
import { receivePacket } from '../kernel/packet-socket/tap.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import type { CapturedFrame } from '../kernel/socket.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import type { Frame } from '../wire/frame.ts'
import { parseFrame } from '../wire/frame-codec.ts'
import { emitPcap, ethernetRecord, type PcapRecord, parsePcap, sll2Record } from '../wire/pcap.ts'
import { matches } from './capture-filter/match.ts'
import { parseFilter } from './capture-filter/parse.ts'
import { type Filter, FilterError } from './capture-filter/types.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, startReverseLookup, stepLookup } from './host-lookup.ts'
import { type Conversations, relativeNumbers } from './tcpdump-numbers.ts'

export interface TcpdumpOptions {
  readonly version: string
  /** Null: the first device that is up. */
  readonly device: string | null
  readonly filter: string
  readonly count: number | null
  readonly numeric: boolean
  readonly linkLevel: boolean
  readonly verbosity: number
  readonly quick: boolean
  /** How often -t was given. */
  readonly times: number
  readonly hex: 'none' | 'hex' | 'hex-link' | 'both' | 'both-link' | 'ascii'
  readonly absolute: boolean
  readonly promiscuous: boolean
  readonly snapshotLength: number
  readonly direction: 'in' | 'out' | 'inout'
  readonly readFrom: string | null
  readonly writeTo: string | null
  readonly number: boolean
}

export interface TcpdumpProgram extends Program {
  readonly kind: 'tcpdump'
  readonly options: TcpdumpOptions
  filter: Filter | null
  lookup: Lookup | null
  fd: number | null
  any: boolean
  captured: number
  received: number
  queue: { readonly timeUs: number; readonly captured: CapturedFrame }[]
  names: Map<number, string | null>
  asked: number
  conversations: Conversations
  lastTimeUs: number | null
  records: PcapRecord[]
  stage: 'new' | 'resolving' | 'running' | 'ending'
}

export function tcpdumpProgram(options: TcpdumpOptions): TcpdumpProgram {
  return {
    kind: 'tcpdump',
    options,
    filter: null,
    lookup: null,
    fd: null,
    any: false,
    captured: 0,
    received: 0,
    queue: [],
    names: new Map(),
    asked: 0,
    conversations: new Map(),
    lastTimeUs: null,
    records: [],
    stage: 'new',
  }
}

export function stepTcpdump(context: ProcessContext, program: TcpdumpProgram, cause: WakeCause): void {
  if (program.stage === 'new') {
    for (const signal of [1, 2, 15]) context.process.handlers.add(signal)
    if (!compile(context, program)) return
    program.stage = 'resolving'
  }
  if (program.stage === 'resolving') {
    if (cause.kind === 'signal') return context.exit(130)
    if (!resolveNames(context, program)) return
    program.stage = 'running'
    if (program.options.readFrom !== null) return readFile(context, program, program.options.readFrom)
    if (!open(context, program)) return
  }
  collect(context, program)
  if (cause.kind === 'signal' && program.stage === 'running') {
    program.stage = 'ending'
    drain(context, program, true)
    if (program.options.writeTo === null) context.write(1, '\n')
    return finish(context, program)
  }
  drain(context, program, false)
}

function complain(context: ProcessContext, kind: string, data: object): void {
  context.emit({ program: 'tcpdump', kind, ...data }, 2)
  context.exit(1)
}

function compile(context: ProcessContext, program: TcpdumpProgram): boolean {
  try {
    program.filter = parseFilter(program.options.filter)
    return true
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    if (program.options.readFrom === null && !deviceOf(context, program)) return false
    complain(context, 'filter-error', { text: error.message })
    return false
  }
}

/** Names in the filter become addresses, one after another. */
function resolveNames(context: ProcessContext, program: TcpdumpProgram): boolean {
  for (;;) {
    const name = program.filter === null ? null : firstName(program.filter)
    if (name === null || program.filter === null) return true
    program.lookup ??= startLookup(context, name)
    if (!stepLookup(context, program.lookup)) return false
    const outcome = program.lookup.outcome
    program.lookup = null
    if (outcome?.kind !== 'addresses') {
      complain(context, 'filter-error', { text: `unknown host '${name}'` })
      return false
    }
    program.filter = withAddress(program.filter, name, outcome.addresses[0] ?? 0)
  }
}

function firstName(filter: Filter): string | null {
  if (filter.kind === 'named-host') return filter.name
  if (filter.kind === 'not') return firstName(filter.of)
  return filter.kind === 'and' || filter.kind === 'or'
    ? (firstName(filter.left) ?? firstName(filter.right))
    : null
}

function withAddress(filter: Filter, name: string, address: number): Filter {
  if (filter.kind === 'not') return { kind: 'not', of: withAddress(filter.of, name, address) }
  if (filter.kind === 'and' || filter.kind === 'or')
    return {
      kind: filter.kind,
      left: withAddress(filter.left, name, address),
      right: withAddress(filter.right, name, address),
    }
  if (filter.kind !== 'named-host' || filter.name !== name) return filter
  return { kind: 'host', side: filter.side, address, layer: filter.layer }
}

/** The device to listen on; complains and returns false if there is none. */
function deviceOf(
  context: ProcessContext,
  program: TcpdumpProgram,
): { name: string; ifindex: number | null } | false {
  const wanted = program.options.device
  if (!context.process.capabilities.has('NET_RAW')) {
    complain(context, 'not-permitted', { device: wanted ?? 'eth0' })
    return false
  }
  if (wanted === 'any') return { name: 'any', ifindex: null }
  const links = [...context.netns.links.values()].sort((x, y) => x.ifindex - y.ifindex)
  const link =
    wanted === null
      ? (links.find((one) => one.up && one.kind !== 'loopback') ?? links[0])
      : links.find((one) => one.name === wanted || String(one.ifindex) === wanted)
  if (link === undefined) {
    complain(context, 'no-device', { device: wanted ?? '' })
    return false
  }
  if (!link.up) {
    complain(context, 'device-down', { device: link.name })
    return false
  }
  return { name: link.name, ifindex: link.ifindex }
}

/** The file is there from the beginning. */
function createFile(context: ProcessContext, path: string): boolean {
  const made = writeFile(context.sim, context.kernel, context.process, path, new Uint8Array(0))
  if (made.ok) return true
  complain(context, 'cannot-read', { path, error: made.error.code })
  return false
}

function open(context: ProcessContext, program: TcpdumpProgram): boolean {
  const device = deviceOf(context, program)
  if (device === false) return false
  const { promiscuous, version, snapshotLength, verbosity, writeTo } = program.options
  if (writeTo !== null && !createFile(context, writeTo)) return false
  const spec = { kind: 'packet', device: device.ifindex, promiscuous } as const
  program.fd = openSocket(context.sim, context.kernel, context.process, spec).ownerFd
  program.any = device.ifindex === null
  const row = {
    device: device.name,
    any: program.any,
    version,
    snapshotLength,
    verbosity,
    toFile: writeTo !== null,
  }
  context.emit({ program: 'tcpdump', kind: 'listening', ...row }, 2)
  return true
}

function collect(context: ProcessContext, program: TcpdumpProgram): void {
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'packet' || program.stage !== 'running') return
  for (const captured of receivePacket(socket)) {
    if (program.filter !== null && !matches(program.filter, captured.frame)) continue
    program.received++
    const link = context.netns.links.get(captured.ifindex)
    // The loopback device hands over each frame twice; the one that leaves is left out (pcap-linux.c).
    if (captured.direction === 'out' && link?.kind === 'loopback') continue
    const { direction } = program.options
    if (direction !== 'inout' && (captured.direction === 'out') !== (direction === 'out')) continue
    program.queue.push({ timeUs: context.sim.epochMs * 1000 + captured.atUs, captured })
  }
}

/** Puts out what waits, in order; a frame waits for the names of its addresses, unless there is no more time. */
function drain(context: ProcessContext, program: TcpdumpProgram, hurry: boolean): void {
  while (!context.ended) {
    const { count } = program.options
    if (count !== null && program.captured >= count) return finish(context, program)
    const next = program.queue[0]
    if (next === undefined) return
    if (!hurry && !namesReady(context, program, next.captured.frame)) return
    program.queue.shift()
    program.captured++
    if (program.options.writeTo === null) show(context, program, next.timeUs, next.captured)
    else store(program, next.timeUs, next.captured)
  }
}

function addressesOf(frame: Frame): number[] {
  const { payload } = frame
  if (payload.kind === 'arp') return [payload.targetIp, payload.senderIp]
  if (payload.kind !== 'ipv4') return []
  const inner = payload.payload.kind === 'icmp' ? payload.payload.original : null
  return inner === null
    ? [payload.source, payload.destination]
    : [payload.source, payload.destination, inner.source, inner.destination]
}

function namesReady(context: ProcessContext, program: TcpdumpProgram, frame: Frame): boolean {
  if (program.options.numeric || program.options.writeTo !== null) return true
  for (const address of addressesOf(frame)) {
    if (program.names.has(address)) continue
    if (program.lookup === null) {
      program.lookup = startReverseLookup(context, address)
      program.asked = address
    }
    if (!stepLookup(context, program.lookup)) return false
    const outcome = program.lookup.outcome
    program.names.set(program.asked, outcome?.kind === 'name' ? outcome.name : null)
    program.lookup = null
    if (!program.names.has(address)) return namesReady(context, program, frame)
  }
  return true
}

function show(
  context: ProcessContext,
  program: TcpdumpProgram,
  timeUs: number,
  captured: CapturedFrame,
): void {
  const { options } = program
  const device = context.netns.links.get(captured.ifindex)?.name ?? '?'
  const base = options.absolute ? null : relativeNumbers(program.conversations, captured.frame)
  const names: [number, string][] = []
  if (!options.numeric)
    for (const address of addressesOf(captured.frame)) {
      const name = program.names.get(address)
      if (name != null) names.push([address, name])
    }
  const { frame, direction } = captured
  const row = {
    frame,
    timeUs,
    previousUs: program.lastTimeUs,
    number: program.captured,
    direction,
    device,
    ifindex: captured.ifindex,
    base,
    names,
  }
  program.lastTimeUs = timeUs
  context.emit({ program: 'tcpdump', kind: 'packet', options, any: program.any, ...row })
}

function store(program: TcpdumpProgram, timeUs: number, captured: CapturedFrame): void {
  const types = { in: 0, broadcast: 1, multicast: 2, other: 3, out: 4 }
  const where = { ifindex: captured.ifindex, packetType: types[captured.direction] }
  const { snapshotLength } = program.options
  program.records.push(
    program.any
      ? sll2Record(captured.frame, timeUs, snapshotLength, where)
      : ethernetRecord(captured.frame, timeUs, snapshotLength),
  )
}

function readFile(context: ProcessContext, program: TcpdumpProgram, path: string): void {
  const content = readContent(context.sim, context.kernel, context.process, path)
  if (!content.ok) return complain(context, 'cannot-read', { path, error: content.error.code })
  const file = typeof content.value === 'string' ? null : parsePcap(content.value)
  if (file === null) return complain(context, 'not-a-capture', { path })
  context.emit({ program: 'tcpdump', kind: 'reading', path, snapshotLength: file.snapshotLength }, 2)
  program.any = file.linkType === 276
  for (const record of file.records) {
    const offset = file.linkType === 1 ? 0 : 20
    if (record.bytes.length < 14 + offset) continue
    const { bytes } = record
    const frame = offset === 0 ? parseFrame(bytes) : cookedFrame(bytes)
    if (program.filter !== null && !matches(program.filter, frame)) continue
    const where = offset === 0 ? { ifindex: 0, direction: 'in' as const } : whereCooked(bytes)
    program.queue.push({ timeUs: record.timeUs, captured: { atUs: 0, ...where, frame } })
  }
  drain(context, program, program.options.numeric)
  if (program.queue.length === 0 && !context.ended) context.exit(0)
}

const DIRECTIONS = ['in', 'broadcast', 'multicast', 'other', 'out'] as const

function whereCooked(bytes: Uint8Array): Pick<CapturedFrame, 'ifindex' | 'direction'> {
  const ifindex = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0
  return { ifindex, direction: DIRECTIONS[bytes[10]!] ?? 'in' }
}

/** SLL2 has no destination address. */
function cookedFrame(bytes: Uint8Array): Frame {
  const ethernet = new Uint8Array(14 + bytes.length - 20)
  ethernet.set(bytes.subarray(12, 18), 6)
  ethernet.set(bytes.subarray(0, 2), 12)
  ethernet.set(bytes.subarray(20), 14)
  return parseFrame(ethernet)
}

function finish(context: ProcessContext, program: TcpdumpProgram): void {
  const { writeTo, snapshotLength, readFrom } = program.options
  if (readFrom !== null) return context.exit(0)
  if (writeTo !== null) {
    const linkType = program.any ? 276 : 1
    const bytes = emitPcap({ linkType, snapshotLength, records: program.records })
    writeFile(context.sim, context.kernel, context.process, writeTo, bytes)
  }
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  const dropped = socket?.kind === 'packet' ? socket.dropped : 0
  context.emit(
    { program: 'tcpdump', kind: 'summary', captured: program.captured, received: program.received, dropped },
    2,
  )
  context.exit(0)
}
