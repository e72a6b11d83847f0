/** Sandboxes: the network namespaces of containers, their default route and their devices. libnetwork sandbox.go, osl/. */

import { enqueue } from '../base/event-queue.ts'
import { file, namespaceNode } from '../kernel/fs/tree.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import { findLink, setLinkUp } from '../kernel/netlink/link.ts'
import { createNamespace, deleteNamespace } from '../kernel/netlink/namespace.ts'
import { addRoute, removeRoutes } from '../kernel/netlink/route.ts'
import { addRoute6, TABLE6_MAIN } from '../kernel/netlink/route6.ts'
import { writeSysctl } from '../kernel/sysctl/sysctl.ts'
import type { Container } from './container.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { putOnHost } from './files.ts'
import { drawId } from './identifiers.ts'
import { kernelOf } from './networks.ts'
import type { Sandbox } from './sandbox.ts'

const FOLDER = '/var/run/docker/netns'

/** A namespace of its own, with `lo` up and IPv6 off. */
export function createSandbox(world: EngineWorld, engine: Engine, container: Container): Sandbox {
  const kernel = kernelOf(world, engine)
  const netns = createNamespace(world, kernel)
  for (const scope of ['all', 'default'])
    writeSysctl(world, netns, `net.ipv6.conf.${scope}.disable_ipv6`, '1')
  writeSysctl(world, netns, 'net.ipv4.ip_unprivileged_port_start', '0')
  writeSysctl(world, netns, 'net.ipv4.ping_group_range', '0\t2147483647')
  const lo = findLink(netns, 'lo')
  if (lo !== undefined) setLinkUp(world, netns, lo)
  for (const [key, value] of Object.entries(container.hostConfig.sysctls))
    writeSysctl(world, netns, key, value)
  const id = drawId(world.random)
  return register(world, engine, container, id, `${FOLDER}/${id.slice(0, 12)}`, netns.id)
}

/** `--network host`: the host's own namespace, known as `default`. */
export function hostSandbox(world: EngineWorld, engine: Engine, container: Container): Sandbox {
  const netns = kernelOf(world, engine).initialNetns
  return register(world, engine, container, drawId(world.random), `${FOLDER}/default`, netns)
}

function register(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  id: string,
  key: string,
  netns: number,
): Sandbox {
  const sandbox: Sandbox = {
    id,
    container: container.id,
    key,
    netns,
    endpoints: [],
    nextInterface: 0,
    resolver: null,
  }
  engine.sandboxes.set(id, sandbox)
  putOnHost(world, engine, key, namespaceNode('net', netns))
  return sandbox
}

/** Takes the sandbox away; the namespace itself lives on while another process is in it. */
export function removeSandbox(world: EngineWorld, engine: Engine, sandbox: Sandbox): void {
  const kernel = kernelOf(world, engine)
  engine.sandboxes.delete(sandbox.id)
  if (sandbox.netns === kernel.initialNetns) return
  leaveFile(world, engine, sandbox.key)
  releaseNamespace(world, engine, sandbox.netns)
}

/** osl/namespace_linux.go `gpmCleanupPeriod` */
const CLEANUP_US = 60_000_000

/** The file stays behind, empty, until the daemon cleans up: once a minute. */
function leaveFile(world: EngineWorld, engine: Engine, key: string): void {
  putOnHost(world, engine, key, file('', 0o444))
  const rounds = Math.floor((world.nowUs - engine.startedUs) / CLEANUP_US) + 1
  const event = { kind: 'engine', host: engine.host, alarm: 'netns-file', container: key } as const
  enqueue(world.queue, engine.startedUs + rounds * CLEANUP_US, event)
}

export function releaseNamespace(world: EngineWorld, engine: Engine, netns: number): void {
  const kernel = kernelOf(world, engine)
  engine.leftNetns.add(netns)
  for (const process of kernel.processes.values())
    if (process.netns === netns && process.exitStatus === null) return
  engine.leftNetns.delete(netns)
  deleteNamespace(world, kernel, netns)
}

export function sandboxOf(engine: Engine, container: Container): Sandbox | undefined {
  return container.sandbox === null ? undefined : engine.sandboxes.get(container.sandbox)
}

export function netnsOf(kernel: Kernel, sandbox: Sandbox): NetNamespace | undefined {
  return kernel.namespaces.get(sandbox.netns)
}

/** Best first: not internal, then by name of the network. sandbox.go `Less` */
export function sortedEndpoints(engine: Engine, sandbox: Sandbox): Endpoint[] {
  const endpoints = sandbox.endpoints.map((id) => engine.endpoints.get(id)).filter((one) => one !== undefined)
  const key = (one: Endpoint): string => {
    const network = engine.networks.get(one.network)
    return `${network?.internal === true ? 1 : 0}${one.gateway === null ? 1 : 0}${network?.name ?? ''}`
  }
  return endpoints.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

export function gatewayEndpoint(engine: Engine, sandbox: Sandbox): Endpoint | undefined {
  return sortedEndpoints(engine, sandbox).find((one) => one.gateway !== null)
}

/** Replaces the default route by that of `endpoint`. */
export function programGateway(
  world: EngineWorld,
  netns: NetNamespace,
  endpoint: Endpoint | undefined,
): void {
  const isDefault = { address: 0, length: 0 }
  removeRoutes(
    netns,
    (route) => route.destination.length === 0 && route.gateway !== null && route.table === 254,
  )
  netns.routes6 = (netns.routes6 ?? []).filter(
    (route) => route.destination.length > 0 || route.gateway === null || route.table !== TABLE6_MAIN,
  )
  const link = endpoint?.device == null ? undefined : findLink(netns, endpoint.device.name)
  if (endpoint?.gateway == null || link === undefined) return
  addRoute(world, netns, {
    destination: isDefault,
    gateway: endpoint.gateway,
    ifindex: link.ifindex,
    protocol: 'boot',
  })
  if (endpoint.gateway6 !== undefined) addDefault6(world, netns, endpoint.gateway6, link.ifindex)
}

function addDefault6(world: EngineWorld, netns: NetNamespace, gateway: string, ifindex: number): void {
  const plain = { preferredSource: null, metric: null, mtu: null, onLink: false, table: TABLE6_MAIN }
  const destination = { address: '::', length: 0 }
  addRoute6(
    world,
    netns,
    { type: 'unicast', destination, gateway, ifindex, protocol: 'boot', ...plain },
    'add',
  )
}
