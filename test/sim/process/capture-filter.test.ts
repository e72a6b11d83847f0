import { describe, expect, it } from 'vitest'
import { matches } from '../../../src/sim/process/capture-filter/match.ts'
import { parseFilter } from '../../../src/sim/process/capture-filter/parse.ts'
import { FilterError } from '../../../src/sim/process/capture-filter/types.ts'
import type { Frame, Ipv4Packet } from '../../../src/sim/wire/frame.ts'
import { parseIpv4 } from '../../../src/sim/wire/ipv4-address.ts'
import { NO_FLAGS } from '../../../src/sim/wire/tcp.ts'

const ip = (text: string): number => parseIpv4(text)!

function packet(protocol: number, payload: Ipv4Packet['payload']): Frame {
  return {
    destination: '02:42:ac:11:00:02',
    source: '02:42:ac:11:00:01',
    etherType: 0x0800,
    payload: {
      kind: 'ipv4',
      source: ip('172.17.0.1'),
      destination: ip('172.17.0.2'),
      ttl: 64,
      protocol,
      tos: 0,
      identification: 1,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      options: null,
      payload,
    },
  }
}

const syn = packet(6, {
  kind: 'tcp',
  sourcePort: 42350,
  destinationPort: 80,
  sequence: 1,
  acknowledgment: 0,
  flags: { ...NO_FLAGS, syn: true },
  window: 64240,
  options: null,
  data: new Uint8Array(),
})
const dns = packet(17, { kind: 'udp', sourcePort: 5000, destinationPort: 53, data: new Uint8Array(20) })
const echo = packet(1, {
  kind: 'icmp',
  type: 8,
  code: 0,
  identifier: 1,
  sequence: 1,
  mtu: 0,
  original: null,
  data: new Uint8Array(56),
})
const arp: Frame = {
  destination: 'ff:ff:ff:ff:ff:ff',
  source: '02:42:ac:11:00:01',
  etherType: 0x0806,
  payload: {
    kind: 'arp',
    operation: 'request',
    senderMac: '02:42:ac:11:00:01',
    senderIp: ip('172.17.0.1'),
    targetMac: '00:00:00:00:00:00',
    targetIp: ip('172.17.0.2'),
  },
}

const frames = { syn, dns, echo, arp }

function passing(text: string): string {
  const filter = parseFilter(text)
  return Object.entries(frames)
    .filter(([, frame]) => filter === null || matches(filter, frame))
    .map(([name]) => name)
    .join(' ')
}

describe('capture filters', () => {
  it.each([
    ['', 'syn dns echo arp'],
    ['icmp', 'echo'],
    ['icmp or arp', 'echo arp'],
    ['not arp', 'syn dns echo'],
    ['! arp and ! icmp', 'syn dns'],
    ['tcp port 80', 'syn'],
    ['port 53', 'dns'],
    ['port 53 or 80', 'syn dns'],
    ['udp port 80', ''],
    ['dst port http', 'syn'],
    ['src port 80', ''],
    ['portrange 50-100', 'syn dns'],
    ['host 172.17.0.2', 'syn dns echo arp'],
    ['src 172.17.0.2', ''],
    ['src host 172.17.0.1 and icmp', 'echo'],
    ['src or dst host 172.17.0.1', 'syn dns echo arp'],
    ['net 172.17.0.0/16', 'syn dns echo arp'],
    ['net 10', ''],
    ['dst net 172.17 and udp', 'dns'],
    ['ether host 02:42:ac:11:00:02', 'syn dns echo'],
    ['ether src 02:42:ac:11:00:01', 'syn dns echo arp'],
    ['broadcast', 'arp'],
    ['ether broadcast', 'arp'],
    ['ip', 'syn dns echo'],
    ['ip proto 1', 'echo'],
    ['ip6', ''],
    ['tcp[tcpflags] & tcp-syn != 0', 'syn'],
    ['tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn', 'syn'],
    ['tcp[13] = 2', 'syn'],
    ['icmp[icmptype] = icmp-echo', 'echo'],
    ['icmp[icmptype] == icmp-echoreply', ''],
    ['ip[8] < 65 and ip[2:2] > 60', 'echo'],
    ['greater 80', 'echo'],
    ['less 54', 'arp syn'.split(' ').sort().reverse().join(' ')],
    ['(tcp or udp) and not port 53', 'syn'],
    ['arp or tcp and port 80', 'syn'],
  ])('%s', (text, names) => {
    expect(passing(text)).toBe(names)
  })

  it.each([['foo bar'], ['port'], ['tcp port 80 and'], ['(icmp'], ['icmp)'], ['host']])(
    '%s is a syntax error',
    (text) => {
      expect(() => parseFilter(text)).toThrow("can't parse filter expression: syntax error")
    },
  )

  it('names what it does not know', () => {
    expect(() => parseFilter('port nosuch')).toThrow(FilterError)
    expect(parseFilter('host web')).toEqual({ kind: 'named-host', side: 'either', name: 'web', layer: null })
  })
})
