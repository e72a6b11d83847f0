/** What sockets ask of the IP layer, in one place. */
import type { Result } from '../../base/result.ts'
import { type FoundRoute, lookupRoute, type RouteQuery } from '../ip/fib.ts'
import type { NetNamespace } from '../net-namespace.ts'

export { sendIpv4 } from '../ip/output.ts'
export { lookupRoute }

/** ip_route_connect: asked again with the source address that was chosen, as rules may look at it. */
export function lookupConnect(netns: NetNamespace, query: RouteQuery): Result<FoundRoute> {
  const found = lookupRoute(netns, query)
  if (!found.ok || (query.source ?? 0) !== 0 || found.value.source === 0) return found
  return lookupRoute(netns, { ...query, source: found.value.source })
}
