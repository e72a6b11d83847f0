/** Which pane stands where: beside each other where there is room, below each other or in turn where there is not. */
import type { Size } from './ports.ts'
import type { Rect } from './screen/grid.ts'
import type { AppState } from './state/model.ts'
import { isTooSmall } from './state/model.ts'

/** From so many columns on, the panes stand side by side. */
export const SIDE_BY_SIDE = 100
const STACKED_ROWS = 40
/** From so many on, the pane that explains the world has a place of its own. */
const THREE_COLUMNS = 160
const SIDE_COLUMNS = 62

export type Arrangement = 'beside' | 'stacked' | 'in-turn'

export interface Layout {
  readonly arrangement: Arrangement
  /** Between the two rules. */
  readonly body: Rect
  readonly main: Rect | null
  readonly shell: Rect | null
  /** The pane that explains the world; it stands where the lesson stands where there is no room for both. */
  readonly side: Rect | null
}

export function arrangementOf({ columns, rows }: Size): Arrangement {
  if (columns >= SIDE_BY_SIDE) return 'beside'
  return rows >= STACKED_ROWS ? 'stacked' : 'in-turn'
}

/** Title and rule above the body, rule and keys below it. */
export function layoutOf(state: AppState): Layout {
  const { columns, rows } = state.size
  const body: Rect = { x: 0, y: 2, columns, rows: Math.max(1, rows - 4) }
  const arrangement = arrangementOf(state.size)
  const base = { arrangement, body, side: null }
  if (isTooSmall(state.size) || state.help) return { ...base, main: body, shell: null }
  if (state.screen === 'sandbox' && state.side === null)
    return { ...base, main: null, shell: { ...body, x: 1, columns: columns - 2 } }
  if (state.screen === 'quiz' && state.quiz?.shell === true && state.quiz.outcome === null)
    return { ...base, ...lessonPanes(state, arrangement, body) }
  if (state.screen !== 'lesson' && state.screen !== 'sandbox') return { ...base, main: body, shell: null }
  const panes = lessonPanes(state, arrangement, body)
  if (state.side === null) return { ...base, ...panes }
  if (columns < THREE_COLUMNS || state.screen === 'sandbox' || panes.shell === null)
    return { ...base, main: null, shell: panes.shell, side: panes.main }
  const shell = { ...panes.shell, columns: panes.shell.columns - SIDE_COLUMNS - 1 }
  const side = { ...body, x: columns - SIDE_COLUMNS, columns: SIDE_COLUMNS }
  return { ...base, main: panes.main, shell, side }
}

function lessonPanes(
  state: AppState,
  arrangement: Arrangement,
  body: Rect,
): { main: Rect | null; shell: Rect | null } {
  if (arrangement === 'beside') {
    const main = Math.min(76, Math.max(44, Math.round(body.columns * 0.4)))
    return {
      main: { ...body, columns: main },
      shell: { ...body, x: main + 2, columns: body.columns - main - 3 },
    }
  }
  if (arrangement === 'stacked') {
    const top = Math.floor(body.rows / 2)
    const below = { x: 1, y: body.y + top + 1, columns: body.columns - 2, rows: body.rows - top - 1 }
    return { main: { ...body, rows: top }, shell: below }
  }
  if (state.focus === 'main') return { main: body, shell: null }
  // The last row says what is to be done.
  return { main: null, shell: { ...body, x: 1, columns: body.columns - 2, rows: body.rows - 1 } }
}

/** The size that the shell has, also while it is out of sight. */
export function shellSize(state: AppState): Size {
  const { shell } = layoutOf({ ...state, help: false, focus: 'shell' })
  return { columns: Math.max(20, shell?.columns ?? 78), rows: Math.max(5, shell?.rows ?? 20) }
}

/** Columns for prose in the lesson pane: a margin on both sides, and not more than reads well. */
export function proseWidth(state: AppState): number {
  const { main } = layoutOf({ ...state, help: false, focus: 'main', side: null })
  return Math.max(20, Math.min(84, (main?.columns ?? state.size.columns) - 4))
}
