/** Lessons and sandboxes: opened with what was saved of them; steps, goals, hints and answers asked of the course. */
import { proseWidth, shellSize } from '../layout.ts'
import type { LessonRun, StepView } from '../ports.ts'
import { readSaved } from '../progress/saved.ts'
import type { Effect } from '../state/actions.ts'
import { answered } from './answered.ts'
import type { EffectsPorts } from './ports.ts'
import type { Visit } from './visit.ts'

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>

export function openLesson({ id, step }: Of<'open-lesson'>, ports: EffectsPorts, visit: Visit): void {
  const { pane, snapshots, state } = ports
  // Opened from a quiz to read something up, it lets the quiz stand.
  if (state().quiz === null) visit.close()
  else visit.leave()
  pane.clear()
  const head = state().lessons.find((known) => known.id === id)
  const saved = readSaved(snapshots.load(id))
  const session = saved !== null && saved.step === head?.steps[step] ? saved.session : null
  const heard = visit.listener()
  visit.during(
    async () => (await ports.tutor()).openLesson(id, step, session, pane, shellSize(state()), heard),
    ({ run, view }) => {
      visit.lesson = run
      visit.opened(run.shell, id)
      entered(view, ports, visit)
    },
    ({ run }) => run.shell.close(),
  )
}

function entered(view: StepView, { dispatch }: EffectsPorts, visit: Visit): void {
  visit.stepId = view.id
  dispatch({ kind: 'step', view, entered: true })
}

export function openSandbox(
  { choice }: Of<'open-sandbox'>,
  ports: EffectsPorts,
  visit: Visit,
  isFresh = false,
): void {
  const { pane, snapshots, state, dispatch } = ports
  visit.close()
  pane.clear()
  const name = `sandbox-${choice.world}-${choice.engine}-${choice.seed}`
  if (isFresh) snapshots.remove(name)
  const saved = readSaved(snapshots.load(name))?.session ?? null
  const heard = visit.listener()
  visit.during(
    async () => (await ports.tutor()).openSandbox(choice, saved, pane, shellSize(state()), heard),
    (session) => {
      visit.opened(session, name)
      dispatch({ kind: 'sandbox-opened' })
    },
    (session) => session.close(),
  )
}

type LessonEffect = Of<'enter-step' | 'check' | 'reset-step' | 'answer' | 'hint' | 'solution'>

export function askLesson(effect: LessonEffect, run: LessonRun, ports: EffectsPorts, visit: Visit): void {
  const { dispatch } = ports
  const arrive = (view: StepView): void => entered(view, ports, visit)
  switch (effect.kind) {
    case 'enter-step':
      return visit.during(() => run.enter(effect.step), arrive)
    case 'check':
      return check(run, ports, visit, LOOK_AGAIN_MS)
    case 'reset-step':
      return visit.during(() => run.reset(), arrive)
    case 'answer':
      return visit.during(
        () => run.answer(effect.task, effect.answer),
        (result) => dispatch(answered(result, null, effect.shown)),
      )
    case 'hint':
      return visit.during(
        () => run.hint(effect.task),
        (text) =>
          dispatch({
            kind: 'note',
            note: text === null ? null : { kind: 'hint', number: effect.number, text },
          }),
      )
    case 'solution':
      return dispatch({ kind: 'note', note: { kind: 'solution', lines: run.solution(effect.task) } })
  }
}

/** What a line has started takes a while to listen: goals that do not hold yet are looked at again. */
const LOOK_AGAIN_MS = [600, 2_000]

function check(run: LessonRun, ports: EffectsPorts, visit: Visit, later: readonly number[]): void {
  visit.during(
    () => run.check(),
    (view) => {
      ports.dispatch({ kind: 'step', view, entered: false })
      const [next, ...rest] = later
      const isOpen = view.tasks.some((task) => task.kind === 'goal' && !task.done)
      if (next !== undefined && isOpen) visit.later(next, () => check(run, ports, visit, rest))
    },
  )
}

/** Markdown is not needed before the first lesson. */
export function renderProse({ state, dispatch }: EffectsPorts, visit: Visit): void {
  visit.during(
    () => import('../text/document.ts'),
    ({ documentOf }) => {
      const open = state().lesson
      if (open?.view == null) return
      dispatch({ kind: 'document', lines: documentOf(open.view, open.notes, proseWidth(state())) })
    },
  )
}
