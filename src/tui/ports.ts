/**
 * What the screen asks of the rooms below and of the machine. The screen holds no world and no lesson of its own:
 * `adapters/` joins these to the session and the course, `io` to the terminal and the files.
 */

import type { QuizKind } from '../course/quiz-item.ts'
import type { Reviews } from '../course/reviews.ts'
import type { InputEvent } from './screen/decoder.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** The terminal, as `io/terminal.ts` gives it. */
export interface TerminalDevice {
  size(): Size
  /** Asynchronous where the platform is; false: no more before `onDrain`. */
  write(text: string): boolean
  onDrain(listener: () => void): void
  /** Returns when the terminal has it all; for the way out. */
  writeNow(text: string): void
  onInput(listener: (bytes: Uint8Array) => void): void
  onResize(listener: () => void): void
  setRawMode(on: boolean): void
  /** Ends, suspensions and failures of the process, so that the terminal can be given back first. */
  readonly life: ProcessLife
  readonly noColor: boolean
}

export interface ProcessLife {
  /** SIGTERM, SIGHUP, SIGINT, SIGQUIT, and a normal exit that nobody announced. */
  onEnd(listener: () => void): void
  onFailure(listener: (error: unknown) => void): void
  /** Called before the process stops, and after it goes on. */
  onSuspend(before: () => void, after: () => void): void
  /** Stops this process as Ctrl-Z does. */
  suspend(): void
  exit(status: number): never
}

/** A terminal emulator, as far as a shell writes to it. */
export interface ShellScreen {
  write(text: string): void
  /** Characters that were written and are not yet on the screen. */
  pending(): number
  /** The screen with its colours, its history and what is not yet on it, as text that a terminal of this size reads back. */
  serialize(): string
  clear(): void
}

/** A learner's shell at a world. */
export interface ShellSession {
  input(event: InputEvent): void
  resize(size: Size): void
  /** The world, the shells and the screen as text; null while a command runs. */
  snapshot(): string | null
  /** What a pane beside the shell shows now. */
  look(request: SideRequest): string
  close(): void
}

export type SideKind = 'map' | 'walk' | 'glossary'

export interface SideRequest {
  readonly kind: SideKind
  readonly columns: number
  /** Of the packet walk; null: the one that is worth looking at. */
  readonly packet: number | null
  /** Of the glossary: what has been typed. */
  readonly word: string
}

export interface SessionListener {
  /** A prompt stands: nothing runs in the foreground. */
  onPrompt(): void
  /** A line is about to be handed in: the last moment to save what stood before it. */
  onLine?(): void
  /** The last shell has ended (`exit`). */
  onEnd(): void
}

export interface StepView {
  readonly id: string
  readonly title: string
  readonly index: number
  readonly count: number
  /** What the whole lesson is about, at its first step. */
  readonly intro: string | null
  /** In order; a task stands where its fence stood. */
  readonly blocks: readonly BlockView[]
  readonly tasks: readonly TaskView[]
  /** Of a case that is solved: with how many commands, as a sentence. */
  readonly probes?: string | null
}

export type BlockView =
  | { readonly kind: 'prose'; readonly markdown: string }
  | { readonly kind: 'output'; readonly text: string }
  /** Lines and boxes, folded for a narrow pane, and the same in sentences. */
  | {
      readonly kind: 'picture'
      readonly drawing: string
      readonly narrow?: string
      readonly words: string
    }
  | { readonly kind: 'task'; readonly task: string }

export type TaskView = GoalView | QuestionView

export interface GoalView {
  readonly kind: 'goal'
  readonly id: string
  readonly label: string
  readonly done: boolean
  /** Why it does not hold yet; null when there is nothing to say. */
  readonly because: string | null
}

export interface QuestionView {
  readonly kind: 'question'
  readonly id: string
  readonly ask: string
  readonly form: AnswerForm
  readonly done: boolean
}

export type AnswerForm =
  | { readonly kind: 'choice'; readonly several: boolean; readonly choices: readonly string[] }
  | { readonly kind: 'text' | 'number' }
  /** Steps, to be put in their order. */
  | { readonly kind: 'order'; readonly steps: readonly string[] }

/** Which choices, in which order steps come, or what was typed. */
export type Answer =
  | { readonly kind: 'chosen'; readonly indexes: readonly number[] }
  | { readonly kind: 'typed'; readonly text: string }

export interface AnswerResult {
  readonly right: boolean
  /** It is not asked again: right, or a prediction, which is made once. */
  readonly settled: boolean
  /** What to say about this answer: a known mistake, a choice's own reason. */
  readonly say: string | null
  /** The reason behind the right answer; null while it would give it away. */
  readonly why: string | null
}

