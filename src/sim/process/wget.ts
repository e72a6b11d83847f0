/** wget of busybox and of GNU: fetches one URL. busybox networking/wget.c, wget(1). */
import { decodeUtf8 } from '../base/utf8.ts'
import { writeFile } from '../kernel/fs/files.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import { concat } from '../wire/bytes.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'
import { closeExchange, type Exchange, startExchange, stepExchange } from './http-exchange.ts'
import { emitHead, header } from './http-message.ts'
import { type HttpUrl, joinUrl } from './http-url.ts'

export interface WgetOptions {
  readonly dialect: 'busybox' | 'gnu'
  readonly version: string
  readonly url: HttpUrl
  readonly text: string
  readonly quiet: boolean
  readonly spider: boolean
  /** `-` is stdout. */
  readonly output: string
  readonly timeoutUs: number
  readonly tries: number
  readonly headers: readonly (readonly [string, string])[]
  readonly agent: string | null
  readonly serverResponse: boolean
}

export interface WgetProgram extends Program {
  readonly kind: 'wget'
  readonly options: WgetOptions
  url: HttpUrl
  lookup: Lookup | null
  exchange: Exchange | null
  body: Uint8Array[]
  redirects: number
  tried: number
  /** When nothing has happened for too long. */
  deadlineUs: number
  headShown: boolean
  /** From the last byte to the end of the program. */
  finishAtUs: number | null
}

const DEADLINE_TIMER = 1
const RETRY_TIMER = 2
const FINISH_TIMER = 3
const FINISH_US = 400

export function wgetProgram(options: WgetOptions): WgetProgram {
  return {
    kind: 'wget',
    options,
    url: options.url,
    lookup: null,
    exchange: null,
    body: [],
    redirects: 0,
    tried: 0,
    deadlineUs: 0,
    headShown: false,
    finishAtUs: null,
  }
}

function say(context: ProcessContext, program: WgetProgram, kind: string, data: object = {}): void {
  const { dialect, quiet, output, version } = program.options
  const atMs = context.sim.epochMs + Math.floor(context.sim.nowUs / 1000)
  context.emit(
    { program: `${dialect}/wget`, kind, quiet, output, version, url: program.url, atMs, ...data },
    2,
  )
}

export function stepWget(context: ProcessContext, program: WgetProgram, cause: WakeCause): void {
  if (program.lookup === null) {
    say(context, program, 'start')
    program.lookup = startLookup(context, program.url.host)
    extend(context, program)
    if (program.lookup.outcome === null || program.options.dialect === 'gnu')
      say(context, program, 'resolving')
  }
  if (program.exchange === null) {
    if (cause.kind === 'timer' && cause.id === RETRY_TIMER) return connectNow(context, program)
    if (!stepLookup(context, program.lookup)) return
    if (program.tried === 0) connectNow(context, program)
  }
  if (program.exchange !== null && !context.ended) progress(context, program, program.exchange)
}

function extend(context: ProcessContext, program: WgetProgram): void {
  program.deadlineUs = context.sim.nowUs + program.options.timeoutUs
  context.setTimer(program.options.timeoutUs, DEADLINE_TIMER)
}

function connectNow(context: ProcessContext, program: WgetProgram): void {
  const outcome = program.lookup?.outcome
  const { url } = program
  if (outcome?.kind !== 'addresses') {
    say(context, program, 'unresolved', { reason: outcome?.kind === 'failed' ? outcome.reason : 'NONAME' })
    return context.exit(program.options.dialect === 'gnu' ? 4 : 1)
  }
  const address = outcome.addresses[0] ?? 0
  program.tried++
  say(context, program, 'connecting', { address, addresses: outcome.addresses })
  extend(context, program)
  const { spider } = program.options
  program.exchange = startExchange(context, { address, port: url.port }, request(program), spider, 650)
  if (program.exchange.stage === 'failed') failed(context, program, program.exchange)
}

function request(program: WgetProgram): Uint8Array {
  const { dialect, agent, version, headers, spider } = program.options
  const { url } = program
  const host = url.port === 80 ? url.host : `${url.host}:${url.port}`
  const method = spider ? 'HEAD' : 'GET'
  const standard: (readonly [string, string])[] =
    dialect === 'busybox'
      ? [['Host', host], ['User-Agent', agent ?? 'Wget'], ['Connection', 'close'], ...headers]
      : [
          ['Host', host],
          ['User-Agent', agent ?? `Wget/${version}`],
          ['Accept', '*/*'],
          ['Accept-Encoding', 'identity'],
          ['Connection', 'Keep-Alive'],
          ...headers,
        ]
  return emitHead(`${method} ${url.path} HTTP/1.1`, standard)
}

