// What tcpdump says of frames of which a short snapshot length left too little; texts of the real one.
import { expect, test } from 'vitest'
import { wordNetwork } from '../../../src/render/tcpdump/network.ts'
import type { Frame, Ipv4Packet } from '../../../src/sim/wire/frame.ts'

const style = { numeric: true, verbosity: 0, quick: false, linkLevel: false, base: null, names: new Map() }
const macs = { destination: '02:00:00:00:00:04', source: '02:00:00:00:00:03' }

function ipv4(protocol: number, payload: Ipv4Packet['payload']): Frame {
  const packet: Ipv4Packet = {
    kind: 'ipv4',
    source: 0x0a090003,
    destination: 0x0a090004,
    ttl: 64,
    protocol,
    tos: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload,
  }
  return { ...macs, etherType: 0x0800, payload: packet }
}

const word = (frame: Frame, snapshotLength: number): string =>
  wordNetwork(frame, { ...style, available: snapshotLength - 14 }, true)

test('below its header a protocol is but named', () => {
  const data = new Uint8Array(56)
  const about = { code: 0, identifier: 1, sequence: 1, mtu: 0, original: null, data }
  const echo = ipv4(1, { kind: 'icmp', type: 8, ...about })
  const arp: Frame = {
    ...macs,
    etherType: 0x0806,
    payload: {
      kind: 'arp',
      operation: 'request',
      senderMac: macs.source,
      senderIp: 0x0a090003,
      targetMac: '00:00:00:00:00:00',
      targetIp: 0x0a090004,
    },
  }
  expect(word(arp, 40)).toBe(' [|arp]')
  expect(word(arp, 42)).toBe('ARP, Request who-has 10.9.0.4 tell 10.9.0.3, length 28')
  expect(word(echo, 14)).toBe(' [|ip]')
  expect(word(echo, 33)).toBe('IP  [|ip]')
  expect(word(echo, 40)).toBe('IP 10.9.0.3 > 10.9.0.4:  [|icmp]')
  expect(word(echo, 42)).toBe('IP 10.9.0.3 > 10.9.0.4: ICMP echo request, id 1, seq 1, length 64')
})

test('UDP: no ports, ports, length', () => {
  const datagram = ipv4(17, {
    kind: 'udp',
    sourcePort: 57859,
    destinationPort: 5000,
    data: new Uint8Array(9),
  })
  expect(word(datagram, 36)).toBe('IP 10.9.0.3 > 10.9.0.4:  [|udp]')
  expect(word(datagram, 38)).toBe('IP 10.9.0.3.57859 > 10.9.0.4.5000:  [|udp]')
  expect(word(datagram, 42)).toBe('IP 10.9.0.3.57859 > 10.9.0.4.5000: UDP, length 9')
})

test('TCP up to the option that is cut', () => {
  const syn = ipv4(6, {
    kind: 'tcp',
    sourcePort: 51424,
    destinationPort: 80,
    sequence: 776545720,
    acknowledgment: 0,
    flags: { fin: false, syn: true, rst: false, psh: false, ack: false, urg: false },
    window: 64240,
    options: {
      maximumSegmentSize: 1460,
      windowScale: 10,
      sackPermitted: true,
      timestamps: { value: 2479635477, echo: 0 },
    },
    data: new Uint8Array(0),
  })
  const ends = '10.9.0.3.51424 > 10.9.0.4.80: '
  const head = `IP ${ends}Flags [S], seq 776545720, win 64240, options [`
  expect(word(syn, 36)).toBe('IP 10.9.0.3 > 10.9.0.4: [|tcp]')
  expect(word(syn, 50)).toBe(`IP ${ends} [|tcp]`)
  expect(word(syn, 54)).toBe(`${head} [|tcp]`)
  expect(word(syn, 60)).toBe(`${head}mss 1460,sackOK, [|tcp]`)
  expect(word(syn, 66)).toBe(`${head}mss 1460,sackOK,TS [|tcp]>`)
  expect(word(syn, 74)).toBe(`${head}mss 1460,sackOK,TS val 2479635477 ecr 0,nop,wscale 10], length 0`)
})
