/**
 * The bridge driver: a Linux bridge for each network, a veth pair for each endpoint.
 * libnetwork drivers/bridge/{bridge,setup_device,setup_ipv4}.go, osl/interface_linux.go.
 */
import { ok, type Result } from '../../base/result.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { BridgeLink, Link } from '../../kernel/link/types.ts'
import type { NetNamespace } from '../../kernel/net-namespace.ts'
import { addAddress, deleteAddress } from '../../kernel/netlink/address.ts'
import { addAddress6, deleteAddress6 } from '../../kernel/netlink/address6.ts'
import {
  addLink,
  deleteLink,
  findLink,
  renameLink,
  setLinkMac,
  setLinkMtu,
  setLinkUp,
  setMaster,
} from '../../kernel/netlink/link.ts'
import { moveLink } from '../../kernel/netlink/link-move.ts'
import { addRoute6, TABLE6_MAIN } from '../../kernel/netlink/route6.ts'
import type { Simulation } from '../../kernel/simulation.ts'
import { readSysctl, writeSysctl } from '../../kernel/sysctl/sysctl.ts'
import { broadcastOf } from '../../wire/ipv4-address.ts'
import type { EndpointDevice } from '../endpoint.ts'
import type { Engine } from '../engine.ts'
import { drawVethName } from '../identifiers.ts'
import type { BridgeSettings, Subnet, Subnet6 } from '../network.ts'

/** Makes the device, or takes the one that is there; addresses come before it goes up: that is the caller's part. */
export function setUpBridge(
  sim: Simulation,
  netns: NetNamespace,
  name: string,
  mac: string,
  subnet: Subnet,
): Result<BridgeLink> {
  const existing = findLink(netns, name)
  const made: Result<Link> =
    existing === undefined ? addLink(sim, netns, { kind: 'bridge', name, txQueueLength: 0 }) : ok(existing)
  if (!made.ok) return made
  const link = made.value as BridgeLink
  if (existing === undefined) setLinkMac(sim, netns, link, mac)
  else dropOtherAddresses(sim, netns, link, subnet)
  writeSysctl(sim, netns, `net.ipv6.conf.${name}.accept_ra`, '0')
  if (!link.addresses.some((one) => one.address === subnet.gateway)) {
    const { gateway: address, length } = subnet
    addAddress(sim, netns, link, {
      address,
      length,
      broadcast: broadcastOf(address, length),
      scope: 'global',
    })
  }
  return ok(link)
}

/** The link-local address of every bridge with IPv6. drivers/bridge/setup_ipv6.go `bridgeIPv6` */
const LINK_LOCAL = 'fe80::1'

/** setup_ipv6.go `setupBridgeIPv6`; addresses that another configuration left behind go. */
export function setUpBridge6(
  sim: Simulation,
  netns: NetNamespace,
  link: BridgeLink,
  subnet: Subnet6 | null,
): void {
  const wanted = subnet === null ? [] : [subnet.gateway, LINK_LOCAL]
  for (const own of link.addresses6)
    if (own.scope === 'global' && !wanted.includes(own.address))
      deleteAddress6(netns, link, own.address, own.length)
  if (subnet === null) return
  writeSysctl(sim, netns, `net.ipv6.conf.${link.name}.disable_ipv6`, '0')
  const plain = { peer: null, noDad: false, noPrefixRoute: false }
  for (const address of wanted) {
    const length = address === LINK_LOCAL ? 64 : subnet.length
    if (!link.addresses6.some((own) => own.address === address))
      addAddress6(sim, netns, link, { address, length, ...plain })
  }
}

/** setup_ip_forwarding.go, setup_ipv6.go `setupIPv6Forwarding` */
export function forwardIpv6(sim: Simulation, netns: NetNamespace): void {
  for (const scope of ['default', 'all'])
    if (readSysctl(netns, `net.ipv6.conf.${scope}.forwarding`).trim() !== '1')
      writeSysctl(sim, netns, `net.ipv6.conf.${scope}.forwarding`, '1')
}

/** An address that docker0 had before `bip` named another. drivers/bridge/setup_ipv4.go */
function dropOtherAddresses(sim: Simulation, netns: NetNamespace, link: Link, subnet: Subnet): void {
  const [first] = link.addresses
  if (first !== undefined && !link.addresses.some((own) => own.address === subnet.gateway))
    deleteAddress(sim, netns, link, first)
}

/** A second route to the subnet that `fixed-cidr-v6` names. setup_fixedcidrv6.go, setup_ipv6.go */
export function addFixedRoute6(sim: Simulation, netns: NetNamespace, ifindex: number, subnet: Subnet6): void {
  const { address, length } = subnet
  const plain = { gateway: null, preferredSource: null, metric: null, mtu: null, onLink: false }
  const route = { type: 'unicast', destination: { address, length }, ifindex, protocol: 'boot' } as const
  addRoute6(sim, netns, { ...route, ...plain, table: TABLE6_MAIN }, 'add')
}

