/** What the shell pane needs of a line editor: keys in, what to do with the line out. It draws by itself. */
import type { Size } from '../ports.ts'
import type { InputEvent } from '../screen/decoder.ts'

export type LineResult =
  | { readonly kind: 'more' }
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-C, Ctrl-D on an empty line. */
  | { readonly kind: 'interrupt' | 'end' }

export interface LineInput {
  key(event: InputEvent): LineResult
  /** The terminal has another size. */
  resize(size: Size): void
}
