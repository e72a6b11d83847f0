/**
 * Packets out: of this host's own through OUTPUT, then of all through POSTROUTING, cut to size, to the next hop.
 * net/ipv4/ip_output.c, net/ipv4/netfilter.c ip_route_me_harder.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts'
import type { Ipv4Packet } from '../../wire/frame.ts'
import { packetLength } from '../../wire/ipv4.ts'
import type { Link } from '../link/types.ts'
import { neighborOutput } from '../neighbor/output.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import { createBuffer, type PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop, noteRoute } from '../trace-notes.ts'
import { type FoundRoute, lookupRoute } from './fib.ts'
import { fragmentsOf } from './fragment.ts'
import { sendIcmpError } from './icmp-error.ts'
import { pathMtu } from './path-mtu.ts'

export interface SendOptions {
  /** ifindex that it must leave by (`SO_BINDTODEVICE`). */
  readonly device?: number | null
  readonly mark?: number
  readonly socket?: number | null
  /** The sender knows that the other end is alive (`MSG_CONFIRM`, TCP progress). */
  readonly confirm?: boolean
  /** An answer by the packet filter belongs to the flow of what it answers, and is translated with it (nf_ct_attach). */
  readonly flow?: { readonly connection: number; readonly direction: 'original' | 'reply' }
}

const DONE = ok(undefined)
const NOT_PERMITTED = refuse('EPERM')

/** `source` 0 and `identification` 0 are filled in. Refused: no route, too long to go whole, not let out by a rule. */
export function sendIpv4(
  sim: Simulation,
  netns: NetNamespace,
  packet: Ipv4Packet,
  options: SendOptions = {},
): Result<void> {
  const mark = options.mark ?? 0
  const found = lookupRoute(netns, {
    destination: packet.destination,
    source: packet.source,
    mark,
    ...(options.device == null ? {} : { outputIfindex: options.device }),
  })
  if (!found.ok) return found
  const { device, source, route } = found.value
  const link = netns.links.get(device)!
  if (packet.dontFragment && packetLength(packet) > pathMtu(sim, netns, link, route, packet.destination)) {
    return refuse('EMSGSIZE', String(pathMtu(sim, netns, link, route, packet.destination)))
  }
  const buffer = createBuffer(complete(netns, packet, source), null, null)
  buffer.output = device
  buffer.mark = mark
  buffer.fromSocket = options.socket ?? null
  if (options.flow !== undefined) {
    buffer.connection = options.flow.connection
    buffer.connectionState = 'RELATED'
    buffer.direction = options.flow.direction
  }
  if (sim.trace !== null) noteRoute(sim, netns, null, buffer.packet, 'output', device, found.value.gateway)
  return localOut(sim, netns, buffer, found.value, options)
}

/** Kept unless something is missing. An identification is needed only by what may be cut. */
function complete(netns: NetNamespace, packet: Ipv4Packet, source: number): Ipv4Packet {
  const needsId = packet.identification === 0 && !packet.dontFragment
  if (!needsId && packet.source === source && packet.destination !== 0) return packet
  const identification = needsId ? nextIdentification(netns) : packet.identification
  const destination = packet.destination === 0 ? source : packet.destination
  return { ...packet, source, destination, identification }
}

function nextIdentification(netns: NetNamespace): number {
  netns.counters.identification = (netns.counters.identification + 1) & 0xffff || 1
  return netns.counters.identification
}

function localOut(
  sim: Simulation,
  netns: NetNamespace,
  buffer: PacketBuffer,
  found: FoundRoute,
  options: SendOptions,
): Result<void> {
  const before = buffer.packet
  const markBefore = buffer.mark
  if (runHook(sim, netns, 'OUTPUT', buffer) !== 'ACCEPT') {
    noteDrop(sim, netns, found.device, 'NETFILTER_DROP', buffer.packet)
    return NOT_PERMITTED
  }
  const after = buffer.packet
  const moved = after.destination !== before.destination || after.source !== before.source
  if (moved || buffer.mark !== markBefore) {
    const again = reroute(netns, buffer, options)
    if (!again.ok) return again
    found = again.value
  }
  const link = netns.links.get(found.device)!
  const mtu = pathMtu(sim, netns, link, found.route, after.destination)
  const nextHop = found.gateway ?? after.destination
  const isBroadcast = found.route.type === 'broadcast'
  return ipOutput(sim, netns, buffer, link, nextHop, mtu, isBroadcast, options.confirm) ? DONE : NOT_PERMITTED
}

/** ip_route_me_harder: a rule has changed the addresses or the mark. */
function reroute(
  netns: NetNamespace,
  buffer: PacketBuffer,
  options: SendOptions,
): Result<FoundRoute, Refusal> {
  const again = lookupRoute(netns, {
    destination: buffer.packet.destination,
    source: buffer.packet.source,
    mark: buffer.mark,
    ...(options.device == null ? {} : { outputIfindex: options.device }),
  })
  if (again.ok) buffer.output = again.value.device
  return again
}

/** False: a rule of POSTROUTING has dropped it. */
export function ipOutput(
  sim: Simulation,
  netns: NetNamespace,
  buffer: PacketBuffer,
  link: Link,
  nextHop: number,
  mtu: number,
  isBroadcast: boolean,
  confirm = false,
): boolean {
  if (runHook(sim, netns, 'POSTROUTING', buffer) !== 'ACCEPT') {
    noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', buffer.packet)
    return false
  }
  const packet = buffer.packet
  if (packetLength(packet) <= mtu) {
    neighborOutput(sim, netns, link, nextHop, packet, isBroadcast, confirm)
  } else if (packet.dontFragment) {
    sendIcmpError(sim, netns, packet, buffer.input, 3, 4, mtu)
    noteDrop(sim, netns, link.ifindex, 'PKT_TOO_BIG', packet)
  } else {
    for (const fragment of fragmentsOf(packet, mtu)) {
      neighborOutput(sim, netns, link, nextHop, fragment, isBroadcast, confirm)
    }
  }
  return true
}
