/** Where a key goes: to an action, to the list on the screen, or to the shell. */
import type { InputEvent } from '../screen/decoder.ts'
import type { Action } from './actions.ts'
import { actionFor, contextOf } from './keymap.ts'
import { type AppState, choicesOf, type QuestionState } from './model.ts'

export type Destination =
  | { readonly to: 'reduce'; readonly action: Action }
  | { readonly to: 'list'; readonly text: string }
  | { readonly to: 'shell'; readonly event: InputEvent }
  | { readonly to: 'nowhere' }

const NOWHERE: Destination = { to: 'nowhere' }

export function destinationOf(state: AppState, event: InputEvent): Destination {
  const context = contextOf(state)
  if (event.kind === 'paste') {
    if (context === 'shell') return { to: 'shell', event }
    if (context === 'typing' || context === 'quiz-typing' || context === 'glossary')
      return { to: 'reduce', action: { kind: 'type', text: oneLine(event.text) } }
    return NOWHERE
  }
  const action = actionFor(context, event.name)
  if (action !== null) return { to: 'reduce', action }
  switch (context) {
    case 'shell':
      return { to: 'shell', event }
    case 'home':
    case 'quiz-menu':
      return listKey(event)
    case 'outcome':
      return /^[1-9]$/.test(event.name)
        ? { to: 'reduce', action: { kind: 'open-link', index: Number(event.name) - 1 } }
        : NOWHERE
    case 'choice':
    case 'several':
    case 'quiz-choice':
    case 'quiz-several':
    case 'quiz-order':
      return letterChoice(currentQuestion(state), event.name) ?? listKey(event)
    case 'typing':
    case 'quiz-typing':
    case 'glossary':
      return isPrintable(event) ? { to: 'reduce', action: { kind: 'type', text: event.text } } : NOWHERE
    case 'lesson':
    case 'sandbox':
      return isPrintable(event) ? { to: 'reduce', action: { kind: 'unbound', key: event.name } } : NOWHERE
    default:
      return NOWHERE
  }
}

export function currentQuestion(state: AppState): QuestionState | null {
  return (state.screen === 'quiz' ? state.quiz?.asked : state.lesson?.question) ?? null
}

/** What ink-select-input knows. */
function listKey({ name, text }: { readonly name: string; readonly text: string }): Destination {
  return /^(?:up|down|enter|j|k|[1-9])$/.test(name) ? { to: 'list', text: LIST_KEYS[name] ?? text } : NOWHERE
}

/** In the form that Ink reads, whatever the terminal sends. */
const LIST_KEYS: Readonly<Record<string, string>> = { up: '\u001b[A', down: '\u001b[B', enter: '\r' }

/** `a` is the first choice. Letters beyond the choices stay with the list (`j`, `k`). */
function letterChoice(question: QuestionState | null, key: string): Destination | null {
  if (question === null || !/^[a-z]$/i.test(key)) return null
  const index = key.toLowerCase().charCodeAt(0) - 0x61
  return index < choicesOf(question.form).length ? { to: 'reduce', action: { kind: 'choose', index } } : null
}

function isPrintable(event: { readonly text: string }): boolean {
  return event.text >= ' ' && event.text !== '\u007f' && !event.text.startsWith('\u001b')
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()
}
