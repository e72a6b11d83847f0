/** The built program on pipes, as a screen reader's terminal or a script has it: a line in, lines out. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { CLI } from './program.ts'

/** What stands at the end of the output when a line is waited for: a prompt, or the map's last line. */
const WAITS = /(?:(?:^|\n)[^\n]*[>#$?] |rounds of their own\.\n)$/

export class LinearProgram {
  output = ''
  status: number | null = null
  private readonly child: ChildProcessWithoutNullStreams
  private wake: () => void = () => {}

  constructor(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, TERM: 'dumb', DOCKER_NET_TUTOR_HOME: home, ...env },
    })
    const take = (data: string): void => {
      this.output += data
      this.wake()
    }
    this.child.stdout.setEncoding('utf8').on('data', take)
    this.child.stderr.setEncoding('utf8').on('data', take)
    this.child.on('exit', (status) => {
      this.status = status ?? -1
      this.wake()
    })
  }

  /** What was said since the last line, once the next one is waited for. */
  async answered(from: number, ms = 60_000): Promise<string> {
    const end = setTimeout(() => this.child.kill('SIGKILL'), ms)
    try {
      while (this.status === null && !WAITS.test(this.output.slice(from))) {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
    } finally {
      clearTimeout(end)
    }
    if (this.status !== null && this.status !== 0)
      throw new Error(`exit ${this.status}\n${this.output.slice(-4000)}`)
    return this.output.slice(from)
  }

  async send(line: string): Promise<string> {
    const from = this.output.length
    this.child.stdin.write(`${line}\n`)
    return this.answered(from)
  }

  /** The end of the input. */
  async end(): Promise<void> {
    this.child.stdin.end()
    while (this.status === null) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }

  dispose(): void {
    if (this.status === null) this.child.kill('SIGKILL')
  }
}
