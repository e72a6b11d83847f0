/** Matches of `further-types.ts` as iptables words them. iptables/extensions/libxt_*.c, `save` and `print`. */
import type { FurtherMatch, IdRange, TimeMatch, U32Test } from '../../sim/kernel/netfilter/further-types.ts'
import { TOS_NAMES, userName } from './further-names.ts'

type Kind<K extends FurtherMatch['kind']> = Extract<FurtherMatch, { kind: K }>

const hex2 = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`
const hex = (value: number): string => `0x${value.toString(16)}`
const not = (value: boolean): string => (value ? '! ' : '')
const idText = ({ from, to }: IdRange): string => (from === to ? String(from) : `${from}-${to}`)

const NEVER = 0x7fffffff
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const two = (value: number): string => String(value).padStart(2, '0')

function clock(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

function dateText(seconds: number, separator: string): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', separator)
}

function timeOptions(match: TimeMatch): string[] {
  const { dayStart, dayStop, dateStart, dateStop, monthDays, weekDays } = match
  return [
    ...(dayStart === 0 && dayStop === 86_399
      ? []
      : [`--timestart ${clock(dayStart)} --timestop ${clock(dayStop)}`]),
    ...(monthDays.length === 0 ? [] : [`--monthdays ${monthDays.join(',')}`]),
    ...(weekDays.length === 0 ? [] : [`--weekdays ${weekDays.map((day) => DAYS[day - 1]).join(',')}`]),
    ...(dateStart === 0 ? [] : [`--datestart ${dateText(dateStart, 'T')}`]),
    `--datestop ${dateText(dateStop, 'T')}`,
    ...(match.kernelZone ? ['--kerneltz'] : []),
    ...(match.contiguous ? ['--contiguous'] : []),
  ]
}

/** Also `11st`: the tool looks at the last digit only. */
const ordinal = (day: number): string => `${day}${['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'}`

function timeRemark(match: TimeMatch): string {
  const { dayStart, dayStop, dateStart, dateStop, monthDays, weekDays } = match
  return [
    'TIME',
    ...(dayStart === 0 && dayStop === 86_399 ? [] : [`from ${clock(dayStart)} to ${clock(dayStop)}`]),
    ...(weekDays.length === 0 ? [] : [`on ${weekDays.map((day) => DAYS[day - 1]).join(',')}`]),
    ...(monthDays.length === 0 ? [] : [`on ${monthDays.map(ordinal).join(',')}`]),
    ...(dateStart === 0 ? [] : [`starting from ${dateText(dateStart, ' ')}`]),
    ...(dateStop === NEVER ? [] : [`until date ${dateText(dateStop, ' ')}`]),
    ...(match.kernelZone ? [] : ['UTC']),
    ...(match.contiguous ? ['contiguous'] : []),
  ].join(' ')
}

function u32Text(tests: readonly U32Test[]): string {
  return tests
    .map(({ steps, ranges }) => {
      const place = steps
        .map(({ operation, number }) => `${operation === 'start' ? '' : operation}${hex(number)}`)
        .join('')
      const values = ranges.map(({ from, to }) => (from === to ? hex(from) : `${hex(from)}:${hex(to)}`))
      return `${place}=${values.join(',')}`
    })
    .join('&&')
}

function pattern({ bytes, isHex }: Kind<'string'>): string {
  if (isHex) return `"|${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}|"`
  const text = bytes.map((byte) => String.fromCharCode(byte)).join('')
  return `"${text.replace(/["\\]/g, (sign) => `\\${sign}`)}"`
}

function recentOptions(match: Kind<'recent'>): string[] {
  return [
    `${not(match.not)}--${match.operation}`,
    ...(match.seconds === 0 ? [] : [`--seconds ${match.seconds}`]),
    ...(match.reap ? ['--reap'] : []),
    ...(match.hitCount === 0 ? [] : [`--hitcount ${match.hitCount}`]),
    ...(match.ttl ? ['--rttl'] : []),
    `--name ${match.name} --mask ${match.mask}`,
    match.side === 'dest' ? '--rdest' : '--rsource',
  ]
}

const OPERATION_WORDS = { set: 'SET', rcheck: 'CHECK', update: 'UPDATE', remove: 'REMOVE' } as const

function recentRemark(match: Kind<'recent'>): string {
  return [
    `${not(match.not)}recent: ${OPERATION_WORDS[match.operation]}`,
    ...(match.seconds === 0 ? [] : [`seconds: ${match.seconds}`]),
    ...(match.reap ? ['reap'] : []),
    ...(match.hitCount === 0 ? [] : [`hit_count: ${match.hitCount}`]),
    ...(match.ttl ? ['TTL-Match'] : []),
    `name: ${match.name} side: ${match.side} mask: ${match.mask}`,
  ].join(' ')
}

function ownerOptions({ user, group, exists }: Kind<'owner'>): string[] {
  return [
    ...(exists === null ? [] : [`${not(exists.not)}--socket-exists`]),
    ...(user === null ? [] : [`${not(user.not)}--uid-owner ${idText(user.value)}`]),
    ...(group === null ? [] : [`${not(group.not)}--gid-owner ${idText(group.value)}`]),
  ]
}

