/** Words of `tutor` that a lesson knows: what a key does on the screen, a word does in the shell. */
import type { CommandContext } from '../../commands/context.ts'
import type { Session } from '../../session/session.ts'
import { broken } from '../../session/tutor-words.ts'
import { readAnswer } from '../linear/linear-answer.ts'
import type { Answer, AnswerResult, QuestionView, StepView, TaskView } from '../ports.ts'

/** They are called by a line that runs, while the clock stands still: none of them may wait for its end. */
export interface LessonWords {
  check(): Promise<StepView>
  hint(task: string): Promise<string | null>
  solution(task: string): readonly string[]
  answer(task: string, answer: Answer): Promise<AnswerResult>
}

const HELP = [
  'check   how the tasks of this step stand',
  'answer TEXT   answers the question; a choice by its letter',
  'hint    the next hint',
  'solution   show a solution',
]

const NO_COMMAND = 'No command is needed: one of the choices is right.'

/** `told`: for those who listen; signs become words. */
export function addTutorWords(session: Session, lesson: LessonWords, told: boolean): void {
  session.tutorHelp.splice(0, session.tutorHelp.length, ...HELP)
  session.tutorWords.set('check', async (_words, context) => {
    const { tasks, probes = null } = await lesson.check()
    const lines = tasks.flatMap((task) => taskLines(task, told))
    say(context, lines.length === 0 ? ['This step has no task.'] : lines)
    if (probes !== null) say(context, [probes])
    return tasks.every((task) => task.done) ? 0 : 1
  })
  session.tutorWords.set('answer', async (words, context) => {
    const { tasks } = await lesson.check()
    const task = tasks.find((one) => one.kind === 'question' && !one.done)
    if (task?.kind !== 'question') {
      say(context, ['There is no open question here.'])
      return 1
    }
    const { lines, right } = await answerLines(lesson, task, words.slice(1).join(' '), told)
    say(context, lines)
    return right ? 0 : 1
  })
  session.tutorWords.set('hint', async (_words, context) => {
    const task = await openTask(lesson)
    const hint = task === null ? null : await lesson.hint(task)
    say(context, [hint === null ? 'No more hints. tutor solution shows a solution.' : plain(hint)])
    return 0
  })
  session.tutorWords.set('solution', async (_words, context) => {
    const task = await openTask(lesson)
    const lines = task === null ? ['This step has no task.'] : lesson.solution(task)
    for (const line of lines.length === 0 ? [NO_COMMAND] : lines) context.out(`${line}\n`)
    return 0
  })
}

/** What begins with a sign or a letter goes on below its own text. */
function say(context: CommandContext, lines: readonly string[]): void {
  for (const line of lines) {
    const indent = /^(?:[✓○] | {2}\w {2}| {2})?/.exec(line)?.[0].length ?? 0
    context.out(`${broken(line, context.columns, ' '.repeat(indent))}\n`)
  }
}

function taskLines(task: TaskView, told: boolean): string[] {
  const [done, open] = told ? ['Done:', 'Open:'] : ['✓', '○']
  const mark = task.done ? done : open
  if (task.kind === 'question') return [`${mark} ${plain(task.ask)}`]
  const because = task.done || task.because === null ? [] : [`  ${plain(task.because)}`]
  return [`${mark} ${plain(task.label)}`, ...because]
}

async function answerLines(
  lesson: LessonWords,
  { id, ask, form }: QuestionView,
  typed: string,
  told: boolean,
): Promise<{ lines: string[]; right: boolean }> {
  const choices = form.kind === 'choice' ? form.choices : []
  if (form.kind === 'choice' && choices.length === 0)
    return { lines: ['Its answers are made from the world: reach the goals before it first.'], right: false }
  if (typed === '') {
    const list = choices.map((text, i) => `  ${String.fromCharCode(0x61 + i)}  ${plain(text)}`)
    return { lines: [plain(ask), ...list], right: false }
  }
  const answer = readAnswer(form, typed)
  if (typeof answer === 'string') return { lines: [answer], right: false }
  const { right, settled, say: said, why } = await lesson.answer(id, answer)
  const reasons = [said, why].flatMap((text) => (text === null ? [] : [plain(text)]))
  const next = settled || reasons.length > 0 ? [] : ['tutor hint gives a hint.']
  return {
    lines: [`${told ? '' : right ? '✓ ' : '✗ '}${right ? 'Right.' : 'Not right.'}`, ...reasons, ...next],
    right,
  }
}

async function openTask(lesson: LessonWords): Promise<string | null> {
  const { tasks } = await lesson.check()
  return (tasks.find((task) => !task.done) ?? tasks[0])?.id ?? null
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
