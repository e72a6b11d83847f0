/** A tutor without a world: one lesson of three steps, a quiz of two questions, a shell that echoes. */
import type { LessonHead } from '../../src/course/lesson-head.ts'
import type {
  Answer,
  LessonRun,
  QuizQuestion,
  QuizRun,
  SessionListener,
  ShellScreen,
  ShellSession,
  StepView,
  Tutor,
} from '../../src/tui/ports.ts'

export const HEADS: LessonHead[] = [
  {
    id: 'networks',
    title: 'Three networks that were always there',
    section: 'Docker networking types',
    minutes: 7,
    steps: ['look', 'start', 'end'],
  },
  { id: 'bridge', title: 'A switch made of software', section: 'Bridge', minutes: 9, steps: ['one', 'two'] },
]

export interface FakeShell extends ShellSession {
  readonly lines: string[]
}

export function fakeShell(screen: ShellScreen, saved: string | null, listener: SessionListener): FakeShell {
  const lines: string[] = []
  let line = ''
  const prompt = (): void => {
    screen.write('host1:~# ')
    listener.onPrompt()
  }
  if (saved === null) prompt()
  else screen.write(saved)
  return {
    lines,
    input({ text }) {
      for (const char of text) {
        if (char !== '\r') {
          line += char
          screen.write(char)
          continue
        }
        lines.push(line)
        screen.write(`\r\n${line}: done\r\n`)
        if (line === 'exit') listener.onEnd()
        line = ''
        prompt()
      }
    },
    resize() {},
    look: ({ kind, word }) => `${kind} ${word}`.trim(),
    snapshot: () => screen.serialize(),
    close() {},
  }
}

export function fakeTutor(): Tutor & { shells: FakeShell[] } {
  const shells: FakeShell[] = []
  return {
    shells,
    async openLesson(_id, step, saved, screen, _size, listener) {
      const shell = fakeShell(screen, saved, listener)
      shells.push(shell)
      let at = step
      const view = (): StepView => stepView(at, shell)
      const run: LessonRun = {
        shell,
        async enter(index) {
          at = index
          return view()
        },
        check: async () => view(),
        answer: async (_task, answer) => ({
          right: isRight(answer),
          settled: isRight(answer),
          say: isRight(answer) ? null : 'That is another one.',
          why: isRight(answer) ? 'It is the default.' : null,
        }),
        hint: async () => 'Try `docker run`.',
        solution: () => ['host1$ docker run -d --name web nginx'],
        reset: async () => view(),
      }
      return { run, view: view() }
    },
    async openSandbox(_choice, saved, screen, _size, listener) {
      const shell = fakeShell(screen, saved, listener)
      shells.push(shell)
      return shell
    },
    async openQuiz({ exam }, _reviews, saved) {
      return fakeQuiz(exam, saved)
    },
    async quizMenu() {
      return { due: 3, topics: [{ id: 'bridge', title: 'Bridge', questions: 2, due: 3, known: 1 }] }
    },
  }
}

function isRight(answer: Answer): boolean {
  return answer.kind === 'typed' ? answer.text === '16' : answer.indexes.join() === '1'
}

function stepView(index: number, shell: FakeShell): StepView {
  const base = { index, count: 3, intro: index === 0 ? 'What this is about.' : null }
  if (index === 0) {
    return {
      ...base,
      id: 'look',
      title: 'Look around',
      blocks: [
        {
          kind: 'prose',
          markdown:
            'Docker makes **three networks** at start.\n\n- `bridge`, the *default*\n- **host**\n- none',
        },
        { kind: 'task', task: 'which' },
      ],
      tasks: [
        {
          kind: 'question',
          id: 'which',
          ask: 'Which one does a container join?',
          done: false,
          form: { kind: 'choice', several: false, choices: ['host', 'bridge', 'none'] },
        },
      ],
    }
  }
  if (index === 1) {
    const done = shell.lines.includes('docker run web')
    return {
      ...base,
      id: 'start',
      title: 'Start one',
      blocks: [{ kind: 'prose', markdown: 'Now start a container.' }],
      tasks: [
        {
          kind: 'goal',
          id: 'runs',
          label: 'A container called `web` runs',
          done,
          because: done ? null : 'There is no container called web.',
        },
        { kind: 'question', id: 'index', ask: 'Which number?', done: false, form: { kind: 'number' } },
      ],
    }
  }
  return {
    ...base,
    id: 'end',
    title: 'The end',
    blocks: [{ kind: 'prose', markdown: 'That was it.' }],
    tasks: [],
  }
}

const LINK = { lesson: 'bridge', step: 'two', title: 'A switch made of software: Two' }

function fakeQuiz(exam: boolean, saved: string | null): QuizRun {
  const left = saved === null ? null : (JSON.parse(saved) as { at: number; given: boolean[] })
  let at = left?.at ?? 0
  const given: boolean[] = [...(left?.given ?? [])]
  let seconds = exam ? 60 : null
  const questions: Pick<QuizQuestion, 'kind' | 'ask' | 'form' | 'exhibit'>[] = [
    {
      kind: 'choice',
      ask: 'Which network is the default?',
      form: { kind: 'choice', several: false, choices: ['host', 'bridge'] },
      exhibit: null,
    },
    {
      kind: 'number',
      ask: 'Which number is the other end?',
      form: { kind: 'number' },
      exhibit: '15: eth0@if16: <UP>',
    },
  ]
  const right = (): number => given.filter((one) => one).length
  return {
    problems: [],
    goesOn: left !== null,
    tally: () => ({ right: right(), wrong: given.length - right() }),
    saved: () => JSON.stringify({ at, given }),
    async next() {
      const question = questions[at]
      if (question === undefined) return null
      const place = { number: at + 1, count: questions.length, topic: 'Bridge', again: false, shell: false }
      return { id: `q${at}`, ...place, ...question }
    },
    async answer(answer) {
      at += 1
      given.push(isRight(answer))
      if (exam) return null
      const verdict = { right: isRight(answer), settled: true, say: null, why: 'Because.' }
      return { ...verdict, correct: 'bridge', reveal: null, link: LINK }
    },
    lastRight: () => given.at(-1) === true,
    async skip() {
      questions.push(...questions.splice(at, 1))
    },
    finish() {
      at = questions.length
      seconds = seconds === null ? null : 0
    },
    secondsLeft: () => seconds,
    openShell(screen, _size, listener) {
      return fakeShell(screen, null, listener)
    },
    outcome: () => ({
      mode: exam ? 'exam' : 'practice',
      right: right(),
      asked: given.length,
      count: 2,
      passed: exam ? right() === 2 : null,
      topics: [{ title: 'Bridge', right: right(), count: 2 }],
      repeat: [LINK],
      review: questions.map(({ ask }, i) => ({
        ask,
        right: given[i] === true,
        given: given[i] === undefined ? null : 'x',
        correct: 'bridge',
        why: 'Because.',
        link: LINK,
      })),
    }),
    report: (format) => ({ name: `result.${format}`, text: 'the result' }),
  }
}
