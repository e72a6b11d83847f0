/** IPv6 packets for this host: whole again, INPUT, then to whoever wants them. net/ipv6/ip6_input.c ip6_input */
import { PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from '../../wire/frame.ts'
import { ICMPV6_PARAMETER_PROBLEM, ICMPV6_UNREACHABLE } from '../../wire/icmpv6.ts'
import { IPV6_HEADER_LENGTH, upperProtocol } from '../../wire/ipv6.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import type { Link } from '../link/types.ts'
import { deliverRaw, deliverTcp, deliverUdp } from '../local-delivery.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { runHook } from '../netfilter/hooks.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { defragment6 } from './fragment.ts'
import { receiveIcmpv6 } from './icmp.ts'
import { sendIcmpv6Error } from './icmp-error.ts'
import type { Buffer6 } from './output.ts'

const NO_NEXT_HEADER = 59
const PORT_UNREACHABLE = 4
const UNKNOWN_NEXT_HEADER = 1
/** Where the next header field stands. */
const NEXT_HEADER_AT = IPV6_HEADER_LENGTH - 34

export function deliverLocally6(sim: Simulation, netns: NetNamespace, link: Link, buffer: Buffer6): void {
  if (buffer.packet.fragment !== undefined) {
    const whole = defragment6(sim, netns, buffer.packet)
    if (whole === null) return
    buffer.packet = whole
  }
  if (runHook(sim, netns, 'INPUT', buffer) !== 'ACCEPT')
    return noteDrop(sim, netns, link.ifindex, 'NETFILTER_DROP', buffer.packet)
  const packet = buffer.packet
  const quiet = isMulticast6(packet.destination)
  const taken = deliverRaw(sim, netns, buffer)
  switch (upperProtocol(packet)) {
    case PROTOCOL_ICMPV6:
      return receiveIcmpv6(sim, netns, link, buffer)
    case PROTOCOL_UDP:
      if (deliverUdp(sim, netns, buffer)) return
      if (!quiet) sendIcmpv6Error(sim, netns, packet, ICMPV6_UNREACHABLE, PORT_UNREACHABLE, 0, link.ifindex)
      return noteDrop(sim, netns, link.ifindex, 'NO_LISTENER', packet)
    case PROTOCOL_TCP:
      if (!deliverTcp(sim, netns, buffer)) noteDrop(sim, netns, link.ifindex, 'NO_LISTENER', packet)
      return
    default:
      if (taken || packet.nextHeader === NO_NEXT_HEADER) return
      sendIcmpv6Error(
        sim,
        netns,
        packet,
        ICMPV6_PARAMETER_PROBLEM,
        UNKNOWN_NEXT_HEADER,
        NEXT_HEADER_AT,
        link.ifindex,
      )
      noteDrop(sim, netns, link.ifindex, 'UNKNOWN_PROTOCOL', packet)
  }
}
