/** Which key does what, where. The status line and the help page are made from this table. */
import type { KeyName } from '../screen/keys.ts'
import type { Action } from './actions.ts'
import {
  type Binding,
  HELP,
  LEAVE_QUESTION,
  MAP,
  PACKETS,
  QUIT,
  SCROLLING,
  SUSPEND,
  SWITCH,
  WALK,
  WORDS,
} from './bindings.ts'
import { QUIZ_KEYS, type QuizContext } from './keymap-quiz.ts'
import { type AppState, isTooSmall } from './model.ts'

export type { Binding } from './bindings.ts'

export type Context =
  | 'small'
  | 'help'
  | 'confirm'
  | 'home'
  | 'lesson'
  | 'glossary'
  | 'choice'
  | 'several'
  | 'typing'
  | 'result'
  | QuizContext
  | 'shell'
  | 'sandbox'
  | 'waiting'
export const KEYMAP: Readonly<Record<Context, readonly Binding[]>> = {
  small: [{ ...QUIT, keys: ['ctrl+c', 'ctrl+d', 'q'] }, SUSPEND],
  help: [
    {
      keys: ['escape', 'q', '?', 'f1', 'enter', 'space'],
      action: { kind: 'help' },
      label: 'close',
      shown: 'Esc',
      help: '',
    },
    QUIT,
    SUSPEND,
  ],
  confirm: [
    { keys: ['y', 'Y'], action: { kind: 'yes' }, label: 'yes', shown: 'y', help: '' },
    { keys: ['n', 'N', 'escape', 'q'], action: { kind: 'no' }, label: 'no', shown: 'n', help: '' },
    QUIT,
  ],
  home: [
    // The list itself knows arrows, digits and Enter.
    { keys: [], action: { kind: 'no' }, label: 'choose', shown: '↑↓', help: 'choose (also j, k)' },
    { keys: [], action: { kind: 'no' }, label: 'open', shown: 'Enter', help: 'open; a digit opens at once' },
    HELP,
    {
      keys: ['q', 'escape'],
      action: { kind: 'quit' },
      label: 'quit',
      shown: 'q',
      help: 'quit (everything is saved)',
    },
    QUIT,
    SUSPEND,
  ],
  // The most wanted first: where there is no room, the last ones are left out.
  lesson: [
    SWITCH,
    {
      keys: ['n', 'right', 'l'],
      action: { kind: 'next-step' },
      label: 'next',
      shown: 'n',
      help: 'next step (an open one may be skipped)',
    },
    {
      keys: ['a', 'enter'],
      action: { kind: 'ask' },
      label: 'answer',
      shown: 'a',
      help: 'answer the question (also Enter)',
    },
    {
      keys: ['h'],
      action: { kind: 'hint' },
      label: 'hint',
      shown: 'h',
      help: 'a hint; again for the next one',
    },
    HELP,
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'home', shown: 'q', help: 'course map' },
    {
      keys: ['p', 'left'],
      action: { kind: 'previous-step' },
      label: 'back',
      shown: 'p',
      help: 'step before',
    },
    { keys: ['s'], action: { kind: 'solution' }, label: 'solution', shown: 's', help: 'show a solution' },
    {
      keys: ['r'],
      action: { kind: 'reset' },
      label: 'reset',
      shown: 'r',
      help: 'the step from its beginning',
    },
    MAP,
    WALK,
    WORDS,
    ...PACKETS,
    { keys: ['c'], action: { kind: 'check' }, help: 'look at the goals again', shown: 'c' },
    ...SCROLLING,
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: 'quit (everything is saved)', shown: '^C' },
    SUSPEND,
  ],
  glossary: [
    { keys: [], action: { kind: 'no' }, label: 'type a word', shown: 'a–z', help: '' },
    { keys: ['backspace', 'ctrl+h'], action: { kind: 'erase' }, help: '' },
    { keys: ['ctrl+u'], action: { kind: 'erase-all' }, help: '' },
    { keys: ['up'], action: { kind: 'scroll', by: 'line-up' }, label: 'scroll', shown: '↑↓', help: '' },
    { keys: ['down'], action: { kind: 'scroll', by: 'line-down' }, help: '' },
    { keys: ['pageup'], action: { kind: 'scroll', by: 'page-up' }, help: '' },
    { keys: ['pagedown'], action: { kind: 'scroll', by: 'page-down' }, help: '' },
    { keys: ['escape', 'f4', 'enter'], action: { kind: 'back' }, label: 'close', shown: 'Esc', help: '' },
    { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
    { ...HELP, keys: ['f1'], shown: 'F1' },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  choice: [
    { keys: [], action: { kind: 'no' }, label: 'choose', shown: '↑↓ a–z 1–9', help: '' },
    { keys: [], action: { kind: 'no' }, label: 'answer', shown: 'Enter', help: '' },
    LEAVE_QUESTION,
    { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  several: [
    { keys: ['space'], action: { kind: 'tick' }, label: 'tick', shown: 'Space a–z', help: '' },
    { keys: [], action: { kind: 'no' }, label: 'choose', shown: '↑↓', help: '' },
    { keys: ['enter'], action: { kind: 'submit' }, label: 'answer', shown: 'Enter', help: '' },
    LEAVE_QUESTION,
    { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  typing: [
    { keys: ['enter'], action: { kind: 'submit' }, label: 'answer', shown: 'Enter', help: '' },
    { keys: ['backspace', 'ctrl+h'], action: { kind: 'erase' }, help: '' },
    { keys: ['ctrl+u'], action: { kind: 'erase-all' }, help: '' },
    LEAVE_QUESTION,
    { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
    { ...HELP, keys: ['f1'], shown: 'F1' },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  result: [
    {
      keys: ['enter', 'space', 'escape', 'n', 'q'],
      action: { kind: 'submit' },
      label: 'go on',
      shown: 'Enter',
      help: '',
    },
    { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  ...QUIZ_KEYS,
  shell: [
    { ...SWITCH, keys: ['ctrl+o', 'f6'], label: 'lesson', help: 'to the lesson (also F6)' },
    { keys: ['f1'], action: { kind: 'help' }, label: 'help', shown: 'F1', help: 'this page' },
    { ...MAP, keys: ['f2'], shown: 'F2', help: 'map of the world' },
    { ...WALK, keys: ['f3'], shown: 'F3' },
    { ...WORDS, keys: ['f4'], shown: 'F4' },
    {
      keys: [],
      action: { kind: 'no' },
      label: 'complete',
      shown: 'Tab',
      help: 'complete a command, an option, a name',
    },
    {
      keys: [],
      action: { kind: 'no' },
      label: 'history',
      shown: '↑ ^R',
      help: 'earlier lines; search in them',
    },
    { keys: [], action: { kind: 'no' }, label: 'stop', shown: '^C', help: 'stop what runs' },
    {
      keys: ['shift+pageup', 'pageup'],
      action: { kind: 'scroll-shell', pages: -1 },
      label: 'scroll',
      shown: 'PgUp',
      help: 'scroll back',
    },
    { keys: ['shift+pagedown', 'pagedown'], action: { kind: 'scroll-shell', pages: 1 }, help: '' },
  ],
  sandbox: [
    { ...SWITCH, help: 'to the shell (also F6, Tab)' },
    MAP,
    WALK,
    WORDS,
    { keys: ['r'], action: { kind: 'reset' }, label: 'reset', shown: 'r', help: 'a new world' },
    HELP,
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'home', shown: 'q', help: 'course map' },
    ...PACKETS,
    ...SCROLLING,
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: 'quit (everything is saved)', shown: '^C' },
    SUSPEND,
  ],
  waiting: [
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'home', shown: 'q', help: '' },
    QUIT,
    SUSPEND,
  ],
}

export function contextOf(state: AppState): Context {
  if (isTooSmall(state.size)) return 'small'
  if (state.help) return 'help'
  if (state.confirm !== null) return 'confirm'
  if (state.screen === 'home') return 'home'
  if (state.side?.kind === 'glossary' && state.focus === 'main') return 'glossary'
  if (state.screen === 'sandbox') return state.focus === 'shell' ? 'shell' : 'sandbox'
  if (state.screen === 'quiz') return state.focus === 'shell' ? 'shell' : quizContext(state)
  if (state.focus === 'shell') return 'shell'
  const question = state.lesson?.question
  return question == null ? 'lesson' : questionContext(question)
}

function questionContext(question: NonNullable<NonNullable<AppState['lesson']>['question']>): Context {
  if (question.result !== null) return 'result'
  if (question.form.kind === 'order') return 'several'
  if (question.form.kind !== 'choice') return 'typing'
  return question.form.several ? 'several' : 'choice'
}

function quizContext({ quiz }: AppState): Context {
  if (quiz === null) return 'waiting'
  if (quiz.menu !== null) return 'quiz-menu'
  if (quiz.outcome !== null) return 'outcome'
  if (quiz.asked === null) return 'waiting'
  const { result, form } = quiz.asked
  if (result !== null) return 'quiz-result'
  if (form.kind === 'order') return 'quiz-order'
  if (form.kind !== 'choice') return 'quiz-typing'
  return form.several ? 'quiz-several' : 'quiz-choice'
}

/** The action of a key; null: it is for the list, the text field or the shell. */
export function actionFor(context: Context, key: KeyName): Action | null {
  return KEYMAP[context].find((binding) => binding.keys.includes(key))?.action ?? null
}
