/** The screen's one step: state and action give the next state and what is to be done. Pure. */
import { placeIn } from '../../course/progress.ts'
import type { Action } from './actions.ts'
import { goHome, type Step } from './go-home.ts'
import { homeItems } from './home-items.ts'
import type { AppState } from './model.ts'
import { reduceLesson } from './reduce-lesson.ts'
import { reduceQuestion } from './reduce-question.ts'
import { reduceQuiz } from './reduce-quiz.ts'
import { reduceSide } from './reduce-side.ts'

export function reduce(state: AppState, action: Action): Step {
  switch (action.kind) {
    case 'resize':
      return [{ ...state, size: action.size }, [{ kind: 'render' }, { kind: 'look' }]]
    case 'noted':
      return [state, [{ kind: 'record', event: action.event }]]
    case 'due':
      return [{ ...state, due: action.count }, []]
    case 'marks':
      return [{ ...state, marks: action.marks }, []]
    case 'notice':
      return [{ ...state, notice: { tone: action.tone, text: action.text } }, []]
    case 'failed':
      return failed(state, action.text)
    case 'help':
      return [{ ...state, help: !state.help }, []]
    case 'suspend':
      return [state, [{ kind: 'suspend' }]]
    case 'quit':
      return [state, [{ kind: 'save' }, { kind: 'quit' }]]
    case 'yes':
    case 'no':
      return confirmed(state, action.kind === 'yes')
    case 'open-lesson':
      return openLesson(state, action.id, action.step ?? null)
    case 'open-quiz':
    case 'open-quiz-menu':
      return reduceQuiz(state, action)
    case 'open-sandbox':
      return [
        {
          ...state,
          screen: 'sandbox',
          focus: 'shell',
          sandbox: action.choice,
          busy: 'Building the world',
          notice: null,
        },
        [{ kind: 'open-sandbox', choice: action.choice }],
      ]
    default:
      return onScreen(state, action)
  }
}

function onScreen(state: AppState, action: Action): Step {
  const aside = state.screen === 'lesson' || state.screen === 'sandbox' ? reduceSide(state, action) : null
  if (aside !== null) return aside
  if (action.kind === 'back' && isQuestionOpen(state)) return reduceQuestion(state, action)
  if (action.kind === 'back' && state.screen === 'quiz') return reduceQuiz(state, action)
  if (action.kind === 'back') return goHome(state)
  switch (state.screen) {
    case 'home':
      return reduceHome(state, action)
    case 'quiz':
      return reduceQuiz(state, action)
    case 'sandbox':
      return reduceSandbox(state, action)
    case 'lesson':
      return reduceLesson(state, action)
  }
}

function isQuestionOpen(state: AppState): boolean {
  return state.screen === 'lesson' && state.lesson?.question != null
}

function reduceHome(state: AppState, action: Action): Step {
  if (action.kind === 'highlight') return [{ ...state, selected: action.index, notice: null }, []]
  if (action.kind !== 'choose') return [state, []]
  const item = homeItems(state)[action.index]
  return item === undefined ? [state, []] : reduce({ ...state, selected: action.index }, item.action)
}

function openLesson(state: AppState, id: string, stepId: string | null): Step {
  const head = state.lessons.find((lesson) => lesson.id === id)
  if (head === undefined)
    return [{ ...state, notice: { tone: 'bad', text: `There is no lesson '${id}'.` } }, []]
  const step = Math.max(0, stepId === null ? placeIn(state.marks, head) : head.steps.indexOf(stepId))
  const opened: AppState = {
    ...state,
    screen: 'lesson',
    focus: 'main',
    lesson: { head, step, view: null, notes: [], document: [], scroll: 0, question: null },
    notice: null,
    busy: 'Building the world',
  }
  return [opened, [{ kind: 'open-lesson', id, step }]]
}

function reduceSandbox(state: AppState, action: Action): Step {
  switch (action.kind) {
    case 'switch-focus':
      return [{ ...state, focus: state.focus === 'shell' ? 'main' : 'shell', notice: null }, []]
    case 'sandbox-opened':
      return [{ ...state, busy: null }, [{ kind: 'look' }]]
    case 'prompt':
      return [state, [{ kind: 'save' }, { kind: 'look' }]]
    case 'shell-ended':
      return goHome(state)
    case 'reset':
      return [
        { ...state, confirm: { ask: 'Throw this world away and build a new one?', effect: 'reset-sandbox' } },
        [],
      ]
    case 'scroll-shell':
      return [state, [{ kind: 'scroll-shell', pages: action.pages }]]
    case 'unbound':
      return [{ ...state, notice: { tone: 'plain', text: 'Press Ctrl-O to type in the shell.' } }, []]
    default:
      return [state, []]
  }
}

function confirmed(state: AppState, yes: boolean): Step {
  const { confirm } = state
  const closed: AppState = { ...state, confirm: null }
  if (!yes || confirm === null) return [closed, []]
  return [{ ...closed, busy: 'Building the world', notice: null }, [{ kind: confirm.effect }]]
}

/** Something could not be done: where nothing is left to show, back home. */
function failed(state: AppState, text: string): Step {
  const said: AppState = { ...state, busy: null, notice: { tone: 'bad', text } }
  const isEmpty =
    (state.screen === 'lesson' && state.lesson?.view === null) ||
    (state.screen === 'sandbox' && state.busy !== null) ||
    (state.screen === 'quiz' && state.quiz?.question == null && state.quiz?.menu == null)
  if (!isEmpty) return [said, []]
  const [home, effects] = goHome(said)
  return [{ ...home, notice: said.notice }, effects]
}
