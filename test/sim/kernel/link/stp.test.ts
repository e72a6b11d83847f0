// Bridges in loops: with spanning tree they settle, and a failure is healed; without it a storm that has its bounds.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { transmitFrame } from '../../../../src/sim/kernel/link/transmit.ts'
import type { BridgeLink, Link } from '../../../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../../../src/sim/kernel/net-namespace.ts'
import {
  addBridgePort,
  setAgeing,
  setBridgePriority,
  setForwardDelay,
  setHelloTime,
  setPathCost,
  setPortState,
  setStp,
} from '../../../../src/sim/kernel/netlink/bridge.ts'
import { addLink, setLinkDown, setLinkUp } from '../../../../src/sim/kernel/netlink/link.ts'
import type { Simulation } from '../../../../src/sim/kernel/simulation.ts'
import type { Frame } from '../../../../src/sim/wire/frame.ts'
import { addHost, createLab, link, must, run } from '../lab.ts'

const SECOND = 1_000_000

interface Net {
  readonly sim: Simulation
  readonly netns: NetNamespace
  readonly bridges: BridgeLink[]
  /** Both ends of each cable, and the bridges at them. */
  readonly cables: { readonly ends: [Link, Link]; readonly between: [number, number] }[]
}

function build(count: number, cables: readonly (readonly [number, number])[], stp: boolean): Net {
  const sim = createLab(1, false)
  const { netns } = addHost(sim, 'h')
  const bridges = Array.from({ length: count }, (_, i) => {
    const mac = `02:00:00:00:00:${(0x10 + i).toString(16)}`
    const bridge = must(addLink(sim, netns, { kind: 'bridge', name: `br${i}`, mac })) as BridgeLink
    setStp(sim, netns, bridge, stp)
    must(setForwardDelay(sim, bridge, 2000))
    must(setHelloTime(sim, bridge, 1000))
    must(setLinkUp(sim, netns, bridge))
    return bridge
  })
  const made = cables.map(([one, other], i) => {
    const end = must(addLink(sim, netns, { kind: 'veth', name: `a${i}`, peer: { name: `b${i}` } }))
    const ends: [Link, Link] = [end, link(netns, `b${i}`)]
    must(addBridgePort(sim, netns, bridges[one]!, ends[0]))
    must(addBridgePort(sim, netns, bridges[other]!, ends[1]))
    for (const device of ends) must(setLinkUp(sim, netns, device))
    return { ends, between: [one, other] as [number, number] }
  })
  return { sim, netns, bridges, cables: made }
}

/** Cables that carry frames both ways. */
function active({ cables }: Net): (readonly [number, number])[] {
  return cables
    .filter(({ ends }) => ends.every((end) => end.port?.state === 'forwarding'))
    .map(({ between }) => between)
}

function components(count: number, edges: readonly (readonly [number, number])[]): number[] {
  const of = Array.from({ length: count }, (_, i) => i)
  for (const [one, other] of edges) {
    const [from, to] = [of[one]!, of[other]!]
    of.forEach((part, i) => {
      if (part === from) of[i] = to
    })
  }
  return of
}

const broadcast = (source: string): Frame => ({
  destination: 'ff:ff:ff:ff:ff:ff',
  source,
  etherType: 0x88b5,
  payload: { kind: 'raw', bytes: new Uint8Array(46) },
})

/** What the bridge is for one component: the lowest id in it. */
function bestOf(net: Net, parts: readonly number[], i: number): string {
  const ids = net.bridges.filter((_, j) => parts[j] === parts[i]).map(({ tree }) => tree.id)
  return ids.sort()[0]!
}

