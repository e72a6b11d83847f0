/**
 * A learner in a step of a lesson: what is shown, which goals hold, what an answer is worth, the next hint. Works on a
 * session; what has to survive a restart is plain data (`PlayState`).
 */
import type { Session } from '../session/session.ts'
import { computeChoices } from './answer.ts'
import { beginStep, type SetupFailure, tasksOf } from './begin-step.ts'
import { formatCommandLine } from './command-line.ts'
import { drawWorld } from './diagram.ts'
import { describePicture, drawPicture } from './diagram-text.ts'
import { evaluate } from './evaluate.ts'
import { nextHint } from './hints.ts'
import { type Given, type Judgement, judge } from './judge.ts'
import type { Lesson, Step, Task } from './lesson.ts'
import { createRunner, type Runner } from './runner.ts'
import { showText } from './show.ts'
import type { CheckVerdict, Evidence } from './verdict.ts'

export interface PlayState {
  readonly step: string
  /** When the step began in the world's time, and how many lines the session's journal held then. */
  readonly sinceUs: number
  readonly journalLength: number
  /** Tasks that are done. A goal that was reached once stays done. */
  readonly done: readonly string[]
  /** Number of the last hint given, by task. */
  readonly hints: { readonly [task: string]: number }
}

export type ShownBlock =
  | { readonly kind: 'prose'; readonly markdown: string }
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'picture'; readonly text: string; readonly spoken: string }
  | { readonly kind: 'task'; readonly task: Task }

/** Goals of a step are reached one after the other: those behind the first open one are not looked at yet. */
export type GoalStatus = CheckVerdict & { readonly task: string; readonly isTurn: boolean }

export class StepPlay {
  readonly lesson: Lesson
  readonly step: Step
  private readonly session: Session
  state: PlayState

  /** `lesson` with its variables put in (`instantiate`). */
  constructor(session: Session, lesson: Lesson, index: number, state: PlayState | null = null) {
    this.session = session
    this.lesson = lesson
    this.step = lesson.steps[index]!
    this.state = state?.step === this.step.id ? state : newState(this.step, session)
  }

  /** Runs the step's setup; once, when it is entered for the first time in this world. */
  async begin(): Promise<SetupFailure[]> {
    const failures = await beginStep(createRunner(this.session), this.step)
    this.state = newState(this.step, this.session)
    return failures
  }

  /** What the learner reads, with output and pictures of the world as it stands. */
  async blocks(): Promise<ShownBlock[]> {
    const shown: ShownBlock[] = []
    const { world } = this.session
    for (const block of this.step.blocks) {
      if (block.kind === 'prose') shown.push({ kind: 'prose', markdown: block.markdown })
      else if (block.kind === 'show') shown.push({ kind: 'output', text: await showText(block.lines, world) })
      else if (block.kind === 'task') shown.push({ kind: 'task', task: block.task })
      else if (block.kind === 'diagram') {
        const picture = drawWorld(block.diagram, world)
        if (picture !== null)
          shown.push({ kind: 'picture', text: drawPicture(picture), spoken: describePicture(picture) })
      }
    }
    return shown
  }

  get tasks(): Task[] {
    return tasksOf(this.step)
  }

  isDone(task: string): boolean {
    return this.state.done.includes(task)
  }

  get isFinished(): boolean {
    return this.tasks.every((task) => this.isDone(task.id))
  }

  private evidence(): Evidence {
    const { world, journal } = this.session
    const ran = journal.slice(this.state.journalLength).map(({ line }) => ({ place: null, line }))
    return { world, ran, sinceUs: this.state.sinceUs }
  }

  /** Looks at the goals; after each command. */
  async checkGoals(): Promise<GoalStatus[]> {
    const result: GoalStatus[] = []
    let isTurn = true
    for (const task of this.tasks) {
      if (task.kind !== 'goal') continue
      if (!this.isDone(task.id) && isTurn) {
        const verdict = await evaluate(task.check, this.evidence())
        if (verdict.passed) this.markDone(task.id)
        else {
          result.push({ ...verdict, task: task.id, isTurn })
          isTurn = false
          continue
        }
      }
      result.push({ passed: this.isDone(task.id), because: null, task: task.id, isTurn: false })
    }
    return result
  }

  async answer(id: string, given: Given): Promise<Judgement> {
    const task = this.task(id)
    if (task.kind !== 'question') throw new Error(`${id} is no question`)
    const judgement = await judge(task, given, this.session.world)
    // A prediction is done once it is made.
    if (judgement.right || (task.form.kind === 'predict' && judgement.why !== null)) this.markDone(id)
    return judgement
  }

  /** Texts of a question's choices, in the order in which `answer` numbers them; none for typed answers. */
  async choices(id: string): Promise<string[]> {
    const task = this.task(id)
    if (task.kind !== 'question' || 'answer' in task.form) return []
    const choices = await computeChoices(task.form.choices, this.session.world)
    return choices.map((choice) => choice.text)
  }

  async hint(id: string): Promise<string | null> {
    const rung = await nextHint(this.task(id), this.state.hints[id] ?? -1, this.evidence())
    if (rung === null) return null
    this.state = { ...this.state, hints: { ...this.state.hints, [id]: rung.index } }
    return rung.say
  }

  solution(id: string): string[] {
    return this.task(id).solution.map(formatCommandLine)
  }

  private task(id: string): Task {
    const found = this.tasks.find((task) => task.id === id)
    if (found === undefined) throw new Error(`no task ${id} in step ${this.step.id}`)
    return found
  }

  private markDone(id: string): void {
    if (!this.isDone(id)) this.state = { ...this.state, done: [...this.state.done, id] }
  }
}

function newState(step: Step, session: Session): PlayState {
  const { world, journal } = session
  return { step: step.id, sinceUs: world.nowUs, journalLength: journal.length, done: [], hints: {} }
}

/** A new world as it would be had all steps before this one been done: their setup and their goals' solutions. */
export async function fastForward(runner: Runner, lesson: Lesson, index: number): Promise<void> {
  for (const step of lesson.steps.slice(0, index)) {
    await beginStep(runner, step)
    for (const task of tasksOf(step)) {
      if (task.kind !== 'goal') continue
      for (const line of task.solution) await runner.run(line)
    }
  }
}
