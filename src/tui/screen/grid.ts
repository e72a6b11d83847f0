/** A screen full of cells. A wide character stands in its first cell; the second holds the empty text. */
import { PLAIN } from './style.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly columns: number
  readonly rows: number
}

export interface Grid {
  readonly columns: number
  readonly rows: number
  readonly text: string[]
  readonly style: number[]
}

export function createGrid(columns: number, rows: number): Grid {
  const count = columns * rows
  return {
    columns,
    rows,
    text: new Array<string>(count).fill(' '),
    style: new Array<number>(count).fill(PLAIN),
  }
}

/** A grid that equals nothing: comparing with it paints every cell. */
export function unknownGrid(columns: number, rows: number): Grid {
  const grid = createGrid(columns, rows)
  grid.text.fill('\0')
  return grid
}

export function copyGrid(from: Grid, to: Grid): void {
  for (let i = 0; i < from.text.length; i++) {
    to.text[i] = from.text[i]!
    to.style[i] = from.style[i]!
  }
}

/** A wide character whose other half was overwritten becomes a blank. */
export function mendRow(grid: Grid, y: number, from: number, to: number): void {
  const start = y * grid.columns
  if (from > 0 && grid.text[start + from] !== '' && isWideAt(grid, start + from - 1)) {
    grid.text[start + from - 1] = ' '
  }
  if (to < grid.columns && grid.text[start + to] === '') grid.text[start + to] = ' '
}

function isWideAt(grid: Grid, index: number): boolean {
  const text = grid.text[index]!
  return text.length > 0 && text.codePointAt(0)! >= 0x1100 && grid.text[index + 1] === ''
}
