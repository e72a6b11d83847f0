/** Endpoints: a sandbox joins a network and leaves it. libnetwork endpoint.go, sandbox.go, daemon/container_operations.go */
import { ok, type Result, refuse } from '../base/result.ts'
import { addAddress } from '../kernel/netlink/address.ts'
import { findLink } from '../kernel/netlink/link.ts'
import { renameLink } from '../kernel/netlink/link-move.ts'
import { broadcastOf, parseIpv4 } from '../wire/ipv4-address.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import type { Container, EndpointSettings } from './container.ts'
import { addNames, removeNames } from './dns.ts'
import { createVethPair, joinSandbox, removeVethPair, type VethPair } from './drivers/bridge.ts'
import type { Endpoint, EndpointDevice } from './endpoint.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { logNetwork } from './events.ts'
import { drawId, macOfAddress } from './identifiers.ts'
import { endpointAddress, poolOf } from './ipam.ts'
import { ipv6OfEndpoint, releaseAddresses } from './ipam-endpoints.ts'
import { isIpv6Subnet } from './ipam6.ts'
import type { Network } from './network.ts'
import { hostNetns, isUserDefined, kernelOf } from './networks.ts'
import { isParentDriver, parentEndpoint } from './parent-endpoints.ts'
import { publishPorts, withdrawPorts } from './ports.ts'
import type { Sandbox } from './sandbox.ts'
import { gatewayEndpoint, netnsOf, programGateway, sortedEndpoints } from './sandboxes.ts'

/** Makes the endpoint, moves its device into the sandbox, sees to the default route and published ports. */
export function joinNetwork(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
  network: Network,
  settings: EndpointSettings,
): Result<Endpoint> {
  const refused = refusal(engine, container, sandbox, network, settings)
  if (refused !== null) return refused
  const id = drawId(world.random)
  const plain = plainEndpoint(container, sandbox, network, id)
  const made =
    network.driver === 'bridge'
      ? bridgeEndpoint(world, engine, container, sandbox, network, settings, id)
      : isParentDriver(network.driver)
        ? parentEndpoint(world, engine, sandbox, network, settings, plain)
        : ok(plain)
  if (!made.ok) return made
  const endpoint = made.value
  const before = gatewayEndpoint(engine, sandbox)
  engine.endpoints.set(id, endpoint)
  sandbox.endpoints = [...sandbox.endpoints, id]
  sandbox.endpoints = sortedEndpoints(engine, sandbox).map((one) => one.id)
  settings.endpoint = id
  settings.network = network.id
  addNames(world, engine, container, endpoint)
  const moved = moveGateway(world, engine, container, sandbox, before)
  if (!moved.ok) {
    leaveNetwork(world, engine, container, sandbox, endpoint)
    return moved
  }
  logNetwork(world, engine, network, 'connect', { container: container.id })
  return ok(endpoint)
}

function refusal(
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
  network: Network,
  settings: EndpointSettings,
): { readonly ok: false; readonly error: { readonly code: string; readonly detail?: string } } | null {
  if (network.configOnly === true)
    return refuse('EPERM', 'cannot create endpoint on configuration-only network')
  if (sandbox.endpoints.some((id) => engine.endpoints.get(id)?.network === network.id))
    return refuse('EEXIST', `endpoint with name ${container.name} already exists in network ${network.name}`)
  const wrong = (settings.linkLocal ?? []).find(
    (text) => parseIpv4(text) === null && parseIpv6(text) === null,
  )
  if (wrong !== undefined)
    return refuse('EINVAL', `Invalid link-local IP address: [${settings.linkLocal?.join(' ')}]`)
  const unsupported = predefinedRefusal(network, settings)
  if (unsupported !== null) return refuse('EINVAL', unsupported)
  const isConfigured = (family: 4 | 6): boolean =>
    family === 4
      ? network.subnet?.userConfigured === true
      : network.ipam.config.some((one) => isIpv6Subnet(one.subnet))
  if ((settings.ipv4 === null || isConfigured(4)) && (settings.ipv6 == null || isConfigured(6))) return null
  return refuse(
    'EINVAL',
    'user specified IP address is supported only when connecting to networks with user configured subnets',
  )
}

/** The devices of a container that starts come into its namespace best first. sandbox.go `SetKey` */
export function nameInOrder(world: EngineWorld, engine: Engine, sandbox: Sandbox): void {
  const netns = netnsOf(kernelOf(world, engine), sandbox)
  const joined = sortedEndpoints(engine, sandbox).flatMap((endpoint) => {
    const link = endpoint.device === null ? undefined : netns && findLink(netns, endpoint.device.name)
    return link === undefined ? [] : [{ endpoint, link }]
  })
  if (netns === undefined || joined.length < 2) return
  const names = joined.map(({ link }, i) => `${link.name.replace(/\d+$/, '')}${i}`)
  for (const { link } of joined) renameLink(world, netns, link, `if${link.ifindex}`)
  joined.forEach(({ endpoint, link }, i) => {
    const name = names[i]!
    renameLink(world, netns, link, name)
    const device = endpoint.device === null ? null : { ...endpoint.device, name }
    engine.endpoints.set(endpoint.id, { ...endpoint, device })
  })
}

/** Addresses and aliases of one's own are for user-defined networks. daemon/container_operations.go `updateNetworkConfig` */
export function predefinedRefusal(
  network: Network,
  settings: Pick<EndpointSettings, 'ipv4' | 'ipv6' | 'aliases'>,
): string | null {
  if (isUserDefined(network.name)) return null
  if (settings.ipv4 !== null || settings.ipv6 != null)
    return 'user specified IP address is supported on user defined networks only'
  if ((settings.aliases ?? []).length > 0)
    return 'network-scoped alias is supported only for containers in user defined networks'
  return null
}

