/** What a learner does, on the built program in a pseudo-terminal. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Given } from '../../src/course/judge.ts'
import { loadCourse } from '../../src/course/load.ts'
import { loadBank } from '../../src/course/quiz-bank.ts'
import type { QuizItem } from '../../src/course/quiz-item.ts'
import { openRound } from '../../src/course/quiz-round.ts'
import { packFiles, services } from '../course/helpers.ts'
import { CLI, KEYS, newHome, Program, type StartOptions } from './program.ts'

const homes: { remove: () => void }[] = []
const programs: Program[] = []

function home(): string {
  const made = newHome()
  homes.push(made)
  return made.folder
}

function start(options: StartOptions): Program {
  const program = new Program(options)
  programs.push(program)
  return program
}

afterEach(() => {
  for (const program of programs.splice(0)) program.dispose()
  for (const made of homes.splice(0)) made.remove()
})

/** The letter of a choice that stands on the screen. */
function letterOf(screen: string, choice: string): string {
  for (const row of screen.split('\n')) {
    const match = /^ {2}[❯ ] ([a-z]) {2}(?:\[[ x]\] )?(\S.*)/.exec(row)
    if (match?.[2]?.startsWith(choice) === true) return match[1]!
  }
  throw new Error(`no choice '${choice}'\n${screen}`)
}

