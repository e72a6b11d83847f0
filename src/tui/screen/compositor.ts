/**
 * Puts the screen together: Ink's frame below, the shell pane painted straight from its emulator above, then the
 * cursor. Only cells that changed are written, in one synchronised update (DEC private mode 2026); while the terminal
 * does not take more, frames are skipped.
 */
import type { Size, TerminalDevice } from '../ports.ts'
import { difference } from './difference.ts'
import { readFrame } from './frame.ts'
import { copyGrid, createGrid, type Grid, unknownGrid } from './grid.ts'
import { withoutColor } from './style.ts'

const SYNC_ON = '\u001b[?2026h'
const SYNC_OFF = '\u001b[?2026l'

/** Not more than one frame in this time. */
export const FRAME_MS = 8

export interface Cursor {
  readonly x: number
  readonly y: number
}

/** Something that paints its own part of the screen (`emulator-pane.ts`). */
export interface Pane {
  paint(grid: Grid): void
  /** Where the cursor stands on the screen; null: hidden. */
  cursor(): Cursor | null
}

export interface Compositor {
  /** A new frame of what Ink draws. */
  setChrome(frame: string): void
  /** Where the shell pane stands; null: hidden. */
  setPane(pane: Pane | null): void
  /** The pane's emulator shows something new. */
  paneChanged(): void
  resize(size: Size): void
  /** Paints everything anew: another program has written to the terminal. */
  invalidate(): void
  /** Paints at once what is to be painted. */
  flush(): void
  stop(): void
}

type Device = Pick<TerminalDevice, 'write' | 'onDrain' | 'noColor'>

export function createCompositor(
  device: Device,
  size: Size,
  onPaint: (bytes: number) => void = () => {},
): Compositor {
  let chrome = createGrid(size.columns, size.rows)
  let wanted = createGrid(size.columns, size.rows)
  let shown = unknownGrid(size.columns, size.rows)
  let pane: Pane | null = null
  let cursor = ''
  let dirty = false
  let blocked = false
  let stopped = false
  let erase = false
  let lastPaint = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | null = null
  const color = device.noColor ? withoutColor : (sgr: string): string => sgr

  const paint = (): void => {
    cancel?.()
    cancel = null
    if (!dirty || blocked || stopped) return
    dirty = false
    lastPaint = performance.now()
    compose(chrome, pane, wanted)
    const cells = difference(shown, wanted, color)
    const nextCursor = cursorText(pane)
    if (cells === '' && nextCursor === cursor && !erase) return
    const clear = erase ? '\u001b[0m\u001b[2J' : ''
    erase = false
    const text = `${SYNC_ON}${cells === '' ? '' : '\u001b[?25l'}${clear}${cells}${nextCursor}${SYNC_OFF}`
    cursor = nextCursor
    blocked = !device.write(text)
    onPaint(text.length)
  }

  const schedule = (): void => {
    dirty = true
    if (cancel !== null || blocked || stopped) return
    cancel = later(paint, lastPaint + FRAME_MS - performance.now())
  }

  device.onDrain(() => {
    blocked = false
    paint()
  })

  return {
    setChrome(frame) {
      readFrame(frame, chrome)
      schedule()
    },
    setPane(next) {
      pane = next
      schedule()
    },
    paneChanged() {
      if (pane !== null) schedule()
    },
    resize({ columns, rows }) {
      chrome = createGrid(columns, rows)
      wanted = createGrid(columns, rows)
      shown = unknownGrid(columns, rows)
      pane = null
      erase = true
      dirty = true
    },
    invalidate() {
      shown = unknownGrid(wanted.columns, wanted.rows)
      cursor = ''
      erase = true
      schedule()
    },
    flush: paint,
    stop() {
      stopped = true
      cancel?.()
    },
  }
}

/** Not at once even where nothing is to be waited for: chrome and pane may change in the same turn. */
function later(work: () => void, ms: number): () => void {
  if (ms > 0) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  }
  const immediate = setImmediate(work)
  return () => clearImmediate(immediate)
}

function compose(chrome: Grid, pane: Pane | null, wanted: Grid): void {
  copyGrid(chrome, wanted)
  pane?.paint(wanted)
}

function cursorText(pane: Pane | null): string {
  const cursor = pane?.cursor() ?? null
  return cursor === null ? '\u001b[?25l' : `\u001b[${cursor.y + 1};${cursor.x + 1}H\u001b[?25h`
}
