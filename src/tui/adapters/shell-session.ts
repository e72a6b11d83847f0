/**
 * A session on the screen: its output into the emulator, keys into the line editor or the terminal, and its clock in
 * step with the wall clock.
 */
import type { Session } from '../../session/session.ts'
import type { SessionListener, ShellScreen, ShellSession, Size } from '../ports.ts'
import { createDecoder, type InputEvent } from '../screen/decoder.ts'
import type { LineInput } from './line-input.ts'

export interface DrivenSession extends Omit<ShellSession, 'look'> {
  /** Runs work in the session's world while its clock stands still; one after another. */
  exclusive<T>(work: () => Promise<T>): Promise<T>
}

export interface DriveOptions {
  readonly session: Session
  readonly screen: ShellScreen
  readonly listener: SessionListener
  readonly size: Size
  readonly newLine: (session: Session, write: (text: string) => void, size: Size) => LineInput
  /** What was on the screen when the session was saved; null: it is new. */
  readonly savedScreen: string | null
  /** What is to be saved besides. */
  readonly head: () => Readonly<Record<string, unknown>>
  /** How much faster than the wall clock the world's runs; 1 where nothing is said. */
  readonly speed?: number
}

/** While something runs; between keys, when nothing does. */
const RUNNING_MS = 12
const RESTING_MS = 120
/** A machine that slept does not make up for it. */
const LONGEST_STEP_MS = 1_000
/** Output is shown while a busy program keeps the clock from going on. */
const LOOK_MS = 16
/** A line that runs longer may read what is typed. */
const HOLD_MS = 150
/** So much may wait for the emulator before more is taken. */
const MOST_PENDING = 1 << 17

export function driveSession(options: DriveOptions): DrivenSession {
  const { session, screen, listener } = options
  let { size } = options
  let line: LineInput | null = null
  let closed = false
  let ended = false
  let last = performance.now()
  let turn: Promise<unknown> = Promise.resolve()
  let wake: (() => void) | null = null
  /** What is typed while a prompt is about to come; null while a program runs that may want it. */
  let early: InputEvent[] | null = []
  let holdTimer: ReturnType<typeof setTimeout> | null = null

  const write = (text: string): void => {
    if (!closed && text !== '') screen.write(text)
  }
  const stopListening = session.onOutput((text) => write(text.replace(/\r?\n/g, '\r\n')))

  session.mayShow = () => screen.pending() < MOST_PENDING

  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work)
    turn = next.catch(() => {})
    return next
  }

  /** One step of the clock. */
  const step = async (): Promise<void> => {
    const now = performance.now()
    const elapsed = Math.min(now - last, LONGEST_STEP_MS)
    last = now
    const look = setInterval(() => {
      if (session.mayShow()) session.output()
    }, LOOK_MS)
    try {
      await session.advance(
        Math.round(elapsed * 1000 * (options.speed ?? 1)),
        () => line === null && session.isAtPrompt,
      )
    } finally {
      clearInterval(look)
    }
    // What was printed stands before the prompt.
    if (session.mayShow() || session.isAtPrompt || session.hasEnded) session.output()
  }

  const beginLine = (): void => {
    if (line !== null || !session.isAtPrompt || closed) return
    line = options.newLine(session, write, size)
    listener.onPrompt()
    const typed = [...typedAhead(session), ...(early ?? [])]
    early = null
    if (holdTimer !== null) clearTimeout(holdTimer)
    for (const event of typed) input(event)
  }

  /** Most lines are done in a moment: what is typed meanwhile belongs to the next one. */
  const hold = (): void => {
    line = null
    early = []
    if (holdTimer !== null) clearTimeout(holdTimer)
    holdTimer = setTimeout(release, HOLD_MS)
  }

  const release = (): void => {
    const events = early ?? []
    early = null
    for (const event of events) toTerminal(event.text)
  }

  const loop = async (): Promise<void> => {
    await exclusive(step)
    if (options.savedScreen !== null) write(options.savedScreen + session.prompt())
    for (;;) {
      beginLine()
      if (session.hasEnded && !ended) {
        ended = true
        if (!closed) listener.onEnd()
      }
      if (closed || ended) return
      await pause(session.isAtPrompt ? RESTING_MS : RUNNING_MS)
      if (!closed) await exclusive(step)
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const submit = (text: string): void => {
    listener.onLine?.()
    hold()
    session.submit(text, false)
    wake?.()
  }

  const toTerminal = (text: string): void => {
    session.type(text)
    session.output()
    wake?.()
  }

  const input = (event: InputEvent): void => {
    if (closed || ended) return
    if (line === null && early !== null) {
      if (event.kind === 'key' && event.name === 'ctrl+c') release()
      else {
        early.push(event)
        return
      }
    }
    if (line === null) return toTerminal(event.text)
    const result = line.key(event)
    if (result.kind === 'line') submit(result.text)
    else if (result.kind === 'interrupt' || result.kind === 'end') {
      hold()
      toTerminal(result.kind === 'interrupt' ? '\u0003' : '\u0004')
    }
  }

  void loop()

  return {
    exclusive,
    input,
    resize(next) {
      size = next
      session.resize(next.columns, next.rows)
      line?.resize(next)
    },
    snapshot() {
      const text = line === null ? null : session.serialize()
      return text === null
        ? null
        : `${JSON.stringify({ ...options.head(), screen: withoutPrompt(screen.serialize()) })}\n${text}`
    },
    close() {
      closed = true
      if (holdTimer !== null) clearTimeout(holdTimer)
      stopListening()
      session.scheduler.abandon()
      wake?.()
    },
  }
}

/** The beginning of a line, typed while a program ran that did not read it: the editor takes it over. */
function typedAhead(session: Session): InputEvent[] {
  const process = session.current?.process
  if (process === undefined || process.terminal === null) return []
  const terminal = session.system.kernelOf(process).terminals.get(process.terminal)
  if (terminal === undefined || terminal.input === '') return []
  const decoder = createDecoder()
  const events = [...decoder.push(new TextEncoder().encode(terminal.input)), ...decoder.flush()]
  terminal.input = ''
  return events
}

/** The line at which the prompt stands is drawn anew. */
function withoutPrompt(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

/** The parts of what `snapshot` gave. Throws for anything else. */
export function splitSaved(text: string): { head: Record<string, unknown>; screen: string; session: string } {
  const end = text.indexOf('\n')
  const head = JSON.parse(text.slice(0, end)) as Record<string, unknown>
  const { screen } = head
  if (typeof screen !== 'string') throw new SyntaxError('not a saved session')
  return { head, screen, session: text.slice(end + 1) }
}
