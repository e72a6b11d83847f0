/** The pane that explains the world: map, packet walk, glossary. Opened, closed, scrolled; looked at again at each prompt. */
import { arrangementOf } from '../layout.ts'
import type { SideKind } from '../ports.ts'
import { sideLines, sideRows } from '../text/side-lines.ts'
import type { Action, Effect } from './actions.ts'
import type { Step } from './go-home.ts'
import type { AppState, SideState } from './model.ts'

const LOOK: readonly Effect[] = [{ kind: 'look' }]

/** Null: it is not about the pane. */
export function reduceSide(state: AppState, action: Action): Step | null {
  const { side } = state
  if (action.kind === 'side') return side?.kind === action.pane ? closed(state) : opened(state, action.pane)
  if (side === null) return null
  switch (action.kind) {
    case 'side-text': {
      if (side.kind !== action.pane || side.text === action.text) return [state, []]
      return [scrolledTo({ ...state, side: { ...side, text: action.text } }, side.scroll), []]
    }
    case 'back':
      return closed(state)
    case 'scroll':
      return [scrolledTo(state, target(state, side, action.by)), []]
    case 'other-packet':
      return other(state, side, action.by)
    case 'type':
    case 'erase':
    case 'erase-all':
      return side.kind === 'glossary' && state.focus === 'main' ? typed(state, side, action) : null
    default:
      return null
  }
}

function opened(state: AppState, pane: SideKind): Step {
  const side: SideState = { kind: pane, text: '', scroll: 0, packet: null, word: '' }
  // Where only one pane fits, it is the one to be seen; what is typed goes to the glossary.
  const isSeen = arrangementOf(state.size) !== 'in-turn' && pane !== 'glossary'
  return [{ ...state, side, focus: isSeen ? state.focus : 'main', notice: null }, LOOK]
}

function closed(state: AppState): Step {
  return [{ ...state, side: null, focus: state.screen === 'sandbox' ? 'shell' : state.focus }, []]
}

function typed(state: AppState, side: SideState, action: Action): Step {
  const word =
    action.kind === 'type'
      ? (side.word + action.text).slice(0, 40)
      : action.kind === 'erase'
        ? [...side.word].slice(0, -1).join('')
        : ''
  return [{ ...state, side: { ...side, word, scroll: 0 } }, LOOK]
}

function other(state: AppState, side: SideState, by: number): Step {
  if (side.kind !== 'walk') return [state, []]
  const shown = Number(/^Packet (\d+):/m.exec(side.text)?.[1] ?? 1) - 1
  return [{ ...state, side: { ...side, packet: Math.max(0, shown + by), scroll: 0 } }, LOOK]
}

function target(state: AppState, side: SideState, by: (Action & { kind: 'scroll' })['by']): number {
  const page = Math.max(1, sideRows(state) - 2)
  return {
    'line-up': side.scroll - 1,
    'line-down': side.scroll + 1,
    'page-up': side.scroll - page,
    'page-down': side.scroll + page,
    top: 0,
    bottom: Number.MAX_SAFE_INTEGER,
  }[by]
}

function scrolledTo(state: AppState, scroll: number): AppState {
  const most = Math.max(0, sideLines(state).length - sideRows(state))
  return { ...state, side: { ...state.side!, scroll: Math.max(0, Math.min(scroll, most)) } }
}
