/** Packets through namespaces, bridges, hosts and cables: what arrives, what is said about what does not. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Kernel } from '../../../src/sim/kernel/kernel.ts'
import { linkFlags, operState } from '../../../src/sim/kernel/link/state.ts'
import type { Link } from '../../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import {
  addLink,
  setLinkDown,
  setLinkMtu,
  setLinkUp,
  setMaster,
} from '../../../src/sim/kernel/netlink/link.ts'
import { listNeighbors, setNeighbor } from '../../../src/sim/kernel/netlink/neighbor.ts'
import { addRoute } from '../../../src/sim/kernel/netlink/route.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import { readSysctl, writeSysctl } from '../../../src/sim/kernel/sysctl/sysctl.ts'
import * as lab from './lab.ts'

function firstReply(result: lab.PingResult) {
  const reply = result.replies[0]
  if (reply === undefined) throw new Error('no reply')
  return reply
}

describe('a veth pair between two namespaces', () => {
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
  })
  const up = () => {
    lab.must(setLinkUp(sim, red, lab.link(red, 'r')))
    lab.must(setLinkUp(sim, blue, lab.link(blue, 'b')))
  }

  it('has no route while the device is down', () => {
    expect(lab.ping(sim, red, '10.0.0.2').sent).toMatchObject({ error: { code: 'ENETUNREACH' } })
  })

  it('reaches itself through lo, and nobody while the other end is down', () => {
    lab.must(setLinkUp(sim, red, lab.link(red, 'r')))
    const own = firstReply(lab.ping(sim, red, '10.0.0.1'))
    expect(own.atUs).toBeLessThan(60)
    expect(linkFlags(sim, lab.link(red, 'r'))).toEqual(['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'])
    expect(lab.ping(sim, red, '10.0.0.2').replies).toEqual([])
  })

  it('loses packets for itself while lo is down', () => {
    lab.must(setLinkUp(sim, red, lab.link(red, 'r')))
    setLinkDown(sim, red, lab.link(red, 'lo'))
    expect(lab.ping(sim, red, '10.0.0.1')).toMatchObject({ sent: { ok: true }, replies: [] })
  })

  it('answers within the first hundred microseconds once both ends are up', () => {
    up()
    expect(firstReply(lab.ping(sim, red, '10.0.0.2'))).toMatchObject({ from: lab.ip('10.0.0.2'), ttl: 64 })
    expect(firstReply(lab.ping(sim, red, '10.0.0.2')).atUs).toBeLessThan(100)
    expect(operState(sim, lab.link(red, 'r'))).toBe('UP')
    expect(listNeighbors(red)).toMatchObject([{ address: lab.ip('10.0.0.2'), state: 'REACHABLE' }])
  })

  it('says host unreachable from its own address three seconds after a packet for nobody', () => {
    up()
    const reply = firstReply(lab.ping(sim, red, '10.0.0.7', 4e6))
    expect(reply).toMatchObject({ from: lab.ip('10.0.0.1'), type: 3, code: 1 })
    expect(reply.atUs / 1e6).toBeCloseTo(3.06, 1)
    expect(listNeighbors(red)).toMatchObject([{ state: 'FAILED', probes: 6 }])
  })

  it('lets an entry grow stale, then confirms it by asking', () => {
    up()
    lab.ping(sim, red, '10.0.0.2')
    lab.run(sim, 50e6)
    expect(listNeighbors(red)[0]?.state).toBe('STALE')
    lab.ping(sim, red, '10.0.0.2', 1000)
    expect(listNeighbors(red)[0]?.state).toBe('DELAY')
    lab.run(sim, 6e6)
    expect(listNeighbors(red)[0]?.state).toBe('REACHABLE')
  })

  it('keeps what is queued until an address is set by hand', () => {
    up()
    lab.ping(sim, red, '10.0.0.2', 1)
    setNeighbor(sim, red, {
      ifindex: lab.link(red, 'r').ifindex,
      address: lab.ip('10.0.0.2'),
      mac: '02:00:00:00:00:99',
    })
    lab.run(sim, 1000)
    expect(lab.drops(sim)).toContain('NOT_FOR_US')
  })

  it('gets a link-local address that is tentative for one to two seconds', () => {
    up()
    const own = () => lab.link(red, 'r').addresses6[0]
    expect(own()?.address).toMatch(/^fe80::/)
    expect(own()?.tentative).toBe(true)
    lab.run(sim, 2.1e6)
    expect(own()?.tentative).toBe(false)
    const { txPackets, txBytes } = lab.link(red, 'r').statistics
    lab.run(sim, 1e6)
    expect([lab.link(red, 'r').statistics.txPackets, txPackets <= 6]).toEqual([6, true])
    expect(lab.link(red, 'r').statistics.txBytes).toBe(4 * 90 + 86 + 70)
    expect(txBytes).toBeLessThanOrEqual(516)
  })

  it('loses its link-local address with disable_ipv6', () => {
    up()
    writeSysctl(sim, red, 'net.ipv6.conf.all.disable_ipv6', '1')
    expect(lab.link(red, 'r').addresses6).toEqual([])
    expect(readSysctl(red, 'net.ipv6.conf.r.disable_ipv6')).toBe('1')
  })
})

describe('containers on a bridge, the host, a LAN', () => {
  let sim: Simulation
  let kernel: Kernel
  let host: NetNamespace
  let lan: NetNamespace
  let bridge: Link
  let c1: NetNamespace
  let c2: NetNamespace
  beforeEach(() => {
    sim = lab.createLab()
    ;({ kernel, netns: host } = lab.addHost(sim, 'host1'))
    lan = lab.addHost(sim, 'client').netns
    lab.cable(sim, [host, '192.168.178.100/24'], [lan, '192.168.178.50/24'])
    bridge = lab.addBridge(sim, host, 'docker0', '172.17.0.1/16')
    c1 = lab.addContainer(sim, kernel, host, bridge, '172.17.0.2/16', '172.17.0.1')
    c2 = lab.addContainer(sim, kernel, host, bridge, '172.17.0.3/16', '172.17.0.1')
    lab.run(sim, 3e6)
  })
  const forwarding = () => writeSysctl(sim, host, 'net.ipv4.ip_forward', '1')

  it('container to container in 40 to 120 microseconds, TTL untouched', () => {
    lab.ping(sim, c1, '172.17.0.3')
    const times = Array.from({ length: 20 }, () => firstReply(lab.ping(sim, c1, '172.17.0.3')))
    for (const { atUs, ttl } of times) {
      expect(ttl).toBe(64)
      expect(atUs).toBeGreaterThan(40)
      expect(atUs).toBeLessThan(120)
    }
    expect(new Set(times.map(({ atUs }) => atUs)).size).toBeGreaterThan(5)
  })

  it('container to host and back', () => {
    expect(firstReply(lab.ping(sim, c1, '172.17.0.1')).ttl).toBe(64)
    expect(firstReply(lab.ping(sim, host, '172.17.0.2')).ttl).toBe(64)
    expect(firstReply(lab.ping(sim, c1, '192.168.178.100')).from).toBe(lab.ip('192.168.178.100'))
  })

  it('container to LAN only with ip_forward, and only while the other end knows the way back', () => {
    expect(lab.ping(sim, c1, '192.168.178.50').replies).toEqual([])
    expect(lab.drops(sim)).toContain('IP_FORWARDING_OFF')
    forwarding()
    expect(lab.ping(sim, c1, '192.168.178.50').replies).toEqual([])
    lab.must(
      addRoute(sim, lan, {
        destination: { address: lab.ip('172.17.0.0'), length: 16 },
        gateway: lab.ip('192.168.178.100'),
      }),
    )
    expect(firstReply(lab.ping(sim, c1, '192.168.178.50')).ttl).toBe(63)
    writeSysctl(sim, host, 'net.ipv4.conf.docker0.forwarding', '0')
    expect(lab.ping(sim, c1, '192.168.178.50').replies).toEqual([])
  })

  it('a router tells of an expired TTL, of no route, of too long packets', () => {
    forwarding()
    expect(firstReply(lab.ping(sim, c1, '192.168.178.50', 1e5, { ttl: 1 }))).toMatchObject({
      from: lab.ip('172.17.0.1'),
      type: 11,
    })
    expect(firstReply(lab.ping(sim, c1, '203.0.113.10'))).toMatchObject({ type: 3, code: 0 })
    setLinkMtu(sim, host, lab.link(host, 'eth0'), 576)
    const long = lab.echoRequest(0, 1).payload
    const payload = { ...long, data: new Uint8Array(1000) } as typeof long
    expect(firstReply(lab.ping(sim, c1, '192.168.178.50', 1e5, { payload }))).toMatchObject({
      type: 3,
      code: 4,
      mtu: 576,
    })
    const again = lab.ping(sim, c1, '192.168.178.50', 1e5, { payload })
    expect(again.sent).toMatchObject({ error: { code: 'EMSGSIZE', detail: '576' } })
  })

  it('cuts what may be cut, and puts it together again', () => {
    forwarding()
    lab.must(
      addRoute(sim, lan, {
        destination: { address: lab.ip('172.17.0.0'), length: 16 },
        gateway: lab.ip('192.168.178.100'),
      }),
    )
    const long = lab.echoRequest(0, 1).payload
    const payload = { ...long, data: Uint8Array.from({ length: 4000 }, (_, i) => i & 255) } as typeof long
    const result = lab.ping(sim, c1, '192.168.178.50', 1e5, { payload, dontFragment: false })
    expect(firstReply(result)).toMatchObject({ type: 0 })
    expect(lan.fragments.size).toBe(0)
  })

  it('says host unreachable to a container whose packet found no neighbour', () => {
    forwarding()
    const reply = firstReply(lab.ping(sim, c1, '192.168.178.77', 4e6))
    expect(reply).toMatchObject({ from: lab.ip('172.17.0.1'), type: 3, code: 1 })
  })

  it('drops packets that claim a source of our own, and with rp_filter those that came the wrong way', () => {
    lab.ping(sim, c1, '172.17.0.1')
    lab.ping(sim, c1, '172.17.0.1', 1e5, { source: lab.ip('192.168.178.100') })
    expect(lab.drops(sim)).toContain('MARTIAN')
    writeSysctl(sim, host, 'net.ipv4.conf.all.rp_filter', '1')
    lab.ping(sim, c1, '172.17.0.1', 1e5, { source: lab.ip('192.168.178.7') })
    expect(lab.drops(sim)).toContain('RP_FILTER')
  })

  it('counts the bridge without Ethernet headers on the way up', () => {
    lab.ping(sim, c1, '172.17.0.1')
    const before = { ...bridge.statistics }
    lab.ping(sim, c1, '172.17.0.1')
    expect(bridge.statistics.rxBytes - before.rxBytes).toBe(84)
    expect(bridge.statistics.txBytes - before.txBytes).toBe(98)
    const eth0 = lab.link(c1, 'eth0')
    const port = lab.link(host, 'veth0')
    expect(port.statistics.rxPackets).toBe(eth0.statistics.txPackets)
    expect(port.statistics.rxBytes).toBe(eth0.statistics.txBytes)
  })

  it('is cut off when the port leaves the bridge, and when the bridge goes down', () => {
    const port = lab.link(host, 'veth0')
    setMaster(sim, host, port, null)
    lab.run(sim, 1e6)
    expect(lab.ping(sim, c1, '172.17.0.3').replies).toEqual([])
    setMaster(sim, host, port, bridge.ifindex)
    expect(firstReply(lab.ping(sim, c1, '172.17.0.3')).ttl).toBe(64)
    setLinkDown(sim, host, bridge)
    expect(lab.ping(sim, c1, '172.17.0.3').replies).toEqual([])
    expect(firstReply(lab.ping(sim, host, '172.17.0.1')).ttl).toBe(64)
    setLinkUp(sim, host, bridge)
    expect(firstReply(lab.ping(sim, c1, '172.17.0.3')).ttl).toBe(64)
  })

  it('tells a neighbour of a better first hop, at most nine times', () => {
    forwarding()
    lab.must(
      addRoute(sim, c1, {
        destination: { address: lab.ip('172.17.0.3'), length: 32 },
        gateway: lab.ip('172.17.0.1'),
      }),
    )
    const types = lab.ping(sim, c1, '172.17.0.3').replies.map(({ type }) => type)
    expect(types.sort()).toEqual([0, 5])
    for (let i = 0; i < 30; i++) lab.ping(sim, c1, '172.17.0.3', 1e6)
    expect(host.redirects.get(lab.ip('172.17.0.2'))?.count).toBe(9)
    writeSysctl(sim, host, 'net.ipv4.conf.all.send_redirects', '0')
    writeSysctl(sim, host, 'net.ipv4.conf.docker0.send_redirects', '0')
    lab.run(sim, 60e6)
    expect(lab.ping(sim, c1, '172.17.0.3').replies.map(({ type }) => type)).toEqual([0])
  })

  it('does not let loopback addresses leave', () => {
    const sent = lab.ping(sim, c1, '172.17.0.1', 1e5, { source: lab.ip('127.0.0.1') }).sent
    expect(sent).toMatchObject({ error: { code: 'EINVAL' } })
  })

  it('loses what is on a cut cable', () => {
    sim.cables.get(1)!.connected = false
    expect(lab.ping(sim, host, '192.168.178.50').replies).toEqual([])
    expect(operState(sim, lab.link(host, 'eth0'))).toBe('DOWN')
  })

  it('knows who lives behind which port, and forgets after the ageing time', () => {
    lab.ping(sim, c1, '172.17.0.3')
    if (bridge.kind !== 'bridge') throw new Error('not a bridge')
    const mac = lab.link(c1, 'eth0').mac
    expect(bridge.fdb.get(mac)?.port).toBe(lab.link(host, 'veth0').ifindex)
    lab.run(sim, 301e6)
    lab.ping(sim, host, '172.17.0.3')
    lab.ping(sim, c2, '172.17.0.9', 1000)
    expect(bridge.fdb.has(lab.link(c2, 'eth0').mac)).toBe(true)
  })
})
