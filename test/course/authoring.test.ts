/** The papers for authors: the schema and the guide are current, and a new lesson holds what it promises. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lessonJsonSchema } from '../../src/course/json-schema.ts'
import { formatProblem, lint } from '../../src/headless/lint.ts'
import { newLesson, whatNext } from '../../src/headless/new-lesson.ts'
import { services } from './helpers.ts'

const folder = resolve(import.meta.dirname, '../../lessons')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe('the schema for editors', () => {
  it('is the one that lessons are read by (docker-net-tutor schema > lessons/lesson.schema.json)', () => {
    expect(read('lesson.schema.json')).toBe(lessonJsonSchema())
  })

  it('has no reference that leads nowhere', () => {
    const schema = JSON.parse(lessonJsonSchema()) as { $defs: Record<string, unknown> }
    const names = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((one) => one[1]!)
    expect(names.length).toBeGreaterThan(9)
    for (const name of names) expect(Object.keys(schema.$defs)).toContain(name)
  })
})

describe('a new lesson', () => {
  it('passes lint', { timeout: 60_000 }, async () => {
    const made = newLesson('my/17-first-steps')
    if (typeof made === 'string') throw new Error(made)
    expect(made.file).toBe('my/17-first-steps.md')
    const files = { lessons: [{ name: made.file, text: made.text }], quiz: [] }
    expect((await lint(files, { seeds: 3, services })).map(formatProblem)).toEqual([])
    expect(made.text).toContain('id: first-steps\ntitle: First steps\n')
    expect(whatNext(made.file)).toContain('docker-net-tutor lint my ')
  })

  it.each(['', 'Ärger', 'a b', '07-', 'UP', 'a--b'])('cannot be called %j', (name) => {
    expect(newLesson(name)).toMatch(/cannot be a lesson's name/)
  })
})

/** `````markdown … ````` is a whole lesson, or a step of one; other fences of the guide stand in such a step. */
function examples(guide: string): string[] {
  return [...guide.matchAll(/^`````markdown\n([\s\S]*?)^`````$/gm)].map((one) => one[1]!)
}

describe('the guide', () => {
  const front = (file: string): string =>
    `---\nformat: 1\nid: ${file}\ntitle: Example\nsection: "None"\nworld: linux\nengine: "20.10"\nrequires: []\nminutes: 1\nvars:\n  port: { pick: [8080, 8000] }\n  extra: { pick: [0, 1, 2] }\n---\n\nWhy.\n\n`

  it('shows examples that hold', { timeout: 120_000 }, async () => {
    const found = examples(read('AUTHORING.md'))
    expect(found.length).toBeGreaterThanOrEqual(7)
    const lessons: { name: string; text: string }[] = []
    const quiz: { name: string; text: string }[] = []
    let whole = ''
    for (const [index, text] of found.entries()) {
      if (text.startsWith('---\nformat: 1\ntranslates')) {
        lessons.push({ name: `${whole.replace(/\.md$/, '')}.de.md`, text })
      } else if (text.startsWith('---\n')) {
        whole = `${String(index).padStart(2, '0')}.md`
        lessons.push({ name: whole, text })
      } else {
        const name = `example-${index}`
        lessons.push({ name: `${name}.md`, text: front(name) + text })
      }
    }
    for (const match of read('AUTHORING.md').matchAll(/^`````yaml\n([\s\S]*?)^`````$/gm))
      if (match[1]!.includes('\ntopic: ')) quiz.push({ name: 'quiz/example.yaml', text: match[1]! })
    expect((await lint({ lessons, quiz }, { seeds: 3, services })).map(formatProblem)).toEqual([])
  })

  it('names every fence, check and key that there is', () => {
    const guide = read('AUTHORING.md')
    const schema = JSON.parse(lessonJsonSchema()) as {
      $defs: Record<string, { properties?: Record<string, unknown> }>
    }
    for (const part of ['frontMatter', 'question', 'goal', 'hint', 'diagram', 'translation', 'pack'])
      for (const key of Object.keys(schema.$defs[part]!.properties ?? {}))
        expect(guide).toContain(`\`${key}\``)
    const checks = 'all any not reachable resolves container network link route rule traced file output ran'
    for (const word of `${checks} setup show solution alt mustfail`.split(' '))
      expect(guide).toContain(`\`${word}\``)
    expect(existsSync(join(folder, 'AUTHORING.md'))).toBe(true)
  })
})
