/** The pane that explains the world. */
import type { ReactNode } from 'react'
import { layoutOf } from '../layout.ts'
import type { AppState } from '../state/model.ts'
import { sidePane } from '../text/side-lines.ts'
import { Lines } from './lines.tsx'

export function Side({ state }: { state: AppState }): ReactNode {
  const { side } = layoutOf(state)
  return side === null ? null : <Lines lines={sidePane(state)} columns={side.columns} rows={side.rows} />
}
