/** busybox's `ip route`: libiproute/iproute.c (1.35). */
import { busyboxFoundText, busyboxRoute6Text, busyboxRouteText } from '../../render/busybox/ip.ts'
import { errorText } from '../../render/iproute2/errno.ts'
import { ok } from '../../sim/base/result.ts'
import { lookupRoute } from '../../sim/kernel/ip/fib.ts'
import type { Route } from '../../sim/kernel/net-namespace.ts'
import {
  addRoute,
  deleteRoute,
  flushRoutes,
  listRoutes,
  type RouteMode,
  type RouteSpec,
} from '../../sim/kernel/netlink/route.ts'
import { listRoutes6 } from '../../sim/kernel/netlink/route6.ts'
import { route6Row } from '../iproute2/ip-route6.ts'
import { ROUTE_TYPES } from '../iproute2/route-filter.ts'
import { GiveUp, matches, TABLES, tryPrefix, type Words } from '../iproute2/words.ts'
import type { BusyboxIp } from './ip.ts'
import { addressOr, changed, device, invalidArgument } from './ip-words.ts'

export function busyboxRoute(ip: BusyboxIp, words: Words): number {
  const verb = words.take()
  if (verb === '' || matches(verb, 'show', 'list', 'lst')) return show(ip, words, false)
  if (matches(verb, 'add')) return modify(ip, words, 'add')
  if (matches(verb, 'append')) return modify(ip, words, 'append')
  if (matches(verb, 'change', 'chg')) return modify(ip, words, 'change')
  if (matches(verb, 'delete')) return modify(ip, words, 'delete')
  if (matches(verb, 'get')) return get(ip, words)
  if (matches(verb, 'replace', 'prepend'))
    return modify(ip, words, verb.startsWith('p') ? 'prepend' : 'replace')
  if (matches(verb, 'test')) return modify(ip, words, 'add')
  if (matches(verb, 'flush')) return show(ip, words, true)
  throw invalidArgument(verb, 'ip')
}

function tableOf(word: string): number {
  const known = TABLES[word]
  if (known !== undefined) return known
  if (!/^\d+$/.test(word)) throw invalidArgument(word, 'table')
  return Number(word)
}

interface Filter {
  table: number | 'all'
  device: number | null
  via: number | null
  kind: 'exact' | 'root' | 'match'
  prefix: { address: number; length: number } | null
  /** A word that is no prefix selects nothing. */
  isBad: boolean
}

function readFilter(ip: BusyboxIp, words: Words): Filter {
  const filter: Filter = { table: 254, device: null, via: null, kind: 'exact', prefix: null, isBad: false }
  while (words.more) {
    const word = words.take()
    if (word === 'table') {
      const table = words.value()
      filter.table = table === 'all' ? 'all' : tableOf(table)
    } else if (word === 'dev') filter.device = device(ip, words.value()).ifindex
    else if (word === 'via') filter.via = addressOr(words.value())
    else if (word === 'proto' || word === 'protocol' || word === 'scope') words.value()
    else {
      let text = word === 'to' ? words.value() : word
      if (text === 'root' || text === 'match' || text === 'exact') {
        filter.kind = text
        text = words.value()
      }
      filter.prefix = text === 'default' || text === 'any' || text === 'all' ? null : tryPrefix(text)
      filter.isBad = filter.prefix === null && tryPrefix(text) === null
    }
  }
  return filter
}

function selects(filter: Filter, route: Route): boolean {
  if (filter.isBad) return false
  if (filter.device !== null && route.ifindex !== filter.device) return false
  if (filter.via !== null && route.gateway !== filter.via) return false
  const { prefix } = filter
  if (prefix === null) return true
  const own = route.destination
  const inside = (outer: typeof own, inner: typeof own): boolean =>
    outer.length <= inner.length &&
    (outer.length === 0 || inner.address >>> (32 - outer.length) === outer.address >>> (32 - outer.length))
  if (filter.kind === 'root') return inside(prefix, own)
  if (filter.kind === 'match') return inside(own, prefix)
  return own.address === prefix.address && own.length === prefix.length
}

