/**
 * A learner who knows the answers: goes through a lesson on the screen, types the solutions of its goals into the shell,
 * answers its questions. The answers are computed from the learner's own world, as it was saved last.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { computeAnswer } from '../../src/course/answer.ts'
import { tasksOf } from '../../src/course/begin-step.ts'
import { instantiate } from '../../src/course/instantiate.ts'
import type { CommandLine, Lesson, Question, Step } from '../../src/course/lesson.ts'
import { parseProgress } from '../../src/course/progress-file.ts'
import { services } from '../../src/session/services.ts'
import { Session } from '../../src/session/session.ts'
import type { World } from '../../src/sim/world/world.ts'
import { splitSaved } from '../../src/tui/adapters/shell-session.ts'
import { questionView, type ShownChoices } from '../../src/tui/adapters/step-view.ts'
import { readSaved } from '../../src/tui/progress/saved.ts'
import { KEYS, Program } from './program.ts'

const SPEED = '100'

export async function walkLesson(home: string, lesson: Lesson): Promise<void> {
  const program = new Program({
    ...{ home, columns: 120, rows: 40, args: ['lesson', lesson.id] },
    env: { DOCKER_NET_TUTOR_SPEED: SPEED },
  })
  try {
    const walker = new Walker(program, home, lesson)
    for (const [index, step] of (await walker.drawn()).entries()) await walker.walk(step, index)
    await program.until('HOME')
    program.type('q')
    await program.ended()
  } finally {
    program.dispose()
  }
}

class Walker {
  private readonly program: Program
  private readonly home: string
  private readonly lesson: Lesson
  /** Lines typed in this step: what was saved last is as far. */
  private typed: string[] = []

  constructor(program: Program, home: string, lesson: Lesson) {
    this.program = program
    this.home = home
    this.lesson = lesson
  }

  /** The steps with the names and numbers that were drawn for this learner. */
  async drawn(): Promise<readonly Step[]> {
    const head = await this.waitFor('nothing was saved', () => this.saved()?.head ?? null)
    return instantiate(this.lesson, Number(head['seed'])).steps
  }

  async walk(step: Step, index: number): Promise<void> {
    const { program, lesson } = this
    this.typed = []
    const place = `step ${index + 1} of ${lesson.steps.length}`
    await program.until(
      (screen) => screen.includes(place) && screen.includes('LESSON') && !screen.includes(' … ─'),
    )
    for (const task of tasksOf(step)) {
      if (this.isDone(step, task.id)) continue
      if (task.kind === 'goal') await this.reach(task.solution)
      else await this.answer(step, task)
      await this.settled(step, task.id)
      if (task.kind === 'question') await this.leaveResult()
    }
    program.type('n')
  }

  /** Types the lines into the shell, each where it belongs. */
  private async reach(lines: readonly CommandLine[]): Promise<void> {
    const { program } = this
    program.type(KEYS.switch)
    await program.until(' SHELL ')
    const seat = this.lesson.world === 'desktop' ? 'pc' : 'host1'
    for (const { place, sign, command } of lines) {
      const line = sign === '#' ? `docker exec ${place} sh -c '${command.replaceAll("'", `'\\''`)}'` : command
      if (sign === '$' && place !== seat) await this.elsewhere(place, line)
      else this.enter(line)
    }
    program.type(KEYS.switch)
    await program.until(' LESSON ')
  }

  private enter(line: string): void {
    this.program.type(`${line}${KEYS.enter}`)
    this.typed.push(line)
  }

  /** Onto another machine, as the lessons teach it. */
  private async elsewhere(place: string, line: string): Promise<void> {
    const door =
      place === 'vm'
        ? 'docker run -it --rm --privileged --pid=host busybox nsenter -t 1 -m -u -n -i sh'
        : `ssh ${place}`
    this.enter(door)
    await this.program.until(place === 'vm' ? /\/ # *$/m : new RegExp(`@${place}:`))
    this.enter(line)
    this.enter('exit')
  }

  private async answer(step: Step, question: Question): Promise<void> {
    const { program } = this
    const keys = await keysFor(question, await this.world(step))
    program.type('a')
    await program.until(' QUESTION ')
    program.type(keys)
  }

  private async leaveResult(): Promise<void> {
    await this.program.until(' ANSWER ')
    this.program.type(KEYS.enter)
    await this.program.until(' LESSON ')
  }

  private isDone(step: Step, task: string): boolean {
    const file = join(this.home, 'progress.json')
    const parsed = parseProgress(existsSync(file) ? readFileSync(file, 'utf8') : '{"format":1,"events":[]}')
    if (parsed.kind !== 'events') return false
    return parsed.events.some(
      (event) =>
        event.kind === 'task-done' &&
        event['lesson'] === this.lesson.id &&
        event['step'] === step.id &&
        event['task'] === task,
    )
  }

  private async settled(step: Step, task: string): Promise<void> {
    await this.waitFor(
      `${this.lesson.id}/${step.id}/${task} was not done`,
      () => this.isDone(step, task) || null,
    )
  }

  /** As it was saved after the last line typed. */
  private world(step: Step): Promise<World> {
    return this.waitFor('the world was not saved', () => {
      const saved = this.saved()
      if (saved?.step !== step.id) return null
      const session = Session.restoreFrom(saved.session, services)
      // The end of a shell elsewhere leaves no line of its own.
      const last = session.journal.at(-1)?.line
      const expected = this.typed.slice(this.typed.at(-1) === 'exit' ? -2 : -1)
      const isSaved = expected.length === 0 || expected.includes(last ?? '')
      return isSaved ? session.world : null
    })
  }

  private saved() {
    const file = join(this.home, `${this.lesson.id}.session`)
    const saved = readSaved(existsSync(file) ? readFileSync(file, 'utf8') : null)
    return saved === null ? null : { step: saved.step, ...splitSaved(saved.session) }
  }

  private async waitFor<T>(problem: string, look: () => T | null, ms = 20_000): Promise<T> {
    const end = performance.now() + ms
    for (;;) {
      const found = look()
      if (found !== null) return found
      if (performance.now() > end) throw new Error(`${problem}\n${await this.program.screen()}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

export async function keysFor(question: Question, world: World): Promise<string> {
  const { form } = question
  if ('answer' in form) return `${await computeAnswer(form.answer, world)}${KEYS.enter}`
  const shown: ShownChoices = new Map()
  await questionView(question, world, false, shown)
  const letters = (shown.get(question.id) ?? []).flatMap(({ right }, index) =>
    right ? [String.fromCharCode(0x61 + index)] : [],
  )
  return form.kind === 'several' ? `${letters.join('')}${KEYS.enter}` : letters.join('')
}