function ownerRemark({ user, group, exists }: Kind<'owner'>, numeric: boolean): string {
  const name = (range: IdRange): string =>
    (numeric || range.from !== range.to ? undefined : userName(range.from)) ?? idText(range)
  return [
    ...(exists === null ? [] : [`${not(exists.not)}owner socket exists`]),
    ...(user === null ? [] : [`${not(user.not)}owner UID match ${name(user.value)}`]),
    ...(group === null ? [] : [`${not(group.not)}owner GID match ${name(group.value)}`]),
  ].join(' ')
}

function stringTail(match: Kind<'string'>, words: readonly [string, string, string]): string[] {
  return [
    ...(match.from === 0 ? [] : [`${words[0]} ${match.from}`]),
    ...(match.to === 0xffff ? [] : [`${words[1]} ${match.to}`]),
    ...(match.ignoreCase ? [words[2]] : []),
  ]
}

/** What follows `-m NAME`. */
export function furtherOptions(match: FurtherMatch): string[] {
  switch (match.kind) {
    case 'tos':
      return [`${not(match.not)}--tos ${hex2(match.value)}/${hex2(match.mask)}`]
    case 'dscp':
      return [`${not(match.not)}--dscp ${hex2(match.value)}`]
    case 'owner':
      return ownerOptions(match)
    case 'connlimit':
      return [
        `--connlimit-${match.above ? 'above' : 'upto'} ${match.limit} --connlimit-mask ${match.length}`,
        match.side === 'destination' ? '--connlimit-daddr' : '--connlimit-saddr',
      ]
    case 'recent':
      return recentOptions(match)
    case 'string':
      return [
        `${not(match.not)}--${match.isHex ? 'hex-string' : 'string'} ${pattern(match)} --algo ${match.algorithm}`,
        ...stringTail(match, ['--from', '--to', '--icase']),
      ]
    case 'time':
      return timeOptions(match)
    case 'u32':
      return [`${not(match.not)}--u32 "${u32Text(match.tests)}"`]
  }
}

function tosRemark({ value, mask, not: isNot }: Kind<'tos'>, numeric: boolean): string {
  const name = numeric || mask !== 0x3f ? undefined : TOS_NAMES.find(([known]) => known === value)?.[1]
  if (name !== undefined) return `tos match${isNot ? '!' : ''} ${name}`
  return `tos match${isNot ? '!' : ''}${hex2(value)}/${hex2(mask)}`
}

/** In a listing. */
export function furtherRemark(match: FurtherMatch, numeric: boolean): string {
  switch (match.kind) {
    case 'tos':
      return tosRemark(match, numeric)
    case 'dscp':
      return `DSCP match ${match.not ? '!' : ''}${hex2(match.value)}`
    case 'owner':
      return ownerRemark(match, numeric)
    case 'connlimit':
      return `#conn ${match.side === 'destination' ? 'dst' : 'src'}/${match.length} ${match.above ? '>' : '<='} ${match.limit}`
    case 'recent':
      return recentRemark(match)
    case 'string': {
      const head = `STRING match  ${not(match.not)}${pattern(match)} ALGO name ${match.algorithm}`
      return [
        match.not ? head.replace('  !', ' !') : head,
        ...stringTail(match, ['FROM', 'TO', 'ICASE']),
      ].join(' ')
    }
    case 'time':
      return timeRemark(match)
    case 'u32':
      return `u32 ${not(match.not)}"${u32Text(match.tests)}"`
  }
}

/** As nft shows it: what has no translation is named. */
export function furtherExpression(match: FurtherMatch): string {
  if (match.kind === 'dscp') return `ip dscp ${match.not ? '!= ' : ''}${hex2(match.value)}`
  if (match.kind === 'owner' && match.exists === null) {
    const single = (range: IdRange): boolean => range.from === range.to
    const { user, group } = match
    if ([user, group].every((one) => one === null || single(one.value)))
      return [
        ...(user === null ? [] : [`skuid ${user.not ? '!= ' : ''}${user.value.from}`]),
        ...(group === null ? [] : [`skgid ${group.not ? '!= ' : ''}${group.value.from}`]),
      ].join(' ')
  }
  if (match.kind === 'time') return timeExpression(match)
  return `xt match ${match.kind}`
}

function timeExpression(match: TimeMatch): string {
  const { dayStart, dayStop, dateStart, dateStop, monthDays, weekDays } = match
  if (monthDays.length > 0 || match.kernelZone) return 'xt match time'
  const days = weekDays.map((day) => day % 7).join(', ')
  const hasDates = dateStart !== 0 || dateStop !== NEVER
  return [
    hasDates ? `meta time "${dateText(dateStart, ' ')}"-"${dateText(dateStop, ' ')}"` : '',
    ...(dayStart === 0 && dayStop === 86_399 ? [] : [`meta hour "${clock(dayStart)}"-"${clock(dayStop)}"`]),
    ...(weekDays.length === 0 ? [] : [`meta day ${weekDays.length === 1 ? days : `{ ${days} }`}`]),
  ].join(' ')
}
