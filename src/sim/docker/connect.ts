/** `docker network connect` and `disconnect`. moby daemon/network.go, container_operations.go, runconfig/errors.go */
import { ok, type Result, refuse } from '../base/result.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import type { Container, EndpointSettings } from './container.ts'
import { refreshResolver } from './dns.ts'
import { joinNetwork, leaveNetwork, predefinedRefusal } from './endpoints.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { logNetwork } from './events.ts'
import { isRunning } from './lifecycle.ts'
import type { Network } from './network.ts'
import { networkNamed } from './networks.ts'
import { sandboxOf } from './sandboxes.ts'
import { writeNetworkFiles } from './start.ts'

const HOST_MODE = 'container cannot be disconnected from host network or connected to host network'
const SHARED =
  'container sharing network namespace with another container or host cannot be connected to any other network'
const PRIVATE =
  'container cannot be connected to multiple networks with one of the networks in private (none) mode'

export function connectNetwork(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  network: Network,
  settings: Omit<EndpointSettings, 'endpoint'>,
): Result<void> {
  const refused = connectRefusal(engine, container, network, settings)
  if (refused !== null) return refuse('EINVAL', refused)
  const kept: EndpointSettings = { ...settings, endpoint: null }
  const before = container.networks.get(network.name)
  const sandbox = sandboxOf(engine, container)
  if (!isRunning(container) || sandbox === undefined) {
    container.networks.set(network.name, kept)
    return ok(undefined)
  }
  container.networks.set(network.name, kept)
  const joined = joinNetwork(world, engine, container, sandbox, network, kept)
  if (!joined.ok) {
    if (before === undefined) container.networks.delete(network.name)
    else container.networks.set(network.name, before)
    return joined
  }
  refreshResolver(world, engine, container, sandbox)
  writeNetworkFiles(world, engine, container, sandbox)
  return ok(undefined)
}

function connectRefusal(
  engine: Engine,
  container: Container,
  network: Network,
  settings: Omit<EndpointSettings, 'endpoint'>,
): string | null {
  const mode = container.hostConfig.networkMode
  if (settings.ipv4 !== null && parseIpv4(settings.ipv4) === null)
    return `Invalid IPv4 address: ${settings.ipv4})`
  if (settings.ipv6 != null && parseIpv6(settings.ipv6) === null)
    return `Invalid IPv6 address: ${settings.ipv6})`
  if (mode.startsWith('container:')) return SHARED
  if (network.driver === 'host' && mode !== 'host') return HOST_MODE
  for (const name of container.networks.keys()) {
    const other = networkNamed(engine, name)
    if (other === undefined || other.name === network.name) continue
    if (other.driver === 'host' || network.driver === 'host') return SHARED
    if (other.driver === 'null' || network.driver === 'null') return PRIVATE
  }
  return predefinedRefusal(network, settings)
}

export function disconnectNetwork(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  network: Network,
): Result<void> {
  const settings = container.networks.get(network.name)
  if (!isRunning(container)) {
    if (settings === undefined)
      return refuse('CONFLICT', `container ${container.id} is not connected to the network ${network.name}`)
    container.networks.delete(network.name)
    logNetwork(world, engine, network, 'disconnect', { container: container.id })
    return ok(undefined)
  }
  if (container.hostConfig.networkMode === 'host' && network.driver === 'host')
    return refuse('EINVAL', HOST_MODE)
  const endpoint = settings?.endpoint == null ? undefined : engine.endpoints.get(settings.endpoint)
  const sandbox = sandboxOf(engine, container)
  if (endpoint === undefined || sandbox === undefined)
    return refuse('CONFLICT', `container ${container.id} is not connected to network ${network.name}`)
  leaveNetwork(world, engine, container, sandbox, endpoint)
  container.networks.delete(network.name)
  refreshResolver(world, engine, container, sandbox)
  // It tells so twice: as the endpoint goes, and when all is done.
  logNetwork(world, engine, network, 'disconnect', { container: container.id })
  writeNetworkFiles(world, engine, container, sandbox)
  return ok(undefined)
}
