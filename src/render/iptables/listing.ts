/**
 * `iptables -L`, `-S`, and the line that `-v` prints of a rule just added.
 * iptables/nft-shared.c (print_rule_details), nft.c (nft_rule_list), xshared.c (print_header, print_rule).
 */
import type { Chain, Cidr, Cidr6, Counter, Negatable, Rule } from '../../sim/kernel/netfilter/types.ts'
import { formatIpv4, lengthOf } from '../../sim/wire/ipv4-address.ts'
import { matchRemark } from './match-text.ts'
import { protocolName, shortProtocolName } from './names.ts'
import { cidr6Text, interfaceText, ruleText } from './rule-text.ts'
import { targetName, targetRemark } from './target-text.ts'

export interface ListedChain {
  readonly chain: Chain
  /** Rules that jump here; shown for a chain of the user's. */
  readonly references: number
}

export interface ListingStyle {
  readonly family: 4 | 6
  readonly numeric: boolean
  readonly verbose: boolean
  readonly exact: boolean
  readonly lineNumbers: boolean
  /** Name of a host address or of a network, if it has one. */
  readonly hostName: (address: number) => string | undefined
}

const NETWORK_NAMES: ReadonlyMap<number, string> = new Map([
  [0x7f000000, 'loopback'],
  [0xa9fe0000, 'link-local'],
])

/** Counters in five columns: from 100,000 on in thousands, millions … */
export function countText(value: number, exact: boolean): string {
  if (exact) return `${String(value).padStart(8)} `
  if (value <= 99_999) return `${String(value).padStart(5)} `
  let scaled = value
  for (const unit of ['K', 'M', 'G']) {
    scaled = Math.floor((scaled + 500) / 1000)
    if (scaled <= 9999) return `${String(scaled).padStart(4)}${unit} `
  }
  return `${String(Math.floor((scaled + 500) / 1000)).padStart(4)}T `
}

function policyCounters(counter: Counter, exact: boolean): string {
  const packets = countText(counter.packets, exact).trim()
  return ` ${packets} packets, ${countText(counter.bytes, exact).trim()} bytes`
}

function chainHeading(listed: ListedChain, style: ListingStyle): string {
  const { chain, references } = listed
  if (chain.hook === null) return `Chain ${chain.name} (${references} references)\n`
  const counters = style.verbose ? policyCounters(chain.policyCounter, style.exact) : ''
  return `Chain ${chain.name} (policy ${chain.policy ?? 'ACCEPT'}${counters})\n`
}

function columnHeading(style: ListingStyle): string {
  const counts = style.exact ? '    pkts      bytes ' : ' pkts bytes '
  return [
    style.lineNumbers ? 'num  ' : '',
    style.verbose ? counts : '',
    `${'target'.padEnd(9)}  prot opt`,
    style.verbose ? ` ${'in'.padEnd(6)} ${'out'.padEnd(6)}  ` : ' ',
    `${'source'.padEnd(19)}  ${'destination'.padEnd(19)} \n`,
  ].join('')
}

function addressText(value: Negatable<Cidr> | null, style: ListingStyle): string {
  if (value === null || value.value.mask === 0) return style.numeric ? '0.0.0.0/0' : 'anywhere'
  const { address, mask } = value.value
  const length = lengthOf(mask)
  const host = style.numeric ? undefined : style.hostName(address)
  const network = style.numeric ? undefined : NETWORK_NAMES.get(address)
  const name = host ?? network ?? formatIpv4(address)
  return length === 32 ? name : `${name}/${length ?? formatIpv4(mask)}`
}

function address6Text(value: Negatable<Cidr6> | null, style: ListingStyle): string {
  if (value === null || value.value.length === 0) return style.numeric ? '::/0' : 'anywhere'
  return value.value.length === 128 ? value.value.address : cidr6Text(value.value)
}

function sides(rule: Rule, style: ListingStyle): readonly [string, string] {
  const sign = (value: Negatable<unknown> | null) => (value?.not === true ? '!' : ' ')
  if (style.family === 6)
    return [
      sign(rule.source6) + address6Text(rule.source6, style).padEnd(19),
      sign(rule.destination6) + address6Text(rule.destination6, style).padEnd(19),
    ]
  return [
    sign(rule.source) + addressText(rule.source, style).padEnd(19),
    sign(rule.destination) + addressText(rule.destination, style).padEnd(19),
  ]
}

