/** Networks that hold settings for others: `--config-only`, `--config-from`. libnetwork network.go `applyConfigurationTo`, controller.go */
import { ok, type Result, refuse } from '../base/result.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { drawId } from './identifiers.ts'
import type { Network } from './network.ts'
import type { NetworkRequest } from './networks.ts'

export function configNetwork(world: EngineWorld, engine: Engine, request: NetworkRequest): Network {
  const network: Network = {
    id: drawId(world.random),
    name: request.name,
    driver: 'null',
    scope: 'local',
    createdUs: world.nowUs,
    internal: request.internal,
    attachable: request.attachable,
    enableIpv6: request.enableIpv6,
    options: request.options,
    labels: request.labels,
    ipam: { driver: request.ipamDriver, options: request.ipamOptions, config: request.ipam },
    subnet: null,
    bridge: null,
    configOnly: true,
  }
  engine.networks.set(network.id, network)
  return network
}

/** The request with the settings of the network that it names. */
export function withConfigFrom(engine: Engine, request: NetworkRequest): Result<NetworkRequest> {
  const { configFrom = '' } = request
  if (configFrom === '') return ok(request)
  const source = [...engine.networks.values()].find((one) => one.name === configFrom && one.configOnly)
  if (source === undefined)
    return refuse('NOT_FOUND', `configuration network ${JSON.stringify(configFrom)} does not exist`)
  const isOwn = Object.keys(request.options).length > 0 || request.ipam.length > 0 || request.enableIpv6
  if (isOwn || Object.keys(request.labels).length > 0 || request.internal) {
    const text =
      'user specified configurations are not supported if the network depends on a configuration network'
    return refuse('EPERM', text)
  }
  return ok({
    ...request,
    internal: source.internal,
    enableIpv6: source.enableIpv6,
    options: source.options,
    labels: source.labels,
    ipamDriver: source.ipam.driver,
    ipamOptions: source.ipam.options ?? {},
    ipam: source.ipam.config,
  })
}

export function isInUse(engine: Engine, network: Network): boolean {
  if (network.configOnly !== true) return false
  return [...engine.networks.values()].some((one) => one.configFrom === network.name)
}
