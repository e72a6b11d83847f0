/** Pictures of the world as data: bridges and what hangs in their ports, the two ends of a cable, the way out. */
import { hasCarrier } from '../sim/kernel/link/state.ts'
import type { BridgeLink, Link, VethLink } from '../sim/kernel/link/types.ts'
import type { NetNamespace } from '../sim/kernel/net-namespace.ts'
import { listRoutes } from '../sim/kernel/netlink/route.ts'
import { formatIpv4 } from '../sim/wire/ipv4-address.ts'
import type { World } from '../sim/world/world.ts'
import type { Diagram } from './lesson.ts'
import { findPlace, isPlace, listContainers } from './place.ts'

export type Picture =
  | {
      readonly kind: 'bridge'
      readonly host: string
      readonly cards: readonly Device[]
      readonly bridges: readonly BridgePicture[]
    }
  | {
      readonly kind: 'veth'
      readonly host: string
      readonly container: string
      readonly outside: Plug
      readonly inside: Plug
    }
  | { readonly kind: 'path'; readonly container: string; readonly hops: readonly Hop[] }

export interface Device {
  readonly name: string
  readonly address: string | null
  readonly up: boolean
}

export interface BridgePicture {
  readonly bridge: Device
  readonly ports: readonly PortPicture[]
}

export interface PortPicture {
  readonly port: Device
  readonly cable: 'works' | 'dead'
  /** The container that the other plug is in; null: it is none of Docker's. */
  readonly owner: string | null
  readonly inside: Device | null
}

export interface Plug {
  readonly ifindex: number
  readonly iflink: number
  readonly name: string
  readonly up: boolean
}

export interface Hop {
  readonly where: string
  readonly device: string
  readonly note: string
}

/** Null when what it shows is not there (any more). */
export function drawWorld(diagram: Diagram, world: World): Picture | null {
  const kernel = world.kernels.get(diagram.host)
  const netns = kernel?.namespaces.get(kernel.initialNetns)
  if (netns === undefined) return null
  if (diagram.draw === 'bridge') return drawBridges(world, diagram.host, netns)
  const cable = diagram.container === null ? null : findCable(world, netns, diagram.container)
  if (cable === null || diagram.container === null) return null
  const { outside, inside } = cable
  if (diagram.draw === 'veth') {
    return {
      kind: 'veth',
      host: diagram.host,
      container: diagram.container,
      outside: plug(outside),
      inside: plug(inside),
    }
  }
  return { kind: 'path', container: diagram.container, hops: pathOut(diagram, netns, cable) }
}

function plug(link: VethLink): Plug {
  return { ifindex: link.ifindex, iflink: link.peer.ifindex, name: link.name, up: link.up }
}

function device(link: Link): Device {
  const first = link.addresses[0]
  const address = first === undefined ? null : formatIpv4(first.address)
  return { name: link.name, address, up: link.up }
}

function linksOf(netns: NetNamespace): Link[] {
  return [...netns.links.values()].sort((x, y) => x.ifindex - y.ifindex)
}

function drawBridges(world: World, host: string, netns: NetNamespace): Picture {
  const links = linksOf(netns)
  const bridges = links.filter((link): link is BridgeLink => link.kind === 'bridge')
  return {
    kind: 'bridge',
    host,
    cards: links.filter((link) => link.kind === 'physical').map(device),
    bridges: bridges.map((bridge) => ({
      bridge: device(bridge),
      ports: links.filter((link) => link.master === bridge.ifindex).map((link) => drawPort(world, link)),
    })),
  }
}

function drawPort(world: World, link: Link): PortPicture {
  const cable = link.up && hasCarrier(world, link) ? 'works' : 'dead'
  if (link.kind !== 'veth') return { port: device(link), cable, owner: null, inside: null }
  const kernel = world.kernels.get(link.peer.host)
  const far = kernel?.namespaces.get(link.peer.netns)?.links.get(link.peer.ifindex)
  const owner = ownerOf(world, link.peer.host, link.peer.netns)
  return { port: device(link), cable, owner, inside: far === undefined ? null : device(far) }
}

function ownerOf(world: World, host: string, netns: number): string | null {
  for (const { engine, container } of listContainers(world)) {
    if (engine.host !== host) continue
    const process = world.kernels.get(host)?.processes.get(container.state.pid)
    if (process?.netns === netns) return container.name
  }
  return null
}

interface Cable {
  readonly outside: VethLink
  readonly inside: VethLink
  readonly stack: NetNamespace
}

function findCable(world: World, host: NetNamespace, container: string): Cable | null {
  const place = findPlace(world, container)
  if (!isPlace(place) || place.netns === host) return null
  for (const inside of linksOf(place.netns)) {
    if (inside.kind !== 'veth' || inside.peer.netns !== host.id) continue
    const outside = host.links.get(inside.peer.ifindex)
    if (outside?.kind === 'veth') return { outside, inside, stack: place.netns }
  }
  return null
}

/** The devices that a packet to the outside passes, by the routes as they are now. */
function pathOut(diagram: Diagram, netns: NetNamespace, cable: Cable): Hop[] {
  const container = diagram.container!
  const gateway = listRoutes(cable.stack).find((route) => route.destination.length === 0)?.gateway ?? null
  const hops: Hop[] = [
    hop(
      container,
      cable.inside,
      gateway === null ? 'no default route' : `default via ${formatIpv4(gateway)}`,
    ),
  ]
  hops.push(hop(diagram.host, cable.outside, 'the other plug of the cable'))
  const bridge = cable.outside.master === null ? undefined : netns.links.get(cable.outside.master)
  if (bridge !== undefined) hops.push(hop(diagram.host, bridge, 'the switch; the host takes it from here'))
  const route = listRoutes(netns).find((one) => one.destination.length === 0)
  const card =
    route?.ifindex === undefined || route.ifindex === null ? undefined : netns.links.get(route.ifindex)
  if (card !== undefined) hops.push(hop(diagram.host, card, 'out, under the address of this device'))
  return hops
}

function hop(where: string, link: Link, note: string): Hop {
  const { name, address } = device(link)
  return { where, device: address === null ? name : `${name} ${address}`, note }
}
