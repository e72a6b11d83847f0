/** The world and its shells at a prompt: what undo goes back to and what is saved. Plain data. */
import { copyState, type ShellState } from '../shell/state.ts'
import type { HostName, Services } from '../sim/kernel/simulation.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { Trace } from '../sim/kernel/trace.ts'
import {
  cloneWorld,
  deserializeData,
  deserializeWorld,
  serializeData,
  serializeWorld,
} from '../sim/world/snapshot.ts'
import type { World } from '../sim/world/world.ts'
import { type Chain, chainsOf } from './chains.ts'

export const SESSION_FORMAT = 1

export interface ShellRecord {
  readonly host: HostName
  readonly pid: number
  readonly state: ShellState
  /** Process 1 of a container: the engine looks after its end. */
  readonly isEngines: boolean
}

export interface JournalEntry {
  readonly atUs: number
  /** Prompt at which it was typed. */
  readonly prompt: string
  readonly line: string
}

export interface Snapshot {
  readonly world: World
  readonly shells: readonly ShellRecord[]
  readonly chains: readonly Chain[]
  readonly journal: readonly JournalEntry[]
  /** The learner's own process. */
  readonly main: { readonly host: HostName; readonly pid: number }
}

export function takeSnapshot(
  world: World,
  shells: Iterable<{ readonly process: Process; readonly state: ShellState }>,
  isEngines: (process: Process) => boolean,
  journal: readonly JournalEntry[],
  main: Snapshot['main'],
): Snapshot {
  const records: ShellRecord[] = []
  for (const { process, state } of shells) {
    records.push({
      host: process.host,
      pid: process.pid,
      state: copyState(state),
      isEngines: isEngines(process),
    })
  }
  return { world: cloneWorld(world), shells: records, chains: chainsOf(world), journal: [...journal], main }
}

export function serializeSnapshot(snapshot: Snapshot): string {
  const { world, ...rest } = snapshot
  return `${serializeData({ format: SESSION_FORMAT, ...rest })}\n${serializeWorld(world)}`
}

/** Throws `SyntaxError` for what is no saved session. */
export function deserializeSnapshot(text: string, services: Services, trace: Trace | null): Snapshot {
  const cut = text.indexOf('\n')
  const head = deserializeData(text.slice(0, Math.max(0, cut))) as
    | (Omit<Snapshot, 'world'> & { format: number })
    | null
  if (cut < 0 || head?.format !== SESSION_FORMAT) throw new SyntaxError('not a saved session of this format')
  const { format: _format, ...rest } = head
  return { ...rest, world: deserializeWorld(text.slice(cut + 1), services, trace) }
}
