/**
 * Options of the matches that look at more than addresses and ports. iptables/extensions/libxt_{tos,dscp,owner,connlimit,
 * recent,string,time,u32}.c. Not modelled: names of users other than the usual ones.
 */
import { DSCP_CLASSES, TOS_NAMES, userNumber } from '../../render/iptables/further-names.ts'
import { encodeUtf8 } from '../../sim/base/utf8.ts'
import type { FurtherMatch, IdRange, U32Test } from '../../sim/kernel/netfilter/further-types.ts'
import { UsageError } from './errors.ts'
import type { Extension, Given } from './match-options.ts'
import { parseNumber } from './values.ts'

const one = (is: string) => ({ count: 1, is })
const none = (is: string) => ({ count: 0, is })
type Options = ReadonlyMap<string, Given>
const word = (given: Options, name: string): string | undefined => given.get(name)?.args[0]

function needed(given: Options, match: string, name: string): Given {
  const found = given.get(name)
  if (found === undefined) throw new UsageError(`${match}: option "--${name}" must be specified\n`)
  return found
}

/** A number within bounds, in the words of xtopt_parse_int. */
export function bounded(text: string, extension: string, option: string, most: number): number {
  const value = parseNumber(text)
  if (value !== null && value <= most) return value
  throw new UsageError(`${extension}: bad value for option "--${option}", or out of range (0-${most}).\n`)
}

/** `0x10`, `0x10/0x3f` or a name, whose mask leaves ECN alone. */
export function tosOf(text: string, namedMask: number): { value: number; mask: number } {
  const named = TOS_NAMES.find(([, name]) => name.toLowerCase() === text.toLowerCase())
  if (named !== undefined) return { value: named[0], mask: namedMask }
  const [value = '', mask] = text.split('/')
  const v = parseNumber(value)
  if (v === null) throw new UsageError(`Symbolic name "${text}" is unknown`)
  const m = mask === undefined ? 0xff : parseNumber(mask)
  if (m === null || v > 255 || m > 255)
    throw new UsageError(`tos: bad value for option "--tos", or out of range.\n`)
  return { value: v, mask: m }
}

const tos: Extension<FurtherMatch> = {
  options: { tos: one('tos') },
  build(given) {
    const asked = needed(given, 'tos', 'tos')
    return { kind: 'tos', not: asked.not, ...tosOf(asked.args[0] ?? '', 0x3f) }
  },
}

export function dscpClass(text: string): number {
  const found = DSCP_CLASSES.find(([name]) => name.toLowerCase() === text.toLowerCase())
  if (found === undefined) throw new UsageError(`Invalid DSCP value \`${text}'`)
  return found[1]
}

const dscp: Extension<FurtherMatch> = {
  options: { dscp: one('dscp'), 'dscp-class': one('dscp-class') },
  build(given) {
    const number = given.get('dscp')
    const named = given.get('dscp-class')
    if (number !== undefined)
      return { kind: 'dscp', not: number.not, value: bounded(number.args[0] ?? '', 'dscp', 'dscp', 63) }
    if (named !== undefined) return { kind: 'dscp', not: named.not, value: dscpClass(named.args[0] ?? '') }
    throw new UsageError('DSCP match: Parameter --dscp is required')
  },
}

function ids(option: string): (text: string) => IdRange {
  return (text) => {
    const named = userNumber(text)
    if (named !== undefined) return { from: named, to: named }
    const [low = '', high = low] = text.split('-')
    const from = parseNumber(low)
    const to = parseNumber(high)
    if (from === null || to === null)
      throw new UsageError(`owner: Bad value for "--${option}" option: "${text}"`)
    return { from, to }
  }
}

const owner: Extension<FurtherMatch> = {
  options: {
    'uid-owner': one('uid-owner'),
    'gid-owner': one('gid-owner'),
    'socket-exists': none('socket-exists'),
  },
  build(given) {
    const side = (name: string) => {
      const asked = given.get(name)
      return asked === undefined ? null : { not: asked.not, value: ids(name)(asked.args[0] ?? '') }
    }
    const user = side('uid-owner')
    const group = side('gid-owner')
    const exists = given.get('socket-exists')
    if (user === null && group === null && exists === undefined)
      throw new UsageError('owner: At least one of --uid-owner, --gid-owner or --socket-exists is required')
    return { kind: 'owner', user, group, exists: exists === undefined ? null : { not: exists.not } }
  },
}

