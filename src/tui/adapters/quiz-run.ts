/** A round of the quiz, as the screen and the line-by-line quiz play it. */
import { addExplainWords, type Surroundings } from '../../course/explain/words.ts'
import type { Given } from '../../course/judge.ts'
import type { Problem } from '../../course/lesson.ts'
import { correctAnswer, hasShell, type ItemForm } from '../../course/quiz-item.ts'
import { reopenRound } from '../../course/quiz-reopen.ts'
import { reportJson, reportMarkdown } from '../../course/quiz-report.ts'
import { PASS_PERCENT, percentOf } from '../../course/quiz-result.ts'
import { openRound, type QuizRound } from '../../course/quiz-round.ts'
import type { Reviews } from '../../course/reviews.ts'
import { sessionOnCopy } from '../../course/runner.ts'
import { dueQuestions, scheduleOf } from '../../course/schedule.ts'
import { services } from '../../session/services.ts'
import type { Session } from '../../session/session.ts'
import type {
  AnswerForm,
  QuizMenu,
  QuizOptions,
  QuizOutcome,
  QuizRun,
  SessionListener,
  ShellScreen,
  SideRequest,
  Size,
  StepLink,
} from '../ports.ts'
import type { QuizSource } from './course-files.ts'
import { editedLine } from './edited-line.ts'
import { type DrivenSession, driveSession } from './shell-session.ts'
import { sideText } from './side.ts'

/** Throws a sentence when there is nothing to ask. */
export async function openQuizRun(
  { course, bank, problems }: QuizSource,
  options: QuizOptions,
  { reviews, saved, seed }: { reviews: Reviews; saved: string | null; seed: number },
  surroundings: Surroundings,
): Promise<QuizRun> {
  const ports = { bank, course, reviews, services, now: () => Date.now() }
  const { topic, count, exam, review, minutes } = options
  const wish = { topic, count, exam, review, minutes, seed: options.seed }
  const left = await reopenRound(saved, wish, ports)
  const round = left ?? (await openRound({ ...wish, seed: wish.seed ?? seed }, ports))
  return new OpenQuiz(round, left !== null, problems, surroundings)
}

class OpenQuiz implements QuizRun {
  readonly goesOn: boolean
  private readonly round: QuizRound
  private readonly unread: readonly Problem[]
  private readonly surroundings: Surroundings
  private shell: { readonly driven: DrivenSession; readonly session: Session } | null = null

  constructor(round: QuizRound, goesOn: boolean, problems: readonly Problem[], surroundings: Surroundings) {
    this.surroundings = surroundings
    this.round = round
    this.goesOn = goesOn
    this.unread = problems
  }

  get problems(): string[] {
    return [...this.unread, ...this.round.problems].map(({ file, line, text }) => `${file}:${line}: ${text}`)
  }

  saved(): string {
    return this.round.saved()
  }

  tally() {
    const { answers } = this.round.state
    const right = answers.filter((answer) => answer.right).length
    return { right, wrong: answers.length - right }
  }

  async next() {
    if (this.round.state.shown !== null) await this.round.next()
    else await this.round.prepare()
    this.shell = null
    const asked = this.round.asked()
    if (asked === null) {
      await this.round.complete()
      return null
    }
    const { item, number, count, again } = asked
    return {
      id: item.entry,
      number,
      count,
      topic: item.topic.title,
      kind: item.kind,
      again,
      ask: item.ask,
      exhibit: item.exhibit,
      form: formView(item.form),
      shell: hasShell(item.kind) && asked.made.world !== null,
    }
  }

  async answer(answer: Given) {
    const asked = this.round.asked()
    if (asked === null) return null
    const shell = this.shell
    // The clock of the learner's world stands still while it is looked into.
    if (shell === null) await this.round.answer(answer)
    else await shell.driven.exclusive(() => this.round.answer(answer, shell.session.world))
    const { shown } = this.round.state
    if (shown === null) return null
    const { item } = asked
    return {
      right: shown.right,
      settled: true,
      say: shown.say,
      why: item.why,
      correct: correctAnswer(item),
      reveal: item.reveal,
      link: this.link(item),
    }
  }

  lastRight(): boolean {
    return this.round.state.answers.at(-1)?.right === true
  }

  skip(): Promise<void> {
    return this.round.skip()
  }

  finish(): void {
    this.round.finish()
  }

  secondsLeft(): number | null {
    return this.round.secondsLeft()
  }

  openShell(screen: ShellScreen, size: Size, listener: SessionListener) {
    const made = this.round.asked()?.made
    if (made?.world == null) throw new Error('This question has no world.')
    const session = sessionOnCopy(made.world, true)
    session.openShell({ ...size, host: made.node })
    addExplainWords(session, this.surroundings)
    const driven = driveSession({
      session,
      screen,
      listener,
      size,
      newLine: editedLine,
      savedScreen: null,
      head: () => ({}),
    })
    this.shell = { driven, session }
    return { ...driven, look: (request: SideRequest) => sideText(session, this.surroundings, request) }
  }

  outcome(): QuizOutcome {
    const { right, asked, count, topics, repeat, review } = this.round.result()
    const { mode } = this.round.reportHead()
    return {
      mode,
      right,
      asked,
      count,
      passed: mode === 'exam' ? percentOf(right, count) >= PASS_PERCENT : null,
      topics,
      repeat: repeat.map((ref) => this.link(ref)),
      review: review.map(({ item, given, right: isRight, correct }) => ({
        ask: item.ask,
        right: isRight,
        given,
        correct,
        why: item.why,
        link: this.link(item),
      })),
    }
  }

  report(format: 'md' | 'json') {
    const head = this.round.reportHead()
    const at = new Date(head.startedAt).toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
    const result = this.round.result()
    const text = format === 'md' ? reportMarkdown(result, head) : reportJson(result, head)
    return { name: `docker-net-tutor-${head.mode}-${at}.${format}`, text }
  }

  private link({ lesson, step }: { readonly lesson: string; readonly step: string }): StepLink {
    return { lesson, step, title: this.round.titleOf({ lesson, step }) }
  }
}

function formView(form: ItemForm): AnswerForm {
  switch (form.kind) {
    case 'choice':
      return { kind: 'choice', several: form.several, choices: form.choices.map(({ text }) => text) }
    case 'order':
      return { kind: 'order', steps: form.steps }
    case 'typed':
      return { kind: form.accepts === 'number' ? 'number' : 'text' }
  }
}

export function menuOf({ bank }: QuizSource, reviews: Reviews, now: number): QuizMenu {
  const due = new Set(dueQuestions(reviews, now))
  const topics = bank.topics.map(({ id, title }) => {
    const own = bank.entries.filter(({ topic }) => topic.id === id)
    return {
      id,
      title,
      questions: own.length,
      due: own.filter((entry) => due.has(entry.id)).length,
      known: own.filter((entry) => scheduleOf(reviews[entry.id] ?? [])?.lastRight === true).length,
    }
  })
  return { due: topics.reduce((sum, topic) => sum + topic.due, 0), topics }
}
