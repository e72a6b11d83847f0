// Whatever a route or an address is written like, it reads back as the kernel keeps it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ip } from '../../../src/commands/iproute2/ip.ts'
import { tryPrefix } from '../../../src/commands/iproute2/words.ts'
import { formatIpv4, formatPrefix, networkOf } from '../../../src/sim/wire/ipv4-address.ts'
import { openBench } from '../tool-bench.ts'

const prefix = fc
  .record({
    address: fc.integer({ min: 0x0b000000, max: 0x7effffff }),
    length: fc.integer({ min: 8, max: 31 }),
  })
  .map(({ address, length }) => ({ address: networkOf(address, length), length }))

test('prefixes are read as they are written', () => {
  fc.assert(
    fc.property(prefix, (one) => {
      expect(tryPrefix(formatPrefix(one))).toEqual({ ...one, hasLength: true })
      expect(tryPrefix(formatIpv4(one.address))).toEqual({
        address: one.address,
        length: 32,
        hasLength: false,
      })
    }),
  )
})

test('a route that is added is listed, and gone after it is deleted', async () => {
  const bench = openBench()
  await bench.run(ip, 'ip link add br0 type bridge')
  await bench.run(ip, 'ip addr add 10.200.0.1/16 dev br0')
  await bench.run(ip, 'ip link set br0 up')
  await fc.assert(
    fc.asyncProperty(
      prefix,
      fc.integer({ min: 2, max: 65000 }),
      fc.integer({ min: 0, max: 9 }),
      async (one, host, metric) => {
        const gateway = formatIpv4(0x0ac80000 + host)
        const suffix = metric === 0 ? '' : ` metric ${metric}`
        const spec = `${formatPrefix(one)} via ${gateway} dev br0${suffix}`
        expect(await bench.run(ip, `ip route add ${spec}`)).toBe('')
        expect(await bench.run(ip, `ip route show ${formatPrefix(one)}`)).toBe(`${spec} \n`)
        expect(await bench.run(ip, `ip route add ${spec}`)).toBe('RTNETLINK answers: File exists\n[exit 2]\n')
        expect(await bench.run(ip, `ip route del ${spec}`)).toBe('')
        expect(await bench.run(ip, `ip route show ${formatPrefix(one)}`)).toBe('')
      },
    ),
    { numRuns: 30 },
  )
})

test('an address that is added is listed with its route, and both go', async () => {
  const bench = openBench()
  await bench.run(ip, 'ip link add br0 type bridge')
  await bench.run(ip, 'ip link set br0 up')
  await fc.assert(
    fc.asyncProperty(prefix, async ({ address, length }) => {
      const own = `${formatIpv4(address + 1)}/${length}`
      await bench.run(ip, `ip addr add ${own} dev br0`)
      expect(await bench.run(ip, 'ip -4 -o addr show br0')).toContain(` inet ${own} scope global br0`)
      expect(await bench.run(ip, 'ip route show dev br0')).toBe(
        `${formatPrefix({ address, length })} proto kernel scope link src ${formatIpv4(address + 1)} \n`,
      )
      await bench.run(ip, `ip addr del ${own} dev br0`)
      expect(await bench.run(ip, 'ip route show table all dev br0')).not.toContain('proto kernel scope')
    }),
    { numRuns: 30 },
  )
})
