/** Neighbour entries as rtnetlink edits and lists them. ip-neighbour(8), net/core/neighbour.c neigh_add, neigh_delete. */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IpAddress } from '../../wire/frame.ts'
import { neighborKey, onNeighborSet } from '../neighbor/table.ts'
import type { NeighborEntry, NeighborState, NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export type NeighborMode = 'add' | 'change' | 'replace'

export interface NeighborSpec {
  readonly ifindex: number
  readonly address: IpAddress
  readonly mac?: string | null
  readonly state?: NeighborState
  readonly isProxy?: boolean
  readonly isRouter?: boolean
}

/** Without a MAC address only states that need none can be set. */
export function setNeighbor(
  sim: Simulation,
  netns: NetNamespace,
  spec: NeighborSpec,
  mode: NeighborMode = 'replace',
): Result<NeighborEntry> {
  const link = netns.links.get(spec.ifindex)
  if (link === undefined) return refuse('ENODEV')
  const key = neighborKey(spec.ifindex, spec.address)
  const known = netns.neighbors.get(key)
  if (mode === 'add' && known !== undefined) return refuse('EEXIST')
  if (mode === 'change' && known === undefined) return refuse('ENOENT')
  const state = spec.state ?? 'PERMANENT'
  const mac = spec.mac ?? known?.mac ?? null
  const needsMac = !['NONE', 'INCOMPLETE', 'FAILED', 'NOARP'].includes(state)
  if (needsMac && mac === null && spec.isProxy !== true) return refuse('EINVAL')
  const entry: NeighborEntry = {
    ifindex: spec.ifindex,
    address: spec.address,
    mac,
    state,
    updatedUs: sim.nowUs,
    confirmedUs: sim.nowUs,
    usedUs: sim.nowUs,
    probes: 0,
    generation: (known?.generation ?? 0) + 1,
    waiting: known?.waiting ?? [],
    isRouter: spec.isRouter ?? false,
    isProxy: spec.isProxy ?? false,
  }
  netns.neighbors.set(key, entry)
  onNeighborSet(sim, netns, entry)
  return ok(entry)
}

export function deleteNeighbor(netns: NetNamespace, ifindex: number, address: IpAddress): Result<void> {
  return netns.neighbors.delete(neighborKey(ifindex, address)) ? ok(undefined) : refuse('ENOENT')
}

/** Newest first, as a hash chain lists them; proxies apart. */
export function listNeighbors(netns: NetNamespace): Neighbor4[] {
  return [...netns.neighbors.values()]
    .filter(isIpv4)
    .filter((entry) => !entry.isProxy)
    .reverse()
}

export type Neighbor4 = NeighborEntry & { readonly address: number }
export type Neighbor6 = NeighborEntry & { readonly address: string }

export function isIpv4(entry: NeighborEntry): entry is Neighbor4 {
  return typeof entry.address === 'number'
}

export function isIpv6(entry: NeighborEntry): entry is Neighbor6 {
  return typeof entry.address === 'string'
}

/** Newest first; `proxy`: those that were set for others. */
export function listNeighbors6(netns: NetNamespace, proxy = false): Neighbor6[] {
  return [...netns.neighbors.values()]
    .filter(isIpv6)
    .filter((entry) => entry.isProxy === proxy)
    .reverse()
}

/** `ip neigh flush`: all but permanent entries unless a state was asked for. */
export function flushNeighbors(netns: NetNamespace, gone: (entry: NeighborEntry) => boolean): number {
  let count = 0
  for (const [key, entry] of netns.neighbors) {
    if (!gone(entry)) continue
    netns.neighbors.delete(key)
    count++
  }
  return count
}
