/** Neighbour entries as rtnetlink edits and lists them. ip-neighbour(8), net/core/neighbour.c neigh_add, neigh_delete. */
import { ok, type Result, refuse } from '../../base/result.ts'
import { neighborKey, onNeighborSet } from '../neighbor/table.ts'
import type { Neighbor6Entry, NeighborEntry, NeighborState, NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export type NeighborMode = 'add' | 'change' | 'replace'

export interface NeighborSpec {
  readonly ifindex: number
  readonly address: number
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

export function deleteNeighbor(netns: NetNamespace, ifindex: number, address: number): Result<void> {
  return netns.neighbors.delete(neighborKey(ifindex, address)) ? ok(undefined) : refuse('ENOENT')
}

/** Newest first, as a hash chain lists them; proxies apart. */
export function listNeighbors(netns: NetNamespace): NeighborEntry[] {
  return [...netns.neighbors.values()].filter((entry) => !entry.isProxy).reverse()
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

/** IPv6 neighbours are noted as they are set; no packet asks for them. */
export function setNeighbor6(
  sim: Simulation,
  netns: NetNamespace,
  spec: Omit<Neighbor6Entry, 'updatedUs'>,
  mode: NeighborMode,
): Result<void> {
  const key = `${spec.ifindex} ${spec.address}`
  const known = netns.neighbors6?.has(key) === true
  if (mode === 'add' && known) return refuse('EEXIST')
  if (mode === 'change' && !known) return refuse('ENOENT')
  netns.neighbors6 ??= new Map()
  netns.neighbors6.set(key, { ...spec, updatedUs: sim.nowUs })
  return ok(undefined)
}

export function deleteNeighbor6(netns: NetNamespace, ifindex: number, address: string): Result<void> {
  return netns.neighbors6?.delete(`${ifindex} ${address}`) === true ? ok(undefined) : refuse('ENOENT')
}
