/** Network devices: shared attributes and a kind. ip-link(8), include/linux/netdevice.h. */

import type { MacAddress } from '../../wire/frame.ts'
import type { Qdisc } from '../qdisc/types.ts'
import type { DeviceRef } from '../simulation.ts'
import type { PortTree, SpanningTree } from './stp/types.ts'

export interface LinkAttributes {
  ifindex: number
  name: string
  mac: MacAddress
  mtu: number
  /** Administratively up (`ip link set … up`). */
  up: boolean
  /** `ip link set … arp off`, `promisc on`, `allmulticast on`, `multicast off`. */
  arp: boolean
  promiscuous: boolean
  allMulticast: boolean
  multicast: boolean
  txQueueLength: number
  /** What is shown while up; a device that was never up shows `noop`. */
  qdisc: string
  /** Was up at least once: decides `qdisc noop`. */
  activated: boolean
  group: number
  alias: string | null
  master: number | null
  /** Present while the device is a port of a bridge. */
  port: BridgePort | null
  addresses: InterfaceAddress[]
  addresses6: Interface6Address[]
  statistics: LinkStatistics
  /** How many packet sockets and bridges asked for promiscuous mode (`promiscuity` in `ip -d link`). */
  promiscuity: number
  /** When the last frame sent here arrives at the other end: frames never overtake each other. Starts at 0. */
  lastDeliveryUs: number
  /** Timers of IPv6 autoconfiguration of an older generation are void. Starts at 0. */
  generation6: number
  /** Since when IPv6 runs on it (IF_READY): with its first carrier, until it goes down. */
  ready6Us?: number
  /** Devices that stand on this one (macvlan, ipvlan, vlan), in order of making; null: none. */
  uppers: DeviceRef[] | null
  /** VLANs it takes part in as a port or as a bridge; unset: as it was born, in 1. */
  vlans?: BridgeVlan[]
  /** Further names (`ip link property add … altname`). */
  altNames?: string[]
  /** `tc qdisc add … root`; unset: the one it was born with. */
  discipline?: Qdisc
  /** Its name, to come back to. */
  bornQdisc?: string
  /** `ethtool -K`: offloads that somebody has set. */
  offloads?: Record<string, boolean>
  /** IPv4 groups that somebody has joined on it, beyond those of the kernel. */
  groups?: number[]
}

export interface InterfaceAddress {
  readonly address: number
  readonly length: number
  readonly broadcast: number | null
  readonly peer: number | null
  readonly scope: 'global' | 'link' | 'host'
  readonly label: string
  readonly secondary: boolean
  /** When it goes, and when no new connection uses it any more; missing: never. Microseconds. */
  readonly validUntilUs?: number
  readonly preferredUntilUs?: number
}

export interface Interface6Address {
  readonly address: string
  readonly length: number
  readonly scope: 'global' | 'link' | 'host'
  /** Duplicate address detection still runs. */
  tentative: boolean
  /** Somebody else has it. */
  readonly dadFailed?: boolean
  readonly peer?: string
  /** Set by hand without duplicate address detection. */
  readonly noDad?: boolean
  /** No route to its network, or that route was deleted. */
  readonly noPrefixRoute?: boolean
}

/** net/bridge/br_vlan.c */
export interface BridgeVlan {
  readonly id: number
  readonly pvid: boolean
  readonly untagged: boolean
}

export interface LinkStatistics {
  rxBytes: number
  rxPackets: number
  rxErrors: number
  rxDropped: number
  rxMulticast: number
  txBytes: number
  txPackets: number
  txErrors: number
  txDropped: number
  txCarrier: number
  collisions: number
}

export type Link =
  | LoopbackLink
  | VethLink
  | BridgeLink
  | PhysicalLink
  | TunnelLink
  | DummyLink
  | MacvlanLink
  | IpvlanLink
  | VlanLink
  | VxlanLink

export interface LoopbackLink extends LinkAttributes {
  readonly kind: 'loopback'
}

/** drivers/net/veth.c: what enters one end leaves the other. */
export interface VethLink extends LinkAttributes {
  readonly kind: 'veth'
  peer: DeviceRef
  /** Operational state while it is up without carrier, as it was found when the carrier went (default_operstate). */
  withoutCarrier: 'DOWN' | 'LOWERLAYERDOWN'
}

/** A card with a socket for a cable; `cable` null: nothing plugged in. */
export interface PhysicalLink extends LinkAttributes {
  readonly kind: 'physical'
  cable: number | null
}

/** The fallback devices tunl0 and ip6tnl0. */
export interface TunnelLink extends LinkAttributes {
  readonly kind: 'tunnel'
  readonly mode: 'ipip' | 'tunnel6'
}

/** drivers/net/dummy.c: swallows what it is given. */
export interface DummyLink extends LinkAttributes {
  readonly kind: 'dummy'
}

