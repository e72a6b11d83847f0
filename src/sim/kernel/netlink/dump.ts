/**
 * What rtnetlink answers when it is asked for devices and addresses: rows with names instead of numbers, as `ip`, `bridge`,
 * `ifconfig` and busybox word them. net/core/rtnetlink.c rtnl_fill_ifinfo, net/bridge/br_netlink.c.
 */

import { collectOld } from '../link/bridge-fdb.ts'
import { isStacked } from '../link/stacked.ts'
import { linkFlags, operState } from '../link/state.ts'
import type {
  BridgeLink,
  Interface6Address,
  InterfaceAddress,
  Link,
  LinkStatistics,
  VxlanLink,
} from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { bridgeIdMac } from './bridge.ts'
import { mtuLimits } from './link-move.ts'
import { knownNetnsId } from './namespace.ts'

export interface LinkRow {
  readonly ifindex: number
  readonly name: string
  readonly kind: Link['kind']
  readonly flags: readonly string[]
  readonly up: boolean
  readonly mtu: number
  readonly qdisc: string
  readonly master: string | null
  readonly masterIfindex: number | null
  readonly state: string
  readonly group: number
  readonly txQueueLength: number
  readonly alias: string | null
  readonly linkType: string
  readonly mac: string
  readonly broadcast: string
  /** Number of the device below or opposite (IFLA_LINK); 0: none (`@NONE`); null: not said. */
  readonly link: number | null
  /** Name and state of the device that has that number here. */
  readonly linkHere: { readonly name: string; readonly up: boolean } | null
  /** IFLA_LINK_NETNSID */
  readonly linkNetnsId: number | null
  /** Inode of that namespace, from which its name follows. */
  readonly linkNetns: number | null
  readonly statistics: LinkStatistics
  readonly details: LinkDetails
  readonly bridge: BridgeRow | null
  readonly settings: KindRow | null
  readonly port: PortRow | null
  readonly addresses: readonly InterfaceAddress[]
  readonly addresses6: readonly Interface6Address[]
}

export interface LinkDetails {
  readonly promiscuity: number
  readonly allMulticast: number
  readonly leastMtu: number
  readonly mostMtu: number
  readonly queues: number
  readonly tsoMaxSize: number
}

/** What macvlan, ipvlan, vlan and vxlan have to say. */
export type KindRow =
  | { readonly kind: 'macvlan'; readonly mode: string }
  | { readonly kind: 'ipvlan'; readonly mode: string; readonly flag: string }
  | { readonly kind: 'vlan'; readonly id: number }
  | {
      readonly kind: 'vxlan'
      readonly id: number
      readonly remote: number | null
      readonly local: number | null
      readonly device: string | null
      readonly sourcePorts: { readonly low: number; readonly high: number }
      readonly port: number
      readonly learning: boolean
      readonly ttl: number
      readonly tos: number
      readonly ageing: number
    }

/** Times in hundredths of a second, as the kernel hands them over (USER_HZ). */
export interface BridgeRow {
  readonly forwardDelay: number
  readonly helloTime: number
  readonly maxAge: number
  readonly ageingTime: number
  readonly stp: boolean
  readonly priority: number
  readonly vlanFiltering: boolean
  readonly idMac: string
  readonly root: string
  readonly rootPort: number
  readonly rootCost: number
  /** As set here; the root's stand above. */
  readonly ownForwardDelay: number
  readonly ownHelloTime: number
  readonly ownMaxAge: number
  readonly topologyChange: boolean
  readonly topologyChangeDetected: boolean
  readonly helloTimer: number
  readonly tcnTimer: number
  readonly topologyChangeTimer: number
  readonly gcTimer: number
}

