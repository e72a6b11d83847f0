/**
 * A frame arrives at a device: counted, shown to captures, handed to the bridge or to its protocol.
 * net/core/dev.c __netif_receive_skb_core.
 */
import type { Frame } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import { ipReceive } from '../ip/input.ts'
import { receiveIpv6 } from '../ipv6/receive.ts'
import { receiveArp } from '../neighbor/arp.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { tapFrame } from '../packet-socket/tap.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import { note } from '../trace.ts'
import { noteDrop, noteStep } from '../trace-notes.ts'
import { bridgeInput } from './bridge.ts'
import { ipvlanInput } from './ipvlan.ts'
import { macvlanInput } from './macvlan.ts'
import type { Link } from './types.ts'
import { vlanInput } from './vlan.ts'

export function receiveFrame(sim: Simulation, to: DeviceRef, frame: Frame): void {
  const netns = sim.kernels.get(to.host)?.namespaces.get(to.netns)
  const link = netns?.links.get(to.ifindex)
  if (netns === undefined || link === undefined) return noteLost(sim, to, frame)
  if (!link.up) return noteDrop(sim, netns, link.ifindex, 'DEVICE_DOWN', frame)
  if (link.kind === 'physical' && isCut(sim, link.cable)) {
    return noteDrop(sim, netns, link.ifindex, 'CABLE_CUT', frame)
  }
  receiveOnDevice(sim, netns, link, frame)
}

/** From the device on: captures, then whoever stands on it (VLANs first), then its protocols. */
export function receiveOnDevice(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  link.statistics.rxPackets++
  link.statistics.rxBytes += link.kind === 'loopback' ? frameLength(frame) - 14 : frameLength(frame)
  tapFrame(sim, netns, link, frame, 'in')
  if (sim.trace !== null) noteStep(sim, netns, link.ifindex, { kind: 'receive', frame })
  const tag = frame.vlan
  if (tag !== undefined && vlanInput(sim, link, frame, tag)) return
  if (link.port !== null) return bridgeInput(sim, netns, link, link.port, frame)
  if (link.uppers !== null && (macvlanInput(sim, link, frame) || ipvlanInput(sim, link, frame))) return
  if (tag === undefined || tag.vid === 0) return receiveProtocol(sim, netns, link, frame)
  noteDrop(sim, netns, link.ifindex, 'UNKNOWN_VLAN', frame)
}

/** The device has gone while the frame was under way. */
function noteLost(sim: Simulation, to: DeviceRef, frame: Frame): void {
  if (sim.trace === null) return
  const step = { kind: 'drop', reason: 'DEVICE_DOWN', packet: frame } as const
  note(sim.trace, { atUs: sim.nowUs, ...to, step })
}

function isCut(sim: Simulation, cable: number | null): boolean {
  return cable === null || sim.cables.get(cable)?.connected !== true
}

export function receiveProtocol(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  const payload = frame.payload
  switch (payload.kind) {
    case 'ipv4':
      return ipReceive(sim, netns, link, frame)
    case 'arp':
      return receiveArp(sim, netns, link, frame, payload)
    case 'ipv6':
      return receiveIpv6(sim, netns, link, frame)
    default:
      // Below 1536 it is a length: LLC has a receiver of its own (llc_rcv).
      if (frame.etherType >= 1536) link.statistics.rxDropped++
      noteDrop(sim, netns, link.ifindex, 'UNKNOWN_PROTOCOL', frame)
  }
}
