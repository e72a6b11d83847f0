/** `ip route`: list, get, flush; what changes a table stands in `ip-route-modify.ts`. ip/iproute.c */

import { errorText } from '../../render/iproute2/errno.ts'
import {
  type FoundRoute,
  foundRouteFields,
  type RouteRow,
  route6Fields,
  routeFields,
} from '../../render/iproute2/route.ts'
import { ok } from '../../sim/base/result.ts'
import { lookupRoute } from '../../sim/kernel/ip/fib.ts'
import { type InputRefusal, routeInput } from '../../sim/kernel/ip/route-input.ts'
import { hasCarrier } from '../../sim/kernel/link/state.ts'
import type { Route } from '../../sim/kernel/net-namespace.ts'
import { flushRoutes, listRoutes, TABLE_MAIN } from '../../sim/kernel/netlink/route.ts'
import { listRoutes6 } from '../../sim/kernel/netlink/route6.ts'
import { formatIpv4, isMulticast } from '../../sim/wire/ipv4-address.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip, show } from './environment.ts'
import { modifyRoute } from './ip-route-modify.ts'
import {
  emptyFilter6,
  flushRoutes6,
  getRoute6,
  meansIpv6,
  route6Row,
  selectsRoute6,
  showRoutes6,
} from './ip-route6.ts'
import { type RouteFilter, readRouteFilter, selectsRoute } from './route-filter.ts'
import { ROUTE_USAGE } from './usage.ts'
import { cannotFind, deviceOr, GiveUp, matches, numberWord, prefixWord, type Words } from './words.ts'

export function ipRoute(ip: Ip, words: Words): number {
  if (!words.more) return isSix(ip, words) ? showRoutes6(ip, words) : showRoutes(ip, words)
  const verb = words.take()
  if (matches(verb, 'list', 'show', 'lst'))
    return isSix(ip, words) ? showRoutes6(ip, words) : showRoutes(ip, words)
  if (matches(verb, 'add')) return modifyRoute(ip, words, 'add')
  if (matches(verb, 'change', 'chg')) return modifyRoute(ip, words, 'change')
  if (matches(verb, 'replace')) return modifyRoute(ip, words, 'replace')
  if (matches(verb, 'prepend')) return modifyRoute(ip, words, 'prepend')
  if (matches(verb, 'append')) return modifyRoute(ip, words, 'append')
  if (matches(verb, 'test')) return modifyRoute(ip, words, 'add')
  if (matches(verb, 'delete')) return modifyRoute(ip, words, 'delete')
  if (matches(verb, 'get')) return isSix(ip, words) ? getRoute6(ip, words) : getRoute(ip, words)
  if (matches(verb, 'flush')) return isSix(ip, words) ? flushRoutes6(ip, words) : flush(ip, words)
  if (matches(verb, 'save', 'restore', 'showdump')) return notModelled(ip.context, `ip route ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(ROUTE_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "ip route help".\n`, 255)
}

const isSix = (ip: Ip, words: Words): boolean => meansIpv6(ip, words.rest())

function rowOf(ip: Ip, route: Route): RouteRow {
  const link = route.ifindex === null ? undefined : ip.netns.links.get(route.ifindex)
  return {
    route,
    device: link?.name ?? null,
    linkDown: route.type !== 'local' && link?.up === true && !hasCarrier(ip.context.world, link),
    dead: link !== undefined && !link.up && route.type !== 'local',
  }
}

function showRoutes(ip: Ip, words: Words): number {
  const filter = readRouteFilter(ip, words)
  if (filter.cache) return showCache(ip)
  const style = {
    color: ip.options.color && !ip.options.json,
    details: ip.options.details,
    allTables: filter.table === 'all',
    deviceFilter: filter.device !== null,
  }
  const { table } = filter
  if (typeof table === 'number' && !ip.netns.fib.tables.has(table)) {
    throw new GiveUp('Error: ipv4: FIB table does not exist.\nDump terminated\n', 2)
  }
  const chosen = listRoutes(ip.netns, table).filter((route) => selectsRoute(filter, route))
  const rows = chosen.map((route) => routeFields(hideFiltered(rowOf(ip, route), filter), style))
  if (table === 'all' && ip.options.family === null) {
    const device = filter.device === null ? null : (ip.netns.links.get(filter.device)?.name ?? null)
    const filter6 = { ...emptyFilter6(), table: 'all' as const, device }
    const chosen6 = listRoutes6(ip.context.world, ip.netns).filter((row) => selectsRoute6(filter6, row))
    rows.push(...chosen6.map((row) => route6Fields(route6Row(row), style)))
  }
  return show(ip, rows)
}

