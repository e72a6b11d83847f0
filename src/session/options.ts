/** How a session is opened, and what it tells of its shells. */
import type { ShellState } from '../shell/state.ts'
import type { HostName } from '../sim/kernel/simulation.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'

export interface SessionOptions {
  /** Where the learner sits; by default the world's first host with an engine, or its first host. */
  readonly host?: HostName
  readonly argv?: readonly string[]
  readonly columns?: number
  readonly rows?: number
  /** Without it no learner's shell is opened: only jobs are run. */
  readonly interactive?: boolean
}

export interface OpenShell {
  readonly process: Process
  readonly state: ShellState
  /** The prompt that stands, or null while a line runs. */
  prompt: string | null
}

/** The document's PC, else the first Docker host, else `host1` (in `bare` nobody has Docker), else the first machine. */
export function defaultHost(world: World): HostName {
  if (world.kernels.has('pc')) return 'pc'
  for (const host of world.engines.keys()) return host
  if (world.kernels.has('host1')) return 'host1'
  for (const host of world.kernels.keys()) return host
  throw new RangeError('a world without hosts')
}
