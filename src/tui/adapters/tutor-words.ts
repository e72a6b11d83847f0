/** Words of `tutor` that a lesson knows: what a key does on the screen, a word does in the shell. */
import type { Session } from '../../session/session.ts'
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

export function addTutorWords(session: Session, lesson: LessonWords): void {
  session.tutorHelp.splice(0, session.tutorHelp.length, ...HELP)
  session.tutorWords.set('check', async (_words, context) => {
    const { tasks } = await lesson.check()
    for (const task of tasks) context.out(taskText(task))
    if (tasks.length === 0) context.out('This step has no task.\n')
    return tasks.every((task) => task.done) ? 0 : 1
  })
  session.tutorWords.set('answer', async (words, context) => {
    const { tasks } = await lesson.check()
    const task = tasks.find((one) => one.kind === 'question' && !one.done)
    if (task?.kind !== 'question') {
      context.out('There is no open question here.\n')
      return 1
    }
    const { text, right } = await answerText(lesson, task, words.slice(1).join(' '))
    context.out(text)
    return right ? 0 : 1
  })
  session.tutorWords.set('hint', async (_words, context) => {
    const task = await openTask(lesson)
    const hint = task === null ? null : await lesson.hint(task)
    context.out(hint === null ? 'No more hints. tutor solution shows a solution.\n' : `${hint}\n`)
    return 0
  })
  session.tutorWords.set('solution', async (_words, context) => {
    const task = await openTask(lesson)
    context.out(task === null ? 'This step has no task.\n' : `${lesson.solution(task).join('\n')}\n`)
    return 0
  })
}

function taskText(task: TaskView): string {
  const mark = task.done ? '✓' : '○'
  if (task.kind === 'question') return `${mark} ${plain(task.ask)}\n`
  const because = task.done || task.because === null ? '' : `  ${plain(task.because)}\n`
  return `${mark} ${plain(task.label)}\n${because}`
}

async function answerText(
  lesson: LessonWords,
  { id, ask, form }: QuestionView,
  typed: string,
): Promise<{ text: string; right: boolean }> {
  const choices = form.kind === 'choice' ? form.choices : []
  if (form.kind === 'choice' && choices.length === 0)
    return { text: 'Its answers are made from the world: reach the goals before it first.\n', right: false }
  if (typed === '') {
    const list = choices.map((text, i) => `  ${String.fromCharCode(0x61 + i)}  ${plain(text)}\n`)
    return { text: `${plain(ask)}\n${list.join('')}`, right: false }
  }
  const answer = readAnswer(form, typed)
  if (typeof answer === 'string') return { text: `${answer}\n`, right: false }
  const { right, say, why } = await lesson.answer(id, answer)
  const reasons = [say, why].flatMap((text) => (text === null ? [] : `${plain(text)}\n`))
  return { text: `${right ? '✓ Right.' : '✗ Not right.'}\n${reasons.join('')}`, right }
}

async function openTask(lesson: LessonWords): Promise<string | null> {
  const { tasks } = await lesson.check()
  return (tasks.find((task) => !task.done) ?? tasks[0])?.id ?? null
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
