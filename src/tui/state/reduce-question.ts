/** Answering: choosing, ticking, typing; the same in a lesson and in the quiz. */
import type { Answer, QuestionView } from '../ports.ts'
import { lastScroll, windowRows } from '../text/question-lines.ts'
import type { Action, Effect } from './actions.ts'
import type { Step } from './go-home.ts'
import { currentQuestion } from './keys-to-actions.ts'
import { type AppState, isStepDone, type QuestionState } from './model.ts'
import { doneText, stepDoneEffects, withLesson } from './reduce-lesson.ts'
import { scrolled } from './scrolled.ts'

export function openQuestion(
  task: string,
  { ask, form, exhibit = null }: Pick<QuestionView, 'ask' | 'form'> & { readonly exhibit?: string | null },
): QuestionState {
  const empty = { typed: '', ticked: [], highlighted: 0, waiting: false, scroll: 0, result: null }
  return { task, ask, form, exhibit, ...empty }
}

export function askTask(state: AppState, question: QuestionView): Step {
  const { form } = question
  if (form.kind === 'choice' && form.choices.length === 0) {
    const text = 'Its answers are made from the world: reach the goals above it first.'
    return [{ ...state, notice: { tone: 'plain', text } }, []]
  }
  const asked = withLesson(state, { question: openQuestion(question.id, question) })
  return [{ ...asked, side: null, focus: 'main', notice: null }, []]
}

export function reduceQuestion(state: AppState, action: Action): Step {
  const question = currentQuestion(state)
  if (question === null) return [state, []]
  if (question.waiting && action.kind !== 'answered' && action.kind !== 'back') return [state, []]
  switch (action.kind) {
    case 'back':
      return [withLesson(state, { question: null }), []]
    case 'highlight':
      return [withQuestion(state, { highlighted: action.index }), []]
    case 'choose':
      return isSeveral(question)
        ? [toggle(state, question, action.index), []]
        : choose(state, question, action.index)
    case 'tick':
      return [toggle(state, question, question.highlighted), []]
    case 'type':
      return [withQuestion(state, { typed: (question.typed + action.text).slice(0, 200) }), []]
    case 'scroll': {
      const scroll = scrolled(question.scroll, action.by, windowRows(state), lastScroll(state, question))
      return [withQuestion(state, { scroll }), []]
    }
    case 'erase':
      if (question.form.kind === 'order')
        return [withQuestion(state, { ticked: question.ticked.slice(0, -1) }), []]
      return [withQuestion(state, { typed: [...question.typed].slice(0, -1).join('') }), []]
    case 'erase-all':
      return [withQuestion(state, { typed: '' }), []]
    case 'submit':
      return question.result === null ? submit(state, question) : leaveResult(state, question)
    case 'answered':
      return answered(state, question, action)
    default:
      return [state, []]
  }
}

export function withQuestion(state: AppState, change: Partial<QuestionState>): AppState {
  const question = currentQuestion(state)
  if (question === null) return state
  const next = { ...question, ...change }
  if (state.screen === 'quiz') return { ...state, quiz: { ...state.quiz!, asked: next } }
  return withLesson(state, { question: next })
}

function isSeveral({ form }: QuestionState): boolean {
  return form.kind === 'order' || (form.kind === 'choice' && form.several)
}

function toggle(state: AppState, question: QuestionState, index: number): AppState {
  const ticked = question.ticked.includes(index)
    ? question.ticked.filter((other) => other !== index)
    : [...question.ticked, index]
  if (question.form.kind === 'choice') ticked.sort((a, b) => a - b)
  // The pointer of the list stays where it is.
  return withQuestion(state, { ticked })
}

function choose(state: AppState, question: QuestionState, index: number): Step {
  if (question.form.kind !== 'choice' || question.result !== null) return [state, []]
  const shown = question.form.choices[index] ?? ''
  return send(state, question, { kind: 'chosen', indexes: [index] }, shown)
}

function submit(state: AppState, question: QuestionState): Step {
  if (question.form.kind === 'order') return submitOrder(state, question, question.form.steps)
  if (question.form.kind === 'choice') {
    const indexes = isSeveral(question) ? question.ticked : [question.highlighted]
    if (indexes.length === 0) return [{ ...state, notice: { tone: 'plain', text: 'Tick at least one.' } }, []]
    const { choices } = question.form
    return send(state, question, { kind: 'chosen', indexes }, indexes.map((i) => choices[i]).join(', '))
  }
  const text = question.typed.trim()
  if (text === '') return [{ ...state, notice: { tone: 'plain', text: 'Type an answer first.' } }, []]
  return send(state, question, { kind: 'typed', text }, text)
}

/** Enter takes the step that is pointed at, as long as one is missing. */
function submitOrder(state: AppState, question: QuestionState, steps: readonly string[]): Step {
  const { ticked, highlighted } = question
  if (ticked.length < steps.length) {
    if (!ticked.includes(highlighted)) return [toggle(state, question, highlighted), []]
    return [
      { ...state, notice: { tone: 'plain', text: 'Choose the next step: its letter, or ↑↓ and Enter.' } },
      [],
    ]
  }
  const shown = ticked.map((index, i) => `${i + 1}. ${steps[index]}`).join('; ')
  return send(state, question, { kind: 'chosen', indexes: ticked }, shown)
}

function send(state: AppState, question: QuestionState, answer: Answer, shown: string): Step {
  const effect: Effect =
    state.screen === 'quiz'
      ? { kind: 'quiz-answer', answer, shown }
      : { kind: 'answer', task: question.task, answer, shown }
  return [{ ...withQuestion(state, { waiting: true }), notice: null }, [effect]]
}

function answered(state: AppState, question: QuestionState, action: Action & { kind: 'answered' }): Step {
  const { answer, correct, reveal = null, link = null } = action
  const result = { ...action.result, answer, correct, reveal, link }
  const next = withQuestion(state, { waiting: false, scroll: 0, result })
  const lesson = state.lesson
  if (state.screen !== 'lesson' || lesson?.view == null) return [next, []]
  const place = { lesson: lesson.head.id, step: lesson.view.id, task: question.task }
  const said: Effect = { kind: 'record', event: { kind: 'answer', ...place, right: result.right } }
  if (!result.settled) return [next, [said]]
  const tasks = lesson.view.tasks.map((task) => (task.id === question.task ? { ...task, done: true } : task))
  const view = { ...lesson.view, tasks }
  const done = withLesson(next, { view })
  return [
    done,
    [
      said,
      { kind: 'record', event: { kind: 'task-done', ...place } },
      ...stepDoneEffects(done, view),
      { kind: 'check' },
      { kind: 'save' },
    ],
  ]
}

/** After the last answer back to the text, with the reason kept there; after another one the question again. */
function leaveResult(state: AppState, question: QuestionState): Step {
  const { result, ask } = question
  if (result?.settled !== true) return [withQuestion(state, { result: null, typed: '', ticked: [] }), []]
  const notes = state.lesson?.notes ?? []
  const text = result.why ?? result.say
  const note = text === null ? [] : [{ kind: 'reason', ask, text } as const]
  const closed = withLesson(state, { question: null, notes: [...notes, ...note] })
  const notice = isStepDone(closed) ? ({ tone: 'good', text: doneText(closed) } as const) : null
  return [{ ...closed, notice }, [{ kind: 'render' }]]
}
