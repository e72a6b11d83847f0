/**
 * dig(1): the command line. What stands before the first name holds for all, what stands behind a name for it alone.
 * bind9 bin/dig/dig.c: parse_args, plus_option, dash_option. Not modelled: IPv6 transport, TSIG, HTTPS and TLS, YAML, zone transfers.
 */
import { readFile } from '../../sim/kernel/fs/files.ts'
import {
  type DnsClientOptions,
  type DnsQuestionSpec,
  dnsClientProgram,
} from '../../sim/process/dns-client.ts'
import { EDNS } from '../../sim/process/dns-question.ts'
import { parseDnsClass, parseDnsType, reverseName, reverseName6 } from '../../sim/wire/dns.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { ALL_SECTIONS, DigError, type DigSettings, plusOption } from './dig-plus.ts'
import { DIG_HELP, DIG_USAGE } from './dig-usage.ts'

const ANY = 255

interface Asked {
  readonly name: string
  readonly isReverse: boolean
  readonly settings: DigSettings
}

interface Draft {
  readonly context: CommandContext
  /** What later names start from. */
  defaults: DigSettings
  readonly asked: Asked[]
  /** As given before the first name was read. */
  start: DigSettings | null
  isBatch: boolean
}

function settings(context: CommandContext): DigSettings {
  return {
    tool: 'dig',
    version: toolVersions(context.world).bind,
    words: context.argv.slice(1).join(' '),
    asked: '.',
    questions: [],
    isReverse: false,
    server: null,
    port: 53,
    timeoutUs: 5_000_000,
    tries: 3,
    short: false,
    sections: [...ALL_SECTIONS],
    search: false,
    edns: EDNS,
    tcp: false,
    tcpSaid: false,
    flags: { recursionDesired: true, authenticData: true },
    style: {},
    type: null,
    class: null,
  }
}

export const dig: Command = (context) => {
  const draft: Draft = { context, defaults: settings(context), asked: [], start: null, isBatch: false }
  try {
    const status = readWords(draft, context.argv.slice(1))
    if (status !== null) return status
  } catch (error) {
    if (!(error instanceof DigError)) throw error
    context.err(error.message)
    return error.status
  }
  if (draft.asked.length === 0) addName(draft, '', false)
  const asked = draft.asked.map((one) => question(draft, one))
  const first = draft.asked[0]?.settings ?? draft.defaults
  return context.become(dnsClientProgram({ ...options(first), ...asked[0]?.own, questions: asked }))
}

/** Null: all was read. */
function readWords(draft: Draft, words: readonly string[]): number | null {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const current = draft.asked.at(-1)?.settings ?? draft.defaults
    if (word.startsWith('@')) current.server = word.slice(1)
    else if (word.startsWith('+')) {
      const missing = plusOption(current, word.slice(1), (text) => draft.context.err(text))
      if (missing) return notModelled(draft.context, `dig ${word.replace(/=.*/, '')}`)
    } else if (word.startsWith('-')) {
      const value = word.length > 2 ? word.slice(2) : words[i + 1]
      const status = dashOption(draft, current, word, value)
      if (typeof status === 'number') return status
      if (status === 'value' && word.length === 2) i++
    } else if (!typeOrClass(draft, current, word)) addName(draft, word, false)
  }
  return null
}

/** `MX`, `CH` between the other words. */
function typeOrClass(draft: Draft, current: DigSettings, word: string): boolean {
  const type = parseDnsType(word)
  if (type !== null) {
    if (current.type !== null && draft.asked.length > 0 && draft.asked.at(-1)?.settings.type === current.type)
      draft.context.out(current.typeSaid ? ';; Warning, extra type option\n' : '')
    current.type = type
    current.typeSaid = true
    return true
  }
  const kind = parseDnsClass(word)
  if (kind === null) return false
  current.class = kind
  return true
}

function addName(draft: Draft, name: string, isReverse: boolean): DigSettings {
  const own: DigSettings = { ...draft.defaults, style: { ...draft.defaults.style } }
  draft.start ??= { ...draft.defaults }
  draft.asked.push({ name: name.replace(/\.$/, ''), isReverse, settings: own })
  return own
}

type Taken = number | 'flag' | 'value'

const VALUED = 'bcfkpqtxy'

