/** How cost grows with the number of containers: making them over ten networks, then looking and pinging. */
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { createContainer, startContainer } from '../../src/sim/docker/containers.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import { advanceWorld } from '../../src/sim/world/step.ts'
import type { World } from '../../src/sim/world/world.ts'

export interface ScaleResult {
  readonly containers: number
  readonly createMs: number
  readonly settleMs: number
  readonly psMs: number
  readonly addrMs: number
  /** One ping between two containers of a network, frames of the flood included. */
  readonly pingMs: number
  readonly heapMiB: number
}

const NETWORKS = 10

export async function measureScale(containers: number): Promise<ScaleResult> {
  const world = createWorld('linux', { engine: '20.10', seed: 1 }, services)
  const session = openSession(world, { interactive: false })
  for (let i = 0; i < NETWORKS; i++) await line(session, `docker network create net${i}`)
  const createMs = await timed(() => create(world, containers))
  const settleMs = await timed(() => advanceWorld(world, world.nowUs + 5_000_000))
  const psMs = await timed(() => line(session, 'docker ps -q | wc -l'))
  const addrMs = await timed(() => line(session, 'ip addr | wc -l'))
  // c0's neighbour on its network, or its gateway when it is alone there.
  const target = containers > NETWORKS ? `c${NETWORKS}` : '172.18.0.1'
  const pingMs = await timed(() => line(session, `docker exec c0 ping -c 1 ${target}`))
  return {
    containers,
    createMs,
    settleMs,
    psMs,
    addrMs,
    pingMs,
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
  }
}

function create(world: World, containers: number): void {
  const engine = world.engines.get('host1')!
  for (let i = 0; i < containers; i++) {
    const made = createContainer(world, engine, {
      image: 'busybox',
      name: `c${i}`,
      command: ['sleep', '1d'],
      network: `net${i % NETWORKS}`,
    })
    if (!made.ok) throw new Error(`container ${i}: ${made.error.detail ?? made.error.code}`)
    const started = startContainer(world, engine, made.value)
    if (!started.ok) throw new Error(`container ${i}: ${started.error.detail ?? started.error.code}`)
  }
}

async function line(session: Session, text: string): Promise<void> {
  const job = session.startLine('host1', text, { columns: 120, rows: 40 })
  const status = await session.waitFor(job)
  if (status !== 0) throw new Error(`'${text}' ended with ${status}: ${job.output().slice(0, 300)}`)
}

async function timed(action: () => void | Promise<void>): Promise<number> {
  const began = performance.now()
  await action()
  return performance.now() - began
}
