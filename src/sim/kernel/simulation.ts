/**
 * What kernel code is handed: the clock, the randomness, the queue of things to come and all hosts. The world
 * (`sim/world`) is a `Simulation` with more in it. Everything is plain data; `trace` alone is left out of copies.
 */
import type { EventQueue } from '../base/event-queue.ts'
import type { RandomState } from '../base/random.ts'
import type { Frame, IpAddress } from '../wire/frame.ts'
import type { Kernel } from './kernel.ts'
import type { Process } from './task/types.ts'
import type { Trace } from './trace.ts'

export type HostName = string

export interface Simulation {
  /** Microseconds since the world began. */
  nowUs: number
  /** Wall clock at the world's beginning, milliseconds since 1970 UTC. */
  readonly epochMs: number
  random: RandomState
  queue: EventQueue<SimulationEvent>
  kernels: Map<HostName, Kernel>
  cables: Map<number, Cable>
  /** Where decisions about packets are noted; null when nobody looks. */
  trace: Trace | null
  /** Processes that were started and wait for a driver: a shell or a short command runs outside the simulation. */
  ready: { readonly host: HostName; readonly pid: number }[]
  /** Processes that are told what changes in their namespace (`ip monitor`). */
  monitors?: readonly { readonly host: HostName; readonly pid: number }[]
  /** Terminals on one machine that are seen through a secure shell on another: whose prompt stands on a screen. */
  remoteShells?: RemoteShell[]
  /** Constant functions handed in at composition; shared by copies, left out of saves. */
  readonly services: Services
}

/** Both ends of a secure shell know its name; how much was written there and has arrived here tells what is under way. */
export interface RemoteShell {
  readonly session: string
  readonly client: TerminalRef
  server: TerminalRef | null
  written: number
  shown: number
}

export interface TerminalRef {
  readonly host: HostName
  readonly terminal: number
}

/** What the simulation asks of the rooms above it. */
export interface Services {
  /** Words a program's row on its way into a terminal, pipe or file. */
  readonly word: (row: Row, process: Process) => string
}

/** One thing that a program has to say, as data; `render` words it. */
export interface Row {
  readonly program: string
  readonly kind: string
}

/** A cable between two physical network cards; `delayUs` one way. A cut cable loses all it is given. */
export interface Cable {
  readonly id: number
  readonly ends: readonly [DeviceRef, DeviceRef]
  connected: boolean
  delayUs: number
}

/** A device anywhere in the world. `netns` is the namespace's inode number, unique on its host. */
export interface DeviceRef {
  readonly host: HostName
  readonly netns: number
  readonly ifindex: number
}

export type SimulationEvent =
  /** A frame reaches a device from outside (from its cable, its veth peer). */
  | { readonly kind: 'frame'; readonly to: DeviceRef; readonly frame: Frame }
  /** A timer of a kernel's own; the room that set it knows `timer`. */
  | { readonly kind: 'timer'; readonly host: HostName; readonly netns: number; readonly timer: KernelTimer }
  /** A process has something to look at: its descriptors, its timer, a signal. */
  | { readonly kind: 'wake'; readonly host: HostName; readonly pid: number; readonly cause: WakeCause }
  /** A process has ended: engine and parent want to know. */
  | { readonly kind: 'exited'; readonly host: HostName; readonly pid: number; readonly status: number }
  /** The Docker engine of a host has set itself an alarm (restart policy, stop time-out, health check). */
  | { readonly kind: 'engine'; readonly host: HostName; readonly alarm: string; readonly container: string }

export type WakeCause =
  | { readonly kind: 'start' }
  | { readonly kind: 'timer'; readonly id: number }
  | { readonly kind: 'descriptor'; readonly fd: number }
  | { readonly kind: 'signal'; readonly signal: number }

export type KernelTimer =
  | {
      readonly kind: 'neighbor'
      readonly ifindex: number
      readonly address: IpAddress
      readonly generation: number
    }
  | {
      readonly kind: 'tcp'
      readonly which: 'retransmit' | 'acknowledge'
      readonly socket: number
      readonly generation: number
    }
  | { readonly kind: 'tcp-time-wait'; readonly socket: number }
  | { readonly kind: 'ipv6'; readonly ifindex: number; readonly step: string; readonly generation: number }
  | { readonly kind: 'qdisc'; readonly ifindex: number; readonly handle: number; readonly frame: Frame }
  | { readonly kind: 'igmp'; readonly ifindex: number; readonly generation: number }
  | {
      readonly kind: 'bridge-stp'
      /** The bridge's, or a port's. */
      readonly ifindex: number
      readonly which: 'hello' | 'tcn' | 'topologyChange' | 'messageAge' | 'forwardDelay' | 'hold'
      readonly dueUs: number
    }
  | { readonly kind: 'address-lifetime'; readonly ifindex: number }
  | { readonly kind: 'fragment'; readonly key: string; readonly generation: number }
