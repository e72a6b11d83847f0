/** The streams that Ink is given instead of the terminal's: frames go to the compositor, keys come one a read. */

type Listener = (...values: unknown[]) => void

/** As much of an event emitter as Ink asks for. */
function emitter() {
  const listeners = new Map<string, Set<Listener>>()
  const on = (event: string, listener: Listener): void => {
    const known = listeners.get(event) ?? new Set()
    listeners.set(event, known.add(listener))
  }
  const off = (event: string, listener: Listener): void => void listeners.get(event)?.delete(listener)
  return {
    on,
    off,
    addListener: on,
    removeListener: off,
    emit: (event: string): void => {
      for (const listener of [...(listeners.get(event) ?? [])]) listener()
    },
  }
}

export interface InkStreams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  /** Hands Ink one key, as the terminal sent it. */
  key(text: string): void
}

export function createInkStreams(
  columns: () => number,
  rows: () => number,
  onFrame: (frame: string) => void,
): InkStreams {
  let pending: string | null = null
  const nothing = (): void => {}
  const input = emitter()
  const stdin = {
    ...input,
    isTTY: true,
    setRawMode: nothing,
    setEncoding: nothing,
    ref: nothing,
    unref: nothing,
    resume: nothing,
    pause: nothing,
    read(): string | null {
      const text = pending
      pending = null
      return text
    },
  }
  const output = emitter()
  const stdout = {
    ...output,
    isTTY: true,
    get columns(): number {
      return columns()
    },
    get rows(): number {
      return rows()
    },
    write(text: string): boolean {
      // Ink hides and shows the cursor on its own; the compositor places it.
      if (text !== '\u001b[?25h' && text !== '\u001b[?25l') onFrame(text)
      return true
    },
  }
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    key(text) {
      pending = text
      input.emit('readable')
    },
  }
}
