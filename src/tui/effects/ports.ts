/** What the effects need, and what they offer. */

import type { Marks } from '../../course/progress.ts'
import type { Reviews } from '../../course/reviews.ts'
import type { Tutor } from '../ports.ts'
import type { InputEvent } from '../screen/decoder.ts'
import type { ShellPane } from '../screen/shell-pane.ts'
import type { Action, Effect } from '../state/actions.ts'
import type { AppState } from '../state/model.ts'

export interface ProgressPort {
  marks(): Marks
  /** What was answered in the quiz. */
  reviews(): Reviews
  record(event: { readonly kind: string; readonly [field: string]: unknown }): void
}

export interface SnapshotPort {
  load(name: string): string | null
  save(name: string, text: string): void
  remove(name: string): void
}

export interface EffectsPorts {
  readonly tutor: () => Promise<Tutor>
  readonly progress: ProgressPort
  readonly snapshots: SnapshotPort
  readonly pane: ShellPane
  /** Writes what the learner asked for; says where it is. */
  readonly writeFile: (name: string, text: string) => string
  readonly quit: () => void
  readonly suspend: () => void
  readonly state: () => AppState
  readonly dispatch: (action: Action) => void
}

export interface Effects {
  perform(effect: Effect): void
  /** Keys for the shell; those that come before it stands wait for it. */
  input(event: InputEvent): void
  resized(): void
  /** Saves at once what is open; for the way out. */
  saveNow(): void
}
