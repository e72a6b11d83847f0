/** What can be said of a lesson without playing it: hints, solutions, names, lengths. */
import { tasksOf } from '../../course/begin-step.ts'
import { unknownVariables, variableNames } from '../../course/instantiate.ts'
import type { Block, Lesson, Problem, Step, Task } from '../../course/lesson.ts'

/** What fits into the narrowest lesson pane and the course map in a few lines. */
const LONGEST_TITLE = 60
const LONGEST_LABEL = 160
const LONGEST_CHOICE = 120
const LONGEST_HINT = 400
const LONGEST_ID = 60

export function lintText(lesson: Lesson): Problem[] {
  const found: Problem[] = []
  const at = (line: number, text: string): void => void found.push({ file: lesson.file, line, text })
  if (lesson.title.length > LONGEST_TITLE) at(1, tooLong('the title', lesson.title, LONGEST_TITLE))
  if (lesson.intro === '') at(1, 'no introduction: say before the first step why it matters')
  for (const step of lesson.steps) lintStep(lesson, step, at)
  return found
}

type Say = (line: number, text: string) => void

function lintStep(lesson: Lesson, step: Step, at: Say): void {
  const known = variableNames(lesson.variables)
  if (step.id === '' || step.id.length > LONGEST_ID)
    at(step.line, 'a step needs a title of letters and digits that is not too long')
  if (step.title.length > LONGEST_TITLE) at(step.line, tooLong('the title', step.title, LONGEST_TITLE))
  for (const block of step.blocks) {
    for (const name of unknownVariables(JSON.stringify(block), known))
      at(block.line, `there is no variable {{${name}}}`)
    if (block.kind === 'prose') lintProse(block, at)
    if ((block.kind === 'setup' || block.kind === 'show') && block.lines.length === 0)
      at(block.line, `this ${block.kind} fence is empty`)
  }
  for (const task of tasksOf(step)) lintTask(task, at)
}

/** Output is made from the world by a `show` fence; what is typed grows stale. */
function lintProse({ line, markdown }: Block & { kind: 'prose' }, at: Say): void {
  let fence: string | null = null
  for (const [index, text] of markdown.split('\n').entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    if (mark !== undefined) fence = fence === null ? mark : text.trim() === fence ? null : fence
    else if (fence !== null && /^[\w.-]+[$#] \S/.test(text))
      at(line + index, `'${text.slice(0, 40)}' looks like typed output: put the command into a show fence`)
  }
}

function lintTask(task: Task, at: Say): void {
  const typed = task.kind === 'question' && 'answer' in task.form
  if ((task.kind === 'goal' || typed) && task.hints.length === 0)
    at(task.line, `this ${task.kind} has no hint`)
  if ((task.kind === 'goal' || typed) && task.solution.length === 0)
    at(task.line, `this ${task.kind} has no solution`)
  for (const { line, say } of task.hints)
    if (say.length > LONGEST_HINT) at(line, tooLong('the hint', say, LONGEST_HINT))
  if (task.kind === 'goal') {
    if (task.label.length > LONGEST_LABEL) at(task.line, tooLong('the label', task.label, LONGEST_LABEL))
    return
  }
  if ('answer' in task.form) return
  for (const { text } of task.form.choices) {
    if (text.kind === 'fixed' && text.value.length > LONGEST_CHOICE)
      at(task.line, tooLong('a choice', text.value, LONGEST_CHOICE))
  }
}

function tooLong(what: string, text: string, limit: number): string {
  return `${what} is too long (${text.length} characters, ${limit} fit): ${text.slice(0, 30)}…`
}
