/** A terminal for tests: what is written shows on an emulator's screen. */

import { Unicode11Addon } from '@xterm/addon-unicode11'
import { Terminal } from '@xterm/headless'
import type { Size, TerminalDevice } from '../../src/tui/ports.ts'

export class VirtualTerminal implements TerminalDevice {
  readonly emulator: Terminal
  readonly written: string[] = []
  readonly rawModes: boolean[] = []
  noColor = false
  accepts = true
  ended: number | null = null
  #inputs: ((bytes: Uint8Array) => void)[] = []
  #resizes: (() => void)[] = []
  #drains: (() => void)[] = []
  #ends: (() => void)[] = []
  #failures: ((error: unknown) => void)[] = []
  #suspends: [() => void, () => void][] = []

  constructor(columns: number, rows: number) {
    this.emulator = new Terminal({ cols: columns, rows, allowProposedApi: true })
    this.emulator.loadAddon(new Unicode11Addon())
    this.emulator.unicode.activeVersion = '11'
  }

  readonly life = {
    onEnd: (listener: () => void): void => void this.#ends.push(listener),
    onFailure: (listener: (error: unknown) => void): void => void this.#failures.push(listener),
    onSuspend: (before: () => void, after: () => void): void => void this.#suspends.push([before, after]),
    suspend: (): void => {
      for (const [before, after] of this.#suspends) {
        before()
        after()
      }
    },
    exit: (status: number): never => {
      this.ended = status
      for (const listener of this.#ends) listener()
      return undefined as never
    },
  }

  size(): Size {
    return { columns: this.emulator.cols, rows: this.emulator.rows }
  }
  write(text: string): boolean {
    this.written.push(text)
    this.emulator.write(text)
    return this.accepts
  }
  writeNow(text: string): void {
    this.write(text)
  }
  onDrain(listener: () => void): void {
    this.#drains.push(listener)
  }
  onInput(listener: (bytes: Uint8Array) => void): void {
    this.#inputs.push(listener)
  }
  onResize(listener: () => void): void {
    this.#resizes.push(listener)
  }
  setRawMode(on: boolean): void {
    this.rawModes.push(on)
  }

  type(text: string): void {
    const bytes = new TextEncoder().encode(text)
    for (const listener of this.#inputs) listener(bytes)
  }
  drain(): void {
    this.accepts = true
    for (const listener of this.#drains) listener()
  }
  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows)
    for (const listener of this.#resizes) listener()
  }
  fail(error: unknown): void {
    for (const listener of this.#failures) listener(error)
  }

  /** The screen's rows, once everything written is on it. */
  async rows(): Promise<string[]> {
    await new Promise<void>((resolve) => this.emulator.write('', resolve))
    const { active } = this.emulator.buffer
    return Array.from(
      { length: this.emulator.rows },
      (_, y) => active.getLine(y)?.translateToString(true) ?? '',
    )
  }

  /** Waits until the screen holds the text; fails with the screen when it does not come. */
  async until(text: string | RegExp, ms = 15_000): Promise<string> {
    const end = performance.now() + ms
    for (;;) {
      const screen = (await this.rows()).join('\n')
      if (typeof text === 'string' ? screen.includes(text) : text.test(screen)) return screen
      if (performance.now() > end) throw new Error(`never on the screen: ${text}\n${screen}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}
