/** `ip route add, change, replace, append, prepend, delete`: ip/iproute.c iproute_modify */
import { refuse } from '../../sim/base/result.ts'
import type { Route } from '../../sim/kernel/net-namespace.ts'
import { addRoute, deleteRoute, type RouteMode, type RouteSpec } from '../../sim/kernel/netlink/route.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip } from './environment.ts'
import { protocolWord, ROUTE_TYPES, scopeWord } from './route-filter.ts'
import { ROUTE_USAGE } from './usage.ts'
import {
  addressWord,
  cannotFind,
  deviceOr,
  duplicate,
  GiveUp,
  isIpv6Word,
  matches,
  numberWord,
  prefixWord,
  tableWord,
  type Words,
} from './words.ts'

type Draft = { -readonly [K in keyof Route]?: Route[K] | undefined } & {
  device?: string
  unmodelled?: string
}

const UNMODELLED = [
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

export function modifyRoute(ip: Ip, words: Words, mode: RouteMode | 'delete'): number {
  if (!words.more && mode !== 'change') throw new GiveUp(ROUTE_USAGE, 255)
  const draft: Draft = {}
  while (words.more) readWord(draft, words.take(), words)
  if (draft.unmodelled !== undefined) return notModelled(ip.context, `ip route ${mode} ${draft.unmodelled}`)
  if (draft.device !== undefined) draft.ifindex = deviceOr(ip.netns, draft.device, cannotFind).ifindex
  const { device: _, unmodelled: __, ...rest } = draft
  const spec: RouteSpec = {
    ...(rest as Partial<Route>),
    destination: draft.destination ?? { address: 0, length: 0 },
  }
  return change(ip, () => {
    if (mode === 'delete') return deleteRoute(ip.context.world, ip.netns, spec)
    if (draft.destination === undefined) return refuse('ENODEV')
    return addRoute(ip.context.world, ip.netns, spec, mode)
  })
}

function readWord(draft: Draft, word: string, words: Words): void {
  if (word === 'src') draft.preferredSource = addressWord(words.value())
  else if (word === 'via') draft.gateway = gatewayWord(draft, words)
  else if (word === 'dev' || word === 'oif') draft.device = words.value()
  else if (matches(word, 'metric', 'priority', 'preference')) {
    draft.metric = numberWord(words.value(), '"metric" value is invalid\n')
  } else if (word === 'scope') draft.scope = scopeWord(words.value())
  else if (word === 'mtu') draft.mtu = numberWord(words.value(), '"mtu" value is invalid\n')
  else if (word === 'onlink') draft.onLink = true
  else if (matches(word, 'protocol')) draft.protocol = protocolWord(words.value())
  else if (matches(word, 'table')) draft.table = tableWord(words.value(), '"table" value is invalid')
  else if (UNMODELLED.includes(word)) draft.unmodelled = word
  else readDestination(draft, word, words)
}

function gatewayWord(draft: Draft, words: Words): number | null {
  const word = words.value()
  const text = word === 'inet' ? words.value() : word
  if (text === 'inet6' || isIpv6Word(text)) {
    draft.unmodelled = 'via inet6'
    return null
  }
  return addressWord(text)
}

function readDestination(draft: Draft, word: string, words: Words): void {
  let text = word === 'to' ? words.value() : word
  const type = ROUTE_TYPES.find((one) => one === text)
  if (type !== undefined && draft.type === undefined) {
    draft.type = type
    text = words.value()
  }
  if (draft.destination !== undefined) throw duplicate('to', text)
  if (isIpv6Word(text)) draft.unmodelled = 'of IPv6'
  else {
    const { address, length } = prefixWord(text)
    draft.destination = { address, length }
  }
}
