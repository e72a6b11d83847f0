/** What `docker info` says. docker/cli cli/command/system/info.go, moby api/types `Info`, daemon/info.go (20.10). Not modelled: warnings. */
import { type ApiStruct, type ApiValue, apiMap, apiTime } from '../../sim/base/api-value.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import type { EngineProfile } from '../../sim/docker/profile.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import { binarySize } from './units.ts'

/** Memory and processors are those of the machines of this course. */
export const PROCESSORS = 2
export const MEMORY_BYTES = 4 * 1024 ** 3

const STORAGE = [
  ['Backing Filesystem', 'extfs'],
  ['Supports d_type', 'true'],
  ['Native Overlay Diff', 'true'],
  ['userxattr', 'false'],
]
const NETWORK_DRIVERS = ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay']
const LOG_DRIVERS = [
  ...['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'logentries', 'splunk'],
  'syslog',
]
export const RUNTIMES = ['io.containerd.runc.v2', 'io.containerd.runtime.v1.linux', 'runc']

export interface InfoSettings {
  /** Of the host: `net.ipv4.ip_forward`, `net.bridge.bridge-nf-call-ip6tables` … */
  readonly forwarding: boolean
  readonly bridgeFilter: boolean
  readonly bridgeFilter6: boolean
  readonly nowUs: number
  readonly epochMs: number
}

export function infoValue(
  engine: Engine,
  profile: EngineProfile,
  kernel: Kernel,
  settings: InfoSettings,
): ApiStruct {
  const { general } = engine.config
  return {
    ID: engine.id,
    ...counts(engine),
    Driver: 'overlay2',
    DriverStatus: STORAGE.map((pair) => [...pair]),
    Plugins: {
      Volume: ['local'],
      Network: [...NETWORK_DRIVERS],
      Authorization: null,
      Log: [...LOG_DRIVERS],
    },
    ...limits(),
    IPv4Forwarding: settings.forwarding,
    BridgeNfIptables: settings.bridgeFilter,
    BridgeNfIp6tables: settings.bridgeFilter6,
    Debug: general.debug,
    NFd: 24 + 8 * running(engine),
    OomKillDisable: true,
    NGoroutines: 36 + 9 * running(engine),
    SystemTime: apiTime(settings.epochMs, settings.nowUs),
    LoggingDriver: general.logDriver,
    CgroupDriver: 'cgroupfs',
    CgroupVersion: profile.cgroupVersion,
    NEventsListener: 0,
    KernelVersion: kernel.features.release,
    OperatingSystem: operatingSystem(profile, kernel),
    OSVersion: profile.name === 'desktop' ? '' : '12',
    OSType: 'linux',
    Architecture: 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: registryConfig(engine),
    ...machine(engine, kernel),
    ExperimentalBuild: general.experimental,
    ServerVersion: profile.version.engine,
    Runtimes: new Map(RUNTIMES.map((name) => [name, { path: 'runc' }])),
    DefaultRuntime: general.defaultRuntime,
    Swarm: {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: engine.config.liveRestore,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: commit(profile.version.containerdCommit),
    RuncCommit: commit(profile.version.runcCommit),
    InitCommit: commit(profile.version.initCommit),
    SecurityOptions: ['name=seccomp,profile=default'],
    DefaultAddressPools:
      engine.config.poolSettings.length === 0
        ? undefined
        : engine.config.poolSettings.map(({ base, size }) => ({ Base: base, Size: size })),
    Warnings: null,
    ClientInfo: { Debug: false, Context: 'default', Plugins: [], Warnings: null },
  }
}

function running(engine: Engine): number {
  return [...engine.containers.values()].filter(
    ({ state }) => state.status === 'running' || state.status === 'restarting',
  ).length
}

function counts(engine: Engine): ApiStruct {
  const all = engine.containers.size
  const paused = [...engine.containers.values()].filter((one) => one.state.status === 'paused').length
  return {
    Containers: all,
    ContainersRunning: running(engine),
    ContainersPaused: paused,
    ContainersStopped: all - running(engine) - paused,
    Images: engine.images.size,
  }
}

function limits(): ApiStruct {
  const names = ['MemoryLimit', 'SwapLimit', 'KernelMemory', 'KernelMemoryTCP', 'CpuCfsPeriod']
  names.push('CpuCfsQuota', 'CPUShares', 'CPUSet', 'PidsLimit')
  return Object.fromEntries(names.map((name) => [name, true]))
}

function operatingSystem(profile: EngineProfile, kernel: Kernel): string {
  return `${profile.osName}${kernel.features.containerized === true ? ' (containerized)' : ''}`
}

function commit(id: string): ApiStruct {
  return { ID: id, Expected: id }
}

function machine(engine: Engine, kernel: Kernel): ApiStruct {
  const { general } = engine.config
  const [uts] = kernel.utsNamespaces.values()
  return {
    NCPU: PROCESSORS,
    MemTotal: MEMORY_BYTES,
    GenericResources: null,
    DockerRootDir: general.dataRoot,
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: uts?.hostname ?? '',
    Labels: [...general.labels],
  }
}

function registryConfig(engine: Engine): ApiStruct {
  const { registryMirrors, insecureRegistries } = engine.config.general
  const isRange = (text: string): boolean => /^[\d.]+\/\d+$/.test(text)
  const mirrors = registryMirrors.map((one) => `${one.replace(/\/+$/, '')}/`)
  const index = (name: string, secure: boolean, official: boolean): ApiValue => ({
    Name: name,
    Mirrors: official ? mirrors : [],
    Secure: secure,
    Official: official,
  })
  return {
    AllowNondistributableArtifactsCIDRs: [],
    AllowNondistributableArtifactsHostnames: [],
    InsecureRegistryCIDRs: [...insecureRegistries.filter(isRange), '127.0.0.0/8'],
    IndexConfigs: apiMap({
      'docker.io': index('docker.io', true, true),
      ...Object.fromEntries(
        insecureRegistries.filter((one) => !isRange(one)).map((one) => [one, index(one, false, false)]),
      ),
    }),
    Mirrors: mirrors,
  }
}

const words = (value: ApiValue): string => (Array.isArray(value) ? value.map(String).join(' ') : '')

/** `name=seccomp,profile=default` as the lines of a list. */
function securityLines(options: ApiValue): string {
  if (!Array.isArray(options)) return ''
  return options
    .map((option) => {
      const [first = '', ...more] = String(option).split(',')
      return `  ${first.replace(/^name=/, '')}\n${more.map((one) => `   Profile: ${one.replace(/^profile=/, '')}\n`).join('')}`
    })
    .join('')
}

export function infoText(value: ApiStruct, profile: EngineProfile): string {
  const { version } = profile
  const of = (name: string): string => String(value[name])
  const plugins = value['Plugins'] as ApiStruct
  const registry = value['RegistryConfig'] as ApiStruct
  const mirrors = registry['Mirrors'] as string[]
  const ranges = registry['InsecureRegistryCIDRs'] as string[]
  const insecure = [...(registry['IndexConfigs'] as Map<string, ApiStruct>)]
    .filter(([, one]) => one['Secure'] === false)
    .map(([name]) => name)
  const list = (items: readonly string[], indent: string): string =>
    items.map((item) => `${indent}${item}\n`).join('')
  const storage = (value['DriverStatus'] as readonly string[][]).map(([name, text]) => `${name}: ${text}`)
  return `Client:
${profile.showsContext ? ' Context:    default\n' : ''} Debug Mode: false

Server:
 Containers: ${of('Containers')}
  Running: ${of('ContainersRunning')}
  Paused: ${of('ContainersPaused')}
  Stopped: ${of('ContainersStopped')}
 Images: ${of('Images')}
 Server Version: ${version.engine}
 Storage Driver: ${of('Driver')}
${list(storage, '  ')} Logging Driver: ${of('LoggingDriver')}
 Cgroup Driver: ${of('CgroupDriver')}
 Cgroup Version: ${of('CgroupVersion')}
 Plugins:
  Volume: ${words(plugins['Volume'])}
  Network: ${words(plugins['Network'])}
  Log: ${words(plugins['Log'])}
 Swarm: inactive
 Runtimes: ${RUNTIMES.join(' ')}
 Default Runtime: ${of('DefaultRuntime')}
 Init Binary: ${of('InitBinary')}
 containerd version: ${version.containerdCommit}
 runc version: ${version.runcCommit}
 init version: ${version.initCommit}
 Security Options:
${securityLines(value['SecurityOptions'])} Kernel Version: ${of('KernelVersion')}
 Operating System: ${of('OperatingSystem')}
 OSType: ${of('OSType')}
 Architecture: ${of('Architecture')}
 CPUs: ${of('NCPU')}
 Total Memory: ${binarySize(Number(value['MemTotal']))}
 Name: ${of('Name')}
 ID: ${of('ID')}
 Docker Root Dir: ${of('DockerRootDir')}
 Debug Mode: ${of('Debug')}
 Registry: ${of('IndexServerAddress')}
 Labels:
${list(value['Labels'] as string[], '  ')} Experimental: ${of('ExperimentalBuild')}
 Insecure Registries:
${list([...insecure, ...ranges], '  ')}${mirrors.length === 0 ? '' : ` Registry Mirrors:\n${list(mirrors, '  ')}`} Live Restore Enabled: ${of('LiveRestoreEnabled')}
${poolLines(value['DefaultAddressPools'])}
`
}

function poolLines(value: ApiValue): string {
  if (!Array.isArray(value)) return ''
  const lines = (value as ApiStruct[]).map((one) => `   Base: ${one['Base']}, Size: ${one['Size']}\n`)
  return ` Default Address Pools:\n${lines.join('')}`
}
