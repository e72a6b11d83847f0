/** What `ip route show` and `flush` select by. ip/iproute.c iproute_list_flush_or_save */
import type { Route, RouteProtocol, RouteScope, RouteType } from '../../sim/kernel/net-namespace.ts'
import { networkOf, type Prefix } from '../../sim/wire/ipv4-address.ts'
import type { Ip } from './environment.ts'
import {
  addressWord,
  cannotFind,
  deviceOr,
  invalid,
  matches,
  numberWord,
  prefixWord,
  tableWord,
  type Words,
} from './words.ts'

export interface RouteFilter {
  table: number | 'all'
  device: number | null
  via: number | null
  source: number | null
  protocol: RouteProtocol | null
  scope: RouteScope | null
  type: RouteType | null
  metric: number | null
  exact: Prefix | null
  root: Prefix | null
  match: Prefix | null
  cache: boolean
}

export const ROUTE_TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'unreachable',
  'prohibit',
  'blackhole',
]

/** Real words of a route of which nothing here depends. */
export const UNMODELLED_ROUTE_WORDS = [
  'as',
  'from',
  'tos',
  'dsfield',
  'expires',
  'hoplimit',
  'advmss',
  'reordering',
  'rtt',
  'rto_min',
  'window',
  'cwnd',
  'initcwnd',
  'initrwnd',
  'features',
  'quickack',
  'congctl',
  'rttvar',
  'ssthresh',
  'realms',
  'nexthop',
  'nhid',
  'weight',
  'encap',
  'ttl-propagate',
  'pref',
  'vrf',
]

export function protocolWord(word: string): RouteProtocol {
  if (word === 'kernel' || word === 'boot' || word === 'static' || word === 'dhcp') return word
  const numbers: Readonly<Record<string, RouteProtocol>> = { 2: 'kernel', 3: 'boot', 4: 'static', 16: 'dhcp' }
  const known = numbers[word]
  if (known === undefined) throw invalid('"protocol" value is invalid\n', word)
  return known
}

export function scopeWord(word: string): RouteScope {
  if (word === 'global' || word === 'link' || word === 'host') return word
  throw invalid('invalid "scope" value\n', word)
}

export function readRouteFilter(ip: Ip, words: Words): RouteFilter {
  const filter: RouteFilter = {
    table: 254,
    device: null,
    via: null,
    source: null,
    protocol: null,
    scope: null,
    type: null,
    metric: null,
    exact: null,
    root: null,
    match: null,
    cache: false,
  }
  while (words.more) readWord(ip, filter, words.take(), words)
  return filter
}

function readWord(ip: Ip, filter: RouteFilter, word: string, words: Words): void {
  if (matches(word, 'table')) {
    const table = words.value()
    if (table === 'cache') filter.cache = true
    else filter.table = table === 'all' || table === '0' ? 'all' : tableWord(table)
  } else if (matches(word, 'cached', 'cloned')) filter.cache = true
  else if (word === 'dev' || word === 'oif' || word === 'iif') {
    filter.device = deviceOr(ip.netns, words.value(), cannotFind).ifindex
  } else if (matches(word, 'via')) filter.via = addressWord(words.value())
  else if (matches(word, 'src')) filter.source = addressWord(words.value())
  else if (matches(word, 'protocol')) filter.protocol = protocolWord(words.value())
  else if (matches(word, 'scope')) filter.scope = scopeWord(words.value())
  else if (matches(word, 'type')) filter.type = typeWord(words.value())
  else if (matches(word, 'metric', 'priority', 'preference')) {
    filter.metric = numberWord(words.value(), '"metric" value is invalid\n')
  } else readPrefix(filter, word, words)
}

function typeWord(word: string): RouteType {
  const known = ROUTE_TYPES.find((type) => type === word)
  if (known === undefined) throw invalid('node type value is invalid\n', word)
  return known
}

function readPrefix(filter: RouteFilter, word: string, words: Words): void {
  const kind = matches(word, 'to') ? words.value() : word
  if (matches(kind, 'root')) filter.root = prefixWord(words.value())
  else if (matches(kind, 'match')) filter.match = prefixWord(words.value())
  else if (matches(kind, 'exact')) filter.exact = prefixWord(words.value())
  else filter.exact = prefixWord(kind)
}

export function selectsRoute(filter: RouteFilter, route: Route): boolean {
  const wanted: readonly (readonly [unknown, unknown])[] = [
    [filter.device, route.ifindex],
    [filter.via, route.gateway],
    [filter.source, route.preferredSource],
    [filter.protocol, route.protocol],
    [filter.scope, route.scope],
    [filter.type, route.type],
    [filter.metric, route.metric],
  ]
  return (
    wanted.every(([want, have]) => want === null || want === have) && selectsPrefix(filter, route.destination)
  )
}

function selectsPrefix(filter: RouteFilter, own: Prefix): boolean {
  const { exact, root, match } = filter
  if (exact !== null && (exact.address !== own.address || exact.length !== own.length)) return false
  if (root !== null && (own.length < root.length || networkOf(own.address, root.length) !== root.address))
    return false
  return (
    match === null || (own.length <= match.length && networkOf(match.address, own.length) === own.address)
  )
}
