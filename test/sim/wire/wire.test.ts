import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../../src/sim/base/utf8.ts'
import { checksum, verifies } from '../../../src/sim/wire/checksum.ts'
import { dnsQuery, emitDns, parseDns, reverseName } from '../../../src/sim/wire/dns.ts'
import { emitFrame, frameLength, parseFrame } from '../../../src/sim/wire/frame-codec.ts'
import { listenerRecords, listenerReport, neighborSolicitation } from '../../../src/sim/wire/icmpv6.ts'
import { emitIgmp, parseIgmp } from '../../../src/sim/wire/igmp.ts'
import { emitIpv4, packetLength, parseIpv4Packet } from '../../../src/sim/wire/ipv4.ts'
import {
  broadcastOf,
  formatIpv4,
  formatPrefix,
  isLoopback,
  isMulticast,
  lengthOf,
  maskOf,
  networkOf,
  parseIpv4,
  parsePrefix,
} from '../../../src/sim/wire/ipv4-address.ts'
import {
  ipv6FromBytes,
  ipv6ToBytes,
  linkLocalOf,
  multicastMac,
  parseIpv6,
  solicitedNode,
} from '../../../src/sim/wire/ipv6-address.ts'
import { macFromBytes, macToBytes, parseMac } from '../../../src/sim/wire/mac-address.ts'
import { emitPcap, ethernetRecord, parsePcap } from '../../../src/sim/wire/pcap.ts'
import { frame, ipv4, ipv6, mac, uint32 } from './arbitraries.ts'

describe('addresses', () => {
  it('IPv4 text and number correspond', () => {
    fc.assert(fc.property(uint32, (n) => parseIpv4(formatIpv4(n)) === n))
    for (const wrong of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      '1.2.3.-4',
      'a.b.c.d',
      '1.2.3.4 ',
    ])
      expect(parseIpv4(wrong)).toBeNull()
  })
  it('prefixes', () => {
    expect(formatPrefix(parsePrefix('172.17.0.0/16')!)).toBe('172.17.0.0/16')
    expect(parsePrefix('10.0.0.1')).toEqual({ address: 0x0a000001, length: 32 })
    expect(parsePrefix('10.0.0.1/33')).toBeNull()
    expect(formatIpv4(networkOf(parseIpv4('172.17.3.4')!, 16))).toBe('172.17.0.0')
    expect(formatIpv4(broadcastOf(parseIpv4('172.17.3.4')!, 16))).toBe('172.17.255.255')
    for (let length = 0; length <= 32; length++) expect(lengthOf(maskOf(length))).toBe(length)
    expect(lengthOf(0xff00ff00)).toBeNull()
    expect(isMulticast(0xe0000001)).toBe(true)
    expect(isLoopback(0x7f000001)).toBe(true)
  })
  it('IPv6 text is canonical (RFC 5952)', () => {
    expect(parseIpv6('2001:0DB8:0:0:1:0:0:1')).toBe('2001:db8::1:0:0:1')
    expect(parseIpv6('::')).toBe('::')
    expect(parseIpv6('1:0:2:3:4:5:6:7')).toBe('1:0:2:3:4:5:6:7')
    expect(parseIpv6('::ffff:10.0.0.1')).toBe('::ffff:10.0.0.1')
    for (const wrong of ['', '1::2::3', '1:2:3:4:5:6:7', ':::', 'g::', '1:2:3:4:5:6:7:8:9'])
      expect(parseIpv6(wrong)).toBeNull()
    fc.assert(fc.property(ipv6, (a) => parseIpv6(a) === a && ipv6FromBytes(ipv6ToBytes(a)) === a))
  })
  it('derived addresses', () => {
    expect(linkLocalOf('52:54:00:a8:b2:64')).toBe('fe80::5054:ff:fea8:b264')
    expect(solicitedNode('fe80::5054:ff:fea8:b264')).toBe('ff02::1:ffa8:b264')
    expect(multicastMac('ff02::1:ffa8:b264')).toBe('33:33:ff:a8:b2:64')
  })
  it('MAC', () => {
    fc.assert(fc.property(mac, (m) => parseMac(m.toUpperCase()) === m && macFromBytes(macToBytes(m)) === m))
    expect(parseMac('02:42:ac:11:00')).toBeNull()
  })
})

