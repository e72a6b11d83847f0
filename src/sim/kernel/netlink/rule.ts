/** Policy rules: which routing table is asked, in order of priority. ip-rule(8), net/core/fib_rules.c. */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { NetNamespace, PolicyRule } from '../net-namespace.ts'

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
  const rules = netns.fib.rules
  const rule: PolicyRule = { ...spec, priority: spec.priority ?? defaultPriority(rules) }
  if (rules.some((other) => sameRule(other, rule))) return refuse('EEXIST')
  const at = rules.findIndex((other) => other.priority > rule.priority)
  rules.splice(at < 0 ? rules.length : at, 0, rule)
  netns.fib.hasCustomRules = true
  return ok(rule)
}

function defaultPriority(rules: readonly PolicyRule[]): number {
  const second = rules[1]
  return second !== undefined && second.priority > 0 ? second.priority - 1 : 0
}

/** Only what was asked for (not null) must agree; the first such rule goes. */
export function deleteRule(
  netns: NetNamespace,
  wanted: Partial<Omit<PolicyRule, 'priority'>> & { readonly priority: number | null },
): Result<void> {
  const rules = netns.fib.rules
  const at = rules.findIndex((rule) => agrees(rule, wanted))
  if (at < 0) return refuse('ENOENT')
  rules.splice(at, 1)
  netns.fib.hasCustomRules = true
  return ok(undefined)
}

function agrees(
  rule: PolicyRule,
  wanted: Partial<Omit<PolicyRule, 'priority'>> & { readonly priority: number | null },
): boolean {
  if (wanted.priority !== null && wanted.priority !== rule.priority) return false
  for (const key of ['from', 'to', 'fwmark', 'inputInterface', 'outputInterface', 'action'] as const) {
    const value = wanted[key]
    if (value !== undefined && value !== null && !equal(value, rule[key])) return false
  }
  return wanted.not !== true || rule.not
}

function sameRule(x: PolicyRule, y: PolicyRule): boolean {
  const keys = Object.keys(x) as (keyof PolicyRule)[]
  return keys.every((key) => equal(x[key], y[key]))
}

function equal(x: unknown, y: unknown): boolean {
  return x === y || JSON.stringify(x) === JSON.stringify(y)
}

export function flushRules(netns: NetNamespace): void {
  netns.fib.hasCustomRules = true
  netns.fib.rules = netns.fib.rules.filter((rule) => rule.priority === 0)
}
