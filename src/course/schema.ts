/** The shapes that an author may write in front matter and fences; zod says what is wrong with the rest. */
import { z } from 'zod'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes')

const scalar = z.union([z.string(), z.number()])

/** Values that belong together: one of these is drawn as a whole, `{{name.field}}` is a part of it. */
const variants = z
  .array(z.record(z.string(), scalar))
  .min(1)
  .refine(haveSameFields, 'each variant needs the same fields')

function haveSameFields(all: readonly Record<string, unknown>[]): boolean {
  return new Set(all.map((one) => Object.keys(one).sort().join())).size === 1
}

const portOrVariable = z.union([
  z.number().int().min(1).max(65_535),
  z.string().regex(/^\{\{[\w.-]+\}\}$/, 'a port, or a {{variable}} that holds one'),
])

export const frontMatterSchema = z.strictObject({
  format: z.literal(1),
  id,
  title: z.string().min(1),
  section: z.string().min(1),
  world: z.enum(['lab', 'desktop', 'linux', 'bare']),
  engine: z.enum(['20.10', '28']),
  requires: z.array(id).default([]),
  minutes: z.number().int().min(1).max(120),
  /** `own`: each learner gets a draw of its own. */
  draw: z.enum(['same', 'own']).default('same'),
  vars: z
    .record(z.string(), z.strictObject({ pick: z.union([z.array(scalar).min(1), variants]) }))
    .default({}),
})

/** `{from: "vm$ …"}` or a value. */
const source = z.union([z.string(), z.number(), z.strictObject({ from: z.string() })])

export const checkSchema: z.ZodType<CheckInput> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(checkSchema).min(1) }),
    z.strictObject({ any: z.array(checkSchema).min(1) }),
    z.strictObject({ not: checkSchema }),
    z.strictObject({
      reachable: z.strictObject({
        from: z.string(),
        to: z.string(),
        port: portOrVariable.optional(),
        protocol: z.enum(['icmp', 'tcp', 'udp']).optional(),
      }),
    }),
    z.strictObject({
      resolves: z.strictObject({ from: z.string(), name: z.string(), address: z.string().optional() }),
    }),
    z.strictObject({
      container: z.strictObject({
        name: z.string().optional(),
        image: z.string().optional(),
        state: z.string().optional(),
        network: z.string().optional(),
        count: z.number().int().optional(),
      }),
    }),
    z.strictObject({
      network: z.strictObject({
        name: z.string(),
        exists: z.boolean().optional(),
        driver: z.string().optional(),
        subnet: z.string().optional(),
      }),
    }),
    z.strictObject({
      link: z.strictObject({
        in: z.string(),
        name: z.string(),
        exists: z.boolean().optional(),
        up: z.boolean().optional(),
        master: z.string().optional(),
        type: z.string().optional(),
      }),
    }),
    z.strictObject({
      route: z.strictObject({
        in: z.string(),
        to: z.string(),
        via: z.string().optional(),
        exists: z.boolean().optional(),
      }),
    }),
    z.strictObject({
      rule: z.strictObject({
        in: z.string(),
        table: z.string().optional(),
        chain: z.string(),
        matches: z.string(),
        exists: z.boolean().optional(),
      }),
    }),
    z.strictObject({
      traced: z.strictObject({ in: z.string(), device: z.string().optional(), filter: z.string() }),
    }),
    z.strictObject({ file: z.strictObject({ in: z.string(), path: z.string(), matches: z.string() }) }),
    z.strictObject({
      output: z.strictObject({
        of: z.string(),
        matches: z.string().optional(),
        status: z.number().int().optional(),
      }),
    }),
    z.strictObject({
      ran: z.union([z.string(), z.strictObject({ matches: z.string(), in: z.string().optional() })]),
    }),
  ]),
)

/** What YAML gives for a check; `check-reader.ts` makes a `Check` of it. */
export type CheckInput = { readonly [name: string]: unknown }

export const goalSchema = z.strictObject({
  label: z.string().min(1),
  check: checkSchema,
  else: z.string().min(1),
})

export const choiceSchema = z.strictObject({
  text: source,
  right: z.boolean().optional(),
  why: z.string().optional(),
})
export const mistakeSchema = z.strictObject({
  when: z.union([z.strictObject({ equals: source }), z.strictObject({ matches: z.string() })]),
  say: z.string().min(1),
})

export const questionSchema = z
  .strictObject({
    ask: z.string().min(1),
    kind: z.enum(['choice', 'several', 'predict', 'text', 'number']),
    choices: z.array(choiceSchema).min(2).optional(),
    answer: source.optional(),
    accepts: z.enum(['exact', 'ignore-case', 'interface-name', 'address']).optional(),
    mistakes: z.array(mistakeSchema).default([]),
    why: z.string().min(1),
  })
  .refine((q) => (q.choices === undefined) !== (q.answer === undefined), 'needs either choices or an answer')

export const hintSchema = z.strictObject({ when: checkSchema.optional(), say: z.string().min(1) })

export const diagramSchema = z.strictObject({
  draw: z.enum(['bridge', 'veth', 'path']),
  host: z.string(),
  container: z.string().optional(),
})
