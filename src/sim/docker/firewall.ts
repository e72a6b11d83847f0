/**
 * The packet filter rules of the engine up to 27, built as data: what is added is removed from the same list.
 * Those of IPv6 say the same with other addresses; they are there only with `ip6tables`.
 * libnetwork firewall_linux.go, drivers/bridge/setup_ip_tables.go, iptables/iptables.go (20.10).
 */
import type { NetNamespace } from '../kernel/net-namespace.ts'
import {
  jump,
  localMatch,
  MASQUERADE,
  natTo,
  portMatch,
  type RuleSpec,
  rule,
  stateMatch,
} from '../kernel/netfilter/rules.ts'
import {
  appendRule,
  deleteChain,
  deleteRule,
  findChain,
  findRule,
  flushChain,
  insertRule,
  newChain,
  setPolicy,
} from '../kernel/netfilter/tables.ts'
import type { Rule, TableName, Target } from '../kernel/netfilter/types.ts'
import type { IpAddress } from '../wire/frame.ts'
import { familyOf, formatIp } from '../wire/ip-address.ts'
import { formatPrefix, networkOf } from '../wire/ipv4-address.ts'
import type { PublishedPort } from './endpoint.ts'
import type { BridgeSettings, Subnet, Subnet6 } from './network.ts'

/** A rule and where it goes: Docker inserts most of its rules at the top of the chain. */
export interface PlacedRule {
  readonly table: TableName
  readonly chain: string
  readonly place: 'top' | 'end'
  readonly rule: Rule
  readonly family?: 4 | 6
}

const STAGE1 = 'DOCKER-ISOLATION-STAGE-1'
const STAGE2 = 'DOCKER-ISOLATION-STAGE-2'
const USER = 'DOCKER-USER'

function placed(place: 'top' | 'end', table: TableName, chain: string, spec: RuleSpec): PlacedRule {
  return { table, chain, place, rule: ruleOf(spec) }
}

function ruleOf(spec: RuleSpec): Rule {
  const { source = '', destination = '', ...others } = spec
  if (!`${source}${destination}`.includes(':')) return rule(spec)
  return { ...rule(others), source6: cidr6(source), destination6: cidr6(destination) }
}

function cidr6(text: string): Rule['source6'] {
  if (text === '') return null
  const [address = '', length = '128'] = text.replace('!', '').split('/')
  return { not: text.startsWith('!'), value: { address, length: Number(length) } }
}

function inFamily(rules: readonly PlacedRule[], family: 4 | 6): PlacedRule[] {
  return family === 4 ? [...rules] : rules.map((one) => ({ ...one, family }))
}
const top = (table: TableName, chain: string, spec: RuleSpec): PlacedRule => placed('top', table, chain, spec)
const end = (table: TableName, chain: string, spec: RuleSpec): PlacedRule => placed('end', table, chain, spec)

const ACCEPT = { kind: 'ACCEPT' } as const
const DROP = { kind: 'DROP' } as const
const RETURN = { kind: 'RETURN' } as const

/** Chains and the jumps to them, as the daemon makes them when it starts. */
export function setUpChains(netns: NetNamespace, dropsForwarded: boolean, family: 4 | 6 = 4): void {
  newChain(netns, { table: 'nat', chain: 'DOCKER', family })
  for (const chain of ['DOCKER', STAGE1, STAGE2]) newChain(netns, { table: 'filter', chain, family })
  const returns = [end('filter', STAGE1, { target: RETURN }), end('filter', STAGE2, { target: RETURN })]
  ensureRules(netns, inFamily(returns, family))
  if (dropsForwarded) setPolicy(netns, { table: 'filter', chain: 'FORWARD', family }, 'DROP')
}

/** What a starting daemon does first: its chains are emptied, those that nothing leads to go. `removeIPChains` */
export function emptyChains(netns: NetNamespace, family: 4 | 6 = 4): void {
  removeRules(netns, [...sharedJumps(false, family), ...sharedJumps(true, family)])
  for (const [table, chain] of [
    ['nat', 'DOCKER'],
    ['filter', 'DOCKER'],
    ['filter', STAGE1],
    ['filter', STAGE2],
  ] as const) {
    if (findChain(netns, { table, chain, family }) === undefined) continue
    flushChain(netns, { table, chain, family })
    deleteChain(netns, { table, chain, family })
  }
}

/** Rules of one network that the other way of reaching published ports would have. */
export function otherRules(bridge: BridgeSettings, hairpin: boolean): PlacedRule[] {
  return hairpin ? [] : [fromLocal(bridge.name)]
}

/** Jumps that every bridge network needs; they are put in once. */
function sharedJumps(hairpin: boolean, family: 4 | 6): PlacedRule[] {
  const matches = [localMatch('destination')]
  const others = hairpin ? {} : { destination: family === 4 ? '!127.0.0.0/8' : '!::1/128' }
  const jumps = [
    end('nat', 'PREROUTING', { matches, target: jump('DOCKER') }),
    end('nat', 'OUTPUT', { ...others, matches, target: jump('DOCKER') }),
  ]
  return inFamily(jumps, family)
}

/** All rules of one bridge network, in the order of programming. */
export function bridgeRules(
  bridge: BridgeSettings,
  subnet: Subnet,
  internal: boolean,
  hairpin = false,
): PlacedRule[] {
  const prefix = formatPrefix({ address: networkOf(subnet.address, subnet.length), length: subnet.length })
  return internal ? internalRules(bridge.name, prefix, bridge.icc) : openRules(bridge, prefix, hairpin)
}

