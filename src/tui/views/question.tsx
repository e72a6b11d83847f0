/** A question: a list to choose from, or a field to type in; then what the answer was worth. */
import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import type { ReactNode } from 'react'
import type { Action } from '../state/actions.ts'
import { choicesOf, type QuestionState } from '../state/model.ts'
import type { Line } from '../text/line.ts'
import { askLines, choiceLines, resultLines, typedLines, windowed } from '../text/question-lines.ts'
import { Lines } from './lines.tsx'
import { Item, type ListItem, NoIndicator } from './list-item.tsx'

interface Props {
  readonly question: QuestionState
  readonly columns: number
  readonly rows: number
  readonly focused: boolean
  readonly dispatch: (action: Action) => void
}

export function Question({ question, columns, rows, focused, dispatch }: Props): ReactNode {
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {question.result === null ? (
        <>
          <Lines lines={askLines(question, columns, rows)} columns={columns} />
          <Form question={question} columns={columns} focused={focused} dispatch={dispatch} />
        </>
      ) : (
        <Lines lines={windowed(resultLines(question, columns), rows, question.scroll)} columns={columns} />
      )}
    </Box>
  )
}

function Form({ question, columns, focused, dispatch }: Omit<Props, 'rows'>): ReactNode {
  const { form } = question
  const choices = choicesOf(form)
  if (choices.length === 0) return <Lines lines={typedLines(question, columns)} columns={columns} />
  const items = choices.map((label, value): ListItem => {
    const look = (isSelected: boolean): Line[] => choiceLines(question, value, isSelected, columns)
    return { label, value, key: String(value), plain: look(false), chosen: look(true), columns }
  })
  return (
    <SelectInput
      items={items}
      initialIndex={question.highlighted}
      isFocused={focused && !question.waiting}
      indicatorComponent={NoIndicator}
      itemComponent={Item}
      onHighlight={({ value }) => dispatch({ kind: 'highlight', index: value })}
      onSelect={({ value }) => dispatch({ kind: 'choose', index: value })}
    />
  )
}
