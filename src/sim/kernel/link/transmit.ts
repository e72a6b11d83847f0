/**
 * A frame leaves by a device. net/core/dev.c __dev_queue_xmit, drivers/net/{veth,loopback,dummy}.c.
 * Virtual time passes on wires only; what a kernel does in between is part of the wire's delay.
 * Not modelled: queueing disciplines and bandwidth; tunnels (tunl0 and ip6tnl0 have no far end).
 */
import { enqueue } from '../../base/event-queue.ts'
import { nextUint32 } from '../../base/random.ts'
import type { Frame } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { tapFrame } from '../packet-socket/tap.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import { noteDrop, noteStep } from '../trace-notes.ts'
import { bridgeTransmit } from './bridge.ts'
import { hasCarrier } from './state.ts'
import type { Link, PhysicalLink, VethLink } from './types.ts'

/** Least delay of a wire, and how much chance may add; microseconds. */
const LOOPBACK_DELAY = { least: 8, jitter: 8 }
const VETH_DELAY = { least: 11, jitter: 13 }
const CABLE_JITTER = 24

export function transmitFrame(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  if (!link.up) return noteDrop(sim, netns, link.ifindex, 'DEVICE_DOWN', frame)
  // Without carrier the device has the queueing discipline `noop`, which drops.
  if (!hasCarrier(sim, link)) {
    link.statistics.txDropped++
    return noteDrop(sim, netns, link.ifindex, 'NO_CARRIER', frame)
  }
  tapFrame(sim, netns, link, frame, 'out')
  if (sim.trace !== null) noteStep(sim, netns, link.ifindex, { kind: 'transmit', frame })
  const statistics = link.statistics
  // loopback.c counts after the Ethernet header was taken off.
  const length = link.kind === 'loopback' ? frameLength(frame) - 14 : frameLength(frame)
  statistics.txPackets++
  statistics.txBytes += length
  switch (link.kind) {
    case 'veth':
      return send(sim, link, peerOf(link), frame, VETH_DELAY.least, VETH_DELAY.jitter)
    case 'bridge':
      return bridgeTransmit(sim, netns, link, frame)
    case 'physical':
      return sendOnCable(sim, netns, link, frame)
    case 'loopback':
      return send(sim, link, refOf(netns, link), frame, LOOPBACK_DELAY.least, LOOPBACK_DELAY.jitter)
  }
}

function peerOf(link: VethLink): DeviceRef {
  return link.peer
}

function refOf(netns: NetNamespace, link: Link): DeviceRef {
  return { host: netns.host, netns: netns.id, ifindex: link.ifindex }
}

/** A wire keeps the order of what it is given. */
function send(sim: Simulation, link: Link, to: DeviceRef, frame: Frame, least: number, jitter: number): void {
  let at = sim.nowUs + least + (nextUint32(sim.random) % jitter)
  if (link.lastDeliveryUs > at) at = link.lastDeliveryUs
  link.lastDeliveryUs = at
  enqueue(sim.queue, at, { kind: 'frame', to, frame })
}

function sendOnCable(sim: Simulation, netns: NetNamespace, link: PhysicalLink, frame: Frame): void {
  const cable = link.cable === null ? undefined : sim.cables.get(link.cable)
  if (cable === undefined) return noteDrop(sim, netns, link.ifindex, 'NO_CARRIER', frame)
  const [one, other] = cable.ends
  const isOne = one.ifindex === link.ifindex && one.netns === netns.id && one.host === netns.host
  send(sim, link, isOne ? other : one, frame, cable.delayUs, CABLE_JITTER)
}