/** What was asked for exactly is not said again: `proto`, `scope`, `src`, `via`, `metric`. */
function hideFiltered(row: RouteRow, filter: RouteFilter): RouteRow {
  const { route } = row
  return {
    ...row,
    route: {
      ...route,
      protocol: filter.protocol === null ? route.protocol : 'boot',
      scope: filter.scope === null ? route.scope : 'global',
      preferredSource: filter.source === null ? route.preferredSource : null,
      gateway: filter.via === null ? route.gateway : null,
      metric: filter.metric === null ? route.metric : 0,
    },
  }
}

function flush(ip: Ip, words: Words): number {
  if (!words.more) throw new GiveUp('"ip route flush" requires arguments.\n', 1)
  const filter = readRouteFilter(ip, words)
  if (filter.cache) {
    return change(ip, () => {
      ip.netns.pathMtus.clear()
      return ok(undefined)
    })
  }
  return change(ip, () => {
    const count = flushRoutes(ip.netns, (route) => {
      const inTable = filter.table === 'all' || route.table === filter.table
      return inTable && selectsRoute(filter, route)
    })
    if (ip.options.statistics > 0) {
      const done = `\n*** Round 1, deleting ${count} entries ***\n*** Flush is complete after 1 round ***\n`
      ip.context.out(count === 0 ? 'Nothing to flush.\n' : done)
    }
    return ok(undefined)
  })
}

interface Query {
  destination: number | null
  from: number | null
  input: number | null
  output: number | null
  mark: number
  fibMatch: boolean
}

function readQuery(ip: Ip, words: Words): Query {
  const query: Query = { destination: null, from: null, input: null, output: null, mark: 0, fibMatch: false }
  while (words.more) {
    const word = words.take()
    if (matches(word, 'from')) query.from = addressOf(words.value())
    else if (matches(word, 'iif')) query.input = deviceOr(ip.netns, words.value(), cannotFind).ifindex
    else if (matches(word, 'oif') || word === 'dev') {
      query.output = deviceOr(ip.netns, words.value(), cannotFind).ifindex
    } else if (matches(word, 'mark')) query.mark = numberWord(words.value(), 'invalid mark value\n')
    else if (word === 'fibmatch') query.fibMatch = true
    else if (matches(word, 'notify', 'connected')) continue
    else if (['tos', 'dsfield', 'vrf', 'uid', 'ipproto', 'sport', 'dport'].includes(word)) words.value()
    else query.destination = addressOf(word === 'to' ? words.value() : word)
  }
  return query
}

function addressOf(word: string): number {
  return prefixWord(word).address
}

function getRoute(ip: Ip, words: Words): number {
  const query = readQuery(ip, words)
  if (query.destination === null) throw new GiveUp('need at least a destination address\n', 1)
  const { destination, from, input, output, mark } = query
  if (input !== null) return getInput(ip, query, input)
  if (from !== null && !isOwn(ip, from))
    throw new GiveUp(`RTNETLINK answers: ${errorText('ENETUNREACH')}\n`, 2)
  const found = lookupRoute(ip.netns, {
    destination,
    mark,
    ...(from === null ? {} : { source: from }),
    ...(output === null ? {} : { outputIfindex: output }),
  })
  if (!found.ok) throw new GiveUp(`RTNETLINK answers: ${errorText(found.error.code)}\n`, 2)
  const { route, device, gateway, source } = found.value
  if (query.fibMatch) {
    const { color, details, json } = ip.options
    const style = { color: color && !json, details, allTables: true, deviceFilter: false }
    return show(ip, [routeFields(rowOf(ip, route), style)])
  }
  const row = {
    type: typeOf(route, destination),
    destination,
    from,
    gateway,
    device: ip.netns.links.get(device)?.name ?? formatIpv4(device),
    source: from === null && source !== 0 ? source : null,
    input: null,
    mark,
    table: route.table,
    ownLocalTable: ip.netns.fib.hasCustomRules,
    uid: ip.context.process.uid,
    learnt: learntOf(ip, destination),
  }
  return show(ip, [
    foundRouteFields(row, { color: ip.options.color && !ip.options.json, details: ip.options.details }),
  ])
}

