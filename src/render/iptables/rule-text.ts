/** A rule as the options that would make it again: `iptables -S`, iptables-save. iptables/nft-ipv4.c (save_rule). */
import type { Cidr, Cidr6, InterfaceName, Match, Negatable, Rule } from '../../sim/kernel/netfilter/types.ts'
import { formatIpv4, lengthOf } from '../../sim/wire/ipv4-address.ts'
import { matchOptions } from './match-text.ts'
import { protocolName } from './names.ts'
import { targetOptions } from './target-text.ts'

export function interfaceText(device: InterfaceName): string {
  return device.wildcard ? `${device.name}+` : device.name
}

/** Mask as a length where it is one, else in full: `10.0.0.0/255.0.255.0`. */
export function cidrText(cidr: Cidr): string {
  return `${formatIpv4(cidr.address)}/${lengthOf(cidr.mask) ?? formatIpv4(cidr.mask)}`
}

export function cidr6Text(cidr: Cidr6): string {
  return `${cidr.address}/${cidr.length}`
}

function given<T>(option: string, value: Negatable<T> | null, word: (value: T) => string): string[] {
  if (value === null) return []
  return [`${value.not ? '! ' : ''}${option} ${word(value.value)}`]
}

/** All but `-A CHAIN`; `counters` puts `-c PKTS BYTES` before the target, as `-S -v` does. */
export function ruleOptions(rule: Rule, counters = false): string {
  return [
    ...given('-s', rule.source, cidrText),
    ...given('-s', rule.source6, cidr6Text),
    ...given('-d', rule.destination, cidrText),
    ...given('-d', rule.destination6, cidr6Text),
    ...given('-i', rule.inputInterface, interfaceText),
    ...given('-o', rule.outputInterface, interfaceText),
    ...given('-p', rule.protocol, protocolName),
    ...(rule.fragment === null ? [] : [rule.fragment.not ? '! -f' : '-f']),
    ...rule.matches.map((match: Match) => matchOptions(match)),
    ...(counters ? [`-c ${rule.counter.packets} ${rule.counter.bytes}`] : []),
    ...(rule.target === null ? [] : [targetOptions(rule.target)]),
  ].join(' ')
}

/** `-A FORWARD -i docker0 -j ACCEPT` */
export function ruleText(chain: string, rule: Rule, counters = false): string {
  const options = ruleOptions(rule, counters)
  return options === '' ? `-A ${chain}` : `-A ${chain} ${options}`
}
