/** The quiz line by line: a question, an answer, its reason; for those with a shell, lines go to the shell. */
import type { Answer, QuizOptions, QuizOutcome, QuizQuestion, QuizRun } from '../ports.ts'
import { OPEN_ROUND } from '../progress/open-round.ts'
import { clockText } from '../text/clock-text.ts'
import type { LinearPorts, Outcome } from './linear.ts'
import { readAnswer } from './linear-answer.ts'
import { linearLesson } from './linear-lesson.ts'
import { createLinearShell, type LinearShell } from './linear-shell.ts'
import { choicesText, resultText } from './linear-text.ts'
import { plainText } from './spoken-prose.ts'

interface Open {
  readonly ports: LinearPorts
  readonly run: QuizRun
  /** The step that taught the last answer. */
  link: { readonly lesson: string; readonly step: string } | null
  /** So many questions were named that cannot be asked. */
  leftOut: number
}

/** A question's shell; null for a question without a world. */
interface World {
  readonly shell: LinearShell
  readonly session: ReturnType<QuizRun['openShell']>
}

const HELP = `Type your answer. Besides: ':skip' puts the question off, ':open' opens the lesson of the last answer,
':finish' ends the round, ':home' and ':quit' leave it.
`
const SHELL_HELP = "A world of its own: lines go to its shell. ':answer X' answers; ':skip' puts it off.\n"

/** `onEnd` gets the round, whose result may still be exported. */
export async function linearQuiz(
  ports: LinearPorts,
  options: QuizOptions,
  onEnd: (run: QuizRun) => void,
): Promise<Outcome> {
  const { io, progress } = ports
  let run: QuizRun
  try {
    const tutor = await ports.loadTutor()
    run = await tutor.openQuiz(options, progress.reviews(), ports.snapshots.load(OPEN_ROUND))
  } catch (error) {
    io.print(`${error instanceof Error ? error.message : String(error)}\n`)
    return 'home'
  }
  io.print(HELP)
  if (run.goesOn) io.print(`The round goes on where you left it.${clockOf(run)}\n`)
  const open: Open = { ports, run, link: null, leftOut: 0 }
  for (let question = await next(open); question !== null; question = await next(open)) {
    const outcome = await ask(open, question)
    // A round that the learner leaves is over; one that is cut short goes on next time.
    if (outcome === 'home') ports.snapshots.remove(OPEN_ROUND)
    if (outcome !== null) return outcome
  }
  ports.snapshots.remove(OPEN_ROUND)
  onEnd(run)
  finish(open, options)
  return 'home'
}

function clockOf(run: QuizRun): string {
  return run.secondsLeft() === null ? '' : ' Its clock did not stop.'
}

async function next(open: Open): Promise<QuizQuestion | null> {
  const { ports, run } = open
  const question = await run.next()
  for (const problem of run.problems.slice(open.leftOut)) ports.io.complain(`left out: ${problem}\n`)
  open.leftOut = run.problems.length
  if (question !== null) ports.snapshots.save(OPEN_ROUND, run.saved())
  return question
}

/** Null: the round goes on. */
async function ask(open: Open, question: QuizQuestion): Promise<Outcome | null> {
  const { io } = open.ports
  show(open, question)
  const world = question.shell ? await openWorld(open) : null
  try {
    for (;;) {
      io.print(world === null ? '? ' : `${world.shell.prompt().trimEnd()} `)
      const line = await io.next()
      if (line === null || line.trim() === ':quit') return 'quit'
      const text = line.trim()
      if (text === ':home') return 'home'
      if (text === ':skip' || text === ':finish') {
        if (text === ':skip') await open.run.skip()
        else open.run.finish()
        return null
      }
      if (text === ':open') {
        if ((await openLink(open)) === 'quit') return 'quit'
        show(open, question)
      } else if (world !== null && !text.startsWith(':answer') && !text.startsWith(':a ')) {
        await world.shell.run(world.session, line)
      } else if (await answer(open, question, text.replace(/^:a(?:nswer)?(?: |$)/, ''))) return null
    }
  } finally {
    world?.session.close()
  }
}

