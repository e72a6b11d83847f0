/**
 * What a starting daemon does about networks: forwarding, chains, the networks it knows, docker0 anew.
 * moby daemon/daemon_unix.go (initNetworkController, initBridgeDriver), libnetwork drivers/bridge `configure`, `populateNetworks`.
 */
import { networkOf6 } from '../kernel/ipv6/prefix.ts'
import type { Prefix } from '../kernel/net-namespace.ts'
import { findLink, setLinkUp } from '../kernel/netlink/link.ts'
import { readSysctl, writeSysctl } from '../kernel/sysctl/sysctl.ts'
import { formatIpv4, formatPrefix, networkOf } from '../wire/ipv4-address.ts'
import { setUpBridge, setUpBridge6 } from './drivers/bridge.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { bridgeRules, bridgeRules6, emptyChains, pinUserChain, removeRules, setUpChains } from './firewall.ts'
import { drawBridgeMac, drawId } from './identifiers.ts'
import { overlaps, predefinedPools, releasePool, requestPool } from './ipam.ts'
import { allocateSubnet6, releasePool6 } from './ipam6.ts'
import type { DriverName, IpamConfig, Network } from './network.ts'
import { busyPrefixes, hostNetns, networkNamed, programRules, registerBridge } from './networks.ts'

export function startNetworking(world: EngineWorld, engine: Engine, bridgeMac: string | undefined): void {
  const netns = hostNetns(world, engine)
  const { iptables, ipForward, addressPools } = engine.config
  const wasForwarding = readSysctl(netns, 'net.ipv4.ip_forward').trim() === '1'
  const turnsOn = ipForward && !wasForwarding
  if (iptables) {
    emptyChains(netns)
    setUpChains(netns, turnsOn)
  }
  if (engine.config.ip6tables) {
    emptyChains(netns, 6)
    setUpChains(netns, ipForward, 6)
  }
  if (turnsOn) writeSysctl(world, netns, 'net.ipv4.ip_forward', '1')
  if (iptables) writeSysctl(world, netns, 'net.bridge.bridge-nf-call-iptables', '1')
  engine.ipam.nextPredefined = 0
  if (addressPools === null) delete engine.ipam.predefined
  else engine.ipam.predefined = addressPools
  for (const network of storedNetworks(engine)) restoreNetwork(world, engine, network)
  defaultBridge(world, engine, bridgeMac)
  if (iptables) pinUserChain(netns)
}

