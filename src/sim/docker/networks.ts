/** Making, finding and removing networks. moby daemon/network.go, libnetwork controller.go, network.go. */
import { ok, type Refusal, type Result, refuse } from '../base/result.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { NetNamespace, Prefix } from '../kernel/net-namespace.ts'
import { findLink, setLinkUp } from '../kernel/netlink/link.ts'
import { listRoutes } from '../kernel/netlink/route.ts'
import { writeSysctl } from '../kernel/sysctl/sysctl.ts'
import type { DockerdProgram } from '../process/dockerd.ts'
import { formatIpv4, networkOf, parseIpv4, parsePrefix } from '../wire/ipv4-address.ts'
import { bridgeSettings, wrongOption } from './bridge-options.ts'
import { configNetwork, isInUse, withConfigFrom } from './config-networks.ts'
import { addFixedRoute6, forwardIpv6, removeBridge, setUpBridge, setUpBridge6 } from './drivers/bridge.ts'
import { parentSettings, removeParent, setUpParent } from './drivers/parent.ts'
import type { AddressPool, Engine, EngineWorld } from './engine.ts'
import { logNetwork } from './events.ts'
import { hostFile } from './files.ts'
import { addBridgeRules, bridgeRules, bridgeRules6, otherRules, removeRules } from './firewall.ts'
import { drawBridgeMac, drawId } from './identifiers.ts'
import { releasePool, requestPool, requestPredefinedPool, requestThisAddress } from './ipam.ts'
import { allocateSubnet6, isIpv6Subnet, parsePrefix6, releasePool6 } from './ipam6.ts'
import type { IpamConfig, Network, ParentDriver, Subnet, Subnet6 } from './network.ts'
import { isParentDriver } from './parent-endpoints.ts'

export const PREDEFINED = ['bridge', 'host', 'none'] as const

export function isPredefined(name: string): boolean {
  return (PREDEFINED as readonly string[]).includes(name)
}

export function isUserDefined(name: string): boolean {
  return !isPredefined(name) && name !== 'default' && !name.startsWith('container:')
}

export function kernelOf(world: EngineWorld, engine: Engine): Kernel {
  return world.kernels.get(engine.host)!
}

export function hostNetns(world: EngineWorld, engine: Engine): NetNamespace {
  const kernel = kernelOf(world, engine)
  return kernel.namespaces.get(kernel.initialNetns)!
}

/** By full id, by name, by the beginning of the id: in this order. */
export function findNetwork(engine: Engine, term: string): Network | undefined {
  const exact = engine.networks.get(term)
  if (exact !== undefined) return exact
  const all = [...engine.networks.values()]
  const named = all.find((one) => one.name === term)
  if (named !== undefined) return named
  const begun = all.filter((one) => one.id.startsWith(term))
  return begun.length === 1 ? begun[0] : undefined
}

export function networkNamed(engine: Engine, name: string): Network | undefined {
  for (const one of engine.networks.values()) if (one.name === name) return one
  return undefined
}

export interface NetworkRequest {
  readonly name: string
  readonly driver: string
  readonly internal: boolean
  readonly attachable: boolean
  readonly enableIpv6: boolean
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly ipamDriver: string
  readonly ipamOptions: Readonly<Record<string, string>>
  readonly ipam: readonly IpamConfig[]
  readonly configOnly?: boolean
  readonly configFrom?: string
}

/** `docker network create`: the request is looked at, a pool is taken, the driver makes its devices and rules. */
export function createNetwork(world: EngineWorld, engine: Engine, request: NetworkRequest): Result<Network> {
  const made = makeNetwork(world, engine, request)
  if (made.ok) logNetwork(world, engine, made.value, 'create')
  return made
}

function makeNetwork(world: EngineWorld, engine: Engine, asked: NetworkRequest): Result<Network> {
  const checked = checkRequest(engine, asked)
  if (!checked.ok) return checked
  if (asked.configOnly === true) return ok(configNetwork(world, engine, asked))
  const configured = withConfigFrom(engine, asked)
  if (!configured.ok) return configured
  const request = configured.value
  if (request.ipamDriver === 'null') return refuse('EINVAL', 'ipv4 pool is empty')
  const id = drawId(world.random)
  const { own, own6 } = byFamily(request)
  const subnet = allocateSubnet(world, engine, id, own[0] ?? null)
  if (!subnet.ok) return subnet
  const subnet6 = request.enableIpv6 ? allocateSubnet6(engine, id, own6[0]) : ok(null)
  const made = subnet6.ok
    ? withDriver(world, engine, request, asRequested(world, request, id, subnet.value, subnet6.value))
    : subnet6
  if (!made.ok) releasePools(engine, id)
  return made
}

