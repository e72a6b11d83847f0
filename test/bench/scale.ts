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

export interface EngineResult {
  /** `docker run -d` in a world of 1,000 containers, the engine's part. */
  readonly runMs: number
  /** `docker network inspect` of a network with 1,000 endpoints, printed. */
  readonly inspectMs: number
  /** 100 networks with 10 containers each. */
  readonly hundredNetworksMs: number
}

const MANY = 1000

export async function measureEngine(): Promise<EngineResult> {
  const world = createWorld('linux', { engine: '20.10', seed: 1 }, services)
  const session = openSession(world, { interactive: false })
  await line(session, 'docker network create net0')
  create(world, MANY, 1)
  advanceWorld(world, world.nowUs + 5_000_000)
  const inspects = await samples(7, () => line(session, 'docker network inspect net0 > /dev/null'))
  const runs = await samples(51, (i) => start(world, `more${i}`, 'bridge'))
  return { runMs: median(runs), inspectMs: median(inspects), hundredNetworksMs: await hundredNetworks() }
}

/** More networks than the default pools hold: each names its subnet. */
async function hundredNetworks(): Promise<number> {
  const world = createWorld('linux', { engine: '20.10', seed: 1 }, services)
  const session = openSession(world, { interactive: false })
  for (let i = 0; i < 100; i++) await line(session, `docker network create --subnet 10.${i}.0.0/24 net${i}`)
  return timed(() => create(world, MANY, 100))
}

async function samples(count: number, action: (index: number) => void | Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) times.push(await timed(() => action(i)))
  return times
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

function create(world: World, containers: number, networks = NETWORKS): void {
  for (let i = 0; i < containers; i++) start(world, `c${i}`, `net${i % networks}`)
}

function start(world: World, name: string, network: string): void {
  const engine = world.engines.get('host1')!
  const made = createContainer(world, engine, { image: 'busybox', name, command: ['sleep', '1d'], network })
  if (!made.ok) throw new Error(`container ${name}: ${made.error.detail ?? made.error.code}`)
  const started = startContainer(world, engine, made.value)
  if (!started.ok) throw new Error(`container ${name}: ${started.error.detail ?? started.error.code}`)
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
