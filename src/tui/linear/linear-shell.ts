/**
 * A shell without a screen: an emulator takes what the session writes; its lines are printed once they are complete,
 * so that no cursor movement reaches the reader.
 */
import type { SessionListener, ShellScreen, ShellSession } from '../ports.ts'
import { createEmulator } from '../screen/emulator.ts'

export interface LinearShell {
  readonly screen: ShellScreen
  readonly size: { readonly columns: number; readonly rows: number }
  readonly listener: SessionListener
  /** The first prompt stands. */
  readonly ready: Promise<void>
  /** Runs one line; resolves when the prompt is back, or false when the last shell has ended. */
  run(session: ShellSession, line: string | null): Promise<boolean>
  /** The prompt as it stands. */
  prompt(): string
  /** Nothing is waited for any more. */
  interrupt(session: ShellSession): void
}

const SIZE = { columns: 200, rows: 50 }

export function createLinearShell(print: (text: string) => void): LinearShell {
  const terminal = createEmulator(SIZE.columns, SIZE.rows)
  let pending = 0
  let printed = 0
  let ended = false
  let running = false
  let waiting: (() => void)[] = []
  const ready = new Promise<void>((resolve) => waiting.push(resolve))
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve()
  }

  /** The line at `y` and those that continue it. */
  const logicalLine = (y: number): { text: string; next: number } => {
    const { active } = terminal.buffer
    let text = active.getLine(y)?.translateToString(active.getLine(y + 1)?.isWrapped !== true) ?? ''
    let next = y + 1
    while (active.getLine(next)?.isWrapped === true) {
      text += active.getLine(next)!.translateToString(active.getLine(next + 1)?.isWrapped !== true)
      next++
    }
    return { text, next }
  }

  const cursorLine = (): number => {
    const { active } = terminal.buffer
    let y = active.baseY + active.cursorY
    while (y > 0 && active.getLine(y)?.isWrapped === true) y--
    return y
  }

  const flush = (): void => {
    const end = cursorLine()
    while (printed < end) {
      const { text, next } = logicalLine(printed)
      print(`${text.trimEnd()}\n`)
      printed = next
    }
  }

  terminal.onWriteParsed(() => {
    if (running) flush()
  })

  const parsed = (): Promise<void> => new Promise((resolve) => terminal.write('', resolve))

  return {
    size: SIZE,
    ready: ready.then(parsed),
    screen: {
      write(text) {
        pending += text.length
        terminal.write(text, () => {
          pending -= text.length
        })
      },
      pending: () => pending,
      serialize: () => '',
      clear: () => terminal.reset(),
    },
    listener: {
      onPrompt: wake,
      onEnd() {
        ended = true
        wake()
      },
    },
    async run(session, line) {
      await ready
      await parsed()
      const back = new Promise<void>((resolve) => waiting.push(resolve))
      if (line !== null) {
        // The echo of the line is not output.
        printed = cursorLine() + 1
        running = true
        typeLine(session, line)
      }
      await back
      await parsed()
      flush()
      running = false
      waiting = []
      return !ended
    },
    prompt: () => logicalLine(cursorLine()).text,
    interrupt: (session) => session.input({ kind: 'key', name: 'ctrl+c', text: '\u0003' }),
  }
}

/** As a paste, so that nothing in it is a key, then Enter. */
function typeLine(session: ShellSession, line: string): void {
  if (line !== '') session.input({ kind: 'paste', text: line })
  session.input({ kind: 'key', name: 'enter', text: '\r' })
}
