/** IPv6 packets with all that can stand in them: emit and parse are inverse. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ipv6Packet } from '../../../src/sim/wire/frame.ts'
import { echo6 } from '../../../src/sim/wire/icmpv6.ts'
import { icmpv6Error, quotedPacket6, withQuote6 } from '../../../src/sim/wire/icmpv6-error.ts'
import { emitIpv6, ipv6PacketLength, parseIpv6Packet } from '../../../src/sim/wire/ipv6.ts'
import { ipv6FromBytes } from '../../../src/sim/wire/ipv6-address.ts'
import { NO_FLAGS } from '../../../src/sim/wire/tcp.ts'

const address = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(ipv6FromBytes)
const port = fc.integer({ min: 0, max: 0xffff })
const data = fc.uint8Array({ maxLength: 60 })
const word = fc.integer({ min: 0, max: 0xffffffff })
const upper = fc.oneof(
  fc.record({ sourcePort: port, destinationPort: port, data }).map((udp) => ({
    nextHeader: 17,
    payload: { kind: 'udp' as const, ...udp },
  })),
  fc
    .record({
      sourcePort: port,
      destinationPort: port,
      sequence: word,
      acknowledgment: word,
      window: port,
      data,
    })
    .map((tcp) => ({
      nextHeader: 6,
      payload: { kind: 'tcp' as const, ...tcp, flags: { ...NO_FLAGS, ack: true }, options: null },
    })),
  fc.tuple(port, port, data).map(([identifier, sequence, bytes]) => ({
    nextHeader: 58,
    payload: echo6(128, identifier, sequence, bytes),
  })),
)
const packet = fc
  .record({
    source: address,
    destination: address,
    hopLimit: fc.integer({ min: 0, max: 255 }),
    trafficClass: fc.integer({ min: 1, max: 255 }),
    flowLabel: fc.integer({ min: 1, max: 0xfffff }),
    upper,
  })
  .map(
    ({ upper: { nextHeader, payload }, ...head }): Ipv6Packet => ({
      kind: 'ipv6',
      ...head,
      nextHeader,
      payload,
    }),
  )

describe('IPv6 packets', () => {
  it('are what they were after emitting and parsing', () => {
    fc.assert(
      fc.property(packet, (one) => {
        const bytes = emitIpv6(one)
        expect(bytes.length).toBe(ipv6PacketLength(one))
        expect(parseIpv6Packet(bytes)).toEqual(one)
      }),
    )
  })

  it('come as fragments with their offset', () => {
    const fragment = { identification: 0xdeadbeef, offset: 1448, more: true }
    const one: Ipv6Packet = {
      kind: 'ipv6',
      source: 'fd00::1',
      destination: 'fd00::2',
      hopLimit: 64,
      nextHeader: 17,
      fragment,
      payload: { kind: 'raw', bytes: new Uint8Array(16) },
    }
    expect(parseIpv6Packet(emitIpv6(one))).toEqual(one)
  })

  it('are quoted by errors, and can be replaced in them', () => {
    fc.assert(
      fc.property(packet, address, (one, other) => {
        const error = icmpv6Error(1, 4, 0, one)
        expect(quotedPacket6(error)).toEqual(one)
        const moved = { ...one, destination: other }
        expect(quotedPacket6(withQuote6(error, moved))?.destination).toBe(other)
      }),
    )
  })
})
