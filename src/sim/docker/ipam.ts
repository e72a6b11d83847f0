/**
 * Address management: pools for networks, addresses for endpoints. libnetwork ipam/allocator.go, ipamutils/utils.go,
 * network.go (`requestPoolHelper`). Pools are sought round-robin up to 26.1, addresses are always the lowest free.
 */
import { ok, type Refusal, type Result, refuse } from '../base/result.ts'
import type { Prefix } from '../kernel/net-namespace.ts'
import { broadcastOf, formatIpv4, networkOf } from '../wire/ipv4-address.ts'
import type { AddressPool, AddressSpace } from './engine.ts'
import type { Subnet } from './network.ts'

/** 172.17/16 … 172.31/16, then 192.168.0.0/20 … 192.168.240.0/20. */
export const predefinedPools: readonly Prefix[] = [
  ...Array.from({ length: 15 }, (_, i) => ({ address: (0xac110000 + i * 0x10000) >>> 0, length: 16 })),
  ...Array.from({ length: 16 }, (_, i) => ({ address: (0xc0a80000 + i * 0x1000) >>> 0, length: 20 })),
]

export function createAddressSpace(): AddressSpace {
  return { pools: [], nextPredefined: 0 }
}

export function overlaps(a: Prefix, b: Prefix): boolean {
  const length = Math.min(a.length, b.length)
  return networkOf(a.address, length) === networkOf(b.address, length)
}

/** The next predefined pool that neither a network nor `busy` (host routes, name servers) holds. */
export function requestPredefinedPool(
  space: AddressSpace,
  network: string,
  busy: readonly Prefix[],
): Result<AddressPool> {
  const pools = space.predefined ?? predefinedPools
  const count = pools.length
  const start = space.nextPredefined
  for (let i = 0; i < count; i++) {
    const index = (start + i) % count
    const candidate = pools[index]!
    if (space.pools.some((pool) => overlaps(pool, candidate))) continue
    space.nextPredefined = (index + 1) % count
    if (busy.some((prefix) => overlaps(prefix, candidate))) continue
    return ok(addPool(space, network, candidate))
  }
  return refuse(
    'EXHAUSTED',
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  )
}

/** A pool that was asked for by `--subnet`: host routes are not looked at. */
export function requestPool(space: AddressSpace, network: string, wanted: Prefix): Result<AddressPool> {
  const prefix = { address: networkOf(wanted.address, wanted.length), length: wanted.length }
  if (space.pools.some((pool) => overlaps(pool, prefix)))
    return refuse('EEXIST', 'Pool overlaps with other one on this address space')
  return ok(addPool(space, network, prefix))
}

/** The network's and the broadcast address are never given out. */
function addPool(space: AddressSpace, network: string, prefix: Prefix): AddressPool {
  const taken = new Set([prefix.address, broadcastOf(prefix.address, prefix.length)])
  const pool: AddressPool = { network, address: prefix.address, length: prefix.length, taken }
  space.pools.push(pool)
  return pool
}

export function releasePool(space: AddressSpace, network: string): void {
  space.pools = space.pools.filter((pool) => pool.network !== network)
}

export function poolOf(space: AddressSpace, network: string): AddressPool | undefined {
  return space.pools.find((pool) => pool.network === network)
}

/** The network's pool that an address is in. */
export function poolWith(space: AddressSpace, network: string, address: number): AddressPool | undefined {
  return space.pools.find((pool) => pool.network === network && contains(pool, address))
}

/** The lowest free address of `range`, or `EXHAUSTED`. */
export function requestAddress(pool: AddressPool, range: Prefix): Result<number> {
  const last = broadcastOf(range.address, range.length)
  const known = pool.hint?.from === range.address ? pool.hint.free : range.address
  for (let address = known; address <= last; address++) {
    if (pool.taken.has(address)) continue
    pool.taken.add(address)
    pool.hint = { from: range.address, free: address + 1 }
    return ok(address)
  }
  return refuse('EXHAUSTED')
}

export function requestThisAddress(pool: AddressPool, address: number): Result<number> {
  if (!contains(pool, address)) return refuse('OUTSIDE')
  if (pool.taken.has(address)) return refuse('TAKEN')
  pool.taken.add(address)
  return ok(address)
}

export function releaseAddress(pool: AddressPool, address: number): void {
  if (address === pool.address || address === broadcastOf(pool.address, pool.length)) return
  pool.taken.delete(address)
  if (pool.hint !== undefined && address < pool.hint.free && address >= pool.hint.from)
    pool.hint = { from: pool.hint.from, free: address }
}

export function contains(prefix: Prefix, address: number): boolean {
  return networkOf(address, prefix.length) === networkOf(prefix.address, prefix.length)
}

/** An endpoint's address: the one asked for, or the lowest free one; refusals in the daemon's words. */
export function endpointAddress(
  pool: AddressPool,
  subnet: Subnet,
  wanted: number | null,
  networkName: string,
): Result<number> {
  const result = wanted === null ? requestAddress(pool, subnet.range) : requestThisAddress(pool, wanted)
  return result.ok ? result : { ok: false, error: worded(result.error, pool, wanted, networkName) }
}

function worded(error: Refusal, pool: AddressPool, wanted: number | null, networkName: string): Refusal {
  const detail =
    error.code === 'TAKEN'
      ? 'Address already in use'
      : error.code === 'OUTSIDE'
        ? `Invalid address ${formatIpv4(wanted ?? 0)}: It does not belong to any of this network's subnets`
        : `no available IPv4 addresses on this network's address pools: ${networkName} (${pool.network})`
  return { code: error.code, detail }
}
