/** The word `tutor` finds its session here. */
import type { TutorPort } from '../commands/context.ts'
import type { World } from '../sim/world/world.ts'

const ports = new WeakMap<World, TutorPort>()

export function setTutor(world: World, port: TutorPort): void {
  ports.set(world, port)
}

export function tutorOf(world: World): TutorPort | null {
  return ports.get(world) ?? null
}
