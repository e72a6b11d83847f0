/**
 * A bridge at work: learn, then up to the host, to one port, or to all. IEEE 802.1D clause 7,
 * net/bridge/{br_input,br_forward,br_device}.c.
 * Not modelled: VLAN filtering, multicast snooping (groups are flooded).
 */

import { BRIDGE_GROUP_MAC } from '../../wire/bpdu.ts'
import type { Frame, MacAddress } from '../../wire/frame.ts'
import { BROADCAST_MAC } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import { fragmentsOf } from '../ip/fragment.ts'
import { ipReceiveFinish } from '../ip/input.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { PacketBuffer } from '../packet-buffer.ts'
import { tapFrame } from '../packet-socket/tap.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop, noteStep } from '../trace-notes.ts'
import { findFdb, isLocalMac, learnMac } from './bridge-fdb.ts'
import { bridgePrerouting, callsIptables, forwardFiltered } from './bridge-netfilter.ts'
import { receiveProtocol } from './receive.ts'
import { receiveBpdu } from './stp/receive.ts'
import { transmitFrame } from './transmit.ts'
import type { BridgeLink, BridgePort, Link } from './types.ts'

/** The group bit of the first byte: its low hexadecimal digit is odd. */
function isGroup(mac: MacAddress): boolean {
  const digit = mac.charCodeAt(1)
  // '0'–'9' and 'a'–'f': the code's parity is the digit's, but opposite for letters.
  return digit < 58 ? (digit & 1) === 1 : (digit & 1) === 0
}

/** What is meant for the neighbour on the wire alone, and no bridge lets through (IEEE 802.1D §7.12.6). */
const RESERVED = '01:80:c2:00:00:0'

function reservedInput(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  port: Link,
  settings: BridgePort,
  frame: Frame,
): void {
  const { state } = settings
  if (settings.learning && (state === 'forwarding' || state === 'learning') && !isGroup(frame.source)) {
    learnMac(sim, netns, bridge, port, frame.source)
  }
  if (frame.destination !== BRIDGE_GROUP_MAC) return receiveProtocol(sim, netns, port, frame)
  receiveBpdu({ sim, netns, bridge }, { link: port, port: settings }, frame)
}

/** br_handle_frame: a frame came in by a port. */
export function bridgeInput(
  sim: Simulation,
  netns: NetNamespace,
  port: Link,
  settings: BridgePort,
  frame: Frame,
): void {
  const bridge = port.master === null ? undefined : netns.links.get(port.master)
  if (bridge?.kind !== 'bridge') return
  if (isGroup(frame.destination) && frame.destination.startsWith(RESERVED)) {
    if (frame.destination !== BRIDGE_GROUP_MAC || bridge.stp) {
      return reservedInput(sim, netns, bridge, port, settings, frame)
    }
  }
  if (settings.state !== 'forwarding' && settings.state !== 'learning') {
    return noteDrop(sim, netns, port.ifindex, 'PORT_NOT_FORWARDING', frame)
  }
  if (isGroup(frame.source)) return noteDrop(sim, netns, port.ifindex, 'PARSE_ERROR', frame)
  if (settings.state === 'learning') {
    if (settings.learning) learnMac(sim, netns, bridge, port, frame.source)
    return noteDrop(sim, netns, port.ifindex, 'PORT_NOT_FORWARDING', frame)
  }
  let buffer: PacketBuffer | null = null
  if (frame.payload.kind === 'ipv4' && frame.vlan === undefined && callsIptables(netns)) {
    const result = bridgePrerouting(sim, netns, bridge, port, frame)
    if (result === null) return
    buffer = result.buffer
    frame = result.frame
  }
  if (settings.locked && !isKnownAt(sim, bridge, port, frame)) {
    return noteDrop(sim, netns, port.ifindex, 'PORT_LOCKED', frame)
  }
  if (settings.learning) learnMac(sim, netns, bridge, port, frame.source)
  decide(sim, netns, bridge, port, settings, frame, buffer)
}

function isKnownAt(sim: Simulation, bridge: BridgeLink, port: Link, frame: Frame): boolean {
  const known = findFdb(sim, bridge, frame.source)
  return known !== null && known.port === port.ifindex && known.permanent !== true
}

/** br_handle_frame_finish. */
function decide(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  port: Link,
  settings: BridgePort,
  frame: Frame,
  buffer: PacketBuffer | null,
): void {
  if (isGroup(frame.destination)) {
    flood(sim, netns, bridge, port, settings, frame, buffer)
    return passUp(sim, netns, bridge, frame, buffer)
  }
  const isPromiscuous = bridge.promiscuity > 0 || bridge.promiscuous
  const known = frame.destination === bridge.mac ? null : findFdb(sim, bridge, frame.destination)
  if (known !== null && known.port !== bridge.ifindex) {
    const to = netns.links.get(known.port)
    if (to !== undefined) forwardTo(sim, netns, bridge, port, settings, to, frame, buffer)
    if (isPromiscuous) passUp(sim, netns, bridge, frame, null)
    return
  }
  if (known !== null || isLocalMac(bridge, frame.destination)) {
    noteStep(sim, netns, bridge.ifindex, { kind: 'bridge', decision: 'local', ports: [], frame })
    return passUp(sim, netns, bridge, frame, buffer)
  }
  flood(sim, netns, bridge, port, settings, frame, buffer)
  if (isPromiscuous) passUp(sim, netns, bridge, frame, null)
}

