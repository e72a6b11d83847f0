/**
 * The real terminal: raw keys in, bytes out, and the ways in which a process ends or stops. Writes of the way out are
 * synchronous, because nothing asynchronous happens any more by then.
 */
import { writeSync } from 'node:fs'
import { constants } from 'node:os'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** Whether a full screen can be drawn and keys read. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb'
}

export function openTerminal() {
  const { stdin, stdout } = process
  return {
    size: (): TerminalSize => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    write: (text: string): boolean => stdout.write(text),
    onDrain: (listener: () => void): void => void stdout.on('drain', listener),
    writeNow,
    onInput(listener: (bytes: Uint8Array) => void): void {
      stdin.on('data', (chunk: Buffer) => listener(chunk))
      stdin.resume()
    },
    onResize: (listener: () => void): void => void stdout.on('resize', listener),
    setRawMode(on: boolean): void {
      // A terminal that has gone away refuses; there is nothing left to set then.
      try {
        stdin.setRawMode(on)
      } catch {}
    },
    life: processLife(),
    noColor: (process.env['NO_COLOR'] ?? '') !== '',
  }
}

function writeNow(text: string): void {
  const bytes = Buffer.from(text)
  let at = 0
  for (let tries = 0; at < bytes.length && tries < 1000; tries++) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
    }
  }
}

const END_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const

function processLife() {
  return {
    onEnd(listener: () => void): void {
      for (const signal of END_SIGNALS) {
        process.on(signal, () => {
          listener()
          process.exit(128 + constants.signals[signal])
        })
      }
      process.on('exit', listener)
      process.stdin.on('end', () => {
        listener()
        process.exit(128 + constants.signals.SIGHUP)
      })
      process.stdout.on('error', () => {
        listener()
        process.exit(128 + constants.signals.SIGHUP)
      })
      process.stdin.on('error', () => {
        listener()
        process.exit(128 + constants.signals.SIGHUP)
      })
    },
    onFailure(listener: (error: unknown) => void): void {
      process.on('uncaughtException', listener)
      process.on('unhandledRejection', listener)
    },
    onSuspend(before: () => void, after: () => void): void {
      const stop = (): void => {
        before()
        process.once('SIGCONT', () => {
          process.on('SIGTSTP', stop)
          after()
        })
        process.off('SIGTSTP', stop)
        process.kill(process.pid, 'SIGTSTP')
      }
      if (process.platform !== 'win32') process.on('SIGTSTP', stop)
    },
    suspend(): void {
      if (process.platform !== 'win32') process.kill(process.pid, 'SIGTSTP')
    },
    exit: (status: number): never => process.exit(status),
  }
}
