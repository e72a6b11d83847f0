/** The few IPv6 packets that a kernel sends by itself. RFC 4861, RFC 3810, RFC 2464 §7 */
import {
  ETHERTYPE_IPV6,
  type Icmpv6Message,
  type Ipv6Address,
  type Ipv6Packet,
  type MacAddress,
  PROTOCOL_ICMPV6,
} from '../../wire/frame.ts'
import {
  listenerReport,
  neighborAdvertisement,
  neighborSolicitation,
  routerSolicitation,
} from '../../wire/icmpv6.ts'
import { NEXT_HEADER_HOP_BY_HOP } from '../../wire/ipv6.ts'
import { multicastMac, solicitedNode } from '../../wire/ipv6-address.ts'
import { transmitFrame } from '../link/transmit.ts'
import type { Link } from '../link/types.ts'
import { findNeighbor } from '../neighbor/table.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import { createBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'

const UNSPECIFIED: Ipv6Address = '::'
const ALL_ROUTERS: Ipv6Address = 'ff02::2'
const ALL_MLD_ROUTERS: Ipv6Address = 'ff02::16'
/** Bridges listen to what other multicast snoopers say. RFC 4286 */
const ALL_SNOOPERS: Ipv6Address = 'ff02::6a'
/** MODE_IS_EXCLUDE-style join. RFC 3810 §5.2.12 */
const CHANGE_TO_EXCLUDE = 4

function send(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  destination: Ipv6Address,
  payload: Icmpv6Message,
  source: Ipv6Address,
): void {
  const isReport = destination === ALL_MLD_ROUTERS
  sendDirectly(sim, netns, link, multicastMac(destination), {
    kind: 'ipv6',
    source,
    destination,
    hopLimit: isReport ? 1 : 255,
    nextHeader: isReport ? NEXT_HEADER_HOP_BY_HOP : PROTOCOL_ICMPV6,
    payload,
  })
}

/** These go past routing, but the packet filter sees them (ndisc_send_skb, mld_sendpack). */
function sendDirectly(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  mac: MacAddress,
  packet: Ipv6Packet,
): void {
  const buffer = createBuffer(packet, null, null)
  buffer.output = link.ifindex
  if (runHook(sim, netns, 'OUTPUT', buffer) !== 'ACCEPT')
    return noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', packet)
  transmitFrame(sim, netns, link, {
    destination: mac,
    source: link.mac,
    etherType: ETHERTYPE_IPV6,
    payload: packet,
  })
}

/** The device's link-local address once it is known to be its own. */
function ownSource(link: Link): Ipv6Address {
  return link.addresses6.find((own) => own.scope === 'link' && !own.tentative)?.address ?? UNSPECIFIED
}

export function sendNeighborSolicitation(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  target: Ipv6Address,
  nonce: Uint8Array,
): void {
  send(sim, netns, link, solicitedNode(target), neighborSolicitation(target, null, nonce), UNSPECIFIED)
}

/** Asks for a neighbour: everyone, or whoever had the address last (`to`). */
export function askNeighbor(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  target: Ipv6Address,
  asker: Ipv6Address | null,
  to: MacAddress | null,
): void {
  const isOwn = link.addresses6.some((own) => own.address === asker && !own.tentative)
  const source = isOwn && asker !== null ? asker : ownSource(link)
  if (source === UNSPECIFIED) return
  const message = neighborSolicitation(target, link.mac)
  if (to === null) return send(sim, netns, link, solicitedNode(target), message, source)
  sendDirectly(sim, netns, link, to, discovery(source, target, message))
}

function discovery(source: Ipv6Address, destination: Ipv6Address, payload: Icmpv6Message): Ipv6Packet {
  return { kind: 'ipv6', source, destination, hopLimit: 255, nextHeader: PROTOCOL_ICMPV6, payload }
}

/** The answer; `withMac`: the asker did not know our hardware address. */
export function sendNeighborAdvertisement(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  to: Ipv6Address,
  target: Ipv6Address,
  flags: { readonly router: boolean; readonly solicited: boolean; readonly override: boolean },
  withMac: boolean,
): void {
  const full = neighborAdvertisement(target, link.mac, flags)
  const message = withMac ? full : { ...full, body: full.body.slice(0, 20) }
  if (to.startsWith('ff')) return send(sim, netns, link, to, message, target)
  const mac = findNeighbor(netns, link.ifindex, to)?.mac
  if (mac != null) sendDirectly(sim, netns, link, mac, discovery(target, to, message))
}

/** Groups that are reported: solicited-node addresses, and on a bridge those of snoopers; never all-nodes. */
export function sendListenerReport(sim: Simulation, netns: NetNamespace, link: Link): void {
  const groups = link.addresses6.map((own) => solicitedNode(own.address))
  if (link.kind === 'bridge') groups.unshift(ALL_SNOOPERS)
  if (groups.length === 0) return
  const records = groups.map((group) => ({ type: CHANGE_TO_EXCLUDE, group }))
  send(sim, netns, link, ALL_MLD_ROUTERS, listenerReport(records), ownSource(link))
}

export function sendRouterSolicitation(sim: Simulation, netns: NetNamespace, link: Link): void {
  const source = ownSource(link)
  const mac = source === UNSPECIFIED ? null : link.mac
  send(sim, netns, link, ALL_ROUTERS, routerSolicitation(mac), source)
}