describe('frames', () => {
  it('parse is the inverse of emit, and the length is known before', () => {
    fc.assert(
      fc.property(frame, (value) => {
        const bytes = emitFrame(value)
        expect(bytes.length).toBe(frameLength(value))
        expect(parseFrame(bytes)).toEqual(value)
      }),
    )
  })
  it('header checksums verify, and one flipped bit is noticed', () => {
    fc.assert(
      fc.property(ipv4, fc.nat(), (packet, at) => {
        const bytes = emitIpv4(packet)
        expect(bytes.length).toBe(packetLength(packet))
        const header = (bytes[0]! & 15) * 4
        expect(verifies(bytes.subarray(0, header))).toBe(true)
        bytes[at % header]! ^= 1
        expect(parseIpv4Packet(bytes)).toBeNull()
      }),
    )
  })
  it('any bytes are a frame, perhaps a raw one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 14, maxLength: 120 }), (bytes) => {
        const etherType = [0x0800, 0x0806, 0x86dd][bytes[0]! % 3]!
        bytes[12] = etherType >> 8
        bytes[13] = etherType & 255
        parseFrame(bytes)
      }),
    )
  })
  it('an error quotes at most 548 bytes', () => {
    const original = parseIpv4Packet(
      emitIpv4({
        ...ping(),
        payload: { ...ping().payload, kind: 'icmp', data: new Uint8Array(1472) } as never,
      }),
    )!
    const error = {
      ...ping(),
      payload: { ...ping().payload, type: 3, original, data: new Uint8Array() } as never,
    }
    expect(packetLength(error)).toBe(576)
    expect(emitIpv4(error).length).toBe(576)
  })
  it('RFC 1071 example', () => {
    expect(checksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff)
  })
})

function ping() {
  return {
    kind: 'ipv4' as const,
    source: 1,
    destination: 2,
    ttl: 64,
    protocol: 1,
    tos: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload: {
      kind: 'icmp' as const,
      type: 8,
      code: 0,
      identifier: 1,
      sequence: 1,
      mtu: 0,
      original: null,
      data: new Uint8Array(56),
    },
  }
}

describe('the rest', () => {
  it('DNS messages', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,10}$/)
    const name = fc.array(label, { maxLength: 4 }).map((l) => l.join('.'))
    const data = fc.oneof(
      fc
        .record({ kind: fc.constant('address' as const), address: uint32 })
        .map((data) => ({ type: 1, data })),
      fc
        .record({ kind: fc.constant('address6' as const), address: ipv6 })
        .map((data) => ({ type: 28, data })),
      fc.record({ kind: fc.constant('name' as const), name }).map((data) => ({ type: 12, data })),
    )
    const record = fc
      .record({ name, class: fc.constant(1), ttl: uint32, data })
      .map(({ data, ...rest }) => ({ ...rest, ...data }))
    fc.assert(
      fc.property(name, fc.array(record, { maxLength: 4 }), fc.boolean(), (asked, answers, compress) => {
        const message = { ...dnsQuery(7, asked, 1), response: true, rcode: 3, answers }
        expect(parseDns(emitDns(message, compress))).toEqual(message)
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void parseDns(bytes)))
    expect(emitDns(dnsQuery(1, 'example.com', 1)).length).toBe(29)
    expect(reverseName(0xcb00710a)).toBe('10.113.0.203.in-addr.arpa')
  })
  it('IGMP and MLD reports', () => {
    const report = { kind: 'report' as const, records: [{ type: 4, group: 0xe00000fb }] }
    expect(parseIgmp(emitIgmp(report))).toEqual(report)
    const records = [{ type: 4, group: 'ff02::1:ffa8:b264' }]
    expect(listenerRecords(listenerReport(records))).toEqual(records)
    expect(neighborSolicitation('fe80::1', '02:42:ac:11:00:02').body.length).toBe(28)
  })
  it('a multicast listener report is 90 bytes on the wire', () => {
    const payload = listenerReport([{ type: 4, group: 'ff02::1:ffa8:b264' }])
    const packet = {
      kind: 'ipv6' as const,
      source: '::',
      destination: 'ff02::16',
      hopLimit: 1,
      nextHeader: 0,
      payload,
    }
    expect(
      frameLength({
        destination: '33:33:00:00:00:16',
        source: '02:42:ac:11:00:02',
        etherType: 0x86dd,
        payload: packet,
      }),
    ).toBe(90)
  })
  it('capture files', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 3 }),
        fc.integer({ min: 20, max: 200 }),
        (frames, snapshotLength) => {
          const records = frames.map((f, i) => ethernetRecord(f, 1_795_000_000_000_000 + i, snapshotLength))
          const file = { linkType: 1, snapshotLength, records }
          expect(parsePcap(emitPcap(file))).toEqual(file)
        },
      ),
    )
  })
  it('UTF-8 agrees with the platform', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text))
        expect(decodeUtf8(encodeUtf8(text))).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(decodeUtf8(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
      }),
    )
  })
})
