/** What can happen to the screen, and what the screen asks to be done. */
import type {
  Answer,
  AnswerResult,
  QuizOptions,
  QuizOutcome,
  QuizQuestion,
  Size,
  StepView,
  WorldChoice,
} from '../ports.ts'
import type { Marks } from '../progress/marks.ts'
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
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'erase' | 'erase-all' | 'submit' | 'tick' }
  | { readonly kind: 'unbound'; readonly key: string }
  // What lists report.
  | { readonly kind: 'highlight'; readonly index: number }
  | { readonly kind: 'choose'; readonly index: number }
  // Opening.
  | { readonly kind: 'open-lesson'; readonly id: string }
  | { readonly kind: 'open-quiz'; readonly options: QuizOptions }
  | { readonly kind: 'open-sandbox'; readonly choice: WorldChoice }
  // What effects bring back.
  | { readonly kind: 'step'; readonly view: StepView; readonly entered: boolean }
  | { readonly kind: 'document'; readonly lines: readonly string[] }
  | {
      readonly kind: 'answered'
      readonly result: AnswerResult
      readonly correct: string | null
      readonly answer: string
    }
  | { readonly kind: 'note'; readonly note: Note | null }
  | {
      readonly kind: 'quiz-question'
      readonly question: QuizQuestion | null
      readonly outcome: QuizOutcome | null
    }
  | { readonly kind: 'sandbox-opened' | 'shell-ended' | 'prompt' }

export type Effect =
  | { readonly kind: 'open-lesson'; readonly id: string; readonly step: number }
  | { readonly kind: 'enter-step'; readonly step: number }
  | {
      readonly kind: 'check' | 'reset-step' | 'reset-sandbox' | 'close' | 'quit' | 'suspend' | 'next-question'
    }
  | { readonly kind: 'answer'; readonly task: string; readonly answer: Answer; readonly shown: string }
  | { readonly kind: 'quiz-answer'; readonly answer: Answer; readonly shown: string }
  | { readonly kind: 'hint'; readonly task: string; readonly number: number }
  | { readonly kind: 'solution'; readonly task: string }
  | { readonly kind: 'open-quiz'; readonly options: QuizOptions }
  | { readonly kind: 'open-sandbox'; readonly choice: WorldChoice }
  /** Prose and notes into lines of this width. */
  | { readonly kind: 'render' }
  | { readonly kind: 'scroll-shell'; readonly pages: number }
  | { readonly kind: 'record'; readonly event: { readonly kind: string; readonly [field: string]: unknown } }
  | { readonly kind: 'save' }
