/**
 * Takes the terminal and gives it back, whatever happens: normal end, signals, a failure, Ctrl-Z and `fg`. What it
 * writes on the way out is synchronous.
 */
import type { TerminalDevice } from '../ports.ts'

// Alternate screen, bracketed paste; cursor hidden until somebody places it.
const ENTER = '\u001b[?1049h\u001b[H\u001b[2J\u001b[?2004h\u001b[?25l'
// End of a synchronised update that may be open, plain style, cursor, paste, main screen.
const LEAVE = '\u001b[?2026l\u001b[0m\u001b[?2004l\u001b[?25h\u001b[?1049l'

export interface Guard {
  enter(): void
  leave(): void
  readonly entered: boolean
}

export interface GuardHooks {
  /** Before the process is gone: save what is not saved yet. Must not throw. */
  readonly onEnd: () => void
  /** The terminal is ours again: paint. */
  readonly onResume: () => void
  /** What to say about a failure, after the terminal was given back. */
  readonly describe: (error: unknown) => string
}

export function createGuard(device: TerminalDevice, hooks: GuardHooks): Guard {
  let entered = false
  let ended = false
  const enter = (): void => {
    if (entered) return
    entered = true
    device.setRawMode(true)
    device.writeNow(ENTER)
  }
  const leave = (): void => {
    if (!entered) return
    entered = false
    device.writeNow(LEAVE)
    device.setRawMode(false)
  }
  const end = (): void => {
    leave()
    if (ended) return
    ended = true
    hooks.onEnd()
  }
  device.life.onEnd(end)
  device.life.onFailure((error) => {
    end()
    device.writeNow(hooks.describe(error))
    device.life.exit(70)
  })
  device.life.onSuspend(leave, () => {
    enter()
    hooks.onResume()
  })
  return {
    enter,
    leave,
    get entered() {
      return entered
    },
  }
}
