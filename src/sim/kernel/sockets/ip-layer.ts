/** What sockets ask of the IP layer, whichever family the address is of. */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IpAddress, IpPacket, Ipv4Packet, Ipv6Packet } from '../../wire/frame.ts'
import { lookupRoute } from '../ip/fib.ts'
import { type SendOptions, sendIpv4 } from '../ip/output.ts'
import { lookupRoute6 } from '../ipv6/fib.ts'
import { sendIpv6 } from '../ipv6/output.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { newIdentification } from './identification.ts'

export { lookupRoute, sendIpv4, sendIpv6 }

/** `source` 0: none yet. */
export interface IpQuery {
  readonly destination: IpAddress
  readonly source?: IpAddress
  readonly mark?: number
  readonly outputIfindex?: number
}

export interface IpWay {
  readonly device: number
  readonly source: IpAddress
  /** What the route says of its MTU. */
  readonly mtu: number | null
  readonly isBroadcast: boolean
}

export function lookupIp(netns: NetNamespace, query: IpQuery): Result<IpWay> {
  const { destination, source = 0, ...rest } = query
  if (typeof destination === 'string') {
    if (typeof source === 'number' && source !== 0) return refuse('EINVAL')
    const found = lookupRoute6(netns, {
      destination,
      ...rest,
      ...(typeof source === 'string' ? { source } : {}),
    })
    if (!found.ok) return found
    const { device, route, source: own } = found.value
    return ok({ device, source: own, mtu: route.mtu, isBroadcast: false })
  }
  if (typeof source === 'string') return refuse('ENETUNREACH')
  const found = lookupRoute(netns, { destination, source, ...rest })
  if (!found.ok) return found
  const { device, route, source: own } = found.value
  return ok({ device, source: own, mtu: route.mtu, isBroadcast: route.type === 'broadcast' })
}

/** ip_route_connect: asked again with the source address that was chosen, as rules may look at it; not so in IPv6. */
export function lookupConnect(netns: NetNamespace, query: IpQuery): Result<IpWay> {
  const found = lookupIp(netns, query)
  if (!found.ok || (query.source ?? 0) !== 0 || typeof found.value.source === 'string') return found
  if (found.value.source === 0) return found
  return lookupIp(netns, { ...query, source: found.value.source })
}

export interface Datagram {
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly protocol: number
  readonly ttl: number
  readonly tos: number
  readonly dontFragment: boolean
  readonly payload: IpPacket['payload']
}

/** Headers as the socket's options ask for them. */
export function sendDatagram(
  sim: Simulation,
  netns: NetNamespace,
  datagram: Datagram,
  options: SendOptions = {},
): Result<void> {
  const { source, destination, protocol, ttl, tos, payload, dontFragment } = datagram
  if (typeof destination === 'string') {
    const packet: Ipv6Packet = {
      kind: 'ipv6',
      source: typeof source === 'string' ? source : '::',
      destination,
      hopLimit: ttl,
      nextHeader: protocol,
      ...(tos === 0 ? {} : { trafficClass: tos }),
      payload: payload as Ipv6Packet['payload'],
    }
    return sendIpv6(sim, netns, packet, options)
  }
  return sendIpv4(
    sim,
    netns,
    {
      kind: 'ipv4',
      source: typeof source === 'number' ? source : 0,
      destination,
      ttl,
      protocol,
      tos,
      identification: newIdentification(sim),
      dontFragment,
      moreFragments: false,
      fragmentOffset: 0,
      options: null,
      payload: payload as Ipv4Packet['payload'],
    },
    options,
  )
}
