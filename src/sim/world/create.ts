/** Worlds by name. Everything in one is a function of its name, the engine profile, the seed, and what was done since. */
import { createQueue } from '../base/event-queue.ts'
import { createRandom } from '../base/random.ts'
import type { Services } from '../kernel/simulation.ts'
import { createTrace } from '../kernel/trace.ts'
import type { World } from './world.ts'
import { buildBare } from './worlds/bare.ts'
import { buildDesktop } from './worlds/desktop.ts'
import { buildLab } from './worlds/lab.ts'
import { buildLinux } from './worlds/linux.ts'

export interface WorldOptions {
  /** `20.10`. A profile that is not built is refused. */
  readonly engine: string
  readonly seed: number
  /** How many trace events are kept; 0: none are noted. */
  readonly traceCapacity?: number
}

const BUILDERS: Readonly<Record<string, (world: World) => void>> = {
  lab: buildLab,
  desktop: buildDesktop,
  linux: buildLinux,
  bare: buildBare,
}

export const WORLD_NAMES: readonly string[] = Object.keys(BUILDERS)
export const ENGINE_NAMES: readonly string[] = ['20.10']

/** 2026-11-23 17:30 UTC; the document's own demo was in April 2020. */
const EPOCH_MS = Date.UTC(2026, 10, 23, 17, 30)
const DESKTOP_EPOCH_MS = Date.UTC(2020, 3, 20, 9, 0)

/** Throws `RangeError` for a name or an engine that is not there. */
export function createWorld(name: string, options: WorldOptions, services: Services): World {
  const build = BUILDERS[name]
  if (build === undefined)
    throw new RangeError(`unknown world '${name}'; there are ${WORLD_NAMES.join(', ')}`)
  if (!ENGINE_NAMES.includes(options.engine)) {
    throw new RangeError(`engine '${options.engine}' is not available; there is ${ENGINE_NAMES.join(', ')}`)
  }
  const world: World = {
    format: 2,
    name,
    engineProfile: options.engine,
    seed: options.seed,
    nowUs: 0,
    epochMs: name === 'desktop' ? DESKTOP_EPOCH_MS : EPOCH_MS,
    random: createRandom(options.seed),
    queue: createQueue(),
    kernels: new Map(),
    cables: new Map(),
    engines: new Map(),
    ready: [],
    trace: null,
    services,
  }
  build(world)
  const capacity = options.traceCapacity ?? 0
  if (capacity > 0) world.trace = createTrace(capacity)
  return world
}
