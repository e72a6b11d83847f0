/** What every device starts with. include/linux/netdevice.h: alloc_netdev_mqs, ether_setup. */
import { nextUint32, type RandomState } from '../../base/random.ts'
import { macFromBytes } from '../../wire/mac-address.ts'
import type { LinkAttributes, LinkStatistics } from '../link/types.ts'

export interface AttributeSpec {
  readonly ifindex: number
  readonly name: string
  readonly mac: string
  readonly mtu: number
  readonly qdisc: string
  readonly txQueueLength?: number
}

export function attributes(spec: AttributeSpec): LinkAttributes {
  return {
    ifindex: spec.ifindex,
    name: spec.name,
    mac: spec.mac,
    mtu: spec.mtu,
    up: false,
    arp: true,
    promiscuous: false,
    allMulticast: false,
    multicast: true,
    txQueueLength: spec.txQueueLength ?? 1000,
    qdisc: spec.qdisc,
    activated: false,
    group: 0,
    alias: null,
    master: null,
    port: null,
    addresses: [],
    addresses6: [],
    statistics: emptyStatistics(),
    promiscuity: 0,
    lastDeliveryUs: 0,
    generation6: 0,
    uppers: null,
  }
}

export function emptyStatistics(): LinkStatistics {
  return {
    rxBytes: 0,
    rxPackets: 0,
    rxErrors: 0,
    rxDropped: 0,
    rxMulticast: 0,
    txBytes: 0,
    txPackets: 0,
    txErrors: 0,
    txDropped: 0,
    txCarrier: 0,
    collisions: 0,
  }
}

/** eth_random_addr: locally administered, not multicast. */
export function randomMac(random: RandomState): string {
  const bytes = new Uint8Array(6)
  const words = [nextUint32(random), nextUint32(random)]
  for (let i = 0; i < 6; i++) bytes[i] = (words[i >> 2]! >>> (8 * (i & 3))) & 0xff
  bytes[0] = (bytes[0]! & 0xfe) | 0x02
  return macFromBytes(bytes)
}
