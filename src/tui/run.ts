/** Joins state, effects, Ink, the shell pane and the compositor; runs until the learner quits. */
import { render } from 'ink'
import { createElement } from 'react'
import type { Booted } from './boot.ts'
import { createEffects, type Effects } from './effects.ts'
import { layoutOf, shellSize } from './layout.ts'
import type { InputEvent } from './screen/decoder.ts'
import { createInkStreams } from './screen/ink-streams.ts'
import { createKeyQueue } from './screen/key-queue.ts'
import { createShellPane } from './screen/shell-pane.ts'
import { destinationOf } from './state/keys-to-actions.ts'
import type { AppState } from './state/model.ts'
import { createStore } from './state/store.ts'
import { App } from './views/app.tsx'

/** While a window is being dragged, sizes come faster than they can be drawn. */
const RESIZE_MS = 30

export function run({ options, state: first, compositor, guard, takeKeys, onEnd }: Booted): void {
  const { device } = options
  const pane = createShellPane(shellSize(first), () => compositor.paneChanged())
  const load = once(options.loadTutor)
  const store = createStore(first, (effect) => effects.perform(effect))
  const effects: Effects = createEffects({
    tutor: load,
    progress: options.progress,
    snapshots: options.snapshots,
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

  const streams = createInkStreams(
    () => store.state().size.columns,
    () => store.state().size.rows,
    (frame) => compositor.setChrome(frame),
  )
  const place = (state: AppState): void => {
    const { shell } = layoutOf(state)
    compositor.setPane(
      shell === null ? null : pane.at(shell, state.focus === 'shell' && state.confirm === null),
    )
    effects.resized()
  }
  const keys = createKeyQueue((event: InputEvent): boolean => {
    const before = store.state()
    const destination = destinationOf(before, event)
    if (destination.to === 'reduce') store.dispatch(destination.action)
    else if (destination.to === 'list') streams.key(destination.text)
    else if (destination.to === 'shell') effects.input(destination.event)
    // A list that an action brings up hears nothing before it is drawn.
    return destination.to === 'list' || store.state() !== before
  })
  store.subscribe(() => place(store.state()))
  place(first)
  render(createElement(App, { store, onCommit: () => keys.settled() }), {
    stdin: streams.stdin,
    stdout: streams.stdout,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  })

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
  // The course is loaded while the learner reads the map.
  else setTimeout(() => void load().catch(() => {}), 50)
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
