/** Lines of the recordings, made of rows. */
import { describe, expect, it } from 'vitest'
import { flagText } from '../../src/render/tcpdump/tcp.ts'
import { word } from '../../src/render/words.ts'
import { parseIpv4 } from '../../src/sim/wire/ipv4-address.ts'

const say = (row: object): string => word(row as never, {} as never)
const ip = (text: string): number => parseIpv4(text)!

describe('ping', () => {
  it('of iputils', () => {
    const row = { program: 'iputils/ping' }
    expect(
      say({
        ...row,
        kind: 'start',
        target: '172.17.0.3',
        destination: ip('172.17.0.3'),
        size: 56,
        from: null,
        device: null,
      }),
    ).toBe('PING 172.17.0.3 (172.17.0.3) 56(84) bytes of data.\n')
    expect(
      say({
        ...row,
        kind: 'reply',
        address: ip('172.17.0.3'),
        name: null,
        sequence: 1,
        ttl: 64,
        rttUs: 139,
        length: 64,
        repeated: false,
        time: null,
      }),
    ).toBe('64 bytes from 172.17.0.3: icmp_seq=1 ttl=64 time=0.139 ms\n')
    expect(
      say({
        ...row,
        kind: 'reply',
        address: ip('10.0.0.2'),
        name: null,
        sequence: 1,
        ttl: 64,
        rttUs: 971685,
        length: 64,
        repeated: false,
        time: null,
      }),
    ).toBe('64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=972 ms\n')
    expect(
      say({
        ...row,
        kind: 'icmp-error',
        address: ip('10.0.0.1'),
        name: null,
        sequence: 2,
        type: 3,
        code: 1,
        mtu: 0,
        time: null,
      }),
    ).toBe('From 10.0.0.1 icmp_seq=2 Destination Host Unreachable\n')
  })

  it('counts at the end', () => {
    const row = { program: 'iputils/ping', kind: 'statistics', target: '10.0.0.7', repeated: 0, timed: true }
    const none = {
      transmitted: 2,
      received: 0,
      errors: 2,
      minUs: 0,
      maxUs: 0,
      sumUs: 0,
      sumSquares: 0,
      pipe: 2,
      elapsedUs: 1016000,
    }
    expect(say({ ...row, ...none })).toBe(
      '\n--- 10.0.0.7 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1016ms\npipe 2\n',
    )
    const two = {
      transmitted: 2,
      received: 2,
      errors: 0,
      minUs: 56,
      maxUs: 971685,
      sumUs: 971741,
      sumSquares: 56 ** 2 + 971685 ** 2,
      pipe: 1,
      elapsedUs: 1000000,
    }
    expect(say({ ...row, ...two })).toContain('rtt min/avg/max/mdev = 0.056/485.870/971.685/485.814 ms\n')
  })

  it('of busybox', () => {
    const row = {
      program: 'busybox/ping',
      kind: 'statistics',
      target: 'db',
      transmitted: 1,
      received: 1,
      repeated: 0,
      minUs: 729,
      maxUs: 729,
      sumUs: 729,
    }
    expect(say(row)).toBe(
      '\n--- db ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min/avg/max = 0.729/0.729/0.729 ms\n',
    )
  })
})

describe('curl', () => {
  const row = { program: 'curl', kind: 'failed', version: '7.88.1', verbose: false, mute: false }
  it('says why it failed', () => {
    expect(say({ ...row, code: 6, host: 'nosuch.example' })).toBe(
      'curl: (6) Could not resolve host: nosuch.example\n',
    )
    expect(say({ ...row, code: 7, host: '192.168.178.100', port: 81, tookMs: 0 })).toBe(
      "curl: (7) Failed to connect to 192.168.178.100 port 81 after 0 ms: Couldn't connect to server\n",
    )
    expect(say({ ...row, code: 28, stage: 'connecting', overall: true, tookMs: 2001 })).toBe(
      'curl: (28) Connection timed out after 2001 milliseconds\n',
    )
    expect(say({ ...row, version: '8.22.0', code: 7, host: '192.168.178.100', port: 81, tookMs: 0 })).toBe(
      'curl: (7) Failed to connect to 192.168.178.100:81 after 0 ms: Could not connect to server\n',
    )
    expect(say({ ...row, code: 6, host: 'x', mute: true })).toBe('')
  })
})

