/** macvlan, ipvlan, VLANs and VXLAN: who reaches whom, what is seen on the card, what is refused. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Kernel } from '../../../src/sim/kernel/kernel.ts'
import { linkFlags, operState } from '../../../src/sim/kernel/link/state.ts'
import type { MacvlanMode, VxlanLink } from '../../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import {
  addLink,
  deleteLink,
  findLink,
  type LinkSpec,
  moveLink,
  setLinkDown,
  setLinkMtu,
  setLinkUp,
  setMaster,
} from '../../../src/sim/kernel/netlink/link.ts'
import { addRoute } from '../../../src/sim/kernel/netlink/route.ts'
import { addVxlanEntry, deleteVxlanEntry } from '../../../src/sim/kernel/netlink/vxlan.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import * as lab from './lab.ts'

const KINDS = new Set(['bridge', 'veth', 'dummy', 'macvlan', 'ipvlan', 'vlan', 'vxlan'])

interface Host {
  readonly kernel: Kernel
  readonly netns: NetNamespace
}

let sim: Simulation
let one: Host
let other: Host

function host(name: string): Host {
  const made = lab.addHost(sim, name)
  const kernel: Kernel = { ...made.kernel, features: { ...made.kernel.features, linkKinds: KINDS } }
  sim.kernels.set(name, kernel)
  return { kernel, netns: made.netns }
}

beforeEach(() => {
  sim = lab.createLab()
  one = host('one')
  other = host('other')
  lab.cable(sim, [one.netns, '10.0.0.1/24'], [other.netns, '10.0.0.2/24'])
})

const cardOf = (netns: NetNamespace) => ({
  host: netns.host,
  netns: netns.id,
  ifindex: lab.link(netns, 'eth0').ifindex,
})

/** A device on the card of `at`, in a namespace of its own. */
function inside(at: Host, spec: LinkSpec, prefix: string): NetNamespace {
  const netns = lab.addNamespace(sim, at.kernel)
  const made = lab.must(addLink(sim, netns, { ...spec, name: 'dev0', lower: cardOf(at.netns) }))
  lab.address(sim, netns, made, prefix)
  lab.must(setLinkUp(sim, netns, made))
  return netns
}

const reaches = (from: NetNamespace, to: string): boolean =>
  lab.ping(sim, from, to).replies.some((one) => one.type === 0)

describe('macvlan', () => {
  const pair = (mode: MacvlanMode) =>
    [
      inside(one, { kind: 'macvlan', macvlanMode: mode }, '10.0.0.11/24'),
      inside(one, { kind: 'macvlan', macvlanMode: mode }, '10.0.0.12/24'),
    ] as const

  it('in mode bridge: siblings and the wire, never the card itself', () => {
    const [red] = pair('bridge')
    expect(reaches(red, '10.0.0.12')).toBe(true)
    expect(reaches(red, '10.0.0.2')).toBe(true)
    expect(reaches(other.netns, '10.0.0.11')).toBe(true)
    expect(reaches(red, '10.0.0.1')).toBe(false)
    expect(reaches(one.netns, '10.0.0.11')).toBe(false)
  })

  it('in modes private and vepa siblings are apart', () => {
    for (const mode of ['private', 'vepa'] as const) {
      const [red, blue] = pair(mode)
      expect(reaches(red, '10.0.0.12')).toBe(false)
      expect(reaches(red, '10.0.0.2')).toBe(true)
      for (const netns of [red, blue]) lab.must(deleteLink(sim, netns, lab.link(netns, 'dev0')))
    }
  })

  it('in mode passthru stands alone and has the address of the card', () => {
    const red = inside(one, { kind: 'macvlan', macvlanMode: 'passthru' }, '10.0.0.11/24')
    expect(lab.link(red, 'dev0').mac).toBe(lab.link(one.netns, 'eth0').mac)
    expect(reaches(red, '10.0.0.2')).toBe(true)
    const second = addLink(sim, red, { kind: 'macvlan', lower: cardOf(one.netns) })
    expect(second).toMatchObject({ ok: false, error: { code: 'EINVAL' } })
  })

  it('a device of the host itself reaches them', () => {
    const [red] = pair('bridge')
    const own = lab.must(
      addLink(sim, one.netns, {
        kind: 'macvlan',
        macvlanMode: 'bridge',
        name: 'mac0',
        lower: cardOf(one.netns),
      }),
    )
    lab.address(sim, one.netns, own, '10.0.1.1/24')
    lab.must(setLinkUp(sim, one.netns, own))
    lab.address(sim, red, lab.link(red, 'dev0'), '10.0.1.2/24')
    expect(reaches(one.netns, '10.0.1.2')).toBe(true)
  })

  it('follows the card: carrier, MTU, end', () => {
    const [red] = pair('bridge')
    const device = lab.link(red, 'dev0')
    const card = lab.link(one.netns, 'eth0')
    expect(operState(sim, device)).toBe('UP')
    lab.must(setLinkMtu(sim, one.netns, card, 1400))
    expect(device.mtu).toBe(1400)
    expect(setLinkMtu(sim, red, device, 1500)).toMatchObject({ ok: false, error: { code: 'EINVAL' } })
    lab.must(setLinkDown(sim, one.netns, card))
    expect(operState(sim, device)).toBe('LOWERLAYERDOWN')
    expect(linkFlags(sim, device)).toContain('NO-CARRIER')
  })

  it('can be moved, and a bridge port carries none', () => {
    const made = lab.must(
      addLink(sim, one.netns, {
        kind: 'macvlan',
        macvlanMode: 'bridge',
        name: 'm',
        lower: cardOf(one.netns),
      }),
    )
    const red = lab.addNamespace(sim, one.kernel)
    const moved = lab.must(moveLink(sim, one.netns, made, red))
    lab.address(sim, red, moved, '10.0.0.21/24')
    lab.must(setLinkUp(sim, red, moved))
    expect(reaches(red, '10.0.0.2')).toBe(true)
    const bridge = lab.must(addLink(sim, one.netns, { kind: 'bridge', name: 'br0' }))
    const joined = setMaster(sim, one.netns, lab.link(one.netns, 'eth0'), bridge.ifindex)
    expect(joined).toMatchObject({ ok: false, error: { code: 'EBUSY' } })
    expect(addLink(sim, one.netns, { kind: 'ipvlan', lower: cardOf(one.netns) })).toMatchObject({
      ok: false,
      error: { code: 'EBUSY' },
    })
  })
})

