/** A request and its response, as a client sees them: connect, send, head, body. RFC 9112. */

import { decodeUtf8 } from '../base/utf8.ts'
import { socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { concat } from '../wire/bytes.ts'
import type { IpAddress } from '../wire/frame.ts'
import type { ProcessContext } from './context.ts'
import { type HttpHead, header, parseHead } from './http-message.ts'
import { type ConnectSpec, connect, receive, send } from './tcp-stream.ts'

/** Timer id of exchanges: programs use smaller ones. */
export const EXCHANGE_TIMER = 901

export interface Exchange {
  readonly spec: ConnectSpec
  readonly request: Uint8Array
  readonly headOnly: boolean
  /** What the program does between the connection and its request. */
  readonly pauseUs: number
  /** HTTP/0.9: a body without a head will do. */
  readonly headless: boolean
  sendAtUs: number | null
  fd: number | null
  stage: 'connecting' | 'connected' | 'head' | 'body' | 'done' | 'failed'
  /** errno; 'EOF' when the server hung up before a response. */
  error: string | null
  startedUs: number
  connectedUs: number | null
  localPort: number
  localAddress: IpAddress
  head: HttpHead | null
  pending: Uint8Array
  /** Bytes of the body that are still to come; null: until the end of the connection. */
  remaining: number | null
  chunked: boolean
  received: number
}

export function startExchange(
  context: ProcessContext,
  spec: ConnectSpec,
  request: Uint8Array,
  headOnly: boolean,
  pauseUs = 120,
  headless = false,
): Exchange {
  const exchange: Exchange = {
    spec,
    request,
    headOnly,
    pauseUs,
    headless,
    sendAtUs: null,
    fd: null,
    stage: 'connecting',
    error: null,
    startedUs: context.sim.nowUs,
    connectedUs: null,
    localPort: 0,
    localAddress: 0,
    head: null,
    pending: new Uint8Array(),
    remaining: null,
    chunked: false,
    received: 0,
  }
  const fd = connect(context, spec)
  if (fd.ok) exchange.fd = fd.value
  else fail(context, exchange, fd.error.code)
  return exchange
}

function fail(context: ProcessContext, exchange: Exchange, error: string): void {
  exchange.stage = 'failed'
  exchange.error = error
  closeExchange(context, exchange)
}

export function closeExchange(context: ProcessContext, exchange: Exchange): void {
  if (exchange.fd !== null) context.close(exchange.fd)
  exchange.fd = null
}

/** Goes as far as it can; returns what arrived of the body. Watch `stage` and `head`. */
export function stepExchange(context: ProcessContext, exchange: Exchange): Uint8Array {
  const socket = exchange.fd === null ? undefined : socketOf(context.kernel, context.process, exchange.fd)
  if (socket?.kind !== 'tcp' || exchange.fd === null) return new Uint8Array()
  if (exchange.stage === 'connecting') {
    if (!isConnected(socket)) {
      const error = takeError(socket)
      if (error !== null) fail(context, exchange, error)
      return new Uint8Array()
    }
    exchange.connectedUs = context.sim.nowUs
    exchange.localPort = socket.localPort
    exchange.localAddress = socket.localAddress
    exchange.stage = 'connected'
    exchange.sendAtUs = context.sim.nowUs + exchange.pauseUs
    context.setTimer(exchange.pauseUs, EXCHANGE_TIMER)
  }
  if (exchange.stage === 'connected') {
    if (context.sim.nowUs < (exchange.sendAtUs ?? 0)) return new Uint8Array()
    exchange.stage = 'head'
    send(context, exchange.fd, exchange.request)
  }
  const body: Uint8Array[] = []
  while (exchange.stage === 'head' || exchange.stage === 'body') {
    const data = receive(context, exchange.fd)
    if (data === null) {
      const error = takeError(socket)
      if (error !== null) fail(context, exchange, error)
      break
    }
    if (data === 'eof') {
      ended(context, exchange)
      break
    }
    take(exchange, data, body)
  }
  return concat(body)
}

function ended(context: ProcessContext, exchange: Exchange): void {
  if (exchange.stage === 'body' && exchange.remaining === null && !exchange.chunked) exchange.stage = 'done'
  else fail(context, exchange, exchange.stage === 'body' ? 'PARTIAL' : 'EOF')
}

/** A response that does not begin as one (RFC 1945 §6 "Simple-Response"). */
function isBare(exchange: Exchange): boolean {
  return exchange.pending.length >= 5 && decodeUtf8(exchange.pending.subarray(0, 5)) !== 'HTTP/'
}

function take(exchange: Exchange, data: Uint8Array, body: Uint8Array[]): void {
  exchange.pending = concat([exchange.pending, data])
  if (exchange.stage === 'head' && isBare(exchange)) {
    exchange.stage = exchange.headless ? 'body' : 'failed'
    if (!exchange.headless) exchange.error = 'HTTP09'
    if (!exchange.headless) return
  }
  if (exchange.stage === 'head') {
    exchange.head = parseHead(exchange.pending)
    if (exchange.head === null) return
    exchange.pending = exchange.pending.slice(exchange.head.length)
    exchange.stage = 'body'
    const length = header(exchange.head, 'Content-Length')
    exchange.chunked = header(exchange.head, 'Transfer-Encoding')?.toLowerCase() === 'chunked'
    exchange.remaining = length === null ? null : Number(length)
    const status = Number(exchange.head.startLine.split(' ')[1])
    if (exchange.headOnly || status === 204 || status === 304) exchange.remaining = 0
  }
  const size =
    exchange.remaining === null
      ? exchange.pending.length
      : Math.min(exchange.remaining, exchange.pending.length)
  body.push(exchange.pending.slice(0, size))
  exchange.received += size
  exchange.pending = exchange.pending.slice(size)
  if (exchange.remaining === null) return
  exchange.remaining -= size
  if (exchange.remaining === 0) exchange.stage = 'done'
}