function learntOf(ip: Ip, destination: number): FoundRoute['learnt'] {
  const learnt = ip.netns.pathMtus.get(destination)
  const left = learnt === undefined ? 0 : learnt.expiresUs - ip.context.world.nowUs
  return learnt === undefined || left <= 0 ? null : { mtu: learnt.mtu, expiresS: Math.floor(left / 1e6) }
}

/** The exceptions to the routes: where a router has told of a smaller MTU. */
function showCache(ip: Ip): number {
  const style = { color: ip.options.color && !ip.options.json, details: ip.options.details }
  const rows = [...ip.netns.pathMtus.keys()].flatMap((destination) => {
    if (typeof destination === 'string') return []
    const learnt = learntOf(ip, destination)
    const found = lookupRoute(ip.netns, { destination })
    if (learnt === null || !found.ok) return []
    const { route, device, gateway } = found.value
    const row: FoundRoute = {
      type: typeOf(route, destination),
      destination,
      from: null,
      gateway,
      device: ip.netns.links.get(device)?.name ?? formatIpv4(device),
      source: null,
      input: null,
      mark: 0,
      table: TABLE_MAIN,
      ownLocalTable: false,
      uid: null,
      learnt,
    }
    return [foundRouteFields(row, { ...style, details: false }, style.details)]
  })
  return show(ip, rows)
}

function typeOf(route: Route, destination: number): FoundRoute['type'] {
  if (isMulticast(destination)) return 'multicast'
  return route.type === 'local' || route.type === 'broadcast' ? route.type : 'unicast'
}

const LOOPBACK_IFINDEX = 1

const INPUT_REFUSALS: Readonly<Record<InputRefusal, string>> = {
  MARTIAN: 'EINVAL',
  RP_FILTER: 'EXDEV',
  NO_ROUTE: 'ENETUNREACH',
  UNREACHABLE: 'EHOSTUNREACH',
  PROHIBITED: 'EACCES',
  BLACKHOLE: 'EINVAL',
  IP_FORWARDING_OFF: 'EHOSTUNREACH',
  NOT_FOR_US: 'EINVAL',
}

/** `iif`: where a packet would go that came in there. */
function getInput(ip: Ip, query: Query, input: number): number {
  const link = ip.netns.links.get(input)
  const { mark, from } = query
  const destination = query.destination ?? 0
  if (link === undefined) throw new GiveUp(`RTNETLINK answers: ${errorText('ENODEV')}\n`, 2)
  const found = routeInput(ip.netns, link, destination, from ?? 0, mark)
  if (typeof found === 'string')
    throw new GiveUp(`RTNETLINK answers: ${errorText(INPUT_REFUSALS[found])}\n`, 2)
  const device = found.type === 'unicast' && found.ifindex !== null ? found.ifindex : LOOPBACK_IFINDEX
  const row: FoundRoute = {
    type: typeOf(found, destination),
    destination,
    from,
    gateway: found.gateway,
    device: ip.netns.links.get(device)?.name ?? 'lo',
    source: null,
    input: link.name,
    mark,
    table: TABLE_MAIN,
    ownLocalTable: false,
    uid: null,
    learnt: null,
  }
  const style = { color: ip.options.color && !ip.options.json, details: ip.options.details }
  return show(ip, [foundRouteFields(row, style)])
}

function isOwn(ip: Ip, address: number): boolean {
  for (const link of ip.netns.links.values()) {
    if (link.addresses.some((own) => own.address === address)) return true
  }
  return address >>> 24 === 127
}
