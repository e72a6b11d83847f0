/** `ip -6 route`: list, get, flush and what changes the table. ip/iproute.c. Not modelled: several paths, encapsulation, lifetimes. */
import { errorText } from '../../render/iproute2/errno.ts'
import { type Route6Row, route6Fields } from '../../render/iproute2/route.ts'
import { ok } from '../../sim/base/result.ts'
import { type FoundRoute6, lookupRoute6 } from '../../sim/kernel/ipv6/fib.ts'
import { containsPrefix6, formatPrefix6, type Prefix6 } from '../../sim/kernel/ipv6/prefix.ts'
import { chooseSource6 } from '../../sim/kernel/ipv6/source-address.ts'
import type { Route6Entry, RouteProtocol } from '../../sim/kernel/net-namespace.ts'
import {
  addRoute6,
  deleteRoute6,
  listRoutes6,
  type Route6,
  type Route6Mode,
  type Route6Spec,
  removeRoute6,
  TABLE6_MAIN,
} from '../../sim/kernel/netlink/route6.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip, show } from './environment.ts'
import { address6Word, prefix6Word } from './ipv6-words.ts'
import { protocolWord, UNMODELLED_ROUTE_WORDS } from './route-filter.ts'
import {
  cannotFind,
  deviceOr,
  duplicate,
  GiveUp,
  matches,
  numberWord,
  tableWord,
  type Words,
} from './words.ts'

export interface Route6Filter {
  table: number | 'all'
  device: string | null
  via: string | null
  protocol: RouteProtocol | null
  type: string | null
  metric: number | null
  exact: Prefix6 | null
  root: Prefix6 | null
  match: Prefix6 | null
}

export function emptyFilter6(): Route6Filter {
  return {
    table: TABLE6_MAIN,
    device: null,
    via: null,
    protocol: null,
    type: null,
    metric: null,
    exact: null,
    root: null,
    match: null,
  }
}

function readFilter6(ip: Ip, words: Words): Route6Filter | 'cache' {
  const filter = emptyFilter6()
  while (words.more) {
    const word = words.take()
    if (matches(word, 'table')) {
      const table = words.value()
      if (table === 'cache') return 'cache'
      filter.table = table === 'all' || table === '0' ? 'all' : tableWord(table)
    } else if (matches(word, 'cached', 'cloned')) return 'cache'
    else if (word === 'dev' || word === 'oif' || word === 'iif')
      filter.device = deviceOr(ip.netns, words.value(), cannotFind).name
    else if (matches(word, 'via')) filter.via = address6Word(words.value())
    else if (matches(word, 'protocol')) filter.protocol = protocolWord(words.value())
    else if (matches(word, 'type')) filter.type = words.value()
    else if (matches(word, 'metric', 'priority', 'preference'))
      filter.metric = numberWord(words.value(), '"metric" value is invalid\n')
    else if (matches(word, 'src', 'scope')) words.value()
    else readPrefix6(filter, word, words)
  }
  return filter
}

function readPrefix6(filter: Route6Filter, word: string, words: Words): void {
  const kind = matches(word, 'to') ? words.value() : word
  if (matches(kind, 'root')) filter.root = prefix6Word(words.value())
  else if (matches(kind, 'match')) filter.match = prefix6Word(words.value())
  else filter.exact = prefix6Word(matches(kind, 'exact') ? words.value() : kind)
}

export function selectsRoute6(filter: Route6Filter, route: Route6): boolean {
  const { exact, root, match, device, via, protocol, type, metric } = filter
  if (filter.table !== 'all' && route.table !== filter.table) return false
  if (device !== null && (route.device !== device || route.ifindex === null)) return false
  if (via !== null && route.gateway !== via) return false
  if (protocol !== null && route.protocol !== protocol) return false
  if (type !== null && route.type !== type) return false
  if (metric !== null && route.metric !== metric) return false
  if (exact !== null && formatPrefix6(exact) !== formatPrefix6(route.destination)) return false
  if (root !== null && !containsPrefix6(root, route.destination)) return false
  return match === null || containsPrefix6(route.destination, match)
}

