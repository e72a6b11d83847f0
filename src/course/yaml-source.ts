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
  return shaped({ document, file: place.file, lineOf }, [], schema, problems)
}

/** A document that was read, of which each part can be brought into its shape by itself. */
export interface OpenYaml {
  readonly document: Document
  readonly file: string
  readonly lineOf: (position: number) => number
}

/** Reads what can be read: sequence items (`- id: …`) in which the YAML is broken are left out, and said to be. */
export function openYaml(text: string, file: string, problems: Problem[]): OpenYaml {
  const whole = opened(text, file)
  if (whole.document.errors.length === 0) return whole
  const lines = text.split('\n')
  const found = problems.length
  for (const [from, to] of itemRanges(lines)) {
    const item = opened(lines.slice(from, to).join('\n'), file)
    const [error] = item.document.errors
    if (error === undefined) continue
    problems.push({ file, line: from + item.lineOf(error.pos[0]), text: `YAML: ${firstLine(error.message)}` })
    lines.fill('', from, to)
  }
  const rest = opened(lines.join('\n'), file)
  const [error] = rest.document.errors
  if (error === undefined && problems.length > found) return rest
  const { pos, message } = error ?? whole.document.errors[0]!
  problems.push({ file, line: rest.lineOf(pos[0]), text: `YAML: ${firstLine(message)}` })
  return opened('', file)
}

function opened(text: string, file: string): OpenYaml {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  return { document, file, lineOf: (position) => counter.linePos(position).line }
}

/** From the line of each `- id:` to the next one, or to the next key of the file. */
function itemRanges(lines: readonly string[]): [from: number, to: number][] {
  const ranges: [number, number][] = []
  lines.forEach((line, index) => {
    const isItem = /^ *- +\{? *id:/.test(line)
    const last = ranges.at(-1)
    if ((isItem || /^\w/.test(line)) && last !== undefined && last[1] > index) last[1] = index
    if (isItem) ranges.push([index, lines.length])
  })
  return ranges
}

/** A part of the document in its schema's shape, or null with the problems added. */
export function shaped<T>(
  { document, file, lineOf }: OpenYaml,
  at: readonly PropertyKey[],
  schema: z.ZodType<T>,
  problems: Problem[],
): T | null {
  const value: unknown = at.length === 0 ? document.toJS() : plainValue(document, at)
  const result = schema.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    const { path, message } = explain(issue)
    const line = lineOf(positionOf(document, [...at, ...path]))
    const where = path.length > 0 ? `${path.join('.')}: ` : ''
    problems.push({ file, line, text: `${where}${message}` })
  }
  return null
}

function plainValue(document: Document, at: readonly PropertyKey[]): unknown {
  const node = document.getIn(at, true) as { toJS?: (document: Document) => unknown } | undefined
  return node?.toJS === undefined ? node : node.toJS(document)
}

/** The line on which a part stands. */
export function lineAt({ document, lineOf }: OpenYaml, at: readonly PropertyKey[]): number {
  return lineOf(positionOf(document, at))
}

type Issue = z.core.$ZodIssue

/** Of a choice of shapes, the one that the author seems to have meant says what is wrong. */
function explain(issue: Issue): { path: PropertyKey[]; message: string } {
  const own = { path: issue.path, message: issue.message }
  if (issue.code !== 'invalid_union') return own
  const meant = issue.errors.map(innermost).filter((one) => one.depth > 0)
  const best = meant.sort((x, y) => y.depth - x.depth)[0]
  if (best !== undefined) {
    const inner = explain(best.issue)
    return { path: [...issue.path, ...inner.path], message: inner.message }
  }
  const unknown = issue.errors.flat().find((one) => one.code === 'unrecognized_keys')
  return unknown === undefined
    ? own
    : { ...own, message: `unknown key ${unknown.keys.map((key) => `'${key}'`).join(', ')}` }
}

/** A shape whose key is there has issues below that key; a missing key is no sign of being meant. */
function innermost(issues: readonly Issue[]): { issue: Issue; depth: number } {
  const others = issues.some((one) => one.code === 'unrecognized_keys' && one.path.length === 0)
  const issue = issues.find((one) => one.path.length > 0) ?? issues[0]!
  return { issue, depth: others ? 0 : issue.path.length }
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
