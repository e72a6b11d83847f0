/** Reads a frame of text with SGR sequences (what Ink writes) into cells. Other control sequences are left out. */
import type { Grid } from './grid.ts'
import { applySgr, attributesId, PLAIN, plainAttributes } from './style.ts'
import { charWidth } from './width.ts'

// CSI sequences, OSC strings (hyperlinks), other escapes.
const CONTROL = /\u001b\[([0-9;:?]*)([A-Za-z])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b./y

export function readFrame(frame: string, grid: Grid): void {
  grid.text.fill(' ')
  grid.style.fill(PLAIN)
  const attributes = plainAttributes()
  let style = PLAIN
  const lines = frame.split('\n')
  for (let y = 0; y < grid.rows && y < lines.length; y++) {
    const line = lines[y]!
    let x = 0
    for (let i = 0; i < line.length; ) {
      if (line.charCodeAt(i) === 0x1b) {
        CONTROL.lastIndex = i
        const match = CONTROL.exec(line)
        if (match?.[2] === 'm') {
          applySgr(attributes, match[1]!)
          style = attributesId(attributes)
        }
        i += match === null ? 1 : match[0].length
        continue
      }
      const codePoint = line.codePointAt(i)!
      const char = codePoint < 0x80 ? line[i]! : String.fromCodePoint(codePoint)
      i += char.length
      x = putChar(grid, x, y, char, charWidth(codePoint), style)
    }
  }
}

/** The column after it; what does not fit is left out. */
function putChar(grid: Grid, x: number, y: number, char: string, width: number, style: number): number {
  const at = y * grid.columns + x
  if (width === 0) {
    if (x > 0 && x <= grid.columns && char >= ' ') appendMark(grid, at - 1, char)
    return x
  }
  if (x + width > grid.columns) return grid.columns
  grid.text[at] = char
  grid.style[at] = style
  if (width === 2) {
    grid.text[at + 1] = ''
    grid.style[at + 1] = style
  }
  return x + width
}

function appendMark(grid: Grid, at: number, char: string): void {
  const base = grid.text[at] === '' ? at - 1 : at
  grid.text[base] += char
}
