/** Whatever is built and sent: nothing gets lost without a reason, TTLs fall, the same seed gives the same trace. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sendIpv4 } from '../../../src/sim/kernel/ip/output.ts'
import type { Link } from '../../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { addLink, setLinkDown, setLinkUp, setMaster } from '../../../src/sim/kernel/netlink/link.ts'
import { addRoute } from '../../../src/sim/kernel/netlink/route.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import { writeSysctl } from '../../../src/sim/kernel/sysctl/sysctl.ts'
import type { TraceEvent } from '../../../src/sim/kernel/trace.ts'
import type { Ipv4Packet } from '../../../src/sim/wire/frame.ts'
import * as lab from './lab.ts'

interface Plan {
  readonly seed: number
  readonly bridges: number
  /** Namespaces by the bridge they hang on. */
  readonly namespaces: readonly { readonly bridge: number; readonly forwards: boolean }[]
  readonly packets: readonly {
    readonly from: number
    readonly to: number
    readonly ttl: number
    readonly length: number
    readonly fragments: boolean
  }[]
  /** A namespace whose device goes down half way. */
  readonly fails: number
}

const plan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  bridges: fc.integer({ min: 1, max: 3 }),
  namespaces: fc.array(
    fc.record({
      bridge: fc.nat(2),
      forwards: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  packets: fc.array(
    fc.record({
      from: fc.nat(5),
      to: fc.nat(7),
      ttl: fc.integer({ min: 1, max: 4 }),
      length: fc.nat(3000),
      fragments: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  fails: fc.nat(5),
})

/** One host: bridge i has 10.0.i.1/24, its namespaces 10.0.i.(10 + n)/24 with a default route to it. */
function build(input: Plan): { sim: Simulation; members: NetNamespace[]; host: NetNamespace } {
  const sim = lab.createLab(input.seed)
  const { kernel, netns: host } = lab.addHost(sim, 'host')
  writeSysctl(sim, host, 'net.ipv4.ip_forward', '1')
  const bridges: Link[] = []
  for (let i = 0; i < input.bridges; i++) bridges.push(lab.addBridge(sim, host, `br${i}`, `10.0.${i}.1/24`))
  const members = input.namespaces.map(({ bridge, forwards }, n) => {
    const index = bridge % input.bridges
    const prefix = `10.0.${index}.${10 + n}/24`
    const netns = lab.addContainer(sim, kernel, host, bridges[index]!, prefix, `10.0.${index}.1`)
    if (forwards) writeSysctl(sim, netns, 'net.ipv4.ip_forward', '1')
    return netns
  })
  lab.must(
    addRoute(sim, host, {
      destination: { address: lab.ip('10.9.0.0'), length: 16 },
      gateway: lab.ip(`10.0.${input.namespaces[0]!.bridge % input.bridges}.10`),
    }),
  )
  return { sim, members, host }
}

function destination(input: Plan, to: number): number {
  if (to >= input.namespaces.length) return lab.ip(to % 2 === 0 ? '10.9.1.1' : '10.0.0.200')
  return lab.ip(`10.0.${input.namespaces[to]!.bridge % input.bridges}.${10 + to}`)
}

function execute(input: Plan): { sim: Simulation; sent: number[] } {
  const { sim, members } = build(input)
  const sent: number[] = []
  input.packets.forEach((packet, sequence) => {
    if (sequence === input.packets.length >> 1) {
      const unlucky = members[input.fails % members.length]!
      setLinkDown(sim, unlucky, lab.link(unlucky, 'eth0'))
    }
    const payload = { ...lab.echoRequest(0, sequence).payload, data: new Uint8Array(packet.length) } as never
    const result = sendIpv4(
      sim,
      members[packet.from % members.length]!,
      lab.echoRequest(destination(input, packet.to), sequence, {
        ttl: packet.ttl,
        dontFragment: !packet.fragments,
        identification: 0,
        payload,
      }),
    )
    if (result.ok) sent.push(sequence)
    lab.run(sim, 300)
  })
  lab.run(sim, 40e6)
  return { sim, sent }
}

function packetOf(event: TraceEvent): Ipv4Packet | null {
  const step = event.step
  if ('frame' in step) return step.frame.payload.kind === 'ipv4' ? step.frame.payload : null
  if (!('packet' in step)) return null
  const packet = step.packet
  if ('kind' in packet) return packet.kind === 'ipv4' ? packet : null
  return packet.payload.kind === 'ipv4' ? packet.payload : null
}

/** The request that an event is about: whole ones only. */
function requestOf(event: TraceEvent): number | null {
  const payload = packetOf(event)?.payload
  return payload?.kind === 'icmp' && payload.type === 8 ? payload.sequence : null
}

describe('random topologies', () => {
  it('each frame that left a wire device arrives or is dropped for a reason', () => {
    fc.assert(
      fc.property(plan, (input) => {
        const { sim } = execute(input)
        const events = sim.trace!.events
        const bridges = new Set<string>()
        for (const kernel of sim.kernels.values()) {
          for (const netns of kernel.namespaces.values()) {
            for (const link of netns.links.values()) {
              if (link.kind === 'bridge') bridges.add(`${netns.id} ${link.ifindex}`)
            }
          }
        }
        const onWire = ({ netns, ifindex }: TraceEvent) => !bridges.has(`${netns} ${ifindex}`)
        const left = events.filter((event) => event.step.kind === 'transmit' && onWire(event)).length
        const arrived = events.filter((event) => event.step.kind === 'receive' && onWire(event)).length
        const lost = events.filter(
          ({ step }) => step.kind === 'drop' && step.reason === 'DEVICE_DOWN' && !('kind' in step.packet),
        ).length
        expect(arrived).toBeLessThanOrEqual(left)
        expect(left - arrived).toBeLessThanOrEqual(lost)
      }),
      { numRuns: 40 },
    )
  })

  it('each packet is delivered or dropped for a reason', () => {
    fc.assert(
      fc.property(plan, (input) => {
        const { sim, sent } = execute({
          ...input,
          packets: input.packets.map((p) => ({ ...p, length: p.length % 1400 })),
        })
        const ended = new Set<number>()
        for (const event of sim.trace!.events) {
          const sequence = requestOf(event)
          if (sequence !== null && (event.step.kind === 'deliver' || event.step.kind === 'drop'))
            ended.add(sequence)
        }
        for (const sequence of sent) expect(ended).toContain(sequence)
      }),
      { numRuns: 40 },
    )
  })

  it('no packet has more time to live than it was sent with, and none travels with none', () => {
    fc.assert(
      fc.property(plan, (input) => {
        const { sim } = execute(input)
        for (const event of sim.trace!.events) {
          const packet = packetOf(event)
          const sequence = requestOf(event)
          if (packet === null) continue
          expect(packet.ttl).toBeGreaterThan(0)
          if (sequence !== null) expect(packet.ttl).toBeLessThanOrEqual(input.packets[sequence]!.ttl)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('the same seed gives the same trace', () => {
    fc.assert(
      fc.property(plan, (input) => {
        expect(execute(input).sim.trace).toEqual(execute(input).sim.trace)
      }),
      { numRuns: 10 },
    )
  })

  it('a loop of bridges saturates the host and no more', () => {
    const sim = lab.createLab(1, false)
    const { kernel, netns: host } = lab.addHost(sim, 'host')
    const bridge = lab.addBridge(sim, host, 'br0', '10.0.0.1/24')
    const container = lab.addContainer(sim, kernel, host, bridge, '10.0.0.2/24', null)
    lab.run(sim, 3e6)
    for (const name of ['x', 'y', 'z']) {
      lab.must(addLink(sim, host, { kind: 'veth', name: `${name}0`, peer: { name: `${name}1` } }))
      for (const end of [`${name}0`, `${name}1`]) {
        lab.must(setMaster(sim, host, lab.link(host, end), bridge.ifindex))
        lab.must(setLinkUp(sim, host, lab.link(host, end)))
      }
    }
    sendIpv4(sim, container, lab.echoRequest(lab.ip('10.0.0.9'), 1))
    const before = bridge.statistics.rxPackets
    lab.run(sim, 20_000)
    expect(bridge.statistics.rxPackets - before).toBeGreaterThan(1000)
    expect(bridge.statistics.rxPackets - before).toBeLessThan(40_000)
    expect(sim.queue.heap.length).toBeLessThan(2000)
  })
})
