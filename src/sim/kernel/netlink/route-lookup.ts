/**
 * The look-up by which a new route's gateway is checked: rules, then tables, longest prefix, only routes of scope
 * link or nearer. net/ipv4/fib_semantics.c fib_check_nh_v4_gw. Packets use `kernel/ip/fib.ts`.
 */
import { networkOf } from '../../wire/ipv4-address.ts'
import type { NetNamespace, Route, RouteTable } from '../net-namespace.ts'

export interface GatewayQuery {
  readonly destination: number
  readonly outputIfindex: number | null
  readonly linkScope: boolean
}

export function lookupTables(netns: NetNamespace, query: GatewayQuery): Route | null {
  for (const rule of netns.fib.rules) {
    if (rule.from !== null || rule.fwmark !== null || rule.inputInterface !== null) continue
    if (rule.to !== null && networkOf(query.destination, rule.to.length) !== rule.to.address) continue
    if (rule.action.kind !== 'table') return null
    const table = netns.fib.tables.get(rule.action.table)
    const found = table === undefined ? null : longestMatch(netns, table, query)
    if (found !== null) return found
  }
  return null
}

function longestMatch(netns: NetNamespace, table: RouteTable, query: GatewayQuery): Route | null {
  for (let length = 32; length >= 0; length--) {
    const list = table.byLength.get(length)?.get(networkOf(query.destination, length))
    const found = list?.find((route) => usable(netns, route, query))
    if (found !== undefined) return found
  }
  return null
}

function usable(netns: NetNamespace, route: Route, query: GatewayQuery): boolean {
  if (query.linkScope && route.scope === 'global' && route.type === 'unicast') return false
  if (query.outputIfindex !== null && route.ifindex !== query.outputIfindex) return false
  return route.type === 'local' || route.ifindex === null || netns.links.get(route.ifindex)?.up === true
}
