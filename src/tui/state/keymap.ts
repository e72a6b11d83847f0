/** Which key does what, where. The status line and the help page are made from this table. */
import type { KeyName } from '../screen/keys.ts'
import type { Action } from './actions.ts'
import { type AppState, isTooSmall } from './model.ts'

export type Context =
  | 'small'
  | 'help'
  | 'confirm'
  | 'home'
  | 'lesson'
  | 'choice'
  | 'several'
  | 'typing'
  | 'result'
  | 'quiz-result'
  | 'outcome'
  | 'shell'
  | 'sandbox'
  | 'waiting'

export interface Binding {
  readonly keys: readonly KeyName[]
  readonly action: Action
  /** How it is called in the status line; no label: not shown there. */
  readonly label?: string
  /** How its key is written, when not as its name. */
  readonly shown?: string
  /** In the help page. */
  readonly help: string
}

const QUIT: Binding = {
  keys: ['ctrl+c', 'ctrl+d'],
  action: { kind: 'quit' },
  help: 'quit (everything is saved)',
}
const SUSPEND: Binding = {
  keys: ['ctrl+z'],
  action: { kind: 'suspend' },
  help: 'back to your own shell; fg returns',
}
const HELP: Binding = {
  keys: ['?', 'f1'],
  action: { kind: 'help' },
  label: 'help',
  shown: '?',
  help: 'this page',
}
const SWITCH: Binding = {
  keys: ['ctrl+o', 'f6', 'tab'],
  action: { kind: 'switch-focus' },
  label: 'shell',
  shown: '^O',
  help: 'to the shell (also F6, Tab)',
}

const SCROLLING: readonly Binding[] = [
  { keys: ['up', 'k'], action: { kind: 'scroll', by: 'line-up' }, help: 'scroll', shown: '↑ ↓' },
  { keys: ['down', 'j'], action: { kind: 'scroll', by: 'line-down' }, help: '' },
  {
    keys: ['pageup', 'b'],
    action: { kind: 'scroll', by: 'page-up' },
    help: 'scroll a page',
    shown: 'PgUp PgDn',
  },
  { keys: ['pagedown', 'space'], action: { kind: 'scroll', by: 'page-down' }, help: '' },
  { keys: ['home', 'g'], action: { kind: 'scroll', by: 'top' }, help: '' },
  { keys: ['end', 'G'], action: { kind: 'scroll', by: 'bottom' }, help: '' },
]

const LEAVE_QUESTION: Binding = {
  keys: ['escape'],
  action: { kind: 'back' },
  label: 'back to the text',
  shown: 'Esc',
  help: '',
}

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
    { keys: ['c'], action: { kind: 'check' }, help: 'look at the goals again', shown: 'c' },
    ...SCROLLING,
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: 'quit (everything is saved)', shown: '^C' },
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
  'quiz-result': [
    {
      keys: ['enter', 'space', 'n'],
      action: { kind: 'submit' },
      label: 'next question',
      shown: 'Enter',
      help: '',
    },
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'leave the quiz', shown: 'q', help: '' },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  outcome: [
    { keys: ['enter', 'n'], action: { kind: 'submit' }, label: 'another round', shown: 'Enter', help: '' },
    { keys: ['q', 'escape', 'space'], action: { kind: 'back' }, label: 'home', shown: 'q', help: '' },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  shell: [
    { ...SWITCH, keys: ['ctrl+o', 'f6'], label: 'lesson', help: 'to the lesson (also F6)' },
    { keys: ['f1'], action: { kind: 'help' }, label: 'help', shown: 'F1', help: 'this page' },
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
    { keys: ['r'], action: { kind: 'reset' }, label: 'reset', shown: 'r', help: 'a new world' },
    HELP,
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'home', shown: 'q', help: 'course map' },
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
  if (state.screen === 'sandbox') return state.focus === 'shell' ? 'shell' : 'sandbox'
  if (state.screen === 'quiz') return quizContext(state)
  if (state.focus === 'shell') return 'shell'
  const question = state.lesson?.question
  return question == null ? 'lesson' : questionContext(question)
}

function questionContext(question: NonNullable<NonNullable<AppState['lesson']>['question']>): Context {
  if (question.result !== null) return 'result'
  if (question.form.kind !== 'choice') return 'typing'
  return question.form.several ? 'several' : 'choice'
}

function quizContext({ quiz }: AppState): Context {
  if (quiz === null) return 'waiting'
  if (quiz.outcome !== null) return 'outcome'
  if (quiz.asked === null) return 'waiting'
  const context = questionContext(quiz.asked)
  return context === 'result' ? 'quiz-result' : context
}

/** The action of a key; null: it is for the list, the text field or the shell. */
export function actionFor(context: Context, key: KeyName): Action | null {
  return KEYMAP[context].find((binding) => binding.keys.includes(key))?.action ?? null
}
