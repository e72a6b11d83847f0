/**
 * curl: one URL after another over HTTP. curl(1), RFC 9112.
 * Not modelled: what is spoken inside TLS and other protocols (the connection is made), HTTP/2, cookies, connection reuse.
 */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import { readFile, writeFile } from '../kernel/fs/files.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import { concat } from '../wire/bytes.ts'
import type { IpAddress } from '../wire/frame.ts'
import { parseIp } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'
import { closeExchange, type Exchange, startExchange, stepExchange } from './http-exchange.ts'
import { emitHead, header } from './http-message.ts'
import { type HttpUrl, hostText, joinUrl } from './http-url.ts'

export interface CurlOptions {
  readonly version: string
  readonly urls: readonly HttpUrl[]
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | null
  readonly agent: string | null
  readonly verbose: boolean
  readonly silent: boolean
  readonly showError: boolean
  readonly include: boolean
  readonly head: boolean
  readonly follow: boolean
  readonly failOnError: boolean
  readonly meter: boolean
  readonly output: string | null
  readonly remoteName: boolean
  readonly writeOut: string | null
  readonly maxTimeUs: number | null
  readonly connectTimeoutUs: number | null
  /** `--interface`: a device or an own address. */
  readonly device: string | null
  /** `-x`: asked in place of the server itself. */
  readonly proxy?: { readonly host: string; readonly port: number } | null
  /** -4, -6 */
  readonly family?: 4 | 6
  readonly http09: boolean
  readonly resolve: readonly { readonly host: string; readonly port: number; readonly address: number }[]
}

export interface CurlProgram extends Program {
  readonly kind: 'curl'
  readonly options: CurlOptions
  index: number
  url: HttpUrl | null
  redirects: number
  lookup: Lookup | null
  addresses: IpAddress[]
  exchange: Exchange | null
  headShown: boolean
  body: Uint8Array[]
  startedUs: number
  resolvedUs: number
  beganUs: number
  status: number
}

const DEADLINE_TIMER = 1

export function curlProgram(options: CurlOptions): CurlProgram {
  return {
    kind: 'curl',
    options,
    index: 0,
    url: null,
    redirects: 0,
    lookup: null,
    addresses: [],
    exchange: null,
    headShown: false,
    body: [],
    startedUs: 0,
    resolvedUs: 0,
    beganUs: 0,
    status: 0,
  }
}

export function stepCurl(context: ProcessContext, program: CurlProgram, _cause: WakeCause): void {
  if (program.url === null && !nextUrl(context, program)) return
  while (!context.ended && program.url !== null) {
    const before = `${program.index} ${program.redirects} ${program.exchange?.stage} ${program.addresses.length}`
    advance(context, program)
    const after = `${program.index} ${program.redirects} ${program.exchange?.stage} ${program.addresses.length}`
    if (before === after) break
  }
  if (!context.ended && program.url !== null) checkDeadlines(context, program)
}

function nextUrl(context: ProcessContext, program: CurlProgram): boolean {
  const url = program.options.urls[program.index]
  if (url === undefined) {
    context.exit(program.status)
    return false
  }
  program.redirects = 0
  program.startedUs = context.sim.nowUs
  begin(context, program, url)
  return true
}

function begin(context: ProcessContext, program: CurlProgram, url: HttpUrl): void {
  program.url = url
  program.headShown = false
  program.body = []
  program.exchange = null
  program.addresses = []
  program.beganUs = context.sim.nowUs
  if (url.scheme === 'file') return readLocal(context, program, url)
  const fixed = program.options.resolve.find((one) => one.host === url.host && one.port === url.port)
  const families = program.options.family ?? 'any'
  const host = program.options.proxy?.host ?? url.host
  program.lookup = startLookup(context, fixed === undefined ? host : '127.0.0.1', [1, 28], families)
  if (fixed !== undefined)
    program.lookup.outcome = { kind: 'addresses', addresses: [fixed.address], name: url.host }
  for (const limit of [program.options.maxTimeUs, program.options.connectTimeoutUs])
    if (limit !== null) context.setTimer(limit + program.startedUs - context.sim.nowUs + 700, DEADLINE_TIMER)
}

