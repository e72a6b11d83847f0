/** One Linux: its namespaces, its file systems, its processes. Plain data; what it may do stands in its profile. */
import type { Filesystem, MountNamespace } from './fs/types.ts'
import type { NetNamespace } from './net-namespace.ts'
import type { HostName } from './simulation.ts'
import type { PidNamespace, Pipe, Process, Terminal } from './task/types.ts'

export interface Kernel {
  readonly host: HostName
  /** Name of the host profile (`lab`, `desktop-vm`, `linux` …). */
  readonly profile: string
  readonly features: KernelFeatures
  /** Network namespaces by inode number; the first one is the host's own. */
  namespaces: Map<number, NetNamespace>
  readonly initialNetns: number
  mountNamespaces: Map<number, MountNamespace>
  utsNamespaces: Map<number, { id: number; hostname: string }>
  pidNamespaces: Map<number, PidNamespace>
  filesystems: Map<number, Filesystem>
  processes: Map<number, Process>
  pipes: Map<number, Pipe>
  terminals: Map<number, Terminal>
  /** Next number to hand out, by what it numbers. */
  next: { inode: number; pid: number; filesystem: number; pipe: number; terminal: number; socket: number }
  /** What containers wrote, by container id (json-file driver): `docker logs` and attached clients read it. */
  containerLogs: Map<string, LogEntry[]>
  /** When the last frame between virtual devices of this host arrives: they are handled one after the other. */
  backlogUs?: number
  /** The last number that a queueing discipline was given, beyond 0x8000. */
  qdiscHandle?: number
  /** How many messages that packets cause were meant for the log, and since when. */
  logLimit?: { sinceUs: number; said: number }
  /** Frames between virtual devices that it may still handle at full speed, as of that moment; missing: all. */
  burst?: { left: number; updatedUs: number }
  /** What `dmesg` prints (iptables LOG …). */
  log: { atUs: number; text: string }[]
}

export interface LogEntry {
  readonly atUs: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** What the kernel was built with; a link type that is missing is refused as the real kernel refuses it. */
export interface KernelFeatures {
  readonly linkKinds: ReadonlySet<string>
  readonly brNetfilter: boolean
  /** False: built without. */
  readonly sctp?: boolean
  /** The host is itself a namespace of a bigger machine (the recorded lab): new namespaces take the defaults, not its settings. */
  readonly containerized?: boolean
  /** ipip and ip6_tunnel loaded: every namespace has `tunl0` and `ip6tnl0`. */
  readonly fallbackTunnels: boolean
  readonly defaultQdisc: string
  readonly release: string
}
