/** A lesson as the program knows it: steps of prose and of tasks. Read from Markdown by `parse.ts`. */
import type { Check } from './check.ts'

export const LESSON_FORMAT = 1

export interface Lesson {
  readonly id: string
  readonly title: string
  /** Section of the seed document that it mirrors. */
  readonly section: string
  readonly world: string
  readonly engine: string
  readonly requires: readonly string[]
  readonly minutes: number
  /** Values drawn by seed, written `{{name}}` in the lesson, or `{{name.field}}` where a whole variant is drawn. */
  readonly variables: ReadonlyMap<string, readonly VariableValue[]>
  /** Each learner gets a draw of its own; otherwise all get that of seed 1, the document's. */
  readonly draw: 'same' | 'own'
  /** By which it was drawn; 0 as long as it is not. */
  readonly seed: number
  readonly file: string
  /** Prose before the first step. */
  readonly intro: string
  readonly steps: readonly Step[]
}

/** A value, or several that belong together. */
export type VariableValue = string | number | Readonly<Record<string, string | number>>

export interface Step {
  /** From its title: `two-ends-two-numbers`. Progress is kept by it. */
  readonly id: string
  readonly title: string
  readonly line: number
  readonly blocks: readonly Block[]
}

export type Block =
  | { readonly kind: 'prose'; readonly line: number; readonly markdown: string }
  | { readonly kind: 'setup'; readonly line: number; readonly lines: readonly CommandLine[] }
  | { readonly kind: 'show'; readonly line: number; readonly lines: readonly CommandLine[] }
  | { readonly kind: 'diagram'; readonly line: number; readonly diagram: Diagram }
  | { readonly kind: 'task'; readonly line: number; readonly task: Task }

/** `vm$ docker ps`: where and what. Text may hold `{{variables}}`. */
export interface CommandLine {
  readonly line: number
  readonly place: string
  /** `$` a node's shell, `#` a container's. */
  readonly sign: '$' | '#'
  readonly command: string
}

export type Task = Goal | Question

export interface TaskBase {
  readonly id: string
  readonly line: number
  readonly hints: readonly Hint[]
  readonly solution: readonly CommandLine[]
  readonly alternatives: readonly (readonly CommandLine[])[]
  readonly mustFail: readonly (readonly CommandLine[])[]
}

export interface Goal extends TaskBase {
  readonly kind: 'goal'
  readonly label: string
  readonly check: Check
  /** What to say while it does not hold. */
  readonly otherwise: string
}

export interface Question extends TaskBase {
  readonly kind: 'question'
  readonly ask: string
  readonly form: QuestionForm
  readonly mistakes: readonly Mistake[]
  /** Said after the answer, right or wrong. */
  readonly why: string
}

export type QuestionForm =
  /** `choice` and `predict`: one is right; `several`: all right ones and no other. */
  | { readonly kind: 'choice' | 'predict' | 'several'; readonly choices: readonly Choice[] }
  /** Typed; the answer is stored (concepts) or computed from the world. */
  | { readonly kind: 'text' | 'number'; readonly answer: Source; readonly accepts: Accepts }

export interface Choice {
  readonly text: Source
  readonly right: boolean
  readonly why: string | null
}

/** A fixed value, or what a command prints on a copy of the world (its last line, trimmed). */
export type Source =
  | { readonly kind: 'fixed'; readonly value: string }
  | { readonly kind: 'from'; readonly command: CommandLine }

export type Accepts = 'exact' | 'ignore-case' | 'interface-name' | 'address'

export interface Mistake {
  readonly when:
    | { readonly kind: 'equals'; readonly source: Source }
    | { readonly kind: 'matches'; readonly pattern: string }
  readonly say: string
}

export interface Hint {
  readonly line: number
  readonly when: Check | null
  readonly say: string
}

/** A picture drawn from the world: the bridges of a host, what hangs in their ports, and the way out. */
export interface Diagram {
  readonly draw: 'bridge' | 'veth' | 'path'
  readonly host: string
  readonly container: string | null
}

/** What is wrong with a lesson, for its author. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly text: string
}
