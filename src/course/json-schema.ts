/** The shapes of front matter and fences as JSON schema, for editors: made from the schemas that lessons are read by. */
import { z } from 'zod'
import { glossarySchema } from './glossary-schema.ts'
import { manifestSchema } from './pack.ts'
import {
  checkSchema,
  diagramSchema,
  frontMatterSchema,
  goalSchema,
  hintSchema,
  questionSchema,
} from './schema.ts'
import { translationSchema } from './translate.ts'

const PARTS: readonly (readonly [string, z.ZodType, string])[] = [
  ['frontMatter', frontMatterSchema, 'The front matter of a lesson'],
  ['translation', translationSchema, 'The front matter of a translation (07-publishing.de.md)'],
  ['goal', goalSchema, 'The YAML of a goal fence'],
  ['question', questionSchema, 'The YAML of a question fence'],
  ['hint', hintSchema, 'The YAML of a hint fence; plain text is a hint, too'],
  ['diagram', diagramSchema, 'The YAML of a diagram fence'],
  ['check', checkSchema, 'A check: what a goal asks for, and when a hint appears'],
  ['pack', manifestSchema, 'pack.yaml, beside the lessons of a pack'],
  ['glossary', glossarySchema, 'glossary.yaml'],
]

/** The text of `lessons/lesson.schema.json`. */
export function lessonJsonSchema(): string {
  const definitions: Record<string, unknown> = {}
  for (const [name, schema, description] of PARTS) {
    const { $schema: _draft, $defs, ...own } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    definitions[name] = { description, ...renamed(own, name) }
    for (const [inner, shape] of Object.entries($defs ?? {}))
      definitions[`${name}-${inner}`] = renamed(shape, name)
  }
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Lessons of docker-net-tutor',
    description: 'Front matter and fences; point an editor at #/$defs/NAME.',
    anyOf: PARTS.map(([name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: definitions,
  }
  return `${JSON.stringify(whole, null, 2)}\n`
}

/** References within one part, once the parts are gathered in one file. */
function renamed(value: unknown, part: string): Record<string, unknown> {
  const text = JSON.stringify(value)
    .replaceAll('"$ref":"#/$defs/', `"$ref":"#/$defs/${part}-`)
    .replaceAll('"$ref":"#"', `"$ref":"#/$defs/${part}"`)
  return JSON.parse(text) as Record<string, unknown>
}
