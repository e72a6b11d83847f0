/** The course map. */
import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import type { ReactNode } from 'react'
import type { Action } from '../state/actions.ts'
import { homeItems } from '../state/home-items.ts'
import type { AppState } from '../state/model.ts'
import { homeAbout, homeColumns, homeIntro, homeItemLine, homeListRows } from '../text/home-lines.ts'
import type { Line } from '../text/line.ts'
import { Lines } from './lines.tsx'
import { Item, type ListItem, NoIndicator } from './list-item.tsx'

export function Home({
  state,
  dispatch,
}: {
  state: AppState
  dispatch: (action: Action) => void
}): ReactNode {
  const items = homeItems(state)
  const columns = homeColumns(state)
  const rows = items.map((item, value): ListItem => {
    const look = (isSelected: boolean): Line[] => [homeItemLine(state, item, value, isSelected)]
    return { label: item.title, value, key: item.key, plain: look(false), chosen: look(true), columns }
  })
  return (
    <Box flexDirection="column">
      <Lines lines={homeIntro(state)} columns={homeColumns(state)} />
      <SelectInput
        items={rows}
        initialIndex={state.selected}
        limit={homeListRows(state)}
        isFocused={!state.help && state.confirm === null}
        indicatorComponent={NoIndicator}
        itemComponent={Item}
        onHighlight={({ value }) => dispatch({ kind: 'highlight', index: value })}
        onSelect={({ value }) => dispatch({ kind: 'choose', index: value })}
      />
      <Lines lines={homeAbout(state)} columns={homeColumns(state)} />
    </Box>
  )
}
