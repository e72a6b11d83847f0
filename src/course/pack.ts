/**
 * Packs: lessons, questions and terms from a folder or a package of somebody else. They are data; nothing of them is
 * ever executed. Ids are put behind the pack's name (`acme--first`), so that progress of two packs never meets.
 */
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Problem } from './lesson.ts'
import { roleOf } from './lesson-files.ts'
import type { CourseFile } from './load.ts'
import { readYaml } from './yaml-source.ts'

export interface PackSource {
  /** As it is to be named to people: a path or a package. */
  readonly origin: string
  /** Name of the folder or the package: what the pack is called when it does not say. */
  readonly fallbackName: string
  /** `pack.yaml`, where there is one. */
  readonly manifest: CourseFile | null
  readonly lessons: readonly CourseFile[]
  readonly quiz: readonly CourseFile[]
  readonly glossary: CourseFile | null
}

export interface LoadedPack {
  readonly name: string
  readonly title: string
  readonly lessons: readonly CourseFile[]
  readonly quiz: readonly CourseFile[]
  readonly glossary: CourseFile | null
  readonly problems: readonly Problem[]
}

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export const manifestSchema = z.strictObject({
  format: z.literal(1),
  name: z.string().regex(NAME, 'lower-case letters, digits and single dashes'),
  title: z.string().min(1).max(60),
  description: z.string().optional(),
})

/** Between a pack's name and an id of its own; no id of the program's own holds two dashes. */
const JOINT = '--'

export function loadPack(source: PackSource): LoadedPack {
  const problems: Problem[] = []
  const { manifest } = source
  const about =
    manifest === null
      ? null
      : readYaml(manifest.text, manifestSchema, { file: manifest.name, offset: 0 }, problems)
  const name = about?.name ?? plainName(source.fallbackName)
  const prefix = `${name}${JOINT}`
  const lessonIds = new Set(source.lessons.flatMap(({ text }) => frontId(text) ?? []))
  const own = (id: string): string => (lessonIds.has(id) ? prefix + id : id)
  const lessons = source.lessons
    .filter((file) => roleOf(file.name).kind !== 'paper')
    .map((file) => ({ name: file.name, text: qualifyLesson(file.text, prefix, own) }))
  const quiz = source.quiz.map((file) => ({ name: file.name, text: qualifyQuiz(file.text, prefix, own) }))
  if (lessons.length === 0 && quiz.length === 0) {
    const text = 'there are no lessons (*.md) and no questions (quiz/*.yaml) here'
    problems.push({ file: source.origin, line: 1, text })
  }
  return { name, title: about?.title ?? name, lessons, quiz, glossary: source.glossary, problems }
}

/** `@acme/net_course` is `acme-net-course`. */
export function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'pack' : plain
}

const FRONT_MATTER = /^---\r?\n([\s\S]*?\r?\n)---\r?\n/

function frontId(text: string): string | null {
  const front = FRONT_MATTER.exec(text)
  if (front === null) return null
  const id: unknown = parseDocument(front[1]!).get('id')
  return typeof id === 'string' ? id : null
}

/** New text for the place of a scalar, lines untouched: findings keep their line. */
interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

function qualifyLesson(text: string, prefix: string, own: (id: string) => string): string {
  const front = FRONT_MATTER.exec(text)
  if (front === null) return text
  const offset = text.indexOf(front[1]!)
  const document = parseDocument(front[1]!)
  const edits: Edit[] = [
    ...replaced(document.get('id', true), (id) => prefix + id),
    ...replaced(document.get('translates', true), own),
  ]
  const requires = document.get('requires', true)
  if (isSeq(requires)) for (const item of requires.items) edits.push(...replaced(item, own))
  return apply(text, edits, offset)
}

function qualifyQuiz(text: string, prefix: string, own: (id: string) => string): string {
  const document = parseDocument(text)
  const edits = replaced(document.get('topic', true), (id) => prefix + id)
  for (const list of listsOf(document)) {
    for (const item of list) {
      if (!isMap(item)) continue
      edits.push(...replaced(item.get('id', true), (id) => prefix + id))
      edits.push(...replaced(item.get('link', true), (link) => link.replace(/^[^#]*/, own)))
    }
  }
  return apply(text, edits, 0)
}

/** Every list at the top of a file of the bank holds questions. */
function listsOf(document: Document): (readonly unknown[])[] {
  const { contents } = document
  if (!isMap(contents)) return []
  return contents.items.flatMap(({ value }) => (isSeq(value) ? [value.items] : []))
}

function replaced(node: unknown, change: (text: string) => string): Edit[] {
  if (!isScalar(node) || typeof node.value !== 'string' || node.range === undefined || node.range === null)
    return []
  const text = change(node.value)
  return text === node.value ? [] : [{ from: node.range[0], to: node.range[1], text: JSON.stringify(text) }]
}

function apply(text: string, edits: readonly Edit[], offset: number): string {
  let result = text
  for (const { from, to, text: next } of [...edits].sort((x, y) => y.from - x.from))
    result = result.slice(0, offset + from) + next + result.slice(offset + to)
  return result
}