function byFamily(request: NetworkRequest): { own: IpamConfig[]; own6: IpamConfig[] } {
  return {
    own: request.ipam.filter((one) => !isIpv6Subnet(one.subnet)),
    own6: request.ipam.filter((one) => isIpv6Subnet(one.subnet)),
  }
}

function releasePools(engine: Engine, network: string): void {
  releasePool(engine.ipam, network)
  releasePool6(engine, network)
}

function withDriver(
  world: EngineWorld,
  engine: Engine,
  request: NetworkRequest,
  network: Network,
): Result<Network> {
  const { own, own6 } = byFamily(request)
  if (request.driver === 'bridge' && (own.length > 1 || (request.enableIpv6 && own6.length > 1)))
    return refuse('EPERM', "bridge driver doesn't support multiple subnets")
  if (isParentDriver(request.driver)) return registerParent(world, engine, request, network, request.driver)
  const wrong = wrongOption(request.options)
  if (wrong !== null) return refuse('EINVAL', wrong)
  const bridge = bridgeSettings(network.id, request.options)
  const existing = findLink(hostNetns(world, engine), bridge.name)
  const conflict =
    findConflict(engine, network.id, bridge.name) ??
    (existing === undefined || existing.kind === 'bridge'
      ? null
      : `existing interface ${bridge.name} is not a bridge`)
  return conflict === null
    ? registerBridge(world, engine, { ...network, bridge })
    : refuse('EEXIST', conflict)
}

function asRequested(
  world: EngineWorld,
  request: NetworkRequest,
  id: string,
  subnet: Subnet,
  subnet6: Subnet6 | null,
): Network {
  const { own, own6 } = byFamily(request)
  const config = [...(own.length > 0 ? own : [shown(subnet)]), ...own6]
  return {
    id,
    name: request.name,
    driver: request.driver as Network['driver'],
    scope: 'local',
    createdUs: world.nowUs,
    internal: request.internal,
    attachable: request.attachable,
    enableIpv6: request.enableIpv6,
    options: request.options,
    labels: request.labels,
    ipam: { driver: request.ipamDriver, options: request.ipamOptions, config },
    subnet,
    ...(subnet6 === null ? {} : { subnet6 }),
    ...(request.configFrom === undefined ? {} : { configFrom: request.configFrom }),
    bridge: null,
  }
}

/** macvlan and ipvlan: their parent device is found or made. */
function registerParent(
  world: EngineWorld,
  engine: Engine,
  request: NetworkRequest,
  plain: Network,
  driver: ParentDriver,
): Result<Network> {
  const { id } = plain
  const settings = parentSettings(driver, id, request.options, request.internal)
  const others = engine.networks.values()
  const parent = settings.ok
    ? setUpParent(world, hostNetns(world, engine), driver, id, settings.value, others)
    : settings
  if (!parent.ok) return parent
  const moreSubnets: Subnet[] = []
  for (const config of byFamily(request).own.slice(1)) {
    const subnet = allocateSubnet(world, engine, id, config)
    if (!subnet.ok) {
      if (parent.value.created) removeParent(world, hostNetns(world, engine), parent.value)
      return subnet
    }
    moreSubnets.push(subnet.value)
  }
  const more = moreSubnets.length === 0 ? {} : { moreSubnets }
  const network: Network = { ...plain, ...more, parent: parent.value }
  engine.networks.set(id, network)
  return ok(network)
}

