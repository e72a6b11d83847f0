/**
 * Takes the terminal and paints the first frame with as little code as possible; Ink, the emulator, the world and the
 * lessons are loaded after it. Keys that come meanwhile wait.
 */

import type { LessonHead } from '../course/lesson-head.ts'
import { nextLesson } from '../course/progress.ts'
import type { ProgressPort, SnapshotPort } from './effects.ts'
import { firstFrame } from './first-frame.ts'
import type { Size, TerminalDevice, Tutor } from './ports.ts'
import { type Compositor, createCompositor } from './screen/compositor.ts'
import { createDecoder, type InputEvent } from './screen/decoder.ts'
import { createGuard, type Guard } from './screen/guard.ts'
import type { Action } from './state/actions.ts'
import { type AppState, initialState, isTooSmall, LEAST } from './state/model.ts'
import { reduce } from './state/reduce.ts'

export interface BootOptions {
  readonly device: TerminalDevice
  readonly lessons: readonly LessonHead[]
  readonly progress: ProgressPort
  readonly snapshots: SnapshotPort
  readonly writeFile: (name: string, text: string) => string
  /** What to open; null: the course map. */
  readonly open: Action | null
  /** Something to say at once: a damaged file was moved aside. */
  readonly notice: string | null
  readonly loadTutor: () => Promise<Tutor>
  readonly describe: (error: unknown) => string
}

/** What `run.ts` takes over. */
export interface Booted {
  readonly options: BootOptions
  readonly state: AppState
  readonly compositor: Compositor
  readonly guard: Guard
  /** Set once: whoever takes the keys from now on gets those that wait. */
  takeKeys(listener: (event: InputEvent) => void): void
  /** Called before the process is gone. */
  onEnd(listener: () => void): void
}

/** A key sequence is over when nothing follows for so long. */
const ESCAPE_MS = 30

/** What to say instead of opening in a window without room; null: there is room. */
export function refuseSmall(size: Size): string | null {
  if (!isTooSmall(size)) return null
  return (
    `this window has ${size.columns}×${size.rows} characters; the course needs ${LEAST.columns}×${LEAST.rows}. ` +
    "Enlarge it and start again, or use 'docker-net-tutor --linear'."
  )
}

/** Resolves when everything stands. */
export async function boot(options: BootOptions): Promise<void> {
  const { device, lessons, progress } = options
  const size = device.size()
  const marks = progress.marks()
  const next = nextLesson(marks, lessons)
  const fresh = initialState(size, lessons, marks, next === null ? 0 : lessons.indexOf(next))
  const { notice } = options
  const state: AppState = notice === null ? fresh : { ...fresh, notice: { tone: 'bad', text: notice } }
  let ending: () => void = () => {}
  const compositor = createCompositor(device, size)
  const guard = createGuard(device, {
    onEnd: () => {
      compositor.stop()
      ending()
    },
    onResume: () => compositor.invalidate(),
    describe: options.describe,
  })
  guard.enter()
  compositor.setChrome(firstFrame(options.open === null ? state : reduce(state, options.open)[0]))
  compositor.flush()
  const takeKeys = readKeys(device)
  const booted: Booted = {
    options,
    state,
    compositor,
    guard,
    takeKeys,
    onEnd(listener) {
      ending = listener
    },
  }
  const { run } = await import('./run.ts')
  run(booted)
}

function readKeys(device: TerminalDevice): Booted['takeKeys'] {
  const decoder = createDecoder()
  const waiting: InputEvent[] = []
  let listener: ((event: InputEvent) => void) | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const hand = (events: readonly InputEvent[]): void => {
    if (listener === null) waiting.push(...events)
    else for (const event of events) listener(event)
  }
  device.onInput((bytes) => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    hand(decoder.push(bytes))
    if (decoder.waiting()) timer = setTimeout(() => hand(decoder.flush()), ESCAPE_MS)
  })
  return (next) => {
    listener = next
    hand(waiting.splice(0))
  }
}
