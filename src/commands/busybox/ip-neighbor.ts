/** busybox's `ip neigh`, `ip rule` and `ip tunnel`: libiproute/{ipneigh,iprule,iptunnel}.c (1.35). */
import { busyboxNeighborText, busyboxRuleText } from '../../render/busybox/ip.ts'
import { ok } from '../../sim/base/result.ts'
import type { NeighborEntry, PolicyRule } from '../../sim/kernel/net-namespace.ts'
import { flushNeighbors, listNeighbors } from '../../sim/kernel/netlink/neighbor.ts'
import { addRule, deleteRule, listRules } from '../../sim/kernel/netlink/rule.ts'
import { networkOf } from '../../sim/wire/ipv4-address.ts'
import { GiveUp, matches, TABLES, tryPrefix, type Words } from '../iproute2/words.ts'
import { notModelled } from '../not-modelled.ts'
import type { BusyboxIp } from './ip.ts'
import { changed, device, invalidArgument, prefixOr } from './ip-words.ts'

export function busyboxNeighbor(ip: BusyboxIp, words: Words): number {
  const verb = words.take()
  if (verb === '' || matches(verb, 'show', 'list', 'lst')) return showNeighbors(ip, words)
  if (matches(verb, 'flush')) return flush(ip, words)
  throw invalidArgument(verb, 'ip')
}

interface Filter {
  device: number | null
  prefix: { address: number; length: number } | null
  state: string | null
}

function readFilter(ip: BusyboxIp, words: Words): Filter {
  const filter: Filter = { device: null, prefix: null, state: null }
  while (words.more) {
    const word = words.take()
    if (word === 'dev') filter.device = device(ip, words.value()).ifindex
    else if (word === 'nud') filter.state = words.value().toUpperCase()
    else filter.prefix = prefixOr(word === 'to' ? words.value() : word)
  }
  return filter
}

function selected(ip: BusyboxIp, filter: Filter): NeighborEntry[] {
  if (ip.family === 6) return []
  return listNeighbors(ip.context.netns).filter((entry) => {
    if (filter.device !== null && entry.ifindex !== filter.device) return false
    const { prefix, state } = filter
    if (
      prefix !== null &&
      networkOf(entry.address, prefix.length) !== networkOf(prefix.address, prefix.length)
    ) {
      return false
    }
    if (state !== null) return state === 'ALL' || entry.state === state
    return entry.state !== 'NONE' && entry.state !== 'NOARP'
  })
}

function lineOf(ip: BusyboxIp, entry: NeighborEntry, filter: Filter): string {
  const name = ip.context.netns.links.get(entry.ifindex)?.name ?? '?'
  return busyboxNeighborText(entry, filter.device === null ? name : null, ip.context.world.nowUs)
}

function showNeighbors(ip: BusyboxIp, words: Words): number {
  const filter = readFilter(ip, words)
  for (const entry of selected(ip, filter)) ip.context.out(lineOf(ip, entry, filter))
  return 0
}

function flush(ip: BusyboxIp, words: Words): number {
  if (!words.more) throw new GiveUp('flush requires an argument', 1)
  const filter = readFilter(ip, words)
  const chosen = selected(ip, filter).filter((entry) => filter.state !== null || entry.state !== 'PERMANENT')
  if (chosen.length === 0) {
    ip.context.out('Nothing to flush\n')
    return 0
  }
  for (const entry of chosen) ip.context.out(lineOf(ip, entry, filter))
  changed(ip, () => {
    flushNeighbors(ip.context.netns, (entry) => chosen.includes(entry))
    return ok(undefined)
  })
  ip.context.out(
    `\n*** Round 1, deleting ${chosen.length} entries ***\n*** Flush is complete after 1 round(s) ***\n`,
  )
  return 0
}

export function busyboxRule(ip: BusyboxIp, words: Words): number {
  const verb = words.take()
  if (verb === '' || matches(verb, 'list', 'lst', 'show')) {
    if (ip.family !== 6) for (const rule of listRules(ip.context.netns)) ip.context.out(busyboxRuleText(rule))
    return 0
  }
  if (matches(verb, 'add')) return modifyRule(ip, words, true)
  if (matches(verb, 'delete')) return modifyRule(ip, words, false)
  throw invalidArgument(verb, 'ip')
}

function tableId(word: string): number {
  const known = TABLES[word]
  if (known !== undefined) return known
  if (!/^\d+$/.test(word)) throw invalidArgument(word, 'table ID')
  return Number(word)
}

function modifyRule(ip: BusyboxIp, words: Words, isAdd: boolean): number {
  const draft: { -readonly [K in keyof PolicyRule]?: PolicyRule[K] } = {}
  while (words.more) {
    const word = words.take()
    if (word === 'from' || word === 'to') draft[word] = prefixOf(words.value())
    else if (matches(word, 'preference', 'order', 'priority')) draft.priority = Number(words.value())
    else if (word === 'fwmark') draft.fwmark = Number(words.value())
    else if (word === 'table' || word === 'lookup')
      draft.action = { kind: 'table', table: tableId(words.value()) }
    else if (word === 'dev' || word === 'iif') draft.inputInterface = words.value()
    else throw invalidArgument(word, 'ip')
  }
  const { netns } = ip.context
  const none = { from: null, to: null, fwmark: null, inputInterface: null, outputInterface: null, not: false }
  const priority = draft.priority ?? null
  return changed(ip, () =>
    isAdd
      ? addRule(netns, { ...none, action: { kind: 'table', table: 254 }, ...draft, priority })
      : deleteRule(netns, { ...draft, priority }),
  )
}

function prefixOf(word: string): PolicyRule['from'] {
  const found = tryPrefix(word)
  if (found === null) throw new GiveUp(`an inet prefix is expected rather than "${word}"`, 1)
  return found.length === 0 ? null : { address: found.address, length: found.length }
}

export function busyboxTunnel(ip: BusyboxIp, words: Words): number {
  if (!words.more || matches(words.peek(), 'show', 'list', 'lst')) {
    for (const link of ip.context.netns.links.values()) {
      if (link.kind === 'tunnel' && link.mode === 'ipip') {
        ip.context.out(`${link.name}: ip/ip  remote any  local any  ttl inherit  nopmtudisc\n`)
      }
    }
    return 0
  }
  return notModelled(ip.context, `ip tunnel ${words.peek()}`)
}
