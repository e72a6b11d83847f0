/**
 * The five hooks: at each one the tables are asked in the order of their priority, with connection tracking and
 * NAT in their places. Rules are walked in order, one comparison after the other; a namespace without tables pays
 * one look at an empty Map. include/uapi/linux/netfilter_ipv4.h (nf_ip_hook_priorities), net/netfilter/core.c.
 */
import { ipPacketLength } from '../../wire/ip-packet.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import type { TraceStep } from '../trace.ts'
import { note } from '../trace.ts'
import { abandon, confirm, trackPacket } from './conntrack.ts'
import type { Scan } from './match.ts'
import { ruleMatches } from './match.ts'
import { ANY_RANGE, setUpNat, sideOfHook, translate } from './nat.ts'
import { applyTarget } from './targets.ts'
import type { Chain, Hook, Rule, Table, TableName, Target, Verdict } from './types.ts'

type Stage = TableName | 'track' | 'confirm'

/** By priority: raw −300, conntrack −200, mangle −150, DNAT −100, filter 0, security 50, SNAT 100, confirm last. */
const STAGES: Readonly<Record<Hook, readonly Stage[]>> = {
  PREROUTING: ['raw', 'track', 'mangle', 'nat'],
  INPUT: ['mangle', 'filter', 'security', 'nat', 'confirm'],
  FORWARD: ['mangle', 'filter', 'security'],
  OUTPUT: ['raw', 'track', 'mangle', 'nat', 'filter', 'security'],
  POSTROUTING: ['mangle', 'nat', 'confirm'],
}

export function runHook(sim: Simulation, netns: NetNamespace, hook: Hook, buffer: IpBuffer): Verdict {
  const isSix = buffer.packet.kind === 'ipv6'
  const netfilter = netns.netfilter
  const tables = isSix ? netfilter.tables6 : netfilter.tables4
  if (tables.size === 0) return 'ACCEPT'
  const tracked = (isSix ? (netfilter.trackingRules6 ?? 0) : netfilter.trackingRules) > 0
  let scan: Scan | null = null
  for (const stage of STAGES[hook]) {
    let verdict: Verdict = 'ACCEPT'
    if (stage === 'track') {
      if (tracked && !trackPacket(sim, netns, buffer)) verdict = 'DROP'
    } else if (stage === 'confirm') {
      if (tracked && !confirm(sim, netns, buffer)) verdict = 'DROP'
    } else {
      const table = tables.get(stage)
      if (table === undefined) continue
      const chain = table.chains.get(hook)
      if (chain === undefined && stage !== 'nat') continue
      scan ??= beginScan(sim, netns, hook, buffer)
      verdict = stage === 'nat' ? runNat(scan, table, chain) : runBuiltin(scan, table, chain!)
    }
    if (verdict === 'ACCEPT') continue
    abandon(netns, buffer)
    return 'DROP'
  }
  return 'ACCEPT'
}

function beginScan(sim: Simulation, netns: NetNamespace, hook: Hook, buffer: IpBuffer): Scan {
  const nameOf = (ifindex: number | null) => (ifindex === null ? '' : (netns.links.get(ifindex)?.name ?? ''))
  return { sim, netns, hook, buffer, input: nameOf(buffer.input), output: nameOf(buffer.output) }
}

/** nf_nat_inet_fn: only a flow's first packet asks the chain; the entry translates all of them. */
function runNat(scan: Scan, table: Table, chain: Chain | undefined): Verdict {
  const { sim, netns, hook, buffer } = scan
  if (buffer.connection === null) return 'ACCEPT'
  const connection = netns.conntrack.connections.get(buffer.connection)
  if (connection === undefined) return 'ACCEPT'
  const side = sideOfHook(hook)
  if (buffer.connectionState === 'NEW' && !connection.natDone[side]) {
    if (chain !== undefined && runBuiltin(scan, table, chain) === 'DROP') return 'DROP'
    setUpNat(sim, netns, connection, side, ANY_RANGE)
  }
  if (connection.sourceNat || connection.destinationNat) translate(sim, netns, hook, buffer)
  return 'ACCEPT'
}

function runBuiltin(scan: Scan, table: Table, chain: Chain): Verdict {
  const outcome = walk(scan, table, chain, 0)
  if (outcome === 'ACCEPT' || outcome === 'DROP') return outcome
  const verdict = chain.policy ?? 'ACCEPT'
  if (scan.sim.trace !== null)
    trace(scan, { kind: 'policy', table: table.name, chain: chain.name, verdict, packet: scan.buffer.packet })
  return verdict
}

/** The kernel's own limit of nested jumps (NFT_JUMP_STACK_SIZE). */
const DEEPEST_JUMP = 16

type Outcome = Verdict | 'RETURN'

function walk(scan: Scan, table: Table, chain: Chain, depth: number): Outcome {
  const rules = chain.rules
  const traced = scan.sim.trace !== null
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!
    const matched = ruleMatches(scan, rule)
    if (traced) traceRule(scan, table, chain, i, rule, matched)
    if (!matched) continue
    rule.counter.packets++
    rule.counter.bytes += ipPacketLength(scan.buffer.packet)
    const target = rule.target
    if (target === null) continue
    if (target.kind === 'RETURN') return 'RETURN'
    if (target.kind === 'chain') {
      const outcome = follow(scan, table, target, depth)
      if (outcome !== 'RETURN' || target.goto) return outcome
      continue
    }
    const verdict = applyTarget(scan, target)
    if (verdict !== null) return verdict
  }
  return 'RETURN'
}

function follow(
  scan: Scan,
  table: Table,
  target: Extract<Target, { kind: 'chain' }>,
  depth: number,
): Outcome {
  const next = table.chains.get(target.chain)
  if (next === undefined) return 'RETURN'
  return depth >= DEEPEST_JUMP ? 'DROP' : walk(scan, table, next, depth + 1)
}

function trace(scan: Scan, step: TraceStep): void {
  const { sim, netns, buffer } = scan
  if (sim.trace === null) return
  const ifindex = buffer.output ?? buffer.input ?? 0
  note(sim.trace, { atUs: sim.nowUs, host: netns.host, netns: netns.id, ifindex, step })
}

function traceRule(
  scan: Scan,
  table: Table,
  chain: Chain,
  index: number,
  rule: Rule,
  matched: boolean,
): void {
  const target = rule.target
  trace(scan, {
    kind: 'rule',
    table: table.name,
    chain: chain.name,
    number: index + 1,
    target: target === null ? '' : target.kind === 'chain' ? target.chain : target.kind,
    matched,
    packet: scan.buffer.packet,
  })
}
