/** Tab: what a word may become. The caller says what there is (programs, files, containers …). readline(3) "Completing" */
import { replaceRange } from './edit.ts'
import { type EditorState, lineText, split } from './state.ts'

export interface Completion {
  /** Where the word begins, in characters of the text (UTF-16). */
  readonly start: number
  /** Whole words; a directory ends with `/` and gets no blank. */
  readonly candidates: readonly string[]
}

export function commonPrefix(words: readonly string[]): string {
  let prefix = words[0] ?? ''
  for (const word of words) while (!word.startsWith(prefix)) prefix = prefix.slice(0, -1)
  return prefix
}

/** Takes over what all candidates share; a single one whole, with a blank behind it. */
export function applyCompletion(state: EditorState, completion: Completion): EditorState {
  const { candidates, start } = completion
  if (candidates.length === 0) return state
  const from = split(lineText(state).slice(0, start)).length
  const only = candidates.length === 1 ? candidates[0]! : null
  const text =
    only === null ? commonPrefix(candidates) : only.endsWith('/') || only.endsWith('=') ? only : `${only} `
  if (text.length < state.characters.slice(from, state.cursor).join('').length) return state
  return { ...replaceRange(state, from, state.cursor, text), lastAction: 'complete' }
}
