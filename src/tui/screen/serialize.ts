/** An emulator's screen and history as text that, written to an emulator, shows the same again. */
import type { IBuffer, Terminal } from '@xterm/headless'
import { styleOf } from './emulator.ts'
import { PLAIN, sgrOf } from './style.ts'

/** So much history is kept. */
const MOST_LINES = 1000

export function serializeEmulator(terminal: Terminal): string {
  const buffer = terminal.buffer.normal
  const last = buffer.baseY + buffer.cursorY
  const first = Math.max(0, last - MOST_LINES)
  let text = ''
  for (let y = first; y <= last; y++) {
    if (y > first && buffer.getLine(y)?.isWrapped !== true) text += '\r\n'
    text += y === last ? lineText(buffer, y, buffer.cursorX, true) : lineText(buffer, y, terminal.cols, false)
  }
  return text
}

/** `whole`: with the blanks at its end. */
function lineText(buffer: IBuffer, y: number, columns: number, whole: boolean): string {
  const line = buffer.getLine(y)
  if (line === undefined) return ''
  const keepsBlanks = whole || buffer.getLine(y + 1)?.isWrapped === true
  const cell = buffer.getNullCell()
  let text = ''
  let style = PLAIN
  let blanks = 0
  for (let x = 0; x < columns; x++) {
    const found = line.getCell(x, cell)
    if (found === undefined) break
    if (found.getWidth() === 0) continue
    const chars = found.getChars()
    const next = styleOf(found)
    if (chars === '' && next === PLAIN && style === PLAIN) {
      blanks += 1
      continue
    }
    text += ' '.repeat(blanks)
    blanks = 0
    if (next !== style) {
      style = next
      text += style === PLAIN ? '\u001b[0m' : `\u001b[0;${sgrOf(style)}m`
    }
    text += chars === '' ? ' ' : chars
  }
  const tail = keepsBlanks ? ' '.repeat(blanks) : ''
  return text + tail + (style === PLAIN ? '' : '\u001b[0m')
}
