/**
 * redis-cli: commands to a Redis server and what it answers, one command or lines from stdin. redis src/redis-cli.c.
 * Not modelled: arrays in answers, subscriptions, TLS, line editing.
 */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { isEnd, readDescriptor } from '../kernel/task/descriptor.ts'
import type { Program } from '../kernel/task/types.ts'
import { isConnected } from '../kernel/tcp/calls.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'
import { connect, receive, send, tcpSocket } from './tcp-stream.ts'

export interface RedisCliOptions {
  readonly host: string
  readonly port: number
  /** Empty: they come from stdin. */
  readonly command: readonly string[]
  /** A prompt before each line. */
  readonly prompts: boolean
  /** Answers as people read them. */
  readonly formatted: boolean
}

export interface RedisCliProgram extends Program {
  readonly kind: 'redis-cli'
  readonly options: RedisCliOptions
  lookup: Lookup | null
  fd: number | null
  connected: boolean
  /** Commands that wait for the server. */
  waiting: string[][]
  /** One was sent and not answered yet. */
  asked: boolean
  received: string
  typed: string
  inputEnded: boolean
  prompted: boolean
  begun: boolean
  failed: boolean
}

export function redisCliProgram(options: RedisCliOptions): RedisCliProgram {
  return {
    kind: 'redis-cli',
    options,
    lookup: null,
    fd: null,
    connected: false,
    waiting: options.command.length > 0 ? [[...options.command]] : [],
    asked: false,
    received: '',
    typed: '',
    inputEnded: options.command.length > 0,
    prompted: false,
    begun: false,
    failed: false,
  }
}

export function stepRedisCli(context: ProcessContext, program: RedisCliProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(130)
  for (;;) {
    if (context.ended) return
    // It tries to connect before it reads anything.
    if (!program.begun || program.waiting.length > 0 || program.asked) {
      if (!link(context, program)) return
      if (program.fd !== null && !exchange(context, program)) return
      continue
    }
    if (!program.prompted && program.options.prompts) {
      context.emit({ program: 'redis-cli', kind: 'prompt', ...place(program), connected: program.connected })
      program.prompted = true
    }
    if (!readLines(context, program)) return
  }
}

const place = ({ options: { host, port } }: RedisCliProgram) => ({ host, port })

/** False: wait. Without a connection in the end nothing is sent: what waited is given up. */
function link(context: ProcessContext, program: RedisCliProgram): boolean {
  if (program.connected) return true
  program.lookup ??= startLookup(context, program.options.host, [1, 28], 'any')
  if (!stepLookup(context, program.lookup)) return false
  const { outcome } = program.lookup
  if (outcome?.kind !== 'addresses')
    return giveUp(context, program, outcome?.kind === 'failed' ? outcome.reason : 'NONAME')
  if (program.fd === null) {
    const address = outcome.all?.[0] ?? outcome.addresses[0] ?? 0
    const fd = connect(context, { address, port: program.options.port })
    if (!fd.ok) return giveUp(context, program, fd.error.code)
    program.fd = fd.value
  }
  const socket = tcpSocket(context, program.fd)
  if (socket === undefined) return giveUp(context, program, 'ECONNRESET')
  if (!isConnected(socket)) {
    const error = takeError(socket)
    return error === null ? false : giveUp(context, program, error)
  }
  program.connected = true
  program.begun = true
  program.failed = false
  return true
}

function giveUp(context: ProcessContext, program: RedisCliProgram, error: string): boolean {
  hangUp(context, program)
  context.emit({ program: 'redis-cli', kind: 'unreachable', ...place(program), error }, 2)
  program.begun = true
  program.failed = true
  program.waiting = []
  if (!program.options.prompts) context.exit(1)
  return true
}

function hangUp(context: ProcessContext, program: RedisCliProgram): void {
  if (program.fd !== null) context.close(program.fd)
  program.fd = null
  program.lookup = null
  program.connected = false
  program.asked = false
  program.received = ''
}

/** Sends the next command, or shows the answer; false: wait for it. */
function exchange(context: ProcessContext, program: RedisCliProgram): boolean {
  const { fd } = program
  if (fd === null) return true
  const [next] = program.waiting
  if (!program.asked) {
    if (next === undefined) return true
    const words = next.map((word) => `$${encodeUtf8(word).length}\r\n${word}\r\n`)
    send(context, fd, encodeUtf8(`*${next.length}\r\n${words.join('')}`))
    program.asked = true
  }
  for (let data = receive(context, fd); data !== null; data = receive(context, fd)) {
    if (data === 'eof') {
      context.emit({ program: 'redis-cli', kind: 'closed' }, 2)
      hangUp(context, program)
      program.waiting = []
      if (!program.options.prompts) context.exit(1)
      return true
    }
    program.received += decodeUtf8(data)
  }
  const answer = parseAnswer(program.received)
  if (answer === null) return false
  program.received = program.received.slice(answer.length)
  program.asked = false
  program.waiting.shift()
  const { formatted } = program.options
  context.emit({ program: 'redis-cli', kind: 'reply', formatted, type: answer.type, text: answer.text })
  if (program.options.command.length > 0) context.exit(0)
  return true
}

interface Answer {
  readonly type: 'status' | 'error' | 'integer' | 'string' | 'nil'
  readonly text: string
  readonly length: number
}

const TYPES: Readonly<Record<string, Answer['type']>> = { '+': 'status', '-': 'error', ':': 'integer' }

function parseAnswer(text: string): Answer | null {
  const end = text.indexOf('\r\n')
  if (end < 0) return null
  const line = text.slice(1, end)
  const type = TYPES[text[0] ?? '']
  if (type !== undefined) return { type, text: line, length: end + 2 }
  const size = Number(line)
  if (size < 0) return { type: 'nil', text: '', length: end + 2 }
  const from = end + 2
  if (text.length < from + size + 2) return null
  return { type: 'string', text: text.slice(from, from + size), length: from + size + 2 }
}

/** False: wait for more to be typed. */
function readLines(context: ProcessContext, program: RedisCliProgram): boolean {
  if (program.inputEnded && program.typed === '') {
    context.exit(program.failed ? 1 : 0)
    return false
  }
  const end = program.typed.indexOf('\n')
  if (end >= 0 || program.inputEnded) {
    const line = end < 0 ? program.typed : program.typed.slice(0, end)
    program.typed = end < 0 ? '' : program.typed.slice(end + 1)
    program.prompted = false
    const words = wordsOf(line)
    if (words.length === 1 && /^(quit|exit)$/i.test(words[0] ?? '')) context.exit(0)
    else if (words.length > 0) program.waiting.push(words)
    return true
  }
  const text = readDescriptor(context.sim, context.kernel, context.process, 0)
  if (text === null) return false
  if (isEnd(text)) program.inputEnded = true
  else program.typed += text
  return true
}

/** Blanks part words, quotes keep them together. sds.c `sdssplitargs` */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  )
}