test('any net of bridges settles into a tree with the best bridge at its root; a broadcast arrives once', () => {
  const nets = fc.integer({ min: 2, max: 6 }).chain((count) => {
    const bridge = fc.integer({ min: 0, max: count - 1 })
    const cable = fc.tuple(bridge, bridge).filter(([one, other]) => one !== other)
    return fc.record({
      count: fc.constant(count),
      cables: fc.array(cable, { minLength: 1, maxLength: 9 }),
      priorities: fc.array(fc.constantFrom(0, 4096, 32768), { minLength: count, maxLength: count }),
      costs: fc.array(fc.constantFrom(2, 19, 100), { minLength: 18, maxLength: 18 }),
    })
  })
  fc.assert(
    fc.property(nets, ({ count, cables, priorities, costs }) => {
      const net = build(count, cables, true)
      const { sim, netns, bridges } = net
      bridges.forEach((bridge, i) => {
        must(setBridgePriority(sim, netns, bridge, priorities[i]!))
      })
      net.cables.forEach(({ ends }, i) => {
        ends.forEach((end, side) => {
          must(setPathCost(sim, netns, end, costs[2 * i + side]!))
        })
      })
      run(sim, 60 * SECOND)
      const parts = components(count, cables)
      const edges = active(net)
      expect(new Set(components(count, edges)).size).toBe(new Set(parts).size)
      expect(edges.length).toBe(count - new Set(parts).size)
      bridges.forEach((bridge, i) => {
        expect(bridge.tree.root).toBe(bestOf(net, parts, i))
        expect(bridge.tree.rootPort === 0).toBe(bridge.tree.root === bridge.tree.id)
      })
      // Nobody knows its protocol: it is counted as dropped.
      const before = bridges.map((bridge) => bridge.statistics.rxDropped)
      transmitFrame(sim, netns, bridges[0]!, broadcast(bridges[0]!.mac))
      run(sim, SECOND / 10)
      bridges.forEach((bridge, i) => {
        const heard = bridge.statistics.rxDropped - before[i]!
        expect(heard).toBe(i !== 0 && parts[i] === parts[0] ? 1 : 0)
      })
    }),
    { numRuns: 25 },
  )
}, 30_000)

test('a port listens and learns first; its bridge has carrier when the first one forwards', () => {
  const { sim, bridges, cables } = build(2, [[0, 1]], true)
  const states: (string | undefined)[] = []
  for (const wait of [0, 2.1, 2.1]) {
    run(sim, wait * SECOND)
    states.push(cables[0]!.ends[0].port?.state)
  }
  expect(states).toEqual(['listening', 'learning', 'forwarding'])
  expect(bridges[0]!.carrier).toBe(true)
})

test('a cut cable is healed by the one that was blocked, and a notification shortens the ageing', () => {
  const net = build(
    4,
    [
      [0, 1],
      [1, 2],
      [2, 0],
      [2, 3],
    ],
    true,
  )
  const { sim, netns, bridges, cables } = net
  run(sim, 60 * SECOND)
  expect(active(net)).toEqual([
    [0, 1],
    [2, 0],
    [2, 3],
  ])
  expect(bridges[0]!.ageingTimeMs).toBe(300_000)
  must(setLinkDown(sim, netns, cables[2]!.ends[0]))
  run(sim, 10 * SECOND)
  expect(active(net)).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ])
  // The far bridge told the root, and the root tells everybody.
  const near = bridges.slice(0, 3)
  expect(near.map(({ tree }) => tree.topologyChange)).toEqual([true, true, true])
  expect(near.map(({ ageingTimeMs }) => ageingTimeMs)).toEqual([4000, 4000, 4000])
  // Worse news from the same neighbour count once the old ones are too old.
  expect(bridges[3]!.tree.rootCost).toBe(4)
  run(sim, 20 * SECOND)
  expect(bridges[3]!.tree.rootCost).toBe(6)
  run(sim, 40 * SECOND)
  expect(bridges.map(({ ageingTimeMs }) => ageingTimeMs)).toEqual(Array(4).fill(300_000))
})

