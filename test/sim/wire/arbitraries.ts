/** Random but valid values of every protocol, for property tests. */
import fc from 'fast-check'
import type {
  Frame,
  IcmpMessage,
  Ipv4Packet,
  TcpOptions,
  TcpSegment,
  UdpDatagram,
} from '../../../src/sim/wire/frame.ts'
import { formatIpv4 } from '../../../src/sim/wire/ipv4-address.ts'
import { ipv6FromBytes } from '../../../src/sim/wire/ipv6-address.ts'
import { macFromBytes } from '../../../src/sim/wire/mac-address.ts'

const byte = fc.integer({ min: 0, max: 255 })
export const port = fc.integer({ min: 0, max: 65535 })
export const uint32 = fc.integer({ min: 0, max: 0xffffffff })
export const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
export const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macFromBytes)
export const ipv4Text = uint32.map(formatIpv4)
export const ipv6 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .chain((b) =>
    fc.constantFrom(
      b,
      b.map((x, i) => (i > 1 && i < 12 ? 0 : x)),
    ),
  )
  .map(ipv6FromBytes)

export const udp: fc.Arbitrary<UdpDatagram> = fc.record({
  kind: fc.constant('udp' as const),
  sourcePort: port,
  destinationPort: port,
  data: bytes(300),
})

const options: fc.Arbitrary<TcpOptions | null> = fc.oneof(
  fc.constant(null),
  fc
    .record({
      maximumSegmentSize: fc.option(port),
      windowScale: fc.option(fc.integer({ min: 0, max: 14 })),
      sackPermitted: fc.boolean(),
      timestamps: fc.option(fc.record({ value: uint32, echo: uint32 })),
    })
    .filter(
      (o) =>
        o.maximumSegmentSize !== null || o.windowScale !== null || o.sackPermitted || o.timestamps !== null,
    ),
)

const flags = fc.record({
  fin: fc.boolean(),
  syn: fc.boolean(),
  rst: fc.boolean(),
  psh: fc.boolean(),
  ack: fc.boolean(),
  urg: fc.boolean(),
})

export const tcp: fc.Arbitrary<TcpSegment> = fc.record({
  kind: fc.constant('tcp' as const),
  sourcePort: port,
  destinationPort: port,
  sequence: uint32,
  acknowledgment: uint32,
  flags,
  window: port,
  options,
  data: bytes(300),
})

const echo: fc.Arbitrary<IcmpMessage> = fc.record({
  kind: fc.constant('icmp' as const),
  type: fc.constantFrom(0, 8),
  code: fc.constant(0),
  identifier: port,
  sequence: port,
  mtu: fc.constant(0),
  original: fc.constant(null),
  data: bytes(200),
})

const shell = {
  kind: fc.constant('ipv4' as const),
  source: uint32,
  destination: uint32,
  ttl: byte,
  tos: byte,
  identification: port,
  dontFragment: fc.boolean(),
  options: fc.constantFrom(null, Uint8Array.of(0x94, 4, 0, 0)),
}
const whole = { ...shell, moreFragments: fc.constant(false), fragmentOffset: fc.constant(0) }

const plain: fc.Arbitrary<Ipv4Packet> = fc.oneof(
  fc.record({ ...whole, protocol: fc.constant(17), payload: udp }),
  fc.record({ ...whole, protocol: fc.constant(6), payload: tcp }),
  fc.record({ ...whole, protocol: fc.constant(1), payload: echo }),
  fc.record({
    ...whole,
    protocol: fc.constantFrom(2, 47, 50),
    payload: fc.record({ kind: fc.constant('raw' as const), bytes: bytes(100) }),
  }),
  fc.record({
    ...shell,
    moreFragments: fc.boolean(),
    fragmentOffset: fc.integer({ min: 1, max: 8191 }).map((n) => n * 8),
    protocol: byte,
    payload: fc.record({ kind: fc.constant('raw' as const), bytes: bytes(100) }),
  }),
)

const error: fc.Arbitrary<Ipv4Packet> = fc
  .record({
    ...whole,
    type: fc.constantFrom(3, 11),
    code: fc.integer({ min: 0, max: 15 }),
    mtu: port,
    original: plain,
  })
  .map(({ type, code, mtu, original, ...packet }) => ({
    ...packet,
    protocol: 1,
    payload: {
      kind: 'icmp' as const,
      type,
      code,
      identifier: 0,
      sequence: 0,
      mtu: type === 3 && code === 4 ? mtu : 0,
      original,
      data: new Uint8Array(),
    },
  }))

export const ipv4: fc.Arbitrary<Ipv4Packet> = fc.oneof(plain, error)

export const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ destination: mac, source: mac, etherType: fc.constant(0x0800), payload: ipv4 }),
  fc.record({
    destination: mac,
    source: mac,
    etherType: fc.constant(0x0806),
    payload: fc.record({
      kind: fc.constant('arp' as const),
      operation: fc.constantFrom('request' as const, 'reply' as const),
      senderMac: mac,
      senderIp: uint32,
      targetMac: mac,
      targetIp: uint32,
    }),
  }),
  fc.record({
    destination: mac,
    source: mac,
    etherType: fc.constant(0x86dd),
    payload: fc.record({
      kind: fc.constant('ipv6' as const),
      source: ipv6,
      destination: ipv6,
      hopLimit: byte,
      nextHeader: fc.constantFrom(0, 58),
      payload: fc.record({ kind: fc.constant('icmpv6' as const), type: byte, code: byte, body: bytes(60) }),
    }),
  }),
)
