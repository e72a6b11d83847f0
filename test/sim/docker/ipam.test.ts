import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createAddressSpace,
  endpointAddress,
  overlaps,
  predefinedPools,
  releaseAddress,
  releasePool,
  requestAddress,
  requestPool,
  requestPredefinedPool,
} from '../../../src/sim/docker/ipam.ts'
import { formatPrefix, parseIpv4, parsePrefix } from '../../../src/sim/wire/ipv4-address.ts'

const address = (text: string): number => parseIpv4(text)!
const prefix = (text: string) => parsePrefix(text)!

describe('pools', () => {
  test('31 predefined ones, none overlapping another', () => {
    expect(predefinedPools).toHaveLength(31)
    expect(predefinedPools.map(formatPrefix).slice(13, 17)).toEqual([
      '172.30.0.0/16',
      '172.31.0.0/16',
      '192.168.0.0/20',
      '192.168.16.0/20',
    ])
    predefinedPools.forEach((a, i) => {
      for (const b of predefinedPools.slice(i + 1)) expect(overlaps(a, b)).toBe(false)
    })
  })

  test('are sought behind the last one given out, and around', () => {
    const space = createAddressSpace()
    const next = (name: string): string => {
      const pool = requestPredefinedPool(space, name, [])
      return pool.ok ? formatPrefix(pool.value) : pool.error.code
    }
    expect(next('a')).toBe('172.17.0.0/16')
    expect(next('b')).toBe('172.18.0.0/16')
    releasePool(space, 'b')
    expect(next('c')).toBe('172.19.0.0/16')
    for (let i = 0; i < 28; i++) next(`n${i}`)
    expect(next('again')).toBe('172.18.0.0/16')
    expect(next('none')).toBe('EXHAUSTED')
  })

  test('skip what the host has routes to', () => {
    const space = createAddressSpace()
    const pool = requestPredefinedPool(space, 'a', [prefix('172.17.5.0/24'), prefix('172.18.0.0/15')])
    expect(pool.ok && formatPrefix(pool.value)).toBe('172.20.0.0/16')
  })

  test('that were asked for may not overlap another network', () => {
    const space = createAddressSpace()
    expect(requestPool(space, 'a', prefix('10.1.2.3/16')).ok).toBe(true)
    expect(requestPool(space, 'b', prefix('10.1.7.0/24'))).toMatchObject({
      error: { detail: 'Pool overlaps with other one on this address space' },
    })
  })
})

describe('addresses', () => {
  const pool = () => {
    const made = requestPool(createAddressSpace(), 'net', prefix('10.20.0.0/29'))
    if (!made.ok) throw new Error('no pool')
    return made.value
  }

  test('are the lowest free ones, never the network or the broadcast address', () => {
    const own = pool()
    const drawn = Array.from({ length: 7 }, () => requestAddress(own, own))
    expect(drawn.map((one) => (one.ok ? one.value - address('10.20.0.0') : one.error.code))).toEqual([
      1,
      2,
      3,
      4,
      5,
      6,
      'EXHAUSTED',
    ])
    releaseAddress(own, address('10.20.0.3'))
    expect(requestAddress(own, own)).toEqual({ ok: true, value: address('10.20.0.3') })
  })

  test('are refused in the words of the engine', () => {
    const own = pool()
    const subnet = { ...own, gateway: address('10.20.0.1'), range: own, userConfigured: true }
    expect(endpointAddress(own, subnet, address('10.20.0.2'), 'net').ok).toBe(true)
    const said = (wanted: string): string | undefined => {
      const result = endpointAddress(own, subnet, address(wanted), 'net')
      return result.ok ? undefined : result.error.detail
    }
    expect(said('10.20.0.2')).toBe('Address already in use')
    expect(said('10.9.9.9')).toBe(
      "Invalid address 10.9.9.9: It does not belong to any of this network's subnets",
    )
  })

  test('never twice, whatever is taken and given back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (steps) => {
        const own = pool()
        const held: number[] = []
        for (const step of steps) {
          if (step < 6) {
            const drawn = requestAddress(own, own)
            if (!drawn.ok) expect(held).toHaveLength(6)
            else {
              expect(held).not.toContain(drawn.value)
              held.push(drawn.value)
            }
          } else if (held.length > 0) releaseAddress(own, held.splice(step % held.length, 1)[0]!)
        }
      }),
    )
  })
})
