/**
 * `quiz --json`: the quiz for scripts and other front ends. One JSON object a line, both ways.
 *
 * Out:
 *   {"type":"quiz","protocol":1,"mode":"practice","topic":null,"seed":7,"count":10,"seconds":null,"due":3}
 *   {"type":"problem","file":"…","line":12,"text":"…"}             a question that is left out
 *   {"type":"question","number":1,"count":10,"id":"…","topic":"…","kind":"choice","again":false,"ask":"…",
 *     "exhibit":null,"choices":[{"key":"a","text":"…"}],"several":false,"shell":null,"secondsLeft":null}
 *   {"type":"answer","right":false,"given":"…","correct":"…","say":null,"why":"…","reveal":null,
 *     "lesson":"…","step":"…","title":"…"}
 *   {"type":"noted"}                                                 in an exam, instead of `answer`
 *   {"type":"output","status":0,"stdout":"…","stderr":"…"}           of `run`
 *   {"type":"error","text":"…"}                                      that line was not understood; ask goes on
 *   {"type":"result", …}                                             as `--export FILE.json` writes it, and "complete"
 *
 * In:
 *   {"answer":"b"}  {"answer":["a","c"]}  {"answer":"172.17.0.3"}  {"answer":16}
 *     keys of choices (for `order` all keys, in the order of the steps), or what is typed
 *   {"run":"docker ps"}      in the world of a question that has a shell
 *   {"skip":true}            the question comes again at the end
 *   {"finish":true}          no more questions
 * The end of the input ends the round as well.
 */
import type { Given } from '../course/judge.ts'
import type { Problem } from '../course/lesson.ts'
import { loadCourse } from '../course/load.ts'
import type { AskedNow } from '../course/quiz.ts'
import { loadBank } from '../course/quiz-bank.ts'
import type { MadeItem } from '../course/quiz-generate.ts'
import { correctAnswer, hasShell, type ItemForm } from '../course/quiz-item.ts'
import { answerText } from '../course/quiz-judge.ts'
import { reportData } from '../course/quiz-report.ts'
import { NothingToAsk, openRound, type QuizRound, type RoundOptions } from '../course/quiz-round.ts'
import type { Reviews } from '../course/reviews.ts'
import { createRunner, type Runner, sessionOnCopy } from '../course/runner.ts'
import { dueQuestions } from '../course/schedule.ts'
import type { Services } from '../sim/kernel/simulation.ts'
import type { PackFiles } from './lint.ts'

export const QUIZ_PROTOCOL = 1

export interface QuizJsonPorts {
  readonly files: PackFiles
  readonly reviews: Reviews
  readonly services: Services
  readonly now: () => number
  /** Null at the end of the input. */
  readonly next: () => Promise<string | null>
  readonly print: (text: string) => void
  readonly record: (event: { readonly kind: string; readonly [field: string]: unknown }) => void
}

/** The round that was played, for an export; null when there was nothing to ask. */
export async function quizJson(options: RoundOptions, ports: QuizJsonPorts): Promise<QuizRound | null> {
  const say = (message: object): void => ports.print(`${JSON.stringify(message)}\n`)
  const { course } = loadCourse(ports.files.lessons)
  const { bank, problems } = loadBank(ports.files.quiz, course)
  let round: QuizRound
  try {
    round = await openRound(options, { ...ports, bank, course })
  } catch (error) {
    if (!(error instanceof NothingToAsk)) throw error
    sayProblems(problems, say)
    say({ type: 'error', text: error.message })
    return null
  }
  const { mode, topic, seed } = round.reportHead()
  const due = dueQuestions(ports.reviews, ports.now()).length
  const { length: count } = round.state.items
  say({
    type: 'quiz',
    protocol: QUIZ_PROTOCOL,
    mode,
    topic,
    seed,
    count,
    seconds: round.secondsLeft(),
    due,
  })
  sayProblems([...problems, ...round.problems], say)
  const complete = await play(round, ports, say)
  await round.complete()
  const { right, count: all } = round.result()
  if (mode === 'exam') ports.record({ kind: 'exam', right, count: all })
  say({ type: 'result', complete, ...reportData(round.result(), round.reportHead()) })
  return round
}

function sayProblems(problems: readonly Problem[], say: (message: object) => void): void {
  for (const problem of problems) say({ type: 'problem', ...problem })
}

