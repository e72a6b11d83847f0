import { describe, expect, it } from 'vitest'
import { tasksOf } from '../../src/course/begin-step.ts'
import { loadCourse } from '../../src/course/load.ts'
import { parseLesson } from '../../src/course/parse.ts'
import { BODY_STARTS, lesson, lessonText, packFiles } from './helpers.ts'

const GOAL = `
\`\`\`goal
label: Something runs
check:
  container: { name: web }
else: Not yet.
\`\`\`
`

function problemsOf(body: string): string[] {
  return parseLesson('tried.md', lessonText(body)).problems.map(
    ({ line, text }) => `${line - BODY_STARTS}: ${text}`,
  )
}

describe('a lesson', () => {
  it('has steps of prose and tasks, with the hints and solutions below them', () => {
    const [step] = lesson(`Prose.
${GOAL}
\`\`\`hint
First rung.
\`\`\`
\`\`\`hint
when: { ran: "docker" }
say: Second rung.
\`\`\`
\`\`\`solution
host1$ docker run -d --name web nginx
\`\`\`
\`\`\`alt
host1$ docker create --name web nginx
host1$ docker start web
\`\`\`
`).steps
    expect(step?.id).toBe('one-step')
    expect(step?.blocks.map((block) => block.kind)).toEqual(['prose', 'task'])
    const [task] = tasksOf(step!)
    expect(task?.hints.map((hint) => [hint.when?.kind ?? null, hint.say])).toEqual([
      [null, 'First rung.'],
      ['ran', 'Second rung.'],
    ])
    expect(task?.solution[0]).toMatchObject({
      place: 'host1',
      sign: '$',
      command: 'docker run -d --name web nginx',
    })
    expect(task?.alternatives[0]).toHaveLength(2)
  })

  it('keeps fences of other languages in its prose', () => {
    const [step] = lesson('\n```bash\n## not a heading\n```\n').steps
    expect(step?.blocks).toHaveLength(1)
  })

  it.each([
    ['\n```goal\nlabel: x\n```\n', /^3: check: /],
    ['\n```goal\nlabel: [x\n```\n', /^\d+: YAML: /],
    [`\n\`\`\`hint\nNo task above.\n\`\`\`\n`, /^2: a hint fence needs a goal or a question above it/],
    ['\n```setup\ndocker ps\n```\n', /^3: 'docker ps' is no command line/],
    ['\n```goal\nlabel: x\n', /^2: this fence is never closed/],
    [
      '\n```goal\nlabel: x\nelse: y\ncheck:\n  contaner: { name: x }\n```\n',
      /^6: check: unknown key 'contaner'/,
    ],
    [
      '\n```goal\nlabel: x\nelse: y\ncheck:\n  all:\n    - link: { in: vm, nam: x }\n```\n',
      /^7: check\.all\.0\.link/,
    ],
    [
      '\n```question\nask: x\nkind: number\nanswer: 1\nwhy: y\nmistakes:\n  - when: { matches: "(" }\n    say: z\n```\n',
      /'\(' is no regular expression/,
    ],
  ])('says where it is wrong (%#)', (body, expected) => {
    expect(problemsOf(body).join('\n')).toMatch(expected)
  })

  it('is refused without front matter', () => {
    expect(parseLesson('x.md', '# Hello').problems).toEqual([
      { file: 'x.md', line: 1, text: 'a lesson starts with front matter between two lines ---' },
    ])
  })
})

/** In the document's order. More may follow. */
const HANDS_ON = [
  'networking-types',
  'bridge-network',
  'closer-look',
  'inside',
  'onto-the-host',
  'find-the-cable',
  'publishing',
  'netfilter',
  'custom-bridge',
  'cnm',
  'host-none-macvlan',
  'build-docker0',
]

describe('a course', () => {
  it('is made of lessons that fit together', () => {
    const { course, problems } = loadCourse(packFiles().lessons)
    expect(problems).toEqual([])
    const ids = course.lessons.map((one) => one.id)
    expect(ids.slice(0, HANDS_ON.length)).toEqual(HANDS_ON)
    for (const [index, lesson] of course.lessons.entries()) {
      for (const id of lesson.requires) expect(ids.slice(0, index), lesson.id).toContain(id)
    }
  })

  it('says which ids are taken and which requirements are missing', () => {
    const text = lessonText('Prose.\n')
    const files = [
      { name: '1.md', text: text.replace('requires: []', 'requires: [nowhere]') },
      { name: '2.md', text },
    ]
    expect(loadCourse(files).problems.map((one) => `${one.file} ${one.text}`)).toEqual([
      '1.md requires nowhere, which does not exist',
      '2.md the id tried is taken by 1.md',
    ])
  })
})

describe('the lessons of the document', () => {
  const { course } = loadCourse(packFiles().lessons)
  // Those behind them stand by for worlds that are not built yet, or have a form of their own (broken worlds).
  const handsOn = course.lessons.slice(0, HANDS_ON.length)

  it.each(handsOn.map((one) => [one.id, one] as const))(
    '%s holds all that a lesson is to hold',
    (_id, one) => {
      const tasks = one.steps.flatMap(tasksOf)
      const computed = tasks.filter(
        (task) => task.kind === 'question' && 'answer' in task.form && task.form.answer.kind === 'from',
      )
      expect(computed.length).toBeGreaterThan(0)
      expect(tasks.some((task) => task.kind === 'question' && task.form.kind === 'predict')).toBe(true)
      const goals = tasks.filter((task) => task.kind === 'goal')
      expect(goals.length).toBeGreaterThan(0)
      for (const goal of goals) {
        expect(goal.hints.length, goal.id).toBeGreaterThanOrEqual(2)
        expect(goal.alternatives.length, goal.id).toBeGreaterThan(0)
        expect(goal.mustFail.length, goal.id).toBeGreaterThan(0)
      }
      expect(one.steps.some((step) => step.blocks.some((block) => block.kind === 'show'))).toBe(true)
    },
  )
})
