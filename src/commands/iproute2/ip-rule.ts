/** `ip rule`: ip/iprule.c */
import { ruleFields } from '../../render/iproute2/rule.ts'
import { ok } from '../../sim/base/result.ts'
import { rulesOf6 } from '../../sim/kernel/ipv6/fib.ts'
import { networkOf6, type Prefix6 } from '../../sim/kernel/ipv6/prefix.ts'
import type { Policy6Rule, PolicyRule } from '../../sim/kernel/net-namespace.ts'
import {
  addRule,
  addRule6,
  deleteRule,
  deleteRule6,
  flushRules,
  flushRules6,
  listRules,
} from '../../sim/kernel/netlink/rule.ts'
import type { Prefix } from '../../sim/wire/ipv4-address.ts'
import { change, type Ip, show } from './environment.ts'
import { prefix6Word } from './ipv6-words.ts'
import { RULE_USAGE } from './usage.ts'
import { GiveUp, invalid, matches, prefixWord, tableWord, type Words } from './words.ts'

type AnyPrefix = Prefix | Prefix6
type Draft = { -readonly [K in Exclude<keyof PolicyRule, 'from' | 'to'>]: PolicyRule[K] | null } & {
  from: AnyPrefix | null
  to: AnyPrefix | null
}

export function ipRule(ip: Ip, words: Words): number {
  if (!words.more) return listAll(ip, words)
  const verb = words.take()
  if (matches(verb, 'list', 'lst', 'show')) return listAll(ip, words)
  if (matches(verb, 'add')) return modify(ip, words, true)
  if (matches(verb, 'delete')) return modify(ip, words, false)
  if (matches(verb, 'flush')) {
    return change(ip, () => {
      if (ip.options.family === 6) flushRules6(ip.netns)
      else flushRules(ip.netns)
      return ok(undefined)
    })
  }
  if (matches(verb, 'help')) throw new GiveUp(RULE_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "ip rule help".\n`, 255)
}

function listAll(ip: Ip, words: Words): number {
  let table: number | null = null
  while (words.more) {
    const word = words.take()
    if (matches(word, 'table', 'lookup')) table = tableWord(words.value(), 'table id value is invalid')
  }
  const { family, color, details } = ip.options
  const all: readonly (PolicyRule | Policy6Rule)[] = family === 6 ? rulesOf6(ip.netns) : listRules(ip.netns)
  const shown = all.filter(
    (rule) => table === null || (rule.action.kind === 'table' && rule.action.table === table),
  )
  return show(
    ip,
    shown.map((rule) => ruleFields(rule, color, details)),
  )
}

function modify(ip: Ip, words: Words, isAdd: boolean): number {
  if (!words.more) throw new GiveUp(`"ip rule ${isAdd ? 'add' : 'del'}" requires arguments.\n`, 1)
  const draft: Draft = {
    priority: null,
    from: null,
    to: null,
    fwmark: null,
    inputInterface: null,
    outputInterface: null,
    action: null,
    not: null,
  }
  const isSix = ip.options.family === 6
  while (words.more) readWord(draft, words, isSix)
  if (isSix) return modify6(ip, draft, isAdd)
  return change(ip, () => {
    if (!isAdd) return deleteRule(ip.netns, wantedOf(draft))
    const action = draft.action ?? { kind: 'table' as const, table: 254 }
    const { from, to } = prefixes4(draft)
    return addRule(ip.netns, { ...draft, from, to, action, not: draft.not ?? false })
  })
}

function modify6(ip: Ip, draft: Draft, isAdd: boolean): number {
  const from = draft.from as Prefix6 | null
  const to = draft.to as Prefix6 | null
  const { action, not, ...rest } = draft
  return change(ip, () => {
    if (!isAdd) {
      const wanted = { ...rest, from, to }
      return deleteRule6(ip.netns, {
        ...wanted,
        ...(action === null ? {} : { action }),
        ...(not === null ? {} : { not }),
      })
    }
    const lookup = action ?? { kind: 'table' as const, table: 254 }
    return addRule6(ip.netns, { ...rest, from, to, action: lookup, not: not ?? false })
  })
}

function prefixes4(draft: Draft): { readonly from: Prefix | null; readonly to: Prefix | null } {
  return { from: draft.from as Prefix | null, to: draft.to as Prefix | null }
}

function wantedOf(draft: Draft): Parameters<typeof deleteRule>[1] {
  const { action, not, ...rest } = draft
  return {
    ...rest,
    ...prefixes4(draft),
    ...(action === null ? {} : { action }),
    ...(not === null ? {} : { not }),
  }
}

function prefixOf(word: string, isSix: boolean): AnyPrefix | null {
  if (isSix) {
    const { address, length } = prefix6Word(word)
    return length === 0 ? null : { address: networkOf6(address, length), length }
  }
  const { address, length } = prefixWord(word)
  return length === 0 ? null : { address, length }
}

function readWord(draft: Draft, words: Words, isSix: boolean): void {
  const word = words.take()
  if (word === 'not') draft.not = true
  else if (word === 'from') draft.from = prefixOf(words.value(), isSix)
  else if (word === 'to') draft.to = prefixOf(words.value(), isSix)
  else if (matches(word, 'preference', 'order', 'priority')) {
    draft.priority = numberOr(words.value(), 'preference value is invalid\n')
  } else if (word === 'fwmark') draft.fwmark = numberOr(words.value(), 'fwmark value is invalid\n')
  else if (matches(word, 'table', 'lookup')) {
    draft.action = { kind: 'table', table: tableWord(words.value(), 'invalid table ID') }
  } else if (word === 'dev' || word === 'iif') draft.inputInterface = words.value()
  else if (word === 'oif') draft.outputInterface = words.value()
  else {
    const type = matches(word, 'type') ? words.value() : word
    if (type !== 'blackhole' && type !== 'unreachable' && type !== 'prohibit') {
      throw invalid('Failed to parse rule type\n', type)
    }
    draft.action = { kind: type }
  }
}

function numberOr(word: string, message: string): number {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(word)) throw invalid(message, word)
  return Number(word)
}
