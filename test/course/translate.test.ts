import { describe, expect, it } from 'vitest'
import type { Lesson } from '../../src/course/lesson.ts'
import { languageOf, roleOf } from '../../src/course/lesson-files.ts'
import { inLanguageOf, loadCourse } from '../../src/course/load.ts'
import { untranslatedSteps } from '../../src/course/translate.ts'
import { lessonText, packFiles } from './helpers.ts'

const ORIGINAL = lessonText(`
Look here.

\`\`\`setup
host1$ docker run -dit --name web busybox
\`\`\`

And there.

\`\`\`show
host1$ docker ps
\`\`\`

\`\`\`question
ask: Which one?
kind: choice
choices:
  - text: this
    right: true
  - text: that
    why: Never.
why: Because.
\`\`\`

\`\`\`goal
label: A goal
check: { container: { name: db } }
else: Not yet.
\`\`\`
\`\`\`hint
when: { ran: "x" }
say: Try it.
\`\`\`
\`\`\`solution
host1$ docker run -dit --name db busybox
\`\`\`

## Another step

More.
`)

const FRONT = `---
format: 1
translates: tried
lang: de
title: Versucht
---

Warum es wichtig ist.
`
const STEP = `
## Ein Schritt {#one-step}

Hier und dort.

\`\`\`show
\`\`\`

\`\`\`question
ask: Welches?
choices:
  - text: dieses
  - text: jenes
    why: Nie.
why: Darum.
\`\`\`

\`\`\`goal
label: Ein Ziel
else: Noch nicht.
\`\`\`
\`\`\`hint
Versuch es.
\`\`\`
`

function load(translation: string) {
  const files = [
    { name: 'tried.md', text: ORIGINAL },
    { name: 'tried.de.md', text: translation },
  ]
  const { course, problems } = loadCourse(files)
  return {
    lesson: inLanguageOf(files, course.lessons[0]!),
    original: course.lessons[0]!,
    problems: problems.map((one) => one.text),
  }
}

const titles = (lesson: Lesson): string[] => lesson.steps.map(({ title }) => title)

describe('a translation', () => {
  it('gives words, and leaves what is run and checked as it is', () => {
    const { lesson, original, problems } = load(FRONT + STEP)
    expect(problems).toEqual([])
    expect(lesson.title).toBe('Versucht')
    expect(lesson.intro).toBe('Warum es wichtig ist.')
    const [step] = lesson.steps
    expect(step).toMatchObject({ id: 'one-step', title: 'Ein Schritt' })
    expect(step!.blocks.map(({ kind }) => kind)).toEqual(['prose', 'setup', 'show', 'task', 'task'])
    expect(step!.blocks[0]).toMatchObject({ markdown: 'Hier und dort.' })
    const tasks = (one: Lesson) =>
      one.steps[0]!.blocks.flatMap((block) => (block.kind === 'task' ? block.task : []))
    const [question, goal] = tasks(lesson)
    expect(question).toMatchObject({
      ask: 'Welches?',
      form: {
        choices: [
          { text: { value: 'dieses' }, right: true },
          { right: false, why: 'Nie.' },
        ],
      },
    })
    expect(goal).toMatchObject({ label: 'Ein Ziel', otherwise: 'Noch nicht.' })
    const { check, solution, hints, id } = tasks(original)[1] as never
    expect(goal).toMatchObject({ check, solution, id })
    expect(goal!.hints).toMatchObject([{ when: (hints as { when: unknown }[])[0]!.when, say: 'Versuch es.' }])
  })

  it('falls back to the original, step by step', () => {
    const { lesson } = load(FRONT + STEP)
    expect(titles(lesson)).toEqual(['Ein Schritt', 'Another step'])
    expect(lesson.steps[1]!.blocks).toMatchObject([{ markdown: 'More.' }])
  })

  it('whose step is gone, or has other tasks, is named with its line', () => {
    expect(load(`${FRONT}\n## Fort {#gone}\n\nText.\n`).problems).toEqual(['tried has no step gone'])
    expect(load(`${FRONT}\n## Ohne Namen\n\nText.\n`).problems[0]).toMatch(/^name the step/)
    const less = load(FRONT + STEP.replace(/```goal[\s\S]*$/, ''))
    expect(less.problems).toEqual(["here one-step has the goal 'A goal', the translation has not"])
    expect(titles(less.lesson)[0]).toBe('One step')
    expect(load(FRONT + STEP.replace('  - text: jenes\n    why: Nie.\n', '')).problems[0]).toMatch(
      /has 2 choices, this 1/,
    )
    expect(load(FRONT + STEP.replace('```show\n```\n', '')).problems[0]).toMatch(
      /has a show: set an empty one/,
    )
    expect(load(FRONT + STEP.replace('```hint\nVersuch es.\n```\n', '')).problems).toEqual([
      'the original has 1 hints, this 0',
    ])
  })

  it('may repeat a check, but not change it', () => {
    const withCheck = (check: string): string =>
      FRONT + STEP.replace('else: Noch', `check: ${check}\nelse: Noch`)
    expect(load(withCheck('{ container: { name: db } }')).problems).toEqual([])
    expect(load(withCheck('{ container: { name: other } }')).problems[0]).toMatch(/check differs/)
  })

  it('has to belong to the lesson beside it', () => {
    expect(load(FRONT.replace('tried', 'other')).problems).toEqual([
      'translates other, but tried.md is tried',
    ])
    expect(load(FRONT.replace('lang: de', 'lang: fr')).problems[0]).toMatch(/name says de, lang says fr/)
  })
})

describe('files', () => {
  it('are known by their names', () => {
    expect(roleOf('lessons/07-publishing.de.md')).toEqual({
      kind: 'translation',
      of: 'lessons/07-publishing.md',
      language: 'de',
    })
    expect(roleOf('07-publishing.md')).toEqual({ kind: 'lesson' })
    expect(roleOf('x/AUTHORING.md')).toEqual({ kind: 'paper' })
  })

  it.each([
    ['de_DE.UTF-8', 'de'],
    ['de', 'de'],
    ['pt-BR', 'pt'],
    ['C.UTF-8', null],
    ['POSIX', null],
    [undefined, null],
    ['', null],
  ])('locale %s means %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language)
  })
})

describe('the German lesson', () => {
  const files = packFiles().lessons.filter(({ name }) => name.startsWith('07-'))
  const { course, translations, problems } = loadCourse(files)

  it('is whole', () => {
    expect(problems.filter((one) => !one.text.startsWith('requires'))).toEqual([])
    expect(translations.map(({ language }) => language)).toEqual(['de'])
    expect(untranslatedSteps(course.lessons[0]!, translations[0]!)).toEqual([])
  })

  it('does the same as the original', () => {
    const run = (lesson: Lesson) =>
      lesson.steps.map(({ id, blocks }) => [
        id,
        blocks.flatMap((block) => ('lines' in block ? [block.lines] : [])),
        blocks.flatMap((block) => (block.kind === 'task' ? [block.task.solution, block.task.mustFail] : [])),
      ])
    const [original] = course.lessons
    expect(run(inLanguageOf(files, original!))).toEqual(run(original!))
  })
})