/** `file://`: no network at all. */
function readLocal(context: ProcessContext, program: CurlProgram, url: HttpUrl): void {
  const path = decodeURIComponent(url.path)
  const file = readFile(context.sim, context.kernel, context.process, path)
  if (!file.ok) return giveUp(context, program, 37, { path })
  deliver(context, program, encodeUtf8(file.value))
  finish(context, program, 0)
}

function say(context: ProcessContext, program: CurlProgram, kind: string, data: object): void {
  if (!program.options.verbose) return
  context.emit({ program: 'curl', kind, version: program.options.version, ...data }, 2)
}

function advance(context: ProcessContext, program: CurlProgram): void {
  if (program.exchange === null) return resolve(context, program)
  const { exchange } = program
  const was = exchange.stage
  const body = stepExchange(context, exchange)
  if (was === 'connecting' && exchange.connectedUs !== null) {
    if (program.url !== null && program.url.scheme !== 'http') return unspoken(context, program, program.url)
    connected(context, program, exchange)
  }
  if (exchange.head !== null && !program.headShown) showHead(context, program, exchange)
  if (body.length > 0) takeBody(context, program, body)
  if (exchange.stage === 'done') complete(context, program, exchange)
  else if (exchange.stage === 'failed') failed(context, program, exchange)
}

/** There is somebody: what would now be said is beyond this model. */
function unspoken(context: ProcessContext, program: CurlProgram, url: HttpUrl): void {
  context.emit({ program: 'curl', kind: 'unspoken', scheme: url.scheme }, 2)
  if (program.exchange !== null) closeExchange(context, program.exchange)
  context.exit(95)
}

function resolve(context: ProcessContext, program: CurlProgram): void {
  const { lookup, url } = program
  if (lookup === null || url === null || !stepLookup(context, lookup)) return
  const outcome = lookup.outcome
  if (outcome?.kind !== 'addresses') {
    if (program.options.proxy != null) return giveUp(context, program, 5, program.options.proxy)
    say(context, program, 'unresolved', { host: url.host })
    return giveUp(context, program, 6, { host: url.host })
  }
  program.resolvedUs = context.sim.nowUs
  program.addresses = [...(outcome.all ?? outcome.addresses)]
  const via = program.options.proxy ?? url
  say(context, program, 'resolved', { host: via.host, port: via.port, addresses: program.addresses })
  tryNext(context, program)
}

function tryNext(context: ProcessContext, program: CurlProgram): void {
  const { url, options } = program
  const address = program.addresses.shift()
  if (address === undefined || url === null) return
  const port = options.proxy?.port ?? url.port
  say(context, program, 'trying', { address, port })
  const bound = boundTo(context, options.device)
  if (bound === null) return giveUp(context, program, 45, { device: options.device ?? '' })
  const spec = { address, port, ...bound }
  program.exchange = startExchange(
    context,
    spec,
    request(program, url),
    options.head || options.method === 'HEAD',
    120,
    options.http09,
  )
  if (program.exchange.stage === 'failed') failed(context, program, program.exchange)
}

/** Null: neither a device nor an address of this host. */
function boundTo(
  context: ProcessContext,
  name: string | null,
): { readonly device: number | null; readonly source?: IpAddress } | null {
  if (name === null) return { device: null }
  const bare = name.replace(/^(if|host)!/, '')
  for (const link of context.netns.links.values()) if (link.name === bare) return { device: link.ifindex }
  const source = parseIp(bare)
  for (const link of context.netns.links.values())
    if ([...link.addresses, ...link.addresses6].some((one) => one.address === source && source !== null))
      return { device: null, source: source ?? 0 }
  return null
}

