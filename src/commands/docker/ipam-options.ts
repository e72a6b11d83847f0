/** `--subnet`, `--gateway`, `--ip-range`, `--aux-address` put together. docker/cli cli/command/network/create.go `consolidateIpam` (20.10) */
import { parsePrefix6 } from '../../sim/docker/ipam6.ts'
import type { IpamConfig } from '../../sim/docker/network.ts'
import { containsAddress6 } from '../../sim/kernel/ipv6/prefix.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { parseIp } from '../../sim/wire/ip-address.ts'
import { contains, parsePrefix } from '../../sim/wire/ipv4-address.ts'
import type { FlagValues } from './flags.ts'
import { pairs } from './parse-run.ts'
import { Refused } from './spec.ts'

interface Block {
  readonly text: string
  readonly address: IpAddress
  holds(address: IpAddress | null): boolean
}

/** net.ParseCIDR; null where it is none. */
function block(text: string): Block | null {
  const plain = text.includes('/') ? parsePrefix(text) : null
  if (plain !== null)
    return {
      text,
      address: plain.address,
      holds: (address) => typeof address === 'number' && contains(plain, address),
    }
  const own = parsePrefix6(text)
  if (own === null) return null
  return {
    text,
    address: own.address,
    holds: (address) => typeof address === 'string' && containsAddress6(own, address),
  }
}

export function consolidated(flags: FlagValues): IpamConfig[] {
  const subnets = flags.list('subnet')
  const ranges = flags.list('ip-range')
  const gateways = flags.list('gateway')
  if (subnets.length < ranges.length || subnets.length < gateways.length)
    throw new Refused('every ip-range or gateway must have a corresponding subnet')
  const blocks = subnets.map(block)
  checkOverlaps(blocks)
  const ownerOf = (address: IpAddress | null, what: string): string => {
    const owner = blocks.find((one) => one?.holds(address) === true)
    if (owner == null) throw new Refused(`no matching subnet for ${what}`)
    return owner.text
  }
  const rangeOf = new Map(
    ranges.map((text) => [ownerOf(block(text)?.address ?? parseIp(text), `range ${text}`), text]),
  )
  const gatewayOf = new Map(gateways.map((text) => [ownerOf(parseIp(text), `gateway ${text}`), text]))
  const auxiliaryOf = new Map<string, Record<string, string>>()
  for (const [name, text] of Object.entries(pairs(flags.list('aux-address')))) {
    const owner = ownerOf(parseIp(text), `aux-address ${text}`)
    auxiliaryOf.set(owner, { ...auxiliaryOf.get(owner), [name]: text })
  }
  return subnets.map((subnet) => ({
    subnet,
    ipRange: rangeOf.get(subnet) ?? null,
    gateway: gatewayOf.get(subnet) ?? null,
    auxiliary: auxiliaryOf.get(subnet) ?? null,
  }))
}

function checkOverlaps(blocks: readonly (Block | null)[]): void {
  blocks.forEach((one, i) => {
    const others = blocks.slice(0, i)
    if (
      one !== null &&
      others.some((other) => other?.holds(one.address) || one.holds(other?.address ?? null))
    )
      throw new Refused('multiple overlapping subnet configuration is not supported')
  })
}