/** The same for its IPv6 subnet. */
export function bridgeRules6(
  bridge: BridgeSettings,
  subnet: Subnet6,
  internal: boolean,
  hairpin = false,
): PlacedRule[] {
  const prefix = `${subnet.address}/${subnet.length}`
  const rules = internal ? internalRules(bridge.name, prefix, bridge.icc) : openRules(bridge, prefix, hairpin)
  return inFamily(rules, 6)
}

function openRules(bridge: BridgeSettings, prefix: string, hairpin: boolean): PlacedRule[] {
  const name = bridge.name
  const masquerading = [
    top('nat', 'POSTROUTING', { source: prefix, outputInterface: `!${name}`, target: MASQUERADE }),
    ...(hairpin ? [] : [top('nat', 'DOCKER', { inputInterface: name, target: RETURN })]),
  ]
  return [
    ...(bridge.masquerade ? masquerading : []),
    ...(hairpin ? [fromLocal(name)] : []),
    betweenContainers(name, bridge.icc),
    top('filter', 'FORWARD', { inputInterface: name, outputInterface: `!${name}`, target: ACCEPT }),
    top('filter', 'FORWARD', { outputInterface: name, target: jump('DOCKER') }),
    top('filter', 'FORWARD', {
      outputInterface: name,
      matches: [stateMatch('RELATED', 'ESTABLISHED')],
      target: ACCEPT,
    }),
    top('filter', STAGE1, { inputInterface: name, outputInterface: `!${name}`, target: jump(STAGE2) }),
    top('filter', STAGE2, { outputInterface: name, target: DROP }),
  ]
}

/** Without docker-proxy what the host itself sends to a published port goes by the bridge. */
function fromLocal(name: string): PlacedRule {
  const matches = [localMatch('source')]
  return top('nat', 'POSTROUTING', { outputInterface: name, matches, target: MASQUERADE })
}

function internalRules(name: string, prefix: string, icc: boolean): PlacedRule[] {
  return [
    top('filter', STAGE1, { inputInterface: name, destination: `!${prefix}`, target: DROP }),
    top('filter', STAGE1, { outputInterface: name, source: `!${prefix}`, target: DROP }),
    betweenContainers(name, icc),
  ]
}

function betweenContainers(name: string, allowed: boolean): PlacedRule {
  const spec = { inputInterface: name, outputInterface: name }
  return allowed
    ? top('filter', 'FORWARD', { ...spec, target: ACCEPT })
    : end('filter', 'FORWARD', { ...spec, target: DROP })
}

/** The three rules of one published port; those that only docker-proxy serves (sctp, the other family) have none. */
export function portRules(
  bridge: string,
  address: IpAddress,
  port: PublishedPort,
  hairpin = false,
): PlacedRule[] {
  const family = port.hostIp.includes(':') ? 6 : 4
  if (familyOf(address) !== family || port.protocol === 'sctp') return []
  const container = formatIp(address)
  const protocol = port.protocol
  const inner = [portMatch(protocol, { destination: port.containerPort })]
  const host = port.hostIp === '0.0.0.0' || port.hostIp === '::' ? {} : { destination: port.hostIp }
  const rules = [
    end('nat', 'DOCKER', {
      ...host,
      protocol,
      ...(hairpin ? {} : { inputInterface: `!${bridge}` }),
      matches: [portMatch(protocol, { destination: port.hostPort })],
      target: toContainer(address, port.containerPort),
    }),
    end('filter', 'DOCKER', {
      protocol,
      destination: container,
      inputInterface: `!${bridge}`,
      outputInterface: bridge,
      matches: inner,
      target: ACCEPT,
    }),
    end('nat', 'POSTROUTING', {
      protocol,
      source: container,
      destination: container,
      matches: inner,
      target: MASQUERADE,
    }),
  ]
  return inFamily(rules, family)
}

function toContainer(address: IpAddress, port: number): Target {
  if (typeof address === 'number') return natTo('DNAT', address, port)
  return {
    kind: 'DNAT',
    range: { from: address, to: address, ports: { from: port, to: port }, random: false },
  }
}

/** Adds a network's rules, then puts the two jumps of FORWARD back on top. */
export function addBridgeRules(
  netns: NetNamespace,
  rules: readonly PlacedRule[],
  hairpin = false,
  family: 4 | 6 = 4,
): void {
  ensureRules(netns, rules)
  ensureRules(netns, sharedJumps(hairpin, family))
  moveToTop(netns, { ...top('filter', 'FORWARD', { target: jump(STAGE1) }), family })
  if (family === 4) pinUserChain(netns)
}

/** DOCKER-USER is always the first to be asked; ip6tables has no such chain (20.10). */
export function pinUserChain(netns: NetNamespace): void {
  newChain(netns, { table: 'filter', chain: USER })
  ensureRules(netns, [end('filter', USER, { target: RETURN })])
  moveToTop(netns, top('filter', 'FORWARD', { target: jump(USER) }))
}

function moveToTop(netns: NetNamespace, wanted: PlacedRule): void {
  deleteRule(netns, wanted, wanted.rule)
  insertRule(netns, wanted, wanted.rule)
}

export function addRules(netns: NetNamespace, rules: readonly PlacedRule[]): void {
  for (const one of rules) {
    if (one.place === 'top') insertRule(netns, one, one.rule)
    else appendRule(netns, one, one.rule)
  }
}

/** Adds what is not there yet. */
export function ensureRules(netns: NetNamespace, rules: readonly PlacedRule[]): void {
  addRules(
    netns,
    rules.filter((one) => findRule(netns, one, one.rule) === 0),
  )
}

/** Takes out what is still there of the list. */
export function removeRules(netns: NetNamespace, rules: readonly PlacedRule[]): void {
  for (const one of rules) if (findChain(netns, one) !== undefined) deleteRule(netns, one, one.rule)
}
