/** The lesson pane; the shell pane beside it is left blank here, the compositor paints it. */
import { Box } from 'ink'
import type { ReactNode } from 'react'
import { layoutOf } from '../layout.ts'
import type { Action } from '../state/actions.ts'
import type { AppState } from '../state/model.ts'
import { dividerColumn } from '../text/chrome-lines.ts'
import { documentLines, documentRows, taskLines, taskStrip } from '../text/lesson-lines.ts'
import type { Line } from '../text/line.ts'
import { Lines } from './lines.tsx'
import { Question } from './question.tsx'
import { Side } from './side.tsx'

export function Lesson({
  state,
  dispatch,
}: {
  state: AppState
  dispatch: (action: Action) => void
}): ReactNode {
  const { arrangement, body, main, shell, side } = layoutOf(state)
  // Where there is no room for both, the pane that explains stands in the lesson's place.
  const pane =
    main !== null ? (
      <Pane state={state} columns={main.columns} rows={main.rows} dispatch={dispatch} />
    ) : (
      <Side state={state} />
    )
  if (main === null && side === null) return <OutOfSight state={state} rows={body.rows} />
  if (shell === null) return pane
  if (arrangement === 'stacked') {
    const rule: Line = [{ text: `── Shell ${'─'.repeat(Math.max(0, body.columns - 9))}`, tone: 'dim' }]
    return (
      <Box flexDirection="column">
        {pane}
        <Lines lines={[rule]} columns={body.columns} />
      </Box>
    )
  }
  // Where the rule above the tasks meets it.
  const junction = state.lesson?.question == null && taskLines(state).length > 0 ? documentRows(state) : -1
  const divider = Array.from(
    { length: body.rows },
    (_, y): Line => [{ text: y === junction && main !== null ? '┤' : '│', tone: 'dim' }],
  )
  return (
    <Box>
      {pane}
      {dividerColumn(state) === null ? null : <Lines lines={divider} columns={1} rows={body.rows} />}
      {main === null || side === null ? null : <Third state={state} rows={body.rows} />}
    </Box>
  )
}

/** Right of the shell, which the compositor paints. */
function Third({ state, rows }: { state: AppState; rows: number }): ReactNode {
  const { shell } = layoutOf(state)
  const divider = Array.from({ length: rows }, (): Line => [{ text: '│', tone: 'dim' }])
  return (
    <>
      <Box width={(shell?.columns ?? 0) + 1} flexShrink={0} />
      <Lines lines={divider} columns={1} rows={rows} />
      <Side state={state} />
    </>
  )
}

function Pane(props: {
  state: AppState
  columns: number
  rows: number
  dispatch: (action: Action) => void
}): ReactNode {
  const { state, columns, rows, dispatch } = props
  const question = state.lesson?.question ?? null
  if (question !== null) {
    const focused = state.focus === 'main' && state.confirm === null
    return (
      <Question question={question} columns={columns} rows={rows} focused={focused} dispatch={dispatch} />
    )
  }
  return (
    <Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
      <Lines lines={documentLines(state)} columns={columns} rows={documentRows(state)} />
      <Lines lines={taskLines(state)} columns={columns} />
    </Box>
  )
}

function OutOfSight({ state, rows }: { state: AppState; rows: number }): ReactNode {
  return (
    <Box flexDirection="column">
      <Box height={rows - 1} flexShrink={0} />
      <Lines lines={[taskStrip(state)]} columns={state.size.columns} />
    </Box>
  )
}
