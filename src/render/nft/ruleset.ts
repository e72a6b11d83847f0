/** `nft list …` of tables that iptables-nft keeps. nft(8), nftables 1.0.6 src/rule.c (table_print, chain_print). */
import type {
  Chain,
  Cidr,
  Cidr6,
  Hook,
  InterfaceName,
  Negatable,
  Rule,
  Table,
  TableName,
} from '../../sim/kernel/netfilter/types.ts'
import { formatIpv4, lengthOf } from '../../sim/wire/ipv4-address.ts'
import { protocolName } from '../iptables/names.ts'
import { isNative, matchExpression } from './match-expression.ts'
import { isNativeTarget, targetStatement } from './statement.ts'

export interface RulesetStyle {
  readonly family: 'ip' | 'ip6'
  /** `-s`: without counters' values. */
  readonly stateless: boolean
}

const isNot = (value: { readonly not: boolean }) => (value.not ? '!= ' : '')

function deviceExpression(name: 'iifname' | 'oifname', device: Negatable<InterfaceName> | null): string[] {
  if (device === null) return []
  return [`${name} ${isNot(device)}"${device.value.name}${device.value.wildcard ? '*' : ''}"`]
}

function addressExpression(name: 'saddr' | 'daddr', value: Negatable<Cidr> | null): string[] {
  if (value === null) return []
  const { address, mask } = value.value
  const length = lengthOf(mask)
  if (length === null)
    return [`ip ${name} & ${formatIpv4(mask)} ${value.not ? '!=' : '=='} ${formatIpv4(address)}`]
  return [`ip ${name} ${isNot(value)}${formatIpv4(address)}${length === 32 ? '' : `/${length}`}`]
}

function address6Expression(name: 'saddr' | 'daddr', value: Negatable<Cidr6> | null): string[] {
  if (value === null) return []
  const { address, length } = value.value
  return [`ip6 ${name} ${isNot(value)}${address}${length === 128 ? '' : `/${length}`}`]
}

/** Ports imply the protocol: it is not shown then. */
function protocolExpression(rule: Rule): string[] {
  if (rule.protocol === null) return []
  const implied = rule.matches.some((m) => (m.kind === 'tcp' || m.kind === 'udp') && isNative(m))
  return implied ? [] : [`meta l4proto ${isNot(rule.protocol)}${protocolName(rule.protocol.value)}`]
}

function fragmentExpression(rule: Rule): string[] {
  return rule.fragment === null ? [] : [`ip frag-off & 8191 ${rule.fragment.not ? '==' : '!='} 0`]
}

function counterText(rule: Rule, style: RulesetStyle): string {
  return style.stateless ? 'counter' : `counter packets ${rule.counter.packets} bytes ${rule.counter.bytes}`
}

export function ruleExpression(rule: Rule, style: RulesetStyle): string {
  const protocol = rule.protocol === null ? '' : protocolName(rule.protocol.value)
  const target = targetStatement(rule.target)
  return [
    ...deviceExpression('iifname', rule.inputInterface),
    ...deviceExpression('oifname', rule.outputInterface),
    ...protocolExpression(rule),
    ...addressExpression('saddr', rule.source),
    ...addressExpression('daddr', rule.destination),
    ...address6Expression('saddr', rule.source6),
    ...address6Expression('daddr', rule.destination6),
    ...fragmentExpression(rule),
    ...rule.matches.map((match) => matchExpression(match, protocol)),
    counterText(rule, style),
    ...(target === '' ? [] : [target]),
  ].join(' ')
}

const PRIORITIES: Readonly<Record<TableName, string>> = {
  raw: 'raw',
  mangle: 'mangle',
  nat: '',
  filter: 'filter',
  security: '150',
}

/** nft has names for the two priorities of NAT at their usual hooks only. */
function natPriority(hook: Hook): string {
  if (hook === 'PREROUTING') return 'dstnat'
  if (hook === 'POSTROUTING') return 'srcnat'
  return hook === 'OUTPUT' ? '-100' : '100'
}

function chainType(table: TableName, hook: Hook): string {
  if (table === 'nat') return 'nat'
  return table === 'mangle' && hook === 'OUTPUT' ? 'route' : 'filter'
}

function baseLine(table: TableName, chain: Chain): string {
  if (chain.hook === null) return ''
  const priority = table === 'nat' ? natPriority(chain.hook) : PRIORITIES[table]
  const policy = (chain.policy ?? 'ACCEPT').toLowerCase()
  const hook = chain.hook.toLowerCase()
  return `\t\ttype ${chainType(table, chain.hook)} hook ${hook} priority ${priority}; policy ${policy};\n`
}

export function chainText(table: TableName, chain: Chain, style: RulesetStyle, rules = true): string {
  const lines = rules ? chain.rules.map((rule) => `\t\t${ruleExpression(rule, style)}\n`) : []
  return `\tchain ${chain.name} {\n${baseLine(table, chain)}${lines.join('')}\t}\n`
}

export function tableText(table: Table, chains: readonly Chain[], style: RulesetStyle): string {
  const body = chains.map((chain) => chainText(table.name, chain, style)).join('\n')
  return `table ${style.family} ${table.name} {\n${body}}\n`
}

/** `list chains`: heads only, no blank lines between. */
export function chainHeads(table: Table, style: RulesetStyle): string {
  const body = [...table.chains.values()].map((chain) => chainText(table.name, chain, style, false)).join('')
  return `table ${style.family} ${table.name} {\n${body}}\n`
}

/** Printed on stderr before a table in which something is no expression of nft's own. */
export function managedWarning(table: Table, chains: readonly Chain[], style: RulesetStyle): string {
  const foreign = chains.some((chain) =>
    chain.rules.some((rule) => !isNativeTarget(rule.target) || rule.matches.some((m) => !isNative(m))),
  )
  return foreign
    ? `# Warning: table ${style.family} ${table.name} is managed by iptables-nft, do not touch!\n`
    : ''
}