test('a silent neighbour is taken for lost after the max age', () => {
  const net = build(
    2,
    [
      [0, 1],
      [0, 1],
    ],
    true,
  )
  const { sim, netns, bridges, cables } = net
  run(sim, 30 * SECOND)
  expect(cables[1]!.ends[1].port?.state).toBe('blocking')
  must(setLinkDown(sim, netns, bridges[0]!))
  run(sim, 15 * SECOND)
  expect(bridges[1]!.tree.root).toBe(bridges[0]!.tree.id)
  run(sim, 15 * SECOND)
  expect(bridges[1]!.tree.root).toBe(bridges[1]!.tree.id)
  expect(cables[1]!.ends[1].port?.state).toBe('forwarding')
})

test('a bridge without spanning tree lets the messages through: the other one still finds the loop', () => {
  const net = build(
    2,
    [
      [0, 1],
      [0, 1],
    ],
    true,
  )
  const { sim, netns, bridges, cables } = net
  setStp(sim, netns, bridges[0]!, false)
  run(sim, 30 * SECOND)
  expect(bridges[1]!.tree.rootPort).toBe(0)
  expect(cables.map(({ ends }) => ends[1].port?.state)).toEqual(['forwarding', 'blocking'])
})

test('BPDU guard shuts the port, root block keeps it from leading to the root', () => {
  const guarded = build(2, [[0, 1]], true)
  guarded.cables[0]!.ends[1].port!.guard = true
  run(guarded.sim, 5 * SECOND)
  expect(guarded.cables[0]!.ends[1].port?.state).toBe('disabled')
  const blocked = build(2, [[0, 1]], true)
  blocked.cables[0]!.ends[1].port!.rootBlock = true
  run(blocked.sim, 20 * SECOND)
  expect(blocked.bridges[1]!.tree.rootPort).toBe(0)
  expect(blocked.cables[0]!.ends[1].port?.state).not.toBe('forwarding')
})

test('states by hand: refused while spanning tree runs', () => {
  const { sim, netns, bridges, cables } = build(2, [[0, 1]], true)
  const [end] = cables[0]!.ends
  expect(setPortState(sim, netns, end, 0)).toMatchObject({ ok: false, error: { code: 'EBUSY' } })
  setStp(sim, netns, bridges[0]!, false)
  must(setPortState(sim, netns, end, 0))
  expect(end.port?.state).toBe('disabled')
  expect(setPortState(sim, netns, end, 9)).toMatchObject({ ok: false, error: { code: 'EINVAL' } })
})

test('a loop without spanning tree: a storm that goes on, no faster than the processor', () => {
  const net = build(
    2,
    [
      [0, 1],
      [0, 1],
    ],
    false,
  )
  const { sim, netns, bridges } = net
  transmitFrame(sim, netns, bridges[0]!, broadcast('02:00:00:00:00:99'))
  run(sim, SECOND)
  const first = bridges[1]!.statistics.rxPackets
  run(sim, SECOND / 2)
  const more = bridges[1]!.statistics.rxPackets - first
  expect(more).toBeGreaterThan(5_000)
  expect(more).toBeLessThan(30_000)
})

test('addresses age; without a bridge that is up nothing is kept', () => {
  const { sim, netns, bridges, cables } = build(2, [[0, 1]], false)
  const [bridge, other] = bridges as [BridgeLink, BridgeLink]
  must(setAgeing(sim, other, 5000))
  transmitFrame(sim, netns, bridge, broadcast('02:00:00:00:00:77'))
  run(sim, SECOND)
  expect(other.fdb.get('02:00:00:00:00:77')?.port).toBe(cables[0]!.ends[1].ifindex)
  run(sim, 5 * SECOND)
  must(setAgeing(sim, other, 5000))
  transmitFrame(sim, netns, bridge, broadcast('02:00:00:00:00:78'))
  run(sim, SECOND)
  expect([...other.fdb.keys()].filter((mac) => mac.startsWith('02:00:00:00:00:7'))).toEqual([
    '02:00:00:00:00:78',
  ])
  must(setLinkDown(sim, netns, other))
  expect(other.fdb.size).toBe(0)
})
