/** `HostConfig` of `docker inspect`, every key in the engine's order. moby api/types/container/host_config.go */
import { type ApiStruct, type ApiValue, apiMap, orNull } from '../base/api-value.ts'
import type { Container, DeviceRequest, HostConfig, MountSpec, PortBinding } from './container.ts'
import type { Engine } from './engine.ts'
import { legacyLinks } from './links.ts'

const MASKED_PATHS = [
  ...['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list'],
  ...['/proc/timer_stats', '/proc/sched_debug', '/proc/scsi', '/sys/firmware'],
]
const READONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

export function inspectHostConfig(engine: Engine, container: Container): ApiStruct {
  const host = container.hostConfig
  return { ...general(engine, container), ...resources(host), ...paths(host) }
}

function general(engine: Engine, container: Container): ApiStruct {
  const host = container.hostConfig
  return {
    Binds: orNull(
      host.binds
        .filter((bind) => !isAnonymous(bind) && bind.inherited !== true && bind.byMount !== true)
        .map(bindText),
    ),
    ContainerIDFile: String(host.resources['cidfile'] ?? ''),
    LogConfig: {
      Type: String(host.resources['log-driver'] ?? 'json-file'),
      Config: apiMap(pairsOf(host, 'log-opt')),
    },
    NetworkMode: host.networkMode,
    PortBindings: portBindings(host.portBindings),
    RestartPolicy: { Name: host.restart.name, MaximumRetryCount: host.restart.maximumRetryCount },
    AutoRemove: host.autoRemove,
    VolumeDriver: String(host.resources['volume-driver'] ?? ''),
    VolumesFrom: orNull(host.lists?.['volumes-from'] ?? []),
    CapAdd: orNull(host.capAdd),
    CapDrop: orNull(host.capDrop),
    CgroupnsMode: host.cgroupnsMode,
    Dns: [...host.dns],
    DnsOptions: [...host.dnsOptions],
    DnsSearch: [...host.dnsSearch],
    ExtraHosts: orNull(host.extraHosts),
    GroupAdd: orNull(host.lists?.['group-add'] ?? []),
    IpcMode: host.ipcMode,
    Cgroup: '',
    Links: orNull(
      legacyLinks(engine, container).map(({ alias, child }) => `/${child.name}:/${container.name}/${alias}`),
    ),
    OomScoreAdj: Number(host.resources['oom-score-adj'] ?? 0),
    PidMode: host.pidMode,
    Privileged: host.privileged,
    PublishAllPorts: host.publishAll,
    ReadonlyRootfs: host.readOnly,
    SecurityOpt: securityOptions(host),
    Mounts: host.mounts === undefined || host.mounts.length === 0 ? undefined : host.mounts.map(mountOf),
    Tmpfs: Object.keys(host.tmpfs).length === 0 ? undefined : apiMap(host.tmpfs),
    UTSMode: host.utsMode,
    UsernsMode: String(host.resources['userns'] ?? ''),
    ShmSize: Number(host.resources['shm-size'] ?? 67108864),
    Sysctls: Object.keys(host.sysctls).length === 0 ? undefined : apiMap(host.sysctls),
    Runtime: String(host.resources['runtime'] ?? 'runc'),
    ConsoleSize: [0, 0],
    Isolation: String(host.resources['isolation'] ?? ''),
  }
}

function pairsOf(host: HostConfig, name: string): Record<string, string> {
  const list = host.lists?.[name] ?? []
  return Object.fromEntries(list.map((pair) => [pair.split('=')[0] ?? '', pair.replace(/^[^=]*=?/, '')]))
}

/** `/dev/net/tun:/dev/tun:rwm` */
function deviceOf(text: string): ApiValue {
  const [host = '', second = '', third] = text.split(':')
  const isMode = /^[rwm]+$/.test(second)
  const inside = second === '' || isMode ? host : second
  const permissions = third ?? (isMode ? second : 'rwm')
  return { PathOnHost: host, PathInContainer: inside, CgroupPermissions: permissions }
}

function mountOf(mount: MountSpec): ApiValue {
  const { bind, volume, tmpfs } = mount
  const text = (value: string | undefined): string | undefined => value || undefined
  const pairs = (map: Readonly<Record<string, string>> | undefined): ApiValue | undefined =>
    map === undefined ? undefined : apiMap({ ...map })
  return {
    Type: mount.type,
    Source: text(mount.source),
    Target: mount.target,
    ReadOnly: mount.readOnly || undefined,
    BindOptions:
      bind === null
        ? undefined
        : { Propagation: text(bind.propagation), NonRecursive: bind.nonRecursive || undefined },
    VolumeOptions:
      volume === null
        ? undefined
        : {
            NoCopy: volume.noCopy || undefined,
            Labels: pairs(volume.labels),
            DriverConfig: { Name: text(volume.driver), Options: pairs(volume.options) },
          },
    TmpfsOptions:
      tmpfs === null ? undefined : { SizeBytes: tmpfs.bytes || undefined, Mode: tmpfs.mode || undefined },
  }
}

