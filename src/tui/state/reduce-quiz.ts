/** The quiz: a menu, one question after another, then the result. */
import type { QuizOptions } from '../ports.ts'
import { windowRows } from '../text/question-lines.ts'
import { resultDocument } from '../text/quiz-lines.ts'
import type { Action, Effect } from './actions.ts'
import { goHome, type Step } from './go-home.ts'
import { DEFAULT_QUIZ } from './home-items.ts'
import type { AppState, QuizState } from './model.ts'
import { quizMenuItems } from './quiz-menu.ts'
import { openQuestion, reduceQuestion } from './reduce-question.ts'
import { scrolled } from './scrolled.ts'

const EMPTY: Omit<QuizState, 'options'> = {
  question: null,
  asked: null,
  right: 0,
  wrong: 0,
  outcome: null,
  menu: null,
  selected: 0,
  fromMenu: false,
  secondsLeft: null,
  shell: false,
  scroll: 0,
}

export function reduceQuiz(state: AppState, action: Action): Step {
  if (action.kind === 'open-quiz') return openQuiz(state, action.options, state.quiz?.menu != null)
  if (action.kind === 'open-quiz-menu') return openMenu(state)
  const { quiz } = state
  if (quiz === null) return [state, []]
  if (action.kind === 'quiz-menu')
    return [{ ...state, busy: null, due: action.menu.due, quiz: { ...quiz, menu: action.menu } }, []]
  if (quiz.menu !== null) return reduceMenu(state, quiz, action)
  if (quiz.outcome !== null) return reduceOutcome(state, quiz, action)
  return reduceRound(state, quiz, action)
}

function openQuiz(state: AppState, options: QuizOptions, fromMenu: boolean): Step {
  const opened: AppState = {
    ...state,
    screen: 'quiz',
    focus: 'main',
    quiz: { ...EMPTY, options, fromMenu, selected: state.quiz?.selected ?? 0 },
    notice: null,
    busy: 'Shuffling the questions',
  }
  return [opened, [{ kind: 'open-quiz', options }]]
}

function openMenu(state: AppState): Step {
  const quiz: QuizState = { ...EMPTY, options: DEFAULT_QUIZ, selected: state.quiz?.selected ?? 0 }
  const opened: AppState = {
    ...state,
    screen: 'quiz',
    focus: 'main',
    quiz,
    notice: null,
    busy: 'Looking what is due',
  }
  return [opened, [{ kind: 'open-quiz-menu' }]]
}

function reduceMenu(state: AppState, quiz: QuizState, action: Action): Step {
  switch (action.kind) {
    case 'highlight':
      return [{ ...state, notice: null, quiz: { ...quiz, selected: action.index } }, []]
    case 'choose': {
      const item = quizMenuItems(quiz.menu!)[action.index]
      if (item === undefined) return [state, []]
      return openQuiz({ ...state, quiz: { ...quiz, selected: action.index } }, item.options, true)
    }
    case 'back':
      return goHome(state)
    default:
      return [state, []]
  }
}

function reduceOutcome(state: AppState, quiz: QuizState, action: Action): Step {
  const outcome = quiz.outcome!
  switch (action.kind) {
    case 'another-round':
      return openQuiz(state, quiz.options, quiz.fromMenu)
    case 'open-link': {
      const link = outcome.repeat[action.index]
      return link === undefined ? [state, []] : openLink(state, link)
    }
    case 'export':
      return [state, [{ kind: 'export-quiz', format: action.format, file: null }]]
    case 'scroll': {
      const rows = windowRows(state)
      const end = Math.max(0, resultDocument(state).length - rows)
      return [{ ...state, quiz: { ...quiz, scroll: scrolled(quiz.scroll, action.by, rows, end) } }, []]
    }
    case 'back':
      return leave(state, quiz)
    default:
      return [state, []]
  }
}

