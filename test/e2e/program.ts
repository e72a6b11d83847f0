/** The built program in a pseudo-terminal, its output on an emulator's screen. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type IPty, spawn } from '@lydell/node-pty'
import type { Terminal } from '@xterm/headless'

// CommonJS without names that Node could find by itself.
const load = createRequire(import.meta.url)
const xterm = load('@xterm/headless') as typeof import('@xterm/headless')
const unicode11 = load('@xterm/addon-unicode11') as typeof import('@xterm/addon-unicode11')

/** The built program; another build of it where the environment names one. */
export const CLI = process.env['DOCKER_NET_TUTOR_CLI'] ?? resolve(import.meta.dirname, '../../dist/cli.js')

export const KEYS = {
  enter: '\r',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  switch: '\u000f',
  interrupt: '\u0003',
  stop: '\u001a',
} as const

/** A home of its own for progress. */
export function newHome(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'dnt-e2e-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface StartOptions {
  readonly home: string
  readonly columns?: number
  readonly rows?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another program instead of the built one, for a shell around it. */
  readonly command?: readonly [string, ...string[]]
}

export class Program {
  readonly emulator: Terminal
  readonly pty: IPty
  output = ''
  status: number | null = null
  signal: number | null = null

  constructor({ home, columns = 100, rows = 30, args = [], env = {}, command }: StartOptions) {
    if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
    this.emulator.loadAddon(new unicode11.Unicode11Addon())
    this.emulator.unicode.activeVersion = '11'
    // Ink draws nothing where CI is set.
    const { CI: _ci, NO_COLOR: _noColor, ...surroundings } = process.env
    const [file, ...words] = command ?? [process.execPath, CLI, ...args]
    this.pty = spawn(file, words, {
      cols: columns,
      rows,
      env: { ...surroundings, TERM: 'xterm-256color', DOCKER_NET_TUTOR_HOME: home, ...env },
    })
    this.pty.onData((data) => {
      this.output += data
      this.emulator.write(data)
    })
    this.pty.onExit(({ exitCode, signal }) => {
      this.status = exitCode
      this.signal = signal ?? null
    })
  }

  type(text: string): void {
    this.pty.write(text)
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows)
    this.pty.resize(columns, rows)
  }

  async screen(): Promise<string> {
    await new Promise<void>((resolve) => this.emulator.write('', resolve))
    const { active } = this.emulator.buffer
    const rows = Array.from(
      { length: this.emulator.rows },
      (_, y) =>
        active
          .getLine(active.baseY + y)
          ?.translateToString(true)
          .trimEnd() ?? '',
    )
    return rows.join('\n')
  }

  /** Waits for a text on the screen; fails with the screen when it does not come. */
  async until(text: string | RegExp | ((screen: string) => boolean), ms = 15_000): Promise<string> {
    const holds = (screen: string): boolean => {
      if (typeof text === 'function') return text(screen)
      return typeof text === 'string' ? screen.includes(text) : text.test(screen)
    }
    return this.wait(holds, `never on the screen: ${text}`, ms)
  }

  async gone(text: string, ms = 15_000): Promise<string> {
    return this.wait((screen) => !screen.includes(text), `still on the screen: ${text}`, ms)
  }

  private async wait(holds: (screen: string) => boolean, problem: string, ms: number): Promise<string> {
    const end = performance.now() + ms
    for (;;) {
      const screen = await this.screen()
      if (holds(screen)) return screen
      if (performance.now() > end || this.status !== null) {
        throw new Error(`${problem} (exit ${this.status})\n${screen}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  }

  async ended(ms = 10_000): Promise<number> {
    const end = performance.now() + ms
    while (this.status === null) {
      if (performance.now() > end) throw new Error(`it still runs\n${await this.screen()}`)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    return this.status
  }

  kill(signal: string): void {
    process.kill(this.pty.pid, signal)
  }

  /** For the end of a test, however it went. */
  dispose(): void {
    if (this.status === null) this.pty.kill('SIGKILL')
  }
}

/** The terminal as it was given back: main screen, cursor, no paste brackets. */
export function restoredBy(output: string): boolean {
  const last = (on: string, off: string): boolean => output.lastIndexOf(off) > output.lastIndexOf(on)
  return (
    last('\u001b[?1049h', '\u001b[?1049l') &&
    last('\u001b[?25l', '\u001b[?25h') &&
    last('\u001b[?2004h', '\u001b[?2004l')
  )
}