/** False when the input ended before the round did. */
async function play(
  round: QuizRound,
  ports: QuizJsonPorts,
  say: (message: object) => void,
): Promise<boolean> {
  let said = round.problems.length
  for (let asked = round.asked(); asked !== null; asked = round.asked()) {
    sayProblems(round.problems.slice(said), say)
    said = round.problems.length
    say(questionLine(asked, round))
    const world = openWorld(asked.made)
    for (let settled = false; !settled; ) {
      const line = await ports.next()
      if (line === null) return endOf(round)
      if (line.trim() === '') continue
      settled = await take(line, asked, world, { round, ports, say })
    }
  }
  return true
}

function endOf(round: QuizRound): false {
  round.finish()
  return false
}

type Asked = AskedNow & { readonly made: MadeItem }

function openWorld({ item, world, node }: MadeItem): { runner: Runner; node: string } | null {
  if (world === null || !hasShell(item.kind)) return null
  return { runner: createRunner(sessionOnCopy(world), 0), node }
}

function questionLine({ item, number, count, again, made }: Asked, round: QuizRound): object {
  return {
    type: 'question',
    number,
    count,
    id: item.id,
    topic: item.topic.id,
    kind: item.kind,
    again,
    ask: item.ask.trim(),
    exhibit: item.exhibit,
    choices: textsOf(item.form).map((text, index) => ({ key: keyOf(index), text })),
    several: item.form.kind === 'choice' && item.form.several,
    shell: hasShell(item.kind) ? made.node : null,
    secondsLeft: round.secondsLeft(),
  }
}

function textsOf(form: ItemForm): readonly string[] {
  if (form.kind === 'choice') return form.choices.map(({ text }) => text)
  return form.kind === 'order' ? form.steps : []
}

function keyOf(index: number): string {
  return String.fromCharCode(0x61 + index)
}

interface Talk {
  readonly round: QuizRound
  readonly ports: QuizJsonPorts
  readonly say: (message: object) => void
}

/** True when the next question may come. */
async function take(
  line: string,
  asked: Asked,
  world: ReturnType<typeof openWorld>,
  talk: Talk,
): Promise<boolean> {
  const { round, say } = talk
  const message = readMessage(line)
  if (typeof message === 'string') return refused(message, say)
  if (message['skip'] === true) {
    await round.skip()
    return true
  }
  if (message['finish'] === true) {
    round.finish()
    return true
  }
  const { run, answer } = message
  if (typeof run === 'string') {
    if (world === null) return refused('this question has no shell', say)
    const { output, errors, status } = await world.runner.run({
      line: 0,
      place: world.node,
      sign: '$',
      command: run,
    })
    say({ type: 'output', status, stdout: output, stderr: errors })
    return false
  }
  const given = readGiven(asked.item.form, answer)
  if (typeof given === 'string') return refused(given, say)
  return settle(given, asked, world, talk)
}

async function settle(
  given: Given,
  { item, again }: Asked,
  world: ReturnType<typeof openWorld>,
  { round, ports, say }: Talk,
): Promise<boolean> {
  if (!(await round.answer(given, world?.runner.world ?? null)))
    return round.isOver ? true : refused('that is no answer to this question', say)
  const { right, say: told } = round.state.answers.at(-1)!
  ports.record({ kind: 'quiz-answer', question: item.entry, right, again })
  if (round.state.shown === null) {
    say({ type: 'noted' })
    return true
  }
  const { lesson, step, why, reveal } = item
  say({
    type: 'answer',
    right,
    given: answerText(item, given),
    correct: correctAnswer(item),
    say: told,
    why: why.trim(),
    reveal,
    lesson,
    step,
    title: round.titleOf(item),
  })
  await round.next()
  return true
}

function refused(text: string, say: (message: object) => void): false {
  say({ type: 'error', text })
  return false
}

function readMessage(line: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  return 'a line is a JSON object: {"answer": …}, {"run": "…"}, {"skip": true} or {"finish": true}'
}

function readGiven(form: ItemForm, answer: unknown): Given | string {
  const texts = textsOf(form)
  const isPlain = (value: unknown): value is string | number =>
    typeof value === 'string' || typeof value === 'number'
  if (texts.length === 0)
    return isPlain(answer) ? { kind: 'typed', text: String(answer) } : '"answer" is a text or a number here'
  const keys = Array.isArray(answer) ? answer : [answer]
  const indexes = keys.map((key: unknown) =>
    isPlain(key) ? texts.findIndex((text, i) => String(key).toLowerCase() === keyOf(i) || key === text) : -1,
  )
  if (indexes.includes(-1) || indexes.length === 0)
    return `"answer" is one of the keys a to ${keyOf(texts.length - 1)}, or a list of them`
  return { kind: 'chosen', indexes }
}