function dashOption(draft: Draft, current: DigSettings, word: string, value: string | undefined): Taken {
  const { context } = draft
  const letter = word[1] ?? ''
  if (word === '-h') {
    context.out(DIG_HELP)
    return 0
  }
  if (word === '-v') {
    context.out(`DiG ${current.version}\n`)
    return 0
  }
  if (letter === '4' || letter === 'm' || letter === 'r' || letter === 'i') return 'flag'
  if (letter === 'u') {
    current.style = { ...current.style, microseconds: true }
    return 'flag'
  }
  if (letter === '6') return notModelled(context, 'dig -6')
  if (letter === '' || !VALUED.includes(letter) || value === undefined) {
    context.err(`Invalid option: ${word}\n${DIG_USAGE}`)
    return 1
  }
  if (letter === 'k' || letter === 'y') return notModelled(context, `dig -${letter}`)
  return valueOption(draft, current, letter, value)
}

function valueOption(draft: Draft, current: DigSettings, letter: string, value: string): Taken {
  const { context } = draft
  if (letter === 'b') current.source = sourceAddress(value)
  if (letter === 'c') {
    const kind = parseDnsClass(value)
    if (kind === null) context.err(`;; Warning, ignoring invalid class ${value}\n`)
    else current.class = kind
  }
  if (letter === 'p') {
    if (!/^\d+$/.test(value))
      throw new DigError(
        `invalid port number '${value}': not a valid number\ndig: Couldn't parse port number\n`,
        1,
      )
    if (Number(value) > 65535)
      throw new DigError(`invalid port number '${value}': out of range\ndig: Couldn't parse port number\n`, 1)
    current.port = Number(value)
  }
  if (letter === 'q') addName(draft, value, false)
  if (letter === 't') {
    const type = parseDnsType(value)
    if (type === null) context.err(`;; Warning, ignoring invalid type ${value}\n`)
    else current.type = type
  }
  if (letter === 'x') {
    const own = addName(draft, backwards(value), true)
    if (!own.typeSaid) own.type = 12
  }
  if (letter === 'f') return readBatch(draft, value)
  return 'value'
}

/** `-x`: any number of labels in dotted notation. */
function backwards(text: string): string {
  const address = parseIpv4(text)
  if (address !== null) return reverseName(address)
  const address6 = parseIpv6(text)
  if (address6 !== null) return reverseName6(address6)
  return `${text.split('.').reverse().join('.')}.in-addr.arpa`
}

function sourceAddress(text: string): { readonly address: number; readonly port: number } {
  const [host = '', port] = text.split('#')
  const address = parseIpv4(host)
  if (address === null) throw new DigError(`dig: invalid address ${host}\n`, 1)
  return { address, port: Number(port ?? 0) || 0 }
}

/** `-f`: each line holds the words of one question. */
function readBatch(draft: Draft, path: string): Taken {
  const { context } = draft
  const text = readFile(context.world, context.kernel, context.process, path)
  if (!text.ok)
    throw new DigError(`${path}: No such file or directory\ndig: couldn't open specified batch file\n`, 8)
  draft.isBatch = true
  const before = draft.defaults
  for (const line of text.value.split('\n').slice(0, text.value.endsWith('\n') ? -1 : undefined)) {
    const inner: Draft = { context, defaults: { ...before }, asked: [], start: null, isBatch: true }
    const status = readWords(
      inner,
      line.split(/\s+/).filter((word) => word !== ''),
    )
    if (status !== null) return status
    if (inner.asked.length === 0) addName(inner, '', false)
    draft.asked.push(...inner.asked)
  }
  return 'value'
}

function options(from: DigSettings): DnsClientOptions {
  const { type: _type, class: _class, typeSaid: _said, tcpSaid: _tcp, ...rest } = from
  return rest
}

function question(draft: Draft, { name, isReverse, settings: own }: Asked): DnsQuestionSpec {
  const type = own.style.trace ? 2 : (own.type ?? (name === '' && draft.asked.length === 1 ? 2 : 1))
  const start = draft.start
  // `+nocmd` counts wherever it stands.
  const shown = draft.asked.every((one) => one.settings.sections.includes('cmd'))
  const banner = !draft.isBatch && start?.sections.includes('cmd') === true && !start.short && shown
  const asked = name === '' ? '.' : name
  const style = { ...own.style, banner, serverNamed: (start?.server ?? null) !== null }
  const tcp = own.tcp || (type === ANY && !own.tcpSaid)
  return {
    name: own.style.trace ? '' : name,
    type,
    ...(own.class === null ? {} : { class: own.class }),
    own: { ...options(own), asked, isReverse, style, tcp },
  }
}
