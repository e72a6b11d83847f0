/** What both `arp`s read and write: the ARP table as the old calls see it. net/ipv4/arp.c arp_ioctl */
import type { ArpRow } from '../../render/net-tools/arp.ts'
import { type Result, refuse } from '../../sim/base/result.ts'
import { matchTable } from '../../sim/kernel/ip/fib.ts'
import { deleteNeighbor, setNeighbor } from '../../sim/kernel/netlink/neighbor.ts'
import { arpEntries, arpFlags } from '../../sim/kernel/netlink/proc-net.ts'
import type { CommandContext } from '../context.ts'

export function arpRows({ netns }: Pick<CommandContext, 'netns'>): ArpRow[] {
  return arpEntries(netns).map((entry) => ({
    address: entry.address,
    mac: entry.mac,
    device: netns.links.get(entry.ifindex)?.name ?? '*',
    complete: (arpFlags(entry) & 2) !== 0,
    permanent: (arpFlags(entry) & 4) !== 0,
    proxy: entry.isProxy,
  }))
}

/** The device on whose link the address is: a route without gateway. */
function deviceFor({ netns }: Pick<CommandContext, 'netns'>, address: number): number | null {
  const table = netns.fib.tables.get(254)
  const route = table === undefined ? null : matchTable(table, address, null)
  return route === null || route.gateway !== null ? null : route.ifindex
}

export function setArp(
  context: CommandContext,
  address: number,
  mac: string,
  temporary: boolean,
): Result<unknown> {
  if (!context.process.capabilities.has('NET_ADMIN')) return refuse('EPERM')
  const ifindex = deviceFor(context, address)
  if (ifindex === null) return refuse('ENETUNREACH')
  return setNeighbor(context.world, context.netns, {
    ifindex,
    address,
    mac,
    state: temporary ? 'REACHABLE' : 'PERMANENT',
  })
}

export function deleteArp(context: CommandContext, address: number): Result<unknown> {
  if (!context.process.capabilities.has('NET_ADMIN')) return refuse('EPERM')
  const ifindex = deviceFor(context, address)
  if (ifindex === null) return refuse('ENETUNREACH')
  return deleteNeighbor(context.netns, ifindex, address)
}
