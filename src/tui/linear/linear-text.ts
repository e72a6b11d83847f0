/** What the line-by-line course says: plain sentences, no colours, pictures as words. */

import type { LessonHead } from '../../course/lesson-head.ts'
import { lessonMark, type Marks, nextLesson } from '../../course/progress.ts'
import type { AnswerForm, AnswerResult, StepView, TaskView } from '../ports.ts'
import { choicesOf } from '../state/model.ts'
import { plainText, spokenProse } from './spoken-prose.ts'

export const MAP_HELP =
  "Type a lesson's number or id, 'quiz', 'sandbox', 'list' or 'quit'.\n'quiz TOPIC', 'quiz exam' and 'quiz review' are rounds of their own.\n"
export const LESSON_HELP = `Lines go to the shell. These go to the course:
  :task           what is to be done         :answer X    answer the question (a letter, a number, a word)
  :next  :back    another step               :hint        a hint; again for the next one
  :solution       show a solution            :reset       the step from its beginning
  :home           the list of lessons        :quit        leave; everything is saved
  ^C              (the two characters) stops what runs
`

const STATES = { mastered: 'mastered', done: 'done', begun: 'begun', open: 'not begun' } as const

export function mapText(lessons: readonly LessonHead[], marks: Marks): string {
  const next = nextLesson(marks, lessons)
  const rows = lessons.map((head, i) => {
    const note = head === next ? ', next' : ''
    return `${i + 1}. ${head.title} (${head.minutes} minutes, ${STATES[lessonMark(marks, head)]}${note})\n`
  })
  return `Docker networking, hands on.\n\n${rows.join('')}\n`
}

export function stepText(view: StepView): string {
  const parts = view.blocks.map((block) => {
    if (block.kind === 'prose') return spokenProse(block.markdown.trim())
    if (block.kind === 'output') return block.text.trimEnd()
    if (block.kind === 'picture') return block.words
    const number = view.tasks.findIndex((task) => task.id === block.task) + 1
    return `(Task ${number}.)`
  })
  const intro = view.intro === null ? '' : `\n${spokenProse(view.intro.trim())}\n`
  return `${intro}\nStep ${view.index + 1} of ${view.count}: ${view.title}\n\n${parts.join('\n\n')}\n\n`
}

export function tasksText(view: StepView, isDone: (task: TaskView) => boolean): string {
  if (view.tasks.length === 0) return "Nothing to do here. ':next' goes on.\n"
  return view.tasks.map((task, i) => taskText(task, i + 1, isDone(task))).join('')
}

function taskText(task: TaskView, number: number, isDone: boolean): string {
  const state = isDone ? 'done' : 'open'
  if (task.kind === 'goal') {
    const because = isDone || task.because === null ? '' : `   ${plainText(task.because.trim())}\n`
    return `Task ${number}, ${state}: ${plainText(task.label.trim())}\n${because}`
  }
  return `Question ${number}, ${state}: ${plainText(task.ask.trim())}\n${isDone ? '' : choicesText(task.form)}`
}

export function choicesText(form: AnswerForm): string {
  const choices = choicesOf(form)
  if (choices.length > 0) {
    const list = choices
      .map((text, i) => `   ${String.fromCharCode(0x61 + i)}) ${plainText(text)}\n`)
      .join('')
    if (form.kind === 'order') return `${list}   (all letters, in the order of the steps)\n`
    return form.kind === 'choice' && form.several ? `${list}   (all that are right)\n` : list
  }
  if (form.kind === 'choice')
    return '   (its answers are made from the world: reach the goals before it first)\n'
  return form.kind === 'number' ? '   (a number)\n' : ''
}

export function resultText({ right, say, why }: AnswerResult, correct: string | null = null): string {
  const lines = [
    right ? 'Right.' : 'Not right.',
    say,
    right || correct === null ? null : `The answer: ${correct}`,
    why,
  ]
  return `${lines.flatMap((line) => (line === null ? [] : [plainText(line)])).join('\n')}\n`
}
