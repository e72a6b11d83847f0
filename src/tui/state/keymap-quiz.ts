/** Which key does what in the quiz: its menu, its kinds of questions, its answers, its result. */
import { type Binding, HELP, IN_QUIZ, SUSPEND, SWITCH } from './bindings.ts'

export type QuizContext =
  | 'quiz-menu'
  | 'quiz-choice'
  | 'quiz-several'
  | 'quiz-order'
  | 'quiz-typing'
  | 'quiz-result'
  | 'outcome'

export const QUIZ_KEYS: Readonly<Record<QuizContext, readonly Binding[]>> = {
  'quiz-menu': [
    { keys: [], action: { kind: 'no' }, label: 'choose', shown: '↑↓', help: '' },
    { keys: [], action: { kind: 'no' }, label: 'start', shown: 'Enter', help: '' },
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'home', shown: 'q', help: '' },
    HELP,
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  'quiz-choice': [
    { keys: [], action: { kind: 'no' }, label: 'choose', shown: '↑↓ a–z 1–9', help: 'choose; Enter answers' },
    { keys: [], action: { kind: 'no' }, label: 'answer', shown: 'Enter', help: '' },
    ...IN_QUIZ,
  ],
  'quiz-several': [
    { keys: ['space'], action: { kind: 'tick' }, label: 'tick', shown: 'Space a–z', help: '' },
    { keys: ['enter'], action: { kind: 'submit' }, label: 'answer', shown: 'Enter', help: '' },
    ...IN_QUIZ,
  ],
  'quiz-order': [
    { keys: ['space'], action: { kind: 'tick' }, label: 'the next step', shown: 'Space a–z', help: '' },
    { keys: ['backspace', 'ctrl+h'], action: { kind: 'erase' }, label: 'take back', shown: '⌫', help: '' },
    { keys: ['enter'], action: { kind: 'submit' }, label: 'answer', shown: 'Enter', help: '' },
    ...IN_QUIZ,
  ],
  'quiz-typing': [
    { keys: ['enter'], action: { kind: 'submit' }, label: 'answer', shown: 'Enter', help: '' },
    { keys: ['backspace', 'ctrl+h'], action: { kind: 'erase' }, help: '' },
    { keys: ['ctrl+u'], action: { kind: 'erase-all' }, help: '' },
    ...IN_QUIZ,
  ],
  'quiz-result': [
    {
      keys: ['enter', 'space', 'n'],
      action: { kind: 'submit' },
      label: 'next question',
      shown: 'Enter',
      help: '',
    },
    {
      keys: ['o'],
      action: { kind: 'open-link', index: 0 },
      label: 'open the lesson',
      shown: 'o',
      help: 'open the step that teaches it; q comes back',
    },
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'leave', shown: 'q', help: '' },
    { keys: ['up', 'k'], action: { kind: 'scroll', by: 'line-up' }, help: '' },
    { keys: ['down', 'j'], action: { kind: 'scroll', by: 'line-down' }, help: '' },
    { keys: ['pageup', 'b'], action: { kind: 'scroll', by: 'page-up' }, help: '' },
    { keys: ['pagedown'], action: { kind: 'scroll', by: 'page-down' }, help: '' },
    { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
  outcome: [
    {
      keys: ['n', 'enter'],
      action: { kind: 'another-round' },
      label: 'another round',
      shown: 'n',
      help: 'another round',
    },
    { keys: [], action: { kind: 'no' }, label: 'open a step', shown: '1–9', help: 'open a step to repeat' },
    {
      keys: ['m'],
      action: { kind: 'export', format: 'md' },
      label: 'Markdown',
      shown: 'm',
      help: 'the result as a Markdown file',
    },
    {
      keys: ['j'],
      action: { kind: 'export', format: 'json' },
      label: 'JSON',
      shown: 'j',
      help: 'the result as a JSON file',
    },
    { keys: ['q', 'escape'], action: { kind: 'back' }, label: 'leave', shown: 'q', help: '' },
    { keys: ['up', 'k'], action: { kind: 'scroll', by: 'line-up' }, label: 'scroll', shown: '↑↓', help: '' },
    { keys: ['down'], action: { kind: 'scroll', by: 'line-down' }, help: '' },
    { keys: ['pageup', 'b'], action: { kind: 'scroll', by: 'page-up' }, help: '' },
    { keys: ['pagedown', 'space'], action: { kind: 'scroll', by: 'page-down' }, help: '' },
    { keys: ['home', 'g'], action: { kind: 'scroll', by: 'top' }, help: '' },
    { keys: ['end', 'G'], action: { kind: 'scroll', by: 'bottom' }, help: '' },
    { ...HELP },
    { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
    SUSPEND,
  ],
}
