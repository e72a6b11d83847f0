/**
 * A round of the quiz with everything it needs: questions drawn and made, worlds for those that come with a shell, the
 * clock of an exam. The screen, the line-by-line quiz and the JSON one all play this.
 */
import type { Services } from '../sim/kernel/simulation.ts'
import type { World } from '../sim/world/world.ts'
import { computeAnswer } from './answer.ts'
import type { Given } from './judge.ts'
import type { Problem } from './lesson.ts'
import type { Course } from './load.ts'
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
  readonly course: Course
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
  /** Questions that could not be made: named, and replaced. */
  readonly problems: readonly Problem[]
  /** Null: no clock runs. */
  readonly endsAt: number | null
  private readonly made: MadeItem[]
  private readonly drawn: readonly Drawn[]
  private readonly ports: RoundPorts
  private endedAt: number | null = null
  state: QuizState

  constructor(options: RoundOptions, ports: RoundPorts, { made, drawn, problems }: Made) {
    this.options = options
    this.ports = ports
    this.made = [...made]
    this.drawn = drawn
    this.problems = problems
    this.state = startQuiz(
      made.map(({ item }) => item),
      options.exam,
    )
    this.startedAt = ports.now()
    this.endsAt = options.exam ? this.startedAt + (options.minutes ?? made.length) * 60_000 : null
  }

  get isOver(): boolean {
    return this.state.queue.length === 0
  }

  /** What is asked now; null when the round is over, or the time is up. */
  asked(): (AskedNow & { readonly made: MadeItem }) | null {
    if (this.secondsLeft() === 0) this.finish()
    const now = askedNow(this.state)
    return now === null ? null : { ...now, made: this.made[now.index]! }
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
    this.change(next)
    return true
  }

  /** What was answered wrong comes again, in another order or another world: it is not the letter that is learnt. */
  async next(): Promise<void> {
    const { shown } = this.state
    if (shown !== null && !shown.right) await this.renew(shown.item)
    this.change(quizReduce(this.state, { kind: 'next' }))
  }

  private async renew(index: number): Promise<void> {
    const { entry, seed } = this.drawn[index]!
    const again = seed + this.state.answers.length
    try {
      const made = await makeItem(entry, again, this.ports.services)
      this.made[index] = made
      this.state = quizReduce(this.state, { kind: 'renew', index, item: made.item })
    } catch (error) {
      if (!isUngenerable(error)) throw error
      // Then it comes as it was.
    }
  }

  skip(): void {
    this.change(quizReduce(this.state, { kind: 'skip' }))
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

interface Made {
  readonly made: readonly MadeItem[]
  /** Where each of them came from. */
  readonly drawn: readonly Drawn[]
  readonly problems: readonly Problem[]
}

function isUngenerable(error: unknown): error is Error {
  return error instanceof Ungenerable || error instanceof RangeError
}

/** Throws `NothingToAsk`. */
export async function openRound(options: RoundOptions, ports: RoundPorts): Promise<QuizRound> {
  const { bank, services } = ports
  const { topic, count, seed } = options
  if (topic !== null && !bank.topics.some(({ id }) => id === topic)) {
    const known = bank.topics.map(({ id }) => id).join(', ')
    throw new NothingToAsk(`There is no topic '${topic}'; there are ${known}.`)
  }
  const drawn = options.review ? dueNow(options, ports) : drawQuestions(bank, { count, topic, seed })
  if (drawn.length === 0)
    throw new NothingToAsk(options.review ? nothingDue(ports) : 'There are no questions.')
  const made: MadeItem[] = []
  const problems: Problem[] = []
  const kept: Drawn[] = []
  for (const one of drawn) {
    const { entry } = one
    try {
      made.push(await makeItem(entry, one.seed, services))
      kept.push(one)
    } catch (error) {
      if (!isUngenerable(error)) throw error
      problems.push({ file: entry.file, line: entry.line, text: error.message })
    }
  }
  if (made.length === 0) throw new NothingToAsk(problems.map(({ text }) => text).join(' '))
  return new QuizRound(options, ports, { made, drawn: kept, problems })
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