const connlimit: Extension<FurtherMatch> = {
  options: {
    'connlimit-above': one('above'),
    'connlimit-upto': one('upto'),
    'connlimit-mask': one('mask'),
    'connlimit-saddr': none('saddr'),
    'connlimit-daddr': none('daddr'),
  },
  build(given) {
    const above = given.get('above')
    const asked = above ?? given.get('upto')
    if (asked === undefined)
      throw new UsageError('You must specify "--connlimit-above" or "--connlimit-upto".')
    const option = above === undefined ? 'connlimit-upto' : 'connlimit-above'
    const text = word(given, 'mask')
    return {
      kind: 'connlimit',
      above: (above !== undefined) !== asked.not,
      limit: bounded(asked.args[0] ?? '', 'connlimit', option, 0xffffffff),
      length: text === undefined ? 32 : bounded(text, 'connlimit', 'connlimit-mask', 32),
      side: given.has('daddr') ? 'destination' : 'source',
      count: { flows: [] },
    }
  },
}

const OPERATIONS = ['set', 'rcheck', 'update', 'remove'] as const

const recent: Extension<FurtherMatch> = {
  options: {
    set: none('set'),
    rcheck: none('rcheck'),
    update: none('update'),
    remove: none('remove'),
    seconds: one('seconds'),
    hitcount: one('hitcount'),
    reap: none('reap'),
    rttl: none('rttl'),
    name: one('name'),
    mask: one('mask'),
    rsource: none('rsource'),
    rdest: none('rdest'),
  },
  build(given) {
    const asked = OPERATIONS.filter((name) => given.has(name))
    const [operation, other] = asked
    if (operation === undefined)
      throw new UsageError("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'")
    if (other !== undefined)
      throw new UsageError(`recent: option "--${operation}" cannot be used together with "--${other}".\n`)
    const number = (name: string) =>
      given.has(name) ? bounded(word(given, name) ?? '', 'recent', name, 0xffffffff) : 0
    return {
      kind: 'recent',
      not: given.get(operation)!.not,
      operation,
      seconds: number('seconds'),
      hitCount: number('hitcount'),
      reap: given.has('reap'),
      ttl: given.has('rttl'),
      name: word(given, 'name') ?? 'DEFAULT',
      mask: word(given, 'mask') ?? '255.255.255.255',
      side: given.has('rdest') ? 'dest' : 'source',
    }
  },
}

/** `|0d 0a|ab` */
function hexBytes(text: string): number[] {
  return text.split('|').flatMap((part, i) => {
    if (i % 2 === 0) return [...encodeUtf8(part)]
    const digits = part.replace(/\s/g, '')
    if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits))
      throw new UsageError('STRING must contain even number of digits')
    return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  })
}

const string: Extension<FurtherMatch> = {
  options: {
    string: one('string'),
    'hex-string': one('hex-string'),
    algo: one('algo'),
    from: one('from'),
    to: one('to'),
    icase: none('icase'),
  },
  build(given) {
    const algorithm = needed(given, 'string', 'algo').args[0] ?? ''
    const asked = given.get('string') ?? given.get('hex-string')
    if (asked === undefined)
      throw new UsageError("STRING match: You must specify `--string' or `--hex-string'")
    const isHexGiven = !given.has('string')
    const bytes = isHexGiven ? hexBytes(asked.args[0] ?? '') : [...encodeUtf8(asked.args[0] ?? '')]
    const offset = (name: string, usual: number) =>
      given.has(name) ? bounded(word(given, name) ?? '', 'string', name, 0xffff) : usual
    return {
      kind: 'string',
      not: asked.not,
      bytes,
      isHex: isHexGiven && bytes.some((byte) => byte < 32 || byte > 126),
      algorithm,
      from: offset('from', 0),
      to: offset('to', 0xffff),
      ignoreCase: given.has('icase'),
    }
  },
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** The end of 31-bit time. */
const NEVER = 0x7fffffff

function secondsOfDay(text: string): number {
  const parts = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text)
  const [h, m, s] = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3] ?? 0)]
  if (parts === null || h > 23 || m > 59 || s > 59)
    throw new UsageError(
      `invalid time "${text}" specified, should be hh:mm[:ss] format and within the boundaries`,
    )
  return h * 3600 + m * 60 + s
}