function request(program: CurlProgram, url: HttpUrl): Uint8Array {
  const { options } = program
  const own = new Set(options.headers.map(([name]) => name.toLowerCase()))
  const body = options.body === null ? new Uint8Array() : encodeUtf8(options.body)
  const host = url.port === 80 ? hostText(url) : `${hostText(url)}:${url.port}`
  const standard: [string, string][] = [
    ['Host', host],
    ['User-Agent', options.agent ?? `curl/${options.version}`],
    ['Accept', '*/*'],
  ]
  // Another `Host` takes the place of the own one, other headers stand behind.
  const isHost = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'host'
  const given = options.headers.filter(([, value]) => value !== '')
  const headers = standard.filter(([name, value]) => !own.has(name.toLowerCase()) && value !== '')
  headers.unshift(...given.filter(isHost).map(([k, v]): [string, string] => [k, v]))
  headers.push(...given.filter((one) => !isHost(one)).map(([k, v]): [string, string] => [k, v]))
  if (options.body !== null) {
    headers.push(['Content-Length', String(body.length)])
    if (!own.has('content-type')) headers.push(['Content-Type', 'application/x-www-form-urlencoded'])
  }
  const target = options.proxy == null ? url.path : `http://${host}${url.path}`
  if (options.proxy != null) headers.push(['Proxy-Connection', 'Keep-Alive'])
  return concat([emitHead(`${options.method} ${target} HTTP/1.1`, headers), body])
}

function connected(context: ProcessContext, program: CurlProgram, exchange: Exchange): void {
  const { url } = program
  const { spec, localAddress, localPort } = exchange
  const data = { host: url?.host, address: spec.address, port: spec.port, localAddress, localPort }
  say(context, program, 'connected', data)
  say(context, program, 'request', { text: decodeUtf8(exchange.request) })
}

function showHead(context: ProcessContext, program: CurlProgram, exchange: Exchange): void {
  const raw = exchange.head?.raw ?? ''
  program.headShown = true
  say(context, program, 'response', { text: raw })
  if ((program.options.include || program.options.head) && !redirecting(program, exchange))
    deliver(context, program, encodeUtf8(raw))
}

function takeBody(context: ProcessContext, program: CurlProgram, body: Uint8Array): void {
  const { exchange, options } = program
  if (exchange === null || redirecting(program, exchange)) return
  if (options.failOnError && statusOf(exchange) >= 400) return
  deliver(context, program, body)
}

function deliver(context: ProcessContext, program: CurlProgram, data: Uint8Array): void {
  if (program.options.output === null) context.write(1, decodeUtf8(data))
  else program.body.push(data)
}

function statusOf(exchange: Exchange): number {
  return Number(exchange.head?.startLine.split(' ')[1] ?? 0)
}

function redirecting(program: CurlProgram, exchange: Exchange): boolean {
  const status = statusOf(exchange)
  return (
    program.options.follow &&
    status >= 300 &&
    status < 400 &&
    exchange.head !== null &&
    header(exchange.head, 'Location') !== null
  )
}

function complete(context: ProcessContext, program: CurlProgram, exchange: Exchange): void {
  const location = exchange.head === null ? null : header(exchange.head, 'Location')
  if (location !== null && program.url !== null && redirecting(program, exchange) && program.redirects < 50) {
    closeExchange(context, exchange)
    const url = joinUrl(program.url, location)
    if (url === null) return giveUp(context, program, 1, { host: location })
    program.redirects++
    return begin(context, program, url)
  }
  say(context, program, 'intact', { host: program.url?.host })
  const status = statusOf(exchange)
  if (program.options.failOnError && status >= 400) return giveUp(context, program, 22, { status })
  finish(context, program, 0)
}

