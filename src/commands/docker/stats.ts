/**
 * `docker stats`: once, or again and again until Ctrl-C. docker/cli cli/command/container/stats.go (20.10).
 * Not modelled: processor time and disks; they show as nothing used.
 */
import { formatTable, type TableKind, type TableRow } from '../../render/docker/table.ts'
import { binarySize, humanSize } from '../../render/docker/units.ts'
import type { Container } from '../../sim/docker/container.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { isRunning, processesOf } from '../../sim/docker/lifecycle.ts'
import { sandboxOf } from '../../sim/docker/sandboxes.ts'
import { Interrupted } from '../context.ts'
import { readMemory } from '../procps/memory.ts'
import { residentSize, threadCount } from '../procps/process-table.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'

const statsTable: TableKind = {
  typeName: '*container.statsContext',
  headers: {
    Container: 'CONTAINER',
    ID: 'CONTAINER ID',
    Name: 'NAME',
    CPUPerc: 'CPU %',
    MemUsage: 'MEM USAGE / LIMIT',
    MemPerc: 'MEM %',
    NetIO: 'NET I/O',
    BlockIO: 'BLOCK I/O',
    PIDs: 'PIDS',
  },
  table: '{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}',
  quiet: '{{.ID}}',
}

/** The command line draws twice a second; the daemon has new numbers every second. */
const PERIOD_US = 500_000
const CLEAR = '\x1b[2J\x1b[H'

interface Watched {
  readonly container: Container
  /** As it was typed, or the short id. */
  readonly label: string
}

export async function stats(call: Call): Promise<number> {
  const { context, flags } = call
  const engine = call.engine()
  const named = call.operands.map((term) => ({ container: known(engine, term), label: term }))
  const watched = (): Watched[] =>
    call.operands.length > 0
      ? named.filter((one) => engine.containers.has(one.container.id))
      : listed(engine, flags.bool('all'))
  if (flags.bool('no-stream')) {
    draw(call, engine, watched())
    return 0
  }
  try {
    for (;;) {
      await context.sleep(PERIOD_US)
      context.out(CLEAR)
      draw(call, engine, watched())
      if (call.operands.length > 0 && watched().length === 0) return 0
    }
  } catch (error) {
    // The display is taken down without a word.
    if (error instanceof Interrupted) return 130
    throw error
  }
}

function draw(call: Call, engine: Engine, watched: readonly Watched[]): void {
  const rows = watched.map((one) => statsRow(call, engine, one, !call.flags.bool('no-trunc')))
  const result = formatTable(statsTable, rows, call.flags.text('format'), false)
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
}

function known(engine: Engine, term: string): Container {
  const found = findContainer(engine, term)
  if (!found.ok) throw new Refused(daemonError(found.error.detail))
  return found.value
}

function listed(engine: Engine, all: boolean): Watched[] {
  return [...engine.containers.values()]
    .reverse()
    .filter((one) => all || isRunning(one))
    .map((container) => ({ container, label: container.id.slice(0, 12) }))
}

function statsRow(call: Call, engine: Engine, { container, label }: Watched, truncate: boolean): TableRow {
  const { received, sent } = traffic(call, engine, container)
  const { used, limit } = memory(call, engine, container)
  return {
    fields: {
      Container: label,
      ID: truncate ? container.id.slice(0, 12) : container.id,
      Name: container.name,
      CPUPerc: '0.00%',
      MemUsage: `${binarySize(used)} / ${binarySize(limit)}`,
      MemPerc: `${(limit === 0 ? 0 : (used * 100) / limit).toFixed(2)}%`,
      NetIO: `${humanSize(received)} / ${humanSize(sent)}`,
      BlockIO: '0B / 0B',
      // The group of processes counts threads.
      PIDs: String(
        processesOf(call.world, engine, container).reduce((sum, one) => sum + threadCount(one), 0),
      ),
    },
  }
}

/** The recorded lab's engine cannot read the counters of its containers' devices and groups. */
const WITHOUT_COUNTERS = 'lab'

/** Bytes in memory of all its processes; the limit is its own, or all that the host has. */
function memory(call: Call, engine: Engine, container: Container): { used: number; limit: number } {
  const kernel = kernelOfEngine(call.context, engine)
  const daemon = kernel.processes.get(1)
  if (kernel.profile === WITHOUT_COUNTERS || !isRunning(container) || daemon === undefined)
    return { used: 0, limit: 0 }
  const used = processesOf(call.world, engine, container).reduce((sum, one) => sum + residentSize(one), 0)
  const total = readMemory({ world: call.world, kernel, process: daemon }).total * 1024
  const own = Number(container.hostConfig.resources['memory'] ?? 0)
  return { used: used * 1024, limit: own > 0 && own < total ? own : total }
}

function traffic(call: Call, engine: Engine, container: Container): { received: number; sent: number } {
  const kernel = kernelOfEngine(call.context, engine)
  const sandbox = sandboxOf(engine, container)
  const netns = sandbox === undefined ? undefined : kernel.namespaces.get(sandbox.netns)
  const result = { received: 0, sent: 0 }
  if (kernel.profile === WITHOUT_COUNTERS || netns === undefined || netns.id === kernel.initialNetns)
    return result
  for (const link of netns.links.values()) {
    if (link.kind === 'loopback') continue
    result.received += link.statistics.rxBytes
    result.sent += link.statistics.txBytes
  }
  return result
}