function openLink(state: AppState, { lesson, step }: { lesson: string; step: string }): Step {
  const head = state.lessons.find(({ id }) => id === lesson)
  if (head === undefined)
    return [{ ...state, notice: { tone: 'bad', text: `There is no lesson '${lesson}'.` } }, []]
  return [state, [{ kind: 'go', action: { kind: 'open-lesson', id: lesson, step } }]]
}

function leave(state: AppState, quiz: QuizState): Step {
  return quiz.fromMenu ? openMenu({ ...state, quiz }) : goHome(state)
}

function reduceRound(state: AppState, quiz: QuizState, action: Action): Step {
  switch (action.kind) {
    case 'quiz-question':
      return questionArrived(state, quiz, action)
    case 'clock': {
      const ticked: AppState = { ...state, quiz: { ...quiz, secondsLeft: action.secondsLeft } }
      return [ticked, action.secondsLeft > 0 ? [] : [{ kind: 'finish-quiz' }]]
    }
    case 'answered':
      return answered(state, quiz, action)
    case 'skip':
      return skip(state, quiz)
    case 'open-link': {
      const link = quiz.asked?.result?.link
      return link == null ? [state, []] : openLink(state, link)
    }
    case 'submit':
      if (quiz.asked?.result != null)
        return [{ ...state, busy: 'Next question' }, [{ kind: 'next-question' }]]
      return reduceQuestion(state, action)
    case 'switch-focus':
      if (!quiz.shell) return [state, []]
      return [{ ...state, focus: state.focus === 'shell' ? 'main' : 'shell', notice: null }, []]
    case 'shell-ended':
      return [{ ...state, focus: 'main' }, []]
    case 'scroll-shell':
      return [state, [{ kind: 'scroll-shell', pages: action.pages }]]
    case 'back':
      return leaveRound(state, quiz)
    default:
      return reduceQuestion(state, action)
  }
}

/** An exam that is left is over, and has a result. */
function leaveRound(state: AppState, quiz: QuizState): Step {
  if (!quiz.options.exam || quiz.question === null) return leave(state, quiz)
  const ask = 'Hand it in? Open questions count as wrong.'
  return [{ ...state, confirm: { ask, effect: 'finish-quiz' } }, []]
}

function skip(state: AppState, quiz: QuizState): Step {
  if (quiz.asked === null || quiz.asked.result !== null || quiz.asked.waiting) return [state, []]
  const notice = { tone: 'plain', text: 'It comes again at the end of the round.' } as const
  return [{ ...state, notice }, [{ kind: 'skip-question' }]]
}

function questionArrived(
  state: AppState,
  quiz: QuizState,
  { question, outcome, secondsLeft = null, tally }: Action & { kind: 'quiz-question' },
): Step {
  const asked = question === null ? null : openQuestion('', question)
  const shell = question?.shell === true
  const next: AppState = {
    ...state,
    focus: 'main',
    busy: null,
    confirm: null,
    quiz: { ...quiz, ...tally, question, asked, outcome, shell, secondsLeft, scroll: 0 },
  }
  if (question !== null) return [next, shell ? [{ kind: 'open-quiz-shell' }] : []]
  const { exportTo } = quiz.options
  if (outcome === null) return [next, []]
  const summary = { right: outcome.right, count: outcome.count, passed: outcome.passed }
  const effects: Effect[] =
    outcome.mode === 'exam' ? [{ kind: 'record', event: { kind: 'exam', ...summary } }] : []
  if (exportTo !== null) {
    const format = exportTo.endsWith('.json') ? 'json' : 'md'
    effects.push({ kind: 'export-quiz', format, file: exportTo })
  }
  return [{ ...next, notice: null }, effects]
}

function answered(state: AppState, quiz: QuizState, action: Action & { kind: 'answered' }): Step {
  const [next, effects] = reduceQuestion(state, action)
  const { right } = action.result
  const counted = { ...next.quiz!, right: quiz.right + (right ? 1 : 0), wrong: quiz.wrong + (right ? 0 : 1) }
  return [{ ...next, focus: 'main', quiz: counted }, effects]
}
