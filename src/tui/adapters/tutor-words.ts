/** Words of `tutor` that a lesson knows: what a key does on the screen, a word does in the shell. */
import type { Session } from '../../session/session.ts'
import type { StepView } from '../ports.ts'

export interface LessonWords {
  check(): Promise<StepView>
  hint(task: string): Promise<string | null>
  solution(task: string): readonly string[]
}

const HELP = [
  'check   how the tasks of this step stand',
  'hint    the next hint',
  'solution   show a solution',
]

export function addTutorWords(session: Session, lesson: LessonWords): void {
  session.tutorHelp.splice(0, session.tutorHelp.length, ...HELP)
  session.tutorWords.set('check', async (_words, context) => {
    const { tasks } = await lesson.check()
    for (const task of tasks) {
      const text = task.kind === 'goal' ? task.label : task.ask
      context.out(`${task.done ? '✓' : '○'} ${plain(text)}\n`)
      if (task.kind === 'goal' && !task.done && task.because !== null)
        context.out(`  ${plain(task.because)}\n`)
    }
    if (tasks.length === 0) context.out('This step has no task.\n')
    return tasks.every((task) => task.done) ? 0 : 1
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

async function openTask(lesson: LessonWords): Promise<string | null> {
  const { tasks } = await lesson.check()
  return (tasks.find((task) => !task.done) ?? tasks[0])?.id ?? null
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
