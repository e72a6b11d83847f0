/** What the shell pane needs of a line editor: keys in, text for the terminal out, and what to do with the line. */
import type { InputEvent } from '../screen/decoder.ts'

export type LineResult =
  | { readonly kind: 'more' }
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-C, Ctrl-D on an empty line. */
  | { readonly kind: 'interrupt' | 'end' }

export interface LineInput {
  /** Draws what changed by itself. */
  key(event: InputEvent): LineResult
  /** The terminal has another size. */
  resize(columns: number): void
}

/** A line without the editor: insert, rub out, Enter. */
export function plainLine(write: (text: string) => void): LineInput {
  let line: string[] = []
  const insert = (text: string): void => {
    line.push(...text)
    write(text)
  }
  return {
    key(event) {
      if (event.kind === 'paste') insert(event.text.replace(/[\r\n]+/g, ' '))
      else if (event.name === 'enter') {
        write('\r\n')
        return { kind: 'line', text: line.join('') }
      } else if (event.name === 'ctrl+c') return { kind: 'interrupt' }
      else if (event.name === 'ctrl+d' && line.length === 0) return { kind: 'end' }
      else if (event.name === 'backspace' && line.length > 0) {
        line = line.slice(0, -1)
        write('\b \b')
      } else if (event.text >= ' ' && !event.text.startsWith('\u001b') && event.text !== '\u007f')
        insert(event.text)
      return { kind: 'more' }
    },
    resize() {},
  }
}
