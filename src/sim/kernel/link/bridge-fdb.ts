/** The forwarding database: which MAC address lives behind which port. net/bridge/br_fdb.c */
import type { MacAddress } from '../../wire/frame.ts'
import type { Simulation } from '../simulation.ts'
import type { BridgeLink, FdbEntry } from './types.ts'

/** A learnt entry that has not aged out. */
export function findFdb(sim: Simulation, bridge: BridgeLink, mac: MacAddress): FdbEntry | null {
  const entry = bridge.fdb.get(mac)
  if (entry === undefined) return null
  if (entry.static || sim.nowUs - entry.updatedUs < bridge.ageingTimeMs * 1000) return entry
  bridge.fdb.delete(mac)
  return null
}

/** Does the address belong to the bridge itself: its own, or one of its ports'? */
export function isLocalMac(bridge: BridgeLink, mac: MacAddress): boolean {
  return mac === bridge.mac || bridge.portMacs.has(mac)
}

/** A frame came from `mac` by `port`. An address seen at another port moves at once; our own never do. */
export function learnMac(sim: Simulation, bridge: BridgeLink, port: number, mac: MacAddress): void {
  const known = bridge.fdb.get(mac)
  if (known !== undefined) {
    if (known.port !== port && !known.static) known.port = port
    known.updatedUs = sim.nowUs
    return
  }
  if (bridge.ageingTimeMs === 0 || isLocalMac(bridge, mac)) return
  bridge.fdb.set(mac, { mac, port, updatedUs: sim.nowUs, static: false })
}

/** All entries that have not aged out, in order of learning. */
export function liveFdb(sim: Simulation, bridge: BridgeLink): FdbEntry[] {
  const live: FdbEntry[] = []
  for (const entry of bridge.fdb.values()) {
    if (entry.static || sim.nowUs - entry.updatedUs < bridge.ageingTimeMs * 1000) live.push(entry)
  }
  return live
}
