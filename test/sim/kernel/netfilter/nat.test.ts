import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listConnections } from '../../../../src/sim/kernel/netfilter/conntrack.ts'
import { onAddressGone, onDeviceDown } from '../../../../src/sim/kernel/netfilter/masquerade.ts'
import { jump, MASQUERADE, natTo, portMatch } from '../../../../src/sim/kernel/netfilter/rules.ts'
import { newChain } from '../../../../src/sim/kernel/netfilter/tables.ts'
import { ip } from '../lab.ts'
import type { Router } from './bench.ts'
import { answer, append, createRouter, echo, endpoints, errorAbout, forward, tcp, udp } from './bench.ts'

const C1 = ip('172.17.0.2')
const C2 = ip('172.17.0.3')
const SERVER = ip('203.0.113.10')
const CLIENT = ip('192.168.178.50')
const HOST = ip('192.168.178.100')

function dockerHost(seed = 1): Router {
  const router = createRouter(seed)
  append(router, 'nat', 'POSTROUTING', {
    source: '172.17.0.0/16',
    outputInterface: '!docker0',
    target: MASQUERADE,
  })
  newChain(router.netns, { table: 'nat', chain: 'DOCKER' })
  append(router, 'nat', 'PREROUTING', { target: jump('DOCKER') })
  append(router, 'nat', 'DOCKER', {
    inputInterface: '!docker0',
    protocol: 'tcp',
    matches: [portMatch('tcp', { destination: 8080 })],
    target: natTo('DNAT', C1, 80),
  })
  return router
}

describe('MASQUERADE', () => {
  it('keeps the port if it is free, else takes one of the same class', () => {
    const router = dockerHost()
    const first = forward(router, udp(C1, 40000, SERVER, 53), 'inside')!.packet
    expect(first).toMatchObject({ source: HOST, payload: { sourcePort: 40000 } })
    const second = forward(router, udp(C2, 40000, SERVER, 53), 'inside')!.packet
    expect(second.source).toBe(HOST)
    const port = second.payload.kind === 'udp' ? second.payload.sourcePort : 0
    expect(port).toBeGreaterThanOrEqual(1024)
    expect(port).not.toBe(40000)
    forward(router, udp(C1, 100, SERVER, 53), 'inside')
    const low = forward(router, udp(C2, 100, SERVER, 53), 'inside')!.packet
    expect(low.payload.kind === 'udp' && low.payload.sourcePort < 512).toBe(true)
  })

  it('keeps the port towards another server', () => {
    const router = dockerHost()
    forward(router, udp(C1, 40000, SERVER, 53), 'inside')
    const other = forward(router, udp(C2, 40000, SERVER + 1, 53), 'inside')!.packet
    expect(other).toMatchObject({ source: HOST, payload: { sourcePort: 40000 } })
  })

  it('gives up its flows with the device or the address', () => {
    const router = dockerHost()
    forward(router, udp(C1, 1, SERVER, 53), 'inside')
    onAddressGone(router.netns, ip('10.0.0.1'))
    expect(listConnections(router.sim, router.netns)).toHaveLength(1)
    onDeviceDown(router.sim, router.netns, router.outside)
    expect(listConnections(router.sim, router.netns)).toHaveLength(0)
  })

  it('asks its rules for the first packet of a flow only', () => {
    const router = dockerHost()
    for (let i = 0; i < 3; i++) {
      const out = forward(router, echo(C1, 7, SERVER), 'inside')!.packet
      forward(router, answer(out), 'outside')
    }
    const rule = router.netns.netfilter.tables4.get('nat')!.chains.get('POSTROUTING')!.rules[0]!
    expect(rule.counter.packets).toBe(1)
  })
})

describe('DNAT', () => {
  it('turns a published port into the container, and the answer back', () => {
    const router = dockerHost()
    const inward = forward(router, tcp(CLIENT, 50000, HOST, 8080, { syn: true }), 'outside')!.packet
    expect(inward).toMatchObject({ source: CLIENT, destination: C1, payload: { destinationPort: 80 } })
    const back = forward(router, answer(inward), 'inside')!.packet
    expect(back).toMatchObject({ source: HOST, destination: CLIENT, payload: { sourcePort: 8080 } })
  })
})

describe('ICMP errors about translated packets', () => {
  it('reach the container with its own packet in them', () => {
    const router = dockerHost()
    const sent = udp(C1, 40000, SERVER, 53)
    const out = forward(router, sent, 'inside')!.packet
    const back = forward(router, errorAbout(out, SERVER), 'outside')!
    expect(back.connectionState).toBe('RELATED')
    expect(back.packet).toMatchObject({ source: SERVER, destination: C1 })
    const payload = back.packet.payload
    expect(payload.kind === 'icmp' && payload.original).toEqual(sent)
  })

  it('of the container about a published port name the published address', () => {
    const router = dockerHost()
    const sent = tcp(CLIENT, 50000, HOST, 8080, { syn: true })
    const inward = forward(router, sent, 'outside')!.packet
    const back = forward(router, errorAbout(inward, C1), 'inside')!.packet
    expect(back).toMatchObject({ source: HOST, destination: CLIENT })
    expect(back.payload.kind === 'icmp' && back.payload.original).toEqual(sent)
  })
})

describe('translation as a property', () => {
  const packets = fc.oneof(
    fc
      .tuple(fc.constantFrom(C1, C2, C2 + 1), fc.integer({ min: 1, max: 6 }), fc.constantFrom(53, 80))
      .map(([source, port, service]) => udp(source, port * 200, SERVER, service)),
    fc
      .tuple(fc.constantFrom(C1, C2), fc.integer({ min: 1, max: 3 }))
      .map(([source, port]) => tcp(source, 40000 + port, SERVER, 80, { syn: true })),
    fc
      .tuple(fc.constantFrom(C1, C2, C2 + 1), fc.integer({ min: 0, max: 3 }))
      .map(([source, id]) => echo(source, id, SERVER)),
  )

  it('no two flows look alike outside; what comes back is undone exactly', () => {
    fc.assert(
      fc.property(fc.array(packets, { minLength: 1, maxLength: 40 }), fc.integer(), (sent, seed) => {
        const router = dockerHost(seed)
        const outside = new Map<string, string>()
        for (const original of sent) {
          const out = forward(router, original, 'inside')!.packet
          expect(out.source).toBe(HOST)
          const known = outside.get(endpoints(out))
          if (known !== undefined) expect(known).toBe(endpoints(original))
          outside.set(endpoints(out), endpoints(original))
          const back = forward(router, answer(out), 'outside')!.packet
          expect(endpoints(back)).toBe(endpoints(answer(original)))
        }
        expect(new Set(outside.values()).size).toBe(outside.size)
      }),
      { numRuns: 100 },
    )
  })
})
