/** Processes and what they hold. A program that lives on is data (`program`) plus a pure step in `sim/process`. */
import type { HostName, WakeCause } from '../simulation.ts'

export interface Process {
  readonly pid: number
  ppid: number
  readonly host: HostName
  /** pid as seen in each pid namespace it is in: namespace id → number. */
  pids: Map<number, number>
  argv: string[]
  env: Map<string, string>
  cwd: string
  /** Where `/` is for this process: a path in its mount namespace (`chroot`). */
  root: string
  netns: number
  mountns: number
  utsns: number
  pidns: number
  uid: number
  /** Its group where that is not the number of the user. */
  gid?: number
  /** Effective capabilities without `CAP_`: `NET_ADMIN`, `NET_RAW`, `SYS_ADMIN`, `SYS_CHROOT` … */
  capabilities: Set<string>
  descriptors: Map<number, Descriptor>
  /** Controlling terminal (`pts/0`), or null. */
  terminal: number | null
  /** Process group: the pid of its leader. Ctrl-C goes to the terminal's foreground group. */
  group: number
  /** Signals it catches (they are queued in `signals`) and signals it ignores; all others do what signal(7) says. */
  handlers: Set<number>
  ignored: Set<number>
  startedUs: number
  state: 'running' | 'sleeping' | 'stopped' | 'zombie'
  /** The freezer (`docker pause`): wake-ups wait. */
  frozen: boolean
  exitStatus: number | null
  /** What it does once it lives on; null: an interpreter or a short command of the shell. */
  program: Program | null
  /** Signals that wait to be handled by the program's step. */
  signals: number[]
  nextTimer: number
  /** All descriptors from 3 up to below this number are in use; nothing is known without it. */
  lowestFree?: number
  /** Wake-ups that came while it was frozen or stopped; they are made up for when it goes on. */
  missedWakes?: WakeCause[]
}

/** Data of a program of `sim/process`: `kind` names the file there, the rest is its own. */
export interface Program {
  readonly kind: string
}

export type Descriptor =
  | { readonly kind: 'null' }
  | { readonly kind: 'terminal'; readonly terminal: number }
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: 'read' | 'write' }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly mountns: number
      offset: number
      readonly append: boolean
      readonly writable: boolean
    }
  | { readonly kind: 'socket'; readonly netns: number; readonly socket: number }
  /** A container's log as `docker logs` keeps it (json-file driver). */
  | { readonly kind: 'log'; readonly container: string; readonly stream: 'stdout' | 'stderr' }

export interface Pipe {
  readonly id: number
  chunks: string[]
  length: number
  readonly capacity: number
  readers: number
  writers: number
}

/** A pseudo-terminal: what programs wrote and the screen has not taken yet, what was typed and not read yet. */
export interface Terminal {
  readonly id: number
  output: string
  input: string
  columns: number
  rows: number
  /** Process group in the foreground; Ctrl-C goes to it. */
  foreground: number | null
  /** True: no echo, no line editing, no signals (`stty raw`): what is typed goes to the reader as it is. */
  raw: boolean
  /** Container whose log keeps a copy of what is written here, or null. */
  readonly container: string | null
  /** Process that holds the other end (ptmx) and is woken by what is written here; none: whoever looks, looks. */
  watcher?: number
  /** What is typed next and shown by whoever typed it: so many characters are not echoed. */
  unechoed?: number
}

export interface PidNamespace {
  readonly id: number
  readonly parent: number | null
  next: number
}
