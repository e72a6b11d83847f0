/** The shape of a file of the question bank: fixed questions, and kinds of which each question is generated. */
import { z } from 'zod'
import { QUIZ_KINDS } from './quiz-item.ts'
import { TYPED_AS } from './same-answer.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes')
/** `lesson#step`. */
const link = z.string().regex(/^[a-z0-9-]+#[a-z0-9-]+$/, 'lesson#step')
const value = z.union([z.string(), z.number()])
const source = z.union([value, z.strictObject({ from: z.string() })])
const explained = z.strictObject({ text: source, why: z.string().min(1) })
const wrong = z.union([source, explained])
const worldName = z.enum(['lab', 'desktop', 'linux', 'bare'])
const engine = z.enum(['20.10', '28'])
const kind = z.enum(QUIZ_KINDS)
const accepts = z.enum(TYPED_AS)
/** A variant is a record: values that are drawn together. */
const variable = z.union([value, z.record(z.string(), value)])
const vars = z.record(z.string(), z.strictObject({ pick: z.array(variable).min(1) }))

/** A known mistake, by what was typed or by a pattern. */
const mistake = z.strictObject({
  when: z.union([value, z.strictObject({ matches: z.string() })]),
  say: z.string().min(1),
})

/** A question whose answer is a concept, and so is stored. */
export const fixedSchema = z.strictObject({
  id,
  /** `choice`, or `several` when there are several right ones, unless it is said. */
  kind: kind.exclude(['find', 'cause']).optional(),
  ask: z.string().min(1),
  /** Several: all of them have to be chosen, and no other. */
  right: z.union([value, z.array(value).min(2)]).optional(),
  wrong: z.array(z.strictObject({ text: value, why: z.string().min(1).optional() })).optional(),
  /** Typed. */
  answer: value.optional(),
  also: z.array(value).default([]),
  accepts: accepts.optional(),
  mistakes: z.array(mistake).default([]),
  /** In their right order. */
  steps: z.array(z.string().min(1)).min(3).max(9).optional(),
  /** Run in a world and shown after the answer. */
  see: z
    .strictObject({
      world: worldName.default('linux'),
      engine: engine.default('20.10'),
      setup: z.array(z.string()).default([]),
      run: z.array(z.string()).min(1),
    })
    .optional(),
  why: z.string().min(1),
  link,
})

/** A template: the world and its names by seed, the answer by commands. */
export const generatedSchema = z.strictObject({
  id,
  kind: kind.default('choice'),
  world: worldName,
  engine,
  vars: vars.default({}),
  setup: z.array(z.string()).default([]),
  /** What the learner sees of the world. */
  show: z.array(z.string()).default([]),
  ask: z.string().min(1),
  answer: source.optional(),
  wrong: z.array(wrong).default([]),
  /** For `several`: those that hold in the world are right. */
  choices: z.array(wrong).default([]),
  /** How a typed answer is compared. Where there are choices as well, the seed draws the form. */
  accepts: accepts.optional(),
  also: z.array(source).default([]),
  /** Shown after the answer. */
  reveal: z.array(z.string()).default([]),
  /** Where the learner's shell stands. */
  node: z.string().default('host1'),
  /** Succeeds exactly for a `{{choice}}` that is right in the world. */
  holds: z.string().optional(),
  why: z.string().min(1),
  link,
})

export const bankHeadSchema = z.strictObject({
  format: z.literal(1),
  topic: id,
  title: z.string().min(1),
  questions: z.array(z.unknown()).default([]),
  generated: z.array(z.unknown()).default([]),
})

export type BankHead = z.infer<typeof bankHeadSchema>
export type FixedInput = z.infer<typeof fixedSchema>
export type GeneratedInput = z.infer<typeof generatedSchema>
