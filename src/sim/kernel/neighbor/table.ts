/**
 * Neighbour entries and what changes them. RFC 826, net/core/neighbour.c (neigh_update, __neigh_event_send).
 *
 *   INCOMPLETE ─► REACHABLE ─► STALE ─► DELAY ─► PROBE ─► REACHABLE or FAILED; PERMANENT and NOARP stay
 *
 * Not modelled: garbage collection (it starts above 128 entries).
 */
import { enqueue } from '../../base/event-queue.ts'
import type { IpAddress, MacAddress } from '../../wire/frame.ts'
import type { NeighborEntry, NeighborState, NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { neighborSettings, reachableTimeUs } from '../sysctl/settings.ts'
import { noteDrop } from '../trace-notes.ts'
import { sendWaiting } from './output.ts'

export function neighborKey(ifindex: number, address: IpAddress): string {
  return `${ifindex} ${address}`
}

/** Proxy entries are of no use to a sender. */
export function findNeighbor(
  netns: NetNamespace,
  ifindex: number,
  address: IpAddress,
): NeighborEntry | undefined {
  const entry = netns.neighbors.get(neighborKey(ifindex, address))
  return entry === undefined || entry.isProxy ? undefined : entry
}

export function createNeighbor(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  address: IpAddress,
): NeighborEntry {
  const entry: NeighborEntry = {
    ifindex,
    address,
    mac: null,
    state: 'NONE',
    updatedUs: sim.nowUs,
    confirmedUs: sim.nowUs,
    usedUs: sim.nowUs,
    probes: 0,
    generation: 0,
    waiting: [],
    isRouter: false,
    isProxy: false,
  }
  netns.neighbors.set(neighborKey(ifindex, address), entry)
  return entry
}

const JIFFY_US = 4000
const WHEEL_LEVELS = [63, 504, 4032, 32256]

/** The timer wheel is the coarser the farther off: a second's wait goes off up to 32 ms late. kernel/time/timer.c */
function wheelTime(nowUs: number, atUs: number): number {
  if (atUs <= nowUs) return nowUs
  const jiffies = (atUs - nowUs) / JIFFY_US
  const level = WHEEL_LEVELS.findIndex((end) => jiffies < end)
  const grainUs = JIFFY_US * 8 ** (level < 0 ? WHEEL_LEVELS.length : level)
  return (Math.floor(atUs / grainUs) + 1) * grainUs
}

/** The entry's one timer; what was set before is void. */
export function armNeighbor(sim: Simulation, netns: NetNamespace, entry: NeighborEntry, atUs: number): void {
  entry.generation++
  enqueue(sim.queue, wheelTime(sim.nowUs, atUs), {
    kind: 'timer',
    host: netns.host,
    netns: netns.id,
    timer: {
      kind: 'neighbor',
      ifindex: entry.ifindex,
      address: entry.address,
      generation: entry.generation,
    },
  })
}

export function isValid(state: NeighborState): boolean {
  return state !== 'NONE' && state !== 'INCOMPLETE' && state !== 'FAILED'
}

function isConnected(state: NeighborState): boolean {
  return state === 'REACHABLE' || state === 'PERMANENT' || state === 'NOARP'
}

/**
 * An ARP packet or an advertisement tells of a neighbour. `override`: a new MAC address takes the place of the old one.
 * Entries made by hand do not listen.
 */
export function updateNeighbor(
  sim: Simulation,
  netns: NetNamespace,
  entry: NeighborEntry,
  mac: MacAddress,
  state: 'REACHABLE' | 'STALE',
  override: boolean,
): void {
  const old = entry.state
  if (old === 'PERMANENT' || old === 'NOARP') return
  if (state === 'REACHABLE') entry.confirmedUs = sim.nowUs
  const isNew = entry.mac !== mac || !isValid(old)
  let next: NeighborState = state
  if (isValid(old)) {
    if (isNew && !override) return
    if (!isNew && state === 'STALE') next = old
  }
  if (next === old && !isNew) {
    return
  }
  entry.updatedUs = sim.nowUs
  if (isNew) {
    entry.mac = mac
    if (!isConnected(next)) {
      entry.confirmedUs =
        sim.nowUs - 2000 * neighborSettings(netns, entry.ifindex, entry.address).baseReachableTimeMs
    }
  }
  enterState(sim, netns, entry, old, next)
}

function enterState(
  sim: Simulation,
  netns: NetNamespace,
  entry: NeighborEntry,
  old: NeighborState,
  next: NeighborState,
): void {
  if (next !== old) {
    entry.generation++
    entry.state = next
    if (next === 'REACHABLE') {
      armNeighbor(sim, netns, entry, sim.nowUs + reachableTimeUs(sim, netns, entry.ifindex, entry.address))
    }
  }
  if (!isValid(old)) sendWaiting(sim, netns, entry)
}

/** The upper layer knows that the other end lives (`neigh_confirm`). */
export function confirmNeighbor(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  address: IpAddress,
): void {
  const entry = findNeighbor(netns, ifindex, address)
  if (entry !== undefined) entry.confirmedUs = sim.nowUs
}

/** rtnetlink has set an entry (`ip neigh replace`): what waited for it goes. */
export function onNeighborSet(sim: Simulation, netns: NetNamespace, entry: NeighborEntry): void {
  if (entry.state === 'REACHABLE') {
    armNeighbor(sim, netns, entry, sim.nowUs + reachableTimeUs(sim, netns, entry.ifindex, entry.address))
  } else if (entry.state === 'DELAY' || entry.state === 'PROBE') {
    armNeighbor(sim, netns, entry, sim.nowUs)
  }
  if (isValid(entry.state)) sendWaiting(sim, netns, entry)
}

/** neigh_ifdown, neigh_carrier_down: a device's entries go, and so does what waits for them. */
export function flushNeighborsOf(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  keepPermanent: boolean,
): void {
  for (const [key, entry] of netns.neighbors) {
    if (entry.ifindex !== ifindex || (keepPermanent && entry.state === 'PERMANENT')) continue
    netns.neighbors.delete(key)
    for (const packet of entry.waiting) noteDrop(sim, netns, ifindex, 'NEIGH_FAILED', packet)
  }
}
