/** A container: what was asked for, what it is now. moby container/container.go, api/types/container. */

import type { HealthConfig, HealthState } from './health.ts'

export interface Container {
  readonly id: string
  name: string
  /** `--name` was given (or it was renamed): the name resolves on user-defined networks. */
  isNamed: boolean
  readonly createdUs: number
  /** Id of its image. */
  readonly image: string
  readonly config: ContainerConfig
  hostConfig: HostConfig
  readonly state: ContainerState
  /** Its writable layer; it outlives a stop. */
  readonly filesystem: number
  /** The networks it is to be on, by name; each start makes an endpoint for each. */
  readonly networks: Map<string, EndpointSettings>
  /** Null while it has none: not running. */
  sandbox: string | null
  /** What `docker inspect` shows of the sandbox, also after it has gone. */
  lastSandbox: { readonly id: string; readonly key: string } | null
  execs: number[]
  restartCount: number
  /** `docker stop` or `docker kill` ended it: no restart policy but `always` at daemon start. */
  stoppedByHand: boolean
  /** `docker stop` waits for its end. */
  stopAsked?: boolean
  /** Times of the last start, for the restart policy's growing delay. */
  restartDelayMs: number
}

export interface ContainerConfig {
  readonly hostname: string
  readonly domainname: string
  readonly user: string
  readonly attachStdin: boolean
  readonly attachStdout: boolean
  readonly attachStderr: boolean
  readonly exposedPorts: readonly string[]
  readonly tty: boolean
  readonly openStdin: boolean
  readonly stdinOnce: boolean
  readonly env: readonly string[]
  /** Null: none was given and the image has none. */
  readonly command: readonly string[] | null
  /** As it was typed: `busybox`. */
  readonly image: string
  readonly volumes: readonly string[]
  readonly workingDir: string
  readonly entrypoint: readonly string[] | null
  readonly labels: Readonly<Record<string, string>>
  readonly stopSignal: string | null
  readonly stopTimeout: number | null
  readonly health?: HealthConfig | null
}

export interface HostConfig {
  readonly binds: readonly Bind[]
  readonly networkMode: string
  readonly portBindings: readonly PortBinding[]
  readonly publishAll: boolean
  readonly restart: RestartPolicy
  readonly autoRemove: boolean
  readonly capAdd: readonly string[]
  readonly capDrop: readonly string[]
  readonly dns: readonly string[]
  readonly dnsOptions: readonly string[]
  readonly dnsSearch: readonly string[]
  readonly extraHosts: readonly string[]
  readonly links: readonly string[]
  readonly ipcMode: string
  readonly pidMode: string
  readonly utsMode: string
  readonly cgroupnsMode: string
  readonly privileged: boolean
  readonly readOnly: boolean
  readonly securityOptions: readonly string[]
  readonly sysctls: Readonly<Record<string, string>>
  readonly init: boolean
  readonly tmpfs: Readonly<Record<string, string>>
  /** By `--mount`; those of files and volumes are among `binds` too. */
  readonly mounts?: readonly MountSpec[]
  readonly deviceRequests?: readonly DeviceRequest[]
  /** What is kept for `docker inspect` alone: memory, CPU shares … */
  readonly resources: Readonly<Record<string, number | string>>
  /** The same of options that may be given more than once: devices, groups … */
  readonly lists?: Readonly<Record<string, readonly string[]>>
}

export interface Bind {
  readonly source: string
  readonly destination: string
  /** As given behind the second colon: `ro`. */
  readonly mode: string
  /** Null: a bind mount. Before `create` has made it, a volume's name may be empty. */
  readonly volume: string | null
  readonly byMount?: boolean
  /** What a volume that has to be made is to be. */
  readonly order?: {
    readonly driver?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly options?: Readonly<Record<string, string>>
  }
  /** By `--volumes-from`: not among the container's own. */
  readonly inherited?: boolean
}

/** api/types/mount.Mount; null where nothing was said of that kind. */
export interface MountSpec {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  readonly bind: { readonly propagation?: string; readonly nonRecursive?: boolean } | null
  readonly volume: {
    readonly noCopy?: boolean
    readonly labels?: Readonly<Record<string, string>>
    readonly driver?: string
    readonly options?: Readonly<Record<string, string>>
  } | null
  readonly tmpfs: { readonly bytes?: number; readonly mode?: number } | null
}

/** `--gpus`: no host here has one. */
export interface DeviceRequest {
  readonly driver: string
  readonly count: number
  readonly ids: readonly string[] | null
  readonly capabilities: readonly string[]
  readonly options: Readonly<Record<string, string>>
}

export interface PortBinding {
  readonly containerPort: number
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly hostIp: string
  /** `''`: any free one; a range as `8000-8010`. */
  readonly hostPort: string
}

export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure' | ''
  readonly maximumRetryCount: number
}

export interface EndpointSettings {
  readonly aliases: readonly string[] | null
  readonly links: readonly string[] | null
  readonly ipv4: string | null
  readonly mac: string | null
  readonly driverOptions: Readonly<Record<string, string>> | null
  /** `IPAMConfig` of `docker inspect`: null, or an object that may be empty. */
  readonly hasIpamConfig: boolean
  /** `--ip6`: kept for `docker inspect`. */
  readonly ipv6?: string | null
  /** More addresses of the interface. */
  readonly linkLocal?: readonly string[]
  endpoint: string | null
  /** Id of the network as it was joined last. */
  network?: string
}

export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'

export interface ContainerState {
  status: ContainerStatus
  /** Host's pid of process 1, 0 while there is none. */
  pid: number
  /** Its containerd-shim. */
  shim: number
  exitCode: number
  error: string
  startedUs: number | null
  finishedUs: number | null
  oomKilled: boolean
  mountns: number
  pidns: number
  utsns: number
  health?: HealthState | null
}
