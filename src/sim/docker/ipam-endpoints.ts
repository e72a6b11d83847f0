/** Addresses of endpoints in both families. libnetwork endpoint.go `assignAddress`, `releaseAddress` */
import { ok, type Result, refuse } from '../base/result.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine } from './engine.ts'
import { endpointAddress, poolOf, poolWith, releaseAddress } from './ipam.ts'
import { endpointAddress6, poolOf6, releaseAddress6 } from './ipam6.ts'
import type { Network, Subnet } from './network.ts'

/** What an endpoint has of IPv6; nothing on a network without it. */
export function ipv6OfEndpoint(
  engine: Engine,
  network: Network,
  wanted: string | null,
  mac: string,
): Result<Pick<Endpoint, 'address6' | 'length6' | 'gateway6'>> {
  const pool = poolOf6(engine, network.id)
  const { subnet6 } = network
  if (subnet6 == null || pool === undefined) return ok({})
  const asked = wanted === null ? null : parseIpv6(wanted)
  const address = endpointAddress6(pool, subnet6, asked, mac, network.name)
  if (!address.ok) return address
  return ok({ address6: address.value, length6: subnet6.length, gateway6: subnet6.gateway })
}

export function releaseAddresses(
  engine: Engine,
  network: Network,
  address: number | null,
  address6: string | undefined,
): void {
  const pool = address === null ? undefined : poolWith(engine.ipam, network.id, address)
  if (pool !== undefined && address !== null) releaseAddress(pool, address)
  const pool6 = poolOf6(engine, network.id)
  if (pool6 !== undefined && address6 !== undefined) releaseAddress6(pool6, address6)
}

/** An address of the network's pool that it is in, or of the first that has one left. endpoint.go `assignAddressVersion` */
export function ipv4OfEndpoint(
  engine: Engine,
  network: Network,
  wanted: number | null,
): Result<{ readonly address: number; readonly subnet: Subnet }> {
  const { subnet } = network
  if (subnet === null) return refuse('ENOENT', 'no address pool')
  const subnets = [subnet, ...(network.moreSubnets ?? [])]
  let refused: Result<number> = refuse('ENOENT', 'no address pool')
  for (const one of subnets) {
    const pool = poolWith(engine.ipam, network.id, one.address) ?? poolOf(engine.ipam, network.id)
    if (pool === undefined) continue
    const address = endpointAddress(pool, one, wanted, network.name)
    if (address.ok) return ok({ address: address.value, subnet: one })
    refused = address
    if (address.error.code === 'TAKEN') break
  }
  return refused.ok ? refuse('ENOENT') : refused
}
