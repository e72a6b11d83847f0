/** The world in which a step of a lesson begins: setups of all steps up to it, solutions of those before it. */
import { beginStep, tasksOf } from '../../course/begin-step.ts'
import type { Lesson, Step } from '../../course/lesson.ts'
import { createRunner } from '../../course/runner.ts'
import { services } from '../../session/services.ts'
import { openSession, type Session } from '../../session/session.ts'
import { createWorld } from '../../sim/world/create.ts'
import type { Size } from '../ports.ts'
import { TRACE_CAPACITY } from './resumed.ts'

/** All learners start with the world that the document shows. */
export const LESSON_SEED = 1

export async function sessionAtStep(lesson: Lesson, index: number, size: Size): Promise<Session> {
  const { world: name, engine } = lesson
  const options = { engine, seed: lesson.seed || LESSON_SEED, traceCapacity: TRACE_CAPACITY }
  const session = openSession(createWorld(name, options, services), {
    interactive: false,
  })
  for (const step of lesson.steps.slice(0, index)) {
    await beginStep(createRunner(session), step)
    await solve(session, step)
  }
  const step = lesson.steps[index]
  if (step !== undefined) await beginStep(createRunner(session), step)
  session.openShell(size)
  return session
}

/** Does what the step asks for and is not done yet, beside the learner's shell. */
export async function solve(
  session: Session,
  step: Step,
  done: ReadonlySet<string> = new Set(),
): Promise<void> {
  const runner = createRunner(session)
  for (const task of tasksOf(step)) {
    if (task.kind === 'goal' && !done.has(task.id)) for (const line of task.solution) await runner.run(line)
  }
}
