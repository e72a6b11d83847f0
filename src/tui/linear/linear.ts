/** The course without a screen: for pipes, screen readers and terminals that know no cursor. */
import type { ProgressPort, SnapshotPort } from '../effects.ts'
import type { LessonHead, QuizOptions, Tutor, WorldChoice } from '../ports.ts'
import { DEFAULT_QUIZ, DEFAULT_SANDBOX } from '../state/home-items.ts'
import { readAnswer } from './linear-answer.ts'
import { linearLesson } from './linear-lesson.ts'
import { createLinearShell } from './linear-shell.ts'
import { choicesText, MAP_HELP, mapText, resultText } from './linear-text.ts'

export interface LinearPorts {
  readonly lessons: readonly LessonHead[]
  readonly progress: ProgressPort
  readonly snapshots: SnapshotPort
  readonly loadTutor: () => Promise<Tutor>
  readonly io: {
    next(): Promise<string | null>
    print(text: string): void
    complain(text: string): void
  }
}

export type LinearRequest =
  | { readonly kind: 'course' }
  | { readonly kind: 'lesson'; readonly id: string }
  | ({ readonly kind: 'quiz' } & QuizOptions)
  | ({ readonly kind: 'sandbox' } & WorldChoice)

/** Where to after a lesson, a quiz or the sandbox. */
export type Outcome = 'home' | 'quit'

/** The exit status. `asked`: by --linear, not because there is no terminal. */
export async function runLinear(
  ports: LinearPorts & {
    readonly request: LinearRequest
    readonly asked: boolean
    readonly notice: string | null
  },
): Promise<number> {
  const { io, request } = ports
  if (ports.notice !== null) io.complain(`docker-net-tutor: ${ports.notice}\n`)
  if (request.kind !== 'course' && (await open(ports, request)) === 'quit') return 0
  for (let first = true; ; first = false) {
    io.print(mapText(ports.lessons, ports.progress.marks()) + MAP_HELP)
    const line = await io.next()
    if (line === null) return first && request.kind === 'course' && !ports.asked ? noInput(ports) : 0
    const chosen = choose(ports, line.trim())
    if (chosen === 'quit') return 0
    if (typeof chosen === 'string') io.print(`${chosen}\n`)
    else if ((await open(ports, chosen)) === 'quit') return 0
  }
}

function noInput({ io }: LinearPorts): number {
  io.complain(
    'docker-net-tutor: no terminal here, and nothing came on standard input. Start it in a terminal, ' +
      'or send it lines: docker-net-tutor --linear < FILE\n',
  )
  return 1
}

/** A request, `quit`, or a sentence for what is neither. */
function choose({ lessons }: LinearPorts, text: string): LinearRequest | string {
  if (text === 'quit' || text === 'q' || text === 'exit') return 'quit'
  if (text === 'quiz') return { kind: 'quiz', ...DEFAULT_QUIZ }
  if (text === 'sandbox') return { kind: 'sandbox', ...DEFAULT_SANDBOX }
  const head = lessons[Number(text) - 1] ?? lessons.find(({ id }) => id === text)
  if (head !== undefined) return { kind: 'lesson', id: head.id }
  return text === 'list' || text === '' ? '' : `There is no '${text}' here.`
}

async function open(ports: LinearPorts, request: LinearRequest): Promise<Outcome> {
  switch (request.kind) {
    case 'course':
      return 'home'
    case 'lesson': {
      const head = ports.lessons.find(({ id }) => id === request.id)
      return head === undefined ? 'home' : linearLesson(ports, head)
    }
    case 'quiz':
      return linearQuiz(ports, request)
    case 'sandbox':
      return linearSandbox(ports, request)
  }
}

async function linearQuiz(ports: LinearPorts, options: QuizOptions): Promise<Outcome> {
  const { io, progress } = ports
  const quiz = await (await ports.loadTutor()).openQuiz(options, progress.marks().missed)
  for (let question = await quiz.next(); question !== null; question = await quiz.next()) {
    const exhibit = question.exhibit === null ? '' : `${question.exhibit.trimEnd()}\n\n`
    io.print(`\nQuestion ${question.number} of ${question.count}.\n${exhibit}${question.ask.trim()}\n`)
    io.print(choicesText(question.form))
    for (;;) {
      io.print('? ')
      const line = await io.next()
      if (line === null || line.trim() === ':quit') return 'quit'
      if (line.trim() === ':home') return 'home'
      const given = readAnswer(question.form, line)
      if (typeof given === 'string') {
        io.print(`${given}\n`)
        continue
      }
      const result = await quiz.answer(given)
      progress.record({ kind: 'quiz-answer', question: question.id, right: result.right })
      io.print(resultText(result, result.correct))
      break
    }
  }
  const { right, asked, repeat } = quiz.outcome()
  io.print(`\n${right} of ${asked} right at the first try.\n`)
  if (repeat.length > 0) io.print(`To repeat: ${repeat.map(({ title }) => title).join('; ')}\n`)
  return 'home'
}

async function linearSandbox({ io, loadTutor }: LinearPorts, choice: WorldChoice): Promise<Outcome> {
  const shell = createLinearShell(io.print)
  const session = await (await loadTutor()).openSandbox(
    choice,
    null,
    shell.screen,
    shell.size,
    shell.listener,
  )
  io.print("\nA shell in a world of its own. ':home' and ':quit' leave it.\n")
  await shell.ready
  for (;;) {
    io.print(`${shell.prompt().trimEnd()} `)
    const line = await io.next()
    if (line === null || line === ':quit' || line === ':home') {
      session.close()
      return line === ':home' ? 'home' : 'quit'
    }
    if (!(await shell.run(session, line))) return 'home'
  }
}
