/**
 * Building and comparing rules. The engine and the command line both make their rules here, so that a rule reads
 * the same whoever wrote it. iptables(8).
 */
import { maskOf, parsePrefix } from '../../wire/ipv4-address.ts'
import type {
  Cidr,
  ConntrackStateName,
  InterfaceName,
  Match,
  Negatable,
  PortRange,
  Rule,
  Target,
} from './types.ts'

/** A rule in words: `!` in front negates, as in `{ source: '172.17.0.0/16', outputInterface: '!docker0' }`. */
export interface RuleSpec {
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | '!tcp' | '!udp' | '!icmp'
  readonly source?: string
  readonly destination?: string
  readonly inputInterface?: string
  readonly outputInterface?: string
  readonly matches?: readonly Match[]
  readonly target?: Target
}

const PROTOCOL_NUMBERS = { tcp: 6, udp: 17, icmp: 1 } as const

export function rule(spec: RuleSpec): Rule {
  return {
    protocol: negatable(spec.protocol, (name) => PROTOCOL_NUMBERS[name as 'tcp' | 'udp' | 'icmp']),
    source: negatable(spec.source, cidr),
    destination: negatable(spec.destination, cidr),
    source6: null,
    destination6: null,
    inputInterface: negatable(spec.inputInterface, interfaceName),
    outputInterface: negatable(spec.outputInterface, interfaceName),
    fragment: null,
    matches: spec.matches ?? [],
    target: spec.target ?? null,
    counter: { packets: 0, bytes: 0 },
  }
}

function negatable<T>(text: string | undefined, read: (text: string) => T): Negatable<T> | null {
  if (text === undefined) return null
  const not = text.startsWith('!')
  return { not, value: read(not ? text.slice(1) : text) }
}

/** `172.17.0.0/16` or `172.17.0.2`; what is neither is a mistake in the calling code. */
export function cidr(text: string): Cidr {
  const prefix = parsePrefix(text.includes('/') ? text : `${text}/32`)
  if (prefix === null) throw new Error(`not a prefix: ${text}`)
  const mask = maskOf(prefix.length)
  return { address: (prefix.address & mask) >>> 0, mask }
}

export function interfaceName(text: string): InterfaceName {
  return text.endsWith('+') ? { name: text.slice(0, -1), wildcard: true } : { name: text, wildcard: false }
}

/** `-m tcp --dport 80` */
export function portMatch(
  kind: 'tcp' | 'udp',
  ports: { readonly source?: number; readonly destination?: number },
): Match {
  return {
    kind,
    sourcePorts: ports.source === undefined ? null : { not: false, value: port(ports.source) },
    destinationPorts: ports.destination === undefined ? null : { not: false, value: port(ports.destination) },
    flags: null,
  }
}

export function port(number: number): PortRange {
  return { from: number, to: number }
}

/** `-m conntrack --ctstate RELATED,ESTABLISHED` */
export function stateMatch(...states: readonly ConntrackStateName[]): Match {
  return { kind: 'conntrack', states: { not: false, value: states } }
}

/** `-m addrtype --dst-type LOCAL`, `--src-type LOCAL` */
export function localMatch(side: 'source' | 'destination'): Match {
  const local = { not: false, value: ['LOCAL'] } as const
  return {
    kind: 'addrtype',
    source: side === 'source' ? local : null,
    destination: side === 'destination' ? local : null,
    limitIn: false,
    limitOut: false,
  }
}

export function jump(chain: string): Target {
  return { kind: 'chain', chain, goto: false }
}

/** `-j DNAT --to-destination 172.17.0.2:80` */
export function natTo(kind: 'DNAT' | 'SNAT', address: number | null, toPort: number | null): Target {
  return {
    kind,
    range: { from: address, to: address, ports: toPort === null ? null : port(toPort), random: false },
  }
}

export const MASQUERADE: Target = { kind: 'MASQUERADE', ports: null, random: false }

/** Fields that change while a rule is at work are no part of what it says. */
function sayings(name: string, value: unknown): unknown {
  return name === 'counter' || name === 'credit' || (name === 'count' && typeof value === 'object')
    ? undefined
    : value
}

/** Whether two rules say the same, whatever they have counted. */
export function sameRule(x: Rule, y: Rule): boolean {
  return sameValue(x, y)
}

function sameValue(x: unknown, y: unknown): boolean {
  if (x === y) return true
  if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false
  const left = x as Record<string, unknown>
  const right = y as Record<string, unknown>
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => sameValue(sayings(key, left[key]), sayings(key, right[key])))
}

/** While no rule of a namespace needs tracking, nothing is tracked there (nf_ct_netns_get in the checks of xt_*). */
export function needsTracking(rule: Rule): boolean {
  const kind = rule.target?.kind
  if (kind === 'DNAT' || kind === 'SNAT' || kind === 'MASQUERADE' || kind === 'REDIRECT') return true
  if (kind === 'CONNMARK') return true
  return rule.matches.some(
    (m) => m.kind === 'conntrack' || m.kind === 'state' || m.kind === 'connmark' || m.kind === 'connlimit',
  )
}