function checkRequest(engine: Engine, request: NetworkRequest): Result<void> {
  if (isPredefined(request.name) || request.name === 'default')
    return refuse('EPERM', `operation is not permitted on predefined ${request.name} network`)
  if (request.name.trim() === '') return refuse('EINVAL', 'network name required')
  if (networkNamed(engine, request.name) !== undefined)
    return refuse('EEXIST', `network with name ${request.name} already exists`)
  if (request.driver === 'host' || request.driver === 'null')
    return refuse('EPERM', `only one instance of "${request.driver}" network is allowed`)
  if (request.driver !== 'bridge' && !isParentDriver(request.driver))
    return refuse('ENOENT', `plugin "${request.driver}" not found`)
  if (!['', 'default', 'null'].includes(request.ipamDriver))
    return refuse('ENOENT', `plugin "${request.ipamDriver}" not found`)
  for (const config of request.ipam) {
    if (config.subnet !== null && !isCidr(config.subnet))
      return refuse('EINVAL', `Invalid subnet ${config.subnet} : invalid CIDR address: ${config.subnet}`)
  }
  return ok(undefined)
}

function isCidr(text: string): boolean {
  return text.includes('/') && (parsePrefix(text) ?? parsePrefix6(text)) !== null
}

function shown(subnet: Subnet): IpamConfig {
  return {
    subnet: `${formatIpv4(subnet.address)}/${subnet.length}`,
    ipRange: null,
    gateway: formatIpv4(subnet.gateway),
    auxiliary: null,
  }
}

/** Reserves the pool, its gateway and the auxiliary addresses. */
function allocateSubnet(
  world: EngineWorld,
  engine: Engine,
  network: string,
  config: IpamConfig | null,
): Result<Subnet> {
  const wanted = config?.subnet == null ? null : parsePrefix(config.subnet)
  const pool =
    wanted === null
      ? requestPredefinedPool(engine.ipam, network, busyPrefixes(world, engine))
      : requestPool(engine.ipam, network, wanted)
  if (!pool.ok) return pool
  const subnet = describeSubnet(pool.value, config)
  const result = reserve(pool.value, subnet, config)
  if (!result.ok) releasePool(engine.ipam, network)
  return result.ok ? ok(subnet) : result
}

function describeSubnet(pool: AddressPool, config: IpamConfig | null): Subnet {
  const range = config?.ipRange == null ? null : parsePrefix(config.ipRange)
  const first = pool.address + 1
  const gateway = config?.gateway == null ? null : parseIpv4(config.gateway)
  return {
    address: pool.address,
    length: pool.length,
    gateway: gateway ?? (range === null ? first : lowestFree(pool, range)),
    range:
      range === null
        ? { address: pool.address, length: pool.length }
        : { address: networkOf(range.address, range.length), length: range.length },
    userConfigured: config?.subnet != null,
  }
}

/** Without `--gateway` the gateway, too, comes from the sub-range. */
function lowestFree(pool: AddressPool, range: Prefix): number {
  let address = networkOf(range.address, range.length)
  while (pool.taken.has(address)) address++
  return address
}

function reserve(pool: AddressPool, subnet: Subnet, config: IpamConfig | null): Result<void> {
  const gateway = requestThisAddress(pool, subnet.gateway)
  if (!gateway.ok) {
    const why =
      config?.gateway == null ? 'No available addresses on this pool' : refusedAddress(gateway.error)
    return refuse('EINVAL', `failed to allocate gateway (${config?.gateway ?? ''}): ${why}`)
  }
  for (const [name, text] of Object.entries(config?.auxiliary ?? {})) {
    const address = parseIpv4(text)
    const reserved = requestThisAddress(pool, address ?? -1)
    if (reserved.ok) continue
    const why = refusedAddress(reserved.error)
    return refuse('EINVAL', `failed to allocate secondary ip address (${name}:${text}): ${why}`)
  }
  return ok(undefined)
}

function refusedAddress(error: Refusal): string {
  return error.code === 'TAKEN' ? 'Address already in use' : 'Requested address is out of range'
}

/** What a predefined pool must not overlap: the host's routes and its name servers. */
export function busyPrefixes(world: EngineWorld, engine: Engine): Prefix[] {
  const routes = listRoutes(hostNetns(world, engine))
    .map((route) => route.destination)
    .filter((prefix) => prefix.length > 0)
  const servers = (hostFile(world, engine, '/etc/resolv.conf') ?? '').matchAll(/^nameserver\s+(\S+)/gm)
  for (const [, text = ''] of servers) {
    const address = parseIpv4(text)
    if (address !== null) routes.push({ address, length: 32 })
  }
  return routes
}

