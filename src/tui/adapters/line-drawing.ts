/**
 * Draws an edited line relative to where its prompt stands: up to the prompt's first row, erase, write anew. Rows that
 * are full are left to the terminal to wrap, so that it can wrap them anew in another size.
 */
import { renderLine } from '../../shell/editor/render.ts'
import type { EditorState } from '../../shell/editor/state.ts'
import { textWidth } from '../../shell/editor/width.ts'
import type { Size } from '../ports.ts'

export interface LineDrawing {
  /** The prompt and the line stand there already. */
  adopt(state: EditorState, size: Size): void
  draw(state: EditorState, size: Size): void
  /** The cursor stands at the beginning of an empty row: the prompt has to be drawn, too. */
  fresh(): void
  /** The cursor behind the last character. */
  toEnd(state: EditorState, size: Size): void
  /** Behind the line, on a row of its own. */
  leave(state: EditorState, size: Size): void
}

const SEQUENCE = /\u001b\[[0-9;?]*[A-Za-z]/g

export function createLineDrawing(promptText: string, write: (text: string) => void): LineDrawing {
  // Only what stands on the cursor's row is ours to draw again.
  const styled = promptText.slice(promptText.lastIndexOf('\n') + 1)
  const prompt = styled.replace(SEQUENCE, '')
  let row = 0

  const draw = (state: EditorState, size: Size): void => {
    const rendered = renderLine(state, prompt, size.columns)
    // What is longer than the window is shown around the cursor.
    const from = Math.max(0, Math.min(rendered.cursor.row - size.rows + 2, rendered.rows.length - size.rows))
    const rows = rendered.rows.slice(from, from + size.rows)
    const cursorRow = rendered.cursor.row - from
    let text = joined(rows, size.columns)
    if (from === 0 && state.search === null && text.startsWith(prompt))
      text = styled + text.slice(prompt.length)
    const up = row > 0 ? `\u001b[${row}A` : ''
    const back = rows.length - 1 - cursorRow
    const column = rendered.cursor.column
    const place = `\r${back > 0 ? `\u001b[${back}A` : ''}${column > 0 ? `\u001b[${column}C` : ''}`
    write(`${up}\r\u001b[J${text}${place}`)
    row = cursorRow
  }

  const toEnd = (state: EditorState, size: Size): void =>
    draw({ ...state, search: null, cursor: state.characters.length }, size)

  return {
    adopt(state, size) {
      row = renderLine(state, prompt, size.columns).cursor.row
    },
    draw,
    fresh() {
      row = 0
    },
    toEnd,
    leave(state, size) {
      toEnd(state, size)
      write('\r\n')
    },
  }
}

function joined(rows: readonly string[], columns: number): string {
  return rows.reduce((text, next, i) => {
    const previous = rows[i - 1]
    if (previous === undefined) return next
    if (textWidth(previous) < columns) return `${text}\r\n${next}`
    // A full row goes on by itself; where nothing follows, a blank makes the terminal wrap.
    return next === '' ? `${text} \r` : text + next
  }, '')
}