function progress(context: ProcessContext, program: WgetProgram, exchange: Exchange): void {
  const was = exchange.stage
  const body = stepExchange(context, exchange)
  if (was === 'connecting' && exchange.connectedUs !== null) say(context, program, 'connected', {})
  if (body.length > 0 || was !== exchange.stage) extend(context, program)
  if (exchange.head !== null && !program.headShown && !head(context, program, exchange)) return
  if (body.length > 0) {
    if (program.options.output === '-') context.write(1, decodeUtf8(body))
    else program.body.push(body)
  }
  if (exchange.stage === 'done') complete(context, program, exchange)
  else if (exchange.stage === 'failed') failed(context, program, exchange)
  else if (context.sim.nowUs >= program.deadlineUs) timedOut(context, program, exchange)
}

/** False: the response was not the last word (a redirection, an error). */
function head(context: ProcessContext, program: WgetProgram, exchange: Exchange): boolean {
  program.headShown = true
  const { startLine, raw } = exchange.head ?? { startLine: '', raw: '' }
  const status = Number(startLine.split(' ')[1])
  const location = exchange.head === null ? null : header(exchange.head, 'Location')
  say(context, program, 'response', { startLine, raw, status, location })
  const next = status >= 300 && status < 400 && location !== null ? joinUrl(program.url, location) : null
  if (next !== null && program.redirects < 20) {
    closeExchange(context, exchange)
    program.exchange = null
    program.url = next
    program.redirects++
    program.tried = 0
    program.headShown = false
    program.lookup = null
    stepWget(context, program, { kind: 'start' })
    return false
  }
  if (status < 200 || status >= 300) {
    say(context, program, 'refused', { startLine, status })
    context.exit(program.options.dialect === 'gnu' ? 8 : 1)
    return false
  }
  if (program.options.spider) return true
  const length = exchange.head === null ? null : header(exchange.head, 'Content-Length')
  const type = exchange.head === null ? null : header(exchange.head, 'Content-Type')
  say(context, program, 'saving', { length: length === null ? null : Number(length), type })
  return true
}

function complete(context: ProcessContext, program: WgetProgram, exchange: Exchange): void {
  if (program.finishAtUs === null) {
    program.finishAtUs = context.sim.nowUs + FINISH_US
    return context.setTimer(FINISH_US, FINISH_TIMER)
  }
  if (context.sim.nowUs < program.finishAtUs) return
  const { output } = program.options
  closeExchange(context, exchange)
  if (output !== '-' && !program.options.spider) {
    const text = decodeUtf8(concat(program.body))
    const done = writeFile(context.sim, context.kernel, context.process, output, text)
    if (!done.ok) {
      say(context, program, 'cannot-write', { error: done.error.code })
      return context.exit(program.options.dialect === 'gnu' ? 3 : 1)
    }
  }
  if (program.options.spider) {
    say(context, program, 'exists')
    return context.exit(0)
  }
  const { received, connectedUs } = exchange
  say(context, program, 'saved', { received, tookUs: context.sim.nowUs - (connectedUs ?? context.sim.nowUs) })
  context.exit(0)
}

function failed(context: ProcessContext, program: WgetProgram, exchange: Exchange): void {
  const { address, port } = exchange.spec
  const { error } = exchange
  closeExchange(context, exchange)
  say(context, program, 'failed', { error, address, port, connected: exchange.connectedUs !== null })
  retryOrExit(context, program, error !== 'ECONNREFUSED')
}

function timedOut(context: ProcessContext, program: WgetProgram, exchange: Exchange): void {
  const { address, port } = exchange.spec
  closeExchange(context, exchange)
  const connected = exchange.connectedUs !== null
  say(context, program, 'failed', { error: 'TIMEOUT', address, port, connected })
  retryOrExit(context, program, true)
}

/** GNU wget comes again after ever longer pauses. */
function retryOrExit(context: ProcessContext, program: WgetProgram, worthwhile: boolean): void {
  const { dialect, tries } = program.options
  if (dialect === 'busybox') return context.exit(1)
  if (!worthwhile || (tries > 0 && program.tried >= tries)) return context.exit(4)
  program.exchange = null
  say(context, program, 'retrying', { tried: program.tried + 1 })
  context.setTimer(Math.min(program.tried, 10) * 1_000_000, RETRY_TIMER)
}
