/** `-m addrtype`: what an address is to this namespace, by its local routing table. net/netfilter/xt_addrtype.c. */
import type { IpAddress } from '../../wire/frame.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { isMulticast6 } from '../../wire/ipv6-address.ts'
import { fibLookup6 } from '../ipv6/fib.ts'
import type { NetNamespace, Route } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { AddressType, Match, Negatable } from './types.ts'

const LOCAL_TABLE = 255

/** inet_addr_type: the local table alone decides; what is not in it is an ordinary address. */
export function addressType(
  netns: NetNamespace,
  address: IpAddress,
  device: number | null = null,
): AddressType {
  if (typeof address === 'string') return addressType6(netns, address, device)
  if (address >>> 24 === 0 || address === 0xffffffff) return 'BROADCAST'
  if (isMulticast(address)) return 'MULTICAST'
  const route = localRoute(netns, address)
  if (route === undefined || (device !== null && route.ifindex !== device)) return 'UNICAST'
  if (route.type === 'local') return 'LOCAL'
  return route.type === 'broadcast' ? 'BROADCAST' : 'UNICAST'
}

/** match_lookup_rt6: the whole look-up decides. */
function addressType6(netns: NetNamespace, address: string, device: number | null): AddressType {
  if (isMulticast6(address)) return 'MULTICAST'
  const found = fibLookup6(netns, { destination: address }, device)
  if (typeof found === 'string') return found === 'EACCES' ? 'PROHIBIT' : 'UNREACHABLE'
  if (found.type === 'local') return 'LOCAL'
  return found.type === 'anycast' ? 'ANYCAST' : 'UNICAST'
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
  buffer: IpBuffer,
  match: Extract<Match, { kind: 'addrtype' }>,
): boolean {
  const device = match.limitIn ? buffer.input : match.limitOut ? buffer.output : null
  const fits = (address: IpAddress, wanted: Negatable<readonly AddressType[]>) =>
    wanted.value.includes(addressType(netns, address, device)) !== wanted.not
  if (match.source !== null && !fits(buffer.packet.source, match.source)) return false
  return match.destination === null || fits(buffer.packet.destination, match.destination)
}