function findConflict(engine: Engine, id: string, name: string): string | null {
  for (const other of engine.networks.values()) {
    if (other.bridge?.name !== name) continue
    return `cannot create network ${id} (${name}): conflicts with network ${other.id} (${name}): networks have same bridge name`
  }
  if (name.length > 15) return 'failed to check bridge interface existence: numerical result out of range'
  return null
}

/** Devices and rules of a bridge network; registers it. */
export function registerBridge(
  world: EngineWorld,
  engine: Engine,
  network: Network,
  mac?: string,
): Result<Network> {
  const netns = hostNetns(world, engine)
  const settings = network.bridge!
  const subnet = network.subnet!
  const link = setUpBridge(world, netns, settings.name, mac ?? drawBridgeMac(world.random), subnet)
  if (!link.ok) return link
  setUpBridge6(world, netns, link.value, network.subnet6 ?? null)
  if (network.subnet6 != null && engine.config.ipForward) forwardIpv6(world, netns)
  setLinkUp(world, netns, link.value)
  if (network.subnet6?.isDeferred === true) addFixedRoute6(world, netns, link.value.ifindex, network.subnet6)
  const registered: Network = { ...network, bridge: { ...settings, ifindex: link.value.ifindex } }
  programRules(world, engine, registered)
  engine.networks.set(network.id, registered)
  return ok(registered)
}

/** Puts in what is not there yet of a bridge network's rules. */
export function programRules(world: EngineWorld, engine: Engine, network: Network): void {
  const netns = hostNetns(world, engine)
  const { bridge, subnet, internal } = network
  const hairpin = !engine.config.userlandProxy
  if (bridge === null || subnet === null) return
  if (hairpin) writeSysctl(world, netns, `net.ipv4.conf.${bridge.name}.route_localnet`, '1')
  if (!engine.config.iptables) return
  removeRules(netns, otherRules(bridge, hairpin))
  addBridgeRules(netns, bridgeRules(bridge, subnet, internal, hairpin), hairpin)
  if (network.subnet6 != null && engine.config.ip6tables)
    addBridgeRules(netns, bridgeRules6(bridge, network.subnet6, internal, hairpin), hairpin, 6)
}

export function withdrawRules(world: EngineWorld, engine: Engine, network: Network): void {
  const { bridge, subnet, subnet6, internal } = network
  if (bridge === null || subnet === null || !engine.config.iptables) return
  const netns = hostNetns(world, engine)
  const hairpin = !engine.config.userlandProxy
  removeRules(netns, bridgeRules(bridge, subnet, internal, hairpin))
  if (subnet6 != null && engine.config.ip6tables)
    removeRules(netns, bridgeRules6(bridge, subnet6, internal, hairpin))
}

export function removeNetwork(world: EngineWorld, engine: Engine, term: string): Result<Network> {
  const network = findNetwork(engine, term)
  if (network === undefined) return refuse('NOT_FOUND', `network ${term} not found`)
  if (isPredefined(network.name))
    return refuse('EPERM', `${network.name} is a pre-defined network and cannot be removed`)
  for (const endpoint of engine.endpoints.values()) {
    if (endpoint.network !== network.id) continue
    const text = `network ${network.name} id ${network.id} has active endpoints`
    return refuse('EPERM', `error while removing network: ${text}`)
  }
  if (isInUse(engine, network)) {
    const text = `configuration network ${JSON.stringify(network.name)} is in use`
    return refuse('EPERM', `error while removing network: ${text}`)
  }
  const netns = hostNetns(world, engine)
  if (network.bridge !== null && network.subnet !== null) {
    withdrawRules(world, engine, network)
    removeBridge(world, netns, network.bridge)
  }
  if (network.parent !== undefined) removeParent(world, netns, network.parent)
  releasePools(engine, network.id)
  const daemon = kernelOf(world, engine).processes.get(engine.daemonPid)?.program
  if (daemon?.kind === 'dockerd') (daemon as DockerdProgram).networks.delete(network.id)
  engine.networks.delete(network.id)
  logNetwork(world, engine, network, 'destroy')
  return ok(network)
}
