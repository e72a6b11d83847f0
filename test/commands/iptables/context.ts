/** A host on its own and a process to run the packet filter's programs in, without a world around them. */
import type { Command, CommandContext } from '../../../src/commands/context.ts'
import type { Kernel } from '../../../src/sim/kernel/kernel.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { addHost, createLab, run } from '../../sim/kernel/lab.ts'

export interface Bench {
  readonly netns: NetNamespace
  readonly kernel: Kernel
  readonly sim: CommandContext['world']
}

export function createBench(): Bench {
  const lab = createLab(1, false)
  const { kernel, netns } = addHost(lab, 'host1')
  const sim = { ...lab, epochMs: Date.UTC(2026, 10, 23, 17, 44, 17) } as CommandContext['world']
  return { netns, kernel, sim }
}

export interface Answer {
  readonly out: string
  readonly err: string
  readonly status: number
}

/** Runs a program as root would; `input` is what it reads. */
export async function runCommand(
  bench: Bench,
  command: Command,
  argv: readonly string[],
  input = '',
  capabilities: readonly string[] = ['NET_ADMIN'],
): Promise<Answer> {
  let out = ''
  let err = ''
  const context = {
    world: bench.sim,
    kernel: bench.kernel,
    process: {
      pid: 1,
      host: 'host1',
      netns: bench.netns.id,
      capabilities: new Set(capabilities),
      descriptors: new Map(),
      exitStatus: null,
    },
    netns: bench.netns,
    argv,
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readAll: async () => input,
    until: async (condition: () => boolean) => {
      while (!condition()) run(bench.sim, 1000)
    },
  } as unknown as CommandContext
  const status = await command(context)
  return { out, err, status }
}
