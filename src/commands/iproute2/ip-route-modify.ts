/** `ip route add, change, replace, append, prepend, delete`: ip/iproute.c iproute_modify */
import { refuse } from '../../sim/base/result.ts'
import type { Route } from '../../sim/kernel/net-namespace.ts'
import { addRoute, deleteRoute, type RouteMode, type RouteSpec } from '../../sim/kernel/netlink/route.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip } from './environment.ts'
import { meansIpv6, modifyRoute6 } from './ip-route6.ts'
import { notExpected } from './ipv6-words.ts'
import { protocolWord, ROUTE_TYPES, scopeWord, UNMODELLED_ROUTE_WORDS } from './route-filter.ts'
import { ROUTE_USAGE } from './usage.ts'
import {
  addressWord,
  cannotFind,
  deviceOr,
  duplicate,
  GiveUp,
  matches,
  numberWord,
  tableWord,
  tryPrefix,
  type Words,
} from './words.ts'

type Draft = { -readonly [K in keyof Route]?: Route[K] | undefined } & {
  device?: string
  unmodelled?: string
}

export function modifyRoute(ip: Ip, words: Words, mode: RouteMode | 'delete'): number {
  if (!words.more && mode !== 'change') throw new GiveUp(ROUTE_USAGE, 255)
  if (meansIpv6(ip, words.rest())) return modifyRoute6(ip, words, mode)
  const draft: Draft = {}
  while (words.more) readWord(ip, draft, words.take(), words)
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

function readWord(ip: Ip, draft: Draft, word: string, words: Words): void {
  if (word === 'src') draft.preferredSource = addressWord(words.value())
  else if (word === 'via') draft.gateway = gatewayWord(ip, draft, words)
  else if (word === 'dev' || word === 'oif') draft.device = words.value()
  else if (matches(word, 'metric', 'priority', 'preference')) {
    draft.metric = numberWord(words.value(), '"metric" value is invalid\n')
  } else if (word === 'scope') draft.scope = scopeWord(words.value())
  else if (word === 'mtu') draft.mtu = numberWord(words.value(), '"mtu" value is invalid\n')
  else if (word === 'onlink') draft.onLink = true
  else if (matches(word, 'protocol')) draft.protocol = protocolWord(words.value())
  else if (matches(word, 'table')) draft.table = tableWord(words.value(), '"table" value is invalid')
  else if (UNMODELLED_ROUTE_WORDS.includes(word)) draft.unmodelled = word
  else readDestination(ip, draft, word, words)
}

function gatewayWord(ip: Ip, draft: Draft, words: Words): number | null {
  const word = words.value()
  const text = word === 'inet' ? words.value() : word
  if (text === 'inet6') {
    draft.unmodelled = 'via inet6'
    words.value()
    return null
  }
  const isV4 = ip.options.family === 4 || (draft.destination !== undefined && draft.destination.length > 0)
  if (isV4 || tryPrefix(text) !== null) return addressWord(text)
  throw notExpected(null, 'address', text)
}

function readDestination(ip: Ip, draft: Draft, word: string, words: Words): void {
  let text = word === 'to' ? words.value() : word
  const type = ROUTE_TYPES.find((one) => one === text)
  if (type !== undefined && draft.type === undefined) {
    draft.type = type
    text = words.value()
  }
  if (draft.destination !== undefined) throw duplicate('to', text)
  const prefix = tryPrefix(text)
  if (prefix === null) throw notExpected(ip.options.family, 'prefix', text)
  draft.destination = { address: prefix.address, length: prefix.length }
}
