/**
 * From two snapshots of a namespace to the messages that rtnetlink's groups would have carried in between, in the order
 * in which the kernel sends them. net/core/{rtnetlink,neighbour}.c, net/ipv4/{devinet,fib_semantics}.c, net/bridge.
 * Not modelled: what is done and undone within one step, multicast neighbours, MDB.
 */
import type { Interface6Address, InterfaceAddress } from '../link/types.ts'
import type { PolicyRule, Route } from '../net-namespace.ts'
import type { LinkRow } from './dump.ts'
import type { FdbRow } from './fdb.ts'
import { linkMessages, newLinkMessages, removedLinkMessages } from './link-changes.ts'
import type { Route6 } from './route6.ts'
import type { NeighborNote, NetlinkSnapshot } from './snapshot.ts'

export type NetlinkMessage = (
  | {
      readonly kind: 'link'
      readonly row: LinkRow
      readonly isFeatureChange?: boolean
      readonly movedTo?: { readonly netns: number; readonly ifindex: number }
    }
  /** A bridge tells of its port (AF_BRIDGE). */
  | { readonly kind: 'port'; readonly row: LinkRow }
  | { readonly kind: 'address'; readonly ifindex: number; readonly own: InterfaceAddress }
  | { readonly kind: 'address6'; readonly ifindex: number; readonly own: Interface6Address }
  | { readonly kind: 'route'; readonly route: Route; readonly linkDown: boolean }
  | { readonly kind: 'route6'; readonly route: Route6 }
  | { readonly kind: 'neighbor'; readonly entry: NeighborNote }
  | { readonly kind: 'fdb'; readonly row: FdbRow }
  | { readonly kind: 'rule'; readonly rule: PolicyRule }
  | { readonly kind: 'netconf'; readonly family: 4 | 6; readonly ifindex: number; readonly device: string }
  | { readonly kind: 'nsid'; readonly id: number; readonly netns: number }
) & { readonly deleted?: boolean }

/** Where a device that has left now is, if it was moved; null: it is gone. */
export type Whereabouts = (row: LinkRow) => { readonly netns: number; readonly ifindex: number } | null

export interface Comparison {
  readonly old: NetlinkSnapshot
  readonly now: NetlinkSnapshot
  readonly out: NetlinkMessage[]
  /** Keys of what was told already. */
  readonly told: Set<string>
  readonly whereabouts: Whereabouts
}

export function changesBetween(
  old: NetlinkSnapshot,
  now: NetlinkSnapshot,
  whereabouts: Whereabouts,
): NetlinkMessage[] {
  const all: Comparison = { old, now, out: [], told: new Set(), whereabouts }
  const before = new Map(old.links.map((row) => [row.ifindex, row]))
  const after = new Map(now.links.map((row) => [row.ifindex, row]))
  for (const row of old.links) if (!after.has(row.ifindex)) removedLinkMessages(all, row)
  tellPeers(all)
  for (const row of now.links) {
    const was = before.get(row.ifindex) ?? newLinkMessages(all, row)
    linkMessages(all, was, row)
  }
  for (const row of now.links) tellAddresses(all, before.get(row.ifindex), row)
  tellRoutes(all, null)
  tellNeighbors(all, null)
  tellFdb(all, null)
  tellRules(all)
  return all.out
}

function tellPeers(all: Comparison): void {
  const known = new Set(all.old.peers.map(([id]) => id))
  for (const [id, netns] of all.now.peers)
    if (!known.has(id) && once(all, `nsid ${id}`)) all.out.push({ kind: 'nsid', id, netns })
}

/** True the first time. */
export function once(all: Comparison, key: string): boolean {
  if (all.told.has(key)) return false
  all.told.add(key)
  return true
}

const key = (value: unknown): string => JSON.stringify(value)
const addressKey = (ifindex: number, own: InterfaceAddress): string =>
  `address ${ifindex} ${own.address}/${own.length} ${own.peer}`