/** `/dev/sda:1048576` */
function rates(host: HostConfig, name: string): ApiValue {
  return orNull(
    (host.lists?.[name] ?? []).map((text) => ({
      Path: text.split(':')[0] ?? '',
      Rate: Number(text.split(':')[1] ?? 0),
    })),
  )
}

function requestOf(request: DeviceRequest): ApiValue {
  return {
    Driver: request.driver,
    Count: request.count,
    DeviceIDs: request.ids === null ? null : [...request.ids],
    Capabilities: [[...request.capabilities]],
    Options: apiMap({ ...request.options }),
  }
}

/** `nofile=1024:2048` */
function ulimitOf(text: string): ApiValue {
  const [name = '', values = ''] = text.split('=')
  const [soft = 0, hard = soft] = values.split(':').map(Number)
  return { Name: name, Hard: hard, Soft: soft }
}

/** A privileged container has its label disabled. */
function securityOptions(host: HostConfig): ApiValue {
  if (host.securityOptions.length > 0) return [...host.securityOptions]
  return host.privileged ? ['label=disable'] : null
}

function isAnonymous(bind: HostConfig['binds'][number]): boolean {
  return bind.volume !== null && bind.source === ''
}

function bindText(bind: HostConfig['binds'][number]): string {
  const source = bind.volume ?? bind.source
  return `${source}:${bind.destination}${bind.mode === '' ? '' : `:${bind.mode}`}`
}

function portBindings(bindings: readonly PortBinding[]): Map<string, ApiValue> {
  const result = new Map<string, ApiValue>()
  for (const { containerPort, protocol, hostIp, hostPort } of bindings) {
    const key = `${containerPort}/${protocol}`
    const known = result.get(key)
    const binding = { HostIp: hostIp, HostPort: hostPort }
    result.set(key, Array.isArray(known) ? [...known, binding] : [binding])
  }
  return result
}

function resources(host: HostConfig): ApiStruct {
  const number = (name: string): number => Number(host.resources[name] ?? 0)
  return {
    CpuShares: number('cpu-shares'),
    Memory: number('memory'),
    NanoCpus: number('cpus'),
    CgroupParent: String(host.resources['cgroup-parent'] ?? ''),
    BlkioWeight: number('blkio-weight'),
    BlkioWeightDevice: [],
    BlkioDeviceReadBps: rates(host, 'device-read-bps'),
    BlkioDeviceWriteBps: rates(host, 'device-write-bps'),
    BlkioDeviceReadIOps: rates(host, 'device-read-iops'),
    BlkioDeviceWriteIOps: rates(host, 'device-write-iops'),
    CpuPeriod: number('cpu-period'),
    CpuQuota: number('cpu-quota'),
    CpuRealtimePeriod: number('cpu-rt-period'),
    CpuRealtimeRuntime: number('cpu-rt-runtime'),
    CpusetCpus: String(host.resources['cpuset-cpus'] ?? ''),
    CpusetMems: String(host.resources['cpuset-mems'] ?? ''),
    Devices: (host.lists?.['device'] ?? []).map(deviceOf),
    DeviceCgroupRules: orNull(host.lists?.['device-cgroup-rule'] ?? []),
    DeviceRequests: orNull((host.deviceRequests ?? []).map(requestOf)),
    KernelMemory: number('kernel-memory'),
    KernelMemoryTCP: 0,
    MemoryReservation: number('memory-reservation'),
    MemorySwap: number('memory-swap') || number('memory') * 2,
    MemorySwappiness: host.resources['memory-swappiness'] === undefined ? null : number('memory-swappiness'),
    OomKillDisable: number('oom-kill-disable') === 1,
    PidsLimit: number('pids-limit') === 0 ? null : number('pids-limit'),
    Ulimits: orNull((host.lists?.['ulimit'] ?? []).map(ulimitOf)),
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
  }
}

/** Nothing is masked in a privileged container. */
function paths(host: HostConfig): ApiStruct {
  return {
    MaskedPaths: host.privileged ? null : [...MASKED_PATHS],
    ReadonlyPaths: host.privileged ? null : [...READONLY_PATHS],
    Init: host.init ? true : undefined,
  }
}
