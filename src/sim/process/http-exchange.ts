/** A request and its response, as a client sees them: connect, send, head, body. RFC 9112. */
import { socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import { concat } from '../wire/bytes.ts'
import type { ProcessContext } from './context.ts'
import { type HttpHead, header, parseHead } from './http-message.ts'
import { type ConnectSpec, connect, receive, send } from './tcp-stream.ts'

export interface Exchange {
  readonly spec: ConnectSpec
  readonly request: Uint8Array
  readonly headOnly: boolean
  fd: number | null
  stage: 'connecting' | 'head' | 'body' | 'done' | 'failed'
  /** errno; 'EOF' when the server hung up before a response. */
  error: string | null
  startedUs: number
  connectedUs: number | null
  localPort: number
  localAddress: number
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
): Exchange {
  const exchange: Exchange = {
    spec,
    request,
    headOnly,
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

function take(exchange: Exchange, data: Uint8Array, body: Uint8Array[]): void {
  exchange.pending = concat([exchange.pending, data])
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
