/**
 * Address management of IPv6: as that of IPv4, but for pools of one's own and for the last address, which may be given
 * out. libnetwork ipam/allocator.go.
 */
import { ok, type Refusal, type Result, refuse } from '../base/result.ts'
import { containsAddress6, networkOf6, type Prefix6 } from '../kernel/ipv6/prefix.ts'
import { ipv6FromBytes, ipv6ToBytes, parseIpv6 } from '../wire/ipv6-address.ts'
import { macToBytes } from '../wire/mac-address.ts'
import type { AddressPool6, Engine } from './engine.ts'
import type { IpamConfig, Subnet6 } from './network.ts'

/** `fd00::/64`; null where it is none. net.ParseCIDR */
export function parsePrefix6(text: string): Prefix6 | null {
  const [, ip = '', digits = ''] = /^([^/]*:[^/]*)\/(\d{1,3})$/.exec(text) ?? []
  const address = parseIpv6(ip)
  return address === null || Number(digits) > 128 ? null : { address, length: Number(digits) }
}

export function isIpv6Subnet(text: string | null): boolean {
  return text?.includes(':') === true
}

function overlaps(a: Prefix6, b: Prefix6): boolean {
  return containsAddress6({ address: a.address, length: Math.min(a.length, b.length) }, b.address)
}

export function poolOf6(engine: Engine, network: string): AddressPool6 | undefined {
  return engine.ipam6?.find((pool) => pool.network === network)
}

export function releasePool6(engine: Engine, network: string): void {
  if (engine.ipam6 !== undefined) engine.ipam6 = engine.ipam6.filter((pool) => pool.network !== network)
}

/** There are no predefined pools of IPv6: where none is asked for, none is found. */
export function allocateSubnet6(
  engine: Engine,
  network: string,
  config: IpamConfig | undefined,
  isDeferred = false,
): Result<Subnet6> {
  const wanted = config?.subnet == null ? null : parsePrefix6(config.subnet)
  if (config === undefined || wanted === null) {
    const text = 'could not find an available, non-overlapping IPv6 address pool among the defaults'
    return refuse('EXHAUSTED', `${text} to assign to the network`)
  }
  const { length } = wanted
  const address = networkOf6(wanted.address, length)
  if ((engine.ipam6 ?? []).some((pool) => overlaps(pool, { address, length })))
    return refuse('EEXIST', 'Pool overlaps with other one on this address space')
  const pool: AddressPool6 = { network, address, length, taken: new Set([address]) }
  const subnet = describe(pool, config, isDeferred)
  const reserved = reserve(pool, subnet, config)
  if (!reserved.ok) return reserved
  engine.ipam6 = [...(engine.ipam6 ?? []), pool]
  return ok(subnet)
}

function describe(pool: AddressPool6, config: IpamConfig, isDeferred: boolean): Subnet6 {
  const { address, length } = pool
  const given = config.ipRange === null ? null : parsePrefix6(config.ipRange)
  const range =
    given === null
      ? { address, length }
      : { address: networkOf6(given.address, given.length), length: given.length }
  const gateway = config.gateway === null ? null : parseIpv6(config.gateway.split('/')[0] ?? '')
  const first = pool.taken.has(range.address) ? next(range.address) : range.address
  return { address, length, gateway: gateway ?? first, range, isDeferred }
}

function reserve(pool: AddressPool6, subnet: Subnet6, config: IpamConfig): Result<void> {
  const gateway = requestThisAddress6(pool, subnet.gateway)
  if (!gateway.ok) {
    const why =
      config.gateway === null ? 'No available addresses on this pool' : refusedAddress(gateway.error)
    return refuse('EINVAL', `failed to allocate gateway (${config.gateway ?? ''}): ${why}`)
  }
  for (const [name, text] of Object.entries(config.auxiliary ?? {})) {
    const reserved = requestThisAddress6(pool, parseIpv6(text) ?? '')
    if (reserved.ok) continue
    const why = refusedAddress(reserved.error)
    return refuse('EINVAL', `failed to allocate secondary ip address (${name}:${text}): ${why}`)
  }
  return ok(undefined)
}

function refusedAddress(error: Refusal): string {
  return error.code === 'TAKEN' ? 'Address already in use' : 'Requested address is out of range'
}

function next(address: string): string {
  const bytes = ipv6ToBytes(address)
  for (let i = 15; i >= 0; i--) {
    bytes[i] = (bytes[i]! + 1) & 255
    if (bytes[i] !== 0) break
  }
  return ipv6FromBytes(bytes)
}

function isBefore(a: string, b: string): boolean {
  const [left, right] = [ipv6ToBytes(a), ipv6ToBytes(b)]
  const at = left.findIndex((byte, i) => byte !== right[i])
  return at >= 0 && left[at]! < right[at]!
}

function requestThisAddress6(pool: AddressPool6, address: string): Result<string> {
  if (address === '' || !containsAddress6(pool, address)) return refuse('OUTSIDE')
  if (pool.taken.has(address)) return refuse('TAKEN')
  pool.taken.add(address)
  return ok(address)
}

function requestAddress6(pool: AddressPool6, range: Prefix6): Result<string> {
  let address = pool.hint?.from === range.address ? pool.hint.free : range.address
  for (; containsAddress6(range, address); address = next(address)) {
    if (pool.taken.has(address)) continue
    pool.taken.add(address)
    pool.hint = { from: range.address, free: next(address) }
    return ok(address)
  }
  return refuse('EXHAUSTED')
}

export function releaseAddress6(pool: AddressPool6, address: string): void {
  if (address === pool.address) return
  pool.taken.delete(address)
  const { hint } = pool
  if (hint !== undefined && isBefore(address, hint.free) && !isBefore(address, hint.from))
    pool.hint = { from: hint.from, free: address }
}

/** An endpoint's address: the one asked for, one made from `mac`, or the lowest that is free. */
export function endpointAddress6(
  pool: AddressPool6,
  subnet: Subnet6,
  wanted: string | null,
  mac: string,
  networkName: string,
): Result<string> {
  const own = wanted ?? (subnet.isDeferred && subnet.length <= 80 ? addressOfMac(subnet, mac) : null)
  const result = own === null ? requestAddress6(pool, subnet.range) : requestThisAddress6(pool, own)
  if (result.ok) return result
  const { code } = result.error
  if (code === 'TAKEN') return refuse(code, 'Address already in use')
  if (code === 'OUTSIDE')
    return refuse(code, `Invalid address ${own}: It does not belong to any of this network's subnets`)
  const text = `no available IPv6 addresses on this network's address pools: ${networkName} (${pool.network})`
  return refuse(code, text)
}

/** The last 48 bits are those of the MAC address. drivers/bridge `CreateEndpoint` */
function addressOfMac(subnet: Prefix6, mac: string): string {
  const bytes = ipv6ToBytes(subnet.address)
  bytes.set(macToBytes(mac), 10)
  return ipv6FromBytes(bytes)
}
