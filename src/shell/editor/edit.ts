/** What each key does to the line. readline(3) "EDITING COMMANDS": emacs keys, kill ring, history, Ctrl-R, paste. */
import { type EditorState, lineText, split } from './state.ts'

export type EditorEvent =
  | { readonly kind: 'key'; readonly name: string; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }

export type EditorAction =
  | { readonly kind: 'none' | 'bell' | 'interrupt' | 'end' | 'clear' }
  | { readonly kind: 'submit'; readonly text: string }
  /** `again`: Tab was the key before too: show the candidates. */
  | { readonly kind: 'complete'; readonly again: boolean }

export interface Edited {
  readonly state: EditorState
  readonly action: EditorAction
}

const NONE: EditorAction = { kind: 'none' }
const BELL: EditorAction = { kind: 'bell' }
const MOST_KILLS = 20
const MOST_UNDO = 200

export function editLine(state: EditorState, event: EditorEvent): Edited {
  if (event.kind === 'paste')
    return { state: insert(endSearch(state), event.text.replace(/\r\n?/g, '\n')), action: NONE }
  if (state.search !== null) {
    const found = searchKey(state, event.name, event.text)
    if (found !== null) return found
    return editLine(endSearch(state), event)
  }
  const command = COMMANDS[event.name]
  if (command !== undefined) return command(state)
  if (event.text >= ' ' && !event.text.startsWith('\x1b') && event.text !== '\x7f') {
    return { state: insert(state, event.text), action: NONE }
  }
  return { state, action: NONE }
}

type EditorCommand = (state: EditorState) => Edited

function moved(state: EditorState, cursor: number): Edited {
  const at = Math.max(0, Math.min(state.characters.length, cursor))
  return { state: { ...state, cursor: at, lastAction: 'other' }, action: at === state.cursor ? BELL : NONE }
}

function changed(state: EditorState, characters: readonly string[], cursor: number): EditorState {
  const undo = [...state.undo.slice(-MOST_UNDO), { text: lineText(state), cursor: state.cursor }]
  return { ...state, characters, cursor, undo, lastAction: 'other', yanked: null }
}

export function insert(state: EditorState, text: string): EditorState {
  const before = state.characters.slice(0, state.cursor).join('') + text
  const first = split(before)
  return changed(state, [...first, ...state.characters.slice(state.cursor)], first.length)
}

/** Puts a text in place of what stands between two characters. */
export function replaceRange(state: EditorState, from: number, to: number, text: string): EditorState {
  const inserted = split(text)
  const characters = [...state.characters.slice(0, from), ...inserted, ...state.characters.slice(to)]
  return changed(state, characters, from + inserted.length)
}

function remove(state: EditorState, from: number, to: number): Edited {
  if (from >= to) return { state, action: BELL }
  const characters = [...state.characters.slice(0, from), ...state.characters.slice(to)]
  return { state: changed(state, characters, from), action: NONE }
}

/** Kills in a row make one text. */
function kill(state: EditorState, from: number, to: number): Edited {
  if (from >= to) return { state: { ...state, lastAction: 'kill' }, action: BELL }
  const text = state.characters.slice(from, to).join('')
  const joins = state.lastAction === 'kill' && state.kills.length > 0
  const last = state.kills.at(-1) ?? ''
  const kills = joins
    ? [...state.kills.slice(0, -1), to <= state.cursor ? text + last : last + text]
    : [...state.kills.slice(1 - MOST_KILLS), text]
  const { state: next } = remove(state, from, to)
  return { state: { ...next, kills, lastAction: 'kill' }, action: NONE }
}

const isWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character)

function wordLeft({ characters, cursor }: EditorState, test = isWord): number {
  let at = cursor
  while (at > 0 && !test(characters[at - 1])) at--
  while (at > 0 && test(characters[at - 1])) at--
  return at
}

function wordRight({ characters, cursor }: EditorState): number {
  let at = cursor
  while (at < characters.length && !isWord(characters[at])) at++
  while (at < characters.length && isWord(characters[at])) at++
  return at
}

