/** REJECT of IPv6 packets. net/ipv6/netfilter/nf_reject_ipv6.c */
import { type Ipv6Packet, PROTOCOL_ICMPV6 } from '../../wire/frame.ts'
import { ICMPV6_UNREACHABLE, isIcmpv6Error } from '../../wire/icmpv6.ts'
import { icmpv6Error } from '../../wire/icmpv6-error.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import { isLocalAddress6 } from '../ipv6/fib.ts'
import { sendIpv6 } from '../ipv6/output.ts'
import { resetFor } from '../tcp/reset.ts'
import type { Scan } from './match.ts'
import { flowBack } from './reject.ts'

/** Names of `--reject-with` by the code of ICMPv6's destination unreachable. */
export const REJECT_CODES6: ReadonlyMap<string, number> = new Map([
  ['icmp6-no-route', 0],
  ['icmp6-adm-prohibited', 1],
  ['icmp6-addr-unreachable', 3],
  ['icmp6-port-unreachable', 4],
  ['icmp6-policy-fail', 5],
  ['icmp6-reject-route', 6],
])

export function reject6(scan: Scan, packet: Ipv6Packet, kind: string): void {
  if (packet.source === '::' || isMulticast6(packet.source) || isMulticast6(packet.destination)) return
  if ((packet.fragment?.offset ?? 0) > 0) return
  const answer = kind === 'tcp-reset' ? resetFor(packet) : unreachable(scan, packet, kind)
  if (answer !== null) sendIpv6(scan.sim, scan.netns, answer, flowBack(scan))
}

function unreachable(scan: Scan, packet: Ipv6Packet, kind: string): Ipv6Packet | null {
  if (packet.payload.kind === 'icmpv6' && isIcmpv6Error(packet.payload.type)) return null
  const code = REJECT_CODES6.get(kind) ?? 4
  return {
    kind: 'ipv6',
    source: isLocalAddress6(scan.netns, packet.destination) ? packet.destination : '::',
    destination: packet.source,
    hopLimit: 64,
    nextHeader: PROTOCOL_ICMPV6,
    payload: icmpv6Error(ICMPV6_UNREACHABLE, code, 0, packet),
  }
}
