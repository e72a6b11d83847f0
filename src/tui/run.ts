/**
 * Joins state, effects, the shell pane, Ink and the compositor; runs until the learner quits. Ink is loaded when it is
 * needed: a shell that fills the screen is there before it.
 */
import type { Booted } from './boot.ts'
import { createEffects, type Effects } from './effects.ts'
import { firstFrame } from './first-frame.ts'
import { layoutOf, shellSize } from './layout.ts'
import type { InputEvent } from './screen/decoder.ts'
import type { InkStreams } from './screen/ink-streams.ts'
import { createKeyQueue, type Handled } from './screen/key-queue.ts'
import { createShellPane } from './screen/shell-pane.ts'
import { destinationOf } from './state/keys-to-actions.ts'
import type { AppState } from './state/model.ts'
import { createStore } from './state/store.ts'

/** While a window is being dragged, sizes come faster than they can be drawn. */
const RESIZE_MS = 30

/** By then the shell's prompt stands. */
const INK_LATER_MS = 400

export function run({ options, state: first, compositor, guard, takeKeys, onEnd }: Booted): void {
  const { device } = options
  const pane = createShellPane(shellSize(first), () => compositor.paneChanged())
  const load = once(options.loadTutor)
  const store = createStore(first, (effect) => effects.perform(effect))
  const effects: Effects = createEffects({
    tutor: load,
    progress: options.progress,
    snapshots: options.snapshots,
    writeFile: options.writeFile,
    pane,
    quit() {
      guard.leave()
      device.life.exit(0)
    },
    suspend: () => device.life.suspend(),
    state: store.state,
    dispatch: store.dispatch,
  })
  onEnd(() => effects.saveNow())

  const place = (state: AppState): void => {
    const { shell } = layoutOf(state)
    compositor.setPane(
      shell === null ? null : pane.at(shell, state.focus === 'shell' && state.confirm === null),
    )
    effects.resized()
  }
  let ink: InkStreams | null = null
  const keys = createKeyQueue((event: InputEvent): Handled => {
    const before = store.state()
    const destination = destinationOf(before, event)
    if (destination.to === 'shell') {
      effects.input(destination.event)
      return 'done'
    }
    if (ink === null) {
      startInk()
      return 'later'
    }
    if (destination.to === 'reduce') store.dispatch(destination.action)
    else if (destination.to === 'list') ink.key(destination.text)
    // A list that an action brings up hears nothing before it is drawn.
    return destination.to === 'list' || store.state() !== before ? 'wait' : 'done'
  })
  const startInk = once(async () => {
    const { mountInk } = await import('./ink-chrome.ts')
    ink = mountInk(store, compositor.setChrome, keys.settled)
    keys.settled()
  })
  store.subscribe(() => {
    place(store.state())
    if (ink === null) compositor.setChrome(firstFrame(store.state()))
  })
  place(first)
  const measure = (): void => {
    const size = device.size()
    const { size: known } = store.state()
    if (size.columns === known.columns && size.rows === known.rows) return
    compositor.resize(size)
    store.dispatch({ kind: 'resize', size })
    place(store.state())
  }
  let resizeTimer: ReturnType<typeof setTimeout> | null = null
  device.onResize(() => {
    if (resizeTimer !== null) clearTimeout(resizeTimer)
    resizeTimer = setTimeout(measure, RESIZE_MS)
  })
  // It may have changed while all this was loaded.
  measure()

  if (options.open !== null) store.dispatch(options.open)
  if (options.open?.kind === 'open-sandbox') setTimeout(startInk, INK_LATER_MS)
  else startInk()
  // The course is loaded while the learner reads the map.
  if (options.open === null)
    setTimeout(() => {
      effects.perform({ kind: 'count-due' })
      void load().catch(() => {})
    }, 50)
  takeKeys(keys.push)
}

/** Loads once; a failure is tried again the next time. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
}