describe('ipvlan', () => {
  it('l2: all have the address of the card and reach siblings and the wire, not the card', () => {
    const red = inside(one, { kind: 'ipvlan', ipvlanMode: 'l2' }, '10.0.0.11/24')
    const blue = inside(one, { kind: 'ipvlan', ipvlanMode: 'l2' }, '10.0.0.12/24')
    expect(lab.link(red, 'dev0').mac).toBe(lab.link(blue, 'dev0').mac)
    expect(reaches(red, '10.0.0.12')).toBe(true)
    expect(reaches(red, '10.0.0.2')).toBe(true)
    expect(reaches(other.netns, '10.0.0.12')).toBe(true)
    expect(reaches(red, '10.0.0.1')).toBe(false)
  })

  it('l3: no ARP, routed by the host; the other side needs a route', () => {
    const red = inside(one, { kind: 'ipvlan', ipvlanMode: 'l3' }, '10.5.0.11/24')
    const blue = inside(one, { kind: 'ipvlan', ipvlanMode: 'l3' }, '10.6.0.12/24')
    expect(linkFlags(sim, lab.link(red, 'dev0'))).toContain('NOARP')
    for (const netns of [red, blue]) {
      const destination = { address: 0, length: 0 }
      lab.must(addRoute(sim, netns, { destination, ifindex: lab.link(netns, 'dev0').ifindex }))
    }
    expect(reaches(red, '10.6.0.12')).toBe(true)
    expect(reaches(red, '10.0.0.2')).toBe(false)
    lab.must(
      addRoute(sim, other.netns, {
        destination: { address: lab.ip('10.5.0.0'), length: 16 },
        gateway: lab.ip('10.0.0.1'),
      }),
    )
    expect(reaches(red, '10.0.0.2')).toBe(true)
    expect(reaches(other.netns, '10.5.0.11')).toBe(true)
  })

  it('an address stands on one device only', () => {
    const red = inside(one, { kind: 'ipvlan', ipvlanMode: 'l2' }, '10.0.0.11/24')
    expect(() => inside(one, { kind: 'ipvlan', ipvlanMode: 'l2' }, '10.0.0.11/24')).toThrow('EADDRINUSE')
    expect(findLink(red, 'dev0')).toBeDefined()
  })
})

describe('VLAN sub-interfaces', () => {
  const vlan = (at: Host, vid: number, prefix: string) => {
    const made = lab.must(
      addLink(sim, at.netns, { kind: 'vlan', vid, name: `eth0.${vid}`, lower: cardOf(at.netns) }),
    )
    lab.address(sim, at.netns, made, prefix)
    lab.must(setLinkUp(sim, at.netns, made))
    return made
  }

  it('frames carry the tag on the wire, and only the same number hears them', () => {
    vlan(one, 50, '10.50.0.1/24')
    vlan(other, 50, '10.50.0.2/24')
    vlan(one, 60, '10.60.0.1/24')
    vlan(other, 61, '10.60.0.2/24')
    expect(reaches(one.netns, '10.50.0.2')).toBe(true)
    expect(reaches(one.netns, '10.60.0.2')).toBe(false)
    const tags = new Set<number>()
    for (const { step, host } of sim.trace?.events ?? []) {
      if (step.kind !== 'transmit' || host !== 'one') continue
      if (step.frame.vlan !== undefined) tags.add(step.frame.vlan.vid)
    }
    expect([...tags].sort()).toEqual([50, 60])
  })

  it('goes up and down with the card, and ends with it', () => {
    const made = vlan(one, 50, '10.50.0.1/24')
    const card = lab.link(one.netns, 'eth0')
    lab.must(setLinkDown(sim, one.netns, card))
    expect(made.up).toBe(false)
    expect(setLinkUp(sim, one.netns, made)).toMatchObject({ ok: false, error: { code: 'ENETDOWN' } })
    lab.must(setLinkUp(sim, one.netns, card))
    expect(made.up).toBe(true)
    const again = addLink(sim, one.netns, { kind: 'vlan', vid: 50, lower: cardOf(one.netns) })
    expect(again).toMatchObject({ ok: false, error: { code: 'EEXIST' } })
  })
})

