/** The edited line as rows of a terminal, and where the cursor stands. Drawing it is the screen's part. */
import type { EditorState } from './state.ts'
import { characterWidth, visible } from './width.ts'

export interface RenderedLine {
  /** Prompt and line, cut where the terminal wraps. */
  readonly rows: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number }
}

/** `prompt` without escape sequences; while searching, the search takes its place. */
export function renderLine(state: EditorState, prompt: string, columns: number): RenderedLine {
  const { search } = state
  const head =
    search === null ? prompt : `(${search.failed ? 'failed ' : ''}reverse-i-search)\`${search.query}': `
  const rows = ['']
  let width = 0
  let cursor = { row: 0, column: 0 }
  const put = (character: string): void => {
    if (character === '\n') {
      rows.push('')
      width = 0
      return
    }
    const shown = visible(character)
    const wide = [...shown].reduce((sum, one) => sum + characterWidth(one), 0)
    if (width + wide > columns) {
      rows.push('')
      width = 0
    }
    rows[rows.length - 1] += shown
    width += Math.min(2, wide) || wide
  }
  const mark = (): void => {
    cursor = width >= columns ? { row: rows.length, column: 0 } : { row: rows.length - 1, column: width }
  }
  for (const character of head) put(character)
  state.characters.forEach((character, index) => {
    if (index === state.cursor) mark()
    put(character)
  })
  if (state.cursor === state.characters.length) mark()
  if (cursor.row === rows.length) rows.push('')
  return { rows, cursor }
}
