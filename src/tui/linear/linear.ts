/** The course without a screen: for pipes, screen readers and terminals that know no cursor. */
import type { LessonHead } from '../../course/lesson-head.ts'
import type { ProgressPort, SnapshotPort } from '../effects.ts'
import type { QuizOptions, QuizRun, Tutor, WorldChoice } from '../ports.ts'
import { DEFAULT_QUIZ, DEFAULT_SANDBOX } from '../state/home-items.ts'
import { EXAM_QUESTIONS, MOST_REVIEWED } from '../state/quiz-menu.ts'
import { linearLesson } from './linear-lesson.ts'
import { linearQuiz } from './linear-quiz.ts'
import { createLinearShell } from './linear-shell.ts'
import { MAP_HELP, mapText } from './linear-text.ts'

export interface LinearPorts {
  readonly lessons: readonly LessonHead[]
  readonly progress: ProgressPort
  readonly snapshots: SnapshotPort
  readonly loadTutor: () => Promise<Tutor>
  readonly writeFile: (name: string, text: string) => string
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

/** With what is kept between two lines at the map. */
type Inner = LinearPorts & { readonly last: { quiz: QuizRun | null } }

/** The exit status. `asked`: by --linear, not because there is no terminal. */
export async function runLinear(
  given: LinearPorts & {
    readonly request: LinearRequest
    readonly asked: boolean
    readonly notice: string | null
  },
): Promise<number> {
  const ports = { ...given, last: { quiz: null } }
  const { io, request } = ports
  if (ports.notice !== null) io.complain(`docker-net-tutor: ${ports.notice}\n`)
  if (request.kind !== 'course' && (await open(ports, request)) === 'quit') return 0
  for (let first = true; ; first = false) {
    io.print(mapText(ports.lessons, ports.progress.marks()) + (await dueText(ports)) + MAP_HELP)
    const line = await io.next()
    if (line === null) return first && request.kind === 'course' && !ports.asked ? noInput(ports) : 0
    if (line.trim().startsWith(':export')) {
      io.print(`${exportLast(ports, line.trim().slice(7).trim())}\n`)
      continue
    }
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
  const round = quizWish(text)
  if (round !== null) return { kind: 'quiz', ...round }
  if (text === 'sandbox') return { kind: 'sandbox', ...DEFAULT_SANDBOX }
  const head = lessons[Number(text) - 1] ?? lessons.find(({ id }) => id === text)
  if (head !== undefined) return { kind: 'lesson', id: head.id }
  return text === 'list' || text === '' ? '' : `There is no '${text}' here.`
}

/** `quiz`, `quiz exam`, `quiz review`, `quiz TOPIC`. */
function quizWish(text: string): QuizOptions | null {
  const [word, what = null, ...more] = text.split(/\s+/)
  if (word !== 'quiz' || more.length > 0) return null
  if (what === 'exam') return { ...DEFAULT_QUIZ, exam: true, count: EXAM_QUESTIONS }
  if (what === 'review') return { ...DEFAULT_QUIZ, review: true, count: MOST_REVIEWED }
  return { ...DEFAULT_QUIZ, topic: what }
}

async function dueText({ progress }: LinearPorts): Promise<string> {
  const reviews = progress.reviews()
  if (Object.keys(reviews).length === 0) return ''
  const { dueQuestions } = await import('../../course/schedule.ts')
  const { length } = dueQuestions(reviews, Date.now())
  if (length === 0) return ''
  return `${length} ${length === 1 ? 'question' : 'questions'} of the quiz due for review: 'quiz review'.\n`
}

function exportLast({ last, writeFile }: Inner, file: string): string {
  if (last.quiz === null) return 'There is no result yet.'
  if (file === '') return "Say where to: ':export FILE.md' or ':export FILE.json'."
  try {
    return `The result is in ${writeFile(file, last.quiz.report(file.endsWith('.json') ? 'json' : 'md').text)}`
  } catch (error) {
    return `The result could not be written: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function open(ports: Inner, request: LinearRequest): Promise<Outcome> {
  switch (request.kind) {
    case 'course':
      return 'home'
    case 'lesson': {
      const head = ports.lessons.find(({ id }) => id === request.id)
      return head === undefined ? 'home' : linearLesson(ports, head)
    }
    case 'quiz':
      return linearQuiz(ports, request, (run) => {
        ports.last.quiz = run
      })
    case 'sandbox':
      return linearSandbox(ports, request)
  }
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
