import { describe, expect, it } from 'vitest'
import { formatProblem, lint } from '../../src/headless/lint.ts'
import { BODY_STARTS, lessonText, packFiles, services } from './helpers.ts'

const HINT = '```hint\nTry it.\n```\n'

async function findings(body: string): Promise<string[]> {
  const files = { lessons: [{ name: 'tried.md', text: lessonText(body) }], quiz: [] }
  const found = await lint(files, { seeds: 2, services })
  return found.map((one) => `${one.line - BODY_STARTS}: ${one.text}`)
}

const goal = (check: string): string =>
  `\n\`\`\`goal\nlabel: A goal\ncheck:\n  ${check}\nelse: Not yet.\n\`\`\`\n`
const fence = (name: string, ...lines: string[]): string => `\`\`\`${name}\n${lines.join('\n')}\n\`\`\`\n`
const RUN = 'host1$ docker run -d --name web busybox sleep 1d'

describe('lint', () => {
  it('is content with a lesson that holds what it promises', async () => {
    const body =
      goal('container: { name: web, state: running }') +
      HINT +
      fence('solution', RUN) +
      fence('mustfail', 'host1$ docker create --name web busybox')
    expect(await findings(body)).toEqual([])
  })

  it('finds a goal that holds at the start', async () => {
    const body = goal('link: { in: host1, name: docker0 }') + HINT + fence('solution', 'host1$ true')
    expect(await findings(body)).toEqual(["2: 'A goal' holds before anything is done (seed 1)"])
  })

  it('finds solutions that do not solve, alternatives that do not, and what must fail but does not', async () => {
    const body =
      goal('container: { name: web, state: running }') +
      HINT +
      fence('solution', 'host1$ docker create --name web busybox') +
      fence('alt', RUN, 'host1$ docker stop -t 0 web') +
      fence('mustfail', RUN)
    expect(await findings(body)).toEqual([
      '12: the solution does not reach the goal: the container web is created, not running (seed 1)',
      '15: the alternative does not reach the goal: the container web is exited, not running (seed 1)',
      '19: this must fail, but reaches the goal (seed 1)',
    ])
  })

  it('does not wait for what never ends, and does not drown', { timeout: 60_000 }, async () => {
    const solution = (text: string): string =>
      goal('container: { name: web }') + HINT + fence('solution', `host1$ ${text}`)
    const found = [...(await findings(solution('yes'))), ...(await findings(solution('sleep 1d | cat')))]
    expect(found.filter((one) => /does not end$|does not end \(seed 1\)$/.test(one))).toHaveLength(4)
  })

  it('finds missing hints and solutions', async () => {
    expect(await findings(goal('container: { name: web }'))).toEqual([
      '2: this goal has no hint',
      '2: this goal has no solution',
    ])
  })

  it('finds hints that never appear, that always appear, and a ladder without a first rung', async () => {
    const hint = (when: string): string => fence('hint', `when: ${when}`, 'say: Try it.')
    const whole = (hints: string): string =>
      goal('container: { name: web, state: running }') + hints + fence('solution', RUN)
    expect(await findings(whole(HINT + hint('{ ran: "docker creat" }')))).toEqual([
      '11: this hint never appears: add a mustfail or an alt that leads to it',
    ])
    expect(await findings(whole(HINT + hint('{ link: { in: host1, name: docker0 } }')))).toEqual([
      '11: this hint always appears: its condition says nothing',
    ])
    const late =
      hint('{ ran: "docker create" }') + fence('mustfail', 'host1$ docker create --name web busybox')
    expect(await findings(whole(late))).toEqual([
      '2: nobody who has done nothing yet gets a hint: the first one needs no condition (seed 1)',
    ])
    expect(await findings(whole(HINT + late))).toEqual([])
  })

  it('finds output that is typed by hand', async () => {
    expect(await findings('\nLook:\n\n```\nhost1$ docker ps\nCONTAINER ID\n```\n')).toEqual([
      "5: 'host1$ docker ps' looks like typed output: put the command into a show fence",
    ])
  })

  it('finds commands and places that do not exist', async () => {
    const body =
      fence('setup', 'host1$ dokcer ps', 'host7$ true') +
      goal('container: { name: web }') +
      HINT +
      fence('solution', RUN, 'host1$ frobnicate')
    const found = (await findings(body)).join('\n')
    expect(found).toMatch(/^2: the setup fails: status 127, .*dokcer: command not found/m)
    expect(found).toMatch(/^3: the setup fails: .*there is no host7/m)
    expect(found).toMatch(/^\d+: 'frobnicate': .*not found/m)
  })

  it('finds questions without an answer, and mistakes that are right', async () => {
    const question = (answer: string, mistake: string): string =>
      `\n\`\`\`question\nask: What?\nkind: text\nanswer: ${answer}\nmistakes:\n  - when: { matches: "${mistake}" }\n    say: No.\nwhy: So.\n\`\`\`\n${HINT}${fence('solution', 'host1$ true')}`
    expect(await findings(question('{ from: "host1$ true" }', 'x'))).toEqual([
      '2: the answer is empty (seed 1)',
    ])
    expect(await findings(question('{ from: "host1$ hostname" }', '^HOST'))).toEqual([
      "2: the right answer 'host1' matches the mistake ^HOST (seed 1)",
    ])
  })

  it('finds a fault that shows only with some seeds', async () => {
    const body = `${fence('setup', 'host1$ [ {{extra}} = 0 ]')}Prose.\n`
    const files = { lessons: [{ name: 'tried.md', text: lessonText(body) }], quiz: [] }
    expect((await lint(files, { seeds: 1, services })).map(formatProblem)).toEqual([])
    expect((await lint(files, { seeds: 12, services })).map(formatProblem).join()).toMatch(
      /tried\.md:\d+: the setup fails: status 1 \(seed/,
    )
  })

  it('finds broken YAML and variables that are not there, and does not play what it cannot read', async () => {
    expect((await findings('\n```goal\nlabel: [\n```\n'))[0]).toMatch(/^\d: YAML: /)
    expect(await findings('\n```setup\nhost1$ echo {{nothing}}\n```\n')).toEqual([
      '2: there is no variable {{nothing}}',
    ])
  })

  it('says when there is nothing to prove', async () => {
    expect(await lint({ lessons: [], quiz: [] }, { seeds: 1, services })).toHaveLength(1)
  })
})

describe('the lessons and the quiz of the program', () => {
  it('hold over several seeds', { timeout: 120_000 }, async () => {
    expect((await lint(packFiles(), { seeds: 2, services })).map(formatProblem)).toEqual([])
  })
})
