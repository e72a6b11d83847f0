/** The course map. */
import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import type { ReactNode } from 'react'
import type { Action } from '../state/actions.ts'
import { homeItems } from '../state/home-items.ts'
import type { AppState } from '../state/model.ts'
import { homeAbout, homeColumns, homeIntro, homeItemLine } from '../text/home-lines.ts'
import { Lines } from './lines.tsx'

interface Row {
  readonly label: string
  readonly value: number
  readonly key: string
}

const Nothing = (): null => null

export function Home({
  state,
  dispatch,
}: {
  state: AppState
  dispatch: (action: Action) => void
}): ReactNode {
  const items = homeItems(state)
  const rows: Row[] = items.map((item, value) => ({ label: item.title, value, key: item.key }))
  const Item = ({ value = 0, isSelected = false }: Partial<Row> & { isSelected?: boolean }): ReactNode => (
    <Lines lines={[homeItemLine(state, items[value]!, value, isSelected)]} columns={homeColumns(state)} />
  )
  return (
    <Box flexDirection="column">
      <Lines lines={homeIntro(state)} columns={homeColumns(state)} />
      <SelectInput
        items={rows}
        initialIndex={state.selected}
        isFocused={!state.help && state.confirm === null}
        indicatorComponent={Nothing}
        itemComponent={Item as never}
        onHighlight={({ value }) => dispatch({ kind: 'highlight', index: value })}
        onSelect={({ value }) => dispatch({ kind: 'choose', index: value })}
      />
      <Lines lines={homeAbout(state)} columns={homeColumns(state)} />
    </Box>
  )
}
