/** Worlds as they are at the beginning, built once for each name and seed. */
import type { Services } from '../../sim/kernel/simulation.ts'
import { createWorld } from '../../sim/world/create.ts'
import type { World } from '../../sim/world/world.ts'

/** More than these are not kept: a proof asks for the same ones lesson by lesson. */
const MOST = 60
const built = new Map<string, World>()

/** Make a copy before changing it. Throws `RangeError` for a name or an engine that is not there. */
export function builtWorld(name: string, engine: string, seed: number, services: Services): World {
  const key = `${name} ${engine} ${seed}`
  const known = built.get(key)
  if (known !== undefined) return known
  const world = createWorld(name, { engine, seed }, services)
  if (built.size >= MOST) built.clear()
  built.set(key, world)
  return world
}
