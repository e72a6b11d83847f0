/** What ends masqueraded flows early. net/netfilter/nf_nat_masquerade.c */
import type { IpAddress } from '../../wire/frame.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { deleteConnection } from './conntrack.ts'

/** MASQUERADE's flows end with the device they left by. */
export function onDeviceDown(_sim: Simulation, netns: NetNamespace, ifindex: number): void {
  for (const connection of netns.conntrack.connections.values())
    if (connection.masqueradeIfindex === ifindex) deleteConnection(netns.conntrack, connection)
}

/** So do those that were given an address which is now taken away (masq_inet_event). */
export function onAddressGone(netns: NetNamespace, address: IpAddress): void {
  for (const connection of netns.conntrack.connections.values())
    if (connection.masqueradeIfindex !== null && connection.reply.destination === address)
      deleteConnection(netns.conntrack, connection)
}
