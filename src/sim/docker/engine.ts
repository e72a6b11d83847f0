/** The Docker engine of one host: images, containers, networks. Plain data; moby `daemon/`, `libnetwork/controller.go`. */
import type { Prefix } from '../kernel/net-namespace.ts'
import type { HostName, Simulation } from '../kernel/simulation.ts'
import type { Container } from './container.ts'
import type { DaemonConfig } from './daemon-config.ts'
import type { Endpoint } from './endpoint.ts'
import type { EventLog } from './events.ts'
import type { Image } from './image.ts'
import type { Network } from './network.ts'
import type { EngineProfileName } from './profile.ts'
import type { Sandbox } from './sandbox.ts'

export interface Engine {
  readonly host: HostName
  readonly profile: EngineProfileName
  /** What `docker info` calls ID: twelve groups of four letters and digits. */
  readonly id: string
  startedUs: number
  /** What daemon.json said when the daemon was started. */
  config: DaemonConfig
  /** The unit as the service manager sees it. */
  service: 'active' | 'inactive' | 'failed'
  /** The daemon was killed; the service manager starts it again in a moment. */
  restartPending?: boolean
  /** Containers that end now do not come back before the next start. */
  isShuttingDown?: boolean
  /** What daemon and service manager wrote into the journal. */
  journal: JournalLine[]
  /** By id (`sha256:…`). */
  images: Map<string, Image>
  /** By id, in the order of creation. */
  containers: Map<string, Container>
  networks: Map<string, Network>
  endpoints: Map<string, Endpoint>
  sandboxes: Map<string, Sandbox>
  volumes: Map<string, Volume>
  ipam: AddressSpace
  /** The pools of IPv6, once there are any. */
  ipam6?: AddressPool6[]
  ports: PortAllocator
  events: EventLog
  /** Network namespaces of sandboxes that are gone, in which processes of other containers still live. */
  leftNetns: Set<number>
  /** Names of the next veths, where the world fixes them; else they are drawn. */
  drawnVeths: string[]
  /** pids of `dockerd` and `containerd`. */
  daemonPid: number
  containerdPid: number
  /** Docker Desktop: the backend on the PC, which opens published ports there. */
  desktop?: { readonly host: HostName; readonly pid: number }
}

/** The world as far as an engine needs it. */
export interface EngineWorld extends Simulation {
  engines: Map<HostName, Engine>
}

export interface JournalLine {
  readonly atUs: number
  readonly program: string
  readonly pid: number
  readonly text: string
}

export interface Volume {
  readonly name: string
  readonly createdUs: number
  readonly filesystem: number
  /** Nobody named it: it goes with its container. */
  readonly anonymous: boolean
  readonly labels: Readonly<Record<string, string>> | null
  readonly options: Readonly<Record<string, string>> | null
}

/** IPAM's local address space: which pools are given out, and where the search goes on. libnetwork/ipam/allocator.go */
export interface AddressSpace {
  pools: AddressPool[]
  /** Index into the predefined pools at which the next search starts. */
  nextPredefined: number
  /** From daemon.json; without it those of the engine. */
  predefined?: readonly Prefix[]
}

export interface AddressPool {
  readonly network: string
  readonly address: number
  readonly length: number
  taken: Set<number>
  /** Where the last search through a range went on: the range's first address and the lowest that may be free. */
  hint?: { readonly from: number; readonly free: number }
}

export interface AddressPool6 {
  readonly network: string
  readonly address: string
  readonly length: number
  taken: Set<string>
  /** As above. */
  hint?: { readonly from: string; readonly free: string }
}

/** Published ports in use; libnetwork/portallocator. Key: `${ip}/${protocol}`. */
export interface PortAllocator {
  used: Map<string, Set<number>>
  last: Map<string, number>
}
