/** Holds the state: reduces actions one after another and hands the effects on. */
import type { Action, Effect } from './actions.ts'
import type { AppState } from './model.ts'
import { reduce } from './reduce.ts'

export interface Store {
  readonly state: () => AppState
  readonly dispatch: (action: Action) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function createStore(initial: AppState, perform: (effect: Effect) => void): Store {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    state: () => state,
    dispatch(action) {
      const [next, effects] = reduce(state, action)
      const changed = next !== state
      state = next
      if (changed) for (const listener of listeners) listener()
      for (const effect of effects) perform(effect)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
