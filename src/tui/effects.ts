/**
 * Does what the reducer asks for: opens lessons, quizzes and sandboxes, asks the course, records progress, saves. What
 * comes back for a screen that the learner has left meanwhile is dropped.
 */

import { proseWidth, shellSize } from './layout.ts'
import type { AnswerResult, LessonRun, QuizRun, ShellSession, StepView, Tutor } from './ports.ts'
import type { Marks } from './progress/marks.ts'
import { readSaved, writeSaved } from './progress/saved.ts'
import type { InputEvent } from './screen/decoder.ts'
import type { ShellPane } from './screen/shell-pane.ts'
import type { Action, Effect } from './state/actions.ts'
import type { AppState } from './state/model.ts'

export interface ProgressPort {
  marks(): Marks
  record(event: { readonly kind: string; readonly [field: string]: unknown }): void
}

export interface SnapshotPort {
  load(name: string): string | null
  save(name: string, text: string): void
  remove(name: string): void
}

export interface EffectsPorts {
  readonly tutor: () => Promise<Tutor>
  readonly progress: ProgressPort
  readonly snapshots: SnapshotPort
  readonly pane: ShellPane
  readonly quit: () => void
  readonly suspend: () => void
  readonly state: () => AppState
  readonly dispatch: (action: Action) => void
}

export interface Effects {
  perform(effect: Effect): void
  /** Keys for the shell; those that come before it stands wait for it. */
  input(event: InputEvent): void
  resized(): void
  /** Saves at once what is open; for the way out. */
  saveNow(): void
}

/** Long enough for the prompt to be painted first. */
const SAVE_DELAY_MS = 20

