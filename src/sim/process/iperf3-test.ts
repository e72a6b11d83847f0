/**
 * A test of iperf3 as both ends see it: streams that send or receive, what went over them in each interval, and the
 * control connection's messages. iperf3(1), iperf 3.12 src/iperf_api.c.
 * Not modelled: how fast a machine is: without `-b` a TCP sender writes 100 Mbit/s at most; congestion control (`Cwnd`
 * is the window that the peer leaves open).
 */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { Row } from '../kernel/simulation.ts'
import { socketOf } from '../kernel/sockets/open.ts'
import { receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import { concat } from '../wire/bytes.ts'
import type { IpAddress } from '../wire/frame.ts'
import type { ProcessContext } from './context.ts'
import { receive, send, tcpSocket } from './tcp-stream.ts'

export const STATE = {
  start: 1,
  running: 2,
  end: 4,
  parameters: 9,
  streams: 10,
  results: 13,
  display: 14,
  done: 16,
  serverTerminate: 11,
  clientTerminate: 12,
  denied: 255,
} as const
export const COOKIE_LENGTH = 37
/** What a machine without a limit of its own writes. */
export const FASTEST_BITS = 100_000_000
const TICK_US = 10_000
const DATAGRAM_HEAD = 12
/** Numbers of a test's timers, on top of its `timers`. */
export const TICK_TIMER = 2
export const INTERVAL_TIMER = 3

export interface TestParameters {
  readonly udp: boolean
  readonly time: number
  /** Bytes to send; 0: by time. */
  readonly bytes: number
  readonly parallel: number
  readonly length: number
  readonly bits: number
  readonly reverse: boolean
}

export interface Stream {
  readonly id: number
  readonly fd: number
  readonly remote: IpAddress
  readonly remotePort: number
  readonly local: IpAddress
  readonly localPort: number
  total: number
  counted: number
  credit: number
  packets: number
  countedPackets: number
  /** Receiver of datagrams: highest number, lost ones, jitter in µs, the last transit. */
  highest: number
  lost: number
  countedLost: number
  jitterUs: number
  transitUs: number | null
  retransmitted: number
  lastRetransmissions: number
  countedRetransmitted: number
}

export interface Test {
  readonly parameters: TestParameters
  readonly isSender: boolean
  streams: Stream[]
  startUs: number
  pumpedUs: number
  intervalUs: number
  reportedUs: number
  /** Timers of an earlier test have other numbers. */
  readonly timers: number
}

/** One line, or one part, of what iperf3 prints. */
export interface IperfRow extends Row {
  readonly program: 'iperf3'
  readonly kind: string
  readonly [key: string]: unknown
}

export interface StreamReport {
  readonly id: number | null
  readonly startS: number
  readonly endS: number
  readonly bytes: number
  readonly retransmitted: number
  readonly window: number
  readonly packets: number
  readonly lost: number
  readonly jitterMs: number
}

export function newTest(parameters: TestParameters, isSender: boolean, intervalUs: number, number = 0): Test {
  const times = { startUs: 0, pumpedUs: 0, intervalUs, reportedUs: 0 }
  return { parameters, isSender, streams: [], ...times, timers: 10 * number }
}

export function newStream(
  place: Pick<Stream, 'id' | 'fd' | 'remote' | 'remotePort' | 'local' | 'localPort'>,
): Stream {
  return {
    ...place,
    total: 0,
    counted: 0,
    credit: 0,
    packets: 0,
    countedPackets: 0,
    highest: 0,
    lost: 0,
    countedLost: 0,
    jitterUs: 0,
    transitUs: null,
    retransmitted: 0,
    lastRetransmissions: 0,
    countedRetransmitted: 0,
  }
}

export function begin(context: ProcessContext, test: Test): void {
  test.startUs = context.sim.nowUs
  test.pumpedUs = context.sim.nowUs
  test.reportedUs = context.sim.nowUs
  if (test.isSender) context.setTimer(TICK_US, test.timers + TICK_TIMER)
  if (test.intervalUs > 0) context.setTimer(test.intervalUs, test.timers + INTERVAL_TIMER)
}

/** Sends what the rate allows since the last time; false once all bytes that were asked for are out. */
export function pump(context: ProcessContext, test: Test): boolean {
  const { nowUs } = context.sim
  const { parameters } = test
  const allowed = (parameters.bits * (nowUs - test.pumpedUs)) / 8e6
  test.pumpedUs = nowUs
  const goal = parameters.bytes === 0 ? Number.POSITIVE_INFINITY : parameters.bytes
  let sent = test.streams.reduce((sum, stream) => sum + stream.total, 0)
  for (const stream of test.streams) {
    stream.credit = Math.min(stream.credit + allowed, Math.max(parameters.length, 262_144))
    sent += parameters.udp
      ? pumpDatagrams(context, stream, parameters.length, goal - sent)
      : pumpBytes(context, stream, goal - sent)
  }
  if (sent >= goal) return false
  context.setTimer(TICK_US, test.timers + TICK_TIMER)
  return true
}

function pumpBytes(context: ProcessContext, stream: Stream, most: number): number {
  countRetransmissions(context, stream)
  const size = Math.floor(Math.min(stream.credit, most))
  if (size <= 0) return 0
  const taken = send(context, stream.fd, new Uint8Array(size))
  const count = taken.ok ? taken.value : 0
  stream.credit -= count
  stream.total += count
  return count
}

function countRetransmissions(context: ProcessContext, stream: Stream): void {
  const now = tcpSocket(context, stream.fd)?.retransmissions ?? 0
  if (now > stream.lastRetransmissions) stream.retransmitted += now - stream.lastRetransmissions
  stream.lastRetransmissions = now
}

function pumpDatagrams(context: ProcessContext, stream: Stream, length: number, most: number): number {
  const socket = socketOf(context.kernel, context.process, stream.fd)
  if (socket?.kind !== 'udp') return 0
  let count = 0
  while (stream.credit >= length && count < most) {
    stream.packets++
    const data = new Uint8Array(length)
    const view = new DataView(data.buffer)
    view.setUint32(0, Math.floor(context.sim.nowUs / 1e6))
    view.setUint32(4, context.sim.nowUs % 1_000_000)
    view.setUint32(8, stream.packets)
    sendUdp(context.sim, context.netns, socket, stream.remote, stream.remotePort, data)
    stream.credit -= length
    stream.total += length
    count += length
  }
  return count
}

/** Takes what has arrived; false: the peer has ended. */
export function drain(context: ProcessContext, test: Test): boolean {
  if (test.parameters.udp) {
    drainDatagrams(context, test)
    return true
  }
  let isOpen = true
  for (const stream of test.streams) {
    for (let data = receive(context, stream.fd); data !== null; data = receive(context, stream.fd)) {
      if (data === 'eof') {
        isOpen = false
        break
      }
      stream.total += data.length
    }
  }
  return isOpen
}

function drainDatagrams(context: ProcessContext, test: Test): void {
  for (const fd of new Set(test.streams.map((stream) => stream.fd))) {
    const socket = socketOf(context.kernel, context.process, fd)
    if (socket?.kind !== 'udp') continue
    for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) {
      const { from, fromPort, data } = got
      const stream = test.streams.find(
        (one) => one.fd === fd && one.remotePort === fromPort && one.remote === from,
      )
      if (stream !== undefined && data.length >= DATAGRAM_HEAD) takeDatagram(context, stream, data)
    }
  }
}

