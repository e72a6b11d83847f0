/**
 * Random topologies built with a shell's commands (test/differential), random packets, captures on every device: what
 * was seen, counted, traced and tracked adds up, and bytes are the same as values.
 */
import { describe, expect, test } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import type { Link } from '../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../src/sim/kernel/net-namespace.ts'
import type { PacketSocket } from '../../src/sim/kernel/socket.ts'
import { createTrace, type TraceEvent } from '../../src/sim/kernel/trace.ts'
import type { Frame, Ipv4Packet } from '../../src/sim/wire/frame.ts'
import { emitFrame, frameLength, packetLength, parseFrame } from '../../src/sim/wire/frame-codec.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import type { World } from '../../src/sim/world/world.ts'
import { drawScenario } from '../differential/topology.ts'

const SEEDS = Array.from({ length: 24 }, (_, i) => 1001 + i)
const TOOLS = { ping: true, brctl: true, iptables: true }

interface Watched {
  readonly netns: NetNamespace
  readonly link: Link
  readonly socket: PacketSocket
  readonly before: Link['statistics']
}

interface Run {
  readonly world: World
  readonly watched: Watched[]
}

function watch(netns: NetNamespace, link: Link): Watched {
  const socket: PacketSocket = {
    id: 900_000 + link.ifindex,
    kind: 'packet',
    owner: 0,
    ownerFd: 0,
    device: link.ifindex,
    ttl: 64,
    tos: 0,
    error: null,
    promiscuous: false,
    received: [],
    dropped: 0,
    limit: 100_000,
  } as PacketSocket
  netns.sockets.set(socket.id, socket)
  netns.counters.packetSockets++
  return { netns, link, socket, before: { ...link.statistics } }
}

async function runLine(session: Session, line: string): Promise<void> {
  const wait = /^!sleep (\S+)$/.exec(line)
  if (wait !== null) return session.advance(Number(wait[1]) * 1e6)
  await session.waitFor(session.startLine('host1', line.replace(/^host1\$ /, ''), null))
}

async function execute(seed: number): Promise<Run> {
  const { lines } = drawScenario(seed, 't-', TOOLS)
  const world = createWorld('bare', { engine: '20.10', seed }, services)
  const session = openSession(world, { interactive: false })
  const built = lines.indexOf('!sleep 1.5')
  for (const line of lines.slice(0, built + 1)) await runLine(session, line)
  world.trace = createTrace(200_000)
  const watched = [...world.kernels.get('host1')!.namespaces.values()].flatMap((netns) =>
    [...netns.links.values()].map((link) => watch(netns, link)),
  )
  for (const line of lines.slice(built + 1)) if (/ping|^!/.test(line)) await runLine(session, line)
  await session.advance(3e6)
  return { world, watched }
}

function frameOf({ step }: TraceEvent): Frame | null {
  if ('frame' in step) return step.frame
  return step.kind === 'drop' && !('kind' in step.packet) ? step.packet : null
}

function packetOf(event: TraceEvent): Ipv4Packet | null {
  const frame = frameOf(event)
  if (frame !== null) return frame.payload.kind === 'ipv4' ? frame.payload : null
  const packet = 'packet' in event.step ? event.step.packet : null
  return packet !== null && 'kind' in packet && packet.kind === 'ipv4' ? packet : null
}

/** Identity of an echo request or reply, whatever its addresses were rewritten to. */
function echoOf(packet: Ipv4Packet | null): string | null {
  const icmp = packet?.payload
  if (icmp?.kind !== 'icmp' || (icmp.type !== 8 && icmp.type !== 0)) return null
  return `${icmp.type} ${packet!.identification} ${icmp.sequence}`
}

/** The length of a packet that an ICMP error quotes in part is not kept by value. */
function quotesCutPacket(frame: Frame): boolean {
  const icmp = frame.payload.kind === 'ipv4' ? frame.payload.payload : null
  return icmp?.kind === 'icmp' && icmp.original !== null && packetLength(icmp.original) > 548
}

