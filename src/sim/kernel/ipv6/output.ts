/**
 * IPv6 packets out: of this host's own through OUTPUT, then of all through POSTROUTING, to the next hop.
 * net/ipv6/ip6_output.c, net/ipv6/netfilter.c ip6_route_me_harder.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts'
import type { Ipv6Packet } from '../../wire/frame.ts'
import { ICMPV6_PACKET_TOO_BIG } from '../../wire/icmpv6.ts'
import { ipv6PacketLength } from '../../wire/ipv6.ts'
import type { SendOptions } from '../ip/output.ts'
import type { Link } from '../link/types.ts'
import { neighborOutput6 } from '../neighbor/output.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import { createBuffer, type PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop, noteRoute } from '../trace-notes.ts'
import { type FoundRoute6, lookupRoute6 } from './fib.ts'
import { fragmentsOf6 } from './fragment.ts'
import { sendIcmpv6Error } from './icmp-error.ts'
import { pathMtu6 } from './path-mtu.ts'

export type Buffer6 = PacketBuffer<Ipv6Packet>

const DONE = ok(undefined)
const NOT_PERMITTED = refuse('EPERM')

export interface Send6Options extends SendOptions {
  /** IPV6_DONTFRAG: refused rather than cut. */
  readonly dontFragment?: boolean
}

/** `source` `::` is filled in. Refused: no route, too long to go whole, not let out by a rule. */
export function sendIpv6(
  sim: Simulation,
  netns: NetNamespace,
  packet: Ipv6Packet,
  options: Send6Options = {},
): Result<void> {
  const found = route(netns, packet, options.mark ?? 0, options)
  if (!found.ok) return found
  const { device, source, gateway } = found.value
  const buffer = createBuffer(complete(netns, packet, source), null, null)
  const link = netns.links.get(device)!
  if (options.dontFragment === true) {
    const mtu = pathMtu6(sim, netns, link, found.value.route.mtu, buffer.packet.destination)
    if (ipv6PacketLength(buffer.packet) > mtu) return refuse('EMSGSIZE', String(mtu))
  }
  buffer.output = device
  buffer.mark = options.mark ?? 0
  buffer.fromSocket = options.socket ?? null
  if (options.flow !== undefined) {
    buffer.connection = options.flow.connection
    buffer.connectionState = 'RELATED'
    buffer.direction = options.flow.direction
  }
  if (sim.trace !== null) noteRoute(sim, netns, null, buffer.packet, 'output', device, gateway)
  return localOut(sim, netns, buffer, found.value, options)
}

function complete(netns: NetNamespace, packet: Ipv6Packet, given: string): Ipv6Packet {
  const destination = packet.destination === '::' ? '::1' : packet.destination
  const source = packet.source === '::' ? given : packet.source
  return { ...packet, source, destination, flowLabel: flowLabel(netns, packet, source) }
}

/** The same for all packets of a flow, and no telling which (net.ipv6.auto_flowlabels; RFC 6437). */
function flowLabel(
  netns: NetNamespace,
  { destination, nextHeader, payload }: Ipv6Packet,
  source: string,
): number {
  const ports =
    payload.kind === 'tcp' || payload.kind === 'udp'
      ? `${payload.sourcePort} ${payload.destinationPort}`
      : payload.kind === 'icmpv6'
        ? `${payload.type}`
        : ''
  let hash = 0x811c9dc5 ^ netns.id
  for (const character of `${source} ${destination} ${nextHeader} ${ports}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return (hash ^ (hash >>> 15)) & 0xfffff || 1
}

function route(
  netns: NetNamespace,
  packet: Ipv6Packet,
  mark: number,
  options: SendOptions,
): Result<FoundRoute6, Refusal> {
  return lookupRoute6(netns, {
    destination: packet.destination,
    source: packet.source,
    mark,
    ...(options.device == null ? {} : { outputIfindex: options.device }),
  })
}

function localOut(
  sim: Simulation,
  netns: NetNamespace,
  buffer: Buffer6,
  found: FoundRoute6,
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
    const again = route(netns, after, buffer.mark, options)
    if (!again.ok) return again
    found = again.value
    buffer.output = found.device
  }
  const link = netns.links.get(found.device)!
  const mtu = pathMtu6(sim, netns, link, found.route.mtu, after.destination)
  const nextHop = found.gateway ?? after.destination
  return ipOutput6(sim, netns, buffer, link, nextHop, mtu, options.confirm) ? DONE : NOT_PERMITTED
}

/** False: a rule of POSTROUTING has dropped it. What came from elsewhere is never cut. */
export function ipOutput6(
  sim: Simulation,
  netns: NetNamespace,
  buffer: Buffer6,
  link: Link,
  nextHop: string,
  mtu: number,
  confirm = false,
): boolean {
  if (runHook(sim, netns, 'POSTROUTING', buffer) !== 'ACCEPT') {
    noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', buffer.packet)
    return false
  }
  const packet = buffer.packet
  if (ipv6PacketLength(packet) <= mtu) {
    neighborOutput6(sim, netns, link, nextHop, packet, confirm)
  } else if (buffer.input !== null) {
    sendIcmpv6Error(sim, netns, packet, ICMPV6_PACKET_TOO_BIG, 0, mtu, buffer.input)
    noteDrop(sim, netns, link.ifindex, 'PKT_TOO_BIG', packet)
  } else {
    for (const fragment of fragmentsOf6(sim, packet, mtu))
      neighborOutput6(sim, netns, link, nextHop, fragment, confirm)
  }
  return true
}
