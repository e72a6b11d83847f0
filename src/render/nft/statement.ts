/** Targets of iptables-nft as nft shows them. nftables src/xt.c, iptables/extensions/*.c (`xlate`). */
import type { RandomPorts, Target } from '../../sim/kernel/netfilter/types.ts'
import { logLevelName } from '../iptables/names.ts'
import { portsText, rangeText } from '../iptables/target-text.ts'

const hex = (value: number) => `0x${value.toString(16)}`
const FULL_MASK = 0xffffffff
const WARNING = 4

const randomWord = (random: RandomPorts) =>
  random === false ? '' : random === 'fully' ? ' fully-random' : ' random'

function markStatement(target: Extract<Target, { kind: 'MARK' }>): string {
  const { value, mask } = target
  if (mask === FULL_MASK && value !== 0) return `meta mark set ${hex(value)}`
  if (value === 0) return `meta mark set ${mask === FULL_MASK ? '0x0' : `mark and ${hex(~mask >>> 0)}`}`
  if (value === mask) return `meta mark set mark or ${hex(value)}`
  if (mask === 0) return `meta mark set mark xor ${hex(value)}`
  return `meta mark set mark and ${hex(~mask >>> 0)} xor ${hex(value)}`
}

function connmarkStatement(target: Extract<Target, { kind: 'CONNMARK' }>): string {
  const { operation, value, mask } = target
  const masked = mask === FULL_MASK ? '' : ` and ${hex(mask)}`
  if (operation === 'save') return `ct mark set mark${masked}`
  if (operation === 'restore') return `meta mark set ct mark${masked}`
  if (mask === FULL_MASK) return `ct mark set ${hex(value)}`
  if (value === 0) return `ct mark set ct mark and ${hex(~mask >>> 0)}`
  if (value === mask) return `ct mark set ct mark or ${hex(value)}`
  if (mask === 0) return `ct mark set ct mark xor ${hex(value)}`
  return `ct mark set ct mark xor ${hex(value)} and ${hex(~mask >>> 0)}`
}

/** The translation is IPv6's also in a table of IPv4 (libxt_TOS.c, tos_xlate). */
function tosStatement({ value, mask }: Extract<Target, { kind: 'TOS' }>): string {
  const field = (bits: number) => `0x${(bits >> 2).toString(16).padStart(2, '0')}`
  if (mask === 0x3f || mask === 0xff) return `ip6 dscp set ${field(value)}`
  if (value === 0) return `ip6 dscp set ip6 dscp and ${field(~mask & 255)}`
  if (value === mask) return `ip6 dscp set ip6 dscp or ${field(value)}`
  if (mask === 0) return `ip6 dscp set ip6 dscp xor ${field(value)}`
  return 'xt target TOS'
}

function logFlags(flags: number): string {
  const tcp = [...((flags & 1) !== 0 ? ['sequence'] : []), ...((flags & 2) !== 0 ? ['options'] : [])]
  return [
    ...(tcp.length > 0 ? [` flags tcp ${tcp.join(',')}`] : []),
    ...((flags & 4) !== 0 ? [' flags ip options'] : []),
    ...((flags & 8) !== 0 ? [' flags skuid'] : []),
    ...((flags & 32) !== 0 ? [' flags ether'] : []),
  ].join('')
}

function logStatement(target: Extract<Target, { kind: 'LOG' }>): string {
  const prefix = target.prefix === '' ? '' : ` prefix "${target.prefix}"`
  const names: Readonly<Record<number, string>> = { 3: 'err' }
  const level = names[target.level] ?? logLevelName(target.level)
  return `log${prefix}${target.level === WARNING ? '' : ` level ${level}`}${logFlags(target.flags ?? 0)}`
}

function rejectStatement(kind: string): string {
  if (kind === 'icmp-port-unreachable' || kind === 'icmp6-port-unreachable') return 'reject'
  if (kind === 'tcp-reset') return 'reject with tcp reset'
  if (kind.startsWith('icmp6-')) return `reject with icmpv6 type ${kind.slice('icmp6-'.length)}`
  return `reject with icmp type ${kind.slice('icmp-'.length).replace('proto-', 'prot-')}`
}

/** Empty for a rule that only counts. */
export function targetStatement(target: Target | null): string {
  switch (target?.kind) {
    case undefined:
      return ''
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      return target.kind.toLowerCase()
    case 'chain':
      return `${target.goto ? 'goto' : 'jump'} ${target.chain}`
    case 'TRACE':
      return 'meta nftrace set 1'
    case 'NOTRACK':
    case 'CT':
      return 'notrack'
    case 'TTL':
    case 'HL':
      return `xt target ${target.kind}`
    case 'TOS':
      return tosStatement(target)
    case 'DSCP':
      return `ip dscp set 0x${target.value.toString(16).padStart(2, '0')}`
    case 'CLASSIFY':
      return `meta priority set ${target.major.toString(16)}:${target.minor.toString(16)}`
    case 'REJECT':
      return rejectStatement(target.with)
    case 'LOG':
      return logStatement(target)
    case 'MARK':
      return markStatement(target)
    case 'CONNMARK':
      return connmarkStatement(target)
    case 'DNAT':
    case 'SNAT': {
      const persistent = target.range.persistent === true ? ' persistent' : ''
      return `${target.kind.toLowerCase()} to ${rangeText(target.range)}${randomWord(target.range.random)}${persistent}`
    }
    case 'MASQUERADE':
    case 'REDIRECT': {
      const ports = target.ports === null ? '' : ` to :${portsText(target.ports)}`
      return `${target.kind.toLowerCase()}${ports}${randomWord(target.random)}`
    }
    case 'TCPMSS':
      return `tcp option maxseg size set ${target.size === 'clamp' ? 'rt mtu' : target.size}`
  }
}

/** Whether nft has it as a statement of its own; what has not makes it warn. */
export function isNativeTarget(target: Target | null): boolean {
  return target === null || ['ACCEPT', 'DROP', 'RETURN', 'TRACE', 'chain'].includes(target.kind)
}
