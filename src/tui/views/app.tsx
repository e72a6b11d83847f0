/** The whole screen: title, body, keys. */
import { Box } from 'ink'
import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { layoutOf } from '../layout.ts'
import type { Action } from '../state/actions.ts'
import { type AppState, isTooSmall } from '../state/model.ts'
import type { Store } from '../state/store.ts'
import { bottomRule, statusLine, titleLine, tooSmallLines, topRule } from '../text/chrome-lines.ts'
import { helpLines } from '../text/help-lines.ts'
import { Home } from './home.tsx'
import { Lesson } from './lesson.tsx'
import { Lines } from './lines.tsx'
import { Quiz } from './quiz.tsx'

/** `onCommit`: what was changed is drawn, and the lists listen with their new state. */
export function App({ store, onCommit }: { store: Store; onCommit: () => void }): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.state)
  useEffect(onCommit)
  return <Screen state={state} dispatch={store.dispatch} />
}

export function Screen({
  state,
  dispatch,
}: {
  state: AppState
  dispatch: (action: Action) => void
}): ReactNode {
  const { columns, rows } = state.size
  if (isTooSmall(state.size)) return <Lines lines={tooSmallLines(state)} columns={columns} rows={rows} />
  const { body } = layoutOf(state)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Lines lines={[titleLine(state), topRule(state)]} columns={columns} />
      <Box width={columns} height={body.rows} flexShrink={0} overflow="hidden">
        <Body state={state} dispatch={dispatch} />
      </Box>
      <Lines lines={[bottomRule(state), statusLine(state)]} columns={columns} />
    </Box>
  )
}

function Body({ state, dispatch }: { state: AppState; dispatch: (action: Action) => void }): ReactNode {
  const { body } = layoutOf(state)
  if (state.help)
    return <Lines lines={helpLines(body.columns, body.rows)} columns={body.columns} rows={body.rows} />
  switch (state.screen) {
    case 'home':
      return <Home state={state} dispatch={dispatch} />
    case 'lesson':
      return <Lesson state={state} dispatch={dispatch} />
    case 'quiz':
      return <Quiz state={state} dispatch={dispatch} />
    case 'sandbox':
      return state.side === null ? null : <Lesson state={state} dispatch={dispatch} />
  }
}
