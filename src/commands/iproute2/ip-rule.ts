/** `ip rule`: ip/iprule.c */
import { ruleFields } from '../../render/iproute2/rule.ts'
import { ok } from '../../sim/base/result.ts'
import type { PolicyRule } from '../../sim/kernel/net-namespace.ts'
import { addRule, deleteRule, flushRules, listRules } from '../../sim/kernel/netlink/rule.ts'
import type { Prefix } from '../../sim/wire/ipv4-address.ts'
import { change, type Ip, show } from './environment.ts'
import { RULE_USAGE } from './usage.ts'
import { GiveUp, invalid, matches, prefixWord, tableWord, type Words } from './words.ts'

type Draft = { -readonly [K in keyof PolicyRule]: PolicyRule[K] | null }

export function ipRule(ip: Ip, words: Words): number {
  if (!words.more) return listAll(ip, words)
  const verb = words.take()
  if (matches(verb, 'list', 'lst', 'show')) return listAll(ip, words)
  if (matches(verb, 'add')) return modify(ip, words, true)
  if (matches(verb, 'delete')) return modify(ip, words, false)
  if (matches(verb, 'flush')) {
    return change(ip, () => {
      flushRules(ip.netns)
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
  const rules = listRules(ip.netns).filter(
    (rule) => table === null || (rule.action.kind === 'table' && rule.action.table === table),
  )
  const { family, color, details } = ip.options
  // Rules of IPv6 cannot be changed here: those that the kernel makes.
  const shown =
    family === 6
      ? listRules(ip.netns).filter((rule) => rule.priority === 0 || rule.priority === 32766)
      : rules
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
  while (words.more) readWord(draft, words)
  return change(ip, () => {
    if (!isAdd) return deleteRule(ip.netns, wantedOf(draft))
    const action = draft.action ?? { kind: 'table' as const, table: 254 }
    return addRule(ip.netns, { ...draft, action, not: draft.not ?? false })
  })
}

function wantedOf(draft: Draft): Parameters<typeof deleteRule>[1] {
  const { action, not, ...rest } = draft
  return { ...rest, ...(action === null ? {} : { action }), ...(not === null ? {} : { not }) }
}

function prefixOf(word: string): Prefix | null {
  const { address, length } = prefixWord(word)
  return length === 0 ? null : { address, length }
}

function readWord(draft: Draft, words: Words): void {
  const word = words.take()
  if (word === 'not') draft.not = true
  else if (word === 'from') draft.from = prefixOf(words.value())
  else if (word === 'to') draft.to = prefixOf(words.value())
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