/** A lesson that stands open, with its shell. */
export interface LessonRun {
  readonly shell: ShellSession
  /** Goes to a step and makes its world ready. */
  enter(index: number): Promise<StepView>
  /** Looks at the goals again. */
  check(): Promise<StepView>
  answer(task: string, answer: Answer): Promise<AnswerResult>
  /** The next rung of the ladder; null when there is none left. */
  hint(task: string): Promise<string | null>
  /** Command lines, with their prompts. */
  solution(task: string): readonly string[]
  /** Back to the step's beginning. */
  reset(): Promise<StepView>
}

export interface QuizQuestion {
  readonly id: string
  readonly number: number
  readonly count: number
  readonly topic: string
  /** What has to be done: `predict`, `order`, `find` … */
  readonly kind: QuizKind
  /** Asked again after a wrong answer. */
  readonly again: boolean
  readonly ask: string
  /** Output of a world that the question is about. */
  readonly exhibit: string | null
  readonly form: AnswerForm
  /** A world comes with it, and a shell. */
  readonly shell: boolean
}

/** A step of a lesson, and what it is called. */
export interface StepLink {
  readonly lesson: string
  readonly step: string
  readonly title: string
}

export interface QuizAnswerResult extends AnswerResult {
  readonly correct: string
  /** What the world shows. */
  readonly reveal: string | null
  /** The step that teaches it. */
  readonly link: StepLink
}

export interface QuizOutcome {
  readonly mode: 'practice' | 'exam' | 'review'
  /** At the first try. */
  readonly right: number
  readonly asked: number
  /** In an exam all questions count. */
  readonly count: number
  /** Null: it was no exam. */
  readonly passed: boolean | null
  readonly topics: readonly { readonly title: string; readonly right: number; readonly count: number }[]
  readonly repeat: readonly StepLink[]
  readonly review: readonly {
    readonly ask: string
    readonly right: boolean
    /** Null: not answered in time. */
    readonly given: string | null
    readonly correct: string
    readonly why: string
    readonly link: StepLink
  }[]
}

export interface QuizRun {
  /** Null when the round is over. */
  next(): Promise<QuizQuestion | null>
  /** Null: it is noted, and nothing is said before the end. */
  answer(answer: Answer): Promise<QuizAnswerResult | null>
  /** Was the last answer right? For the progress file; in an exam nobody is told. */
  lastRight(): boolean
  /** To the end of the round. */
  skip(): Promise<void>
  /** The time is up, or the learner has enough. */
  finish(): void
  /** Null: no clock runs. */
  secondsLeft(): number | null
  /** A shell in the world of the question that is asked. */
  openShell(screen: ShellScreen, size: Size, listener: SessionListener): ShellSession
  outcome(): QuizOutcome
  report(format: ReportFormat): { readonly name: string; readonly text: string }
  /** Questions that cannot be asked, with file and line. */
  readonly problems: readonly string[]
  /** A round that was left while it was on. */
  readonly goesOn: boolean
  /** Answers so far. */
  tally(): { readonly right: number; readonly wrong: number }
  /** The round as text, to be gone on with later. */
  saved(): string
}

export type ReportFormat = 'md' | 'json'

export interface QuizOptions {
  readonly topic: string | null
  readonly count: number
  readonly exam: boolean
  readonly review: boolean
  /** Of an exam; null: one for each question. */
  readonly minutes: number | null
  /** Where the result goes when the round is over. */
  readonly exportTo: string | null
  /** Null: another one each time. */
  readonly seed: number | null
}

/** What there is to be asked. */
export interface QuizMenu {
  /** Questions that are due for review. */
  readonly due: number
  readonly topics: readonly {
    readonly id: string
    readonly title: string
    readonly questions: number
    readonly due: number
    /** Whose last answer was right. */
    readonly known: number
  }[]
}

export interface WorldChoice {
  readonly world: string
  readonly engine: string
  readonly seed: number
}

/** Everything behind the screen; loaded after the first frame. `saved` is what `snapshot` gave earlier. */
export interface Tutor {
  openLesson(
    id: string,
    step: number,
    saved: string | null,
    screen: ShellScreen,
    size: Size,
    listener: SessionListener,
  ): Promise<{ run: LessonRun; view: StepView }>
  /** `reviews`: what was answered before. `saved`: a round that was left; it goes on if it is the one wished for. */
  openQuiz(options: QuizOptions, reviews: Reviews, saved: string | null): Promise<QuizRun>
  quizMenu(reviews: Reviews): Promise<QuizMenu>
  openSandbox(
    choice: WorldChoice,
    saved: string | null,
    screen: ShellScreen,
    size: Size,
    listener: SessionListener,
  ): Promise<ShellSession>
}
