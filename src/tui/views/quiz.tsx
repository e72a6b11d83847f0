/** The quiz: its menu, one question at a time (beside a shell where it has one), then the result. */
import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import type { ReactNode } from 'react'
import { layoutOf } from '../layout.ts'
import type { Action } from '../state/actions.ts'
import type { AppState, QuizState } from '../state/model.ts'
import { quizMenuItems } from '../state/quiz-menu.ts'
import { dividerColumn } from '../text/chrome-lines.ts'
import { inline, type Line } from '../text/line.ts'
import { quizColumns, windowed, windowRows } from '../text/question-lines.ts'
import { menuAbout, menuIntro, menuItemLine, resultDocument, scoreLine } from '../text/quiz-lines.ts'
import { Lines } from './lines.tsx'
import { Item, type ListItem, NoIndicator } from './list-item.tsx'
import { Question } from './question.tsx'

interface Props {
  readonly state: AppState
  readonly dispatch: (action: Action) => void
}

export function Quiz({ state, dispatch }: Props): ReactNode {
  const { arrangement, body, main, shell } = layoutOf(state)
  const columns = quizColumns(state)
  const { quiz } = state
  if (quiz === null) return null
  if (quiz.menu !== null) return <Menu state={state} quiz={quiz} dispatch={dispatch} />
  if (quiz.outcome !== null) {
    const lines = windowed(resultDocument(state), windowRows(state), quiz.scroll)
    return <Lines lines={lines} columns={columns} rows={body.rows} />
  }
  if (quiz.asked === null) return null
  if (main === null) return <OutOfSight state={state} rows={body.rows} />
  const pane = <Asked state={state} quiz={quiz} columns={columns} rows={main.rows} dispatch={dispatch} />
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
  const divider = Array.from({ length: body.rows }, (): Line => [{ text: '│', tone: 'dim' }])
  return (
    <Box>
      {pane}
      {dividerColumn(state) === null ? null : <Lines lines={divider} columns={1} rows={body.rows} />}
    </Box>
  )
}

function Asked({
  state,
  quiz,
  columns,
  rows,
  dispatch,
}: Props & { readonly quiz: QuizState; readonly columns: number; readonly rows: number }): ReactNode {
  const { question, asked } = quiz
  if (asked === null) return null
  const focused = !state.help && state.focus === 'main' && state.confirm === null
  return (
    <Box flexDirection="column" height={rows} flexShrink={0}>
      <Lines lines={[scoreLine(quiz)]} columns={columns} />
      <Question
        key={`${question?.number ?? 0} ${quiz.right + quiz.wrong}`}
        question={asked}
        columns={columns}
        rows={rows - 1}
        focused={focused}
        dispatch={dispatch}
      />
    </Box>
  )
}

function Menu({ state, quiz, dispatch }: Props & { readonly quiz: QuizState }): ReactNode {
  const columns = quizColumns(state)
  const rows = quizMenuItems(quiz.menu!).map((item, value): ListItem => {
    const look = (isSelected: boolean): Line[] => [menuItemLine(item, value, isSelected, columns)]
    return { label: item.title, value, key: item.key, plain: look(false), chosen: look(true), columns }
  })
  return (
    <Box flexDirection="column">
      <Lines lines={menuIntro(columns)} columns={columns} />
      <SelectInput
        items={rows}
        initialIndex={quiz.selected}
        isFocused={!state.help}
        indicatorComponent={NoIndicator}
        itemComponent={Item}
        onHighlight={({ value }) => dispatch({ kind: 'highlight', index: value })}
        onSelect={({ value }) => dispatch({ kind: 'choose', index: value })}
      />
      <Lines lines={menuAbout(quiz, columns)} columns={columns} />
    </Box>
  )
}

/** One row under the shell, where the question is out of sight. */
function OutOfSight({ state, rows }: { state: AppState; rows: number }): ReactNode {
  const ask: Line = [
    { text: ' ▸  ', tone: 'accent' },
    ...inline(state.quiz?.asked?.ask.trim().replace(/\s+/g, ' ') ?? ''),
  ]
  return (
    <Box flexDirection="column">
      <Box height={rows - 1} flexShrink={0} />
      <Lines lines={[ask]} columns={state.size.columns} />
    </Box>
  )
}