export function route6Row(route: Route6): Route6Row {
  return { ...route, destination: formatPrefix6(route.destination), from: null }
}

/** What was asked for exactly is not said again. */
function hideFiltered6(row: Route6Row, filter: Route6Filter): Route6Row {
  return {
    ...row,
    gateway: filter.via === null ? row.gateway : null,
    protocol: filter.protocol === null ? row.protocol : 'boot',
  }
}

export function showRoutes6(ip: Ip, words: Words): number {
  const filter = readFilter6(ip, words)
  if (filter === 'cache') return 0
  const { world } = ip.context
  const { table } = filter
  const all = listRoutes6(world, ip.netns)
  const isKnown = table === 'all' || table >= 253 || all.some((route) => route.table === table)
  if (!isKnown) throw new GiveUp('Error: ipv6: FIB table does not exist.\nDump terminated\n', 2)
  const style = {
    color: ip.options.color && !ip.options.json,
    details: ip.options.details,
    allTables: table === 'all',
    deviceFilter: filter.device !== null,
  }
  const chosen = all.filter((route) => selectsRoute6(filter, route))
  return show(
    ip,
    chosen.map((route) => route6Fields(hideFiltered6(route6Row(route), filter), style)),
  )
}

export function flushRoutes6(ip: Ip, words: Words): number {
  if (!words.more) throw new GiveUp('"ip route flush" requires arguments.\n', 1)
  const filter = readFilter6(ip, words)
  if (filter === 'cache') return 0
  return change(ip, () => {
    const gone = listRoutes6(ip.context.world, ip.netns).filter((route) => selectsRoute6(filter, route))
    for (const route of gone) removeRoute6(ip.netns, route)
    if (ip.options.statistics > 0) {
      const done = `\n*** Round 1, deleting ${gone.length} entries ***\n*** Flush is complete after 1 round ***\n`
      ip.context.out(gone.length === 0 ? 'Nothing to flush.\n' : done)
    }
    return ok(undefined)
  })
}

type Draft6 = { -readonly [K in keyof Route6Entry]?: Route6Entry[K] } & {
  device?: string
  unmodelled?: string
}

export function modifyRoute6(ip: Ip, words: Words, mode: Route6Mode | 'delete'): number {
  const draft: Draft6 = {}
  while (words.more) readWord6(draft, words.take(), words)
  if (draft.unmodelled !== undefined)
    return notModelled(ip.context, `ip -6 route ${mode} ${draft.unmodelled}`)
  const link = draft.device === undefined ? null : deviceOr(ip.netns, draft.device, cannotFind)
  const spec: Route6Spec = {
    type: draft.type ?? 'unicast',
    destination: draft.destination ?? { address: '::', length: 0 },
    gateway: draft.gateway ?? null,
    ifindex: link?.ifindex ?? null,
    preferredSource: draft.preferredSource ?? null,
    protocol: draft.protocol ?? 'boot',
    metric: draft.metric ?? null,
    mtu: draft.mtu ?? null,
    onLink: draft.onLink ?? false,
    table: draft.table ?? TABLE6_MAIN,
  }
  return change(ip, () =>
    mode === 'delete'
      ? deleteRoute6(ip.context.world, ip.netns, spec)
      : addRoute6(ip.context.world, ip.netns, spec, mode),
  )
}

const TYPES6 = ['unicast', 'blackhole', 'unreachable', 'prohibit'] as const

