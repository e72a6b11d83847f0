/** An open lesson: its session, the step it is at, its goals judged on copies of the world. */
import { computeChoices } from '../../course/answer.ts'
import { beginStep, tasksOf } from '../../course/begin-step.ts'
import { formatCommandLine } from '../../course/command-line.ts'
import { addExplainWords, type Surroundings } from '../../course/explain/words.ts'
import { type GoalState, goalStates } from '../../course/goals.ts'
import { nextHint } from '../../course/hints.ts'
import { type Given, judge } from '../../course/judge.ts'
import type { Lesson, Question, Step, Task } from '../../course/lesson.ts'
import { countProbes, probesSentence } from '../../course/probes.ts'
import { createRunner } from '../../course/runner.ts'
import type { Evidence } from '../../course/verdict.ts'
import type { Session } from '../../session/session.ts'
import type {
  Answer,
  AnswerResult,
  BlockView,
  LessonRun,
  SessionListener,
  ShellScreen,
  SideRequest,
  Size,
  StepView,
  TaskView,
} from '../ports.ts'
import { editedLine } from './edited-line.ts'
import { sessionAtStep, solve } from './lesson-world.ts'
import { resumed } from './resumed.ts'
import { type DrivenSession, driveSession, splitSaved } from './shell-session.ts'
import { sideText } from './side.ts'
import { blocksOf, goalView, questionView, type ShownChoices } from './step-view.ts'
import { addTutorWords } from './tutor-words.ts'

export interface LessonRunOptions {
  readonly lesson: Lesson
  readonly step: number
  readonly saved: string | null
  readonly screen: ShellScreen
  readonly size: Size
  readonly listener: SessionListener
  readonly surroundings: Surroundings
  readonly speed: number
}

/** What a saved lesson holds besides the session. */
interface Kept {
  /** The last step whose setup has run. */
  readonly reached: number
  /** Lines typed before this step began. */
  readonly ranBefore: number
  /** Questions answered, goals reached. */
  readonly done: readonly string[]
}

export async function openLessonRun(options: LessonRunOptions): Promise<{ run: LessonRun; view: StepView }> {
  const kept = restoreLesson(options.saved)
  const session = kept?.session ?? (await sessionAtStep(options.lesson, options.step, options.size))
  const run = new OpenLesson(options, session, kept)
  return { run, view: await run.begin() }
}

function restoreLesson(saved: string | null): { session: Session; screen: string; kept: Kept } | null {
  if (saved === null) return null
  try {
    const { head, screen, session } = splitSaved(saved)
    return { session: resumed(session), screen, kept: head as unknown as Kept }
  } catch {
    return null
  }
}

const LEFT = 'This question belongs to a step that has been left.'

class OpenLesson implements LessonRun {
  private readonly options: LessonRunOptions
  private session: Session
  private driven: DrivenSession
  private size: Size
  private index: number
  private reached: number
  private ranBefore: number
  /** The session at the step's beginning, for `reset`; null: it was begun in an earlier visit. */
  private beginning: string | null = null
  /** Questions answered, goals reached; what was reached once stays so. */
  private readonly done: Set<string>
  private blocks: readonly BlockView[] = []
  private readonly shown: ShownChoices = new Map()
  /** Commands that a step took, once it is done. */
  private readonly probes = new Map<number, number>()
  private readonly rungs = new Map<string, number>()

  constructor(options: LessonRunOptions, session: Session, restored: { screen: string; kept: Kept } | null) {
    this.options = options
    this.session = session
    this.size = options.size
    this.index = options.step
    this.reached = Math.max(options.step, restored?.kept.reached ?? options.step)
    this.ranBefore = restored?.kept.ranBefore ?? session.journal.length
    this.done = new Set(restored?.kept.done ?? [])
    this.driven = this.drive(restored?.screen ?? null)
  }

  private drive(savedScreen: string | null): DrivenSession {
    const words = {
      check: () => this.look(),
      hint: (id: string) => this.rung(id),
      solution: (id: string) => this.solution(id),
      answer: (id: string, answer: Answer) => this.judged(id, answer),
    }
    addTutorWords(this.session, words, this.options.surroundings.told)
    addExplainWords(this.session, this.options.surroundings)
    return driveSession({
      session: this.session,
      screen: this.options.screen,
      listener: this.options.listener,
      size: this.size,
      newLine: editedLine,
      speed: this.options.speed,
      savedScreen,
      head: () => ({
        ...{ reached: this.reached, ranBefore: this.ranBefore, done: [...this.done] },
        seed: this.options.lesson.seed,
      }),
    })
  }

  /** The façade stays when the session behind it is replaced. */
  readonly shell = {
    input: (event: Parameters<DrivenSession['input']>[0]): void => this.driven.input(event),
    resize: (size: Size): void => {
      this.size = size
      this.driven.resize(size)
    },
    snapshot: (): string | null => this.driven.snapshot(),
    look: (request: SideRequest): string => sideText(this.session, this.options.surroundings, request),
    close: (): void => this.driven.close(),
  }

