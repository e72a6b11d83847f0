/**
 * What stands open at the moment: a lesson or a sandbox with its shell, or a quiz. What comes back for a screen that the
 * learner has left meanwhile is dropped. Saved a moment after each prompt.
 */
import type { LessonRun, QuizRun, SessionListener, ShellSession } from '../ports.ts'
import { OPEN_ROUND } from '../progress/open-round.ts'
import { writeSaved } from '../progress/saved.ts'
import type { InputEvent } from '../screen/decoder.ts'
import type { EffectsPorts } from './ports.ts'

/** Long enough for the prompt to be painted first. */
const SAVE_DELAY_MS = 20

export class Visit {
  lesson: LessonRun | null = null
  quiz: QuizRun | null = null
  /** The step that the world stands at. */
  stepId: string | null = null
  shell: ShellSession | null = null
  private saveName: string | null = null
  private typedAhead: InputEvent[] = []
  /** Changes whenever another screen is opened. */
  private number = 0
  private clock: ReturnType<typeof setInterval> | null = null
  private waiting: (() => void)[] = []
  private saveTimer: ReturnType<typeof setTimeout> | null = null
  private laterTimer: ReturnType<typeof setTimeout> | null = null
  private readonly ports: EffectsPorts

  constructor(ports: EffectsPorts) {
    this.ports = ports
  }

  /** Runs `work`; its result counts only while the learner is still there. */
  during<T>(work: () => Promise<T>, then: (result: T) => void, late: (result: T) => void = () => {}): void {
    const here = this.number
    work().then(
      (result) => (here === this.number ? then(result) : late(result)),
      (error: unknown) => {
        if (here === this.number) this.ports.dispatch({ kind: 'failed', text: sentence(error) })
      },
    )
  }

  /** Hears of the shell that is opened next, until it is left. */
  listener(): SessionListener {
    const here = this.number
    const { dispatch } = this.ports
    return {
      onPrompt: () => (here === this.number ? dispatch({ kind: 'prompt' }) : undefined),
      // Of lines that were typed ahead each is saved, too.
      onLine: () => (here === this.number ? this.saveIfDue() : undefined),
      onEnd: () => (here === this.number ? dispatch({ kind: 'shell-ended' }) : undefined),
    }
  }

  /** `name`: what it is saved by; null: it is not saved. */
  opened(session: ShellSession, name: string | null): void {
    this.shell = session
    this.saveName = name
    for (const event of this.typedAhead.splice(0)) session.input(event)
  }

  input(event: InputEvent): void {
    // Whoever types on already shall lose no more than this line.
    this.saveIfDue()
    if (this.shell === null) this.typedAhead.push(event)
    else this.shell.input(event)
  }

  /** Unless something else is to be done later by then, or the screen is left. */
  later(ms: number, work: () => void): void {
    if (this.laterTimer !== null) clearTimeout(this.laterTimer)
    this.laterTimer = setTimeout(work, ms)
  }

  save(): void {
    this.saveTimer ??= setTimeout(() => this.saveNow(), SAVE_DELAY_MS)
  }

  /** What takes its time waits until what is due is saved: a kill meanwhile shall lose no line that was done. */
  afterSave(work: () => void): void {
    if (this.saveTimer === null) work()
    else this.waiting.push(work)
  }

  private saveIfDue(): void {
    if (this.saveTimer !== null) this.saveNow()
  }

  saveNow(): void {
    if (this.saveTimer !== null) clearTimeout(this.saveTimer)
    this.saveTimer = null
    for (const work of this.waiting.splice(0)) setTimeout(work, 0)
    const text = this.shell?.snapshot() ?? null
    if (text === null || this.saveName === null) return
    this.ports.snapshots.save(this.saveName, writeSaved({ step: this.stepId, session: text }))
  }

  /** Called each second as long as the quiz stands open; null: no more. */
  tick(work: (() => void) | null): void {
    if (this.clock !== null) clearInterval(this.clock)
    this.clock = work === null ? null : setInterval(work, 1000)
  }

  /** The lesson or the shell; a quiz that stands open behind it stays. */
  leave(): void {
    this.saveIfDue()
    if (this.laterTimer !== null) clearTimeout(this.laterTimer)
    this.number += 1
    this.shell?.close()
    this.shell = this.lesson = this.saveName = this.stepId = null
    this.typedAhead = []
  }

  close(): void {
    this.leave()
    this.tick(null)
    // A round that the learner leaves is over; one that is cut short goes on next time.
    if (this.quiz !== null) this.ports.snapshots.remove(OPEN_ROUND)
    this.quiz = null
  }
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