function dateOf(text: string): number {
  const parts = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?)?)?$/.exec(
    text,
  )
  if (parts === null)
    throw new UsageError(`invalid date "${text}" specified, should be YYYY[-MM[-DD[Thh[:mm[:ss]]]]] format`)
  const [year = 1970, month = 1, day = 1, h = 0, m = 0, s = 0] = parts
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)))
  return Date.UTC(year, month - 1, day, h, m, s) / 1000
}

function dayList(asked: Given | undefined, most: number, read: (text: string) => number): number[] {
  if (asked === undefined) return []
  const named = (asked.args[0] ?? '').split(',').map(read)
  const chosen = Array.from({ length: most }, (_, i) => i + 1).filter(
    (day) => named.includes(day) !== asked.not,
  )
  return chosen.length === most ? [] : chosen
}

function weekDay(text: string): number {
  const number = /^[1-7]$/.test(text)
    ? Number(text)
    : DAYS.findIndex((day) => text.toLowerCase().startsWith(day.slice(0, 2))) + 1
  if (number === 0) throw new UsageError(`${text} is not a valid day specifier`)
  return number
}

function monthDay(text: string): number {
  const number = Number.parseInt(text, 10)
  if (!(number >= 1 && number <= 31)) throw new UsageError(`${text} is not a valid day specifier`)
  return number
}

const time: Extension<FurtherMatch> = {
  options: {
    timestart: one('timestart'),
    timestop: one('timestop'),
    datestart: one('datestart'),
    datestop: one('datestop'),
    monthdays: one('monthdays'),
    weekdays: one('weekdays'),
    contiguous: none('contiguous'),
    kerneltz: none('kerneltz'),
    utc: none('utc'),
  },
  build(given) {
    const read = (name: string, parse: (text: string) => number, usual: number): number => {
      const text = word(given, name)
      return text === undefined ? usual : parse(text)
    }
    return {
      kind: 'time',
      dayStart: read('timestart', secondsOfDay, 0),
      dayStop: read('timestop', secondsOfDay, 86_399),
      dateStart: read('datestart', dateOf, 0),
      dateStop: read('datestop', dateOf, NEVER),
      monthDays: dayList(given.get('monthdays'), 31, monthDay),
      weekDays: dayList(given.get('weekdays'), 7, weekDay),
      contiguous: given.has('contiguous'),
      kernelZone: given.has('kerneltz'),
    }
  },
}

/** `start&mask>>shift@start=from:to,…&&…` */
function u32Tests(text: string): U32Test[] {
  let at = 0
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at++
  }
  const number = (): number => {
    skip()
    const found = /^(0[xX][0-9a-fA-F]+|\d+)/.exec(text.slice(at))
    const value = found === null ? null : parseNumber(found[0])
    if (found === null || value === null)
      throw new UsageError(`u32: at char ${at}: not a number or out of range`)
    at += found[0].length
    skip()
    return value
  }
  const tests: U32Test[] = []
  for (;;) {
    const steps: U32Test['steps'][number][] = [{ operation: 'start', number: number() }]
    while (text[at] !== '=') {
      const operation = (['<<', '>>', '&', '@'] as const).find((sign) => text.startsWith(sign, at))
      if (operation === undefined) throw new UsageError(`u32: at char ${at}: operator expected`)
      at += operation.length
      steps.push({ operation, number: number() })
    }
    const ranges: IdRange[] = []
    do {
      at++
      const from = number()
      if (text[at] !== ':') ranges.push({ from, to: from })
      else {
        at++
        ranges.push({ from, to: number() })
      }
    } while (text[at] === ',')
    tests.push({ steps, ranges })
    if (at >= text.length) return tests
    if (!text.startsWith('&&', at)) throw new UsageError(`u32: at char ${at}: && expected`)
    at += 2
  }
}

const u32: Extension<FurtherMatch> = {
  options: { u32: one('u32') },
  build(given) {
    const asked = needed(given, 'u32', 'u32')
    return { kind: 'u32', not: asked.not, tests: u32Tests(asked.args[0] ?? '') }
  },
}

export const FURTHER_MATCHES: readonly (readonly [string, Extension<FurtherMatch>])[] = [
  ['tos', tos],
  ['dscp', dscp],
  ['owner', owner],
  ['connlimit', connlimit],
  ['recent', recent],
  ['string', string],
  ['time', time],
  ['u32', u32],
]
