/** The shell's pane: an emulator that a session writes to, shown somewhere on the screen or out of sight. */
import type { ShellScreen, Size } from '../ports.ts'
import type { Pane } from './compositor.ts'
import { createEmulator, emulatorCursor, paintEmulator } from './emulator.ts'
import type { Rect } from './grid.ts'
import { serializeEmulator } from './serialize.ts'

export interface ShellPane extends ShellScreen {
  size(): Size
  resize(size: Size): void
  scroll(pages: number): void
  /** Back to where the cursor is, because a key was typed. */
  follow(): void
  /** For the compositor: this pane in this rectangle. */
  at(rect: Rect, focused: boolean): Pane
}

export function createShellPane(first: Size, onChange: () => void): ShellPane {
  const terminal = createEmulator(first.columns, first.rows)
  /** Written, and not yet on the screen. */
  const waiting: string[] = []
  let pending = 0
  terminal.onWriteParsed(onChange)
  return {
    write(text) {
      pending += text.length
      waiting.push(text)
      terminal.write(text, () => {
        pending -= text.length
        waiting.shift()
      })
    },
    pending: () => pending,
    serialize: () => serializeEmulator(terminal) + waiting.join(''),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    resize({ columns, rows }) {
      if (columns === terminal.cols && rows === terminal.rows) return
      terminal.resize(columns, rows)
      onChange()
    },
    scroll(pages) {
      terminal.scrollPages(pages)
      onChange()
    },
    follow() {
      const { viewportY, baseY } = terminal.buffer.active
      if (viewportY === baseY) return
      terminal.scrollToBottom()
      onChange()
    },
    clear() {
      terminal.reset()
      onChange()
    },
    at: (rect, focused) => ({
      paint: (grid) => paintEmulator(terminal, rect, grid),
      cursor: () => (focused ? emulatorCursor(terminal, rect) : null),
    }),
  }
}
