/**
 * Which process ends when which other one ends: `docker run -it` with its container's shell, `nsenter` with the shell it
 * opened. Kept apart from the world, as data, so that a copied world can go on.
 */
import type { HostName } from '../sim/kernel/simulation.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'

export interface Chain {
  readonly host: HostName
  readonly pid: number
  readonly targetHost: HostName
  readonly target: number
}

const chains = new WeakMap<World, Set<Chain>>()

/** The function returned takes the note back. */
export function noteChain(world: World, process: Process, target: Process): () => void {
  const chain: Chain = { host: process.host, pid: process.pid, targetHost: target.host, target: target.pid }
  const set = chains.get(world) ?? new Set()
  chains.set(world, set)
  set.add(chain)
  return () => set.delete(chain)
}

export function chainsOf(world: World): Chain[] {
  return [...(chains.get(world) ?? [])]
}
