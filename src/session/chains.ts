/**
 * Which process ends when which other one ends: `docker run -it` with its container's shell, `nsenter` with the shell it
 * opened. Kept apart from the world, as data, so that a copied world can go on.
 */
import type { HostName, RemoteShell } from '../sim/kernel/simulation.ts'
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

export function terminalKey(host: HostName, terminal: number | null): string {
  return `${host} ${terminal}`
}

/** A terminal and those that are joined to it (a container's, seen through `docker run -it`). */
export function joinedTerminals(world: World, from: string): Set<string> {
  const seen = new Set([from])
  const remote = (world.remoteShells ?? []).filter((one) => one.server !== null)
  const find = (host: HostName, pid: number): Process | undefined =>
    world.kernels.get(host)?.processes.get(pid)
  for (let before = 0; before !== seen.size; ) {
    before = seen.size
    for (const { client, server } of remote)
      if (seen.has(terminalKey(client.host, client.terminal)))
        seen.add(terminalKey(server!.host, server!.terminal))
    for (const chain of chainsOf(world)) {
      const client = find(chain.host, chain.pid)
      const target = find(chain.targetHost, chain.target)
      if (client === undefined || target === undefined) continue
      if (seen.has(terminalKey(client.host, client.terminal)))
        seen.add(terminalKey(target.host, target.terminal))
    }
  }
  return seen
}

/** Nothing of what was written on a terminal elsewhere is still on its way here. */
export function hasArrived(world: World, host: HostName, terminal: number | null): boolean {
  const shell = remoteShell(world, host, terminal)
  if (shell === undefined) return true
  const output = world.kernels.get(host)?.terminals.get(terminal ?? -1)?.output ?? ''
  return output === '' && shell.written === shell.shown
}

/** Seen through a secure shell. */
export function isRemote(world: World, host: HostName, terminal: number | null): boolean {
  return remoteShell(world, host, terminal) !== undefined
}

function remoteShell(world: World, host: HostName, terminal: number | null): RemoteShell | undefined {
  return world.remoteShells?.find(({ server }) => server?.host === host && server.terminal === terminal)
}
