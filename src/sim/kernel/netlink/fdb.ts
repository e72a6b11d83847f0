/** A bridge's forwarding database as rtnetlink lists and edits it. bridge(8), net/bridge/br_fdb.c, rtnl_fdb_dump. */
import { ok, type Result, refuse } from '../../base/result.ts'
import { collectOld, holdTimeUs } from '../link/bridge-fdb.ts'
import { multicastList } from '../link/multicast.ts'
import type { BridgeLink, Link, VxlanLink } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { portsOf } from './bridge.ts'
import { vxlanEntries } from './vxlan.ts'

export { multicastList } from '../link/multicast.ts'

export interface FdbRow {
  readonly mac: string
  readonly device: string
  readonly ifindex: number
  /** Name of the bridge for its own entries; null: the device's own list (`self`). */
  readonly master: string | null
  readonly state: 'permanent' | 'static' | ''
  /** Seconds since used and since confirmed; null for `self`. */
  readonly ageUs: number | null
  /** VXLAN: the peer behind which the address is; what differs from the device's own settings. */
  readonly peer?: {
    readonly address: number
    readonly port: number | null
    readonly vni: number | null
    readonly via: string | null
  }
}

/** In the order of `bridge fdb`: device by device; a port's entries of the bridge, then its own multicast list. */
export function listFdb(sim: Simulation, netns: NetNamespace): FdbRow[] {
  const rows: FdbRow[] = []
  for (const link of [...netns.links.values()].sort((x, y) => x.ifindex - y.ifindex)) {
    if (link.kind === 'loopback' || link.kind === 'tunnel') continue
    const master = link.master === null ? undefined : netns.links.get(link.master)
    if (link.kind === 'bridge') rows.push(...multicastRows(link), ...ownRow(netns, link))
    else {
      if (master?.kind === 'bridge') rows.push(...bridgeRows(sim, link, master))
      rows.push(...(link.kind === 'vxlan' ? vxlanRows(sim, netns, link) : multicastRows(link)))
    }
  }
  return rows
}

/** vxlan_fdb_dump: one row for each peer of an address. */
function vxlanRows(sim: Simulation, netns: NetNamespace, link: VxlanLink): FdbRow[] {
  const rows: FdbRow[] = []
  for (const entry of vxlanEntries(sim, link)) {
    const state = entry.permanent ? 'permanent' : entry.static ? 'static' : ''
    for (const { address, port, vni, ifindex } of entry.remotes) {
      const via = ifindex === null ? null : (netns.links.get(ifindex)?.name ?? `if${ifindex}`)
      const peer = { address, port, vni, via }
      rows.push({ ...row(link, entry.mac, null, state, sim.nowUs - entry.updatedUs), peer })
    }
  }
  return rows
}

function row(link: Link, mac: string, master: string | null, state: FdbRow['state'], ageUs: number | null) {
  return { mac, device: link.name, ifindex: link.ifindex, master, state, ageUs }
}

/** An address stands in the table once: set by hand it is the bridge's, else that of the port that it follows. */
function ownRow(netns: NetNamespace, bridge: BridgeLink): FdbRow[] {
  const ports = portsOf(netns, bridge)
  const isPorts = !bridge.macSet && ports.some(({ link }) => link.mac === bridge.mac)
  if (isPorts || (!bridge.macSet && ports.length === 0)) return []
  return [row(bridge, bridge.mac, bridge.name, 'permanent', 0)]
}

function bridgeRows(sim: Simulation, link: Link, bridge: BridgeLink): FdbRow[] {
  const rows: FdbRow[] = []
  collectOld(sim, bridge)
  for (const entry of bridge.fdb.values()) {
    if (entry.port !== link.ifindex) continue
    const state = entry.static ? (entry.permanent === true ? 'permanent' : 'static') : ''
    rows.push(row(link, entry.mac, bridge.name, state, sim.nowUs - entry.updatedUs))
  }
  rows.reverse()
  if (bridge.macSet && bridge.mac === link.mac) return rows
  const own = row(link, link.mac, bridge.name, 'permanent', sim.nowUs - (link.port?.joinedUs ?? sim.nowUs))
  return [...rows, own]
}

export function hasExpired(
  sim: Simulation,
  bridge: BridgeLink,
  entry: { readonly updatedUs: number; readonly static: boolean },
): boolean {
  return !entry.static && sim.nowUs - entry.updatedUs >= holdTimeUs(bridge)
}

function multicastRows(link: Link): FdbRow[] {
  return multicastList(link).map((mac) => row(link, mac, null, 'permanent', null))
}

export interface ShownMac {
  readonly port: number
  readonly mac: string
  readonly isLocal: boolean
  readonly ageUs: number
}

/** `brctl showmacs`: sorted by address; a port's own address is local and does not age. */
export function listMacs(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): ShownMac[] {
  const macs = new Map<string, ShownMac>()
  collectOld(sim, bridge)
  for (const { link, port } of portsOf(netns, bridge)) {
    macs.set(link.mac, { port: port.number, mac: link.mac, isLocal: true, ageUs: 0 })
  }
  for (const entry of bridge.fdb.values()) {
    const port = netns.links.get(entry.port)?.port
    if (port == null || macs.has(entry.mac) || hasExpired(sim, bridge, entry)) continue
    const ageUs = entry.static ? 0 : sim.nowUs - entry.updatedUs
    macs.set(entry.mac, { port: port.number, mac: entry.mac, isLocal: entry.permanent === true, ageUs })
  }
  return [...macs.values()].sort((x, y) => (x.mac < y.mac ? -1 : 1))
}

/** The database a device's entries stand in: its own, of a bridge, or its master's. */
function bridgeOf(netns: NetNamespace, link: Link): BridgeLink | null {
  if (link.kind === 'bridge') return link
  const master = link.master === null ? undefined : netns.links.get(link.master)
  return master?.kind === 'bridge' ? master : null
}

export function addFdbEntry(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  entry: { readonly mac: string; readonly kind: 'permanent' | 'static' | 'dynamic' },
  mode: 'add' | 'replace' | 'append' = 'add',
): Result<void> {
  const bridge = bridgeOf(netns, link)
  if (bridge === null) return refuse('EOPNOTSUPP')
  if (bridge.fdb.has(entry.mac) && mode === 'add') return refuse('EEXIST')
  bridge.fdb.set(entry.mac, {
    mac: entry.mac,
    port: link.ifindex,
    updatedUs: sim.nowUs,
    static: entry.kind !== 'dynamic',
    permanent: entry.kind === 'permanent',
  })
  return ok(undefined)
}

export function deleteFdbEntry(netns: NetNamespace, link: Link, mac: string): Result<void> {
  const bridge = bridgeOf(netns, link)
  if (bridge === null) return refuse('EOPNOTSUPP')
  return bridge.fdb.get(mac)?.port === link.ifindex && bridge.fdb.delete(mac)
    ? ok(undefined)
    : refuse('ENOENT')
}
