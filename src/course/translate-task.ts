/** The words of a goal or a question in another language; checks, answers and conditions stay the original's. */
import { z } from 'zod'
import type { Check } from './check.ts'
import { readCheck } from './check-reader.ts'
import type { Goal, Hint, Problem, Question, Task } from './lesson.ts'
import { type CheckInput, checkSchema, choiceSchema, mistakeSchema } from './schema.ts'
import { readYaml } from './yaml-source.ts'

/** A part of a translated step. */
export type Part =
  | { readonly kind: 'prose'; readonly line: number; readonly text: string }
  | { readonly kind: 'show' | 'diagram'; readonly line: number }
  | {
      readonly kind: 'goal' | 'question'
      readonly line: number
      readonly body: string
      readonly hints: { readonly line: number; readonly body: string }[]
    }

export interface TranslationNotes {
  readonly file: string
  readonly say: (line: number, text: string) => void
  readonly problems: Problem[]
}

const goalWords = z.strictObject({
  label: z.string().min(1),
  /** May be repeated; it has to be the original's. */
  check: checkSchema.optional(),
  else: z.string().min(1),
})

const questionWords = z.strictObject({
  ask: z.string().min(1),
  kind: z.string().optional(),
  choices: z.array(choiceSchema.partial({ text: true })).optional(),
  answer: z.unknown().optional(),
  accepts: z.string().optional(),
  mistakes: z.array(mistakeSchema.partial({ when: true })).default([]),
  why: z.string().min(1),
})

const hintWords = z.strictObject({ when: z.unknown().optional(), say: z.string().min(1) })

export function translateTask(task: Task, part: Part, notes: TranslationNotes): Task | null {
  if (part.kind !== 'goal' && part.kind !== 'question') return null
  const hints = translateHints(task, part, notes)
  return task.kind === 'goal'
    ? translateGoal(task, part, hints, notes)
    : translateQuestion(task, part, hints, notes)
}

type TaskPart = Extract<Part, { kind: 'goal' | 'question' }>

function translateGoal(task: Goal, part: TaskPart, hints: readonly Hint[], notes: TranslationNotes) {
  const words = readYaml(part.body, goalWords, { file: notes.file, offset: part.line }, notes.problems)
  if (words === null) return null
  if (words.check !== undefined && !sameCheck(words.check, task, part.line))
    notes.say(part.line, `the check differs from the original's; leave it out`)
  return { ...task, hints, label: words.label, otherwise: words.else }
}

function sameCheck(input: CheckInput, task: Goal, line: number): boolean {
  try {
    return JSON.stringify(withoutLines(readCheck(input, line))) === JSON.stringify(withoutLines(task.check))
  } catch {
    return false
  }
}

/** Where a command stands in its file is no part of it. */
function withoutLines(check: Check): unknown {
  return JSON.parse(JSON.stringify(check, (key, value: unknown) => (key === 'line' ? undefined : value)))
}

function translateQuestion(
  task: Question,
  part: TaskPart,
  hints: readonly Hint[],
  notes: TranslationNotes,
): Question | null {
  const words = readYaml(part.body, questionWords, { file: notes.file, offset: part.line }, notes.problems)
  if (words === null) return null
  const { say } = notes
  const { form } = task
  if (words.mistakes.length !== task.mistakes.length)
    say(part.line, `the original names ${task.mistakes.length} mistakes, this ${words.mistakes.length}`)
  const mistakes = task.mistakes.map((one, index) => ({ ...one, say: words.mistakes[index]?.say ?? one.say }))
  const whole = { ...task, hints, mistakes, ask: words.ask, why: words.why }
  if ('answer' in form) return whole
  const given = words.choices ?? []
  if (given.length !== form.choices.length) {
    say(part.line, `the original has ${form.choices.length} choices, this ${given.length}`)
    return null
  }
  const choices = form.choices.map((choice, index) => {
    const { text, right, why } = given[index]!
    if (right !== undefined && right !== choice.right)
      say(
        part.line,
        `choice ${index + 1} is ${choice.right ? 'right' : 'wrong'} in the original: keep the order`,
      )
    const isWord = choice.text.kind === 'fixed' && (typeof text === 'string' || typeof text === 'number')
    return {
      ...choice,
      text: isWord ? { kind: 'fixed' as const, value: String(text) } : choice.text,
      why: why ?? choice.why,
    }
  })
  return { ...whole, form: { ...form, choices } }
}

function translateHints(task: Task, part: TaskPart, { file, say, problems }: TranslationNotes): Hint[] {
  if (part.hints.length !== task.hints.length)
    say(part.line, `the original has ${task.hints.length} hints, this ${part.hints.length}`)
  return task.hints.map((hint, index) => {
    const words = part.hints[index]
    if (words === undefined) return hint
    if (!/^(when|say):/m.test(words.body)) return { ...hint, say: words.body.trim() }
    const read = readYaml(words.body, hintWords, { file, offset: words.line }, problems)
    return read === null ? hint : { ...hint, say: read.say }
  })
}
