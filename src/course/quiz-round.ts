/**
 * A round of the quiz with everything it needs: questions drawn and made, worlds for those that come with a shell, the
 * clock of an exam. The screen, the line-by-line quiz and the JSON one all play this.
 */
import type { Services } from '../sim/kernel/simulation.ts'
import type { World } from '../sim/world/world.ts'
import { computeAnswer } from './answer.ts'
import type { Given } from './judge.ts'
import type { Problem } from './lesson.ts'
import type { Outline } from './lesson-head.ts'
import {
  type AskedNow,
  askedNow,
  type Drawn,
  drawDue,
  drawQuestions,
  type QuizState,
  quizReduce,
  startQuiz,
} from './quiz.ts'
import type { Bank } from './quiz-bank.ts'
import { type MadeItem, makeItem, Ungenerable } from './quiz-generate.ts'
import type { ReportHead } from './quiz-report.ts'
import { type QuizResult, quizResult } from './quiz-result.ts'
import { type SavedRound, writeRound } from './quiz-saved.ts'
import type { Reviews } from './reviews.ts'
import { dueQuestions, nextDue } from './schedule.ts'

export interface RoundOptions {
  readonly topic: string | null
  readonly count: number
  readonly exam: boolean
  readonly review: boolean
  /** Of an exam; null: as many as it has questions. */
  readonly minutes: number | null
  readonly seed: number
}

export interface RoundPorts {
  readonly bank: Bank
  /** What lessons and steps are called. */
  readonly course: Outline
  readonly reviews: Reviews
  readonly services: Services
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A sentence for the learner: why there is nothing to ask. */
export class NothingToAsk extends Error {}

export class QuizRound {
  readonly options: RoundOptions
  readonly startedAt: number
  /** Questions that could not be made: named, and left out. */
  readonly problems: Problem[] = []
  /** Null: no clock runs. */
  readonly endsAt: number | null
  /** Each is made when its turn comes. */
  private made: (MadeItem | null)[]
  private drawn: Drawn[]
  private readonly ports: RoundPorts
  private endedAt: number | null = null
  /** The seeds with which the answered questions were asked. */
  private readonly answeredWith: number[]
  state: QuizState

  constructor(options: RoundOptions, ports: RoundPorts, drawn: readonly Drawn[], saved: Restored | null) {
    this.options = options
    this.ports = ports
    this.made = drawn.map(() => null)
    this.drawn = [...drawn]
    this.state = saved?.state ?? startQuiz(this.made.slice() as null[], options.exam)
    this.answeredWith = [...(saved?.seeds ?? [])]
    this.startedAt = saved?.startedAt ?? ports.now()
    this.endsAt = options.exam
      ? (saved?.endsAt ?? this.startedAt + (options.minutes ?? drawn.length) * 60_000)
      : null
  }

  get isOver(): boolean {
    return this.state.queue.length === 0
  }

  /** Makes the question whose turn it is; to be called before it is asked. */
  async prepare(): Promise<void> {
    for (;;) {
      const index = this.state.queue[0]
      if (index === undefined || this.made[index] !== null) return
      await this.make(index)
    }
  }

  private async make(index: number): Promise<void> {
    const { entry, seed } = this.drawn[index]!
    try {
      const made = await makeItem(entry, seed, this.ports.services)
      this.made[index] = made
      this.state = quizReduce(this.state, { kind: 'made', index, item: made.item })
    } catch (error) {
      if (!isUngenerable(error)) throw error
      this.problems.push({ file: entry.file, line: entry.line, text: error.message })
      this.made = this.made.filter((_, i) => i !== index)
      this.drawn = this.drawn.filter((_, i) => i !== index)
      this.change(quizReduce(this.state, { kind: 'drop', index }))
    }
  }

  /** What an exam has left open is part of its result; to be called before that. */
  async complete(): Promise<void> {
    if (!this.options.exam) return
    const open = (): number => this.state.items.indexOf(null)
    for (let index = open(); index >= 0; index = open()) await this.make(index)
  }

  /** What is asked now; null when the round is over, or the time is up. */
  asked(): (AskedNow & { readonly made: MadeItem }) | null {
    if (this.secondsLeft() === 0) this.finish()
    const now = askedNow(this.state)
    const made = now === null ? null : this.made[now.index]
    return now === null || made == null ? null : { ...now, made }
  }

  /** Null: no clock runs. */
  secondsLeft(): number | null {
    if (this.endsAt === null) return null
    return Math.max(0, Math.ceil((this.endsAt - (this.endedAt ?? this.ports.now())) / 1000))
  }

