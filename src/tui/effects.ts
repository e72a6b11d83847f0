/** Does what the reducer asks for: opens lessons, quizzes and sandboxes, asks the course, records progress, saves. */
import { askLesson, openLesson, openSandbox, renderProse } from './effects/lesson.ts'
import type { Effects, EffectsPorts } from './effects/ports.ts'
import { isQuizEffect, performQuiz } from './effects/quiz.ts'
import { sentence, Visit } from './effects/visit.ts'
import { layoutOf, shellSize } from './layout.ts'
import type { Effect } from './state/actions.ts'

export type { Effects, EffectsPorts, ProgressPort, SnapshotPort } from './effects/ports.ts'

export function createEffects(ports: EffectsPorts): Effects {
  const { pane, state } = ports
  const visit = new Visit(ports)
  return {
    perform: (effect) => perform(effect, ports, visit),
    input(event) {
      pane.follow()
      visit.input(event)
    },
    resized() {
      const size = shellSize(state())
      const now = pane.size()
      if (size.columns === now.columns && size.rows === now.rows) return
      pane.resize(size)
      visit.shell?.resize(size)
    },
    saveNow: () => visit.saveNow(),
  }
}

function perform(effect: Effect, ports: EffectsPorts, visit: Visit): void {
  if (isQuizEffect(effect)) return performQuiz(effect, ports, visit)
  switch (effect.kind) {
    case 'open-lesson':
      return openLesson(effect, ports, visit)
    case 'open-sandbox':
      return openSandbox(effect, ports, visit)
    case 'reset-sandbox': {
      const choice = ports.state().sandbox
      return choice === null ? undefined : openSandbox({ kind: 'open-sandbox', choice }, ports, visit, true)
    }
    case 'check': {
      const { lesson } = visit
      return visit.afterSave(() => {
        if (lesson !== null && lesson === visit.lesson) askLesson(effect, lesson, ports, visit)
      })
    }
    case 'enter-step':
    case 'reset-step':
    case 'answer':
    case 'hint':
    case 'solution':
      return visit.lesson === null ? undefined : askLesson(effect, visit.lesson, ports, visit)
    case 'render':
      return renderProse(ports, visit)
    case 'look':
      return look(ports, visit)
    case 'scroll-shell':
      return ports.pane.scroll(effect.pages)
    case 'record':
      return record(effect.event, ports)
    case 'save':
      return visit.save()
    case 'go':
      return ports.dispatch(effect.action)
    case 'count-due':
      return countDue(ports)
    case 'leave-lesson':
      return visit.leave()
    case 'close':
      return visit.close()
    case 'quit':
      visit.saveNow()
      return ports.quit()
    case 'suspend':
      return ports.suspend()
  }
}

function countDue({ progress, dispatch }: EffectsPorts): void {
  const reviews = progress.reviews()
  if (Object.keys(reviews).length === 0) return
  void import('../course/schedule.ts').then(({ dueQuestions }) =>
    dispatch({ kind: 'due', count: dueQuestions(reviews, Date.now()).length }),
  )
}

/** The pane that explains the world, if it is open. */
function look({ state, dispatch }: EffectsPorts, visit: Visit): void {
  const { side } = state()
  if (side === null || visit.shell === null) return
  const { kind, packet, word } = side
  const columns = (layoutOf(state()).side?.columns ?? 60) - 2
  dispatch({ kind: 'side-text', pane: kind, text: visit.shell.look({ kind, columns, packet, word }) })
}

function record(event: { readonly kind: string }, { progress, dispatch }: EffectsPorts): void {
  try {
    progress.record(event)
  } catch (error) {
    dispatch({ kind: 'notice', tone: 'bad', text: sentence(error) })
  }
  dispatch({ kind: 'marks', marks: progress.marks() })
}
