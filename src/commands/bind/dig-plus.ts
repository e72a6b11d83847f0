/** dig's `+[no]keyword[=value]`. bind9 bin/dig/dig.c: plus_option */
import type { DigStyle, DnsClientOptions } from '../../sim/process/dns-client.ts'
import { EDNS, type EdnsOptions, type QuestionFlags } from '../../sim/process/dns-question.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { DIG_USAGE } from './dig-usage.ts'

export type DigSettings = { -readonly [K in keyof DnsClientOptions]: DnsClientOptions[K] } & {
  style: DigStyle
  type: number | null
  class: number | null
  typeSaid?: boolean
  tcpSaid: boolean
}

export class DigError extends Error {
  readonly status: number
  constructor(text: string, status: number) {
    super(text)
    this.status = status
  }
}

export const ALL_SECTIONS = ['cmd', 'comments', 'question', 'answer', 'authority', 'additional', 'stats']

const FLAGS: Readonly<Record<string, keyof QuestionFlags>> = {
  aaflag: 'authoritative',
  aaonly: 'authoritative',
  adflag: 'authenticData',
  cdflag: 'checkingDisabled',
  raflag: 'recursionAvailable',
  rdflag: 'recursionDesired',
  recurse: 'recursionDesired',
  tcflag: 'truncated',
}

const STYLES: Readonly<Record<string, keyof DigStyle>> = {
  identify: 'identify',
  multiline: 'multiline',
  qr: 'showQuery',
  trace: 'trace',
  ttlunits: 'ttlUnits',
}

/** What changes nothing for the records and servers that there are. */
const HARMLESS = [
  ...['badcookie', 'besteffort', 'crypto', 'ednsnegotiation', 'expandaaaa', 'fail', 'idnin', 'idnout'],
  ...['ignore', 'keepopen', 'onesoa', 'rrcomments', 'showbadcookie', 'split'],
]

const MISSING = [
  ...[
    'coflag',
    'dns64prefix',
    'domain',
    'ednsflags',
    'ednsopt',
    'expire',
    'header-only',
    'https',
    'https-get',
  ],
  ...['http-plain', 'http-plain-get', 'keepalive', 'nssearch', 'opcode', 'padding', 'qid', 'showsearch'],
  ...['tls', 'tls-ca', 'tls-hostname', 'tls-certfile', 'tls-keyfile', 'unknownformat', 'yaml', 'zflag'],
]

const NUMBERS: Readonly<Record<string, readonly [what: string, limit: number]>> = {
  timeout: ['timeout', 9999],
  tries: ['tries', 9999],
  retry: ['retries', 9999],
  bufsize: ['buffer size', 65535],
  ndots: ['ndots', 1023],
}

const KEYWORDS = [
  ...[
    'all',
    'class',
    'cookie',
    'defname',
    'dnssec',
    'do',
    'edns',
    'nsid',
    'search',
    'short',
    'subnet',
    'tcp',
  ],
  ...['ttlid', 'vc', 'time'],
  ...ALL_SECTIONS,
  ...Object.keys(FLAGS),
  ...Object.keys(STYLES),
  ...Object.keys(NUMBERS),
  ...HARMLESS,
  ...MISSING,
]

/** Any beginning that fits one keyword alone stands for it. */
function keyword(given: string): string | null {
  if (KEYWORDS.includes(given)) return given
  const fitting = KEYWORDS.filter((one) => given !== '' && one.startsWith(given))
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}