describe('random topologies, whole stack', () => {
  const runs = new Map<number, Promise<Run>>()
  const run = (seed: number): Promise<Run> => {
    if (!runs.has(seed)) runs.set(seed, execute(seed))
    return runs.get(seed)!
  }

  test.each(SEEDS)('captures add up with the counters, seed %i', async (seed) => {
    const { watched } = await run(seed)
    for (const { netns, link, socket, before } of watched) {
      const where = `${netns.id} ${link.name}`
      const out = socket.received.filter(({ direction }) => direction === 'out')
      const inward = socket.received.filter(({ direction }) => direction !== 'out')
      const { statistics: after } = link
      expect(inward.length, `${where} in`).toBe(after.rxPackets - before.rxPackets)
      // A device that is down drops before anybody sees it, one whose peer is down afterwards.
      const sent = after.txPackets - before.txPackets
      expect(out.length, `${where} out`).toBeGreaterThanOrEqual(sent)
      expect(out.length, `${where} out`).toBeLessThanOrEqual(sent + after.txDropped - before.txDropped)
      if (link.kind !== 'veth') continue
      const bytes = inward.reduce((sum, { frame }) => sum + frameLength(frame), 0)
      expect(bytes, `${where} bytes`).toBe(after.rxBytes - before.rxBytes)
    }
  })

  test.each(SEEDS)('emit and parse are inverse for all traced frames, seed %i', async (seed) => {
    const { world } = await run(seed)
    const seen = new Set<Frame>()
    for (const event of world.trace!.events) {
      const frame = frameOf(event)
      if (frame === null || seen.has(frame)) continue
      seen.add(frame)
      const bytes = emitFrame(frame)
      expect(bytes.length).toBe(frameLength(frame))
      expect(frameLength(parseFrame(bytes))).toBe(bytes.length)
      if (!quotesCutPacket(frame)) expect(emitFrame(parseFrame(bytes))).toEqual(bytes)
    }
  })

  test.each(SEEDS)('TTL only falls, and by one a router, seed %i', async (seed) => {
    const { world } = await run(seed)
    const last = new Map<string, number>()
    for (const event of world.trace!.events) {
      const packet = packetOf(event)
      const echo = echoOf(packet)
      if (packet === null || echo === null || packet.fragmentOffset > 0 || packet.identification === 0)
        continue
      const before = last.get(echo)
      if (before !== undefined) {
        expect(packet.ttl).toBeLessThanOrEqual(before)
        expect(before - packet.ttl).toBeLessThanOrEqual(1)
      }
      last.set(echo, packet.ttl)
    }
  })

  test.each(SEEDS)(
    'each flow is found from both sides, and replies get back to who asked, seed %i',
    async (seed) => {
      const { world, watched } = await run(seed)
      for (const netns of new Set(watched.map((one) => one.netns))) {
        for (const entry of netns.conntrack.connections.values()) {
          if (!entry.confirmed) continue
          const keys = [...netns.conntrack.byTuple].filter(([, value]) => value >> 1 === entry.id)
          expect(keys.map(([, value]) => value & 1).sort()).toEqual([0, 1])
          if (!entry.sourceNat || !entry.seenReply) continue
          const back = world.trace!.events.some(
            ({ step }) =>
              step.kind === 'rewrite' &&
              step.before.destination === entry.reply.destination &&
              step.after.destination === entry.original.source,
          )
          expect(back).toBe(true)
        }
      }
    },
  )

  test.each(SEEDS.slice(0, 4))('the same seed gives the same trace, seed %i', async (seed) => {
    const [one, other] = [await run(seed), await execute(seed)]
    expect(other.world.trace!.noted).toBe(one.world.trace!.noted)
    expect(JSON.stringify(other.world.trace!.events)).toBe(JSON.stringify(one.world.trace!.events))
  })
})
