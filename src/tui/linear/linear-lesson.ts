/** A lesson line by line: text, tasks, a shell, and words that begin with a colon for the course. */

import type { LessonHead } from '../../course/lesson-head.ts'
import { placeIn } from '../../course/progress.ts'
import type { LessonRun, StepView, TaskView } from '../ports.ts'
import { readSaved, writeSaved } from '../progress/saved.ts'
import type { LinearPorts, Outcome } from './linear.ts'
import { readAnswer } from './linear-answer.ts'
import { createLinearShell, type LinearShell } from './linear-shell.ts'
import { choicesText, LESSON_HELP, resultText, stepText, tasksText } from './linear-text.ts'
import { plainText } from './spoken-prose.ts'

interface Open {
  readonly ports: LinearPorts
  readonly head: LessonHead
  readonly run: LessonRun
  readonly shell: LinearShell
  view: StepView
}

/** `stepId`: null for where the learner left off. */
export async function linearLesson(
  ports: LinearPorts,
  head: LessonHead,
  stepId: string | null = null,
): Promise<Outcome> {
  const { io, snapshots, progress } = ports
  const shell = createLinearShell(io.print)
  const step = stepId === null ? placeIn(progress.marks(), head) : Math.max(0, head.steps.indexOf(stepId))
  const saved = readSaved(snapshots.load(head.id))
  const session = saved?.step === head.steps[step] ? (saved?.session ?? null) : null
  const tutor = await ports.loadTutor()
  const opened = await tutor.openLesson(head.id, step, session, shell.screen, shell.size, shell.listener)
  const open: Open = { ports, head, run: opened.run, shell, view: opened.view }
  io.print(`\nLesson: ${head.title}\n${LESSON_HELP}`)
  showStep(open)
  await shell.ready
  const outcome = await converse(open)
  save(open)
  open.run.shell.close()
  return outcome
}

async function converse(open: Open): Promise<Outcome> {
  const { io } = open.ports
  for (;;) {
    io.print(open.shell.prompt().trimEnd() === '' ? '> ' : `${open.shell.prompt().trimEnd()} `)
    const line = await io.next()
    if (line === null) {
      io.print('\n')
      return 'quit'
    }
    if (line.startsWith(':')) {
      const outcome = await word(open, line.slice(1).trim())
      if (outcome !== null) return outcome
    } else if (line === '^C') open.shell.interrupt(open.run.shell)
    else if (!(await runLine(open, line))) return 'home'
  }
}

async function runLine(open: Open, line: string): Promise<boolean> {
  const goesOn = await open.shell.run(open.run.shell, line)
  await look(open)
  save(open)
  return goesOn
}

/** What has been reached by now. What a command starts may need a moment to get there. */
async function look(open: Open): Promise<void> {
  const before = doneTasks(open)
  open.view = await open.run.check()
  for (const task of open.view.tasks) {
    if (!task.done || before.has(task.id)) continue
    record(open, 'task-done', { task: task.id })
    open.ports.io.print(`Done: ${plainText(task.kind === 'goal' ? task.label : task.ask)}\n`)
  }
  if (doneTasks(open).size > before.size) showOpenQuestions(open)
  stepDone(open)
}

/** Some questions can only be answered once a goal is reached. */
function showOpenQuestions(open: Open): void {
  const { view, ports } = open
  const task = view.tasks.find((one) => one.kind === 'question' && !isDone(open, one))
  if (task?.kind === 'question')
    ports.io.print(`Question: ${plainText(task.ask.trim())}\n${choicesText(task.form)}`)
}

/** Null: the lesson goes on. */
async function word(open: Open, text: string): Promise<Outcome | null> {
  const { io } = open.ports
  const [name, ...rest] = text.split(' ')
  switch (name) {
    case 'quit':
    case 'home':
      return name
    case 'task':
    case 'tasks':
      await look(open)
      io.print(tasksText(open.view, (task) => isDone(open, task)))
      return null
    case 'next':
      await look(open)
      return move(open, open.view.index + 1)
    case 'back':
      return move(open, Math.max(0, open.view.index - 1))
    case 'reset':
      open.view = await open.run.reset()
      showStep(open)
      return null
    case 'answer':
    case 'a':
      await answer(open, rest.join(' '))
      return null
    case 'hint':
    case 'solution':
      await help(open, name)
      return null
    default:
      io.print(LESSON_HELP)
      return null
  }
}

async function move(open: Open, index: number): Promise<Outcome | null> {
  if (open.view.tasks.length === 0) record(open, 'step-done')
  if (index >= open.view.count) return 'home'
  open.view = await open.run.enter(index)
  showStep(open)
  save(open)
  return null
}

async function help(open: Open, kind: 'hint' | 'solution'): Promise<void> {
  const { io } = open.ports
  const task = open.view.tasks.find((each) => !isDone(open, each)) ?? open.view.tasks[0]
  if (task === undefined) return io.print('This step has no task.\n')
  if (kind === 'solution') {
    record(open, 'solution-shown', { task: task.id })
    return io.print(`${open.run.solution(task.id).join('\n')}\n`)
  }
  const hint = await open.run.hint(task.id)
  if (hint !== null) record(open, 'hint', { task: task.id })
  io.print(`${hint === null ? "No more hints. ':solution' shows a solution." : plainText(hint)}\n`)
}

async function answer(open: Open, text: string): Promise<void> {
  const { io } = open.ports
  const task = open.view.tasks.find((each) => each.kind === 'question' && !isDone(open, each))
  if (task?.kind !== 'question') return io.print('There is no open question here.\n')
  if (task.form.kind === 'choice' && task.form.choices.length === 0)
    return io.print('Its answers are made from the world: reach the goals before it first.\n')
  const given = readAnswer(task.form, text)
  if (typeof given === 'string') return io.print(`${given}\n`)
  const result = await open.run.answer(task.id, given)
  io.print(resultText(result))
  record(open, 'answer', { task: task.id, right: result.right })
  if (result.settled) {
    record(open, 'task-done', { task: task.id })
    open.view = await open.run.check()
  }
  stepDone(open)
}

function showStep(open: Open): void {
  record(open, 'step-entered')
  open.ports.io.print(stepText(open.view) + tasksText(open.view, (task) => isDone(open, task)))
}

function isDone({ ports, head, view }: Open, task: TaskView): boolean {
  return task.done || ports.progress.marks().tasks.has(`${head.id}/${view.id}/${task.id}`)
}

function doneTasks(open: Open): Set<string> {
  return new Set(open.view.tasks.filter((task) => isDone(open, task)).map((task) => task.id))
}

function stepDone(open: Open): void {
  const { head, view, ports } = open
  const isNew = !ports.progress.marks().steps.has(`${head.id}/${view.id}`)
  if (view.tasks.length === 0 || !isNew || !view.tasks.every((task) => isDone(open, task))) return
  record(open, 'step-done')
  ports.io.print(`${view.probes ?? 'Step done.'} ':next' goes on.\n`)
}

function record({ ports, head, view }: Open, kind: string, more: Record<string, unknown> = {}): void {
  ports.progress.record({ kind, lesson: head.id, step: view.id, ...more })
}

function save({ ports, head, run, view }: Open): void {
  const session = run.shell.snapshot()
  if (session !== null) ports.snapshots.save(head.id, writeSaved({ step: view.id, session }))
}
