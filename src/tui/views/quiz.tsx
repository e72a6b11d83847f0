/** The quiz: one question at a time, then what was right and what to repeat. */
import { Box } from 'ink'
import type { ReactNode } from 'react'
import { layoutOf } from '../layout.ts'
import type { Action } from '../state/actions.ts'
import type { AppState } from '../state/model.ts'
import { outcomeLines, scoreLine } from '../text/quiz-lines.ts'
import { Lines } from './lines.tsx'
import { Question } from './question.tsx'

export function Quiz({
  state,
  dispatch,
}: {
  state: AppState
  dispatch: (action: Action) => void
}): ReactNode {
  const { body } = layoutOf(state)
  const columns = Math.min(body.columns, 92)
  const { quiz } = state
  if (quiz === null) return null
  if (quiz.outcome !== null)
    return <Lines lines={outcomeLines(quiz.outcome, columns)} columns={columns} rows={body.rows} />
  if (quiz.asked === null) return null
  const key = quiz.question?.number ?? 0
  return (
    <Box flexDirection="column">
      <Lines lines={[scoreLine(quiz)]} columns={columns} />
      <Question
        key={key}
        question={quiz.asked}
        columns={columns}
        rows={body.rows - 1}
        focused={!state.help}
        dispatch={dispatch}
      />
    </Box>
  )
}
