/**
 * The terminal emulator behind the shell pane (@xterm/headless with Unicode 11 widths), and its cells read into the
 * screen's grid.
 */
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { type IBufferCell, Terminal } from '@xterm/headless'
import type { Cursor } from './compositor.ts'
import { type Grid, mendRow, type Rect } from './grid.ts'
import { type Attributes, attributesId, plainAttributes } from './style.ts'

export function createEmulator(columns: number, rows: number): Terminal {
  const terminal = new Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true })
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  return terminal
}

/** Copies what the emulator shows into `rect`. */
export function paintEmulator(terminal: Terminal, rect: Rect, grid: Grid): void {
  const buffer = terminal.buffer.active
  const cell = buffer.getNullCell()
  for (let y = 0; y < rect.rows; y++) {
    const line = buffer.getLine(buffer.viewportY + y)
    const start = (rect.y + y) * grid.columns + rect.x
    for (let x = 0; x < rect.columns; x++) {
      const found = x < terminal.cols ? line?.getCell(x, cell) : undefined
      if (found === undefined) {
        grid.text[start + x] = ' '
        grid.style[start + x] = 0
        continue
      }
      const wide = found.getWidth()
      if (wide === 2 && x + 1 >= rect.columns) grid.text[start + x] = ' '
      else grid.text[start + x] = wide === 0 ? '' : found.getChars() || ' '
      grid.style[start + x] = styleOf(found)
    }
    mendRow(grid, rect.y + y, rect.x, rect.x + rect.columns)
  }
}

/** Where the emulator's cursor stands in its pane; null while it is hidden or scrolled away. */
export function emulatorCursor(terminal: Terminal, rect: Rect): Cursor | null {
  const buffer = terminal.buffer.active
  const y = buffer.baseY + buffer.cursorY - buffer.viewportY
  if (y >= rect.rows || isCursorHidden(terminal)) return null
  return { x: rect.x + Math.min(buffer.cursorX, rect.columns - 1), y: rect.y + y }
}

/** The emulator has no public word for it. */
function isCursorHidden(terminal: Terminal): boolean {
  const core = (terminal as unknown as { _core?: { coreService?: { isCursorHidden?: boolean } } })._core
  return core?.coreService?.isCursorHidden === true
}

const cache = new Map<number, number>()
const scratch: Attributes = plainAttributes()

export function styleOf(cell: IBufferCell): number {
  if (cell.isAttributeDefault()) return 0
  // Colours below 2^24, two bits of mode each, six attributes: unique as a pair of numbers joined in one key.
  const front = cell.getFgColor() + (cell.isFgDefault() ? 0 : cell.isFgRGB() ? 2 : 1) * 0x1000000
  const back = cell.getBgColor() + (cell.isBgDefault() ? 0 : cell.isBgRGB() ? 2 : 1) * 0x1000000
  const key = (back * 64 + flagsOf(cell)) * 0x4000000 + front
  const known = Number.isSafeInteger(key) ? cache.get(key) : undefined
  if (known !== undefined) return known
  scratch.bold = cell.isBold() !== 0
  scratch.dim = cell.isDim() !== 0
  scratch.italic = cell.isItalic() !== 0
  scratch.underline = cell.isUnderline() !== 0
  scratch.inverse = cell.isInverse() !== 0
  scratch.strike = cell.isStrikethrough() !== 0
  scratch.foreground = color(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor(), 30)
  scratch.background = color(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor(), 40)
  const id = attributesId(scratch)
  if (Number.isSafeInteger(key)) cache.set(key, id)
  return id
}

function flagsOf(cell: IBufferCell): number {
  return (
    (cell.isBold() ? 1 : 0) |
    (cell.isDim() ? 2 : 0) |
    (cell.isItalic() ? 4 : 0) |
    (cell.isUnderline() ? 8 : 0) |
    (cell.isInverse() ? 16 : 0) |
    (cell.isStrikethrough() ? 32 : 0)
  )
}

function color(isDefault: boolean, isRgb: boolean, value: number, base: number): string {
  if (isDefault) return ''
  if (isRgb) return `${base + 8};2;${value >> 16};${(value >> 8) & 255};${value & 255}`
  if (value < 8) return String(base + value)
  if (value < 16) return String(base + 60 + value - 8)
  return `${base + 8};5;${value}`
}