/** should_deliver: not back where it came from (unless hairpin), not between isolated ports, only where forwarding. */
function mayLeave(from: Link | null, fromSettings: BridgePort | null, to: Link): boolean {
  const settings = to.port
  if (settings === null || settings.state !== 'forwarding') return false
  if (from === to) return settings.hairpin
  return !(settings.isolated && fromSettings?.isolated === true)
}

function forwardTo(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  from: Link,
  settings: BridgePort,
  to: Link,
  frame: Frame,
  buffer: PacketBuffer | null,
): void {
  if (!mayLeave(from, settings, to)) {
    const reason = from === to ? 'BRIDGE_INGRESS_PORT' : 'PORT_NOT_FORWARDING'
    return noteDrop(sim, netns, to.ifindex, reason, frame)
  }
  if (sim.trace !== null) {
    noteStep(sim, netns, bridge.ifindex, { kind: 'bridge', decision: 'forward', ports: [to.ifindex], frame })
  }
  leave(sim, netns, bridge, to, frame, buffer)
}

function flood(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  from: Link | null,
  settings: BridgePort | null,
  frame: Frame,
  buffer: PacketBuffer | null,
): void {
  const isUnknownUnicast = !isGroup(frame.destination)
  const isBroadcast = frame.destination === BROADCAST_MAC
  const ports: Link[] = []
  // A new port is put in front of the list (br_add_if), so the newest one is served first.
  for (let i = bridge.ports.length - 1; i >= 0; i--) {
    const link = netns.links.get(bridge.ports[i]!)
    if (link === undefined || !mayLeave(from, settings, link)) continue
    if (!takesFlood(link.port!, isUnknownUnicast, isBroadcast, from === null)) continue
    ports.push(link)
  }
  noteStep(sim, netns, bridge.ifindex, {
    kind: 'bridge',
    decision: 'flood',
    ports: sim.trace === null ? [] : ports.map((link) => link.ifindex),
    frame,
  })
  if (ports.length === 0 && isUnknownUnicast) noteDrop(sim, netns, bridge.ifindex, 'NO_LISTENER', frame)
  for (const link of ports) leave(sim, netns, bridge, link, frame, buffer === null ? null : { ...buffer })
}

/** br_flood: groups that the host itself sends to leave by every port. */
function takesFlood(port: BridgePort, isUnicast: boolean, isBroadcast: boolean, isOwn: boolean): boolean {
  if (isUnicast) return port.flood
  return isOwn || (isBroadcast ? port.broadcastFlood : port.multicastFlood)
}

/** br_dev_queue_push_xmit: what a port cannot carry is lost. Bridged packets pass FORWARD and POSTROUTING first. */
function leave(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  to: Link,
  frame: Frame,
  buffer: PacketBuffer | null,
): void {
  if (frameLength(buffer?.frame ?? frame) > to.mtu + 14) {
    return noteDrop(sim, netns, to.ifindex, 'PKT_TOO_BIG', frame)
  }
  if (buffer === null) return transmitFrame(sim, netns, to, frame)
  const passed = forwardFiltered(sim, netns, bridge, to, frame, buffer)
  if (passed === null) return
  if (frameLength(passed) <= to.mtu + 14) return transmitFrame(sim, netns, to, passed)
  // Fragments were put together for the rules to see; the port gets fragments again (br_nf_dev_queue_xmit).
  for (const fragment of fragmentsOf(buffer.packet, to.mtu)) {
    transmitFrame(sim, netns, to, { ...passed, payload: fragment })
  }
}

/** br_pass_frame_up: the frame is the bridge device's now. Its Ethernet header is not counted any more. */
function passUp(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  frame: Frame,
  buffer: PacketBuffer | null,
): void {
  bridge.statistics.rxPackets++
  bridge.statistics.rxBytes += frameLength(frame) - 14
  tapFrame(sim, netns, bridge, frame, 'in')
  if (!bridge.up) return noteDrop(sim, netns, bridge.ifindex, 'DEVICE_DOWN', frame)
  if (sim.trace !== null) noteStep(sim, netns, bridge.ifindex, { kind: 'receive', frame })
  if (buffer === null) return receiveProtocol(sim, netns, bridge, frame)
  // PREROUTING was run when the frame came in by the port (ip_sabotage_in).
  if (!isGroup(frame.destination) && !isLocalMac(bridge, frame.destination)) {
    return noteDrop(sim, netns, bridge.ifindex, 'NOT_FOR_US', frame)
  }
  ipReceiveFinish(sim, netns, bridge, buffer)
}

/** br_dev_xmit: the host itself sends by its bridge. */
export function bridgeTransmit(sim: Simulation, netns: NetNamespace, bridge: BridgeLink, frame: Frame): void {
  const known = isGroup(frame.destination) ? null : findFdb(sim, bridge, frame.destination)
  const to = known === null ? undefined : netns.links.get(known.port)
  if (to === undefined) return flood(sim, netns, bridge, null, null, frame, null)
  if (!mayLeave(null, null, to)) return noteDrop(sim, netns, to.ifindex, 'PORT_NOT_FORWARDING', frame)
  if (sim.trace !== null) {
    noteStep(sim, netns, bridge.ifindex, { kind: 'bridge', decision: 'forward', ports: [to.ifindex], frame })
  }
  leave(sim, netns, bridge, to, frame, null)
}
