/** Endpoints of macvlan and ipvlan networks. libnetwork drivers/{macvlan,ipvlan}/*_endpoint.go, *_joinleave.go */
import { ok, type Result, refuse } from '../base/result.ts'
import { findLink } from '../kernel/netlink/link.ts'
import { addRoute } from '../kernel/netlink/route.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { EndpointSettings } from './container.ts'
import { joinParent } from './drivers/parent.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { macOfAddress } from './identifiers.ts'
import { endpointAddress, poolOf, releaseAddress } from './ipam.ts'
import type { Network, ParentDriver } from './network.ts'
import { hostNetns, kernelOf } from './networks.ts'
import type { Sandbox } from './sandbox.ts'
import { netnsOf } from './sandboxes.ts'

export function isParentDriver(driver: string): driver is ParentDriver {
  return driver === 'macvlan' || driver === 'ipvlan'
}

/** `plain` is the endpoint without a device. The gateway is a router outside; in mode l3 there is none. */
export function parentEndpoint(
  world: EngineWorld,
  engine: Engine,
  sandbox: Sandbox,
  network: Network,
  settings: EndpointSettings,
  plain: Endpoint,
): Result<Endpoint> {
  const { subnet, parent, driver } = network
  const pool = poolOf(engine.ipam, network.id)
  const inside = netnsOf(kernelOf(world, engine), sandbox)
  if (pool === undefined || subnet === null || parent === undefined || !isParentDriver(driver))
    return refuse('ENOENT', 'no address pool')
  if (inside === undefined) return refuse('ENOENT', 'sandbox has no namespace')
  if (driver === 'ipvlan' && settings.mac !== null)
    return refuse('EINVAL', 'ipvlan interfaces do not support custom mac address assignment')
  const wanted = settings.ipv4 === null ? null : parseIpv4(settings.ipv4)
  const address = endpointAddress(pool, subnet, wanted, network.name)
  if (!address.ok) return address
  const mac = driver === 'ipvlan' ? null : (settings.mac ?? macOfAddress(address.value))
  const name = `eth${sandbox.nextInterface++}`
  const as = { name, mac, address: address.value, length: subnet.length }
  const device = joinParent(world, hostNetns(world, engine), inside, driver, parent, as)
  if (!device.ok) {
    releaseAddress(pool, address.value)
    return device
  }
  const isRouted = parent.mode === 'l3'
  const ifindex = findLink(inside, name)?.ifindex
  if (isRouted && ifindex !== undefined) {
    const destination = { address: 0, length: 0 }
    addRoute(world, inside, { destination, ifindex, scope: 'link', protocol: 'boot' })
  }
  const gateway = isRouted ? null : subnet.gateway
  const { address: own, length } = as
  return ok({ ...plain, address: own, length, gateway, mac, device: device.value })
}
