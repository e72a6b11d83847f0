/** ping.exe: one request after the other, each with its own time-out. Rows only; the wording is in `render/windows`. */
import { receiveRaw, sendRaw } from '../kernel/raw/raw.ts'
import type { Row, WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import type { IcmpMessage } from '../wire/frame.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'

export interface WindowsPingOptions {
  readonly target: string
  /** null: until Ctrl-C (`-t`). */
  readonly count: number | null
  readonly size: number
  readonly timeoutUs: number
  readonly ttl: number
}

export interface WindowsPingProgram extends Program {
  readonly kind: 'windows-ping'
  readonly options: WindowsPingOptions
  lookup: Lookup | null
  fd: number | null
  destination: number
  sent: number
  times: number[]
  /** When the request that waits was sent; null: none waits. */
  sentUs: number | null
}

export type WindowsPingRow = Row & { readonly program: 'windows/ping' } & (
    | { readonly kind: 'start'; readonly target: string; readonly address: number; readonly size: number }
    | {
        readonly kind: 'reply'
        readonly address: number
        readonly size: number
        readonly us: number
        readonly ttl: number
      }
    | { readonly kind: 'unreachable'; readonly address: number }
    | { readonly kind: 'expired'; readonly address: number }
    | { readonly kind: 'timeout' | 'failure' }
    | { readonly kind: 'unknown'; readonly target: string }
    | {
        readonly kind: 'statistics'
        readonly address: number
        readonly sent: number
        readonly times: readonly number[]
        readonly broken: boolean
      }
  )

const NEXT_TIMER = 1
const TIMEOUT_TIMER = 2
const INTERVAL_US = 1_000_000

export function windowsPingProgram(options: WindowsPingOptions): WindowsPingProgram {
  return {
    kind: 'windows-ping',
    options,
    lookup: null,
    fd: null,
    destination: 0,
    sent: 0,
    times: [],
    sentUs: null,
  }
}

export function stepWindowsPing(
  context: ProcessContext,
  program: WindowsPingProgram,
  cause: WakeCause,
): void {
  if (cause.kind === 'signal') return end(context, program, true)
  if (program.lookup === null) {
    context.process.handlers.add(2)
    program.lookup = startLookup(context, program.options.target)
  }
  if (program.fd === null) {
    if (!stepLookup(context, program.lookup) || !open(context, program)) return
    return request(context, program)
  }
  receive(context, program)
  if (cause.kind !== 'timer' || context.ended) return
  if (cause.id === NEXT_TIMER && program.sentUs === null) request(context, program)
  const due = (program.sentUs ?? 0) + program.options.timeoutUs
  if (cause.id === TIMEOUT_TIMER && program.sentUs !== null && context.sim.nowUs >= due) {
    say(context, { program: 'windows/ping', kind: 'timeout' })
    answered(context, program, 0)
  }
}

function say(context: ProcessContext, row: WindowsPingRow): void {
  context.emit(row)
}

function open(context: ProcessContext, program: WindowsPingProgram): boolean {
  const outcome = program.lookup?.outcome
  const { target, size } = program.options
  if (outcome?.kind !== 'addresses') {
    say(context, { program: 'windows/ping', kind: 'unknown', target })
    context.exit(1)
    return false
  }
  program.destination = outcome.addresses[0] ?? 0
  const socket = openSocket(context.sim, context.kernel, context.process, { kind: 'raw', protocol: 1 })
  socket.identifier = 1
  socket.ttl = program.options.ttl
  program.fd = socket.ownerFd
  say(context, { program: 'windows/ping', kind: 'start', target, address: program.destination, size })
  return true
}

function request(context: ProcessContext, program: WindowsPingProgram): void {
  const { count, size, timeoutUs } = program.options
  if (count !== null && program.sent >= count) return end(context, program, false)
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'raw') return
  program.sent++
  program.sentUs = context.sim.nowUs
  const data = new Uint8Array(size).map((_, i) => 97 + (i % 23))
  const message: IcmpMessage = {
    kind: 'icmp',
    type: 8,
    code: 0,
    identifier: 1,
    sequence: program.sent & 0xffff,
    mtu: 0,
    original: null,
    data,
  }
  const sent = sendRaw(context.sim, context.netns, socket, program.destination, message, {
    dontFragment: false,
  })
  if (!sent.ok) {
    say(context, { program: 'windows/ping', kind: 'failure' })
    return answered(context, program, INTERVAL_US)
  }
  context.setTimer(timeoutUs, TIMEOUT_TIMER)
}

/** The request that waited is done with; the next one follows. */
function answered(context: ProcessContext, program: WindowsPingProgram, pauseUs: number): void {
  program.sentUs = null
  const { count } = program.options
  if (count !== null && program.sent >= count) end(context, program, false)
  else context.setTimer(pauseUs, NEXT_TIMER)
}

function receive(context: ProcessContext, program: WindowsPingProgram): void {
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'raw') return
  for (let got = receiveRaw(socket); got !== null; got = receiveRaw(socket)) {
    const { packet } = got
    const icmp = packet.payload
    if (packet.kind !== 'ipv4' || icmp.kind !== 'icmp' || program.sentUs === null || context.ended) continue
    const address = packet.source
    if (icmp.type === 0 && icmp.sequence === (program.sent & 0xffff)) {
      const us = got.atUs - program.sentUs
      program.times.push(us)
      say(context, {
        program: 'windows/ping',
        kind: 'reply',
        address,
        size: icmp.data.length,
        us,
        ttl: packet.ttl,
      })
      answered(context, program, INTERVAL_US)
    } else if (icmp.type === 3 || icmp.type === 11) {
      say(context, { program: 'windows/ping', kind: icmp.type === 3 ? 'unreachable' : 'expired', address })
      answered(context, program, INTERVAL_US)
    }
  }
}

function end(context: ProcessContext, program: WindowsPingProgram, broken: boolean): void {
  const { destination: address, sent, times } = program
  if (sent > 0) say(context, { program: 'windows/ping', kind: 'statistics', address, sent, times, broken })
  context.exit(times.length > 0 ? 0 : 1)
}
