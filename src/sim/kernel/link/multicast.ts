/** The multicast addresses that a device listens to. net/core/dev_addr_lists.c, ip-maddress(8) */
import { multicastMac, solicitedNode } from '../../wire/ipv6-address.ts'
import { multicastMacOf } from '../../wire/mac-address.ts'
import type { Link } from './types.ts'

/** dev->mc: the multicast addresses that the device listens to because of IPv4, IPv6 and bridging. */
export function multicastList(link: Link): string[] {
  if (!link.activated && !link.up) return []
  const macs = link.addresses6.length > 0 || link.up ? ['33:33:00:00:00:01'] : []
  if (link.kind === 'bridge') macs.push('01:00:5e:00:00:6a', '33:33:00:00:00:6a')
  if (link.up) macs.push(multicastMacOf(0xe0000001))
  for (const group of link.groups ?? []) macs.push(multicastMacOf(group))
  for (const own of link.addresses6) {
    const mac = multicastMac(solicitedNode(own.address))
    if (!macs.includes(mac)) macs.push(mac)
  }
  return macs
}

const ALL_HOSTS = 0xe0000001
const ALL_SNOOPERS = 0xe000006a

/** IPv4 groups, newest first: that of all hosts is joined when the device goes up. net/ipv4/igmp.c */
export function ipv4Groups(link: Link): number[] {
  const groups = [...(link.groups ?? [])].reverse()
  if (link.up) groups.push(ALL_HOSTS)
  if (link.kind === 'bridge' && link.activated) groups.push(ALL_SNOOPERS)
  return groups
}

/** IPv6 groups, newest first; `enabled`: disable_ipv6 is not set. net/ipv6/mcast.c */
export function ipv6Groups(link: Link, enabled: boolean): string[] {
  if (!enabled) return []
  const solicited =
    link.kind === 'loopback' ? [] : link.addresses6.map((own) => solicitedNode(own.address)).reverse()
  const snoopers = link.kind === 'bridge' && link.activated ? ['ff02::6a'] : []
  return [...new Set(solicited), ...snoopers, 'ff02::1', 'ff01::1']
}