const isDark = (character: string | undefined): boolean => character !== undefined && !/\s/.test(character)

function yank(state: EditorState): Edited {
  const text = state.kills.at(-1)
  if (text === undefined) return { state, action: BELL }
  const next = insert(state, text)
  const yanked = { from: state.cursor, to: next.cursor, index: state.kills.length - 1 }
  return { state: { ...next, lastAction: 'yank', yanked }, action: NONE }
}

function yankOlder(state: EditorState): Edited {
  const { yanked, kills } = state
  if (yanked === null || state.lastAction !== 'yank') return { state, action: BELL }
  const index = (yanked.index - 1 + kills.length) % kills.length
  const next = replaceRange(state, yanked.from, yanked.to, kills[index]!)
  return {
    state: { ...next, lastAction: 'yank', yanked: { from: yanked.from, to: next.cursor, index } },
    action: NONE,
  }
}

function showLine(state: EditorState, text: string): EditorState {
  const characters = split(text)
  return { ...state, characters, cursor: characters.length, lastAction: 'other', yanked: null }
}

function toHistory(state: EditorState, index: number): Edited {
  if (index < 0 || index > state.history.length || index === state.historyIndex)
    return { state, action: BELL }
  const draft = state.historyIndex === state.history.length ? lineText(state) : state.draft
  const text = index === state.history.length ? draft : state.history[index]!
  return { state: { ...showLine(state, text), draft, historyIndex: index }, action: NONE }
}

function transpose(state: EditorState): Edited {
  const at = Math.min(state.cursor, state.characters.length - 1)
  if (at < 1) return { state, action: BELL }
  const text = state.characters[at]! + state.characters[at - 1]!
  return { state: replaceRange(state, at - 1, at + 1, text), action: NONE }
}

function changeWord(state: EditorState, change: (text: string) => string): Edited {
  const end = wordRight(state)
  const text = state.characters.slice(state.cursor, end).join('')
  return { state: replaceRange(state, state.cursor, end, change(text)), action: NONE }
}

const capitalized = (text: string): string =>
  text.toLowerCase().replace(/[\p{L}\p{N}]/u, (first) => first.toUpperCase())

function undo(state: EditorState): Edited {
  const last = state.undo.at(-1)
  if (last === undefined) return { state, action: BELL }
  return {
    state: { ...showLine(state, last.text), cursor: last.cursor, undo: state.undo.slice(0, -1) },
    action: NONE,
  }
}

function lastArgument(state: EditorState): Edited {
  const word = state.history.at(-1)?.trim().split(/\s+/).at(-1)
  return word === undefined ? { state, action: BELL } : { state: insert(state, word), action: NONE }
}

const act =
  (kind: 'interrupt' | 'end' | 'clear'): EditorCommand =>
  (state) => ({ state, action: { kind } })
const submit: EditorCommand = (state) => ({ state, action: { kind: 'submit', text: lineText(state) } })
const left: EditorCommand = (state) => moved(state, state.cursor - 1)
const right: EditorCommand = (state) => moved(state, state.cursor + 1)
const home: EditorCommand = (state) => ({ ...moved(state, 0), action: NONE })
const end: EditorCommand = (state) => ({ ...moved(state, state.characters.length), action: NONE })
const rubOut: EditorCommand = (state) => remove(state, Math.max(0, state.cursor - 1), state.cursor)
const removeNext: EditorCommand = (state) =>
  remove(state, state.cursor, Math.min(state.characters.length, state.cursor + 1))
const older: EditorCommand = (state) => toHistory(state, state.historyIndex - 1)
const newer: EditorCommand = (state) => toHistory(state, state.historyIndex + 1)
const back: EditorCommand = (state) => moved(state, wordLeft(state))
const forth: EditorCommand = (state) => moved(state, wordRight(state))
const killBack: EditorCommand = (state) => kill(state, wordLeft(state), state.cursor)
const complete: EditorCommand = (state) => ({
  state: { ...state, lastAction: 'complete' },
  action: { kind: 'complete', again: state.lastAction === 'complete' },
})
const startSearch: EditorCommand = (state) => ({
  state: {
    ...state,
    search: { query: '', index: state.history.length, failed: false, before: lineText(state) },
  },
  action: NONE,
})

