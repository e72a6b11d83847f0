/** The shape of a file of the question bank: fixed questions, and kinds of which each question is generated. */
import { z } from 'zod'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes')
/** `lesson#step`. */
const link = z.string().regex(/^[a-z0-9-]+#[a-z0-9-]+$/, 'lesson#step')
const source = z.union([z.string(), z.number(), z.strictObject({ from: z.string() })])
const wrong = z.union([source, z.strictObject({ text: source, why: z.string().min(1) })])

export const fixedSchema = z.strictObject({
  id,
  ask: z.string().min(1),
  /** Several: all of them have to be chosen, and no other. */
  right: z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(2)]),
  wrong: z
    .array(z.strictObject({ text: z.union([z.string(), z.number()]), why: z.string().min(1).optional() }))
    .min(2),
  why: z.string().min(1),
  link,
})

export const generatedSchema = z.strictObject({
  id,
  world: z.enum(['lab', 'desktop', 'linux', 'bare']),
  engine: z.enum(['20.10', '28']),
  vars: z
    .record(z.string(), z.strictObject({ pick: z.array(z.union([z.string(), z.number()])).min(1) }))
    .default({}),
  setup: z.array(z.string()).default([]),
  /** What the learner sees of the world. */
  show: z.array(z.string()).default([]),
  ask: z.string().min(1),
  answer: source,
  wrong: z.array(wrong).min(2),
  /** Succeeds exactly for a `{{choice}}` that is right in the world. */
  holds: z.string().optional(),
  why: z.string().min(1),
  link,
})

export const bankSchema = z.strictObject({
  format: z.literal(1),
  topic: id,
  title: z.string().min(1),
  questions: z.array(fixedSchema).default([]),
  generated: z.array(generatedSchema).default([]),
})

export type BankInput = z.infer<typeof bankSchema>
