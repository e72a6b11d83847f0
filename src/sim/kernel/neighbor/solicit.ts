/** ARP requests, and which question an entry asks. RFC 826, net/ipv4/arp.c arp_solicit, arp_send; RFC 5227 for announcements. */

import { BROADCAST_MAC, ETHERTYPE_ARP, type MacAddress, NULL_MAC } from '../../wire/frame.ts'
import { isLocalAddress } from '../ip/fib.ts'
import { addressOf } from '../ip/source-address.ts'
import { askNeighbor } from '../ipv6/transmit.ts'
import { transmitFrame } from '../link/transmit.ts'
import type { Link } from '../link/types.ts'
import type { NeighborEntry, NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deviceSettings, neighborSettings } from '../sysctl/settings.ts'

/** Who has `target`? `to` null: asks everyone. */
export function sendArpRequest(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  target: number,
  source: number = addressOf(link, target) ?? 0,
  to: MacAddress | null = null,
): void {
  if (!link.arp) return
  transmitFrame(sim, netns, link, {
    destination: to ?? BROADCAST_MAC,
    source: link.mac,
    etherType: ETHERTYPE_ARP,
    payload: {
      kind: 'arp',
      operation: 'request',
      senderMac: link.mac,
      senderIp: source,
      targetMac: to ?? NULL_MAC,
      targetIp: target,
    },
  })
}

/** One more question about an entry: to its known address first, to everyone when that is used up. */
export function solicit(sim: Simulation, netns: NetNamespace, entry: NeighborEntry): void {
  const link = netns.links.get(entry.ifindex)
  if (link === undefined) return
  const settings = neighborSettings(netns, entry.ifindex, entry.address)
  const isUnicast = entry.probes < settings.unicastSolicit && entry.mac !== null
  entry.probes++
  const first = entry.waiting[0]?.source ?? null
  if (typeof entry.address === 'string') {
    const asker = typeof first === 'string' ? first : null
    return askNeighbor(sim, netns, link, entry.address, asker, isUnicast ? entry.mac : null)
  }
  const announce = Math.max(deviceSettings(netns, entry.ifindex).arpAnnounce, netns.settings.all.arpAnnounce)
  const asker = typeof first === 'number' ? first : 0
  const ownAsker = announce === 0 && asker !== 0 && isLocalAddress(netns, asker)
  const source = ownAsker ? asker : (addressOf(link, entry.address) ?? 0)
  sendArpRequest(sim, netns, link, entry.address, source, isUnicast ? entry.mac : null)
}

/** inetdev_send_gratuitous_arp: says one's own address to everyone. */
export function sendGratuitousArp(sim: Simulation, netns: NetNamespace, link: Link, address: number): void {
  sendArpRequest(sim, netns, link, address, address)
}
