/** Which of a host's IPv6 addresses a packet leaves with. RFC 6724 §5, net/ipv6/addrconf.c ipv6_dev_get_saddr */
import type { Interface6Address } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { commonBits6 } from './prefix.ts'

const scopeOf = (address: string): number =>
  address === '::1' ? 1 : /^(fe[89ab]|ff02)/.test(address) ? 2 : 14

export function chooseSource6(netns: NetNamespace, ifindex: number, destination: string): string | null {
  const wanted = scopeOf(destination)
  let best: { score: readonly number[]; address: string } | null = null
  for (const link of netns.links.values()) {
    if (wanted <= 2 && link.ifindex !== ifindex) continue
    for (const own of link.addresses6) {
      if (own.tentative) continue
      const score = scoreOf(own, destination, wanted, link.ifindex === ifindex)
      if (best === null || isBetter(score, best.score)) best = { score, address: own.address }
    }
  }
  return best?.address ?? null
}

function scoreOf(own: Interface6Address, destination: string, wanted: number, isHere: boolean): number[] {
  const scope = scopeOf(own.address)
  return [
    own.address === destination ? 1 : 0,
    scope >= wanted ? -scope : scope - 128,
    isHere ? 1 : 0,
    Math.min(own.length, commonBits6(own.address, destination)),
  ]
}

function isBetter(x: readonly number[], y: readonly number[]): boolean {
  const at = x.findIndex((value, i) => value !== y[i])
  return at >= 0 && x[at]! > y[at]!
}
