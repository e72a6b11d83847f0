/**
 * A frame leaves by a device. net/core/dev.c __dev_queue_xmit, netif_rx; drivers/net/{veth,loopback,dummy}.c.
 * Virtual time passes on wires only; what a kernel does in between is part of the wire's delay.
 * Not modelled: bandwidth of cables; tunnels (tunl0 and ip6tnl0 have no far end).
 */
import { enqueue } from '../../base/event-queue.ts'
import { nextUint32 } from '../../base/random.ts'
import type { Frame } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { tapFrame } from '../packet-socket/tap.ts'
import { countDequeued, enqueueFrame } from '../qdisc/queue.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import { noteDrop, noteStep } from '../trace-notes.ts'
import { bridgeTransmit } from './bridge.ts'
import { ipvlanTransmit } from './ipvlan.ts'
import { macvlanTransmit } from './macvlan.ts'
import { hasCarrier } from './state.ts'
import type { Link, PhysicalLink } from './types.ts'
import { vlanTransmit } from './vlan.ts'
import { vxlanTransmit } from './vxlan.ts'

/** Least delay of a wire, and how much chance may add; microseconds. */
const LOOPBACK_DELAY = { least: 8, jitter: 8 }
const VETH_DELAY = { least: 11, jitter: 13 }
const CABLE_JITTER = 24
/** Frames between virtual devices of a host that may be under way at once (net.core.netdev_max_backlog). */
const LONGEST_BACKLOG = 1000
/** Frames that a host handles in a row at one a microsecond; in the long run it handles one in that many. */
const BURST = 20_000
const FRAME_US = 20

export function transmitFrame(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  // A device that is down or without carrier has the queueing discipline `noop`, which drops.
  if (!link.up || !hasCarrier(sim, link)) {
    link.statistics.txDropped++
    return noteDrop(sim, netns, link.ifindex, link.up ? 'NO_CARRIER' : 'DEVICE_DOWN', frame)
  }
  if (link.discipline !== undefined) return enqueueFrame(sim, netns, link, link.discipline, frame)
  sendFrame(sim, netns, link, frame)
}

/** What has waited in a queueing discipline goes out; with the discipline its queue is gone too. */
export function releaseFrame(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  handle: number,
  frame: Frame,
): void {
  const link = netns.links.get(ifindex)
  if (link === undefined || link.discipline?.handle !== handle)
    return noteDrop(sim, netns, ifindex, 'QDISC_DROP', frame)
  countDequeued(link.discipline, frame)
  if (!link.up || !hasCarrier(sim, link)) return noteDrop(sim, netns, ifindex, 'DEVICE_DOWN', frame)
  sendFrame(sim, netns, link, frame)
}

/** dev_hard_start_xmit: captures see it now. */
function sendFrame(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  tapFrame(sim, netns, link, frame, 'out')
  if (sim.trace !== null) noteStep(sim, netns, link.ifindex, { kind: 'transmit', frame })
  switch (link.kind) {
    case 'veth':
      if (isTooLongFor(sim, link.peer, frame)) {
        link.statistics.txDropped++
        return noteDrop(sim, netns, link.ifindex, 'PKT_TOO_BIG', frame)
      }
      return sendInHost(sim, netns, link, link.peer, frame, VETH_DELAY)
    case 'bridge':
      countTransmitted(link, frameLength(frame))
      return bridgeTransmit(sim, netns, link, frame)
    case 'physical':
      return sendOnCable(sim, netns, link, frame)
    case 'loopback': {
      const self = { host: netns.host, netns: netns.id, ifindex: link.ifindex }
      return sendInHost(sim, netns, link, self, frame, LOOPBACK_DELAY)
    }
    case 'macvlan':
      return macvlanTransmit(sim, netns, link, frame)
    case 'ipvlan':
      return ipvlanTransmit(sim, netns, link, frame)
    case 'vlan':
      return vlanTransmit(sim, netns, link, frame)
    case 'vxlan':
      return vxlanTransmit(sim, netns, link, frame)
    default:
      countTransmitted(link, frameLength(frame))
      noteDrop(sim, netns, link.ifindex, 'BLACKHOLE', frame)
  }
}