  private get step(): Step {
    return this.options.lesson.steps[this.index]!
  }

  private evidence(): Evidence {
    const ran = this.session.journal.slice(this.ranBefore).map(({ line }) => ({ place: null, line }))
    return { world: this.session.world, ran }
  }

  async begin(): Promise<StepView> {
    this.blocks = await this.driven.exclusive(() =>
      blocksOf(this.options.lesson, this.index, this.session.world),
    )
    return this.view()
  }

  private view(): Promise<StepView> {
    return this.driven.exclusive(() => this.look())
  }

  /** A word of `tutor` calls it, too: a line that runs has the clock stand still already. */
  private async look(): Promise<StepView> {
    const evidence = this.evidence()
    const goals = await this.goals()
    const tasks: TaskView[] = []
    for (const task of tasksOf(this.step)) {
      tasks.push(
        task.kind === 'goal'
          ? goalView(goals.find(({ goal }) => goal === task)!, evidence)
          : await questionView(task, evidence.world, this.done.has(task.id), this.shown),
      )
    }
    const { id, title } = this.step
    const { steps, intro } = this.options.lesson
    const { index } = this
    const probes = this.probesText(tasks, evidence)
    const told: BlockView[] = probes === null ? [] : [{ kind: 'prose', markdown: `**${probes}**` }]
    return {
      id,
      title,
      index,
      count: steps.length,
      intro: index === 0 && intro !== '' ? intro : null,
      blocks: [...this.blocks, ...told],
      tasks,
      probes,
    }
  }

  /** At the end of a case: with how many commands it was found and mended. */
  private probesText(tasks: readonly TaskView[], { ran }: Evidence): string | null {
    if (this.options.lesson.draw !== 'own' || tasks.length === 0 || tasks.some(({ done }) => !done))
      return null
    const known = this.probes.get(this.index) ?? countProbes(ran)
    this.probes.set(this.index, known)
    return probesSentence(known)
  }

  async enter(index: number): Promise<StepView> {
    const before = this.step
    if (index > this.reached) {
      await this.driven.exclusive(async () => {
        // What was skipped is done for the learner: the next step builds on it.
        await this.goals(before)
        await solve(this.session, before, this.done)
        await beginStep(createRunner(this.session), this.options.lesson.steps[index]!)
        this.reached = index
        this.beginning = this.session.serialize()
      })
      this.ranBefore = this.session.journal.length
    }
    this.index = index
    return this.begin()
  }

  private async goals(step = this.step): Promise<GoalState[]> {
    const states = await goalStates(step, this.done, this.evidence())
    for (const { goal, done } of states) if (done) this.done.add(goal.id)
    return states
  }

  check(): Promise<StepView> {
    return this.view()
  }

  async reset(): Promise<StepView> {
    const { lesson, screen } = this.options
    const begun = this.index === this.reached ? this.beginning : null
    const session = begun === null ? await sessionAtStep(lesson, this.index, this.size) : resumed(begun)
    this.driven.close()
    screen.clear()
    this.session = session
    this.reached = this.index
    for (const { id } of tasksOf(this.step)) this.done.delete(id)
    this.probes.delete(this.index)
    this.ranBefore = session.journal.length
    this.driven = this.drive(begun === null ? null : '')
    return this.begin()
  }

  /** Null: of a step that has been left while its question was on the screen. */
  private task(id: string): Task | null {
    return tasksOf(this.step).find((task) => task.id === id) ?? null
  }

  async answer(id: string, answer: Answer): Promise<AnswerResult> {
    return this.driven.exclusive(() => this.judged(id, answer))
  }

  private async judged(id: string, answer: Answer): Promise<AnswerResult> {
    const question = this.task(id)
    if (question?.kind !== 'question') return { right: false, settled: false, say: LEFT, why: null }
    const result = await judge(question, await this.given(question, answer), this.session.world)
    // A prediction counts as made, right or wrong; its reason has been told.
    const settled = result.right || question.form.kind === 'predict'
    if (settled) this.done.add(id)
    return { ...result, settled }
  }

  /** Choices are shown in an order of their own. */
  private async given({ id, form }: Question, answer: Answer): Promise<Given> {
    if (answer.kind === 'typed' || 'answer' in form) return answer
    const all = await computeChoices(form.choices, this.session.world)
    const texts = answer.indexes.map((index) => this.shown.get(id)?.[index]?.text)
    return { kind: 'chosen', indexes: texts.map((text) => all.findIndex((one) => one.text === text)) }
  }

  hint(id: string): Promise<string | null> {
    return this.driven.exclusive(() => this.rung(id))
  }

  private async rung(id: string): Promise<string | null> {
    const task = this.task(id)
    if (task === null) return null
    const rung = await nextHint(task, this.rungs.get(id) ?? -1, this.evidence())
    if (rung !== null) this.rungs.set(id, rung.index)
    return rung?.say ?? null
  }

  solution(id: string): readonly string[] {
    return this.task(id)?.solution.map(formatCommandLine) ?? []
  }
}
