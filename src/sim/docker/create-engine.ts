/** What the daemon does when it starts. moby daemon/daemon_unix.go (initNetworkController), libnetwork drivers/bridge `configure` */
import type { HostName } from '../kernel/simulation.ts'
import { readSysctl, writeSysctl } from '../kernel/sysctl/sysctl.ts'
import { spawnProcess } from '../kernel/task/process.ts'
import { dockerdProgram } from '../process/dockerd.ts'
import { formatPrefix } from '../wire/ipv4-address.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { putOnHost } from './files.ts'
import { pinUserChain, setUpChains } from './firewall.ts'
import { drawEngineId, drawId } from './identifiers.ts'
import { imagesAtHand } from './images/at-hand.ts'
import { createAddressSpace, overlaps, predefinedPools, requestPool } from './ipam.ts'
import type { DriverName, Network } from './network.ts'
import { busyPrefixes, hostNetns, kernelOf, registerBridge } from './networks.ts'
import { createPortAllocator } from './ports.ts'
import { engineProfile } from './profile.ts'

/** What a world fixes instead of leaving it to chance. */
export interface EngineStart {
  readonly bridgeMac?: string
  /** What follows `veth` in the names of the next endpoints' devices on the host. */
  readonly vethNames?: readonly string[]
}

/** Starts an engine on a host: daemon, chains and rules, docker0, the three networks. Throws on an unknown profile. */
export function createEngine(
  world: EngineWorld,
  host: HostName,
  profileName: string,
  start: EngineStart = {},
): Engine {
  const profile = engineProfile(profileName)
  if (profile === undefined) throw new Error(`no engine profile '${profileName}'`)
  const engine: Engine = {
    host,
    profile: profile.name,
    id: drawEngineId(world.random),
    startedUs: world.nowUs,
    images: imagesAtHand(world.kernels.get(host)?.profile ?? '', world.epochMs + world.nowUs / 1000),
    containers: new Map(),
    networks: new Map(),
    endpoints: new Map(),
    sandboxes: new Map(),
    volumes: new Map(),
    ipam: createAddressSpace(),
    ports: createPortAllocator(),
    events: { kept: [], total: 0 },
    leftNetns: new Set(),
    drawnVeths: (start.vethNames ?? []).map((name) => `veth${name}`),
    daemonPid: 0,
    containerdPid: 0,
  }
  world.engines.set(host, engine)
  startDaemons(world, engine)
  startNetworking(world, engine, start.bridgeMac)
  return engine
}

function startDaemons(world: EngineWorld, engine: Engine): void {
  const kernel = kernelOf(world, engine)
  const init = kernel.processes.get(1) ?? null
  const common = { terminal: null, state: 'sleeping' } as const
  const daemon = spawnProcess(world, kernel, init, {
    ...common,
    argv: ['/usr/sbin/dockerd'],
    program: dockerdProgram(),
    descriptors: new Map(),
  })
  const containerd = spawnProcess(world, kernel, daemon, {
    ...common,
    program: { kind: 'daemon' },
    argv: ['containerd', '--config', '/var/run/docker/containerd/containerd.toml', '--log-level', 'info'],
  })
  engine.daemonPid = daemon.pid
  engine.containerdPid = containerd.pid
  const owner = { mode: 0o660, uid: 0, gid: 0, modifiedMs: world.epochMs + Math.floor(world.nowUs / 1000) }
  putOnHost(world, engine, '/var/run/docker.sock', { kind: 'socket', ...owner })
}

function startNetworking(world: EngineWorld, engine: Engine, bridgeMac: string | undefined): void {
  const netns = hostNetns(world, engine)
  const wasForwarding = readSysctl(netns, 'net.ipv4.ip_forward').trim() === '1'
  setUpChains(netns, !wasForwarding)
  if (!wasForwarding) writeSysctl(world, netns, 'net.ipv4.ip_forward', '1')
  writeSysctl(world, netns, 'net.bridge.bridge-nf-call-iptables', '1')
  for (const [name, driver] of [
    ['none', 'null'],
    ['host', 'host'],
  ] as const) {
    const network = plainNetwork(world, name, driver)
    engine.networks.set(network.id, network)
  }
  defaultBridge(world, engine, bridgeMac)
  pinUserChain(netns)
}

function plainNetwork(world: EngineWorld, name: string, driver: DriverName): Network {
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

const MTU = 1500

/** `docker0` on the first predefined pool. */
function defaultBridge(world: EngineWorld, engine: Engine, mac: string | undefined): void {
  const network = plainNetwork(world, 'bridge', 'bridge')
  const busy = busyPrefixes(world, engine)
  const pool =
    predefinedPools.find((one) => !busy.some((prefix) => overlaps(one, prefix))) ?? predefinedPools[0]!
  const taken = requestPool(engine.ipam, network.id, pool)
  if (taken.ok) taken.value.taken.add(pool.address + 1)
  registerBridge(
    world,
    engine,
    {
      ...network,
      options: {
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.bridge.enable_icc': 'true',
        'com.docker.network.bridge.enable_ip_masquerade': 'true',
        'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
        'com.docker.network.bridge.name': 'docker0',
        'com.docker.network.driver.mtu': String(MTU),
      },
      ipam: {
        driver: 'default',
        options: null,
        config: [{ subnet: formatPrefix(pool), ipRange: null, gateway: null, auxiliary: null }],
      },
      subnet: { ...pool, gateway: pool.address + 1, range: pool, userConfigured: false },
      bridge: {
        name: 'docker0',
        ifindex: 0,
        icc: true,
        masquerade: true,
        mtu: MTU,
        hostBinding: 0,
        containerPrefix: 'eth',
        isDefault: true,
      },
    },
    mac,
  )
}
