/** The whole world in one picture: each machine with its cards, bridges, cables to containers and namespaces, and networks. */
import type { Engine } from '../../sim/docker/engine.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import type { DeviceRef } from '../../sim/kernel/simulation.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { World } from '../../sim/world/world.ts'
import { type BridgePicture, type Device, drawWorld } from '../diagram.ts'
import { addressesOf, listContainers } from '../place.ts'
import { type Names, namesOf } from './names.ts'

export interface WorldMap {
  readonly machines: readonly Machine[]
}

export interface Machine {
  readonly host: string
  readonly cards: readonly Card[]
  readonly bridges: readonly NetworkBridge[]
  /** What hangs in no bridge: containers on the host's own stack or without a network, namespaces made by hand. */
  readonly others: readonly Other[]
}

export interface Card extends Device {
  /** `router lan1`; null: nothing is plugged in. */
  readonly leadsTo: string | null
  /** The cable is cut. */
  readonly cut: boolean
}

export interface NetworkBridge extends BridgePicture {
  /** The Docker network that it is; null: it was made by hand. */
  readonly network: string | null
  /** By container: `8080→80/tcp`. */
  readonly published: ReadonlyMap<string, readonly string[]>
}

export interface Other {
  readonly name: string
  readonly what: string
  readonly addresses: readonly string[]
}

/** Machines with Docker first: that is where the learner works. */
export function mapOf(world: World): WorldMap {
  const names = namesOf(world)
  const kernels = [...world.kernels.values()]
  const first = kernels.filter(({ host }) => world.engines.has(host))
  const others = kernels.filter(({ host }) => !world.engines.has(host))
  return { machines: [...first, ...others].map((kernel) => machineOf(world, kernel, names)) }
}

function machineOf(world: World, kernel: Kernel, names: Names): Machine {
  const { host } = kernel
  const picture = drawWorld({ draw: 'bridge', host, container: null }, world)
  const engine = world.engines.get(host)
  const bridges = picture?.kind === 'bridge' ? picture.bridges : []
  const drawn = new Set(bridges.flatMap(({ ports }) => ports.flatMap(({ owner }) => owner ?? [])))
  return {
    host,
    cards: cardsOf(world, kernel, names),
    bridges: bridges.map((one) => ({
      ...one,
      network: engine === undefined ? null : networkOf(engine, one.bridge.name),
      published: publishedOf(engine),
    })),
    others: [...containersBeside(world, kernel, drawn), ...namespacesByHand(world, kernel, names, bridges)],
  }
}

function cardsOf(world: World, kernel: Kernel, names: Names): Card[] {
  const cards: Card[] = []
  for (const link of kernel.namespaces.get(kernel.initialNetns)?.links.values() ?? []) {
    if (link.kind !== 'physical') continue
    const cable = link.cable === null ? undefined : world.cables.get(link.cable)
    const isHere = (end: DeviceRef): boolean => end.host === kernel.host && end.ifindex === link.ifindex
    const far = cable?.ends.find((end) => !isHere(end))
    const address = link.addresses[0]
    cards.push({
      name: link.name,
      address: address === undefined ? null : formatIpv4(address.address),
      up: link.up,
      leadsTo: far === undefined ? null : `${far.host} ${names.device(far.host, far.netns, far.ifindex)}`,
      cut: cable !== undefined && !cable.connected,
    })
  }
  return cards
}

function networkOf(engine: Engine, bridge: string): string | null {
  for (const network of engine.networks.values()) if (network.bridge?.name === bridge) return network.name
  return null
}

function publishedOf(engine: Engine | undefined): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { container, ports } of engine?.endpoints.values() ?? []) {
    const name = engine?.containers.get(container)?.name
    const texts = ports.map((port) => `${port.hostPort}→${port.containerPort}/${port.protocol}`)
    if (name !== undefined) found.set(name, [...new Set([...(found.get(name) ?? []), ...texts])])
  }
  return found
}

function containersBeside(world: World, kernel: Kernel, drawn: ReadonlySet<string>): Other[] {
  return listContainers(world).flatMap(({ engine, container }): Other[] => {
    if (engine.host !== kernel.host || drawn.has(container.name)) return []
    const { name, state, hostConfig } = container
    if (state.status !== 'running') return [{ name, what: `container, ${state.status}`, addresses: [] }]
    const netns = kernel.namespaces.get(kernel.processes.get(state.pid)?.netns ?? -1)
    const mode = hostConfig.networkMode
    if (netns?.id === kernel.initialNetns)
      return [{ name, what: `container on ${kernel.host}'s own stack`, addresses: [] }]
    const what = mode.startsWith('container:')
      ? 'container on another one’s stack'
      : `container, network ${mode}`
    const addresses = netns === undefined ? [] : addressesOf(netns).map(({ address }) => formatIpv4(address))
    return [{ name, what, addresses }]
  })
}

function namespacesByHand(
  world: World,
  kernel: Kernel,
  names: Names,
  bridges: readonly BridgePicture[],
): Other[] {
  const drawn = new Set(bridges.flatMap(({ ports }) => ports.flatMap(({ owner }) => owner ?? [])))
  const containers = new Set(listContainers(world).map(({ container }) => container.name))
  return [...kernel.namespaces.values()].flatMap((netns): Other[] => {
    const name = names.place(kernel.host, netns.id)
    if (netns.id === kernel.initialNetns || containers.has(name) || drawn.has(name)) return []
    const addresses = addressesOf(netns).map(({ address }) => formatIpv4(address))
    return [{ name, what: 'network namespace', addresses }]
  })
}
