/** What `docker version` and `docker info` say. docker/cli cli/command/system/{version,info}.go, moby daemon/info.go (20.10) */
import type { ApiStruct } from '../../sim/docker/api-value.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import type { EngineProfile } from '../../sim/docker/profile.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import { binarySize } from './units.ts'

export function clientVersion(profile: EngineProfile, os: string): ApiStruct {
  const { version } = profile
  return {
    Platform: { Name: version.platform },
    Version: version.client,
    ApiVersion: profile.apiVersion,
    DefaultAPIVersion: profile.apiVersion,
    GitCommit: version.clientCommit,
    GoVersion: version.go,
    Os: os,
    Arch: 'amd64',
    BuildTime: version.built,
    Context: 'default',
    Experimental: version.clientExperimental,
  }
}

export function serverVersion(profile: EngineProfile, kernelRelease: string): ApiStruct {
  const { version } = profile
  return {
    Platform: { Name: version.platform },
    Components: components(profile, kernelRelease),
    Version: version.engine,
    ApiVersion: profile.apiVersion,
    MinAPIVersion: '1.12',
    GitCommit: version.engineCommit,
    GoVersion: version.go,
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: kernelRelease,
    BuildTime: version.builtIso,
  }
}

function components(profile: EngineProfile, kernelRelease: string): ApiStruct[] {
  const { version } = profile
  const details = new Map([
    ['ApiVersion', profile.apiVersion],
    ['Arch', 'amd64'],
    ['BuildTime', version.builtIso],
    ['Experimental', 'false'],
    ['GitCommit', version.engineCommit],
    ['GoVersion', version.go],
    ['KernelVersion', kernelRelease],
    ['MinAPIVersion', '1.12'],
    ['Os', 'linux'],
  ])
  const part = (name: string, number: string, commit: string): ApiStruct => ({
    Name: name,
    Version: number,
    Details: new Map([['GitCommit', commit]]),
  })
  return [
    { Name: 'Engine', Version: version.engine, Details: details },
    part('containerd', version.containerd, version.containerdCommit),
    part('runc', version.runc, version.runcCommit),
    part('docker-init', version.init, version.initCommit),
  ]
}

/** Names in a column of 19, as the real table has it. */
function lines(indent: string, width: number, pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${indent}${`${name}:`.padEnd(width)}${value}\n`).join('')
}

export function versionText(profile: EngineProfile, clientOs: string, withServer: boolean): string {
  const { version } = profile
  const title = (name: string): string =>
    version.platform === '' ? `${name}:\n` : `${name}: ${version.platform}\n`
  const client = lines(' ', 19, [
    ['Version', version.client],
    ['API version', profile.apiVersion],
    ['Go version', version.go],
    ['Git commit', version.clientCommit],
    ['Built', version.built],
    ['OS/Arch', `${clientOs}/amd64`],
    ...(profile.showsContext ? [['Context', 'default'] as const] : []),
    ['Experimental', String(version.clientExperimental)],
  ])
  if (!withServer) return title('Client') + client
  const engine = lines('  ', 18, [
    ['Version', version.engine],
    ['API version', `${profile.apiVersion} (minimum version 1.12)`],
    ['Go version', version.go],
    ['Git commit', version.engineCommit],
    ['Built', version.built],
    ['OS/Arch', 'linux/amd64'],
    ['Experimental', 'false'],
  ])
  const part = (name: string, number: string, commit: string): string =>
    ` ${name}:\n${lines('  ', 18, [
      ['Version', number],
      ['GitCommit', commit],
    ])}`
  return (
    `${title('Client')}${client}\n${title('Server')} Engine:\n${engine}` +
    part('containerd', version.containerd, version.containerdCommit) +
    part('runc', version.runc, version.runcCommit) +
    part('docker-init', version.init, version.initCommit)
  )
}

/** Memory and processors are those of the machines of this course. */
const PROCESSORS = 2
const MEMORY_BYTES = 4 * 1024 ** 3

export function infoValue(engine: Engine, kernel: Kernel): ApiStruct & { readonly Containers: number } {
  const count = (status: string): number =>
    [...engine.containers.values()].filter((one) => one.state.status === status).length
  const [uts] = kernel.utsNamespaces.values()
  const running = count('running') + count('restarting')
  const paused = count('paused')
  return {
    ID: engine.id,
    Containers: engine.containers.size,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: engine.containers.size - running - paused,
    Images: engine.images.size,
    Driver: 'overlay2',
    NFd: 24 + 8 * running,
    NGoroutines: 36 + 9 * running,
    LoggingDriver: 'json-file',
    CgroupDriver: 'cgroupfs',
    CgroupVersion: '1',
    NEventsListener: 0,
    KernelVersion: kernel.features.release,
    OSType: 'linux',
    Architecture: 'x86_64',
    NCPU: PROCESSORS,
    MemTotal: MEMORY_BYTES,
    IndexServerAddress: 'https://index.docker.io/v1/',
    DockerRootDir: '/var/lib/docker',
    Name: uts?.hostname ?? '',
    Labels: [],
    ExperimentalBuild: false,
    DefaultRuntime: 'runc',
    LiveRestoreEnabled: false,
    Swarm: { NodeID: '', LocalNodeState: 'inactive', ControlAvailable: false },
  }
}

export function infoText(value: ApiStruct, profile: EngineProfile): string {
  const { version } = profile
  const of = (name: string): string => String(value[name])
  return `Client:
 Context:    default
 Debug Mode: false

Server:
 Containers: ${of('Containers')}
  Running: ${of('ContainersRunning')}
  Paused: ${of('ContainersPaused')}
  Stopped: ${of('ContainersStopped')}
 Images: ${of('Images')}
 Server Version: ${version.engine}
 Storage Driver: overlay2
  Backing Filesystem: extfs
  Supports d_type: true
  Native Overlay Diff: true
  userxattr: false
 Logging Driver: json-file
 Cgroup Driver: cgroupfs
 Cgroup Version: ${profile.cgroupVersion}
 Plugins:
  Volume: local
  Network: bridge host ipvlan macvlan null overlay
  Log: awslogs fluentd gcplogs gelf journald json-file local logentries splunk syslog
 Swarm: inactive
 Runtimes: io.containerd.runc.v2 io.containerd.runtime.v1.linux runc
 Default Runtime: runc
 Init Binary: docker-init
 containerd version: ${version.containerdCommit}
 runc version: ${version.runcCommit}
 init version: ${version.initCommit}
 Security Options:
  seccomp
   Profile: default
 Kernel Version: ${of('KernelVersion')}
 Operating System: ${profile.osName}
 OSType: linux
 Architecture: x86_64
 CPUs: ${of('NCPU')}
 Total Memory: ${binarySize(Number(value['MemTotal']))}
 Name: ${of('Name')}
 ID: ${of('ID')}
 Docker Root Dir: /var/lib/docker
 Debug Mode: false
 Registry: https://index.docker.io/v1/
 Labels:
 Experimental: false
 Insecure Registries:
  127.0.0.0/8
 Live Restore Enabled: false

`
}
