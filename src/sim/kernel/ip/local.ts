/** Packets for this host: whole again, INPUT, then to whoever wants them. net/ipv4/ip_input.c ip_local_deliver */
import { PROTOCOL_ICMP, PROTOCOL_IGMP, PROTOCOL_TCP, PROTOCOL_UDP } from '../../wire/frame.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import type { Link } from '../link/types.ts'
import { deliverRaw, deliverTcp, deliverUdp } from '../local-delivery.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import type { PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { receiveIcmp } from './icmp.ts'
import { sendIcmpError } from './icmp-error.ts'
import { defragment } from './reassembly.ts'

export function deliverLocally(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  buffer: PacketBuffer,
  isBroadcast: boolean,
): void {
  if (buffer.packet.moreFragments || buffer.packet.fragmentOffset !== 0) {
    const whole = defragment(sim, netns, buffer.packet)
    if (whole === null) return
    buffer.packet = whole
  }
  if (runHook(sim, netns, 'INPUT', buffer) !== 'ACCEPT') {
    return noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', buffer.packet)
  }
  const quiet = isBroadcast || isMulticast(buffer.packet.destination)
  const taken = deliverRaw(sim, netns, buffer)
  switch (buffer.packet.protocol) {
    case PROTOCOL_ICMP:
      return receiveIcmp(sim, netns, link, buffer, quiet)
    case PROTOCOL_UDP:
      if (deliverUdp(sim, netns, buffer)) return
      if (!quiet) sendIcmpError(sim, netns, buffer.packet, link.ifindex, 3, 3)
      return noteDrop(sim, netns, link.ifindex, 'NO_LISTENER', buffer.packet)
    case PROTOCOL_TCP:
      if (!deliverTcp(sim, netns, buffer)) noteDrop(sim, netns, link.ifindex, 'NO_LISTENER', buffer.packet)
      return
    case PROTOCOL_IGMP:
      return
    default:
      if (taken) return
      if (!quiet) sendIcmpError(sim, netns, buffer.packet, link.ifindex, 3, 2)
      noteDrop(sim, netns, link.ifindex, 'UNKNOWN_PROTOCOL', buffer.packet)
  }
}