export interface PortRow {
  readonly state: string
  readonly priority: number
  readonly cost: number
  readonly number: number
  readonly hairpin: boolean
  readonly guard: boolean
  readonly learning: boolean
  readonly flood: boolean
  readonly isolated: boolean
  readonly rootBlock: boolean
  readonly fastLeave: boolean
  readonly multicastFlood: boolean
  readonly broadcastFlood: boolean
  readonly multicastToUnicast: boolean
  readonly neighborSuppress: boolean
  readonly vlanTunnel: boolean
  readonly locked: boolean
  readonly multicastRouter: number
  readonly designatedRoot: string
  readonly designatedCost: number
  readonly designatedBridge: string
  readonly designatedPort: number
  readonly topologyChangeAck: boolean
  readonly configPending: boolean
  readonly messageAgeTimer: number
  readonly forwardDelayTimer: number
  readonly holdTimer: number
}

export function describeLinks(sim: Simulation, netns: NetNamespace): LinkRow[] {
  return [...netns.links.values()]
    .sort((x, y) => x.ifindex - y.ifindex)
    .map((link) => describeLink(sim, netns, link))
}

export function describeLink(sim: Simulation, netns: NetNamespace, link: Link): LinkRow {
  const master = link.master === null ? undefined : netns.links.get(link.master)
  const opposite = oppositeOf(netns, link)
  return {
    ifindex: link.ifindex,
    name: link.name,
    kind: link.kind,
    flags: linkFlags(sim, link),
    up: link.up,
    mtu: link.mtu,
    qdisc: link.activated ? link.qdisc : 'noop',
    master: master?.name ?? null,
    masterIfindex: link.master,
    state: operState(sim, link),
    group: link.group,
    txQueueLength: link.txQueueLength,
    alias: link.alias,
    linkType: linkType(link),
    mac: link.mac,
    broadcast: broadcastOf(link),
    ...opposite,
    statistics: link.statistics,
    details: detailsOf(link),
    bridge: link.kind === 'bridge' ? bridgeRow(sim, netns, link) : null,
    settings: settingsOf(netns, link),
    port: master?.kind === 'bridge' ? portRow(sim, link) : null,
    addresses: link.addresses,
    addresses6: link.addresses6,
  }
}

function oppositeOf(
  netns: NetNamespace,
  link: Link,
): Pick<LinkRow, 'link' | 'linkHere' | 'linkNetnsId' | 'linkNetns'> {
  if (link.kind === 'tunnel') return { link: 0, linkHere: null, linkNetnsId: null, linkNetns: null }
  if (link.kind === 'vxlan' && link.underlay !== netns.id) return vxlanOpposite(netns, link)
  const other = link.kind === 'veth' ? link.peer : isStacked(link) ? link.lower : null
  if (other === null) return { link: null, linkHere: null, linkNetnsId: null, linkNetns: null }
  const here = netns.links.get(other.ifindex)
  const isElsewhere = other.netns !== netns.id
  return {
    link: other.ifindex,
    linkHere: here === undefined ? null : { name: here.name, up: here.up },
    linkNetnsId: isElsewhere ? knownNetnsId(netns, other.netns) : null,
    linkNetns: isElsewhere ? other.netns : null,
  }
}

/** Its datagrams travel elsewhere; what it leaves by is said among its details. */
function vxlanOpposite(
  netns: NetNamespace,
  link: VxlanLink,
): Pick<LinkRow, 'link' | 'linkHere' | 'linkNetnsId' | 'linkNetns'> {
  const id = knownNetnsId(netns, link.underlay)
  return { link: null, linkHere: null, linkNetnsId: id, linkNetns: link.underlay }
}

export function linkType(link: Link): string {
  if (link.kind === 'loopback') return 'loopback'
  return link.kind === 'tunnel' ? link.mode : 'ether'
}

function broadcastOf(link: Link): string {
  if (link.kind === 'loopback') return '00:00:00:00:00:00'
  if (link.kind !== 'tunnel') return 'ff:ff:ff:ff:ff:ff'
  return link.mac
}