/** True: the keyword is real but missing here. */
export function plusOption(settings: DigSettings, text: string, warn: (text: string) => void): boolean {
  const equals = text.indexOf('=')
  const given = (equals < 0 ? text : text.slice(0, equals)).toLowerCase()
  const value = equals < 0 ? null : text.slice(equals + 1)
  const off = given.startsWith('no')
  const name = keyword(off ? given.slice(2) : given)
  if (given === '') {
    warn(';; Invalid option \n')
    return false
  }
  if (name === null) throw new DigError(`Invalid option: +${given}\n${DIG_USAGE}`, 1)
  if (MISSING.includes(name)) return !off
  const flag = FLAGS[name]
  const style = STYLES[name]
  if (NUMBERS[name] !== undefined || name === 'time') numberOption(settings, name, value, off, given)
  else if (flag !== undefined) settings.flags = { ...settings.flags, [flag]: !off }
  else if (style !== undefined) settings.style = { ...settings.style, [style]: !off }
  else if (!HARMLESS.includes(name)) simpleOption(settings, name, value, off)
  return false
}

function numberOption(
  settings: DigSettings,
  name: string,
  value: string | null,
  off: boolean,
  given: string,
): void {
  if (value === null && name === 'bufsize') return editEdns(settings, { bufferSize: EDNS.bufferSize })
  if (value === null || off) throw new DigError(`Invalid option: +${given}\n${DIG_USAGE}`, 1)
  const number = numberOf(value, name === 'time' ? 'timeout' : name)
  if (name === 'time' || name === 'timeout') settings.timeoutUs = Math.max(1, number) * 1e6
  if (name === 'tries') settings.tries = Math.max(1, number)
  if (name === 'retry') settings.tries = number + 1
  if (name === 'bufsize') editEdns(settings, { bufferSize: number })
}

function numberOf(value: string, name: string): number {
  const [what, limit] = NUMBERS[name] ?? [name, 255]
  const why = !/^\d+$/.test(value) ? 'not a valid number' : Number(value) > limit ? 'out of range' : null
  if (why !== null)
    throw new DigError(`invalid ${what} '${value}': ${why}\ndig: Couldn't parse ${what}\n`, 10)
  return Number(value)
}

function editEdns(settings: DigSettings, change: Partial<EdnsOptions>): void {
  settings.edns = { ...(settings.edns ?? EDNS), ...change }
}

function simpleOption(settings: DigSettings, name: string, value: string | null, off: boolean): void {
  if (name === 'all') settings.sections = off ? [] : [...ALL_SECTIONS]
  else if (ALL_SECTIONS.includes(name)) {
    const others = settings.sections.filter((section) => section !== name)
    settings.sections = off ? others : [...others, name]
  } else if (name === 'short') settings.short = !off
  else if (name === 'search' || name === 'defname') settings.search = !off
  else if (name === 'class') settings.style = { ...settings.style, noClass: off }
  else if (name === 'ttlid') settings.style = { ...settings.style, noTtl: off }
  else if (name === 'tcp' || name === 'vc') {
    settings.tcp = !off
    settings.tcpSaid = true
  } else if (name === 'edns')
    if (off) settings.edns = null
    else editEdns(settings, { version: value === null ? 0 : numberOf(value, 'edns') })
  else if (name === 'subnet') editEdns(settings, { subnet: off ? null : subnet(value) })
  else if (name === 'cookie') editCookie(settings, !off)
  else if (!off) editEdns(settings, name === 'nsid' ? { nsid: true } : { dnssec: true })
  else if (settings.edns !== null) editEdns(settings, name === 'nsid' ? { nsid: false } : { dnssec: false })
}

function editCookie(settings: DigSettings, on: boolean): void {
  if (on || settings.edns !== null) editEdns(settings, { cookie: on })
}

function subnet(value: string | null): EdnsOptions['subnet'] {
  if (value === null) throw new DigError(`Invalid option: +subnet\n${DIG_USAGE}`, 1)
  if (value === '0') return { address: 0, length: 0 }
  const [host = '', bits] = value.split('/')
  const address = parseIpv4(host)
  if (address === null) throw new DigError(`dig: invalid address '${value}'\n`, 1)
  const length = bits === undefined ? 32 : Math.min(32, Number(bits) || 0)
  const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0
  return { address: (address & mask) >>> 0, length }
}