function show(ip: BusyboxIp, words: Words, isFlush: boolean): number {
  if (isFlush && !words.more) throw new GiveUp('"ip route flush" requires an argument', 1)
  const { world, netns } = ip.context
  const filter = readFilter(ip, words)
  if (isFlush) {
    return changed(ip, () => {
      flushRoutes(
        netns,
        (route) => (filter.table === 'all' || route.table === filter.table) && selects(filter, route),
      )
      return ok(undefined)
    })
  }
  const allTables = filter.table === 'all'
  if (ip.family !== 6) {
    for (const route of listRoutes(netns, filter.table)) {
      if (!selects(filter, route)) continue
      const name = route.ifindex === null ? null : (netns.links.get(route.ifindex)?.name ?? null)
      ip.context.out(busyboxRouteText(route, name, allTables))
    }
  }
  if (ip.family === 6 || (allTables && ip.family === null)) {
    for (const row of listRoutes6(world, netns)) {
      // The local table's multicast routes pass its filter.
      const isShown = allTables || row.table === 254 || row.type === 'multicast'
      if (isShown) ip.context.out(busyboxRoute6Text(route6Row(row), allTables))
    }
  }
  return 0
}

type Draft = { -readonly [K in keyof Route]?: Route[K] | undefined }

function modify(ip: BusyboxIp, words: Words, mode: RouteMode | 'delete'): number {
  const draft: Draft = {}
  let isBad = false
  while (words.more) {
    const word = words.take()
    if (word === 'src') draft.preferredSource = addressOr(words.value())
    else if (word === 'via') draft.gateway = addressOr(words.value())
    else if (word === 'dev' || word === 'oif') draft.ifindex = device(ip, words.value()).ifindex
    else if (word === 'metric' || word === 'priority' || word === 'preference')
      draft.metric = Number(words.value())
    else if (word === 'mtu') draft.mtu = Number(words.value())
    else if (word === 'onlink') draft.onLink = true
    else if (word === 'table') draft.table = tableOf(words.value())
    else if (word === 'scope') draft.scope = words.value() as Route['scope']
    else if (word === 'proto' || word === 'protocol') draft.protocol = words.value() as Route['protocol']
    else isBad = readDestination(draft, word, words) || isBad
  }
  const { world, netns } = ip.context
  const spec: RouteSpec = {
    ...(draft as Partial<Route>),
    destination: draft.destination ?? { address: 0, length: 0 },
  }
  return changed(ip, () => {
    if (isBad || (draft.destination === undefined && mode !== 'delete')) {
      return { ok: false, error: { code: 'ENODEV' } }
    }
    return mode === 'delete' ? deleteRoute(world, netns, spec) : addRoute(world, netns, spec, mode)
  })
}

/** True: it is no address. */
function readDestination(draft: Draft, word: string, words: Words): boolean {
  let text = word === 'to' ? words.value() : word
  const type = ROUTE_TYPES.find((one) => one === text)
  if (type !== undefined) {
    draft.type = type
    text = words.value()
  }
  const found = tryPrefix(text)
  if (found !== null) draft.destination = { address: found.address, length: found.length }
  return found === null
}

function get(ip: BusyboxIp, words: Words): number {
  let destination: number | null = null
  let from: number | null = null
  let output: number | null = null
  while (words.more) {
    const word = words.take()
    if (word === 'from') from = addressOr(words.value())
    else if (word === 'oif' || word === 'dev') output = device(ip, words.value()).ifindex
    else destination = tryPrefix(word === 'to' ? words.value() : word)?.address ?? null
  }
  if (destination === null) throw new GiveUp('need at least destination address', 1)
  const { netns, process } = ip.context
  const found = lookupRoute(netns, {
    destination,
    ...(from === null ? {} : { source: from }),
    ...(output === null ? {} : { outputIfindex: output }),
  })
  if (!found.ok) throw new GiveUp(`RTNETLINK answers: ${errorText(found.error.code)}`, 2)
  const { route, gateway, source } = found.value
  ip.context.out(
    busyboxFoundText({
      type: route.type === 'local' || route.type === 'broadcast' ? route.type : 'unicast',
      destination,
      from,
      gateway,
      device: netns.links.get(found.value.device)?.name ?? '?',
      source: from === null && source !== 0 ? source : null,
      input: null,
      mark: 0,
      table: route.table,
      ownLocalTable: false,
      learnt: null,
      uid: process.uid,
    }),
  )
  return 0
}