/** Addresses that came or went, each with its routes. */
export function tellAddresses(all: Comparison, was: LinkRow | undefined, row: LinkRow): void {
  const old = was?.addresses ?? []
  const { ifindex } = row
  for (const own of old) {
    if (row.addresses.some((one) => addressKey(ifindex, one) === addressKey(ifindex, own))) continue
    if (!once(all, `gone ${addressKey(ifindex, own)}`)) continue
    all.out.push({ kind: 'address', ifindex, own, deleted: true })
    tellRoutes(all, (route) => route.ifindex === ifindex && route.protocol === 'kernel')
  }
  for (const own of row.addresses) {
    if (old.some((one) => addressKey(ifindex, one) === addressKey(ifindex, own))) continue
    if (!once(all, addressKey(ifindex, own))) continue
    all.out.push({ kind: 'address', ifindex, own })
    tellRoutes(all, (route) => route.ifindex === ifindex && route.protocol === 'kernel')
  }
  tellAddresses6(all, was, row)
}

function tellAddresses6(all: Comparison, was: LinkRow | undefined, row: LinkRow): void {
  const { ifindex } = row
  const ofDevice = (route: Route6): boolean => route.ifindex === ifindex && route.protocol === 'kernel'
  for (const own of was?.addresses6 ?? []) {
    if (row.addresses6.some((one) => one.address === own.address)) continue
    if (!once(all, `gone ${ifindex} ${own.address}`)) continue
    all.out.push({ kind: 'address6', ifindex, own, deleted: true })
    tellRoutes6(all, ofDevice)
  }
  for (const own of row.addresses6) {
    const before = was?.addresses6.find((one) => one.address === own.address)
    const isQuiet = own.scope === 'link' && own.tentative
    if (isQuiet || (before !== undefined && before.tentative === own.tentative)) continue
    if (!once(all, `${ifindex} ${own.address} ${own.tentative}`)) continue
    // The network's route stands before the address is told.
    tellRoutes6(all, (route) => ofDevice(route) && route.type !== 'local')
    all.out.push({ kind: 'address6', ifindex, own })
    tellRoutes6(all, ofDevice)
  }
}

type RouteTest = ((route: Route) => boolean) | null

/** As the kernel walks: what is local first when it comes, last when it goes. */
const RANK: Readonly<Record<string, number>> = { local: 0, unicast: 1, broadcast: 2 }

export function tellRoutes(all: Comparison, test: RouteTest): void {
  const old = new Set(all.old.routes.map(key))
  const now = new Set(all.now.routes.map(key))
  const rank = (route: Route): number =>
    (RANK[route.type] ?? 1) + (route.type === 'local' && route.destination.length < 32 ? 0.5 : 0)
  const gone = all.old.routes.filter((route) => !now.has(key(route)) && (test === null || test(route)))
  const come = all.now.routes.filter((route) => !old.has(key(route)) && (test === null || test(route)))
  const goneLast = (route: Route): number => (route.type === 'local' ? 3 : rank(route))
  for (const route of gone.sort((x, y) => goneLast(x) - goneLast(y))) {
    if (!once(all, `gone ${key(route)}`) || leavesSilently(all, route)) continue
    // What takes its place is told alone.
    if (come.some((other) => isReplacement(route, other))) continue
    all.out.push({ kind: 'route', route, linkDown: isLinkDown(all, route.ifindex), deleted: true })
  }
  for (const route of come.sort((x, y) => rank(x) - rank(y)))
    if (once(all, key(route)))
      all.out.push({ kind: 'route', route, linkDown: isLinkDown(all, route.ifindex) })
  if (test === null) tellRoutes6(all, null)
}

function isReplacement(gone: Route, come: Route): boolean {
  return (
    gone.table === come.table &&
    gone.metric === come.metric &&
    key(gone.destination) === key(come.destination)
  )
}

/** Routes over a device that goes down are dropped without a message (fib_sync_down_dev); the kernel's own excepted. */
function leavesSilently(all: Comparison, route: Route): boolean {
  const row = all.now.links.find((one) => one.ifindex === route.ifindex)
  const was = all.old.links.find((one) => one.ifindex === route.ifindex)
  if (was === undefined) return true
  const isDown = row === undefined || (was.up && !row.up)
  return isDown && route.type !== 'local'
}

