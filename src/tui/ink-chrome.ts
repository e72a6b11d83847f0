/** Ink draws the chrome: the screen's rows without the shell pane, handed to the compositor as frames. */
import { render } from 'ink'
import { createElement } from 'react'
import { createInkStreams, type InkStreams } from './screen/ink-streams.ts'
import type { Store } from './state/store.ts'
import { App } from './views/app.tsx'

export function mountInk(store: Store, onFrame: (frame: string) => void, onCommit: () => void): InkStreams {
  const streams = createInkStreams(
    () => store.state().size.columns,
    () => store.state().size.rows,
    onFrame,
  )
  render(createElement(App, { store, onCommit }), {
    stdin: streams.stdin,
    stdout: streams.stdout,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  })
  return streams
}