/** The drivers host and null: an endpoint without a device. */
function plainEndpoint(container: Container, sandbox: Sandbox, network: Network, id: string): Endpoint {
  return {
    id,
    name: container.name,
    network: network.id,
    container: container.id,
    sandbox: sandbox.id,
    address: null,
    length: 0,
    gateway: null,
    mac: null,
    device: null,
    ports: [],
  }
}

function bridgeEndpoint(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
  network: Network,
  settings: EndpointSettings,
  id: string,
): Result<Endpoint> {
  const pool = poolOf(engine.ipam, network.id)
  const { subnet, bridge } = network
  if (pool === undefined || subnet === null || bridge === null) return refuse('ENOENT', 'no address pool')
  const wanted = settings.ipv4 === null ? null : parseIpv4(settings.ipv4)
  const address = endpointAddress(pool, subnet, wanted, network.name)
  if (!address.ok) return address
  const mac = settings.mac ?? macOfAddress(address.value)
  // What has been taken of IPv4 is not given back here: so it is with the real engine.
  const own6 = ipv6OfEndpoint(engine, network, settings.ipv6 ?? null, mac)
  if (!own6.ok) return own6
  const giveUp = (): void => releaseAddresses(engine, network, address.value, own6.value.address6)
  const pair = createVethPair(world, engine, hostNetns(world, engine), bridge)
  if (!pair.ok) {
    giveUp()
    return refuse(
      'EIO',
      `failed to add the host (veth) <=> sandbox (veth) pair interfaces: ${pair.error.detail ?? pair.error.code}`,
    )
  }
  const as = {
    name: `${bridge.containerPrefix}${sandbox.nextInterface++}`,
    mac,
    address: address.value,
    length: subnet.length,
    ...own6.value,
  }
  const device = enterSandbox(world, engine, sandbox, pair.value, as)
  if (!device.ok) {
    giveUp()
    return device
  }
  addLinkLocal(world, engine, sandbox, device.value, settings)
  return ok({
    ...plainEndpoint(container, sandbox, network, id),
    address: address.value,
    length: subnet.length,
    gateway: subnet.gateway,
    ...own6.value,
    mac,
    device: device.value,
  })
}

/** osl/interface_linux.go `setInterfaceLinkLocalIPs`; the mask is that of RFC 3927. */
function addLinkLocal(
  world: EngineWorld,
  engine: Engine,
  sandbox: Sandbox,
  device: EndpointDevice,
  settings: EndpointSettings,
): void {
  const inside = netnsOf(kernelOf(world, engine), sandbox)
  const link = inside === undefined ? undefined : findLink(inside, device.name)
  if (inside === undefined || link === undefined) return
  for (const text of settings.linkLocal ?? []) {
    const address = parseIpv4(text)
    if (address === null) continue
    const broadcast = broadcastOf(address, LINK_LOCAL_LENGTH)
    addAddress(world, inside, link, { address, length: LINK_LOCAL_LENGTH, broadcast, scope: 'global' })
  }
}

const LINK_LOCAL_LENGTH = 16

function enterSandbox(
  world: EngineWorld,
  engine: Engine,
  sandbox: Sandbox,
  pair: VethPair,
  as: Parameters<typeof joinSandbox>[4],
): Result<EndpointDevice> {
  const inside = netnsOf(kernelOf(world, engine), sandbox)
  if (inside === undefined) return refuse('ENOENT', 'sandbox has no namespace')
  return joinSandbox(world, hostNetns(world, engine), inside, pair, as)
}

/** The default route and the published ports go with the endpoint that is the best now. */
function moveGateway(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
  before: Endpoint | undefined,
): Result<void> {
  const now = gatewayEndpoint(engine, sandbox)
  if (now === before) return ok(undefined)
  const netns = netnsOf(kernelOf(world, engine), sandbox)
  if (netns !== undefined && netns.id !== kernelOf(world, engine).initialNetns)
    programGateway(world, netns, now)
  if (before !== undefined) withdrawPorts(world, engine, before)
  const network = now === undefined ? undefined : engine.networks.get(now.network)
  const publishes = network?.driver === 'bridge' && !network.internal
  return now === undefined || !publishes ? ok(undefined) : publishPorts(world, engine, container, now)
}

/** Takes the endpoint away: ports, device, address. */
export function leaveNetwork(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
  endpoint: Endpoint,
  isStopping = false,
): void {
  const kernel = kernelOf(world, engine)
  const network = engine.networks.get(endpoint.network)
  if (network !== undefined) logNetwork(world, engine, network, 'disconnect', { container: container.id })
  const wasGateway = gatewayEndpoint(engine, sandbox) === endpoint
  withdrawPorts(world, engine, endpoint)
  removeNames(world, engine, endpoint)
  sandbox.endpoints = sandbox.endpoints.filter((id) => id !== endpoint.id)
  engine.endpoints.delete(endpoint.id)
  for (const settings of container.networks.values())
    if (settings.endpoint === endpoint.id) settings.endpoint = null
  if (endpoint.device !== null) removeVethPair(world, kernel, sandbox.netns, endpoint.device)
  if (network !== undefined) releaseAddresses(engine, network, endpoint.address, endpoint.address6)
  if (wasGateway && !isStopping) moveGateway(world, engine, container, sandbox, undefined)
}

/** All endpoints of a container that ends. */
export function leaveAll(world: EngineWorld, engine: Engine, container: Container, sandbox: Sandbox): void {
  for (const id of [...sandbox.endpoints]) {
    const endpoint = engine.endpoints.get(id)
    if (endpoint !== undefined) leaveNetwork(world, engine, container, sandbox, endpoint, true)
  }
}