describe('tcpdump', () => {
  const options = {
    numeric: true,
    verbosity: 0,
    quick: false,
    linkLevel: false,
    times: 0,
    hex: 'none',
    number: false,
  }
  const timeUs = Date.UTC(2026, 10, 23, 17, 46, 46) * 1000 + 669776
  const base = {
    program: 'tcpdump',
    kind: 'packet',
    options,
    any: false,
    timeUs,
    previousUs: null,
    number: 1,
    direction: 'in',
    device: 'eth0',
    names: [],
  }
  const packet = {
    kind: 'ipv4',
    source: ip('192.168.178.50'),
    destination: ip('192.168.178.100'),
    ttl: 64,
    protocol: 6,
    tos: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
  }
  const flags = { fin: false, syn: true, rst: false, psh: false, ack: false, urg: false }
  const tcp = {
    kind: 'tcp',
    sourcePort: 57128,
    destinationPort: 8080,
    sequence: 900324469,
    acknowledgment: 0,
    flags,
    window: 64240,
    options: {
      maximumSegmentSize: 1460,
      windowScale: 10,
      sackPermitted: true,
      timestamps: { value: 3935749516, echo: 0 },
    },
    data: new Uint8Array(),
  }
  const frame = (payload: object) => ({
    destination: '02:42:ac:11:00:02',
    source: '02:42:ac:11:00:01',
    etherType: 0x0800,
    payload,
  })

  it('prints a SYN', () => {
    expect(say({ ...base, base: null, frame: frame({ ...packet, payload: tcp }) })).toBe(
      '17:46:46.669776 IP 192.168.178.50.57128 > 192.168.178.100.8080: Flags [S], seq 900324469, win 64240, options [mss 1460,sackOK,TS val 3935749516 ecr 0,nop,wscale 10], length 0\n',
    )
  })
  it('prints a request with relative numbers', () => {
    const data = new TextEncoder().encode(`GET / HTTP/1.1\r\n${'x'.repeat(68)}`)
    const push = {
      ...tcp,
      sequence: 900324470,
      acknowledgment: 257290872,
      flags: { ...flags, syn: false, psh: true, ack: true },
      window: 63,
    }
    const segment = {
      ...push,
      options: {
        ...tcp.options,
        maximumSegmentSize: null,
        windowScale: null,
        sackPermitted: false,
        timestamps: { value: 1, echo: 2 },
      },
      data,
    }
    expect(
      say({
        ...base,
        base: { sequence: 900324469, acknowledgment: 257290871 },
        frame: frame({ ...packet, payload: segment }),
      }),
    ).toBe(
      '17:46:46.669776 IP 192.168.178.50.57128 > 192.168.178.100.8080: Flags [P.], seq 1:85, ack 1, win 63, options [nop,nop,TS val 1 ecr 2], length 84: HTTP: GET / HTTP/1.1\n',
    )
    expect(flagText({ ...flags, syn: false, fin: true, psh: true, ack: true })).toBe('FP.')
  })
  it('prints the link header with -e', () => {
    const echo = {
      kind: 'icmp',
      type: 8,
      code: 0,
      identifier: 13,
      sequence: 0,
      mtu: 0,
      original: null,
      data: new Uint8Array(56),
    }
    const linkLevel = { ...base, options: { ...options, linkLevel: true }, base: null }
    expect(say({ ...linkLevel, frame: frame({ ...packet, protocol: 1, payload: echo }) })).toBe(
      '17:46:46.669776 02:42:ac:11:00:01 > 02:42:ac:11:00:02, ethertype IPv4 (0x0800), length 98: 192.168.178.50 > 192.168.178.100: ICMP echo request, id 13, seq 0, length 64\n',
    )
  })
  it('counts', () => {
    expect(say({ program: 'tcpdump', kind: 'summary', captured: 1, received: 20, dropped: 0 })).toBe(
      '1 packet captured\n20 packets received by filter\n0 packets dropped by kernel\n',
    )
  })
})
