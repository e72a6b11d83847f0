import type { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCompositor } from '../../src/tui/screen/compositor.ts'
import { difference } from '../../src/tui/screen/difference.ts'
import { createEmulator } from '../../src/tui/screen/emulator.ts'
import { readFrame } from '../../src/tui/screen/frame.ts'
import { createGrid, unknownGrid } from '../../src/tui/screen/grid.ts'
import { serializeEmulator } from '../../src/tui/screen/serialize.ts'
import { createShellPane } from '../../src/tui/screen/shell-pane.ts'
import { withoutColor } from '../../src/tui/screen/style.ts'
import { VirtualTerminal } from './virtual-terminal.ts'

const write = (terminal: Terminal, text: string): Promise<void> =>
  new Promise((resolve) => terminal.write(text, resolve))
const rowsOf = (terminal: Terminal): string[] =>
  Array.from(
    { length: terminal.rows },
    (_, y) =>
      terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y)?.translateToString(true) ?? '',
  )

describe('the difference of two screens', () => {
  const cell = fc.constantFrom('a', 'b', ' ', '漢', '\u001b[31m', '\u001b[0m', '\u001b[1;7m', '│', 'é')
  const frame = fc.array(
    fc.array(cell, { maxLength: 14 }).map((cells) => cells.join('')),
    { maxLength: 5 },
  )

  it('makes the one look like the other on a real emulator', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 4 }), async (frames) => {
        const terminal = createEmulator(10, 4)
        const shown = unknownGrid(10, 4)
        const wanted = createGrid(10, 4)
        for (const lines of frames) {
          readFrame(lines.join('\n'), wanted)
          await write(
            terminal,
            difference(shown, wanted, (sgr) => sgr),
          )
        }
        const expected = Array.from({ length: 4 }, (_, y) =>
          wanted.text
            .slice(y * 10, y * 10 + 10)
            .join('')
            .trimEnd(),
        )
        expect(rowsOf(terminal).map((row) => row.trimEnd())).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('is empty where nothing changed', () => {
    const shown = unknownGrid(20, 3)
    const wanted = createGrid(20, 3)
    readFrame('one\ntwo', wanted)
    expect(difference(shown, wanted, (sgr) => sgr)).not.toBe('')
    expect(difference(shown, wanted, (sgr) => sgr)).toBe('')
  })

  it('leaves colours out where they are not wanted, and keeps weight', () => {
    expect(withoutColor('1;31;44')).toBe('1')
    expect(withoutColor('4;38;5;200')).toBe('4')
    expect(withoutColor('')).toBe('')
  })
})

describe('the compositor', () => {
  it('paints the pane over the chrome, and hides it', async () => {
    const device = new VirtualTerminal(20, 4)
    const compositor = createCompositor(device, device.size())
    const pane = createShellPane({ columns: 8, rows: 2 }, () => compositor.paneChanged())
    compositor.setChrome('title\nleft     XXXX\nleft     XXXX\nkeys')
    compositor.setPane(pane.at({ x: 9, y: 1, columns: 8, rows: 2 }, true))
    pane.write('$ ls\r\n漢字')
    await device.until('漢字')
    expect((await device.rows()).map((row) => row.trimEnd())).toEqual([
      'title',
      'left     $ ls',
      'left     漢字',
      'keys',
    ])
    expect(device.emulator.buffer.active.cursorX).toBe(13)
    compositor.setPane(null)
    await device.until('left     XXXX')
  })
})

describe('a serialized emulator', () => {
  it('shows the same when it is written again: colours, wrapped lines, wide characters, the cursor', async () => {
    const first = createEmulator(12, 5)
    await write(
      first,
      '\u001b[31mred\u001b[0m plain\r\nthis line is longer than twelve\r\n漢字 x\r\n\r\n  # \u001b[1mbold\u001b[0m  ',
    )
    const second = createEmulator(12, 5)
    await write(second, serializeEmulator(first))
    expect(rowsOf(second)).toEqual(rowsOf(first))
    expect(second.buffer.active.cursorX).toBe(first.buffer.active.cursorX)
    expect(second.buffer.active.cursorY).toBe(first.buffer.active.cursorY)
    expect(serializeEmulator(second)).toBe(serializeEmulator(first))
    second.resize(40, 5)
    first.resize(40, 5)
    expect(rowsOf(second)).toEqual(rowsOf(first))
  })
})
