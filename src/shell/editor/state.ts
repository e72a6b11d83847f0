/** The line being edited, as plain data; keys change it by `editLine`. readline(3), emacs mode. */

export interface EditorState {
  readonly characters: readonly string[]
  /** Before which character the cursor stands. */
  readonly cursor: number
  readonly history: readonly string[]
  /** Which entry is shown; `history.length`: the new line. */
  readonly historyIndex: number
  /** The new line while an old one is shown. */
  readonly draft: string
  /** Texts killed, the newest last. */
  readonly kills: readonly string[]
  readonly lastAction: 'kill' | 'yank' | 'complete' | 'other'
  /** What the last yank put in, for Alt-Y. */
  readonly yanked: { readonly from: number; readonly to: number; readonly index: number } | null
  readonly search: SearchState | null
  readonly undo: readonly { readonly text: string; readonly cursor: number }[]
}

export interface SearchState {
  readonly query: string
  readonly index: number
  readonly failed: boolean
  /** The line before the search began. */
  readonly before: string
}

export function createEditor(history: readonly string[], text = ''): EditorState {
  const characters = split(text)
  return {
    characters,
    cursor: characters.length,
    history,
    historyIndex: history.length,
    draft: '',
    kills: [],
    lastAction: 'other',
    yanked: null,
    search: null,
    undo: [],
  }
}

/** A next line, with the same kills. */
export function nextLine(state: EditorState, history: readonly string[]): EditorState {
  return { ...createEditor(history), kills: state.kills }
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What a reader takes for one character, combining marks and all. */
export function split(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return [...text]
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

export function lineText(state: EditorState): string {
  return state.characters.join('')
}
