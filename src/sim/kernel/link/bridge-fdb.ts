/**
 * The forwarding database: which MAC address lives behind which port. net/bridge/br_fdb.c
 * Old entries are thrown away by a worker that sets its own next time (br_fdb_cleanup); here its rounds are made up for
 * before anybody looks.
 */
import type { MacAddress } from '../../wire/frame.ts'
import { logLimited } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { BridgeLink, FdbEntry, Link } from './types.ts'

/** Rounds of the worker are at least that far from each other. */
const LEAST_PAUSE_US = 10_000

/** hold_time: an address that was not heard for that long is too old. */
export function holdTimeUs(bridge: BridgeLink): number {
  return (bridge.tree.topologyChange ? bridge.tree.forwardDelayMs : bridge.ageingTimeMs) * 1000
}

/** The rounds that were due by now. */
export function collectOld(sim: Simulation, bridge: BridgeLink): void {
  while (bridge.collectDueUs !== null && bridge.collectDueUs <= sim.nowUs) {
    const at = bridge.collectDueUs
    const next = collectAt(bridge, at)
    const pause = Math.max(next ?? holdTimeUs(bridge), LEAST_PAUSE_US)
    // Nothing that could grow old: the rounds in between find nothing.
    const rounds = next === null ? Math.floor((sim.nowUs - at) / pause) + 1 : 1
    bridge.collectDueUs = at + rounds * pause
  }
}

/** Time until the oldest entry that stays is too old; null: there is none. */
function collectAt(bridge: BridgeLink, at: number): number | null {
  const holdUs = holdTimeUs(bridge)
  let next: number | null = null
  for (const [mac, entry] of bridge.fdb) {
    if (entry.static) continue
    const left = entry.updatedUs + holdUs - at
    if (left <= 0) bridge.fdb.delete(mac)
    else if (next === null || left < next) next = left
  }
  return next === null ? null : Math.min(next, holdUs)
}

/** An entry that was not thrown away yet. */
export function findFdb(sim: Simulation, bridge: BridgeLink, mac: MacAddress): FdbEntry | null {
  if (bridge.collectDueUs !== null && bridge.collectDueUs <= sim.nowUs) collectOld(sim, bridge)
  return bridge.fdb.get(mac) ?? null
}

/** Does the address belong to the bridge itself: its own, or one of its ports'? */
export function isLocalMac(bridge: BridgeLink, mac: MacAddress): boolean {
  return mac === bridge.mac || bridge.portMacs.has(mac)
}

/** A frame came from `mac` by `port`. An address seen at another port moves at once; our own never do. */
export function learnMac(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  port: Link,
  mac: MacAddress,
): void {
  const known = findFdb(sim, bridge, mac)
  if (known !== null) {
    if (known.port !== port.ifindex && !known.static) known.port = port.ifindex
    known.updatedUs = sim.nowUs
    return
  }
  if (bridge.ageingTimeMs === 0) return
  if (isLocalMac(bridge, mac)) {
    const what = `received packet on ${port.name} with own address as source address`
    return logLimited(sim, netns, `${bridge.name}: ${what} (addr:${mac}, vlan:0)`)
  }
  bridge.fdb.set(mac, { mac, port: port.ifindex, updatedUs: sim.nowUs, static: false })
}

/** What was learnt goes; what was set by hand stays while the port does. */
export function deleteLearnt(bridge: BridgeLink, ifindex: number): void {
  for (const [key, entry] of bridge.fdb) if (entry.port === ifindex && !entry.static) bridge.fdb.delete(key)
}