/** A moment after the prompt stands, what was done is on the disk. */
async function saved(folder: string, text: string): Promise<void> {
  const end = performance.now() + 3_000
  const holds = (): boolean =>
    readdirSync(folder).some(
      (name) => name.endsWith('.session') && readFileSync(join(folder, name), 'utf8').includes(text),
    )
  while (!holds()) {
    if (performance.now() > end) throw new Error(`'${text}' was not saved`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Through the first step of the first lesson to the middle of the second. */
async function intoTheFirstLesson(program: Program): Promise<void> {
  await program.until('What a container is given')
  program.type('1')
  await program.until('Four things at the start')
  program.type('a')
  const asked = await program.until('a physical network card')
  program.type(letterOf(asked, 'a physical network card'))
  await program.until('✓ Right.')
  program.type(KEYS.enter)
  await program.until('✓  Before you look')

  program.type('a')
  await program.until('› ')
  program.type(`10.0.0.1${KEYS.enter}`)
  await program.until('✗ Not right.')
  program.type(KEYS.enter)
  await program.until('type, then Enter')
  program.type(`172.17.0.1${KEYS.enter}`)
  await program.until('✓ Right.')
  program.type(KEYS.enter)
  await program.until('Step done.')

  program.type('n')
  await program.until('step 2 of')
  await program.until('Three networks from the start')
  program.type(KEYS.switch)
  await program.until(/root@host1:~# *$/m)
  program.type(`docker network ls${KEYS.enter}`)
  await program.until(/bridge +bridge +local/)
  program.type(`docker run -dit --network none --name alone busybox${KEYS.enter}`)
  await program.until('Goal reached.', 30_000)
}

describe.each([
  [80, 24],
  [160, 50],
])('a learner at %i×%i', (columns, rows) => {
  it('opens lesson 1, answers wrong and right, reaches a goal, quits and comes back to the same place', async () => {
    const folder = home()
    const first = start({ home: folder, columns, rows })
    await intoTheFirstLesson(first)
    first.type(`${KEYS.switch}q`)
    const map = await first.until('HOME')
    expect(map).toContain('1/3 steps')
    first.type('q')
    expect(await first.ended()).toBe(0)

    const second = start({ home: folder, columns, rows })
    await second.until('← next')
    second.type(KEYS.enter)
    await second.until('step 2 of')
    await second.until(/✓ {2}A running container called/)
    second.type(KEYS.switch)
    await second.until('--name alone busybox')
    second.type(`docker ps --format '{{.Names}}'${KEYS.enter}`)
    await second.until(/^.*\balone$/m)
  })

  it('loses nothing when the program is killed', async () => {
    const folder = home()
    const first = start({ home: folder, columns, rows })
    await intoTheFirstLesson(first)
    await saved(folder, '--network none --name alone')
    first.kill('SIGKILL')
    await first.ended()

    const second = start({ home: folder, columns, rows })
    await second.until('step 2 of')
    second.type(KEYS.switch)
    await second.until('--name alone busybox')
    second.type(`docker inspect -f '{{.State.Status}}' alone${KEYS.enter}`)
    await second.until('running')
  })
})

/** The same round as the program's, to know the answers: same seed, same questions, also when they come again. */
async function sameRound(options: { topic: string; count: number; seed: number }) {
  const { lessons, quiz } = packFiles()
  const { course } = loadCourse(lessons)
  const { bank } = loadBank(quiz, course)
  return openRound(
    { ...options, exam: false, review: false, minutes: null },
    { bank, course, reviews: {}, services, now: () => 0 },
  )
}

/** The keys of a right or of a wrong answer, and the answer itself. */
function answerTo({ form }: QuizItem, right: boolean): { keys: string; given: Given } {
  const letter = (index: number): string => String.fromCharCode(0x61 + index)
  if (form.kind === 'typed') {
    const text = right ? form.answers[0]! : 'nonsense'
    return { keys: `${text}${KEYS.enter}`, given: { kind: 'typed', text } }
  }
  const isList = form.kind === 'order' || form.several
  const best =
    form.kind === 'order'
      ? form.order
      : form.choices.flatMap((choice, index) => (choice.right === (right || isList) ? [index] : []))
  const indexes = isList
    ? right
      ? best
      : form.kind === 'order'
        ? [...best].reverse()
        : best.slice(1)
    : best.slice(0, 1)
  return {
    keys: indexes.map(letter).join('') + (isList ? KEYS.enter : ''),
    given: { kind: 'chosen', indexes },
  }
}

describe('the quiz', () => {
  it('asks fixed and generated questions, brings wrong ones back, and says the result', async () => {
    const args = ['quiz', '--topic', 'inside', '--count', '15', '--seed', '3']
    const program = start({ home: home(), columns: 100, rows: 40, args })
    const round = await sameRound({ topic: 'inside', count: 15, seed: 3 })
    let cameBack = 0
    for (let asked = round.asked(); asked !== null; asked = round.asked()) {
      const { item, number, again } = asked
      const screen = await program.until(/QUESTION {2}/, 60_000)
      expect(screen).toContain(`question ${number} of 15`)
      if (again) expect(screen).toContain('you had this one wrong')
      cameBack += again ? 1 : 0
      const { keys, given } = answerTo(item, again || number % 3 !== 0)
      program.type(keys)
      await round.answer(given)
      const verdict = await program.until(/✓ Right\.|✗ Not right\./)
      expect(verdict.includes('✓ Right.'), `${item.id}: ${keys}`).toBe(round.state.shown?.right)
      await round.next()
      program.type(KEYS.enter)
      await program.gone(' ANSWER ')
    }
    const outcome = await program.until(/\d+ of 15 right at the first try/)
    expect(outcome).toContain('To repeat')
    expect(cameBack).toBeGreaterThan(0)
    program.type('q')
    const map = await program.until('HOME')
    expect(map).toMatch(/answers right so far/)
  }, 120_000)
})

describe('the course line by line', () => {
  it('goes through a step on standard input', () => {
    const lines = [
      '1',
      ':answer 10.0.0.1',
      ':next',
      'docker ps --format "{{.Names}} runs"',
      ':hint',
      ':home',
      'quit',
    ]
    const { status, stdout } = spawnSync(process.execPath, [CLI, '--linear'], {
      encoding: 'utf8',
      input: `${lines.join('\n')}\n`,
      env: { ...process.env, DOCKER_NET_TUTOR_HOME: home() },
    })
    expect(status).toBe(0)
    expect(stdout).toContain('Lesson: What a container is given')
    expect(stdout).toContain('Type a letter from a to d.')
    expect(stdout).toMatch(/web runs$/m)
    expect(stdout).not.toContain('\u001b')
  })
})

describe('the shell', () => {
  it('completes, searches its history, and opens shells in containers', async () => {
    const program = start({ home: home(), columns: 100, rows: 30, args: ['sandbox'] })
    await program.until(/root@host1:~# *$/m)
    program.type(`docker run -dit --name inner busybox${KEYS.enter}`)
    await program.until(/^ [0-9a-f]{64}$/m)
    await program.until(/root@host1:~# *$/m)
    program.type('docker exec -it inn\t')
    await program.until('docker exec -it inner')
    program.type(`sh${KEYS.enter}`)
    await program.until(/^ \/ # *$/m)
    program.type(`hostname -i${KEYS.enter}`)
    await program.until(/^ 172\.17\.0\.2$/m)
    program.type(`exit${KEYS.enter}`)
    await program.until(/root@host1:~# *$/m)
    program.type('\u0012dit')
    await program.until("(reverse-i-search)`dit': docker run")
    program.type(KEYS.interrupt)
    program.type('echo 漢字\u001b[D\u001b[Dé')
    await program.until('echo é漢字')
  })

  it('comes back from everything', async () => {
    const program = start({ home: home(), columns: 100, rows: 30, args: ['sandbox'] })
    const prompt = /root@host1:~# *$/m
    await program.until(prompt)
    program.type(`while true; do :; done${KEYS.enter}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    program.type(KEYS.interrupt)
    program.type(`echo one-$((1+1))${KEYS.enter}`)
    await program.until('one-2')
    program.type(`echo "unclosed${KEYS.enter}`)
    await program.until(/^ *> *$/m)
    program.type(KEYS.interrupt)
    program.type(`echo two-$((1+1))${KEYS.enter}`)
    await program.until('two-2')
    program.type(`ping 127.0.0.1${KEYS.enter}`)
    await program.until('icmp_seq=2')
    program.type(KEYS.interrupt)
    await program.until('packet loss')
    program.type(`echo three-$((1+1))${KEYS.enter}`)
    await program.until('three-2')
  })

  it('is there again after the window was closed', async () => {
    const folder = home()
    const first = start({ home: folder, args: ['sandbox'] })
    await first.until('root@host1:~#')
    first.type(`ip link add br7 type bridge${KEYS.enter}`)
    await first.until(/br7 type bridge\n.*root@host1:~#/)
    first.kill('SIGHUP')
    await first.ended()
    const second = start({ home: folder, args: ['sandbox'] })
    await second.until('ip link add br7')
    second.type(`ip -br link${KEYS.enter}`)
    await second.until(/^ *br7 +DOWN/m)
  })
})
