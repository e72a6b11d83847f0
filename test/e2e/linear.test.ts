/** The whole course and the whole question bank without a terminal: nothing but lines, and 100 % at the end. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { tasksOf } from '../../src/course/begin-step.ts'
import type { CommandLine, Lesson, Step } from '../../src/course/lesson.ts'
import { outlineOf } from '../../src/course/lesson-head.ts'
import { loadCourse } from '../../src/course/load.ts'
import { loadBank } from '../../src/course/quiz-bank.ts'
import type { QuizItem } from '../../src/course/quiz-item.ts'
import { openRound } from '../../src/course/quiz-round.ts'
import { services } from '../../src/session/services.ts'
import { Session } from '../../src/session/session.ts'
import { readLesson } from '../../src/tui/adapters/course-files.ts'
import { splitSaved } from '../../src/tui/adapters/shell-session.ts'
import { readSaved } from '../../src/tui/progress/saved.ts'
import { packFiles } from '../course/helpers.ts'
import { LinearProgram } from './linear-program.ts'
import { CLI, newHome } from './program.ts'
import { keysFor } from './walk-lesson.ts'

const SEED = 7
const LOOKS = 60
const files = packFiles()
const programs: LinearProgram[] = []
const homes: { remove: () => void }[] = []

function home(): string {
  const made = newHome()
  homes.push(made)
  return made.folder
}

function start(folder: string, args: readonly string[]): LinearProgram {
  const env = { DOCKER_NET_TUTOR_SPEED: '100', DOCKER_NET_TUTOR_SEED: `${SEED}` }
  const program = new LinearProgram(folder, args, env)
  programs.push(program)
  return program
}

afterEach(() => {
  for (const program of programs.splice(0)) program.dispose()
  for (const made of homes.splice(0)) made.remove()
})

/** Nothing that a voice cannot read: no boxes, no blocks, no arrows of boxes, no cursor. */
function expectSpoken(text: string): void {
  const found = /[^\n]*[\u2500-\u259f\u001b\u0008][^\n]*/.exec(text)
  expect(found?.[0]).toBeUndefined()
}

describe('the course on pipes', () => {
  it('can be gone through to the end: 100 %, nothing but lines', async () => {
    const folder = home()
    const waiting = [...loadCourse(files.lessons).course.lessons]
    const learner = async (): Promise<void> => {
      for (let lesson = waiting.shift(); lesson !== undefined; lesson = waiting.shift())
        await walk(folder, lesson)
    }
    await Promise.all([learner(), learner()])
    const { stdout } = spawnSync(process.execPath, [CLI, 'progress', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_NET_TUTOR_HOME: folder },
    })
    const progress = JSON.parse(stdout) as { percent: number; lessons: { id: string; state: string }[] }
    expect(progress.lessons.filter(({ state }) => state !== 'mastered')).toEqual([])
    expect(progress.percent).toBe(100)
  }, 240_000)
})

async function walk(folder: string, { id }: Lesson): Promise<void> {
  const lesson = readLesson(files.lessons, id, SEED)
  const program = start(folder, ['lesson', id])
  let text = await program.answered(0)
  for (const [index, step] of lesson.steps.entries()) {
    expect(text).toContain(`Step ${index + 1} of ${lesson.steps.length}: `)
    await doStep(program, folder, lesson, step)
    text = await program.send(':next')
  }
  await program.send('quit')
  expectSpoken(program.output)
}

async function doStep(program: LinearProgram, folder: string, lesson: Lesson, step: Step): Promise<void> {
  const tasks = tasksOf(step)
  for (const task of tasks) {
    const done = `Done: ${task.kind === 'goal' ? task.label : task.ask}`
    if (task.kind === 'goal') {
      if (!(await isOpen(program, tasks.indexOf(task)))) continue
      const said = await type(program, lesson, task.solution)
      // What was started may need a moment; a learner looks at the tasks again.
      for (let look = 1; await isOpen(program, tasks.indexOf(task)); look++) {
        if (look === LOOKS) throw new Error(`${lesson.id}/${step.id}: not ${done}\n${said}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      continue
    }
    // An empty line: what stands is saved.
    await program.send('')
    const saved = readSaved(readFileSync(join(folder, `${lesson.id}.session`), 'utf8'))!
    const { world } = Session.restoreFrom(splitSaved(saved.session).session, services)
    const keys = (await keysFor(task, world)).trimEnd()
    const said = await program.send(`:answer ${keys}`)
    expect(said, `${lesson.id}/${step.id}/${task.id}: ${keys}`).toMatch(/^Right\./m)
  }
}

/** As the list of tasks says. */
async function isOpen(program: LinearProgram, index: number): Promise<boolean> {
  return (await program.send(':task')).includes(`Task ${index + 1}, open`)
}

async function type(program: LinearProgram, lesson: Lesson, lines: readonly CommandLine[]): Promise<string> {
  const seat = lesson.world === 'desktop' ? 'pc' : 'host1'
  let said = ''
  for (const { place, sign, command } of lines) {
    const line = sign === '#' ? `docker exec ${place} sh -c '${command.replaceAll("'", `'\\''`)}'` : command
    const elsewhere = sign === '$' && place !== seat
    const door =
      place === 'vm'
        ? 'docker run -it --rm --privileged --pid=host busybox nsenter -t 1 -m -u -n -i sh'
        : `ssh ${place}`
    for (const one of elsewhere ? [door, line, 'exit'] : [line]) said += await program.send(one)
  }
  return said
}

describe('the quiz on pipes', () => {
  it('asks every question of the bank, and takes every answer', async () => {
    const course = outlineOf(files.lessons.map(({ text }) => text))
    const { bank } = loadBank(files.quiz, course)
    const count = bank.entries.length
    const options = { topic: null, count, exam: false, review: false, minutes: null, seed: SEED }
    const round = await openRound(options, { bank, course, reviews: {}, services, now: () => 0 })
    const program = start(home(), ['quiz', '--count', `${count}`, '--seed', `${SEED}`])
    let text = await program.answered(0)
    for (let asked = round.asked(); asked !== null; asked = round.asked()) {
      expect(text).toContain(`Question ${asked.number} of ${count}`)
      const answer = answerTo(asked.item)
      await round.answer(answer.given)
      await round.next()
      text = await program.send(`:answer ${answer.text}`)
      expect(text, `${asked.item.id}: ${answer.text}`).toMatch(/^Right\./m)
    }
    expect(text).toContain(`${count} of ${count} right at the first try (100 %)`)
    await program.send('quit')
    expectSpoken(program.output)
  }, 240_000)
})

function answerTo({ form }: QuizItem) {
  if (form.kind === 'typed') {
    const [text = ''] = form.answers
    return { text, given: { kind: 'typed', text } as const }
  }
  const right = form.kind === 'order' ? form.order : form.choices.flatMap((one, i) => (one.right ? [i] : []))
  const text = right.map((index) => String.fromCharCode(0x61 + index)).join(' ')
  return { text, given: { kind: 'chosen', indexes: right } as const }
}