function show({ ports, run }: Open, question: QuizQuestion): void {
  const { number, count, topic, again, ask: text, exhibit, form, shell } = question
  const left = run.secondsLeft()
  const clock = left === null ? '' : `, ${clockText(left)} left`
  const more = again ? ', again' : ''
  ports.io.print(`\nQuestion ${number} of ${count}${more} (${topic}${clock}).\n`)
  if (exhibit !== null) ports.io.print(`${exhibit.trimEnd()}\n\n`)
  ports.io.print(`${plainText(text.trim())}\n${choicesText(form)}${shell ? SHELL_HELP : ''}`)
}

async function openWorld({ ports, run }: Open): Promise<World> {
  const shell = createLinearShell(ports.io.print)
  const session = run.openShell(shell.screen, shell.size, shell.listener)
  await shell.ready
  return { shell, session }
}

async function openLink({ ports, link }: Open): Promise<Outcome> {
  const head = ports.lessons.find(({ id }) => id === link?.lesson)
  if (link === null || head === undefined) {
    ports.io.print('No answer has been given yet.\n')
    return 'home'
  }
  ports.io.print("(':home' comes back to the quiz.)\n")
  return linearLesson(ports, head, link.step)
}

/** False: it was no answer; the question stands. */
async function answer(open: Open, question: QuizQuestion, text: string): Promise<boolean> {
  const { io, progress } = open.ports
  const given: Answer | string = readAnswer(question.form, text)
  if (typeof given === 'string') {
    io.print(`${given}\n`)
    return false
  }
  const result = await open.run.answer(given)
  const { id, again } = question
  progress.record({ kind: 'quiz-answer', question: id, right: result?.right ?? open.run.lastRight(), again })
  open.ports.snapshots.save(OPEN_ROUND, open.run.saved())
  if (result === null) {
    io.print('Noted.\n')
    return true
  }
  io.print(resultText(result, result.correct))
  if (result.reveal !== null) io.print(`${result.reveal.trimEnd()}\n`)
  io.print(`Read it up (':open'): ${result.link.title}\n`)
  open.link = result.link
  return true
}

function finish({ ports, run }: Open, { exportTo }: QuizOptions): void {
  const { io, progress, writeFile } = ports
  const outcome = run.outcome()
  io.print(outcomeText(outcome))
  const { mode, right, count, passed } = outcome
  if (mode === 'exam') progress.record({ kind: 'exam', right, count, passed })
  if (exportTo === null) return
  const { text } = run.report(exportTo.endsWith('.json') ? 'json' : 'md')
  io.print(`The result is in ${writeFile(exportTo, text)}\n`)
}

function outcomeText({ right, count, asked, passed, topics, repeat, review }: QuizOutcome): string {
  const share = count === 0 ? 0 : Math.round((100 * right) / count)
  const lines = [
    '',
    `${right} of ${count} right${passed === null ? ' at the first try' : ''} (${share} %).`,
    ...(passed === null ? [] : [passed ? 'Passed.' : 'Not passed; 75 % are needed.']),
    ...(count > asked ? [`${count - asked} not answered.`] : []),
    ...(topics.length < 2 ? [] : topics.map((one) => `${one.title}: ${one.right} of ${one.count}.`)),
    repeat.length === 0 ? 'Nothing to repeat.' : `To repeat: ${repeat.map(({ title }) => title).join('; ')}`,
  ]
  if (passed !== null) {
    review.forEach(({ ask: text, right: isRight, given, correct, why, link }, i) => {
      lines.push(
        '',
        `${i + 1}. ${text.trim()}`,
        `${isRight ? 'Right' : 'Not right'}: ${given ?? 'not answered'}`,
      )
      if (!isRight) lines.push(`The answer: ${correct}`)
      lines.push(why.trim(), `Read: ${link.title}`)
    })
  }
  return `${lines.join('\n')}\n':export FILE.md' or ':export FILE.json' writes this result.\n`
}
