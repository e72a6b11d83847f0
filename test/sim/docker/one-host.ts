/** One host with an engine and nothing else: what tests of the engine need. */
import { createQueue } from '../../../src/sim/base/event-queue.ts'
import { createRandom } from '../../../src/sim/base/random.ts'
import type { Container } from '../../../src/sim/docker/container.ts'
import { createContainer, type SimpleRequest, startContainer } from '../../../src/sim/docker/containers.ts'
import { createEngine } from '../../../src/sim/docker/create-engine.ts'
import type { Engine } from '../../../src/sim/docker/engine.ts'
import type { NetworkRequest } from '../../../src/sim/docker/networks.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { setLinkUp } from '../../../src/sim/kernel/netlink/link.ts'
import { bootHost, initialNetns } from '../../../src/sim/world/host.ts'
import { labHost } from '../../../src/sim/world/profiles.ts'
import type { World } from '../../../src/sim/world/world.ts'

export interface OneHost {
  readonly world: World
  readonly engine: Engine
  readonly netns: NetNamespace
}

export function oneHost(seed = 1, profile = '20.10'): OneHost {
  const world: World = {
    format: 2,
    name: 'lab',
    engineProfile: profile,
    seed,
    nowUs: 0,
    epochMs: 1795455000000,
    random: createRandom(seed),
    queue: createQueue(),
    kernels: new Map(),
    cables: new Map(),
    engines: new Map(),
    ready: [],
    trace: null,
    services: { word: () => '' },
  }
  const kernel = bootHost(world, 'host1', labHost, {
    '/etc/hosts': '127.0.0.1\tlocalhost\n',
    '/etc/resolv.conf': 'nameserver 203.0.113.10\n',
  })
  const netns = initialNetns(kernel)
  const lo = netns.links.get(1)
  if (lo !== undefined) setLinkUp(world, netns, lo)
  return { world, engine: createEngine(world, 'host1', profile), netns }
}

export function run(host: OneHost, request: SimpleRequest): Container {
  const made = createContainer(host.world, host.engine, request)
  if (!made.ok) throw new Error(made.error.detail)
  const started = startContainer(host.world, host.engine, made.value)
  if (!started.ok) throw new Error(started.error.detail)
  return made.value
}

export function networkRequest(name: string, more: Partial<NetworkRequest> = {}): NetworkRequest {
  return {
    name,
    driver: 'bridge',
    internal: false,
    attachable: false,
    enableIpv6: false,
    options: {},
    labels: {},
    ipamDriver: 'default',
    ipamOptions: {},
    ipam: [],
    ...more,
  }
}
