/** Runs a program of ours on a host of the lab without a shell: what it printed, and its exit status. */
import type { Command, CommandContext, ExecOverrides } from '../../src/commands/context.ts'
import type { Kernel } from '../../src/sim/kernel/kernel.ts'
import type { NetNamespace } from '../../src/sim/kernel/net-namespace.ts'
import type { Process } from '../../src/sim/kernel/task/types.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import { advanceWorld } from '../../src/sim/world/step.ts'
import type { World } from '../../src/sim/world/world.ts'

export interface Bench {
  readonly world: World
  readonly kernel: Kernel
  readonly process: Process
  run(command: Command, line: string): Promise<string>
  wait(seconds: number): void
}

export function openBench(
  host = 'client',
  world = createWorld('bare', { engine: '20.10', seed: 1 }, { word: () => '' }),
): Bench {
  const kernel = world.kernels.get(host) ?? [...world.kernels.values()][0]!
  const process = [...kernel.processes.values()][0]!
  return {
    world,
    kernel,
    process,
    run: (command, line) => runTool(world, kernel, process, command, line.split(' ')),
    wait: (seconds) => advanceWorld(world, world.nowUs + seconds * 1e6),
  }
}

async function runTool(
  world: World,
  kernel: Kernel,
  process: Process,
  command: Command,
  argv: readonly string[],
  netns: NetNamespace = kernel.namespaces.get(process.netns)!,
): Promise<string> {
  let text = ''
  // Short programs use no more of a context than this.
  const context = {
    world,
    kernel,
    process,
    netns,
    argv,
    out: (part) => {
      text += part
    },
    err: (part) => {
      text += part
    },
    columns: 120,
    outIsTerminal: true,
    inIsTerminal: true,
    readLine: async () => null,
    readAll: async () => '',
    become: async () => 0,
    until: async () => {},
    sleep: async () => {},
    attach: async () => 0,
    exec: async (words: readonly string[], overrides: ExecOverrides = {}) => {
      const inside = overrides.netns === undefined ? netns : kernel.namespaces.get(overrides.netns)!
      text += await runTool(world, kernel, process, command, words, inside)
      return 0
    },
  } satisfies Partial<CommandContext>
  const status = await command(context as unknown as CommandContext)
  return status === 0 ? text : `${text}[exit ${status}]\n`
}
