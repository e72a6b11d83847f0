/** What `docker inspect` shows of a container. moby api/types `ContainerJSON`, daemon/inspect.go */

import { type ApiStruct, type ApiValue, apiMap, apiTime } from '../base/api-value.ts'
import { formatIpv4 } from '../wire/ipv4-address.ts'
import type { Bind, Container, EndpointSettings, MountSpec } from './container.ts'
import { containerArgv } from './container-process.ts'
import { networkName } from './create-container.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { inspectHealth, inspectHealthcheck } from './health.ts'
import { inspectHostConfig } from './inspect-host-config.ts'
import { networkNamed } from './networks.ts'

export function inspectContainer(world: EngineWorld, engine: Engine, container: Container): ApiStruct {
  const [path = '', ...args] = containerArgv(container)
  const folder = `/var/lib/docker/containers/${container.id}`
  const started = container.state.startedUs !== null
  const file = (name: string): string => (started ? `${folder}/${name}` : '')
  return {
    Id: container.id,
    Created: apiTime(world.epochMs, container.createdUs),
    Path: path,
    Args: args,
    State: inspectState(world, container),
    Image: container.image,
    ResolvConfPath: file('resolv.conf'),
    HostnamePath: file('hostname'),
    HostsPath: file('hosts'),
    LogPath: started ? `${folder}/${container.id}-json.log` : '',
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: null,
    HostConfig: inspectHostConfig(engine, container),
    GraphDriver: { Data: graphData(container), Name: 'overlay2' },
    SizeRw: undefined,
    SizeRootFs: undefined,
    Mounts: inspectMounts(container),
    Config: inspectConfig(container),
    NetworkSettings: inspectNetworkSettings(engine, container),
  }
}

function inspectState(world: EngineWorld, container: Container): ApiStruct {
  const { state } = container
  return {
    Status: state.status,
    Running: state.status === 'running' || state.status === 'paused' || state.status === 'restarting',
    Paused: state.status === 'paused',
    Restarting: state.status === 'restarting',
    OOMKilled: state.oomKilled,
    Dead: state.status === 'dead',
    Pid: state.pid,
    ExitCode: state.exitCode,
    Error: state.error,
    StartedAt: apiTime(world.epochMs, state.startedUs),
    FinishedAt: apiTime(world.epochMs, state.finishedUs),
    Health: inspectHealth(world.epochMs, container),
  }
}

function graphData(container: Container): ApiValue {
  const folder = `/var/lib/docker/overlay2/${container.id}`
  return apiMap({
    LowerDir: `${folder}-init/diff:/var/lib/docker/overlay2/${container.image.slice('sha256:'.length)}/diff`,
    MergedDir: `${folder}/merged`,
    UpperDir: `${folder}/diff`,
    WorkDir: `${folder}/work`,
  })
}

function inspectMounts(container: Container): ApiValue[] {
  const memory = (container.hostConfig.mounts ?? []).filter((one) => one.type === 'tmpfs')
  return [...container.hostConfig.binds.map(inspectBind), ...memory.map(inspectMemory)]
}

function inspectMemory({ target, readOnly }: MountSpec): ApiValue {
  return { Type: 'tmpfs', Source: '', Destination: target, Mode: '', RW: !readOnly, Propagation: '' }
}

/** A volume that was named, without a mode of its own, gets the label for sharing. */
function volumeMode(bind: Bind): string {
  if (bind.byMount === true) return 'z'
  return bind.mode === '' && bind.source !== '' ? 'z' : bind.mode
}

function inspectBind(bind: Bind): ApiValue {
  const writable = !bind.mode.split(',').includes('ro')
  return bind.volume === null
    ? {
        Type: 'bind',
        Source: bind.source,
        Destination: bind.destination,
        Mode: bind.byMount === true ? '' : bind.mode,
        RW: writable,
        Propagation: bind.source === '/' ? 'rslave' : 'rprivate',
      }
    : {
        Type: 'volume',
        Name: bind.volume,
        Source: `/var/lib/docker/volumes/${bind.volume}/_data`,
        Destination: bind.destination,
        Driver: 'local',
        Mode: volumeMode(bind),
        RW: writable,
        Propagation: '',
      }
}

function inspectConfig(container: Container): ApiStruct {
  const { config } = container
  const setOf = (names: readonly string[]): Map<string, ApiValue> => new Map(names.map((name) => [name, {}]))
  return {
    Hostname: config.hostname,
    Domainname: config.domainname,
    User: config.user,
    AttachStdin: config.attachStdin,
    AttachStdout: config.attachStdout,
    AttachStderr: config.attachStderr,
    ExposedPorts: config.exposedPorts.length === 0 ? undefined : setOf(config.exposedPorts),
    Tty: config.tty,
    OpenStdin: config.openStdin,
    StdinOnce: config.stdinOnce,
    Env: [...config.env],
    Cmd: config.command === null ? null : [...config.command],
    Healthcheck: inspectHealthcheck(container),
    Image: config.image,
    Volumes: config.volumes.length === 0 ? null : setOf(config.volumes),
    WorkingDir: config.workingDir,
    Entrypoint: config.entrypoint === null ? null : [...config.entrypoint],
    MacAddress: macOf(container),
    OnBuild: null,
    Labels: apiMap(config.labels),
    StopSignal: config.stopSignal ?? undefined,
    StopTimeout: config.stopTimeout ?? undefined,
  }
}

