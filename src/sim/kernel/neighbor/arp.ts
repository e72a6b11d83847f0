/**
 * ARP packets that come in: answers, and what is learnt. RFC 826, net/ipv4/arp.c arp_process.
 * Not modelled: proxy ARP for a private VLAN.
 */
import { type ArpPacket, ETHERTYPE_ARP, type Frame } from '../../wire/frame.ts'
import { isLoopback, isMulticast, networkOf } from '../../wire/ipv4-address.ts'
import { fibLookup, isLocalAddress } from '../ip/fib.ts'
import { routeInput } from '../ip/route-input.ts'
import { transmitFrame } from '../link/transmit.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings } from '../sysctl/settings.ts'
import { createNeighbor, findNeighbor, neighborKey, updateNeighbor } from './table.ts'

/** An entry is not overridden twice within this time. */
const LOCK_TIME_US = 1e6

export function receiveArp(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  frame: Frame,
  arp: ArpPacket,
): void {
  if (!link.arp || link.kind === 'loopback') return
  const isOther = frame.destination !== link.mac && frame.destination !== 'ff:ff:ff:ff:ff:ff'
  if (isOther || isMulticast(arp.targetIp)) return
  const settings = deviceSettings(netns, link.ifindex)
  const localnet = settings.routeLocalnet !== 0 || netns.settings.all.routeLocalnet !== 0
  if (isLoopback(arp.targetIp) && !localnet) return
  if (arp.operation === 'request') {
    if (arp.senderIp === 0) return detectDuplicate(sim, netns, link, arp)
    if (answers(sim, netns, link, arp)) return
  }
  learn(sim, netns, link, frame, arp)
}

/** Somebody asks whether an address is free (RFC 5227): it is not, if it is ours. */
function detectDuplicate(sim: Simulation, netns: NetNamespace, link: Link, arp: ArpPacket): void {
  if (isLocalAddress(netns, arp.targetIp) && !ignores(netns, link, arp)) reply(sim, netns, link, arp)
}

/** Is the question about us (or about one we stand in for)? Then it is settled. */
function answers(sim: Simulation, netns: NetNamespace, link: Link, arp: ArpPacket): boolean {
  const forwarding = deviceSettings(netns, link.ifindex).forwarding !== 0
  const route = routeInput(netns, link, arp.targetIp, arp.senderIp, 0)
  if (typeof route === 'string') return false
  if (route.type === 'local') {
    if (!ignores(netns, link, arp) && !filters(netns, link, arp)) answer(sim, netns, link, arp)
    return true
  }
  if (!forwarding || route.type !== 'unicast' || !isProxied(netns, link, arp, route)) return false
  answer(sim, netns, link, arp)
  return true
}

function isProxied(netns: NetNamespace, link: Link, arp: ArpPacket, route: Route): boolean {
  if (netns.neighbors.get(neighborKey(link.ifindex, arp.targetIp))?.isProxy === true) return true
  const settings = deviceSettings(netns, link.ifindex)
  const proxy = settings.proxyArp !== 0 || netns.settings.all.proxyArp !== 0
  return proxy && route.ifindex !== link.ifindex
}

/** arp_ignore: 0 answers for any address of ours on any device, 1 only for the device's own, 2 also wants the asker near. */
function ignores(netns: NetNamespace, link: Link, arp: ArpPacket): boolean {
  const mode = Math.max(deviceSettings(netns, link.ifindex).arpIgnore, netns.settings.all.arpIgnore)
  if (mode === 0) return false
  if (mode === 8) return true
  const own = link.addresses.find((address) => address.address === arp.targetIp)
  if (own === undefined) return true
  if (mode === 1) return false
  return networkOf(own.address, own.length) !== networkOf(arp.senderIp, own.length)
}

/** arp_filter: answers only on the device by which it would send to the asker. */
function filters(netns: NetNamespace, link: Link, arp: ArpPacket): boolean {
  const settings = deviceSettings(netns, link.ifindex)
  if (settings.arpFilter === 0 && netns.settings.all.arpFilter === 0) return false
  const back = fibLookup(netns, arp.senderIp, arp.targetIp, 0, null, null)
  return typeof back === 'string' || back.ifindex !== link.ifindex
}

/** The asker will be spoken to: its mapping is kept, as STALE. */
function answer(sim: Simulation, netns: NetNamespace, link: Link, arp: ArpPacket): void {
  const entry =
    findNeighbor(netns, link.ifindex, arp.senderIp) ?? createNeighbor(sim, netns, link.ifindex, arp.senderIp)
  updateNeighbor(sim, netns, entry, arp.senderMac, 'STALE', true)
  reply(sim, netns, link, arp)
}

function reply(sim: Simulation, netns: NetNamespace, link: Link, arp: ArpPacket): void {
  transmitFrame(sim, netns, link, {
    destination: arp.senderMac,
    source: link.mac,
    etherType: ETHERTYPE_ARP,
    payload: {
      kind: 'arp',
      operation: 'reply',
      senderMac: link.mac,
      senderIp: arp.targetIp,
      targetMac: arp.senderMac,
      targetIp: arp.senderIp,
    },
  })
}

/** Replies, and what others say: known entries are brought up to date, new ones made only if arp_accept says so. */
function learn(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame, arp: ArpPacket): void {
  const settings = deviceSettings(netns, link.ifindex)
  let entry = findNeighbor(netns, link.ifindex, arp.senderIp)
  const isGratuitous = arp.senderIp === arp.targetIp
  if (entry === undefined) {
    const accepts = Math.max(settings.arpAccept, netns.settings.all.arpAccept) !== 0
    if (!accepts || !isGratuitous) return
    entry = createNeighbor(sim, netns, link.ifindex, arp.senderIp)
  }
  const isAnswer = arp.operation === 'reply' && frame.destination === link.mac
  const override = isGratuitous || sim.nowUs > entry.updatedUs + LOCK_TIME_US
  updateNeighbor(sim, netns, entry, arp.senderMac, isAnswer ? 'REACHABLE' : 'STALE', override)
}
