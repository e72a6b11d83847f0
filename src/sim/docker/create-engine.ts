/** An engine comes into being on a host. What it does at each start stands in `daemon.ts` and `daemon-networking.ts`. */
import type { HostName } from '../kernel/simulation.ts'
import { defaultConfig } from './daemon-config.ts'
import { plainNetwork, startNetworking } from './daemon-networking.ts'
import { spawnDaemons } from './daemon-processes.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { drawEngineId } from './identifiers.ts'
import { imagesAtHand } from './images/at-hand.ts'
import { createAddressSpace } from './ipam.ts'
import { logStart } from './journal.ts'
import { createPortAllocator } from './ports.ts'
import { engineProfile } from './profile.ts'

/** What a world fixes instead of leaving it to chance. */
export interface EngineStart {
  readonly bridgeMac?: string
  /** What follows `veth` in the names of the next endpoints' devices on the host. */
  readonly vethNames?: readonly string[]
}

/** Starts an engine on a host: daemon, chains and rules, docker0, the three networks. Throws on an unknown profile. */
export function createEngine(
  world: EngineWorld,
  host: HostName,
  profileName: string,
  start: EngineStart = {},
): Engine {
  const profile = engineProfile(profileName)
  if (profile === undefined) throw new Error(`no engine profile '${profileName}'`)
  const engine: Engine = {
    host,
    profile: profile.name,
    id: drawEngineId(world.random),
    startedUs: world.nowUs,
    config: defaultConfig,
    service: 'active',
    journal: [],
    images: imagesAtHand(world.kernels.get(host)?.profile ?? '', world.epochMs + world.nowUs / 1000),
    containers: new Map(),
    networks: new Map(),
    endpoints: new Map(),
    sandboxes: new Map(),
    volumes: new Map(),
    ipam: createAddressSpace(),
    ports: createPortAllocator(),
    events: { kept: [], total: 0 },
    leftNetns: new Set(),
    drawnVeths: (start.vethNames ?? []).map((name) => `veth${name}`),
    daemonPid: 0,
    containerdPid: 0,
  }
  world.engines.set(host, engine)
  spawnDaemons(world, engine)
  for (const [name, driver] of [
    ['none', 'null'],
    ['host', 'host'],
  ] as const) {
    const network = plainNetwork(world, name, driver)
    engine.networks.set(network.id, network)
  }
  startNetworking(world, engine, start.bridgeMac)
  logStart(world, engine)
  return engine
}