function macOf(container: Container): string | undefined {
  return container.networks.get(networkName(container.hostConfig))?.mac ?? undefined
}

export function endpointsOf(engine: Engine, container: Container): Endpoint[] {
  return [...container.networks.values()]
    .map((settings) => (settings.endpoint === null ? undefined : engine.endpoints.get(settings.endpoint)))
    .filter((endpoint) => endpoint !== undefined)
}

function inspectNetworkSettings(engine: Engine, container: Container): ApiStruct {
  const bridge = container.networks.get('bridge')
  const own = bridge?.endpoint == null ? undefined : engine.endpoints.get(bridge.endpoint)
  return {
    Bridge: '',
    SandboxID: container.lastSandbox?.id ?? '',
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    Ports: inspectPorts(engine, container),
    SandboxKey: container.lastSandbox?.key ?? '',
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: own?.id ?? '',
    Gateway: addressText(own?.gateway),
    GlobalIPv6Address: own?.address6 ?? '',
    GlobalIPv6PrefixLen: own?.length6 ?? 0,
    IPAddress: addressText(own?.address),
    IPPrefixLen: own?.length ?? 0,
    IPv6Gateway: own?.gateway6 ?? '',
    MacAddress: own?.mac ?? '',
    Networks: new Map(
      [...container.networks.keys()].map((name) => [name, endpointSettings(engine, container, name)]),
    ),
  }
}

function addressText(address: number | null | undefined): string {
  return address == null ? '' : formatIpv4(address)
}

function endpointSettings(engine: Engine, container: Container, name: string): ApiStruct {
  const settings = container.networks.get(name)!
  const endpoint = settings.endpoint === null ? undefined : engine.endpoints.get(settings.endpoint)
  const wasStarted = container.state.startedUs !== null
  return {
    IPAMConfig: settings.hasIpamConfig ? ipamConfig(settings) : null,
    Links: settings.links === null ? null : [...settings.links],
    Aliases: aliases(container, name, wasStarted),
    NetworkID: wasStarted ? (networkNamed(engine, name)?.id ?? '') : '',
    EndpointID: endpoint?.id ?? '',
    Gateway: addressText(endpoint?.gateway),
    IPAddress: addressText(endpoint?.address),
    IPPrefixLen: endpoint?.length ?? 0,
    IPv6Gateway: endpoint?.gateway6 ?? '',
    GlobalIPv6Address: endpoint?.address6 ?? '',
    GlobalIPv6PrefixLen: endpoint?.length6 ?? 0,
    MacAddress: endpoint?.mac ?? '',
    DriverOpts: settings.driverOptions === null ? null : apiMap(settings.driverOptions),
  }
}

function ipamConfig({ ipv4, ipv6, linkLocal = [] }: EndpointSettings): ApiStruct {
  return {
    IPv4Address: ipv4 ?? undefined,
    IPv6Address: ipv6 ?? undefined,
    LinkLocalIPs: linkLocal.length === 0 ? undefined : [...linkLocal],
  }
}

/** On user-defined networks the short id is an alias once the container has been started. */
function aliases(container: Container, network: string, wasStarted: boolean): ApiValue {
  const own = container.networks.get(network)?.aliases ?? null
  const predefined = network === 'bridge' || network === 'host' || network === 'none'
  if (predefined || !wasStarted) return own === null ? null : [...own]
  return [...(own ?? []), container.id.slice(0, 12)]
}

/** Published ports by container port; an exposed one that is not published is null. */
function inspectPorts(engine: Engine, container: Container): Map<string, ApiValue> {
  const result = new Map<string, ApiValue>()
  if (container.sandbox === null) return result
  const endpoints = endpointsOf(engine, container)
  const bridged = endpoints.some((endpoint) => endpoint.device !== null)
  if (bridged) for (const port of container.config.exposedPorts) result.set(port, null)
  for (const endpoint of endpoints) {
    for (const port of endpoint.ports) {
      const key = `${port.containerPort}/${port.protocol}`
      const bindings = result.get(key)
      const binding = { HostIp: port.hostIp, HostPort: String(port.hostPort) }
      result.set(key, Array.isArray(bindings) ? [...bindings, binding] : [binding])
    }
  }
  return result
}
