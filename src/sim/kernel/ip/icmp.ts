/** ICMP messages for this host. RFC 792, RFC 1122 §3.2.2, net/ipv4/icmp.c. Not modelled: timestamps, address masks. */
import type { IcmpMessage, Ipv4Packet } from '../../wire/frame.ts'
import { ICMP_ECHO_REPLY, ICMP_ECHO_REQUEST, ICMP_UNREACHABLE, isIcmpError } from '../../wire/icmp.ts'
import type { Link } from '../link/types.ts'
import { deliverIcmpError } from '../local-delivery.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop, noteStep } from '../trace-notes.ts'
import { sendIpv4 } from './output.ts'
import { learnPathMtu } from './path-mtu.ts'

/** `quiet`: it was sent to a broadcast or multicast address. */
export function receiveIcmp(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  buffer: PacketBuffer,
  quiet: boolean,
): void {
  const packet = buffer.packet
  const message = packet.payload
  if (message.kind !== 'icmp') return noteDrop(sim, netns, link.ifindex, 'PARSE_ERROR', packet)
  noteStep(sim, netns, link.ifindex, { kind: 'deliver', packet, socket: null })
  if (message.type === ICMP_ECHO_REQUEST) return echo(sim, netns, buffer, message, quiet)
  if (!isIcmpError(message.type) || message.original === null) return
  if (message.type === ICMP_UNREACHABLE && message.code === 4) {
    learnPathMtu(sim, netns, message.original.destination, message.mtu)
  }
  deliverIcmpError(sim, netns, packet)
}

function echo(
  sim: Simulation,
  netns: NetNamespace,
  buffer: PacketBuffer,
  message: IcmpMessage,
  quiet: boolean,
): void {
  const settings = netns.settings
  if (settings.echoIgnoreAll !== 0 || (quiet && settings.echoIgnoreBroadcasts !== 0)) return
  const request = buffer.packet
  const reply: Ipv4Packet = {
    kind: 'ipv4',
    source: quiet ? 0 : request.destination,
    destination: request.source,
    ttl: settings.defaultTtl,
    protocol: request.protocol,
    tos: request.tos,
    identification: 0,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload: {
      kind: 'icmp',
      type: ICMP_ECHO_REPLY,
      code: 0,
      identifier: message.identifier,
      sequence: message.sequence,
      mtu: 0,
      original: null,
      data: message.data,
    },
  }
  sendIpv4(sim, netns, reply)
}