export function createEffects(ports: EffectsPorts): Effects {
  const { pane, snapshots, dispatch, state } = ports
  let shell: ShellSession | null = null
  let lesson: LessonRun | null = null
  let quiz: QuizRun | null = null
  let saveName: string | null = null
  /** The step that the world stands at. */
  let stepId: string | null = null
  let typedAhead: InputEvent[] = []
  /** Changes whenever another screen is opened. */
  let visit = 0
  let saveTimer: ReturnType<typeof setTimeout> | null = null

  const say = (error: unknown): void => dispatch({ kind: 'failed', text: sentence(error) })

  /** Runs `work`; its result counts only while the learner is still there. */
  const during = <T>(
    work: () => Promise<T>,
    then: (result: T) => void,
    late: (result: T) => void = () => {},
  ): void => {
    const here = visit
    work().then(
      (result) => (here === visit ? then(result) : late(result)),
      (error: unknown) => (here === visit ? say(error) : undefined),
    )
  }

  const opened = (session: ShellSession, name: string): void => {
    shell = session
    saveName = name
    for (const event of typedAhead.splice(0)) session.input(event)
  }

  const saveNow = (): void => {
    if (saveTimer !== null) clearTimeout(saveTimer)
    saveTimer = null
    const text = shell?.snapshot() ?? null
    if (text === null || saveName === null) return
    snapshots.save(saveName, writeSaved({ step: stepId, session: text }))
  }

  /** The screen is saved with the world: what has been written has to stand on it first. */
  const saveWhenDrawn = (): void => {
    if (pane.pending() === 0) saveNow()
    else saveTimer = setTimeout(saveWhenDrawn, SAVE_DELAY_MS)
  }

  const close = (): void => {
    if (saveTimer !== null) saveNow()
    visit += 1
    shell?.close()
    shell = lesson = quiz = saveName = stepId = null
    typedAhead = []
  }

  const listener = () => {
    const here = visit
    return {
      onPrompt: () => (here === visit ? dispatch({ kind: 'prompt' }) : undefined),
      onEnd: () => (here === visit ? dispatch({ kind: 'shell-ended' }) : undefined),
    }
  }

  const entered = (view: StepView): void => {
    stepId = view.id
    dispatch({ kind: 'step', view, entered: true })
  }

  const openLesson = (id: string, step: number): void => {
    close()
    pane.clear()
    const head = state().lessons.find((known) => known.id === id)
    const saved = readSaved(snapshots.load(id))
    const session = saved !== null && saved.step === head?.steps[step] ? saved.session : null
    const heard = listener()
    during(
      async () => (await ports.tutor()).openLesson(id, step, session, pane, shellSize(state()), heard),
      ({ run, view }) => {
        lesson = run
        opened(run.shell, id)
        entered(view)
      },
      ({ run }) => run.shell.close(),
    )
  }

  const openSandbox = ({ choice }: Effect & { kind: 'open-sandbox' }, isFresh = false): void => {
    close()
    pane.clear()
    const name = `sandbox-${choice.world}-${choice.engine}-${choice.seed}`
    if (isFresh) snapshots.remove(name)
    const saved = readSaved(snapshots.load(name))?.session ?? null
    const heard = listener()
    during(
      async () => (await ports.tutor()).openSandbox(choice, saved, pane, shellSize(state()), heard),
      (session) => {
        opened(session, name)
        dispatch({ kind: 'sandbox-opened' })
      },
      (session) => session.close(),
    )
  }

  const nextQuestion = (run: QuizRun): void =>
    during(
      () => run.next(),
      (question) =>
        dispatch({ kind: 'quiz-question', question, outcome: question === null ? run.outcome() : null }),
    )

  const withLesson = (then: (run: LessonRun) => void): void => {
    if (lesson !== null) then(lesson)
  }

  const perform = (effect: Effect): void => {
    switch (effect.kind) {
      case 'open-lesson':
        return openLesson(effect.id, effect.step)
      case 'enter-step':
        return withLesson((run) => during(() => run.enter(effect.step), entered))
      case 'check':
        return withLesson((run) =>
          during(
            () => run.check(),
            (view) => dispatch({ kind: 'step', view, entered: false }),
          ),
        )
      case 'reset-step':
        return withLesson((run) => during(() => run.reset(), entered))
      case 'answer':
        return withLesson((run) =>
          during(
            () => run.answer(effect.task, effect.answer),
            (result) => dispatch(answered(result, null, effect.shown)),
          ),
        )
      case 'hint':
        return withLesson((run) =>
          during(
            () => run.hint(effect.task),
            (text) =>
              dispatch({
                kind: 'note',
                note: text === null ? null : { kind: 'hint', number: effect.number, text },
              }),
          ),
        )
      case 'solution':
        return withLesson((run) =>
          dispatch({ kind: 'note', note: { kind: 'solution', lines: run.solution(effect.task) } }),
        )
      case 'open-quiz':
        close()
        return during(
          async () => (await ports.tutor()).openQuiz(effect.options, ports.progress.marks().missed),
          (run) => {
            quiz = run
            nextQuestion(run)
          },
        )
      case 'next-question':
        return quiz === null ? undefined : nextQuestion(quiz)
      case 'quiz-answer': {
        const run = quiz
        if (run === null) return
        return during(
          () => run.answer(effect.answer),
          (result) => dispatch(answered(result, result.correct, effect.shown)),
        )
      }
      case 'open-sandbox':
        return openSandbox(effect)
      case 'reset-sandbox': {
        const choice = state().sandbox
        return choice === null ? undefined : openSandbox({ kind: 'open-sandbox', choice }, true)
      }
      case 'close':
        return close()
      case 'render':
        // Markdown is not needed before the first lesson.
        return during(
          () => import('./text/document.ts'),
          ({ documentOf }) => {
            const open = state().lesson
            if (open?.view == null) return
            dispatch({ kind: 'document', lines: documentOf(open.view, open.notes, proseWidth(state())) })
          },
        )
      case 'scroll-shell':
        return pane.scroll(effect.pages)
      case 'record':
        return record(effect.event)
      case 'save':
        saveTimer ??= setTimeout(saveWhenDrawn, SAVE_DELAY_MS)
        return
      case 'quit':
        saveNow()
        return ports.quit()
      case 'suspend':
        return ports.suspend()
    }
  }

  const record = (event: { readonly kind: string }): void => {
    try {
      ports.progress.record(event)
    } catch (error) {
      dispatch({ kind: 'notice', tone: 'bad', text: sentence(error) })
    }
    dispatch({ kind: 'marks', marks: ports.progress.marks() })
  }

  return {
    perform,
    input(event) {
      pane.follow()
      if (shell === null) typedAhead.push(event)
      else shell.input(event)
    },
    resized() {
      const size = shellSize(state())
      const now = pane.size()
      if (size.columns === now.columns && size.rows === now.rows) return
      pane.resize(size)
      shell?.resize(size)
    },
    saveNow,
  }
}

function answered(result: AnswerResult, correct: string | null, answer: string): Action {
  const { right, settled, say, why } = result
  return { kind: 'answered', result: { right, settled, say, why }, correct, answer }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
