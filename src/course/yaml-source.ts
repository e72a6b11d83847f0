/** YAML with its place in the file: broken YAML and wrong shapes become problems with a line. */
import { type Document, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Problem } from './lesson.ts'

export interface YamlPlace {
  readonly file: string
  /** Line of the file before the first line of the text. */
  readonly offset: number
}

/** The value in its schema's shape, or null with the problems added. */
export function readYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  place: YamlPlace,
  problems: Problem[],
): T | null {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const lineOf = (position: number): number => place.offset + counter.linePos(position).line
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      problems.push({
        file: place.file,
        line: lineOf(error.pos[0]),
        text: `YAML: ${firstLine(error.message)}`,
      })
    }
    return null
  }
  const result = schema.safeParse(document.toJS())
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    const line = lineOf(positionOf(document, issue.path))
    const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
    problems.push({ file: place.file, line, text: `${where}${issue.message}` })
  }
  return null
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
}

/** Where the innermost part of the path that exists stands. */
function positionOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: [number, number, number] }
      | undefined
    if (node?.range !== undefined) return node.range[0]
  }
  return 0
}