function detailsOf(link: Link): LinkDetails {
  const { least, most } = mtuLimits(link)
  return {
    promiscuity: link.promiscuity + (link.promiscuous ? 1 : 0),
    allMulticast: (link.allMulticast ? 1 : 0) + (link.port === null ? 0 : 1),
    leastMtu: least,
    mostMtu: most,
    queues: link.kind === 'veth' ? 2 : 1,
    tsoMaxSize: link.kind === 'veth' || link.kind === 'loopback' ? 524280 : 65536,
  }
}

function settingsOf(netns: NetNamespace, link: Link): KindRow | null {
  switch (link.kind) {
    case 'macvlan':
      return { kind: link.kind, mode: link.mode }
    case 'ipvlan':
      return { kind: link.kind, mode: link.mode, flag: link.flag }
    case 'vlan':
      return { kind: link.kind, id: link.vid }
    case 'vxlan':
      return {
        kind: link.kind,
        id: link.vni,
        remote: link.remote,
        local: link.local,
        device: underlayDevice(netns, link),
        sourcePorts: link.sourcePorts,
        port: link.destinationPort,
        learning: link.learning,
        ttl: link.ttl,
        tos: link.tos,
        ageing: link.ageingTimeMs / 1000,
      }
    default:
      return null
  }
}

/** `ip` looks the number up where it works. */
function underlayDevice(netns: NetNamespace, link: VxlanLink): string | null {
  if (link.lower === null) return null
  return netns.links.get(link.lower)?.name ?? `if${link.lower}`
}

const hundredths = (us: number): number => Math.max(0, Math.floor(us / 10_000))

function bridgeRow(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): BridgeRow {
  const { tree } = bridge
  const left = (dueUs: number | null): number => (dueUs === null ? 0 : hundredths(dueUs - sim.nowUs))
  collectOld(sim, bridge)
  return {
    forwardDelay: tree.forwardDelayMs / 10,
    helloTime: tree.helloTimeMs / 10,
    maxAge: tree.maxAgeMs / 10,
    ownForwardDelay: bridge.forwardDelayMs / 10,
    ownHelloTime: bridge.helloTimeMs / 10,
    ownMaxAge: bridge.maxAgeMs / 10,
    ageingTime: bridge.ageingTimeMs / 10,
    stp: bridge.stp,
    priority: bridge.priority,
    vlanFiltering: bridge.vlanFiltering,
    idMac: bridgeIdMac(netns, bridge),
    root: tree.root,
    rootPort: tree.rootPort,
    rootCost: tree.rootCost,
    topologyChange: tree.topologyChange,
    topologyChangeDetected: tree.topologyChangeDetected,
    helloTimer: left(tree.helloDueUs),
    tcnTimer: left(tree.tcnDueUs),
    topologyChangeTimer: left(tree.topologyChangeDueUs),
    gcTimer: left(bridge.collectDueUs),
  }
}

function portRow(sim: Simulation, link: Link): PortRow | null {
  const port = link.port
  if (port === null) return null
  const { tree } = port
  const left = (dueUs: number | null): number => (dueUs === null ? 0 : hundredths(dueUs - sim.nowUs))
  return {
    state: port.state,
    priority: port.priority,
    cost: port.cost,
    number: port.number,
    hairpin: port.hairpin,
    guard: port.guard,
    learning: port.learning,
    flood: port.flood,
    isolated: port.isolated,
    rootBlock: port.rootBlock,
    fastLeave: port.fastLeave,
    multicastFlood: port.multicastFlood,
    broadcastFlood: port.broadcastFlood,
    multicastToUnicast: port.multicastToUnicast,
    neighborSuppress: port.neighborSuppress,
    vlanTunnel: port.vlanTunnel,
    locked: port.locked,
    multicastRouter: port.multicastRouter,
    designatedRoot: tree.root,
    designatedCost: tree.cost,
    designatedBridge: tree.bridge,
    designatedPort: tree.port,
    topologyChangeAck: tree.topologyChangeAck,
    configPending: tree.configPending,
    messageAgeTimer: left(tree.messageAgeDueUs),
    forwardDelayTimer: left(tree.forwardDelayDueUs),
    holdTimer: left(tree.holdDueUs),
  }
}