/** A device that stands on another one, which may be in another namespace. */
export type StackedLink = MacvlanLink | IpvlanLink | VlanLink

/** drivers/net/macvlan.c: a card of its own address on the wire of another. */
export interface MacvlanLink extends LinkAttributes {
  readonly kind: 'macvlan'
  lower: DeviceRef
  readonly mode: MacvlanMode
}

export type MacvlanMode = 'bridge' | 'private' | 'vepa' | 'passthru'

/** drivers/net/ipvlan: shares the card's address; packets find it by their IP address. */
export interface IpvlanLink extends LinkAttributes {
  readonly kind: 'ipvlan'
  lower: DeviceRef
  /** The card's: one for all devices on it. */
  mode: IpvlanMode
  flag: IpvlanFlag
}

export type IpvlanMode = 'l2' | 'l3' | 'l3s'
export type IpvlanFlag = 'bridge' | 'private' | 'vepa'

/** net/8021q: what goes in is tagged, what comes with the tag comes out. */
export interface VlanLink extends LinkAttributes {
  readonly kind: 'vlan'
  lower: DeviceRef
  readonly vid: number
}

/** drivers/net/vxlan: frames in UDP datagrams. RFC 7348 */
export interface VxlanLink extends LinkAttributes {
  readonly kind: 'vxlan'
  readonly vni: number
  /** Namespace in which the datagrams travel: that in which the device was made. */
  readonly underlay: number
  /** ifindex there of the device that they must leave by; null: routing decides. */
  readonly lower: number | null
  readonly local: number | null
  /** Where frames for unknown addresses go; a group or a host. */
  readonly remote: number | null
  readonly destinationPort: number
  readonly sourcePorts: { readonly low: number; readonly high: number }
  readonly learning: boolean
  /** 0: that of the route (64), 1 for groups. */
  readonly ttl: number
  readonly tos: number
  readonly ageingTimeMs: number
  /** Its UDP socket while it is up; devices with the same port share one. */
  socket: number | null
  fdb: Map<MacAddress, VxlanEntry>
}

export interface VxlanEntry {
  readonly mac: MacAddress
  remotes: VxlanRemote[]
  updatedUs: number
  /** Set by hand: never ages. */
  readonly static: boolean
  readonly permanent: boolean
}

/** null: what the device says. */
export interface VxlanRemote {
  readonly address: number
  readonly port: number | null
  readonly vni: number | null
  readonly ifindex: number | null
}

/** net/bridge. Times in milliseconds, as set by hand but for the ageing time. */
export interface BridgeLink extends LinkAttributes {
  readonly kind: 'bridge'
  /** MAC set by hand: it no longer follows the lowest port's. */
  macSet: boolean
  /** netif_carrier_ok: true from birth until its ports are looked at for the first time (br_port_state_selection). */
  carrier: boolean
  /** MTU set by hand: it no longer follows the smallest port's. */
  mtuSet: boolean
  stp: boolean
  priority: number
  /** What counts now: a change of the topology shortens it. */
  ageingTimeMs: number
  forwardDelayMs: number
  helloTimeMs: number
  maxAgeMs: number
  vlanFiltering: boolean
  /** ifindexes of the ports, in order of joining, and the addresses of their devices. */
  ports: number[]
  portMacs: Set<MacAddress>
  /** Numbers of the ports, as spanning tree counts them. */
  portNumbers: Set<number>
  /** Learnt and static entries by MAC; the devices' own (permanent, local) are computed from the ports. */
  fdb: Map<MacAddress, FdbEntry>
  /** When entries that are too old are thrown away next (gc_work); null: while it is down. */
  collectDueUs: number | null
  tree: SpanningTree
}

export interface FdbEntry {
  readonly mac: MacAddress
  /** ifindex of the port. */
  port: number
  updatedUs: number
  /** Set by hand: never ages. */
  readonly static: boolean
  /** Set by hand as an address of the host itself (`bridge fdb add` without `static`). */
  readonly permanent?: boolean
}

export interface BridgePort {
  /** 1, 2 … in order of joining; a freed number is given again. */
  readonly number: number
  state: 'disabled' | 'blocking' | 'listening' | 'learning' | 'forwarding'
  priority: number
  cost: number
  hairpin: boolean
  learning: boolean
  flood: boolean
  guard: boolean
  isolated: boolean
  rootBlock: boolean
  fastLeave: boolean
  multicastFlood: boolean
  broadcastFlood: boolean
  multicastToUnicast: boolean
  neighborSuppress: boolean
  vlanTunnel: boolean
  /** Only addresses that were set by hand, or learnt before, may send by it. */
  locked: boolean
  /** 0 none, 1 as learnt, 2 always. */
  multicastRouter: number
  joinedUs: number
  /** When it last left `disabled`. */
  enabledUs: number | null
  tree: PortTree
}
