/** Two sockets and a line between them that loses, delays and reorders. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createQueue, dequeue, enqueue, nextTime } from '../../../src/sim/base/event-queue.ts'
import { createRandom, nextUint32 } from '../../../src/sim/base/random.ts'
import type { Kernel } from '../../../src/sim/kernel/kernel.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import type { TcpSocket } from '../../../src/sim/kernel/socket.ts'
import { openSocket } from '../../../src/sim/kernel/sockets/open.ts'
import type { Process } from '../../../src/sim/kernel/task/types.ts'
import {
  acceptTcp,
  closeTcp,
  connectTcp,
  listenTcp,
  receiveTcp,
  sendTcp,
  shutdownTcp,
} from '../../../src/sim/kernel/tcp/calls.ts'
import { deliverTcp } from '../../../src/sim/kernel/tcp/input.ts'
import { handleTcpTimer } from '../../../src/sim/kernel/tcp/timer.ts'
import type { Ipv4Packet } from '../../../src/sim/wire/frame.ts'

const line = vi.hoisted(() => ({
  send: (_netns: unknown, _packet: unknown): void => {},
  route: (netns: NetNamespace) => ({
    ok: true,
    value: { mtu: 1500, isBroadcast: false, device: 2, source: netns.id },
  }),
}))
vi.mock('../../../src/sim/kernel/sockets/ip-layer.ts', () => ({
  sendIpv4: (_sim: unknown, netns: unknown, packet: unknown) => {
    line.send(netns, packet)
    return { ok: true, value: undefined }
  },
  sendDatagram: (_sim: unknown, netns: unknown, datagram: object) => {
    line.send(netns, { kind: 'ipv4', ...datagram })
    return { ok: true, value: undefined }
  },
  lookupIp: line.route,
  lookupConnect: line.route,
}))

interface Lab {
  sim: Simulation
  kernels: [Kernel, Kernel]
  netns: [NetNamespace, NetNamespace]
  processes: [Process, Process]
  sent: { atUs: number; packet: Ipv4Packet }[]
  run(untilUs: number): void
}

function makeLab(seed: number, loss: number, jitterUs: number): Lab {
  const sim = {
    nowUs: 0,
    random: createRandom(seed),
    queue: createQueue(),
    kernels: new Map(),
    trace: null,
  } as unknown as Simulation
  const make = (host: string, id: number) => {
    const netns = {
      id,
      host,
      links: new Map([[2, { mtu: 1500, kind: 'veth', addresses: [{ address: id, broadcast: null }] }]]),
      sockets: new Map(),
      sysctls: new Map(),
      counters: { packetSockets: 0 },
    } as unknown as NetNamespace
    const process = { pid: 7, netns: id, descriptors: new Map() } as unknown as Process
    const kernel = {
      host,
      features: { release: '6.18.44' },
      namespaces: new Map([[id, netns]]),
      processes: new Map([[7, process]]),
      next: { socket: 1 },
      log: [],
    } as unknown as Kernel
    sim.kernels.set(host, kernel)
    return { netns, kernel, process }
  }
  const a = make('a', 1)
  const b = make('b', 2)
  const netns: [NetNamespace, NetNamespace] = [a.netns, b.netns]
  const dice = createRandom(seed + 1)
  const lab: Lab = {
    sim,
    kernels: [a.kernel, b.kernel],
    netns,
    processes: [a.process, b.process],
    sent: [],
    run(untilUs) {
      for (;;) {
        if (nextTime(sim.queue) > untilUs) break
        const next = dequeue(sim.queue)!
        sim.nowUs = next.atUs
        const event = next.event as unknown as {
          kind: string
          to: NetNamespace
          packet: Ipv4Packet
          host: string
          timer: never
        }
        if (event.kind === 'packet') deliverTcp(sim, event.to, { packet: event.packet, input: 2 } as never)
        else if (event.kind === 'timer')
          handleTcpTimer(sim, event.host === 'a' ? netns[0] : netns[1], event.timer)
      }
      sim.nowUs = untilUs
    },
  }
  line.send = (_from, packet) => {
    const p = packet as Ipv4Packet
    lab.sent.push({ atUs: sim.nowUs, packet: p })
    if ((nextUint32(dice) % 1000) / 1000 < loss) return
    const delay = 50 + (jitterUs === 0 ? 0 : nextUint32(dice) % jitterUs)
    const to = p.destination === 1 ? netns[0] : netns[1]
    enqueue(sim.queue, sim.nowUs + delay, { kind: 'packet', to, packet: p } as never)
  }
  return lab
}

function pair(lab: Lab): { client: TcpSocket; listener: TcpSocket } {
  const listener = openSocket(lab.sim, lab.kernels[1], lab.processes[1], { kind: 'tcp' })
  expect(listenTcp(lab.sim, lab.netns[1], listener, 0, 80, 5).ok).toBe(true)
  const client = openSocket(lab.sim, lab.kernels[0], lab.processes[0], { kind: 'tcp' })
  expect(connectTcp(lab.sim, lab.netns[0], client, 2, 80).ok).toBe(true)
  return { client, listener }
}

const flagsOf = (packet: Ipv4Packet): string =>
  packet.payload.kind === 'tcp'
    ? Object.entries(packet.payload.flags)
        .filter(([, on]) => on)
        .map(([name]) => name)
        .join(' ')
    : ''

describe('TCP', () => {
  it('shakes hands, carries a request and an answer, and parts as Linux does', () => {
    const lab = makeLab(1, 0, 0)
    const { client, listener } = pair(lab)
    lab.run(1000)
    expect(client.state).toBe('ESTABLISHED')
    expect(client.localPort % 2).toBe(0)
    const server = acceptTcp(lab.kernels[1], lab.processes[1], listener)!
    sendTcp(lab.sim, lab.netns[0], client, new Uint8Array(84))
    lab.run(2000)
    expect(receiveTcp(lab.sim, lab.netns[1], server)).toHaveLength(84)
    sendTcp(lab.sim, lab.netns[1], server, new Uint8Array(853))
    lab.run(3000)
    expect(receiveTcp(lab.sim, lab.netns[0], client)).toHaveLength(853)
    closeTcp(lab.sim, lab.netns[0], client)
    lab.run(4000)
    expect(receiveTcp(lab.sim, lab.netns[1], server)).toBe('eof')
    closeTcp(lab.sim, lab.netns[1], server)
    lab.run(5000)
    expect(lab.sent.map((s) => flagsOf(s.packet))).toEqual([
      'syn',
      'syn ack',
      'ack',
      'psh ack',
      'ack',
      'psh ack',
      'ack',
      'fin ack',
      'fin ack',
      'ack',
    ])
    const windows = lab.sent.map((s) => (s.packet.payload.kind === 'tcp' ? s.packet.payload.window : 0))
    expect(windows).toEqual([64240, 65160, 63, 63, 64, 64, 64, 64, 64, 64])
    expect(client.state).toBe('TIME-WAIT')
    lab.run(70_000_000)
    expect([...lab.netns[0].sockets.values()]).toEqual([])
    expect([...lab.netns[1].sockets.keys()]).toEqual([listener.id])
  })

  it('answers a closed port with RST', () => {
    const lab = makeLab(2, 0, 0)
    const client = openSocket(lab.sim, lab.kernels[0], lab.processes[0], { kind: 'tcp' })
    connectTcp(lab.sim, lab.netns[0], client, 2, 81)
    lab.run(1000)
    expect(lab.sent.map((s) => flagsOf(s.packet))).toEqual(['syn', 'rst ack'])
    expect(client.error).toBe('ECONNREFUSED')
  })

  it('sends the SYN again, first every second, then ever more seldom, and gives up', () => {
    const lab = makeLab(3, 1, 0)
    const { client } = pair(lab)
    lab.run(400_000_000)
    expect(lab.sent.map((s) => s.atUs / 1e6)).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67])
    expect(client.error).toBe('ETIMEDOUT')
  })

  it('doubles from the start on older kernels', () => {
    const lab = makeLab(3, 1, 0)
    Object.assign(lab.kernels[0].features, { release: '4.19.76-linuxkit' })
    pair(lab)
    lab.run(400_000_000)
    expect(lab.sent.map((s) => s.atUs / 1e6)).toEqual([0, 1, 3, 7, 15, 31, 63])
  })

  it('loses and reorders nothing that it was given', () => {
    const data = fc.uint8Array({ minLength: 1, maxLength: 60_000 })
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 3000 }),
        data,
        (seed, loss, jitter, bytes) => {
          const lab = makeLab(seed, loss / 100, jitter)
          const { client, listener } = pair(lab)
          let server: TcpSocket | null = null
          const got: number[] = []
          let over = false
          let sent = false
          for (let t = 0; t < 600 && !over; t++) {
            lab.run(t * 500_000)
            server ??= acceptTcp(lab.kernels[1], lab.processes[1], listener)
            if (!sent && client.state === 'ESTABLISHED') {
              sendTcp(lab.sim, lab.netns[0], client, bytes)
              shutdownTcp(lab.sim, lab.netns[0], client)
              sent = true
            }
            if (server === null) continue
            const part = receiveTcp(lab.sim, lab.netns[1], server)
            if (part === 'eof') over = true
            else if (part !== null) for (const byte of part) got.push(byte)
          }
          expect(over).toBe(true)
          expect(Uint8Array.from(got)).toEqual(bytes)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('stops at a closed window and goes on when it opens', () => {
    const lab = makeLab(9, 0, 0)
    const { client, listener } = pair(lab)
    lab.run(1000)
    const server = acceptTcp(lab.kernels[1], lab.processes[1], listener)!
    const bytes = new Uint8Array(250_000).map((_, i) => i)
    expect(sendTcp(lab.sim, lab.netns[0], client, bytes)).toEqual({ ok: true, value: 250_000 })
    lab.run(60_000_000)
    expect(server.receiveBufferLength).toBeLessThan(200_000)
    const got: number[] = []
    for (let t = 60; t < 90; t++) {
      const part = receiveTcp(lab.sim, lab.netns[1], server)
      if (part !== null && part !== 'eof') for (const byte of part) got.push(byte)
      lab.run(t * 1_000_000)
    }
    expect(got).toHaveLength(bytes.length)
    expect(got.every((byte, at) => byte === bytes[at])).toBe(true)
  })
})