function protocolText(rule: Rule, numeric: boolean): string {
  const protocol = rule.protocol
  if (protocol === null) return ` ${(numeric ? '0' : 'all').padEnd(4)} `
  const name = numeric ? String(protocol.value) : protocolName(protocol.value)
  return `${protocol.not ? '!' : ' '}${name.padEnd(4)} `
}

function deviceText(value: Rule['inputInterface'], numeric: boolean): string {
  if (value === null) return numeric ? '*' : 'any'
  return `${value.not ? '!' : ''}${interfaceText(value.value)}`
}

function fragmentText(rule: Rule): string {
  return rule.fragment === null ? '--' : rule.fragment.not ? '!f' : '-f'
}

function remarks(rule: Rule, numeric: boolean): string[] {
  const protocol = rule.protocol?.value === 17 ? 'udp' : 'tcp'
  const words = rule.matches.map((match) => matchRemark(match, numeric, protocol))
  return [...words, targetRemark(rule.target, numeric)].filter((text) => text !== '')
}

export function ruleLine(rule: Rule, number: number, style: ListingStyle): string {
  const { numeric, verbose, exact } = style
  const [source, destination] = sides(rule, style)
  const bytes = exact ? `${String(rule.counter.bytes).padStart(8)} ` : countText(rule.counter.bytes, false)
  const devices = verbose
    ? ` ${deviceText(rule.inputInterface, numeric).padEnd(6)} ${deviceText(rule.outputInterface, numeric).padEnd(6)} `
    : ''
  return [
    style.lineNumbers ? `${String(number).padEnd(4)} ` : '',
    verbose ? countText(rule.counter.packets, exact) + bytes : '',
    `${targetName(rule.target).padEnd(9)} `,
    protocolText(rule, numeric),
    `${fragmentText(rule)} `,
    devices,
    `${source} ${destination} `,
    rule.target?.kind === 'chain' && rule.target.goto ? '[goto] ' : '',
    remarks(rule, numeric)
      .map((text) => ` ${text}`)
      .join(''),
    '\n',
  ].join('')
}

export function chainListing(listed: ListedChain, style: ListingStyle): string {
  const rules = listed.chain.rules.map((rule, i) => ruleLine(rule, i + 1, style))
  return chainHeading(listed, style) + columnHeading(style) + rules.join('')
}

export function tableListing(chains: readonly ListedChain[], style: ListingStyle): string {
  return chains.map((chain) => chainListing(chain, style)).join('\n')
}

/** `-S`: policies, then chains of the user's, then rules. */
export function ruleListing(chains: readonly ListedChain[], counters: boolean): string {
  const heads = chains.map(({ chain }) => {
    if (chain.hook === null) return `-N ${chain.name}\n`
    const { packets, bytes } = chain.policyCounter
    return `-P ${chain.name} ${chain.policy ?? 'ACCEPT'}${counters ? ` -c ${packets} ${bytes}` : ''}\n`
  })
  const rules = chains.flatMap(({ chain }) =>
    chain.rules.map((rule) => `${ruleText(chain.name, rule, counters)}\n`),
  )
  return [...heads, ...rules].join('')
}

/** `-v -A …` echoes the rule without columns: `DROP  tcp opt -- in eth0 out *  0.0.0.0/0  -> 0.0.0.0/0   tcp dpt:80`. */
export function ruleEcho(rule: Rule, family: 4 | 6): string {
  const style: ListingStyle = {
    family,
    numeric: true,
    verbose: true,
    exact: false,
    lineNumbers: false,
    hostName: () => undefined,
  }
  const sign = (value: Negatable<unknown> | null) => (value?.not === true ? '!' : ' ')
  const [from, to] = sides(rule, style).map((text) => text.slice(1).trimEnd())
  const protocol = rule.protocol === null ? 'all' : shortProtocolName(rule.protocol.value)
  const not = rule.protocol?.not === true ? '!' : ' '
  const source = family === 6 ? rule.source6 : rule.source
  const destination = family === 6 ? rule.destination6 : rule.destination
  return [
    `${targetName(rule.target)} ${not}${protocol} opt ${fragmentText(rule)} `,
    `in ${deviceText(rule.inputInterface, true)} out ${deviceText(rule.outputInterface, true)} `,
    `${sign(source)}${from} ${sign(destination)}-> ${to} `,
    ` ${remarks(rule, true)
      .map((text) => ` ${text}`)
      .join('')}\n`,
  ].join('')
}