  /** `world`: as the learner has left it, for what is asked about it. False: that was no answer, or it came too late. */
  async answer(given: Given, world: World | null = null): Promise<boolean> {
    const asked = this.asked()
    if (asked === null || this.state.shown !== null) return false
    const { item, answer } = asked.made
    const also =
      item.kind === 'find' && world !== null && answer !== null ? [await computeAnswer(answer, world)] : []
    const next = quizReduce(this.state, { kind: 'answer', given, also })
    if (next === this.state) return false
    this.answeredWith.push(this.drawn[asked.index]!.seed)
    this.change(next)
    await this.prepare()
    return true
  }

  /** What was answered wrong comes again, in another order or another world: it is not the letter that is learnt. */
  async next(): Promise<void> {
    const { shown } = this.state
    if (shown !== null && !shown.right) await this.renew(shown.item)
    this.change(quizReduce(this.state, { kind: 'next' }))
    await this.prepare()
  }

  private async renew(index: number): Promise<void> {
    const { entry, seed: first } = this.drawn[index]!
    const seed = first + this.state.answers.length
    try {
      const made = await makeItem(entry, seed, this.ports.services)
      this.made[index] = made
      this.drawn[index] = { entry, seed }
      this.state = quizReduce(this.state, { kind: 'made', index, item: made.item })
    } catch (error) {
      if (!isUngenerable(error)) throw error
      // Then it comes as it was.
    }
  }

  async skip(): Promise<void> {
    this.change(quizReduce(this.state, { kind: 'skip' }))
    await this.prepare()
  }

  finish(): void {
    this.change(quizReduce(this.state, { kind: 'finish' }))
  }

  private change(state: QuizState): void {
    this.state = state
    if (this.isOver) this.endedAt ??= this.ports.now()
  }

  result(): QuizResult {
    return quizResult(this.state)
  }

  /** For `reopenRound`. */
  saved(): string {
    const { options, startedAt, endsAt, state, drawn } = this
    return writeRound({
      at: this.ports.now(),
      options,
      startedAt,
      endsAt,
      drawn: drawn.map(({ entry, seed }) => [entry.id, seed]),
      queue: [...state.queue],
      answers: state.answers.map(({ item, given, right, again, say }, i) => {
        return { item, seed: this.answeredWith[i]!, given: plain(given), right, again, say }
      }),
      shown: state.shown !== null,
    })
  }

  titleOf({ lesson, step }: { readonly lesson: string; readonly step: string }): string {
    const found = this.ports.course.lessons.find(({ id }) => id === lesson)
    const at = found?.steps.find(({ id }) => id === step)
    if (found === undefined) return lesson
    return at === undefined ? found.title : `${found.title} · ${at.title}`
  }

  reportHead(): ReportHead {
    const { exam, review, topic, seed } = this.options
    return {
      mode: exam ? 'exam' : review ? 'review' : 'practice',
      topic,
      seed,
      startedAt: this.startedAt,
      endedAt: this.endedAt ?? this.ports.now(),
      minutes: this.endsAt === null ? null : Math.round((this.endsAt - this.startedAt) / 60_000),
      titleOf: (ref) => this.titleOf(ref),
    }
  }
}

/** What is taken over from a round that was left. */
export interface Restored {
  readonly state: QuizState
  readonly seeds: readonly number[]
  readonly startedAt: number
  readonly endsAt: number | null
}

function plain(given: Given): SavedRound['answers'][number]['given'] {
  return given.kind === 'typed' ? { ...given } : { ...given, indexes: [...given.indexes] }
}

function isUngenerable(error: unknown): error is Error {
  return error instanceof Ungenerable || error instanceof RangeError
}

/** Throws `NothingToAsk`. */
export async function openRound(options: RoundOptions, ports: RoundPorts): Promise<QuizRound> {
  const { bank } = ports
  const { topic, count, seed } = options
  if (topic !== null && !bank.topics.some(({ id }) => id === topic)) {
    const known = bank.topics.map(({ id }) => id).join(', ')
    throw new NothingToAsk(`There is no topic '${topic}'; there are ${known}.`)
  }
  const drawn = options.review ? dueNow(options, ports) : drawQuestions(bank, { count, topic, seed })
  if (drawn.length === 0)
    throw new NothingToAsk(options.review ? nothingDue(ports) : 'There are no questions.')
  const round = new QuizRound(options, ports, drawn, null)
  await round.prepare()
  if (round.isOver) throw new NothingToAsk(round.problems.map(({ text }) => text).join(' '))
  return round
}

function dueNow(options: RoundOptions, { bank, reviews, now }: RoundPorts): Drawn[] {
  return drawDue(bank, dueQuestions(reviews, now()), options)
}

function nothingDue({ reviews, now }: RoundPorts): string {
  const next = nextDue(reviews, now())
  if (next === null) return 'Nothing is due: no question has been answered yet. Practise first.'
  const hours = Math.max(1, Math.round((next - now()) / 3_600_000))
  return `Nothing is due. The next question will be, in ${hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`}.`
}
