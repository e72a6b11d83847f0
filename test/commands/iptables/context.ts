/** A namespace and a process to run the packet filter's programs in, without a world around them. */

import type { Command, CommandContext } from '../../../src/commands/context.ts'
import { createQueue } from '../../../src/sim/base/event-queue.ts'
import { createRandom } from '../../../src/sim/base/random.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { createConntrack } from '../../../src/sim/kernel/netfilter/conntrack.ts'
import { createNetfilter } from '../../../src/sim/kernel/netfilter/tables.ts'

export interface Bench {
  readonly netns: NetNamespace
  readonly sim: CommandContext['world']
}

export function createBench(): Bench {
  const netns = {
    id: 1,
    host: 'host1',
    links: new Map(),
    netfilter: createNetfilter(),
    conntrack: createConntrack(),
    fib: { rules: [], tables: new Map() },
    sysctls: new Map(),
    counters: { identification: 0, ephemeralPort: 0 },
    sockets: new Map(),
  } as unknown as NetNamespace
  const sim = {
    nowUs: 0,
    epochMs: Date.UTC(2026, 10, 23, 17, 44, 17),
    random: createRandom(1),
    queue: createQueue(),
    kernels: new Map(),
    cables: new Map(),
    trace: null,
    ready: [],
  } as unknown as CommandContext['world']
  return { netns, sim }
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
    kernel: { namespaces: new Map(), mountNamespaces: new Map() },
    process: { capabilities: new Set(capabilities) },
    netns: bench.netns,
    argv,
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readAll: async () => input,
  } as unknown as CommandContext
  const status = await command(context)
  return { out, err, status }
}