/** Bridge networks of users, in the order of the store: by id. */
function storedNetworks(engine: Engine): Network[] {
  return [...engine.networks.values()]
    .filter((one) => one.bridge !== null && !one.bridge.isDefault)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The device is made again if it has gone; rules that are missing are put in. */
function restoreNetwork(world: EngineWorld, engine: Engine, network: Network): void {
  const { bridge, subnet } = network
  if (bridge === null || subnet === null) return
  const link = setUpBridge(world, hostNetns(world, engine), bridge.name, drawBridgeMac(world.random), subnet)
  if (!link.ok) return
  setUpBridge6(world, hostNetns(world, engine), link.value, network.subnet6 ?? null)
  setLinkUp(world, hostNetns(world, engine), link.value)
  const restored: Network = { ...network, bridge: { ...bridge, ifindex: link.value.ifindex } }
  engine.networks.set(network.id, restored)
  programRules(world, engine, restored)
}

/** `docker0`: the network is made anew at each start, unless containers were left running on it. */
function defaultBridge(world: EngineWorld, engine: Engine, mac: string | undefined): void {
  const old = networkNamed(engine, 'bridge')
  if (old !== undefined && [...engine.endpoints.values()].some((one) => one.network === old.id))
    return programRules(world, engine, old)
  if (old !== undefined) forgetDefault(world, engine, old)
  const network = plainNetwork(world, 'bridge', 'bridge')
  const { pool, gateway, isGiven } = defaultPool(world, engine)
  const { fixedCidr, icc, ipMasq, ip, mtu } = engine.config
  const taken = requestPool(engine.ipam, network.id, pool)
  if (taken.ok) taken.value.taken.add(gateway)
  const bridge = {
    name: 'docker0',
    ifindex: 0,
    icc,
    masquerade: ipMasq,
    mtu,
    containerPrefix: 'eth',
    isDefault: true,
  }
  const config6 = ipamConfig6(engine)
  const subnet6 = config6 === null ? null : allocateSubnet6(engine, network.id, config6, true)
  const range = fixedCidr ?? pool
  const config = {
    subnet: formatPrefix(pool),
    ipRange: fixedCidr === null ? null : formatPrefix(fixedCidr),
    gateway: isGiven ? formatIpv4(gateway) : null,
    auxiliary: null,
  }
  registerBridge(
    world,
    engine,
    {
      ...network,
      options: {
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.bridge.enable_icc': String(icc),
        'com.docker.network.bridge.enable_ip_masquerade': String(ipMasq),
        'com.docker.network.bridge.host_binding_ipv4': ip,
        'com.docker.network.bridge.name': 'docker0',
        'com.docker.network.driver.mtu': String(mtu),
      },
      enableIpv6: subnet6 !== null,
      ipam: { driver: 'default', options: null, config: config6 === null ? [config] : [config, config6] },
      subnet: { ...pool, gateway, range, userConfigured: false },
      ...(subnet6?.ok === true ? { subnet6: subnet6.value } : {}),
      bridge: { ...bridge, hostBinding: hostBinding(ip) },
    },
    mac,
  )
}

function ipamConfig6({ config }: Engine): IpamConfig | null {
  const { ipv6, fixedCidrV6 } = config
  if (!ipv6 || fixedCidrV6 === null) return null
  const { address, length } = fixedCidrV6
  return { subnet: `${networkOf6(address, length)}/${length}`, ipRange: null, gateway: null, auxiliary: null }
}

function hostBinding(ip: string): number {
  return ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function forgetDefault(world: EngineWorld, engine: Engine, old: Network): void {
  const netns = hostNetns(world, engine)
  if (old.bridge !== null && old.subnet !== null && engine.config.iptables)
    for (const hairpin of [true, false])
      removeRules(netns, bridgeRules(old.bridge, old.subnet, false, hairpin))
  if (old.bridge !== null && old.subnet6 != null && engine.config.ip6tables)
    for (const hairpin of [true, false])
      removeRules(netns, bridgeRules6(old.bridge, old.subnet6, false, hairpin))
  releasePool(engine.ipam, old.id)
  releasePool6(engine, old.id)
  engine.networks.delete(old.id)
}

/** What `bip` says, else the address that docker0 has, else the first predefined pool that is free. */
function defaultPool(
  world: EngineWorld,
  engine: Engine,
): { readonly pool: Prefix; readonly gateway: number; readonly isGiven: boolean } {
  const existing = findLink(hostNetns(world, engine), 'docker0')?.addresses[0]
  const given = engine.config.bip ?? existing
  if (given !== undefined) {
    const { address, length } = given
    return { pool: { address: networkOf(address, length), length }, gateway: address, isGiven: true }
  }
  const pools = engine.ipam.predefined ?? predefinedPools
  const busy = busyPrefixes(world, engine)
  const isFree = (one: Prefix): boolean =>
    !busy.some((prefix) => overlaps(one, prefix)) && !engine.ipam.pools.some((pool) => overlaps(one, pool))
  const pool = pools.find(isFree) ?? pools[0]!
  return { pool, gateway: pool.address + 1, isGiven: false }
}

export function plainNetwork(world: EngineWorld, name: string, driver: DriverName): Network {
  return {
    id: drawId(world.random),
    name,
    driver,
    scope: 'local',
    createdUs: world.nowUs,
    internal: false,
    attachable: false,
    enableIpv6: false,
    options: {},
    labels: {},
    ipam: { driver: 'default', options: null, config: [] },
    subnet: null,
    bridge: null,
  }
}