function readWord6(draft: Draft6, word: string, words: Words): void {
  if (word === 'src') draft.preferredSource = address6Word(words.value())
  else if (word === 'via') {
    const next = words.value()
    draft.gateway = address6Word(next === 'inet6' ? words.value() : next)
  } else if (word === 'dev' || word === 'oif') draft.device = words.value()
  else if (matches(word, 'metric', 'priority', 'preference'))
    draft.metric = numberWord(words.value(), '"metric" value is invalid\n')
  else if (word === 'scope') words.value()
  else if (word === 'mtu') draft.mtu = numberWord(words.value(), '"mtu" value is invalid\n')
  else if (word === 'onlink') draft.onLink = true
  else if (matches(word, 'protocol')) draft.protocol = protocolWord(words.value())
  else if (matches(word, 'table')) draft.table = tableWord(words.value(), '"table" value is invalid')
  else if (UNMODELLED_ROUTE_WORDS.includes(word)) draft.unmodelled = word
  else readDestination6(draft, word, words)
}

function readDestination6(draft: Draft6, word: string, words: Words): void {
  let text = word === 'to' ? words.value() : word
  const type = TYPES6.find((one) => one === text)
  if (type !== undefined && draft.type === undefined) {
    draft.type = type
    text = words.value()
  }
  if (draft.destination !== undefined) throw duplicate('to', text)
  draft.destination = prefix6Word(text)
}

export function getRoute6(ip: Ip, words: Words): number {
  let destination: string | null = null
  let from: string | null = null
  let output: number | null = null
  while (words.more) {
    const word = words.take()
    if (matches(word, 'from')) from = prefix6Word(words.value()).address
    else if (matches(word, 'oif') || word === 'dev')
      output = deviceOr(ip.netns, words.value(), cannotFind).ifindex
    else if (matches(word, 'notify', 'connected', 'fibmatch')) continue
    else if (matches(word, 'iif', 'mark', 'vrf', 'uid', 'ipproto', 'sport', 'dport', 'tos', 'dsfield')) {
      return notModelled(ip.context, `ip -6 route get ${word}`)
    } else destination = prefix6Word(word === 'to' ? words.value() : word).address
  }
  if (destination === null) throw new GiveUp('need at least a destination address\n', 1)
  const found = lookupRoute6(ip.netns, {
    destination,
    ...(from === null ? {} : { source: from }),
    ...(output === null ? {} : { outputIfindex: output }),
  })
  if (!found.ok) throw new GiveUp(`RTNETLINK answers: ${errorText(found.error.code)}\n`, 2)
  return showFound(ip, found.value, destination, from)
}

function learntOf(ip: Ip, destination: string): Route6Row['learnt'] {
  const learnt = ip.netns.pathMtus.get(destination)
  const left = learnt === undefined ? 0 : learnt.expiresUs - ip.context.world.nowUs
  return learnt === undefined || left <= 0 ? null : { mtu: learnt.mtu, expiresS: Math.floor(left / 1e6) }
}

function showFound(ip: Ip, found: FoundRoute6, destination: string, from: string | null): number {
  const { route } = found
  const isLocal = route.type === 'local' || route.type === 'anycast'
  const row: Route6Row = {
    ...route6Row({ ...route, linkDown: false }),
    destination,
    from: from ?? '::',
    device: isLocal ? 'lo' : route.device,
    // rt6_fill_node: what would be chosen, whatever was given.
    preferredSource: route.preferredSource ?? chooseSource6(ip.netns, route.ifindex ?? 1, destination),
    learnt: learntOf(ip, destination),
  }
  const isMain = route.table === TABLE6_MAIN
  const style = {
    color: ip.options.color && !ip.options.json,
    details: ip.options.details,
    allTables: !isMain,
    deviceFilter: false,
  }
  return show(ip, [route6Fields(row, style)])
}

/** `ip route` means IPv6 if that was asked for or the first address among the words is one. */
export function meansIpv6(ip: Ip, list: readonly string[]): boolean {
  const { family } = ip.options
  if (family !== null) return family === 6
  if (list.includes('inet6')) return false
  const first = list.find((word, i) => /^[0-9a-f:.]+(\/\d+)?$/i.test(word) && !isValue(list[i - 1]))
  return first?.includes(':') ?? false
}

const isValue = (before: string | undefined): boolean =>
  before !== undefined && ['dev', 'table', 'metric', 'mtu', 'oif', 'iif', 'proto'].includes(before)
