/**
 * Bridged IPv4 packets in front of iptables: PREROUTING, FORWARD and POSTROUTING with the bridge as the device they come
 * and go by. net/bridge/br_netfilter_hooks.c; `net.bridge.bridge-nf-call-iptables`.
 * Not modelled: ARP (arptables) and IPv6.
 */
import type { Frame } from '../../wire/frame.ts'
import { isLocalAddress } from '../ip/fib.ts'
import { prerouting } from '../ip/input.ts'
import { routeInput } from '../ip/route-input.ts'
import { findNeighbor } from '../neighbor/table.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import { createBuffer, type PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import type { BridgeLink, Link } from './types.ts'

export function callsIptables(netns: NetNamespace): boolean {
  const settings = netns.settings
  return settings.bridgeNetfilter && settings.bridgeCallIptables !== 0 && netns.netfilter.tables4.size > 0
}

/** br_nf_pre_routing. Null: dropped. */
export function bridgePrerouting(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  port: Link,
  frame: Frame,
): { readonly buffer: PacketBuffer; readonly frame: Frame } | null {
  if (frame.payload.kind !== 'ipv4') return null
  const buffer = createBuffer(frame.payload, bridge.ifindex, frame)
  buffer.physInput = port.ifindex
  const before = frame.payload.destination
  if (!prerouting(sim, netns, buffer)) return null
  if (buffer.packet.destination === before) return { buffer, frame: frameOf(frame, buffer) }
  const moved = redirected(netns, bridge, buffer, frame)
  return { buffer, frame: moved }
}

/** br_nf_pre_routing_finish: a new destination behind the same bridge is bridged on, any other goes up to be routed. */
function redirected(netns: NetNamespace, bridge: BridgeLink, buffer: PacketBuffer, frame: Frame): Frame {
  const { destination, source } = buffer.packet
  let mac = bridge.mac
  if (!isLocalAddress(netns, destination)) {
    const route = routeInput(netns, bridge, destination, source, buffer.mark)
    const staysHere = typeof route !== 'string' && route.ifindex === bridge.ifindex
    const nextHop = staysHere ? (route.gateway ?? destination) : destination
    const entry = staysHere ? findNeighbor(netns, bridge.ifindex, nextHop) : undefined
    if (entry?.mac != null && entry.state !== 'FAILED' && entry.state !== 'INCOMPLETE') mac = entry.mac
  }
  return { destination: mac, source: frame.source, etherType: frame.etherType, payload: buffer.packet }
}

/** br_nf_forward_ip, br_nf_post_routing. The frame as it leaves; null: dropped. */
export function forwardFiltered(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  to: Link,
  frame: Frame,
  buffer: PacketBuffer,
): Frame | null {
  buffer.output = bridge.ifindex
  buffer.physOutput = to.ifindex
  const passed =
    runHook(sim, netns, 'FORWARD', buffer) === 'ACCEPT' &&
    runHook(sim, netns, 'POSTROUTING', buffer) === 'ACCEPT'
  if (passed) return frameOf(frame, buffer)
  noteDrop(sim, netns, bridge.ifindex, 'NETFILTER_DROP', buffer.packet)
  return null
}

/** The same frame, unless its packet was rewritten. */
function frameOf(frame: Frame, buffer: PacketBuffer): Frame {
  if (frame.payload === buffer.packet) return frame
  const { destination, source, etherType } = frame
  return { destination, source, etherType, payload: buffer.packet }
}