function isLinkDown(all: Comparison, ifindex: number | null): boolean {
  const row = all.now.links.find((one) => one.ifindex === ifindex)
  return row?.up === true && !row.flags.includes('LOWER_UP')
}

const key6 = (route: Route6): string => key({ ...route, linkDown: false })
const RANK6: Readonly<Record<string, number>> = { multicast: 0, unicast: 1, local: 2 }

export function tellRoutes6(all: Comparison, test: ((route: Route6) => boolean) | null): void {
  const old = new Set(all.old.routes6.map(key6))
  const now = new Set(all.now.routes6.map(key6))
  const goneRank = (route: Route6): number =>
    ({ unicast: 0, local: 1, multicast: 2 })[route.type as 'local'] ?? 0
  const gone = all.old.routes6.filter((route) => !now.has(key6(route)) && (test === null || test(route)))
  for (const route of gone.sort((x, y) => goneRank(x) - goneRank(y)))
    if (once(all, `gone ${key6(route)}`)) all.out.push({ kind: 'route6', route, deleted: true })
  const come = all.now.routes6.filter((route) => !old.has(key6(route)) && (test === null || test(route)))
  for (const route of come.sort((x, y) => (RANK6[x.type] ?? 1) - (RANK6[y.type] ?? 1)))
    if (once(all, key6(route))) all.out.push({ kind: 'route6', route })
}

/** States that are told of; INCOMPLETE, DELAY and PROBE come and go without a message. */
const TOLD_STATES = new Set(['REACHABLE', 'STALE', 'FAILED', 'PERMANENT', 'NOARP'])
const neighborKey = (entry: NeighborNote): string => `${entry.ifindex} ${entry.address} ${entry.isProxy}`

export function tellNeighbors(all: Comparison, ifindex: number | null): void {
  const now = new Map(all.now.neighbors.map((entry) => [neighborKey(entry), entry]))
  const old = new Map(all.old.neighbors.map((entry) => [neighborKey(entry), entry]))
  const isMeant = (entry: NeighborNote): boolean => ifindex === null || entry.ifindex === ifindex
  for (const [id, entry] of old) {
    if (now.has(id) || !isMeant(entry) || !once(all, `gone neighbor ${id}`)) continue
    const isInvalid = ['NONE', 'INCOMPLETE', 'FAILED'].includes(entry.state)
    const failed = ifindex === null && !entry.isProxy ? { ...entry, state: 'FAILED' } : entry
    if (failed !== entry && !isInvalid) all.out.push({ kind: 'neighbor', entry: failed })
    all.out.push({ kind: 'neighbor', entry: failed, deleted: true })
  }
  for (const [id, entry] of now) {
    const was = old.get(id)
    if (!isMeant(entry) || (was !== undefined && was.state === entry.state && was.mac === entry.mac)) continue
    if (!TOLD_STATES.has(entry.state) && !entry.isProxy) continue
    if (once(all, `neighbor ${id}`)) all.out.push({ kind: 'neighbor', entry })
  }
}

const fdbKey = (row: FdbRow): string => `fdb ${row.mac} ${row.device} ${row.master} ${row.state}`

export function tellFdb(all: Comparison, device: string | null): void {
  const now = new Set(all.now.fdb.map(fdbKey))
  const old = new Set(all.old.fdb.map(fdbKey))
  for (const row of all.now.fdb)
    if (!old.has(fdbKey(row)) && (device === null || row.device === device) && once(all, fdbKey(row)))
      all.out.push({ kind: 'fdb', row })
  for (const row of all.old.fdb)
    if (
      !now.has(fdbKey(row)) &&
      (device === null || row.device === device) &&
      once(all, `gone ${fdbKey(row)}`)
    )
      all.out.push({ kind: 'fdb', row, deleted: true })
}

function tellRules(all: Comparison): void {
  const old = new Set(all.old.rules.map(key))
  const now = new Set(all.now.rules.map(key))
  for (const rule of all.old.rules)
    if (!now.has(key(rule))) all.out.push({ kind: 'rule', rule, deleted: true })
  for (const rule of all.now.rules) if (!old.has(key(rule))) all.out.push({ kind: 'rule', rule })
}