describe('VXLAN', () => {
  const vxlan = (at: Host, vni: number, prefix: string, remote?: string, port = 4789): VxlanLink => {
    const made = lab.must(
      addLink(sim, at.netns, {
        kind: 'vxlan',
        name: `vx${vni}`,
        vxlan: {
          vni,
          destinationPort: port,
          device: lab.link(at.netns, 'eth0').ifindex,
          ...(remote === undefined ? {} : { remote: lab.ip(remote) }),
        },
      }),
    ) as VxlanLink
    lab.address(sim, at.netns, made, prefix)
    lab.must(setLinkUp(sim, at.netns, made))
    return made
  }

  it('joins two hosts over UDP, learns, and leaves room for its headers', () => {
    const near = vxlan(one, 42, '10.42.0.1/24', '10.0.0.2')
    const far = vxlan(other, 42, '10.42.0.2/24', '10.0.0.1')
    expect(near.mtu).toBe(1450)
    expect(reaches(one.netns, '10.42.0.2')).toBe(true)
    expect(near.fdb.get(far.mac)?.remotes[0]?.address).toBe(lab.ip('10.0.0.2'))
  })

  it('another number or another port is another network', () => {
    vxlan(one, 42, '10.42.0.1/24', '10.0.0.2')
    vxlan(other, 43, '10.42.0.2/24', '10.0.0.1')
    expect(reaches(one.netns, '10.42.0.2')).toBe(false)
    vxlan(one, 44, '10.44.0.1/24', '10.0.0.2')
    vxlan(other, 44, '10.44.0.2/24', '10.0.0.1', 8472)
    expect(reaches(one.netns, '10.44.0.2')).toBe(false)
  })

  it('peers by hand: frames for unknown addresses go to all of them', () => {
    const near = vxlan(one, 42, '10.42.0.1/24')
    vxlan(other, 42, '10.42.0.2/24', '10.0.0.1')
    expect(reaches(one.netns, '10.42.0.2')).toBe(false)
    const remote = { address: lab.ip('10.0.0.2'), port: null, vni: null, ifindex: null }
    const entry = { mac: '00:00:00:00:00:00', remote, kind: 'permanent' } as const
    lab.must(addVxlanEntry(sim, near, entry, 'append'))
    expect(reaches(one.netns, '10.42.0.2')).toBe(true)
    expect(addVxlanEntry(sim, near, entry, 'append')).toMatchObject({ ok: false, error: { code: 'EEXIST' } })
    lab.must(deleteVxlanEntry(near, entry.mac, remote))
    expect(near.fdb.has(entry.mac)).toBe(false)
  })

  it('a group of the underlay takes the place of peers', () => {
    vxlan(one, 7, '10.7.0.1/24', '239.1.1.1')
    vxlan(other, 7, '10.7.0.2/24', '239.1.1.1')
    expect(reaches(one.netns, '10.7.0.2')).toBe(true)
  })

  it('goes on working from another namespace, and ends with the card', () => {
    const near = vxlan(one, 42, '10.42.0.1/24', '10.0.0.2')
    vxlan(other, 42, '10.42.0.2/24', '10.0.0.1')
    const red = lab.addNamespace(sim, one.kernel)
    const moved = lab.must(moveLink(sim, one.netns, near, red))
    lab.address(sim, red, moved, '10.42.0.1/24')
    lab.must(setLinkUp(sim, red, moved))
    expect(reaches(red, '10.42.0.2')).toBe(true)
    expect([...one.netns.sockets.values()].map((socket) => socket.kind)).toContain('udp')
    lab.must(setLinkDown(sim, red, moved))
    expect([...one.netns.sockets.values()].filter((socket) => socket.kind === 'udp')).toEqual([])
  })
})

describe('captures', () => {
  it('show the tag of a VLAN, and can ask for it', async () => {
    const { replay } = await import('../../../src/headless/replay.ts')
    const text = await replay(
      [
        'host1$ ip link add link eth0 name eth0.50 type vlan id 50',
        'host1$ ip link set eth0.50 up',
        'host1$ ip addr add 10.50.0.1/24 dev eth0.50',
        '!bg CAP host1$ tcpdump -nei eth0 -c 1 vlan 50 and arp',
        'host1$ ping -c 1 -W 1 10.50.0.2',
        '!end CAP',
        '',
      ].join('\n'),
      { world: 'linux', engine: '20.10', seed: 1 },
    )
    const line =
      'ethertype 802.1Q (0x8100), length 46: vlan 50, p 0, ethertype ARP (0x0806), Request who-has 10.50.0.2'
    expect(text).toContain(line)
  })
})
