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
import { ipv4OfEndpoint, ipv6OfEndpoint, releaseAddresses } from './ipam-endpoints.ts'
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
  const { parent, driver } = network
  const inside = netnsOf(kernelOf(world, engine), sandbox)
  if (parent === undefined || !isParentDriver(driver)) return refuse('ENOENT', 'no address pool')
  if (inside === undefined) return refuse('ENOENT', 'sandbox has no namespace')
  if (driver === 'ipvlan' && settings.mac !== null)
    return refuse('EINVAL', 'ipvlan interfaces do not support custom mac address assignment')
  const wanted = settings.ipv4 === null ? null : parseIpv4(settings.ipv4)
  const own4 = ipv4OfEndpoint(engine, network, wanted)
  if (!own4.ok) return own4
  const { address, subnet } = own4.value
  const mac = driver === 'ipvlan' ? null : (settings.mac ?? macOfAddress(address))
  const own6 = ipv6OfEndpoint(engine, network, settings.ipv6 ?? null, macOfAddress(address))
  if (!own6.ok) return own6
  const name = `eth${sandbox.nextInterface++}`
  const as = { name, mac, address, length: subnet.length, ...own6.value }
  const device = joinParent(world, hostNetns(world, engine), inside, driver, parent, as)
  if (!device.ok) {
    releaseAddresses(engine, network, address, own6.value.address6)
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
  const { gateway6, ...rest6 } = own6.value
  const way6 = isRouted || gateway6 === undefined ? {} : { gateway6 }
  return ok({ ...plain, address: own, length, gateway, ...rest6, ...way6, mac, device: device.value })
}
