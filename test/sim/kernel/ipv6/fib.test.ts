/** The longest prefix wins, whatever the order and number of routes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchTable6 } from '../../../../src/sim/kernel/ipv6/fib.ts'
import { containsAddress6, networkOf6 } from '../../../../src/sim/kernel/ipv6/prefix.ts'
import type { FibRoute6 } from '../../../../src/sim/kernel/ipv6/routes.ts'
import { ipv6FromBytes } from '../../../../src/sim/wire/ipv6-address.ts'

/** Few different bytes, so that prefixes nest. */
const address = fc
  .array(fc.constantFrom(0, 0xfd, 0x80), { minLength: 16, maxLength: 16 })
  .map((bytes) => ipv6FromBytes(Uint8Array.from(bytes)))
const prefix = fc
  .record({ address, length: fc.integer({ min: 0, max: 128 }) })
  .map((one) => ({ address: networkOf6(one.address, one.length), length: one.length }))

function route(destination: FibRoute6['destination'], ifindex: number): FibRoute6 {
  return {
    type: 'unicast',
    destination,
    gateway: null,
    ifindex,
    preferredSource: null,
    protocol: 'static',
    metric: 1024,
    mtu: null,
    onLink: false,
    table: 254,
    device: `eth${ifindex}`,
  }
}

describe('matchTable6', () => {
  it('finds what a walk over all routes finds', () => {
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 20 }), address, (prefixes, destination) => {
        const table = new Map<number, Map<string, FibRoute6[]>>()
        for (const [i, one] of prefixes.entries()) {
          const byNetwork = table.get(one.length) ?? new Map<string, FibRoute6[]>()
          table.set(one.length, byNetwork)
          byNetwork.set(one.address, [...(byNetwork.get(one.address) ?? []), route(one, i)])
        }
        const fitting = prefixes.filter((one) => containsAddress6(one, destination))
        const longest = fitting.length === 0 ? null : Math.max(...fitting.map((one) => one.length))
        expect(matchTable6(table, destination, null)?.destination.length ?? null).toBe(longest)
      }),
    )
  })
})
