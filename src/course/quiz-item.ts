/** A question of the quiz that can be asked: in words, with its answer, apart from where it came from. */
import type { OpenChoice } from './answer.ts'
import type { TypedAs } from './judge.ts'

export const QUIZ_KINDS = [
  /** One is right. */
  'choice',
  /** All right ones and no other. */
  'several',
  'text',
  'number',
  /** Steps, to be put in their order. */
  'order',
  /** What will a command print? Then it is run. */
  'predict',
  /** With a shell: look for it, and type what was found. */
  'find',
  /** With a shell: something is broken; name the cause. */
  'cause',
] as const

export type QuizKind = (typeof QUIZ_KINDS)[number]

/** Kinds that come with a shell in a world of their own. */
export function hasShell(kind: QuizKind): boolean {
  return kind === 'find' || kind === 'cause'
}

export interface QuizItem {
  /** The entry's id; a generated one carries its seed: `who-is-16?seed=7`. */
  readonly id: string
  /** The entry's id: reviews are kept by it. */
  readonly entry: string
  readonly topic: { readonly id: string; readonly title: string }
  readonly kind: QuizKind
  readonly ask: string
  /** Output of the world that it is about; null when there is none. */
  readonly exhibit: string | null
  readonly form: ItemForm
  /** What is shown of the world after the answer. */
  readonly reveal: string | null
  readonly why: string
  readonly lesson: string
  readonly step: string
}

export type ItemForm = ChoiceForm | TypedForm | OrderForm

export interface ChoiceForm {
  readonly kind: 'choice'
  readonly several: boolean
  readonly choices: readonly OpenChoice[]
}

export interface TypedForm {
  readonly kind: 'typed'
  readonly accepts: TypedAs
  /** The first one is shown as the answer; the others are as right. */
  readonly answers: readonly string[]
  readonly mistakes: readonly TypedMistake[]
}

export interface TypedMistake {
  /** An answer that is meant like the right ones, or a pattern. */
  readonly when: { readonly kind: 'equals' | 'matches'; readonly text: string }
  readonly say: string
}

export interface OrderForm {
  readonly kind: 'order'
  /** As shown. */
  readonly steps: readonly string[]
  /** Indexes into `steps`, the first step first. */
  readonly order: readonly number[]
}

/** In words, for those who want to read it. */
export function correctAnswer({ form }: QuizItem): string {
  switch (form.kind) {
    case 'choice':
      return form.choices
        .filter(({ right }) => right)
        .map(({ text }) => text)
        .join(', ')
    case 'typed':
      return form.answers[0] ?? ''
    case 'order':
      return inOrder(form, form.order)
  }
}

export function inOrder({ steps }: OrderForm, order: readonly number[]): string {
  return order.map((index, i) => `${i + 1}. ${steps[index] ?? ''}`).join('; ')
}
