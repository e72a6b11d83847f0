/** The shape of `glossary.yaml`. */
import { z } from 'zod'

export const glossarySchema = z.strictObject({
  format: z.literal(1),
  terms: z
    .array(
      z.strictObject({
        term: z.string().min(1).max(40),
        /** Other spellings under which it is looked up. */
        also: z.array(z.string().min(1)).default([]),
        text: z.string().min(1).max(420),
        /** `lesson#step` that teaches it. */
        step: z.string().regex(/^[a-z0-9-]+#[a-z0-9-]+$/, 'lesson#step'),
        /** Terms that belong with it. */
        see: z.array(z.string()).default([]),
      }),
    )
    .min(1),
})
