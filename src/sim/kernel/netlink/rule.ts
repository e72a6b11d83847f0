/** Policy rules: which routing table is asked, in order of priority. ip-rule(8), net/core/fib_rules.c. */
import { ok, type Result, refuse } from '../../base/result.ts'
import { rulesOf6 } from '../ipv6/fib.ts'
import type { NetNamespace, Policy6Rule, PolicyRule } from '../net-namespace.ts'

function lookup(priority: number, table: number): PolicyRule {
  return {
    priority,
    from: null,
    to: null,
    fwmark: null,
    inputInterface: null,
    outputInterface: null,
    action: { kind: 'table', table },
    not: false,
  }
}

export function defaultRules(): PolicyRule[] {
  return [lookup(0, 255), lookup(32766, 254), lookup(32767, 253)]
}

export function listRules(netns: NetNamespace): readonly PolicyRule[] {
  return netns.fib.rules
}

/** Without a priority: one less than the lowest above 0 (fib_default_rule_pref). */
export function addRule(
  netns: NetNamespace,
  spec: Omit<PolicyRule, 'priority'> & { readonly priority: number | null },
): Result<PolicyRule> {
  const added = insert(netns.fib.rules, spec)
  if (added.ok) netns.fib.hasCustomRules = true
  return added
}

/** The same of IPv6. */
export function addRule6(
  netns: NetNamespace,
  spec: Omit<Policy6Rule, 'priority'> & { readonly priority: number | null },
): Result<Policy6Rule> {
  netns.rules6 ??= [...rulesOf6(netns)]
  return insert(netns.rules6, spec)
}

export function deleteRule6(netns: NetNamespace, wanted: Wanted<Policy6Rule>): Result<void> {
  netns.rules6 ??= [...rulesOf6(netns)]
  return remove(netns.rules6, wanted)
}

export function flushRules6(netns: NetNamespace): void {
  netns.rules6 = rulesOf6(netns).filter((rule) => rule.priority === 0)
}

type AnyRule = PolicyRule | Policy6Rule
/** What was asked for; null: anything. */
type Wanted<R extends AnyRule> = Partial<Omit<R, 'priority'>> & { readonly priority: number | null }

function insert<R extends AnyRule>(
  rules: R[],
  spec: Omit<R, 'priority'> & { readonly priority: number | null },
): Result<R> {
  const rule = { ...spec, priority: spec.priority ?? defaultPriority(rules) } as R
  if (rules.some((other) => sameRule(other, rule))) return refuse('EEXIST')
  const at = rules.findIndex((other) => other.priority > rule.priority)
  rules.splice(at < 0 ? rules.length : at, 0, rule)
  return ok(rule)
}

function remove<R extends AnyRule>(rules: R[], wanted: Wanted<R>): Result<void> {
  const at = rules.findIndex((rule) => agrees(rule, wanted))
  if (at < 0) return refuse('ENOENT')
  rules.splice(at, 1)
  return ok(undefined)
}

function defaultPriority(rules: readonly AnyRule[]): number {
  const second = rules[1]
  return second !== undefined && second.priority > 0 ? second.priority - 1 : 0
}

/** Only what was asked for (not null) must agree; the first such rule goes. */
export function deleteRule(netns: NetNamespace, wanted: Wanted<PolicyRule>): Result<void> {
  const removed = remove(netns.fib.rules, wanted)
  if (removed.ok) netns.fib.hasCustomRules = true
  return removed
}

function agrees<R extends AnyRule>(rule: R, wanted: Wanted<R>): boolean {
  if (wanted.priority !== null && wanted.priority !== rule.priority) return false
  for (const key of ['from', 'to', 'fwmark', 'inputInterface', 'outputInterface', 'action'] as const) {
    const value = wanted[key]
    if (value !== undefined && value !== null && !equal(value, rule[key])) return false
  }
  return wanted.not !== true || rule.not
}

function sameRule(x: AnyRule, y: AnyRule): boolean {
  const keys = Object.keys(x) as (keyof AnyRule)[]
  return keys.every((key) => equal(x[key], y[key]))
}

function equal(x: unknown, y: unknown): boolean {
  return x === y || JSON.stringify(x) === JSON.stringify(y)
}

export function flushRules(netns: NetNamespace): void {
  netns.fib.hasCustomRules = true
  netns.fib.rules = netns.fib.rules.filter((rule) => rule.priority === 0)
}