/** A connection that failed may be tried with the next address. */
function failed(context: ProcessContext, program: CurlProgram, exchange: Exchange): void {
  const { address, port } = exchange.spec
  if (exchange.connectedUs === null) {
    say(context, program, 'connect-failed', { address, port, error: exchange.error })
    if (program.addresses.length > 0) return tryNext(context, program)
    const tookMs = Math.floor((context.sim.nowUs - program.beganUs) / 1000)
    const { proxy } = program.options
    return giveUp(context, program, 7, { host: proxy?.host ?? program.url?.host, port, tookMs })
  }
  if (exchange.error === 'HTTP09') return giveUp(context, program, 1, { http09: true })
  if (exchange.error === 'EOF') return giveUp(context, program, 52, {})
  if (exchange.error === 'PARTIAL') return giveUp(context, program, 18, { missing: exchange.remaining })
  giveUp(context, program, 56, { error: exchange.error })
}

function checkDeadlines(context: ProcessContext, program: CurlProgram): void {
  const { options, exchange } = program
  const elapsed = context.sim.nowUs - program.startedUs
  const isOver = (limit: number | null): boolean => limit !== null && elapsed >= limit
  const stage = exchange === null ? 'resolving' : exchange.connectedUs === null ? 'connecting' : 'transfer'
  const overall = isOver(options.maxTimeUs)
  if (!overall && (stage === 'transfer' || !isOver(options.connectTimeoutUs))) return
  const tookMs = Math.floor(elapsed / 1000)
  const received = exchange?.received ?? 0
  const { host, port } = program.url ?? { host: '', port: 0 }
  const expected =
    exchange?.head === null || exchange === null ? null : header(exchange.head, 'Content-Length')
  giveUp(context, program, 28, { stage, overall, tookMs, received, expected, host, port })
}

function giveUp(context: ProcessContext, program: CurlProgram, code: number, data: object): void {
  const { options, exchange } = program
  const { version, silent, showError, verbose } = options
  const said = {
    program: 'curl',
    kind: 'failed',
    version,
    code,
    verbose,
    mute: silent && !showError,
    quiet: silent,
    ...data,
  }
  context.emit(said, 2)
  if (exchange !== null) closeExchange(context, exchange)
  finish(context, program, code)
}

function finish(context: ProcessContext, program: CurlProgram, code: number): void {
  const { options, exchange } = program
  if (!save(context, program, options.output) && code === 0) {
    program.body = []
    return giveUp(context, program, 23, { path: options.output })
  }
  if (options.meter && code === 0 && exchange !== null)
    context.emit(
      {
        program: 'curl',
        kind: 'meter',
        received: exchange.received,
        tookUs: context.sim.nowUs - program.startedUs,
      },
      2,
    )
  if (options.writeOut !== null) writeOut(context, program, options.writeOut, code)
  if (exchange !== null) closeExchange(context, exchange)
  program.exchange = null
  program.status = code
  program.index++
  program.url = null
  nextUrl(context, program)
}

function save(context: ProcessContext, program: CurlProgram, path: string | null): boolean {
  if (path === null || path === '/dev/null') return true
  if (program.body.length === 0 && program.exchange?.head == null) return true
  const text = decodeUtf8(concat(program.body))
  return writeFile(context.sim, context.kernel, context.process, path, text).ok
}

function writeOut(context: ProcessContext, program: CurlProgram, format: string, code: number): void {
  const { exchange, url } = program
  const { nowUs } = context.sim
  context.emit({
    program: 'curl',
    kind: 'write-out',
    format,
    code,
    status: exchange === null ? 0 : statusOf(exchange),
    remoteAddress: exchange?.connectedUs == null ? null : exchange.spec.address,
    remotePort: exchange?.connectedUs == null ? 0 : exchange.spec.port,
    localAddress: exchange?.localAddress || null,
    localPort: exchange?.localPort ?? 0,
    received: exchange?.received ?? 0,
    headLength: exchange?.head?.length ?? 0,
    url: url === null ? '' : `http://${hostText(url)}${url.port === 80 ? '' : `:${url.port}`}${url.path}`,
    redirects: program.redirects,
    type: exchange?.head == null ? '' : (header(exchange.head, 'Content-Type') ?? ''),
    totalUs: nowUs - program.startedUs,
    lookupUs: program.resolvedUs - program.startedUs,
    connectUs: (exchange?.connectedUs ?? program.startedUs) - program.startedUs,
  })
}
