/**
 * Targets as iptables words them: as options (`-S`, iptables-save) and as remarks in a listing (`-L`).
 * iptables/extensions/libxt_*.c and libipt_*.c, `save` and `print`.
 */
import type { NatRange, PortRange, RandomPorts, Target } from '../../sim/kernel/netfilter/types.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { TOS_NAMES } from './further-names.ts'
import { hex, quoted } from './match-text.ts'
import { logLevelName } from './names.ts'

const WARNING = 4
const FULL_MASK = 0xffffffff

type Kind<K extends Target['kind']> = Extract<Target, { kind: K }>

/** The name in the column `target`. */
export function targetName(target: Target | null): string {
  if (target === null) return ''
  if (target.kind === 'chain') return target.chain
  return target.kind === 'NOTRACK' ? 'CT' : target.kind
}

export function portsText(ports: PortRange): string {
  return ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`
}

/** `10.0.0.1-10.0.0.3:80-90` */
export function rangeText(range: NatRange): string {
  const from = range.from === null ? '' : formatIp(range.from)
  const to = range.to === null || range.to === range.from ? '' : `-${formatIp(range.to)}`
  const isBracketed = typeof range.from === 'string' && range.ports !== null
  return `${isBracketed ? `[${from}${to}]` : `${from}${to}`}${range.ports === null ? '' : `:${portsText(range.ports)}`}`
}

function randomWord(random: RandomPorts): string[] {
  return random === false ? [] : [random === 'fully' ? 'random-fully' : 'random']
}

function natFlags(range: NatRange): string[] {
  return [...randomWord(range.random), ...(range.persistent === true ? ['persistent'] : [])]
}

const flagOptions = (flags: readonly string[]) => flags.map((flag) => `--${flag}`)

function connmarkOptions(target: Kind<'CONNMARK'>): string[] {
  const mask = hex(target.mask)
  if (target.operation === 'set') return [`--set-xmark ${hex(target.value)}/${mask}`]
  return [`--${target.operation}-mark --nfmask ${mask} --ctmask ${mask}`]
}

function optionsOf(target: Target): string[] {
  switch (target.kind) {
    case 'REJECT':
      return [`--reject-with ${target.with}`]
    case 'LOG':
      return [
        ...(target.prefix === '' ? [] : [`--log-prefix ${quoted(target.prefix)}`]),
        ...(target.level === WARNING ? [] : [`--log-level ${target.level}`]),
        ...logFlags(target).map((name) => `--log-${name}`),
      ]
    case 'MARK':
      return [`--set-xmark ${hex(target.value)}/${hex(target.mask)}`]
    case 'CONNMARK':
      return connmarkOptions(target)
    case 'DNAT':
      return [`--to-destination ${rangeText(target.range)}`, ...flagOptions(natFlags(target.range))]
    case 'SNAT':
      return [`--to-source ${rangeText(target.range)}`, ...flagOptions(natFlags(target.range))]
    case 'MASQUERADE':
    case 'REDIRECT':
      return [
        ...(target.ports === null ? [] : [`--to-ports ${portsText(target.ports)}`]),
        ...flagOptions(randomWord(target.random)),
      ]
    case 'TCPMSS':
      return [target.size === 'clamp' ? '--clamp-mss-to-pmtu' : `--set-mss ${target.size}`]
    case 'CT':
      return ['--notrack']
    case 'TTL':
    case 'HL':
      return [`--${target.kind.toLowerCase()}-${target.operation} ${target.value}`]
    case 'TOS':
      return [`--set-tos ${hex2(target.value)}/${hex2(target.mask)}`]
    case 'DSCP':
      return [`--set-dscp ${hex2(target.value)}`]
    case 'CLASSIFY':
      return [`--set-class ${hex4(target.major)}:${hex4(target.minor)}`]
    default:
      return []
  }
}

/** `-j DNAT --to-destination 172.17.0.2:80` */
export function targetOptions(target: Target): string {
  if (target.kind === 'chain') return `${target.goto ? '-g' : '-j'} ${target.chain}`
  return ['-j', target.kind, ...optionsOf(target)].join(' ')
}

function markRemark(value: number, mask: number): string {
  if (value === 0) return `and ${hex(~mask >>> 0)}`
  if (value === mask) return `or ${hex(value)}`
  if (mask === 0) return `xor ${hex(value)}`
  return mask === FULL_MASK ? `set ${hex(value)}` : `xset ${hex(value)}/${hex(mask)}`
}

function connmarkRemark(target: Kind<'CONNMARK'>): string {
  if (target.operation === 'set') return `CONNMARK ${markRemark(target.value, target.mask)}`
  return `CONNMARK ${target.operation}${target.mask === FULL_MASK ? '' : ` mask ${hex(target.mask)}`}`
}

const hex2 = (value: number) => `0x${value.toString(16).padStart(2, '0')}`
const hex4 = (value: number) => value.toString(16).padStart(4, '0')

/** The line with a name has two spaces before and none after `set`: so the tool prints it. */
function tosRemark({ value, mask }: Kind<'TOS'>, numeric: boolean): string {
  if (numeric) return `TOS set ${hex2(value)}/${hex2(mask)}`
  const name = mask === 0x3f ? TOS_NAMES.find(([known]) => known === value)?.[1] : undefined
  if (name !== undefined) return ` TOS set${name}`
  if (mask === 0) return `TOS xor ${hex2(value)}`
  if (value === 0) return `TOS and ${hex2(~mask & 255)}`
  return value === mask ? `TOS or ${hex2(value)}` : `TOS set ${hex2(value)}/${hex2(mask)}`
}

const LOG_FLAGS = [
  [1, 'tcp-sequence'],
  [2, 'tcp-options'],
  [4, 'ip-options'],
  [8, 'uid'],
  [32, 'macdecode'],
] as const

function logFlags(target: Kind<'LOG'>): string[] {
  return LOG_FLAGS.filter(([bit]) => ((target.flags ?? 0) & bit) !== 0).map(([, name]) => name)
}

function logRemark(target: Kind<'LOG'>, numeric: boolean): string {
  const names = [`level ${logLevelName(target.level)}`, ...logFlags(target)].join(' ')
  const level = numeric ? `flags ${target.flags ?? 0} level ${target.level}` : names
  return `LOG ${level}${target.prefix === '' ? '' : ` prefix "${target.prefix}"`}`
}

/** What a listing says of a target after the matches; empty: nothing. */
export function targetRemark(target: Target | null, numeric: boolean): string {
  switch (target?.kind) {
    case 'REJECT':
      return `reject-with ${target.with}`
    case 'LOG':
      return logRemark(target, numeric)
    case 'MARK':
      return `MARK ${markRemark(target.value, target.mask)}`
    case 'CONNMARK':
      return connmarkRemark(target)
    case 'DNAT':
    case 'SNAT':
      return [`to:${rangeText(target.range)}`, ...natFlags(target.range)].join(' ')
    case 'MASQUERADE':
      return [
        ...(target.ports === null ? [] : [`masq ports: ${portsText(target.ports)}`]),
        ...randomWord(target.random),
      ].join(' ')
    case 'REDIRECT':
      return [
        ...(target.ports === null ? [] : [`redir ports ${portsText(target.ports)}`]),
        ...randomWord(target.random),
      ].join(' ')
    case 'TCPMSS':
      return target.size === 'clamp' ? 'TCPMSS clamp to PMTU' : `TCPMSS set ${target.size}`
    case 'NOTRACK':
      return 'NOTRACK'
    case 'CT':
      return 'CT notrack'
    case 'TTL':
    case 'HL': {
      const words = { set: 'set to', dec: 'decrement by', inc: 'increment by' }
      return `${target.kind} ${words[target.operation]} ${target.value}`
    }
    case 'TOS':
      return tosRemark(target, numeric)
    case 'DSCP':
      return `DSCP set ${hex2(target.value)}`
    case 'CLASSIFY':
      return `CLASSIFY set ${target.major.toString(16)}:${target.minor.toString(16)}`
    default:
      return ''
  }
}
