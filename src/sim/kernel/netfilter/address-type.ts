/** `-m addrtype`: what an address is to this namespace, by its local routing table. net/netfilter/xt_addrtype.c. */
import { isMulticast } from '../../wire/ipv4-address.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { PacketBuffer } from '../packet-buffer.ts'
import type { AddressType, Match, Negatable } from './types.ts'

const LOCAL_TABLE = 255

/** inet_addr_type: the local table alone decides; what is not in it is an ordinary address. */
export function addressType(netns: NetNamespace, address: number, device: number | null = null): AddressType {
  if (address >>> 24 === 0 || address === 0xffffffff) return 'BROADCAST'
  if (isMulticast(address)) return 'MULTICAST'
  const route = localRoute(netns, address)
  if (route === undefined || (device !== null && route.ifindex !== device)) return 'UNICAST'
  if (route.type === 'local') return 'LOCAL'
  return route.type === 'broadcast' ? 'BROADCAST' : 'UNICAST'
}

function localRoute(netns: NetNamespace, address: number): Route | undefined {
  const table = netns.fib.tables.get(LOCAL_TABLE)
  if (table === undefined) return undefined
  let best: Route | undefined
  let bestLength = -1
  for (const [length, routes] of table.byLength) {
    if (length <= bestLength) continue
    const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
    const found = routes.get((address & mask) >>> 0)?.[0]
    if (found === undefined) continue
    best = found
    bestLength = length
  }
  return best
}

export function addressTypeMatches(
  netns: NetNamespace,
  buffer: PacketBuffer,
  match: Extract<Match, { kind: 'addrtype' }>,
): boolean {
  const device = match.limitIn ? buffer.input : match.limitOut ? buffer.output : null
  const fits = (address: number, wanted: Negatable<readonly AddressType[]>) =>
    wanted.value.includes(addressType(netns, address, device)) !== wanted.not
  if (match.source !== null && !fits(buffer.packet.source, match.source)) return false
  return match.destination === null || fits(buffer.packet.destination, match.destination)
}
