/**
 * What the course map needs of a lesson: a few lines of its front matter and its headings. Read without YAML and
 * without the checks, because the first frame waits for it; `parse.ts` reads lessons properly.
 */
import { slug } from './slug.ts'

export interface LessonHead {
  readonly id: string
  readonly title: string
  readonly section: string
  readonly minutes: number
  /** Ids of its steps, in order. */
  readonly steps: readonly string[]
}

/** Lessons with their steps, as far as they are called by name. */
export interface Outline {
  readonly lessons: readonly {
    readonly id: string
    readonly title: string
    readonly steps: readonly { readonly id: string; readonly title: string }[]
  }[]
}

export function outlineOf(texts: readonly string[]): Outline {
  const lessons = texts.flatMap((text) => {
    const read = readFront(text)
    if (read === null) return []
    const steps = headings(read.body).map((title) => ({ id: slug(title), title }))
    return [{ id: read.id, title: read.title, steps }]
  })
  return { lessons }
}

/** Null for a file that is no lesson. */
export function readHead(text: string): LessonHead | null {
  const read = readFront(text)
  if (read === null) return null
  const { id, title, field, body } = read
  return {
    id,
    title,
    section: field('section') ?? '',
    minutes: Number(field('minutes')) || 0,
    steps: headings(body).map(slug),
  }
}

function readFront(text: string) {
  const source = text.replaceAll('\r\n', '\n')
  const front = /^---\n([\s\S]*?)\n---\n/.exec(source)
  if (front === null) return null
  const field = (name: string): string | null => {
    const found = new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*(?:#.*)?$`, 'm').exec(front[1]!)?.[1]
    return found === undefined ? null : unquoted(found)
  }
  const id = field('id')
  const title = field('title')
  if (id === null || title === null) return null
  return { id, title, field, body: source.slice(front[0].length) }
}

function unquoted(text: string): string {
  const match = /^(["'])(.*)\1$/.exec(text)
  return match === null ? text : match[2]!
}

/** `##` headings outside of fences. */
function headings(body: string): string[] {
  const result: string[] = []
  let fence: string | null = null
  for (const line of body.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence === null && mark !== undefined) fence = mark
    else if (fence !== null && mark?.startsWith(fence) === true) fence = null
    else if (fence === null && line.startsWith('## ')) result.push(line.slice(3).trim())
  }
  return result
}
