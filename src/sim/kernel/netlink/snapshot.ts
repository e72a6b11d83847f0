/** What rtnetlink would dump of a namespace at one moment, as data: what a monitor compares to tell what has changed. */

import { familyOf } from '../../wire/ip-address.ts'
import type { Interface6Address, InterfaceAddress } from '../link/types.ts'
import type { NetNamespace, PolicyRule, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { describeLinks, type LinkRow } from './dump.ts'
import { type FdbRow, listFdb } from './fdb.ts'
import { listRoutes } from './route.ts'
import { listRoutes6, type Route6 } from './route6.ts'

export interface NeighborNote {
  readonly family: 4 | 6
  readonly address: number | string
  readonly ifindex: number
  readonly mac: string | null
  readonly state: string
  readonly isRouter: boolean
  readonly isProxy: boolean
}

export interface NetlinkSnapshot {
  readonly links: readonly LinkRow[]
  readonly routes: readonly Route[]
  readonly routes6: readonly Route6[]
  readonly neighbors: readonly NeighborNote[]
  readonly fdb: readonly FdbRow[]
  readonly rules: readonly PolicyRule[]
  /** Small numbers of other namespaces, with their inodes. */
  readonly peers: readonly (readonly [number, number])[]
}

export function takeSnapshot(sim: Simulation, netns: NetNamespace): NetlinkSnapshot {
  return {
    links: describeLinks(sim, netns).map((row) => ({
      ...row,
      addresses: row.addresses.map((own): InterfaceAddress => ({ ...own })),
      addresses6: row.addresses6.map((own): Interface6Address => ({ ...own })),
    })),
    routes: listRoutes(netns, 'all'),
    routes6: listRoutes6(sim, netns),
    neighbors: neighborNotes(netns),
    fdb: listFdb(sim, netns).filter((row) => row.master !== null || row.peer !== undefined),
    rules: [...netns.fib.rules],
    peers: [...netns.peerIds],
  }
}

function neighborNotes(netns: NetNamespace): NeighborNote[] {
  return [...netns.neighbors.values()].map((entry) => ({
    family: familyOf(entry.address),
    address: entry.address,
    ifindex: entry.ifindex,
    mac: entry.mac,
    state: entry.state,
    isRouter: entry.isRouter,
    isProxy: entry.isProxy,
  }))
}
