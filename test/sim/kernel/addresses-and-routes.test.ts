/** Route look-up, ARP and settings, each by itself. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { lookupRoute, matchTable } from '../../../src/sim/kernel/ip/fib.ts'
import { fragmentsOf } from '../../../src/sim/kernel/ip/fragment.ts'
import { defragment } from '../../../src/sim/kernel/ip/reassembly.ts'
import { sendGratuitousArp } from '../../../src/sim/kernel/neighbor/solicit.ts'
import type { NetNamespace, Route, RouteTable } from '../../../src/sim/kernel/net-namespace.ts'
import { addLink, setLinkUp } from '../../../src/sim/kernel/netlink/link.ts'
import { listNeighbors, setNeighbor } from '../../../src/sim/kernel/netlink/neighbor.ts'
import { addRoute } from '../../../src/sim/kernel/netlink/route.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import { hasSysctl, readSysctl, sysctlKeys, writeSysctl } from '../../../src/sim/kernel/sysctl/sysctl.ts'
import { emitIpv4, packetLength } from '../../../src/sim/wire/ipv4.ts'
import { maskOf } from '../../../src/sim/wire/ipv4-address.ts'
import * as lab from './lab.ts'

let sim: Simulation
let red: NetNamespace
let blue: NetNamespace
beforeEach(() => {
  sim = lab.createLab()
  const { kernel } = lab.addHost(sim, 'client')
  red = lab.addNamespace(sim, kernel)
  blue = lab.addNamespace(sim, kernel)
  lab.must(addLink(sim, red, { kind: 'veth', name: 'r', peer: { name: 'b', netns: blue.id } }))
  lab.address(sim, red, lab.link(red, 'r'), '10.0.0.1/24')
  lab.address(sim, blue, lab.link(blue, 'b'), '10.0.0.2/24')
  lab.must(setLinkUp(sim, red, lab.link(red, 'r')))
  lab.must(setLinkUp(sim, blue, lab.link(blue, 'b')))
})

const address = fc.integer({ min: 0, max: 0xffffffff })

describe('the forwarding table', () => {
  it('finds what a search of the whole list finds', () => {
    const prefix = fc
      .tuple(address, fc.integer({ min: 0, max: 32 }))
      .map(([value, length]) => ({ address: (value & maskOf(length)) >>> 0, length }))
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 40 }), address, (prefixes, wanted) => {
        const table: RouteTable = { byLength: new Map() }
        for (const destination of prefixes) {
          const byNetwork = table.byLength.get(destination.length) ?? new Map<number, Route[]>()
          table.byLength.set(destination.length, byNetwork)
          byNetwork.set(destination.address, [{ destination, ifindex: 1 } as Route])
        }
        const longest = Math.max(
          -1,
          ...prefixes
            .filter(({ address: network, length }) => (wanted & maskOf(length)) >>> 0 === network)
            .map(({ length }) => length),
        )
        expect(matchTable(table, wanted, null)?.destination.length ?? -1).toBe(longest)
      }),
    )
  })

  it('prefers own addresses, then the longest prefix, and says which source fits', () => {
    lab.defaultRoute(sim, red, '10.0.0.2')
    const to = (text: string) => lab.must(lookupRoute(red, { destination: lab.ip(text) }))
    expect(to('10.0.0.1')).toMatchObject({ device: 1, source: lab.ip('10.0.0.1') })
    expect(to('10.0.0.9')).toMatchObject({ device: 2, gateway: null, source: lab.ip('10.0.0.1') })
    expect(to('8.8.8.8')).toMatchObject({ gateway: lab.ip('10.0.0.2'), source: lab.ip('10.0.0.1') })
    expect(to('127.0.0.5')).toMatchObject({ device: 1, source: lab.ip('127.0.0.1') })
  })

  it('names the error of a route that refuses', () => {
    const refuse = (type: Route['type']) => {
      const destination = { address: lab.ip('192.0.2.0'), length: 24 }
      lab.must(addRoute(sim, red, { destination, type }, 'replace'))
      return lookupRoute(red, { destination: lab.ip('192.0.2.1') })
    }
    expect(refuse('unreachable')).toMatchObject({ error: { code: 'EHOSTUNREACH' } })
    expect(refuse('prohibit')).toMatchObject({ error: { code: 'EACCES' } })
    expect(refuse('blackhole')).toMatchObject({ error: { code: 'EINVAL' } })
    expect(lookupRoute(red, { destination: 1 })).toMatchObject({ error: { code: 'ENETUNREACH' } })
  })
})

describe('fragments', () => {
  it('fit, and make the whole again in any order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 68, max: 1500 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1e6 })),
        (length, mtu, order) => {
          const payload = { ...lab.echoRequest(0, 1).payload, data: new Uint8Array(length).fill(7) }
          const packet = lab.echoRequest(lab.ip('10.0.0.1'), 1, {
            source: lab.ip('10.0.0.2'),
            payload: payload as never,
          })
          const pieces = fragmentsOf(packet, mtu).map((piece) => ({
            piece,
            at: order.next().value as number,
          }))
          for (const { piece } of pieces) expect(packetLength(piece)).toBeLessThanOrEqual(mtu)
          pieces.sort((x, y) => x.at - y.at)
          if (pieces.length < 2) return
          const wholes = pieces.map(({ piece }) => defragment(sim, red, piece)).filter((w) => w !== null)
          expect(wholes).toHaveLength(1)
          expect(emitIpv4(wholes[0]!)).toEqual(emitIpv4({ ...packet, dontFragment: wholes[0]!.dontFragment }))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('are given up after thirty seconds', () => {
    const payload = { ...lab.echoRequest(0, 1).payload, data: new Uint8Array(3000) } as never
    const packet = lab.echoRequest(lab.ip('10.0.0.1'), 1, { source: lab.ip('10.0.0.2'), payload })
    defragment(sim, red, fragmentsOf(packet, 1500)[0]!)
    lab.run(sim, 31e6)
    expect(red.fragments.size).toBe(0)
    expect(lab.drops(sim)).toContain('FRAGMENT_TIMEOUT')
  })
})

describe('ARP', () => {
  const macOf = (netns: NetNamespace, name: string) => lab.link(netns, name).mac

  it('keeps the asker as STALE, and does not answer a host that says it is us', () => {
    lab.ping(sim, red, '10.0.0.2', 30)
    expect(listNeighbors(blue)).toMatchObject([{ mac: macOf(red, 'r'), state: 'STALE', probes: 0 }])
    lab.address(sim, red, lab.link(red, 'r'), '10.0.0.2/24')
    blue.neighbors.clear()
    for (const { type } of lab.ping(sim, blue, '10.0.0.1', 4e6).replies) expect(type).toBe(3)
    expect(lab.drops(sim)).toContain('NEIGH_FAILED')
  })

  it('answers for any address on any device, unless arp_ignore forbids', () => {
    lab.must(addLink(sim, blue, { kind: 'dummy', name: 'd' }))
    lab.address(sim, blue, lab.link(blue, 'd'), '10.0.0.77/32')
    expect(lab.ping(sim, red, '10.0.0.77').replies).toHaveLength(1)
    red.neighbors.clear()
    writeSysctl(sim, blue, 'net.ipv4.conf.all.arp_ignore', '1')
    expect(lab.ping(sim, red, '10.0.0.77').replies).toEqual([])
  })

  it('learns from an announcement only what it knows already', () => {
    sendGratuitousArp(sim, red, lab.link(red, 'r'), lab.ip('10.0.0.1'))
    lab.run(sim, 1000)
    expect(listNeighbors(blue)).toEqual([])
    setNeighbor(sim, blue, {
      ifindex: lab.link(blue, 'b').ifindex,
      address: lab.ip('10.0.0.1'),
      mac: '02:00:00:00:00:01',
      state: 'STALE',
    })
    sendGratuitousArp(sim, red, lab.link(red, 'r'), lab.ip('10.0.0.1'))
    lab.run(sim, 1000)
    expect(listNeighbors(blue)).toMatchObject([{ mac: macOf(red, 'r'), state: 'STALE' }])
  })

  it('leaves an entry made by hand alone', () => {
    const entry = {
      ifindex: lab.link(red, 'r').ifindex,
      address: lab.ip('10.0.0.2'),
      mac: '02:00:00:00:00:01',
    }
    setNeighbor(sim, red, entry)
    lab.ping(sim, blue, '10.0.0.1')
    expect(listNeighbors(red)).toMatchObject([{ mac: entry.mac, state: 'PERMANENT' }])
  })

  it('stands in for others with proxy_arp', () => {
    lab.must(addLink(sim, blue, { kind: 'dummy', name: 'd' }))
    lab.address(sim, blue, lab.link(blue, 'd'), '10.0.5.1/24')
    lab.must(setLinkUp(sim, blue, lab.link(blue, 'd')))
    writeSysctl(sim, blue, 'net.ipv4.ip_forward', '1')
    lab.must(addRoute(sim, red, { destination: { address: lab.ip('10.0.5.0'), length: 24 }, ifindex: 2 }))
    lab.ping(sim, red, '10.0.5.9')
    expect(listNeighbors(red)).toMatchObject([{ state: 'INCOMPLETE' }])
    writeSysctl(sim, blue, 'net.ipv4.conf.b.proxy_arp', '1')
    lab.run(sim, 4e6)
    lab.ping(sim, red, '10.0.5.9')
    expect(listNeighbors(red)).toMatchObject([{ mac: macOf(blue, 'b'), state: 'REACHABLE' }])
  })
})

describe('settings', () => {
  it('reads what was written, refuses what is no number, does not know what does not exist', () => {
    expect(writeSysctl(sim, red, 'net.ipv4.conf.r.rp_filter', '2').ok).toBe(true)
    expect(readSysctl(red, 'net.ipv4.conf.r.rp_filter')).toBe('2')
    expect(writeSysctl(sim, red, 'net.ipv4.ip_forward', 'yes')).toMatchObject({ error: { code: 'EINVAL' } })
    expect(writeSysctl(sim, red, 'net.ipv4.nosuch', '1')).toMatchObject({ error: { code: 'ENOENT' } })
    expect(hasSysctl(red, 'net.ipv4.conf.nosuch.rp_filter')).toBe(false)
    expect(writeSysctl(sim, red, 'net.ipv4.ip_local_port_range', '40000 50000').ok).toBe(true)
    expect(readSysctl(red, 'net.ipv4.ip_local_port_range')).toBe('40000\t50000')
  })

  it('carries forwarding to all devices, and to namespaces that are made later', () => {
    writeSysctl(sim, red, 'net.ipv4.ip_forward', '1')
    for (const key of ['all', 'default', 'r', 'lo']) {
      expect(readSysctl(red, `net.ipv4.conf.${key}.forwarding`)).toBe('1')
    }
    const { kernel, netns } = lab.addHost(sim, 'other')
    writeSysctl(sim, netns, 'net.ipv4.ip_forward', '1')
    expect(readSysctl(lab.addNamespace(sim, kernel), 'net.ipv4.ip_forward')).toBe('1')
  })

  it('gives new devices the default, and leaves old ones what they have', () => {
    writeSysctl(sim, red, 'net.ipv4.conf.default.rp_filter', '1')
    lab.must(addLink(sim, red, { kind: 'dummy', name: 'd' }))
    expect(readSysctl(red, 'net.ipv4.conf.d.rp_filter')).toBe('1')
    expect(readSysctl(red, 'net.ipv4.conf.r.rp_filter')).toBe('0')
  })

  it('lists keys that can all be read, in order', () => {
    const keys = sysctlKeys(red)
    expect(keys).toEqual([...keys].sort())
    for (const key of keys) expect(hasSysctl(red, key)).toBe(true)
    expect(keys).toContain('net.bridge.bridge-nf-call-iptables')
  })
})
