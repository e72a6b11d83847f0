/**
 * What the screen asks of the rooms below and of the machine. The screen holds no world and no lesson of its own:
 * `adapters/` joins these to the session and the course, `io` to the terminal and the files.
 */

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
  /** The screen with its colours and its history, as text that a terminal of this size reads back. */
  serialize(): string
  clear(): void
}

/** A learner's shell at a world. */
export interface ShellSession {
  input(event: InputEvent): void
  resize(size: Size): void
  /** The world, the shells and the screen as text; null while a command runs. */
  snapshot(): string | null
  close(): void
}

export interface SessionListener {
  /** A prompt stands: nothing runs in the foreground. */
  onPrompt(): void
  /** The last shell has ended (`exit`). */
  onEnd(): void
}

export interface LessonHead {
  readonly id: string
  readonly title: string
  readonly section: string
  readonly minutes: number
  /** Ids of its steps, in order. */
  readonly steps: readonly string[]
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
}

export type BlockView =
  | { readonly kind: 'prose'; readonly markdown: string }
  | { readonly kind: 'output'; readonly text: string }
  /** Lines and boxes, and the same in sentences. */
  | { readonly kind: 'picture'; readonly drawing: string; readonly words: string }
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

/** Which choices, or what was typed. */
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
  /** Asked again after a wrong answer. */
  readonly again: boolean
  readonly ask: string
  /** Output of a world that the question is about. */
  readonly exhibit: string | null
  readonly form: AnswerForm
}

export interface QuizOutcome {
  readonly right: number
  readonly asked: number
  /** Topics or lessons to look at again. */
  readonly repeat: readonly { readonly lesson: string | null; readonly title: string }[]
}

export interface QuizRun {
  /** Null when the round is over. */
  next(): Promise<QuizQuestion | null>
  answer(answer: Answer): Promise<AnswerResult & { readonly correct: string | null }>
  outcome(): QuizOutcome
}

export interface QuizOptions {
  readonly topic: string | null
  readonly count: number
  readonly exam: boolean
  readonly review: boolean
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
  /** `missed`: questions that were answered wrong the last time. */
  openQuiz(options: QuizOptions, missed: ReadonlySet<string>): Promise<QuizRun>
  openSandbox(
    choice: WorldChoice,
    saved: string | null,
    screen: ShellScreen,
    size: Size,
    listener: SessionListener,
  ): Promise<ShellSession>
}
