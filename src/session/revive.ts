/** After a world was copied or read from a file: what was asynchronous code in it is started again. */
import { exitProcess } from '../sim/kernel/task/process.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import type { World } from '../sim/world/world.ts'
import { joinStreams } from './attach.ts'
import { type Chain, noteChain } from './chains.ts'
import type { System } from './system.ts'

/** The client of a nested shell: passes the terminal on, and ends with it. */
export function takeUpChain(system: System, chain: Chain): void {
  const find = (host: string, pid: number): Process | undefined =>
    system.world.kernels.get(host)?.processes.get(pid)
  const client = find(chain.host, chain.pid)
  const target = find(chain.targetHost, chain.target)
  if (client === undefined || target === undefined) return
  noteChain(system.world, client, target)
  system.scheduler.start(async () => {
    await system.finish(client, async () => {
      const isOver = (): boolean => target.exitStatus !== null
      const sameTerminal = client.host === target.host && client.terminal === target.terminal
      if (sameTerminal) await system.scheduler.until(isOver)
      else await joinStreams(system, client, target, new Map(target.descriptors))(isOver)
      return target.exitStatus ?? 0
    })
  })
}

/**
 * Processes of containers that ran a script or a short command begin it anew (an approximation: a shell's place in its
 * script is not part of a world). What lives as data (`sim/process`) just goes on.
 */
export function reviveCommands(world: World, isTakenUp: (process: Process) => boolean): void {
  for (const kernel of world.kernels.values()) {
    for (const process of [...kernel.processes.values()]) {
      if (process.program?.kind !== 'command' || process.exitStatus !== null || isTakenUp(process)) continue
      if (world.ready.some((one) => one.host === kernel.host && one.pid === process.pid)) continue
      for (const child of [...kernel.processes.values()]) {
        if (child.ppid !== process.pid) continue
        exitProcess(world, kernel, child, 137)
        kernel.processes.delete(child.pid)
      }
      world.ready.push({ host: kernel.host, pid: process.pid })
    }
  }
}