/** RFC 1889 §6.3.1: the interarrival jitter. */
function takeDatagram(context: ProcessContext, stream: Stream, data: Uint8Array): void {
  const view = new DataView(data.buffer, data.byteOffset)
  const number = view.getUint32(8)
  stream.total += data.length
  if (number > stream.highest) {
    stream.lost += number - stream.highest - 1
    stream.highest = number
    stream.packets = number
  } else if (stream.lost > 0) stream.lost--
  const transit = context.sim.nowUs - (view.getUint32(0) * 1e6 + view.getUint32(4))
  if (stream.transitUs !== null)
    stream.jitterUs += (Math.abs(transit - stream.transitUs) - stream.jitterUs) / 16
  stream.transitUs = transit
}

/** What happened since the last report; the last one may be shorter. */
export function interval(context: ProcessContext, test: Test): StreamReport[] {
  const { nowUs } = context.sim
  const reports = test.streams.map((stream): StreamReport => {
    countRetransmissions(context, stream)
    const report = {
      id: stream.id,
      startS: (test.reportedUs - test.startUs) / 1e6,
      endS: (nowUs - test.startUs) / 1e6,
      bytes: stream.total - stream.counted,
      retransmitted: stream.retransmitted - stream.countedRetransmitted,
      window: tcpSocket(context, stream.fd)?.sendWindow ?? 0,
      packets: stream.packets - stream.countedPackets,
      lost: stream.lost - stream.countedLost,
      jitterMs: stream.jitterUs / 1000,
    }
    stream.counted = stream.total
    stream.countedPackets = stream.packets
    stream.countedLost = stream.lost
    stream.countedRetransmitted = stream.retransmitted
    return report
  })
  test.reportedUs = nowUs
  return reports
}

/** The whole test, stream by stream. */
export function totals(test: Test, endUs: number): StreamReport[] {
  return test.streams.map((stream) => ({
    id: stream.id,
    startS: 0,
    endS: (endUs - test.startUs) / 1e6,
    bytes: stream.total,
    retransmitted: stream.retransmitted,
    window: 0,
    packets: stream.packets,
    lost: stream.lost,
    jitterMs: stream.jitterUs / 1000,
  }))
}

/** A length in four bytes, then JSON. */
export function sendJson(context: ProcessContext, fd: number, value: unknown): void {
  const text = encodeUtf8(JSON.stringify(value))
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, text.length)
  send(context, fd, concat([head, text]))
}

export function sendState(context: ProcessContext, fd: number, state: number): void {
  send(context, fd, new Uint8Array([state]))
}

/** The JSON at the beginning of the bytes, and what stands behind it; null: not all there yet. */
export function takeJson(bytes: Uint8Array): { readonly value: unknown; readonly rest: Uint8Array } | null {
  if (bytes.length < 4) return null
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (bytes.length < 4 + length) return null
  return { value: JSON.parse(decodeUtf8(bytes.slice(4, 4 + length))), rest: bytes.slice(4 + length) }
}
