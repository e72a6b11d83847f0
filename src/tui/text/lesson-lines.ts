/** The lesson pane: prose above, the step's tasks with their marks below. */
import { layoutOf } from '../layout.ts'
import type { TaskView } from '../ports.ts'
import { type AppState, currentTask, isTaskDone } from '../state/model.ts'
import { inline, type Line, lineWidth, type Span, wrapLine } from './line.ts'

function paneSize(state: AppState): { columns: number; rows: number } {
  const { main } = layoutOf({ ...state, focus: 'main', help: false, side: null })
  return { columns: main?.columns ?? state.size.columns, rows: main?.rows ?? 20 }
}

/** Rows that the prose has. */
export function documentRows(state: AppState): number {
  return Math.max(1, paneSize(state).rows - taskLines(state).length)
}

/** The tasks, under a rule; at most half of the pane. */
export function taskLines(state: AppState): Line[] {
  const tasks = state.lesson?.view?.tasks ?? []
  if (tasks.length === 0) return []
  const { columns, rows } = paneSize(state)
  const current = currentTask(state)
  const lines = tasks.flatMap((task) => linesOf(state, task, task === current, columns))
  const most = Math.max(2, Math.floor(rows * 0.6) - 1)
  if (lines.length <= most) return [heading(state, tasks, columns), ...lines]
  // Too many for this window: the current one, and what is near it.
  const at = lines.findIndex((line) => line.some((span) => span.text.includes('▸')))
  const from = Math.max(0, Math.min(at, lines.length - most))
  return [heading(state, tasks, columns), ...lines.slice(from, from + most)]
}

function heading(state: AppState, tasks: readonly TaskView[], columns: number): Line {
  const done = tasks.filter((task) => isTaskDone(state, task)).length
  const title = ` ${tasks.length === 1 ? 'Task' : 'Tasks'} ${done}/${tasks.length} `
  const left: Line = [
    { text: '──', tone: 'dim' },
    { text: title, tone: 'heading' },
  ]
  return [...left, { text: '─'.repeat(Math.max(0, columns - lineWidth(left))), tone: 'dim' }]
}

function linesOf(state: AppState, task: TaskView, isCurrent: boolean, columns: number): Line[] {
  const isDone = isTaskDone(state, task)
  const mark: Span = isDone
    ? { text: '✓', tone: 'good' }
    : isCurrent
      ? { text: '▸', tone: 'accent' }
      : { text: '○', tone: 'dim' }
  const indent: Span = { text: '    ' }
  const text = task.kind === 'goal' ? task.label : task.ask
  const key: Line = task.kind === 'question' && !isDone ? [{ text: ' (a: answer)', tone: 'dim' }] : []
  const words: Line = [...inline(text.trim().replace(/\s+/g, ' '), isDone ? 'dim' : 'plain'), ...key]
  const [first = [], ...others] = wrapLine(words, columns - 5)
  const lines: Line[] = [
    [{ text: ' ' }, mark, { text: '  ' }, ...first],
    ...others.map((line): Line => [indent, ...line]),
  ]
  if (task.kind !== 'goal' || isDone || !isCurrent || task.because === null) return lines
  const because = wrapLine(inline(task.because.trim(), 'dim'), columns - 7)
  return [
    ...lines,
    ...because.map((line, i): Line => [indent, { text: i === 0 ? '→ ' : '  ', tone: 'dim' }, ...line]),
  ]
}

/** The visible part of the prose. */
export function documentLines(state: AppState): Line[] {
  const { lesson } = state
  if (lesson === null) return []
  const rows = documentRows(state)
  const visible = lesson.document.slice(lesson.scroll, lesson.scroll + rows)
  const lines = visible.map((text): Line => [{ text: '  ' }, { text }])
  if (lesson.document.length <= lesson.scroll + rows) return lines
  return [...lines.slice(0, rows - 1), [{ text: '  ▼ more: Space', tone: 'accent' }]]
}

/** One row under the shell where the lesson is out of sight: what is to be done. */
export function taskStrip(state: AppState): Line {
  const task = currentTask(state)
  if (state.lesson?.view == null) return []
  if (task === null)
    return [
      { text: ' ✓  ', tone: 'good' },
      { text: 'Nothing left to do here: Ctrl-O, then n', tone: 'dim' },
    ]
  const mark: Span = { text: ' ▸  ', tone: 'accent' }
  if (task.kind === 'goal') return [mark, ...inline(task.label)]
  const key: Span = { text: ' (^O, then a: answer)', tone: 'dim' }
  const room = state.size.columns - lineWidth([mark, key])
  const [first = [], ...more] = wrapLine(inline(task.ask.trim().replace(/\s+/g, ' ')), room - 2)
  return [mark, ...first, ...(more.length === 0 ? [] : [{ text: ' …' }]), key]
}