const COMMANDS: Readonly<Record<string, EditorCommand>> = {
  enter: submit,
  'ctrl+j': submit,
  'ctrl+m': submit,
  left,
  right,
  home,
  end,
  up: older,
  down: newer,
  'ctrl+a': home,
  'ctrl+e': end,
  'ctrl+b': left,
  'ctrl+f': right,
  'ctrl+p': older,
  'ctrl+n': newer,
  backspace: rubOut,
  'ctrl+h': rubOut,
  delete: removeNext,
  'ctrl+d': (state) =>
    state.characters.length === 0 ? { state, action: { kind: 'end' } } : removeNext(state),
  'ctrl+c': act('interrupt'),
  'ctrl+l': act('clear'),
  'ctrl+k': (state) => kill(state, state.cursor, state.characters.length),
  'ctrl+u': (state) => kill(state, 0, state.cursor),
  'ctrl+w': (state) => kill(state, wordLeft(state, isDark), state.cursor),
  'alt+backspace': killBack,
  'ctrl+backspace': killBack,
  'alt+d': (state) => kill(state, state.cursor, wordRight(state)),
  'alt+b': back,
  'ctrl+left': back,
  'alt+left': back,
  'alt+f': forth,
  'ctrl+right': forth,
  'alt+right': forth,
  'ctrl+y': yank,
  'alt+y': yankOlder,
  'ctrl+t': transpose,
  'ctrl+_': undo,
  'ctrl+/': undo,
  'alt+u': (state) => changeWord(state, (text) => text.toUpperCase()),
  'alt+l': (state) => changeWord(state, (text) => text.toLowerCase()),
  'alt+c': (state) => changeWord(state, capitalized),
  'alt+.': lastArgument,
  'alt+_': lastArgument,
  'alt+<': (state) => toHistory(state, 0),
  'alt+>': (state) => toHistory(state, state.history.length),
  tab: complete,
  'ctrl+i': complete,
  'ctrl+r': startSearch,
}

/** Keys of the incremental search; null: the key ends it and does what it usually does. */
function searchKey(state: EditorState, name: string, text: string): Edited | null {
  const search = state.search!
  if (name === 'ctrl+r') return { state: find(state, search.query, search.index - 1), action: NONE }
  if (name === 'backspace' || name === 'ctrl+h') {
    return { state: find(state, search.query.slice(0, -1), state.history.length - 1), action: NONE }
  }
  if (name === 'ctrl+g' || name === 'ctrl+c') {
    const back = { ...showLine(state, search.before), search: null }
    return { state: back, action: name === 'ctrl+c' ? { kind: 'interrupt' } : NONE }
  }
  if (name === 'escape') return { state: endSearch(state), action: NONE }
  if (COMMANDS[name] === undefined && text >= ' ' && !text.startsWith('\x1b') && text !== '\x7f') {
    return {
      state: find(state, search.query + text, Math.min(search.index, state.history.length - 1)),
      action: NONE,
    }
  }
  return null
}

function find(state: EditorState, query: string, from: number): EditorState {
  const search = state.search!
  if (query === '') return { ...state, search: { ...search, query, failed: false } }
  for (let index = from; index >= 0; index--) {
    const line = state.history[index]!
    const at = line.lastIndexOf(query)
    if (at === -1) continue
    const shown = showLine(state, line)
    return {
      ...shown,
      cursor: split(line.slice(0, at)).length,
      historyIndex: index,
      search: { ...search, query, index, failed: false },
    }
  }
  return { ...state, search: { ...search, query, failed: true } }
}

function endSearch(state: EditorState): EditorState {
  return state.search === null ? state : { ...state, search: null }
}
