/**
 * Neighbour discovery: solicitations answered, advertisements learnt from, duplicates met.
 * RFC 4861 §7.2, RFC 4862 §5.4, net/ipv6/ndisc.c ndisc_recv_ns, ndisc_recv_na.
 * Not modelled: the random delay of proxies' answers (proxy_delay).
 */
import type { Icmpv6Message, Ipv6Packet } from '../../wire/frame.ts'
import { linkLayerAddress, neighborTarget } from '../../wire/icmpv6.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import type { Link } from '../link/types.ts'
import { createNeighbor, findNeighbor, neighborKey, updateNeighbor } from '../neighbor/table.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { onDuplicate } from './autoconfiguration.ts'
import { sendNeighborAdvertisement } from './transmit.ts'

/** RFC 4861 §7.1: what has passed a router is not believed. */
const UNROUTED = 255

export function receiveSolicitation(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  packet: Ipv6Packet,
  message: Icmpv6Message,
): void {
  const target = neighborTarget(message)
  if (target === null || isMulticast6(target) || packet.hopLimit !== UNROUTED || !link.arp) return
  const own = link.addresses6.find((one) => one.address === target)
  const isDetection = packet.source === '::'
  if (own?.tentative === true) {
    // Somebody else wants the same address; our own question does not come back.
    if (isDetection) onDuplicate(sim, netns, link, target)
    return
  }
  if (own === undefined && !isProxied(netns, link, target)) return
  const toGroup = isMulticast6(packet.destination)
  const router = own !== undefined && deviceSettings(netns, link.ifindex).forwarding6 !== 0
  if (isDetection) {
    const flags = { router, solicited: false, override: own !== undefined }
    return sendNeighborAdvertisement(sim, netns, link, 'ff02::1', target, flags, true)
  }
  const mac = linkLayerAddress(message, 1)
  if (mac !== null || !toGroup) {
    const entry =
      findNeighbor(netns, link.ifindex, packet.source) ??
      createNeighbor(sim, netns, link.ifindex, packet.source)
    const known = mac ?? entry.mac
    if (known !== null) updateNeighbor(sim, netns, entry, known, 'STALE', true)
  }
  const flags = { router, solicited: true, override: own !== undefined && toGroup }
  sendNeighborAdvertisement(sim, netns, link, packet.source, target, flags, toGroup)
}

/** A router answers for others where `proxy_ndp` is set, for those that `ip neigh add proxy` names. */
function isProxied(netns: NetNamespace, link: Link, target: string): boolean {
  const settings = deviceSettings(netns, link.ifindex)
  if (settings.forwarding6 === 0 || (settings.proxyNdp === 0 && netns.settings.all.proxyNdp === 0))
    return false
  return netns.neighbors.get(neighborKey(link.ifindex, target))?.isProxy === true
}

/** Only what was asked about is learnt. */
export function receiveAdvertisement(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  packet: Ipv6Packet,
  message: Icmpv6Message,
): void {
  const target = neighborTarget(message)
  if (target === null || isMulticast6(target) || packet.hopLimit !== UNROUTED) return
  const own = link.addresses6.find((one) => one.address === target)
  if (own !== undefined) {
    if (own.tentative) onDuplicate(sim, netns, link, target)
    return
  }
  const entry = findNeighbor(netns, link.ifindex, target)
  if (entry === undefined || entry.state === 'FAILED') return
  const bits = message.body[0] ?? 0
  const isSolicited = (bits & 0x40) !== 0
  const overrides = (bits & 0x20) !== 0
  const mac = linkLayerAddress(message, 2) ?? entry.mac
  if (mac === null) return
  const isOther = entry.mac !== null && entry.mac !== mac && !overrides
  if (isOther && entry.state === 'REACHABLE') {
    // Weak: doubt is noted, the address stays (NEIGH_UPDATE_F_WEAK_OVERRIDE).
    entry.state = 'STALE'
    entry.generation++
    return
  }
  entry.isRouter = (bits & 0x80) !== 0
  updateNeighbor(sim, netns, entry, mac, isSolicited ? 'REACHABLE' : 'STALE', overrides)
}
