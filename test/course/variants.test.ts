import { describe, expect, it } from 'vitest'
import { tasksOf } from '../../src/course/begin-step.ts'
import { drawVariables, instantiate, variableNames } from '../../src/course/instantiate.ts'
import { loadCourse } from '../../src/course/load.ts'
import { parseLesson } from '../../src/course/parse.ts'
import { countProbes, probesSentence } from '../../src/course/probes.ts'
import { lessonText, packFiles } from './helpers.ts'

const text = (pick: string): string =>
  lessonText('\n`{{case.cause}}`, {{extra}}.\n').replace('extra: {', `case: { pick: ${pick} }\n  extra: {`)

describe('a variant', () => {
  it('is drawn as a whole, and may mention other values', () => {
    const { lesson } = parseLesson(
      'x.md',
      text("[{ cause: 'a{{extra}}', mend: A }, { cause: 'b{{extra}}', mend: B }]"),
    )
    expect([...variableNames(lesson!.variables)]).toEqual(['case.cause', 'case.mend', 'extra'])
    const seen = new Set<string>()
    for (let seed = 1; seed <= 30; seed++) {
      const values = drawVariables(lesson!.variables, seed)
      const cause = String(values.get('case.cause'))
      expect(cause).toBe(`${String(values.get('case.mend')).toLowerCase()}${values.get('extra')}`)
      expect(instantiate(lesson!, seed)).toMatchObject({
        seed,
        steps: [{ blocks: [{ markdown: `\`${cause}\`, ${values.get('extra')}.` }] }],
      })
      seen.add(cause)
    }
    expect(seen.size).toBe(4)
  })

  it('has the fields of the others', () => {
    const { problems } = parseLesson('x.md', text('[{ cause: a }, { mend: b }]'))
    expect(problems).toMatchObject([{ line: 11, text: expect.stringContaining('the same fields') }])
  })
})

describe('the lesson of broken networks', () => {
  const { course } = loadCourse(packFiles().lessons)
  const lesson = course.lessons.find(({ id }) => id === 'troubleshooting')!

  it('breaks in several places, not only under other names', () => {
    expect(lesson.draw).toBe('own')
    const cases = [...lesson.variables].filter(([, pick]) => typeof pick[0] === 'object')
    expect(cases.length).toBeGreaterThanOrEqual(10)
    for (const [, pick] of cases)
      expect(new Set(pick.map((one) => (one as { cause: string }).cause)).size).toBe(3)
  })

  it('asks in each case for the cause and for the cure', () => {
    for (const step of lesson.steps.slice(1)) {
      expect(tasksOf(step).map(({ kind }) => kind)).toEqual(['question', 'goal'])
    }
  })
})

it('commands are counted, words to the program are not', () => {
  const ran = ['ping x', '', '  # look', 'tutor undo', ' ip addr'].map((line) => ({ place: null, line }))
  expect(countProbes(ran)).toBe(2)
  expect(probesSentence(1)).toBe('Named and mended with 1 command.')
  expect(probesSentence(7)).toBe('Named and mended with 7 commands.')
})
