/** Places of a world by the names that lessons use: machines (`host1`, `vm`) and containers (`web`). */
import type { Container } from '../sim/docker/container.ts'
import type { Engine } from '../sim/docker/engine.ts'
import type { Kernel } from '../sim/kernel/kernel.ts'
import type { NetNamespace } from '../sim/kernel/net-namespace.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import { formatIpv4 } from '../sim/wire/ipv4-address.ts'
import type { World } from '../sim/world/world.ts'

/** Where something runs: a process stands for its namespaces and files. */
export interface Place {
  readonly name: string
  readonly kernel: Kernel
  readonly process: Process
  readonly netns: NetNamespace
  readonly container: Container | null
}

/** What stands in the way of finding it, as a sentence. */
export interface NoPlace {
  readonly because: string
}

export function findPlace(world: World, name: string): Place | NoPlace {
  const kernel = world.kernels.get(name)
  if (kernel !== undefined) return placeOf(name, kernel, kernel.processes.get(1), null)
  const found = findContainer(world, name)
  if (found === null) return { because: `there is no container called ${name}` }
  const { engine, container } = found
  const host = world.kernels.get(engine.host)!
  if (container.state.status !== 'running') {
    return { because: `the container ${name} does not run (it is ${container.state.status})` }
  }
  return placeOf(name, host, host.processes.get(container.state.pid), container)
}

export function isPlace(place: Place | NoPlace): place is Place {
  return !('because' in place)
}

function placeOf(
  name: string,
  kernel: Kernel,
  process: Process | undefined,
  container: Container | null,
): Place | NoPlace {
  const netns = process === undefined ? undefined : kernel.namespaces.get(process.netns)
  if (process === undefined || netns === undefined) return { because: `${name} has no network stack` }
  return { name, kernel, process, netns, container }
}

export interface FoundContainer {
  readonly engine: Engine
  readonly container: Container
}

/** By name, or by the beginning of its id. */
export function findContainer(world: World, name: string): FoundContainer | null {
  const all = listContainers(world)
  const named = all.find(({ container }) => container.name === name)
  if (named !== undefined) return named
  if (!/^[0-9a-f]{6,}$/.test(name)) return null
  return all.find(({ container }) => container.id.startsWith(name)) ?? null
}

export function listContainers(world: World): FoundContainer[] {
  return [...world.engines.values()].flatMap((engine) =>
    [...engine.containers.values()].map((container) => ({ engine, container })),
  )
}

/** IPv4 addresses of a stack, in the order of its devices, loopback left out. */
export function addressesOf(netns: NetNamespace): { address: number; length: number }[] {
  return [...netns.links.values()]
    .filter((link) => link.kind !== 'loopback')
    .sort((x, y) => x.ifindex - y.ifindex)
    .flatMap((link) => link.addresses.map(({ address, length }) => ({ address, length })))
}

/** The address of `to` by which `from` would call it: one on a network that both are on, else the first one. */
export function addressFor(from: NetNamespace, to: NetNamespace): string | null {
  const own = addressesOf(from)
  const others = addressesOf(to)
  const shared = others.find(({ address }) =>
    own.some((mine) => sameNetwork(mine.address, address, mine.length)),
  )
  const chosen = shared ?? others[0]
  return chosen === undefined ? null : formatIpv4(chosen.address)
}

function sameNetwork(x: number, y: number, length: number): boolean {
  if (length === 0) return true
  return x >>> (32 - length) === y >>> (32 - length)
}
