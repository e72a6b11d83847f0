/** What `docker network inspect` shows. moby api/types `NetworkResource`, daemon/network builders. */

import { type ApiStruct, type ApiValue, apiMap, apiTime } from '../base/api-value.ts'
import { formatIpv4 } from '../wire/ipv4-address.ts'
import type { Engine, EngineWorld } from './engine.ts'
import type { IpamConfig, Network } from './network.ts'

export function inspectNetwork(world: EngineWorld, engine: Engine, network: Network): ApiStruct {
  return {
    Name: network.name,
    Id: network.id,
    Created: apiTime(world.epochMs, network.createdUs),
    Scope: network.scope,
    Driver: network.driver,
    EnableIPv6: network.enableIpv6,
    IPAM: {
      Driver: network.ipam.driver,
      Options: network.ipam.options === null ? null : apiMap(network.ipam.options),
      Config: network.ipam.config.map(ipamConfig),
    },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: network.configFrom ?? '' },
    ConfigOnly: network.configOnly === true,
    Containers: attached(engine, network),
    Options: apiMap(network.options),
    Labels: apiMap(network.labels),
  }
}

function ipamConfig(config: IpamConfig): ApiValue {
  return {
    Subnet: config.subnet ?? undefined,
    IPRange: config.ipRange ?? undefined,
    Gateway: config.gateway ?? undefined,
    AuxiliaryAddresses: config.auxiliary === null ? undefined : apiMap(config.auxiliary),
  }
}

function attached(engine: Engine, network: Network): Map<string, ApiValue> {
  const result = new Map<string, ApiValue>()
  for (const endpoint of engine.endpoints.values()) {
    if (endpoint.network !== network.id) continue
    result.set(endpoint.container, {
      Name: endpoint.name,
      EndpointID: endpoint.id,
      MacAddress: endpoint.mac ?? '',
      IPv4Address: endpoint.address === null ? '' : `${formatIpv4(endpoint.address)}/${endpoint.length}`,
      IPv6Address: endpoint.address6 === undefined ? '' : `${endpoint.address6}/${endpoint.length6}`,
    })
  }
  return result
}
