/** Keys that mean the same on several screens. */
import type { KeyName } from '../screen/keys.ts'
import type { Action } from './actions.ts'

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

export const QUIT: Binding = {
  keys: ['ctrl+c', 'ctrl+d'],
  action: { kind: 'quit' },
  help: 'quit (everything is saved)',
}
export const SUSPEND: Binding = {
  keys: ['ctrl+z'],
  action: { kind: 'suspend' },
  help: 'back to your own shell; fg returns',
}
export const HELP: Binding = {
  keys: ['?', 'f1'],
  action: { kind: 'help' },
  label: 'help',
  shown: '?',
  help: 'this page',
}
export const SWITCH: Binding = {
  keys: ['ctrl+o', 'f6', 'tab'],
  action: { kind: 'switch-focus' },
  label: 'shell',
  shown: '^O',
  help: 'to the shell (also F6, Tab)',
}

export const SCROLLING: readonly Binding[] = [
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

export const MAP: Binding = {
  keys: ['m', 'f2'],
  action: { kind: 'side', pane: 'map' },
  label: 'map',
  shown: 'm',
  help: 'map of the world',
}
export const WALK: Binding = {
  keys: ['w', 'f3'],
  action: { kind: 'side', pane: 'walk' },
  label: 'walk',
  shown: 'w',
  help: 'packet walk of the last command',
}
export const WORDS: Binding = {
  keys: ['/', 'f4'],
  action: { kind: 'side', pane: 'glossary' },
  label: 'words',
  shown: '/',
  help: 'look a word up in the glossary',
}
export const PACKETS: readonly Binding[] = [
  {
    keys: ['['],
    action: { kind: 'other-packet', by: -1 },
    shown: '[ ]',
    help: 'packet before, packet after',
  },
  { keys: [']'], action: { kind: 'other-packet', by: 1 }, help: '' },
]

export const LEAVE_QUESTION: Binding = {
  keys: ['escape'],
  action: { kind: 'back' },
  label: 'back to the text',
  shown: 'Esc',
  help: '',
}

/** Around every question of the quiz. */
export const IN_QUIZ: readonly Binding[] = [
  {
    keys: ['ctrl+n'],
    action: { kind: 'skip' },
    label: 'later',
    shown: '^N',
    help: 'put it off to the end of the round',
  },
  { keys: ['escape'], action: { kind: 'back' }, label: 'leave', shown: 'Esc', help: '' },
  { ...SWITCH, keys: ['ctrl+o', 'f6', 'tab'] },
  { keys: ['pageup'], action: { kind: 'scroll', by: 'page-up' }, help: '' },
  { keys: ['pagedown'], action: { kind: 'scroll', by: 'page-down' }, help: '' },
  { keys: ['f1'], action: { kind: 'help' }, label: 'help', shown: 'F1', help: '' },
  { keys: ['ctrl+c'], action: { kind: 'quit' }, help: '' },
  SUSPEND,
]
