/** A rule while its options are being read: what was given, and which extensions are at work. iptables/xshared.c. */
import { protocolNumber } from '../../render/iptables/names.ts'
import { interfaceName } from '../../sim/kernel/netfilter/rules.ts'
import type { Cidr, Cidr6, Match, Negatable, Rule, Target } from '../../sim/kernel/netfilter/types.ts'
import { NotModelled, UsageError } from './errors.ts'
import type { Extension, Given } from './match-options.ts'
import { MATCHES, REAL_MATCHES } from './match-options.ts'
import { REAL_TARGETS, targetsOf } from './target-options.ts'
import { parseCidr, parseCidr6 } from './values.ts'

/** An extension with the options it was given. */
export interface Loaded<T> {
  readonly name: string
  readonly extension: Extension<T>
  readonly given: Map<string, Given>
}

export interface RuleDraft {
  readonly family: 4 | 6
  protocol: Negatable<number> | null
  protocolText: string
  /** `-s a,b`: one rule for each. */
  sources: Negatable<string> | null
  destinations: Negatable<string> | null
  input: Negatable<string> | null
  output: Negatable<string> | null
  fragment: Negatable<true> | null
  matches: Loaded<Match>[]
  jump: { readonly to: string; readonly goto: boolean } | null
  target: Loaded<Target> | null
  counters: { packets: number; bytes: number }
}

export function newDraft(family: 4 | 6): RuleDraft {
  return {
    family,
    protocol: null,
    protocolText: '',
    sources: null,
    destinations: null,
    input: null,
    output: null,
    fragment: null,
    matches: [],
    jump: null,
    target: null,
    counters: { packets: 0, bytes: 0 },
  }
}

export function setProtocol(draft: RuleDraft, not: boolean, text: string): void {
  const number = protocolNumber(text)
  if (number === null) throw new UsageError(`unknown protocol "${text}" specified`)
  if (number === 0 && not) throw new UsageError('rule would never match protocol')
  draft.protocolText = text.toLowerCase()
  draft.protocol = number === 0 ? null : { not, value: number }
}

export function loadMatch(draft: RuleDraft, name: string): void {
  const extension = MATCHES.get(name)
  if (extension === undefined) {
    if (REAL_MATCHES.has(name)) throw new NotModelled(`iptables -m ${name}`)
    throw new UsageError(`Couldn't load match \`${name}':No such file or directory\n`)
  }
  draft.matches.push({ name, extension, given: new Map() })
}

/** `-j`: a target, or else the name of a chain. */
export function setJump(draft: RuleDraft, to: string, goto: boolean): void {
  if (draft.jump !== null) throw new UsageError(`multiple -j flags not allowed`)
  draft.jump = { to, goto }
  const extension = goto ? undefined : targetsOf(draft.family).get(to)
  if (extension === undefined && REAL_TARGETS.has(to)) throw new NotModelled(`iptables -j ${to}`)
  draft.target = extension === undefined ? null : { name: to, extension, given: new Map() }
}

/** The match that `-p` alone brings in when one of its options turns up; false: there is none. */
export function loadProtocolMatch(draft: RuleDraft): boolean {
  const number = draft.protocol?.value
  const name =
    number === 6 ? 'tcp' : number === 17 ? 'udp' : number === 1 ? 'icmp' : number === 58 ? 'icmp6' : null
  if (name === null || draft.protocol?.not === true) return false
  if (draft.matches.some((match) => match.name === name)) return false
  loadMatch(draft, name)
  return true
}

const IPV6_ICMP = 58

function cidrs<T>(given: Negatable<string> | null, any: (value: T) => boolean, read: (text: string) => T) {
  if (given === null) return [null]
  const words = given.value.split(',')
  if (given.not && words.length > 1)
    throw new UsageError('! not allowed with multiple source or destination IP addresses')
  return words.map((word): Negatable<T> | null => {
    const value = read(word)
    return any(value) && !given.not ? null : { not: given.not, value }
  })
}

function device(given: Negatable<string> | null): Rule['inputInterface'] {
  if (given === null || given.value === '+') return null
  return { not: given.not, value: interfaceName(given.value) }
}

function targetOf(draft: RuleDraft, protocol: number): Target | null {
  if (draft.target !== null) return draft.target.extension.build(draft.target.given, protocol)
  return draft.jump === null ? null : { kind: 'chain', chain: draft.jump.to, goto: draft.jump.goto }
}

/** One rule for each pair of addresses. */
export function finishDraft(draft: RuleDraft): Rule[] {
  const protocol = draft.protocol === null || draft.protocol.not ? 0 : draft.protocol.value
  if (draft.family === 4 && draft.protocol?.value === IPV6_ICMP)
    throw new UsageError('ICMPv6 is only supported with ip6tables')
  const common = {
    protocol: draft.protocol,
    inputInterface: device(draft.input),
    outputInterface: device(draft.output),
    fragment: draft.fragment,
  }
  const build = () => ({
    matches: draft.matches.map(({ extension, given }) => extension.build(given, protocol)),
    target: targetOf(draft, protocol),
    counter: { ...draft.counters },
  })
  const pairs = draft.family === 4 ? pairs4(draft) : pairs6(draft)
  return pairs.map((pair) => ({ ...common, ...pair, ...build() }))
}

type Sides = Pick<Rule, 'source' | 'destination' | 'source6' | 'destination6'>

function pairs4(draft: RuleDraft): Sides[] {
  const isAny = (cidr: Cidr) => cidr.mask === 0
  const sources = cidrs<Cidr>(draft.sources, isAny, parseCidr)
  const destinations = cidrs<Cidr>(draft.destinations, isAny, parseCidr)
  return sources.flatMap((source) =>
    destinations.map((destination) => ({ source, destination, source6: null, destination6: null })),
  )
}

function pairs6(draft: RuleDraft): Sides[] {
  const isAny = (cidr: Cidr6) => cidr.length === 0
  const sources = cidrs<Cidr6>(draft.sources, isAny, parseCidr6)
  const destinations = cidrs<Cidr6>(draft.destinations, isAny, parseCidr6)
  return sources.flatMap((source6) =>
    destinations.map((destination6) => ({ source: null, destination: null, source6, destination6 })),
  )
}
