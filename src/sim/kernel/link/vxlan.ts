/**
 * VXLAN at work: a frame becomes a UDP datagram to whoever the address is known behind, and is one again at the other end.
 * RFC 7348 §4, drivers/net/vxlan/vxlan_core.c. What stands in its table is edited by `netlink/vxlan.ts`.
 * Not modelled: joining groups of the underlay, proxy ARP, l2miss/l3miss, path MTU of the inner packets, IPv6 underlay.
 */
import { type Frame, type Ipv4Packet, PROTOCOL_UDP, type UdpDatagram } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { emitVxlan, parseVxlan } from '../../wire/vxlan.ts'
import { lookupRoute } from '../ip/fib.ts'
import { sendIpv4 } from '../ip/output.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { placeAt } from './stacked.ts'
import { countTransmitted, passInHost } from './transmit.ts'
import type { VxlanEntry, VxlanLink, VxlanRemote } from './types.ts'

/** Entry for all addresses that have none of their own. */
export const ANY_MAC = '00:00:00:00:00:00'

export function findVxlanEntry(sim: Simulation, link: VxlanLink, mac: string): VxlanEntry | undefined {
  const entry = link.fdb.get(mac)
  if (entry === undefined || entry.static || link.ageingTimeMs === 0) return entry
  if (sim.nowUs - entry.updatedUs < link.ageingTimeMs * 1000) return entry
  link.fdb.delete(mac)
  return undefined
}

/** vxlan_xmit */
export function vxlanTransmit(sim: Simulation, netns: NetNamespace, link: VxlanLink, frame: Frame): void {
  const entry = findVxlanEntry(sim, link, frame.destination) ?? link.fdb.get(ANY_MAC)
  if (entry === undefined || entry.remotes.length === 0) {
    link.statistics.txDropped++
    return noteDrop(sim, netns, link.ifindex, 'NO_TUNNEL_TARGET', frame)
  }
  for (const remote of entry.remotes) sendTo(sim, netns, link, remote, frame)
}

/** vxlan_xmit_one */
function sendTo(
  sim: Simulation,
  netns: NetNamespace,
  link: VxlanLink,
  remote: VxlanRemote,
  frame: Frame,
): void {
  const underlay = sim.kernels.get(netns.host)?.namespaces.get(link.underlay)
  if (underlay === undefined) return noteDrop(sim, netns, link.ifindex, 'NO_ROUTE', frame)
  const device = remote.ifindex ?? link.lower
  const packet = outerPacket(link, remote, frame)
  const route = lookupRoute(underlay, {
    destination: remote.address,
    source: packet.source,
    ...(device === null ? {} : { outputIfindex: device }),
  })
  const isLoop = route.ok && underlay === netns && route.value.device === link.ifindex
  if (!route.ok || isLoop) {
    if (isLoop) link.statistics.collisions++
    else link.statistics.txCarrier++
    link.statistics.txErrors++
    return noteDrop(sim, netns, link.ifindex, 'NO_ROUTE', frame)
  }
  countTransmitted(link, frameLength(frame))
  sendIpv4(sim, underlay, packet, { device })
}

function outerPacket(link: VxlanLink, remote: VxlanRemote, frame: Frame): Ipv4Packet {
  return {
    kind: 'ipv4',
    source: link.local ?? 0,
    destination: remote.address,
    ttl: link.ttl > 0 ? link.ttl : isMulticast(remote.address) ? 1 : 64,
    protocol: PROTOCOL_UDP,
    tos: link.tos,
    identification: 0,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload: {
      kind: 'udp',
      sourcePort: sourcePort(link, frame),
      destinationPort: remote.port ?? link.destinationPort,
      data: emitVxlan({ vni: remote.vni ?? link.vni, frame }),
    },
  }
}

/** udp_flow_src_port: one flow keeps one port, the same both ways, so that routers keep its order. */
function sourcePort(link: VxlanLink, frame: Frame): number {
  const { low, high } = link.sourcePorts
  const range = low < high ? { low, size: high - low } : { low: 32768, size: 28232 }
  let hash = 0x811c9dc5
  const text = flowOf(frame)
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return range.low + Math.floor((hash * range.size) / 2 ** 32)
}

/** Both ends in one order (__flow_hash_consistentify); without addresses of IP those of the frame. */
function flowOf(frame: Frame): string {
  const packet = frame.payload
  if (packet.kind !== 'ipv4') return [frame.source, frame.destination].sort().join(' ')
  const inner = packet.payload
  const hasPorts = inner.kind === 'udp' || inner.kind === 'tcp'
  const one = `${packet.source} ${hasPorts ? inner.sourcePort : ''}`
  const other = `${packet.destination} ${hasPorts ? inner.destinationPort : ''}`
  const what = inner.kind === 'icmp' ? inner.identifier : packet.protocol
  return [...[one, other].sort(), what].join(' ')
}

/** vxlan_rcv: a datagram came to the port; `devices` are those behind it. */
export function vxlanInput(
  sim: Simulation,
  underlay: NetNamespace,
  devices: readonly DeviceRef[],
  from: number,
  datagram: UdpDatagram,
): void {
  const packet = parseVxlan(datagram.data)
  if (packet === null) return
  for (const ref of devices) {
    const place = placeAt(sim, ref)
    if (place?.link.kind !== 'vxlan' || place.link.vni !== packet.vni) continue
    return deliver(sim, place.netns, place.link, from, packet.frame)
  }
  noteDrop(sim, underlay, devices[0]?.ifindex ?? 0, 'UNKNOWN_VNI', packet.frame)
}

function deliver(sim: Simulation, netns: NetNamespace, link: VxlanLink, from: number, frame: Frame): void {
  // A frame of our own that came back.
  if (frame.source === link.mac) return noteDrop(sim, netns, link.ifindex, 'NOT_FOR_US', frame)
  if (link.learning && !learn(sim, link, frame.source, from)) {
    return noteDrop(sim, netns, link.ifindex, 'PARSE_ERROR', frame)
  }
  passInHost(sim, netns, link, frame)
}

/** vxlan_snoop. False: the address stands elsewhere by hand, so the frame is forged. */
function learn(sim: Simulation, link: VxlanLink, mac: string, from: number): boolean {
  const entry = findVxlanEntry(sim, link, mac)
  if (entry === undefined) {
    const remotes = [{ address: from, port: null, vni: null, ifindex: null }]
    link.fdb.set(mac, { mac, remotes, updatedUs: sim.nowUs, static: false, permanent: false })
    return true
  }
  entry.updatedUs = sim.nowUs
  if (entry.remotes.some((one) => one.address === from)) return true
  if (entry.static) return false
  entry.remotes = [{ address: from, port: null, vni: null, ifindex: null }]
  return true
}