export function removeBridge(sim: Simulation, netns: NetNamespace, bridge: BridgeSettings): void {
  const link = findLink(netns, bridge.name)
  if (link !== undefined) deleteLink(sim, netns, link)
}

/** The pair of an endpoint, both ends in the host's namespace: the container's end is made first. */
export interface VethPair {
  readonly hostName: string
  readonly hostIfindex: number
  readonly containerName: string
}

export function createVethPair(
  sim: Simulation,
  engine: Engine,
  netns: NetNamespace,
  bridge: BridgeSettings,
): Result<VethPair> {
  const inUse = (name: string): boolean => findLink(netns, name) !== undefined
  const hostName = engine.drawnVeths.shift() ?? drawVethName(sim.random, inUse)
  const containerName = drawVethName(sim.random, (name) => name === hostName || inUse(name))
  const made = addLink(sim, netns, {
    kind: 'veth',
    name: hostName,
    txQueueLength: 0,
    peer: { name: containerName },
  })
  if (!made.ok) return made
  const host = made.value
  const container = findLink(netns, containerName)
  if (container !== undefined) container.txQueueLength = 0
  if (bridge.mtu !== 1500) {
    setLinkMtu(sim, netns, host, bridge.mtu)
    if (container !== undefined) setLinkMtu(sim, netns, container, bridge.mtu)
  }
  const master = findLink(netns, bridge.name)
  if (master !== undefined) setMaster(sim, netns, host, master.ifindex)
  if (!engine.config.userlandProxy && host.port !== null) host.port.hairpin = true
  setLinkUp(sim, netns, host)
  return ok({ hostName, hostIfindex: host.ifindex, containerName })
}

export interface SandboxInterface {
  readonly name: string
  readonly mac: string
  readonly address: number
  readonly length: number
  readonly address6?: string
  readonly length6?: number
}

/** Moves the container's end into the sandbox and sets it up there. */
export function joinSandbox(
  sim: Simulation,
  host: NetNamespace,
  sandbox: NetNamespace,
  pair: VethPair,
  as: SandboxInterface,
): Result<EndpointDevice> {
  const link = findLink(host, pair.containerName)
  if (link === undefined) return { ok: false, error: { code: 'ENODEV', detail: `Link not found` } }
  const moved = moveLink(sim, host, link, sandbox)
  if (!moved.ok) return moved
  const inside = moved.value
  renameLink(sim, sandbox, inside, as.name)
  setLinkMac(sim, sandbox, inside, as.mac)
  addAddress(sim, sandbox, inside, {
    address: as.address,
    length: as.length,
    broadcast: broadcastOf(as.address, as.length),
    scope: 'global',
  })
  joinSandbox6(sim, sandbox, inside, as)
  setLinkUp(sim, sandbox, inside)
  return ok({ hostName: pair.hostName, hostIfindex: pair.hostIfindex, name: as.name })
}

/** IPv6 is off in a sandbox but for devices with an address of it; `lo` goes with them. osl `setInterfaceIPv6`, `checkLoV6` */
export function joinSandbox6(
  sim: Simulation,
  sandbox: NetNamespace,
  link: Link,
  { address6, length6 }: Pick<SandboxInterface, 'address6' | 'length6'>,
): void {
  if (address6 === undefined) return
  for (const name of [link.name, 'lo']) writeSysctl(sim, sandbox, `net.ipv6.conf.${name}.disable_ipv6`, '0')
  const spec = { address: address6, length: length6 ?? 64, peer: null, noDad: true, noPrefixRoute: false }
  addAddress6(sim, sandbox, link, spec)
}

/** Deletes the pair (or the one device of a macvlan endpoint) by whichever end is still found; the learner may have moved or deleted it. */
export function removeVethPair(
  sim: Simulation,
  kernel: Kernel,
  sandboxNetns: number,
  device: EndpointDevice,
): void {
  const host = kernel.namespaces.get(kernel.initialNetns)
  const hostLink = host === undefined ? undefined : findLink(host, device.hostName)
  if (host !== undefined && hostLink !== undefined) {
    deleteLink(sim, host, hostLink)
    return
  }
  const sandbox = kernel.namespaces.get(sandboxNetns)
  const inside = sandbox === undefined ? undefined : findLink(sandbox, device.name)
  const isOurs = inside?.kind === 'veth' || inside?.kind === 'macvlan' || inside?.kind === 'ipvlan'
  if (sandbox !== undefined && isOurs) deleteLink(sim, sandbox, inside)
}