/** __is_skb_forwardable: the other end of a pair takes what its own MTU and a tag allow; `rx_dropped` counts the rest. */
function isTooLongFor(sim: Simulation, to: DeviceRef, frame: Frame): boolean {
  const peer = sim.kernels.get(to.host)?.namespaces.get(to.netns)?.links.get(to.ifindex)
  if (peer === undefined || frameLength(frame) <= peer.mtu + 18) return false
  peer.statistics.rxDropped++
  return true
}

export function countTransmitted(link: Link, length: number): void {
  link.statistics.txPackets++
  link.statistics.txBytes += length
}

/**
 * Virtual devices of a host share its backlog: first come, first served, one after the other; what does not fit in is
 * lost. A loop of bridges grows into a storm that is as bad as this processor: 50,000 frames a second, for good.
 */
function sendInHost(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  to: DeviceRef,
  frame: Frame,
  delay: typeof VETH_DELAY,
): void {
  const at = placeInBacklog(sim, netns, delay)
  if (at === null) {
    link.statistics.txDropped++
    return noteDrop(sim, netns, link.ifindex, 'CPU_BACKLOG', frame)
  }
  // loopback.c counts after the Ethernet header was taken off.
  countTransmitted(link, link.kind === 'loopback' ? frameLength(frame) - 14 : frameLength(frame))
  enqueue(sim.queue, at, { kind: 'frame', to, frame })
}

function placeInBacklog(sim: Simulation, netns: NetNamespace, delay: typeof VETH_DELAY): number | null {
  let at = sim.nowUs + delay.least + (nextUint32(sim.random) % delay.jitter)
  const kernel = sim.kernels.get(netns.host)
  if (kernel === undefined) return at
  const last = kernel.backlogUs ?? 0
  const frameUs = takeFromBurst(sim, kernel)
  if (last >= at) at = last + frameUs
  if (at - sim.nowUs > LONGEST_BACKLOG * frameUs) return null
  kernel.backlogUs = at
  return at
}

/** Time that the frame takes the processor: longer once it has had no rest for long (a broadcast storm). */
function takeFromBurst(sim: Simulation, kernel: Kernel): number {
  kernel.burst ??= { left: BURST, updatedUs: sim.nowUs }
  const { burst } = kernel
  const rested = Math.floor((sim.nowUs - burst.updatedUs) / FRAME_US)
  if (rested > 0) {
    burst.left = Math.min(BURST, burst.left + rested)
    burst.updatedUs += rested * FRAME_US
  }
  if (burst.left <= 0) return FRAME_US
  burst.left--
  return 1
}

/** netif_rx: hands a frame to a device of this host, by the same backlog. */
export function passInHost(sim: Simulation, netns: NetNamespace, link: Link, frame: Frame): void {
  const at = placeInBacklog(sim, netns, VETH_DELAY)
  if (at === null) return noteDrop(sim, netns, link.ifindex, 'CPU_BACKLOG', frame)
  const to = { host: netns.host, netns: netns.id, ifindex: link.ifindex }
  enqueue(sim.queue, at, { kind: 'frame', to, frame })
}

function sendOnCable(sim: Simulation, netns: NetNamespace, link: PhysicalLink, frame: Frame): void {
  const cable = link.cable === null ? undefined : sim.cables.get(link.cable)
  if (cable === undefined) return noteDrop(sim, netns, link.ifindex, 'NO_CARRIER', frame)
  countTransmitted(link, frameLength(frame))
  const [one, other] = cable.ends
  const isOne = one.ifindex === link.ifindex && one.netns === netns.id && one.host === netns.host
  let at = sim.nowUs + cable.delayUs + (nextUint32(sim.random) % CABLE_JITTER)
  // A cable keeps the order of what it is given.
  if (link.lastDeliveryUs >= at) at = link.lastDeliveryUs + 1
  link.lastDeliveryUs = at
  enqueue(sim.queue, at, { kind: 'frame', to: isOne ? other : one, frame })
}
