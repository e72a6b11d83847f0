/** Plays a lesson as a learner would, over many seeds, and tells where it does not hold what it promises. */
import { beginStep, tasksOf } from '../../course/begin-step.ts'
import { drawWorld } from '../../course/diagram.ts'
import { evaluate } from '../../course/evaluate.ts'
import { instantiate } from '../../course/instantiate.ts'
import type { CommandLine, Goal, Lesson, Problem, Step, Task } from '../../course/lesson.ts'
import { type LineResult, type Runner, runnerFor, runnerOnCopy, whileUnchanged } from '../../course/runner.ts'
import type { RanLine } from '../../course/verdict.ts'
import type { Services } from '../../sim/kernel/simulation.ts'
import { createTrace } from '../../sim/kernel/trace.ts'
import { cloneWorld } from '../../sim/world/snapshot.ts'
import type { World } from '../../sim/world/world.ts'
import type { ProofOptions } from '../lint.ts'
import { createHintProof, type HintProof, hasFirstHint } from './hints.ts'
import { reportMissing } from './missing.ts'
import { proveQuestion } from './question.ts'
import { builtWorld } from './worlds.ts'

/** Packets kept for lessons that ask about them. */
const TRACE = 20_000

export type Report = (line: number, text: string) => void

export interface Proof {
  readonly report: Report
  readonly hints: HintProof
}

export async function proveLesson(lesson: Lesson, options: ProofOptions): Promise<Problem[]> {
  const found: Problem[] = []
  const hints = createHintProof()
  for (let seed = 1; seed <= options.seeds; seed++) {
    const before = found.length
    const report: Report = (line, text) =>
      void found.push({ file: lesson.file, line, text: `${text} (seed ${seed})` })
    const world = worldOf(lesson, seed, options.services)
    if (typeof world === 'string') return [...found, { file: lesson.file, line: 1, text: world }]
    await playLesson(instantiate(lesson, seed), world, { report, hints })
    // The same slip shows with every seed; three are enough to name it.
    if (found.length > before && seed >= 3) break
  }
  // A lesson that breaks off has not shown all of its situations.
  if (found.length === 0) for (const one of hints.findings()) found.push({ file: lesson.file, ...one })
  return found
}

function worldOf(lesson: Lesson, seed: number, services: Services): World | string {
  try {
    const world = cloneWorld(builtWorld(lesson.world, lesson.engine, seed, services))
    if (JSON.stringify(lesson.steps).includes('"kind":"traced"')) world.trace = createTrace(TRACE)
    return world
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

async function playLesson(lesson: Lesson, world: World, proof: Proof): Promise<void> {
  const { report } = proof
  const runner = runnerFor(world)
  for (const step of lesson.steps) {
    const sinceUs = world.nowUs
    for (const { line, result } of await beginStep(runner, step)) {
      report(line.line, `the setup fails: ${outcome(result)}`)
    }
    await proveShows(step, runner, report)
    for (const task of tasksOf(step)) await proveTask(task, runner, proof, sinceUs)
  }
}

/** What is shown is shown before the tasks of its step. */
async function proveShows(step: Step, runner: Runner, report: Report): Promise<void> {
  for (const block of step.blocks) {
    if (block.kind === 'diagram' && drawWorld(block.diagram, runner.world) === null) {
      report(block.line, `there is nothing to draw: ${block.diagram.host} ${block.diagram.container ?? ''}`)
    }
    if (block.kind !== 'show') continue
    const copy = runnerOnCopy(runner.world)
    for (const line of block.lines) {
      const result = await copy.run(line)
      reportMissing(line, result, report)
      if (result.output + result.errors === '') report(line.line, `'${line.command}' shows nothing`)
    }
  }
}

async function proveTask(task: Task, runner: Runner, proof: Proof, sinceUs: number): Promise<void> {
  const { report, hints } = proof
  const atStart = { world: runner.world, ran: [], sinceUs }
  await hints.look(task, atStart)
  if (task.hints.length > 0 && !(await hasFirstHint(task.hints, atStart)))
    report(task.line, 'nobody who has done nothing yet gets a hint: the first one needs no condition')
  if (task.kind === 'question') {
    await whileUnchanged(runner.world, () => proveQuestion(task, runner, proof))
    return
  }
  const goal = { ...task, sinceUs }
  const start = await evaluate(task.check, atStart)
  if (start.passed) report(task.line, `'${task.label}' holds before anything is done`)
  for (const lines of task.alternatives) {
    const because = await tryOn(runnerOnCopy(runner.world), goal, lines, proof)
    if (because !== null)
      report(lines[0]?.line ?? task.line, `the alternative does not reach the goal: ${because}`)
  }
  for (const lines of task.mustFail) {
    if (lines.length === 0) continue
    const because = await tryOn(runnerOnCopy(runner.world), goal, lines, proof)
    if (because === null) report(lines[0]!.line, 'this must fail, but reaches the goal')
  }
  if (task.solution.length === 0) return
  const because = await tryOn(runner, goal, task.solution, proof)
  if (because !== null) report(task.solution[0]!.line, `the solution does not reach the goal: ${because}`)
}

/** Null when the goal is reached; else why not. */
async function tryOn(
  runner: Runner,
  goal: Goal & { readonly sinceUs: number },
  lines: readonly CommandLine[],
  { report, hints }: Proof,
): Promise<string | null> {
  let last: LineResult | null = null
  const ran: RanLine[] = []
  const { sinceUs } = goal
  for (const [index, line] of lines.entries()) {
    last = await runner.run(line)
    reportMissing(line, last, report)
    ran.push({ place: line.place, line: line.command })
    // On the way; how it stands at the end is known below.
    if (index < lines.length - 1) await hints.look(goal, { world: runner.world, ran: [...ran], sinceUs })
  }
  const end = { world: runner.world, ran, sinceUs }
  const result = await evaluate(goal.check, end)
  if (result.passed) return null
  await hints.look(goal, end)
  const printed = last === null || last.status === 0 ? '' : `; ${outcome(last)}`
  return `${result.because ?? 'the check does not hold'}${printed}`
}

function outcome({ status, errors, output, timedOut }: LineResult): string {
  if (timedOut) return 'it does not end'
  const last = (errors.trim() || output.trim()).split('\n').at(-1) ?? ''
  return `status ${status}${last === '' ? '' : `, ${last}`}`
}
