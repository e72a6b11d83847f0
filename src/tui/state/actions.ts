/** What can happen to the screen, and what the screen asks to be done. */

import type { Marks } from '../../course/progress.ts'
import type {
  Answer,
  AnswerResult,
  QuizMenu,
  QuizOptions,
  QuizOutcome,
  QuizQuestion,
  ReportFormat,
  SideKind,
  Size,
  StepLink,
  StepView,
  WorldChoice,
} from '../ports.ts'
import type { Note } from './model.ts'

export type Action =
  | { readonly kind: 'resize'; readonly size: Size }
  | { readonly kind: 'marks'; readonly marks: Marks }
  | { readonly kind: 'notice'; readonly tone: 'good' | 'bad' | 'plain'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  // What keys mean.
  | { readonly kind: 'help' | 'back' | 'quit' | 'suspend' | 'switch-focus' }
  | { readonly kind: 'yes' | 'no' }
  | { readonly kind: 'next-step' | 'previous-step' | 'hint' | 'solution' | 'ask' | 'check' | 'reset' }
  | {
      readonly kind: 'scroll'
      readonly by: 'line-up' | 'line-down' | 'page-up' | 'page-down' | 'top' | 'bottom'
    }
  | { readonly kind: 'scroll-shell'; readonly pages: number }
  | { readonly kind: 'side'; readonly pane: SideKind }
  | { readonly kind: 'other-packet'; readonly by: 1 | -1 }
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'erase' | 'erase-all' | 'submit' | 'tick' }
  | { readonly kind: 'unbound'; readonly key: string }
  // What lists report.
  | { readonly kind: 'highlight'; readonly index: number }
  | { readonly kind: 'choose'; readonly index: number }
  // Opening.
  /** `step`: its id; null: where the learner left off. */
  | { readonly kind: 'open-lesson'; readonly id: string; readonly step?: string }
  | { readonly kind: 'open-quiz'; readonly options: QuizOptions }
  | { readonly kind: 'open-quiz-menu' | 'skip' | 'another-round' }
  /** The step that teaches it: of the answer that is shown, or of those to repeat. */
  | { readonly kind: 'open-link'; readonly index: number }
  | { readonly kind: 'export'; readonly format: ReportFormat }
  | { readonly kind: 'open-sandbox'; readonly choice: WorldChoice }
  // What effects bring back.
  | { readonly kind: 'step'; readonly view: StepView; readonly entered: boolean }
  | { readonly kind: 'side-text'; readonly pane: SideKind; readonly text: string }
  | { readonly kind: 'document'; readonly lines: readonly string[] }
  | {
      readonly kind: 'answered'
      readonly result: AnswerResult
      readonly correct: string | null
      readonly answer: string
      readonly reveal?: string | null
      readonly link?: StepLink | null
    }
  | { readonly kind: 'note'; readonly note: Note | null }
  | {
      readonly kind: 'quiz-question'
      readonly question: QuizQuestion | null
      readonly outcome: QuizOutcome | null
      readonly secondsLeft?: number | null
      readonly tally?: { readonly right: number; readonly wrong: number }
    }
  | { readonly kind: 'quiz-menu'; readonly menu: QuizMenu }
  | { readonly kind: 'clock'; readonly secondsLeft: number }
  | { readonly kind: 'due'; readonly count: number }
  /** An answer that was given, for the progress file. */
  | { readonly kind: 'noted'; readonly event: { readonly kind: string; readonly [field: string]: unknown } }
  | { readonly kind: 'sandbox-opened' | 'shell-ended' | 'prompt' }

export type Effect =
  | { readonly kind: 'open-lesson'; readonly id: string; readonly step: number }
  | { readonly kind: 'enter-step'; readonly step: number }
  | { readonly kind: 'check' }
  | { readonly kind: 'reset-step' }
  | { readonly kind: 'next-question' }
  | { readonly kind: 'reset-sandbox' | 'close' | 'quit' | 'suspend' }
  | { readonly kind: 'answer'; readonly task: string; readonly answer: Answer; readonly shown: string }
  | { readonly kind: 'quiz-answer'; readonly answer: Answer; readonly shown: string }
  | { readonly kind: 'hint'; readonly task: string; readonly number: number }
  | { readonly kind: 'solution'; readonly task: string }
  | { readonly kind: 'open-quiz'; readonly options: QuizOptions }
  /** Another action follows by itself. */
  | { readonly kind: 'go'; readonly action: Action }
  /** What is due for review may have changed. */
  | { readonly kind: 'count-due' }
  | { readonly kind: 'open-quiz-menu' | 'open-quiz-shell' | 'skip-question' | 'finish-quiz' }
  | { readonly kind: 'leave-lesson' }
  /** Into this file; null: one of its own name in the folder where the program was started. */
  | { readonly kind: 'export-quiz'; readonly format: ReportFormat; readonly file: string | null }
  | { readonly kind: 'open-sandbox'; readonly choice: WorldChoice }
  /** Prose and notes into lines of this width. */
  | { readonly kind: 'render' }
  /** What the open side pane shows, anew. */
  | { readonly kind: 'look' }
  | { readonly kind: 'scroll-shell'; readonly pages: number }
  | { readonly kind: 'record'; readonly event: { readonly kind: string; readonly [field: string]: unknown } }
  | { readonly kind: 'save' }
