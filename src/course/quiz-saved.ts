/**
 * A round of the quiz as text, so that it comes back after the program was left or killed: which questions were drawn
 * with which seeds, and what was answered. The questions are made again from their seeds; their answers stand nowhere.
 */
import { z } from 'zod'

const FORMAT = 1

const count = z.number().int().nonnegative()

const givenSchema = z.union([
  z.object({ kind: z.literal('chosen'), indexes: z.array(count) }),
  z.object({ kind: z.literal('typed'), text: z.string() }),
])

const savedSchema = z.object({
  format: z.literal(FORMAT),
  /** When it was saved, in milliseconds since 1970. */
  at: z.number(),
  options: z.object({
    topic: z.string().nullable(),
    count,
    exam: z.boolean(),
    review: z.boolean(),
    minutes: z.number().nullable(),
    seed: z.number(),
  }),
  startedAt: z.number(),
  endsAt: z.number().nullable(),
  /** Entries of the bank with their seeds. */
  drawn: z.array(z.tuple([z.string(), z.number()])),
  /** What is still to be asked. */
  queue: z.array(count),
  answers: z.array(
    z.object({
      item: count,
      /** With which it was asked then. */
      seed: z.number(),
      given: givenSchema,
      right: z.boolean(),
      again: z.boolean(),
      say: z.string().nullable(),
    }),
  ),
  /** The last answer is on the screen. */
  shown: z.boolean(),
})

export type SavedRound = Omit<z.infer<typeof savedSchema>, 'format'>

export function writeRound(round: SavedRound): string {
  return JSON.stringify({ format: FORMAT, ...round } satisfies z.infer<typeof savedSchema>)
}

/** Null for what this version cannot read: then a new round begins. */
export function readRound(text: string | null): SavedRound | null {
  if (text === null) return null
  try {
    const { success, data } = savedSchema.safeParse(JSON.parse(text))
    if (!success) return null
    const { drawn, queue, answers, shown } = data
    const isKnown = (index: number): boolean => index < drawn.length
    const fits = queue.every(isKnown) && answers.every(({ item }) => isKnown(item))
    return fits && (!shown || answers.length > 0) ? data : null
  } catch {
    return null
  }
}
